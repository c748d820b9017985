// memory_info() on real processes: this one, a child that shares our pages, and processes that
// cannot be read.
#include <ouro/base/memory_info.hpp>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>

namespace ouro {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{64} << 20;
// What else the process or the kernel may do meanwhile; sanitizers add shadow memory to each page
// we touch.
constexpr std::uint64_t kSlackBytes = std::uint64_t{4} << 20;
#ifdef OURO_SANITIZED
constexpr std::uint64_t kMaxBytesForABlock = 8 * kBlockBytes;
#else
constexpr std::uint64_t kMaxBytesForABlock = kBlockBytes + kSlackBytes;
#endif

// Private memory that is really there, given back by the destructor.
class TouchedBlock {
 public:
  TouchedBlock()
      : address_(::mmap(nullptr, kBlockBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                        -1, 0)) {
    std::memset(address_, 1, kBlockBytes);
  }
  TouchedBlock(const TouchedBlock&) = delete;
  TouchedBlock& operator=(const TouchedBlock&) = delete;
  ~TouchedBlock() { ::munmap(address_, kBlockBytes); }

 private:
  void* address_;
};

// A child process that runs `body`, then waits until it is killed by the destructor. What `body`
// returns comes back by a pipe, so that the parent knows the child is ready.
class Child {
 public:
  explicit Child(const std::function<std::string()>& body) {
    int ends[2];
    if (::pipe(ends) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) {
      const std::string answer = body() + "\n";
      (void)!::write(ends[1], answer.data(), answer.size());
      ::pause();
      ::_exit(0);
    }
    ::close(ends[1]);
    for (char byte = 0; ::read(ends[0], &byte, 1) == 1 && byte != '\n';) answer_ += byte;
    ::close(ends[0]);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  pid_t pid() const { return pid_; }
  const std::string& answer() const { return answer_; }

 private:
  pid_t pid_ = -1;
  std::string answer_;
};

TEST(MemoryInfo, TheNumbersOfThisProcessAreInOrder) {
  const MemoryInfo info = memory_info();
  EXPECT_GT(info.uss, 0u);
  EXPECT_LE(info.uss, info.pss);
  EXPECT_LE(info.pss, info.rss + kSlackBytes);
  EXPECT_LE(info.rss, info.vms);
  EXPECT_LE(info.rss, info.peak_rss);
  EXPECT_LE(info.shared, info.rss);
}

TEST(MemoryInfo, MemoryTakenAndGivenBackIsSeen) {
  const MemoryInfo before = memory_info();
  MemoryInfo during;
  {
    const TouchedBlock block;
    during = memory_info();
  }
  const MemoryInfo after = memory_info();
  EXPECT_GE(during.uss + kSlackBytes, before.uss + kBlockBytes);
  EXPECT_LE(during.uss, before.uss + kMaxBytesForABlock);
  EXPECT_GE(during.rss + kSlackBytes, before.rss + kBlockBytes);
  EXPECT_LE(after.uss + kBlockBytes, during.uss + kSlackBytes);
  EXPECT_GE(after.peak_rss + kSlackBytes, during.rss) << "the peak remembers";
}

// The block is mapped in parent and child: it is in both rss, in nobody's uss, and half in each
// pss.
TEST(MemoryInfo, PagesSharedWithAChildAreNoOnesOwn) {
  const TouchedBlock block;
  const MemoryInfo before = memory_info();
  const Child child([] { return std::string(); });
  const Result<MemoryInfo> of_child = memory_info(child.pid());
  const MemoryInfo after = memory_info();
  ASSERT_TRUE(of_child) << of_child.error().to_string();
  EXPECT_GE(of_child->rss + kSlackBytes, kBlockBytes);
  EXPECT_LT(of_child->uss, kBlockBytes / 2);
  EXPECT_GE(of_child->pss + kSlackBytes, kBlockBytes / 2);
  EXPECT_LE(after.uss + kBlockBytes, before.uss + kSlackBytes);
}

TEST(MemoryInfo, AProcessThatDoesNotExistIsNamed) {
  // Above the highest pid_max Linux allows (4194304).
  const Result<MemoryInfo> info = memory_info(1'073'741'823);
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(info.error().to_string(),
            "/proc/1073741823/statm: process 1073741823 does not exist (any more); `ps -e` lists "
            "those that do");
}

TEST(MemoryInfo, NumbersThatAreNoProcessIdAreNotFound) {
  for (const pid_t pid : {0, -1}) {
    const Result<MemoryInfo> info = memory_info(pid);
    ASSERT_FALSE(info);
    EXPECT_EQ(info.error().code, ErrorCode::kNotFound);
  }
}

TEST(MemoryInfo, AZombieIsNotFoundAndSaysWhy) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  siginfo_t ended;
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOWAIT), 0);
  const Result<MemoryInfo> info = memory_info(pid);
  ::waitpid(pid, nullptr, 0);
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::kNotFound);
  EXPECT_NE(info.error().message.find("waits for the parent"), std::string::npos);
}

