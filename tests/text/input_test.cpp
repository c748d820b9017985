#include "text/input.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "support/random.hpp"

namespace ouro::test {
namespace {

using text::BlockLimits;
using text::ByteSource;
using text::Input;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ouro_input_XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, const std::string& bytes) const {
    const std::string path = path_ + "/" + name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string gzip(const std::string& bytes) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(const std::string& bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 1));
  return out;
}

std::string read_all(Result<Input> input) {
  if (!input) return "error: " + input.error().to_string();
  std::string all;
  for (;;) {
    const Result<std::string_view> block = input->next();
    if (!block) return "error: " + block.error().to_string();
    if (block->empty()) return all;
    all += *block;
  }
}

std::string read_bytes(std::string bytes, BlockLimits limits = {}) {
  return read_all(Input::of_bytes("x", std::move(bytes), limits));
}

// Larger than a few blocks, and not the same everywhere.
std::string long_text() {
  Random random(1);
  std::string text;
  while (text.size() < 5 * ByteSource::kBlockBytes / 2) {
    text += std::to_string(random.below(100'000)) + " " + std::to_string(random.below(9)) + "\n";
  }
  return text;
}

TEST(GraphInput, ReadsAFileAsItIs) {
  const TemporaryFolder folder;
  const std::string text = long_text();
  EXPECT_EQ(read_all(Input::open(folder.write("edges", text))), text);
  EXPECT_EQ(read_all(Input::open(folder.write("empty", ""))), "");
}

TEST(GraphInput, RecognisesCompressionByTheBytesNotTheName) {
  const TemporaryFolder folder;
  const std::string text = long_text();
  EXPECT_EQ(read_all(Input::open(folder.write("a.zst", gzip(text)))), text);
  EXPECT_EQ(read_all(Input::open(folder.write("b.txt", zstd(text)))), text);
  EXPECT_EQ(read_all(Input::open(folder.write("c.gz", text))), text);
}

TEST(GraphInput, ReadsSeveralMembersAndFramesOneAfterTheOther) {
  EXPECT_EQ(read_bytes(gzip("a b\n") + gzip("") + gzip("b c\n")), "a b\nb c\n");
  EXPECT_EQ(read_bytes(zstd("a b\n") + zstd("") + zstd("b c\n")), "a b\nb c\n");
  EXPECT_EQ(read_bytes(gzip("a b\n") + std::string(512, '\0')), "a b\n");
  const std::string skippable("\x50\x2A\x4D\x18\x03\x00\x00\x00xyz", 11);
  EXPECT_EQ(read_bytes(skippable + zstd("a b\n")), "a b\n");
}

TEST(GraphInput, ReadsCompressedNothingAsNothing) {
  EXPECT_EQ(read_bytes(gzip("")), "");
  EXPECT_EQ(read_bytes(zstd("")), "");
}

TEST(GraphInput, NamesWhatIsWrongWithAPath) {
  const TemporaryFolder folder;
  const std::string missing = folder.path() + "/missing";
  EXPECT_EQ(read_all(Input::open(missing)), "error: " + missing + ": there is no such file");
  EXPECT_EQ(Input::open(missing).error().code, ErrorCode::kNotFound);
  const std::string below = folder.write("file", "a b") + "/x";
  EXPECT_EQ(read_all(Input::open(below)), "error: " + below + ": there is no such file");
  EXPECT_EQ(read_all(Input::open(folder.path())),
            "error: " + folder.path() +
                ": expected a file with a graph, found a directory; name a file, or - for standard "
                "input");
}

// Root may read everything, so it becomes nobody meanwhile.
class AsNobody {
 public:
  AsNobody() : user_(geteuid()) {
    constexpr uid_t kNobody = 65534;
    EXPECT_TRUE(user_ != 0 || seteuid(kNobody) == 0);
  }
  ~AsNobody() { EXPECT_TRUE(user_ != 0 || seteuid(user_) == 0); }

 private:
  uid_t user_;
};

TEST(GraphInput, SaysThatAFileMayNotBeRead) {
  const TemporaryFolder folder;
  const std::string path = folder.write("secret", "a b");
  chmod(path.c_str(), 0);
  const AsNobody nobody;
  EXPECT_EQ(read_all(Input::open(path)),
            "error: " + path + ": it is there, but may not be read by this user");
}

TEST(GraphInput, SaysWhereCompressedDataEndsTooEarly) {
  // Every shorter file but the empty one and those too short to be recognised.
  const std::string gz = gzip("a b\nb c\n");
  for (std::size_t size = 2; size < gz.size(); ++size) {
    EXPECT_EQ(
        read_bytes(gz.substr(0, size)),
        "error: x: byte " + std::to_string(size) +
            ": expected more gzip data, found the end of the file; was it copied completely?");
  }
  const std::string zst = zstd("a b\nb c\n");
  for (std::size_t size = 4; size < zst.size(); ++size) {
    EXPECT_EQ(
        read_bytes(zst.substr(0, size)),
        "error: x: byte " + std::to_string(size) +
            ": expected more zstd data, found the end of the file; was it copied completely?");
  }
}

TEST(GraphInput, SaysThatCompressedDataIsDamaged) {
  std::string gz = gzip("a b\nb c\n");
  gz[gz.size() - 8] ^= 1;  // the checksum
  EXPECT_EQ(read_bytes(gz),
            "error: x: byte " + std::to_string(gz.size() - 4) +
                ": expected gzip data, found damage (incorrect data check); was the file copied "
                "completely?");
  EXPECT_EQ(read_bytes(gzip("a b\n") + "trailing"),
            "error: x: byte " + std::to_string(gzip("a b\n").size() + 2) +
                ": expected gzip data, found damage (incorrect header check); was the file copied "
                "completely?");
  std::string zst = zstd("a b\nb c\n");
  zst[4] = '\xFF';  // the frame's header
  const std::string message = read_bytes(zst);
  EXPECT_TRUE(message.starts_with("error: x: byte ")) << message;
  EXPECT_NE(message.find("expected zstd data, found damage ("), std::string::npos) << message;
}

TEST(GraphInput, NeverCrashesOnDamage) {
  const std::string text = long_text().substr(0, 20'000);
  const std::string packed[] = {gzip(text), zstd(text)};
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    Random random(seed);
    std::string bytes = packed[seed % 2];
    for (std::size_t change = 0; change <= random.below(3); ++change) {
      bytes[random.below(bytes.size())] = static_cast<char>(random.next());
    }
    if (random.once_in(3)) bytes.resize(random.below(bytes.size()));
    const std::string all = read_bytes(bytes);
    EXPECT_LE(all.size(), 100'000'000u);
  }
}

TEST(GraphInput, ShowsTheNextBlockWithoutTakingIt) {
  Result<Input> input = Input::of_bytes("x", "a b\n", {.first_bytes = 2, .other_bytes = 1});
  ASSERT_TRUE(input);
  EXPECT_EQ(*input->peek(), "a ");
  EXPECT_EQ(*input->peek(), "a ");
  EXPECT_EQ(*input->next(), "a ");
  EXPECT_EQ(*input->peek(), "b");
  EXPECT_EQ(*input->next(), "b");
  EXPECT_EQ(*input->next(), "\n");
  EXPECT_EQ(*input->peek(), "");
  EXPECT_EQ(*input->next(), "");
}

TEST(GraphInput, KnowsHowFarItIsInBytesOfTheFile) {
  const TemporaryFolder folder;
  const std::string packed = zstd(long_text());
  Result<Input> input = Input::open(folder.write("edges.zst", packed));
  ASSERT_TRUE(input);
  EXPECT_EQ(input->total_bytes(), packed.size());
  while (!input->next()->empty()) {
  }
  EXPECT_EQ(input->bytes_done(), packed.size());
}

TEST(GraphInput, ReadsAPipeAsStandardInputWithoutAKnownLength) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "a b\n", 4), 4);
  close(ends[1]);
  const int saved = dup(STDIN_FILENO);
  ASSERT_GE(saved, 0);
  dup2(ends[0], STDIN_FILENO);
  close(ends[0]);
  Result<Input> input = Input::open("-");
  ASSERT_TRUE(input);
  EXPECT_EQ(input->name(), "standard input");
  EXPECT_EQ(input->total_bytes(), 0u);
  EXPECT_EQ(read_all(std::move(input)), "a b\n");
  dup2(saved, STDIN_FILENO);
  close(saved);
}

}  // namespace
}  // namespace ouro::test
