#include "python/heap/python_repr.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <vector>

#include "python/heap/previews.hpp"
#include "support/temporary_folder.hpp"

namespace ouro::python::heap {
namespace {

std::string from_hexadecimal(const std::string& text) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
    bytes += static_cast<char>(std::stoi(text.substr(at, 2), nullptr, 16));
  }
  return bytes;
}

double double_of(const std::string& bytes, std::size_t offset = 0) {
  double value;
  std::memcpy(&value, bytes.data() + offset, sizeof(value));
  return value;
}

std::string repr_of(char kind, const std::string& bytes) {
  switch (kind) {
    case 's':
      return repr_of_str(bytes);
    case 'b':
      return repr_of_bytes(bytes);
    case 'f':
      return repr_of_float(double_of(bytes));
    case 'c':
      return repr_of_complex(double_of(bytes), double_of(bytes, sizeof(double)));
    default:
      return repr_of_int(bytes[0] != 0, {reinterpret_cast<const std::uint8_t*>(bytes.data()) + 1,
                                         bytes.size() - 1});
  }
}

TEST(PythonRepr, OfAnIntDoesNotMindZerosInFront) {
  const auto repr = [](bool is_negative, std::vector<std::uint8_t> magnitude, std::size_t zeros) {
    magnitude.resize(magnitude.size() + zeros);
    return repr_of_int(is_negative, magnitude);
  };
  const std::vector<std::uint8_t> largest_word(8, 0xFF);
  for (const std::size_t zeros : {0u, 1u, 7u, 8u, 9u, 40u}) {
    EXPECT_EQ(repr(false, {}, zeros), "0");
    EXPECT_EQ(repr(true, {}, zeros), "0");
    EXPECT_EQ(repr(true, {5}, zeros), "-5");
    EXPECT_EQ(repr(false, {0, 1}, zeros), "256");
    EXPECT_EQ(repr(true, largest_word, zeros), "-18446744073709551615");
  }
}

TEST(PythonRepr, IsThatOfPython) {
  const test::TemporaryFolder folder;
  const std::string path = folder / "reprs";
  const std::string command = std::string(OURO_PYTHON) +
                              " " OURO_SOURCE_DIR "/tests/python/reader/reprs.py 1 4000 > " + path;
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
  std::ifstream lines(path);
  std::string kind, bytes, repr;
  int compared = 0;
  while (lines >> kind >> bytes >> repr) {
    const std::string value = from_hexadecimal(bytes == "-" ? "" : bytes);
    ASSERT_EQ(repr_of(kind[0], value), from_hexadecimal(repr)) << kind << ' ' << bytes;
    ++compared;
  }
  EXPECT_EQ(compared, 20'000);
}

TEST(PythonRepr, ShowsWhatIsNoUtf8AsReplaced) {
  EXPECT_EQ(repr_of_str("a\xFFz"), "'a\uFFFDz'");
}

std::string preview(stream::TextKind kind, std::string_view bytes, std::uint8_t flags = 0,
                    std::uint32_t length = 0) {
  stream::TextEntry entry{};
  entry.what = static_cast<std::uint8_t>(kind);
  entry.flags = flags;
  entry.length = length;
  return preview_of(entry, bytes).value_or("(nothing)");
}

TEST(Previews, SayThatTheyAreCutBehindTheQuote) {
  EXPECT_EQ(preview(stream::TextKind::kStr, "abc", stream::TextEntry::kCut), "'abc'\u2026");
  EXPECT_EQ(preview(stream::TextKind::kBytes, "abc", stream::TextEntry::kCut), "b'abc'\u2026");
}

TEST(Previews, SayAboutHowLargeAVeryLargeIntegerIs) {
  const std::string bytes(65, '\x01');
  EXPECT_EQ(preview(stream::TextKind::kInt, bytes, stream::TextEntry::kCut, 4097),
            "about -2**4096");
  EXPECT_EQ(preview(stream::TextKind::kInt, std::string_view("\0\xFF\xFF", 3)), "65535");
}

TEST(Previews, AreNothingWhereTheBytesAreNotWhatTheKindSays) {
  EXPECT_EQ(preview(stream::TextKind::kFloat, "1234"), "(nothing)");
  EXPECT_EQ(preview(stream::TextKind::kComplex, "12345678"), "(nothing)");
  EXPECT_EQ(preview(stream::TextKind::kInt, ""), "(nothing)");
  EXPECT_EQ(preview(stream::TextKind::kBool, ""), "(nothing)");
  EXPECT_EQ(preview(stream::TextKind::kCode, "name"), "(nothing)");
  EXPECT_EQ(preview(static_cast<stream::TextKind>(200), "name"), "(nothing)");
}

TEST(Previews, NameCodeByFileAndLine) {
  EXPECT_EQ(place_in_source("/srv/app/server.py", 41), "server.py:41");
  EXPECT_EQ(place_in_source("<frozen os>", 0), "<frozen os>");
}

}  // namespace
}  // namespace ouro::python::heap