TEST(MemoryInfo, AnotherUsersProcessIsRefusedWithAdvice) {
  if (::getuid() != 0) GTEST_SKIP() << "needs root, to become another user";
  const pid_t parent = ::getpid();
  const Child child([parent]() -> std::string {
    constexpr uid_t kNobody = 65534;
    if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) return "cannot become nobody";
    const Result<MemoryInfo> info = memory_info(parent);
    if (info) return "read it";
    const bool is_denied = info.error().code == ErrorCode::kPermissionDenied;
    return (is_denied ? "denied: " : "other: ") + info.error().message;
  });
  EXPECT_EQ(child.answer(), "denied: process " + std::to_string(parent) +
                                " may not be looked at: it belongs to another user, or has "
                                "forbidden it; run as its user or as root");
}

std::string output_of(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::string output;
  std::array<char, 256> chunk;
  while (pipe != nullptr && std::fgets(chunk.data(), chunk.size(), pipe) != nullptr) {
    output += chunk.data();
  }
  if (pipe != nullptr) ::pclose(pipe);
  return output;
}

TEST(MemoryInfo, AgreesWithPsutil) {
  const TouchedBlock block;
  const Child child([] { return std::string(); });
  const std::string script =
      " -c 'import psutil; m = psutil.Process(" + std::to_string(child.pid()) +
      ").memory_full_info(); print(m.rss, m.vms, m.shared, m.uss, m.pss, m.swap)' 2>/dev/null";
  std::string output;
  // The Python that configured the build, or the distribution's, which has the distribution's
  // psutil.
  for (const char* python : {OURO_PYTHON, "/usr/bin/python3"}) {
    if (output.empty()) output = output_of(python + script);
  }
  if (output.empty()) GTEST_SKIP() << "no Python with psutil (Debian: python3-psutil)";

  const Result<MemoryInfo> info = memory_info(child.pid());
  ASSERT_TRUE(info) << info.error().to_string();
  unsigned long long rss = 0, vms = 0, shared = 0, uss = 0, pss = 0, swap = 0;
  ASSERT_EQ(std::sscanf(output.c_str(), "%llu %llu %llu %llu %llu %llu", &rss, &vms, &shared, &uss,
                        &pss, &swap),
            6)
      << output;
  // The child sleeps; still its shared pages become its own as the parent writes to them.
  EXPECT_NEAR(static_cast<double>(info->rss), static_cast<double>(rss), double{kSlackBytes});
  EXPECT_EQ(info->vms, vms);
  EXPECT_NEAR(static_cast<double>(info->shared), static_cast<double>(shared), double{kSlackBytes});
  EXPECT_NEAR(static_cast<double>(info->uss), static_cast<double>(uss), double{kSlackBytes});
  EXPECT_NEAR(static_cast<double>(info->pss), static_cast<double>(pss), double{kSlackBytes});
  EXPECT_EQ(info->swap, swap);
}

}  // namespace
}  // namespace ouro
