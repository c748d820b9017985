// The parsers of /proc texts: right on what kernels write, kCorrupt on anything cut off or changed,
// never worse than that.
#include "base/proc_memory.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace ouro::detail {
namespace {

constexpr std::string_view kRollup =
    "5560d1ca7000-7ffd28b3a000 ---p 00000000 00:00 0                          [rollup]\n"
    "Rss:                1932 kB\n"
    "Pss:                 481 kB\n"
    "Pss_Dirty:           120 kB\n"
    "Shared_Clean:       1764 kB\n"
    "Private_Clean:        48 kB\n"
    "Private_Dirty:       120 kB\n"
    "AnonHugePages:         0 kB\n"
    "Private_Hugetlb:    2048 kB\n"
    "Swap:                  7 kB\n"
    "SwapPss:               3 kB\n"
    "Locked:                0 kB\n";

constexpr std::string_view kStatus =
    "Name:\tVmHWM:  1 kB\n"
    "State:\tS (sleeping)\n"
    "VmPeak:\t    3060 kB\n"
    "VmHWM:\t    1708 kB\n"
    "VmRSS:\t    1700 kB\n"
    "Threads:\t1\n";

TEST(ProcMemory, StatmIsCountedInPages) {
  MemoryInfo info;
  EXPECT_FALSE(parse_statm("732 483 453 6 0 89 0\n", "statm", 4096, info));
  EXPECT_EQ(info.vms, 732u * 4096);
  EXPECT_EQ(info.rss, 483u * 4096);
  EXPECT_EQ(info.shared, 453u * 4096);
}

TEST(ProcMemory, UssIsTheSumOfThePrivateLines) {
  MemoryInfo info;
  EXPECT_FALSE(parse_smaps(kRollup, "smaps_rollup", info));
  EXPECT_EQ(info.uss, (48u + 120 + 2048) * 1024);
  EXPECT_EQ(info.pss, 481u * 1024);
  EXPECT_EQ(info.swap, 7u * 1024);
}

TEST(ProcMemory, SmapsOfOldKernelsIsSummedOverItsMappings) {
  const std::string smaps =
      std::string(kRollup) +
      "00400000-00452000 r-xp 00000000 08:02 173521 /tmp/Private_Dirty: 9 kB\n" +
      "Pss:  19 kB\nPrivate_Clean:  2 kB\nSwap:   1 kB\nVmFlags: rd ex mr mw\n";
  MemoryInfo info;
  EXPECT_FALSE(parse_smaps(smaps, "smaps", info));
  EXPECT_EQ(info.uss, (48u + 120 + 2048 + 2) * 1024);
  EXPECT_EQ(info.pss, 500u * 1024);
  EXPECT_EQ(info.swap, 8u * 1024);
}

TEST(ProcMemory, AKernelThreadHasNoMappings) {
  MemoryInfo info;
  EXPECT_FALSE(parse_smaps("", "smaps", info));
  EXPECT_FALSE(parse_status("Name:\tkthreadd\nState:\tS (sleeping)\n", "status", info));
  EXPECT_EQ(info, MemoryInfo{});
}

TEST(ProcMemory, ThePeakIsVmHwmWhateverTheProcessIsCalled) {
  MemoryInfo info;
  EXPECT_FALSE(parse_status(kStatus, "status", info));
  EXPECT_EQ(info.peak_rss, 1708u * 1024);
}

TEST(ProcMemory, AZombieIsKnownByItsState) {
  EXPECT_FALSE(is_zombie(kStatus));
  EXPECT_TRUE(is_zombie("Name:\tsleep\nState:\tZ (zombie)\n"));
  EXPECT_FALSE(is_zombie(""));
}

TEST(ProcMemory, AnErrorNamesPlaceOffsetExpectedAndFound) {
  MemoryInfo info;
  std::optional<Error> error = parse_smaps("Pss:   x kB\n", "/proc/42/smaps_rollup", info);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, ErrorCode::kCorrupt);
  EXPECT_EQ(error->to_string(),
            "/proc/42/smaps_rollup: expected Pss in kB at offset 0, found \"   x kB\"");
}

TEST(ProcMemory, NumbersThatDoNotFitAreCorruptNotWrapped) {
  MemoryInfo info;
  EXPECT_TRUE(parse_statm("18446744073709551615 1 1\n", "statm", 4096, info));
  EXPECT_TRUE(parse_smaps("Pss: 18446744073709551616 kB\n", "smaps", info));
  const std::string_view almost = "Pss: 18014398509481983 kB\nPss: 18014398509481983 kB\n";
  EXPECT_TRUE(parse_smaps(almost, "smaps", info));
}

// A text that lost its end either ends at a line's end (nobody can know) or is refused.
TEST(ProcMemory, TextCutInsideALineIsCorrupt) {
  for (std::size_t length = 1; length < kRollup.size(); ++length) {
    const std::string_view text = kRollup.substr(0, length);
    MemoryInfo info;
    const bool has_pss = text.find("Pss:") != text.npos;
    EXPECT_EQ(parse_smaps(text, "smaps_rollup", info).has_value(), text.back() != '\n' || !has_pss)
        << "cut after " << length << " bytes";
  }
  for (std::size_t length = 0; length < std::string_view("732 483 453 ").size(); ++length) {
    MemoryInfo info;
    EXPECT_TRUE(parse_statm(std::string_view("732 483 453 ").substr(0, length), "statm", 1, info));
  }
}

// Without a sanitizer this finds hangs; under ASan and UBSan also reads past the end.
TEST(ProcMemory, ChangedBytesNeverDoMoreThanBeRefused) {
  const std::string_view texts[] = {kRollup, kStatus, "732 483 453 6 0 89 0\n"};
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    std::mt19937 random(seed);
    std::string text(texts[seed % 3]);
    for (std::uint32_t changes = 1 + random() % 8; changes > 0; --changes) {
      const std::size_t position = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[position] = static_cast<char>(random() % 256);
          break;
        case 1:
          text.erase(position, random() % 20);
          break;
        case 2:
          text.insert(position, std::string(text, random() % text.size(), 30));
          break;
      }
      if (text.empty()) text = "\n";
    }
    MemoryInfo info;
    for (const std::optional<Error>& error :
         {parse_statm(text, "statm", 4096, info), parse_status(text, "status", info),
          parse_smaps(text, "smaps", info)}) {
      EXPECT_TRUE(!error || error->code == ErrorCode::kCorrupt) << "seed " << seed << "\n" << text;
    }
    (void)is_zombie(text);
  }
}

}  // namespace
}  // namespace ouro::detail
