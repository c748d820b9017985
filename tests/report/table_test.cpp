#include "report/table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace {

using namespace ouro::report;

Table people() {
  Table table({{"count"}, {"name", Align::kLeft, Shrink::kWhenNeeded}});
  table.add({"1", "short"});
  table.add({"1,000", "a name of twenty-six bytes"});
  return table;
}

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    widest = std::max(widest, width_of(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return widest;
}

TEST(Table, IsAsWideAsItsCells) {
  EXPECT_EQ(people().to_text(),
            "count  name\n"
            "    1  short\n"
            "1,000  a name of twenty-six bytes\n");
}

TEST(Table, FitsExactlyWhatItNeeds) {
  EXPECT_EQ(people().to_text(33), people().to_text());
}

TEST(Table, ShrinksWhatMayShrinkInTheMiddle) {
  EXPECT_EQ(people().to_text(20),
            "count  name\n"
            "    1  short\n"
            "1,000  a name… bytes\n");
}

TEST(Table, KeepsEightCharactersOfAColumnHoweverNarrowItIs) {
  EXPECT_EQ(people().to_text(1),
            "count  name\n"
            "    1  short\n"
            "1,000  a na…tes\n");
  EXPECT_EQ(people().to_text(0), people().to_text(1));
}

TEST(Table, TakesFromTheWidestColumnFirst) {
  Table table({{"a", Align::kLeft, Shrink::kWhenNeeded}, {"b", Align::kLeft, Shrink::kWhenNeeded}});
  table.add({std::string(10, 'x'), std::string(30, 'y')});
  EXPECT_EQ(table.to_text(24), "a           b\nxxxxxxxxxx  yyyyyy…yyyyy\n");
  for (std::size_t width = 18; width < 50; ++width) {
    EXPECT_LE(widest_line(table.to_text(width)), width);
  }
}

TEST(Table, LeavesAColumnThatMayNotShrinkWhole) {
  Table table({{"number"}, {"name", Align::kLeft, Shrink::kWhenNeeded}});
  table.add({"123,456,789,012,345", "abcdefghijkl"});
  EXPECT_EQ(table.to_text(10), "             number  name\n123,456,789,012,345  abcd…jkl\n");
}

TEST(Table, CountsCodePointsNotBytes) {
  Table table({{"größe"}, {"name", Align::kLeft}});
  table.add({"1", "Ä"});
  table.add({"12345", "日本"});
  EXPECT_EQ(table.to_text(),
            "größe  name\n"
            "    1  Ä\n"
            "12345  日本\n");
}

TEST(Table, WithoutTitlesHasNoLineForThem) {
  Table table({{"", Align::kLeft}, {"", Align::kRight}});
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(table.to_text(), "");
  table.add({"a", "1"});
  table.add({"long", "22"});
  EXPECT_EQ(table.to_text(), "a      1\nlong  22\n");
}

TEST(Table, WithTitlesAloneShowsThem) {
  EXPECT_EQ(Table({{"objects"}, {"type", Align::kLeft}}).to_text(), "objects  type\n");
  EXPECT_EQ(Table({}).to_text(10), "");
}

TEST(Table, EndsNoLineWithBlanks) {
  Table table({{"a", Align::kLeft}, {"b", Align::kLeft}});
  table.add({"long cell", ""});
  table.add({"", ""});
  EXPECT_EQ(table.to_text(), "a          b\nlong cell\n\n");
}

TEST(Shortened, KeepsBeginningAndEnd) {
  EXPECT_EQ(shortened("abcdefgh", 8), "abcdefgh");
  EXPECT_EQ(shortened("abcdefgh", 7), "abc…fgh");
  EXPECT_EQ(shortened("abcdefgh", 6), "abc…gh");
  EXPECT_EQ(shortened("abcdefgh", 2), "a…");
  EXPECT_EQ(shortened("abcdefgh", 1), "…");
  EXPECT_EQ(shortened("abcdefgh", 0), "");
  EXPECT_EQ(shortened("", 0), "");
  EXPECT_EQ(shortened("abc", kAnyWidth), "abc");
}

TEST(Shortened, NeverCutsACodePoint) {
  const std::string text = "äöü日本語ßñ𝛼";  // of two, three and four bytes
  ASSERT_EQ(width_of(text), 9u);
  EXPECT_EQ(shortened(text, 5), "äö…ñ𝛼");
  for (std::size_t width = 1; width < 9; ++width) {
    EXPECT_EQ(width_of(shortened(text, width)), width);
  }
}

TEST(Shortened, TakesBytesThatAreNoUtf8) {
  for (const std::string text :
       {"\x80\x80\x80\x80", "a\xFF\x80\xC0z\x80\x80", "\xF0\xF0\xF0\xF0"}) {
    for (std::size_t width = 0; width < 5; ++width) {
      EXPECT_LE(width_of(shortened(text, width)), std::max(width, width_of(text)));
    }
  }
}

TEST(Wrapped, BreaksAtBlanks) {
  EXPECT_EQ(wrapped("one two three", 7), "one two\nthree\n");
  EXPECT_EQ(wrapped("one two three", 6), "one\ntwo\nthree\n");
  EXPECT_EQ(wrapped("one two three", 13), "one two three\n");
  EXPECT_EQ(wrapped("one two three", kAnyWidth), "one two three\n");
}

TEST(Wrapped, LeavesAWordThatIsTooLongWhole) {
  EXPECT_EQ(wrapped("a extraordinarily b", 5), "a\nextraordinarily\nb\n");
  EXPECT_EQ(wrapped("extraordinarily", 0), "extraordinarily\n");
}

TEST(Wrapped, IndentsEachLine) {
  EXPECT_EQ(wrapped("one two three", 10, "   "), "   one two\n   three\n");
}

TEST(Wrapped, CountsCodePoints) {
  EXPECT_EQ(wrapped("äöü äöü äöü", 7), "äöü äöü\näöü\n");
}

TEST(Wrapped, OfNothingIsAnEmptyLine) {
  EXPECT_EQ(wrapped("", 10), "\n");
}

}  // namespace
