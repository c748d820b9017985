// Bytes made safe to show.
#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::string_view_literals;
using ouro::printable;

TEST(Printable, KeepsTextOfAnyLanguage) {
  for (const std::string_view text :
       {"", "plain", "gr\u00FC\u00DFe \u4F60 \U0001F40D", "a\"b\\c<&>"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, ReplacesControlCharactersOfBothSets) {
  EXPECT_EQ(printable("a\nb\x1b[31m\x7f\0"sv), "a\uFFFDb\uFFFD[31m\uFFFD\uFFFD");
  EXPECT_EQ(printable("\xC2\x85\xC2\x9B\xC2\xA0"), "\uFFFD\uFFFD\xC2\xA0");
}

TEST(Printable, ReplacesCharactersThatXmlForbids) {
  EXPECT_EQ(printable("\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD"), "\uFFFD\uFFFD\uFFFD");
}

TEST(Printable, ReplacesEachByteThatIsNoUtf8) {
  EXPECT_EQ(printable("\xff\xfe"), "\uFFFD\uFFFD");
  EXPECT_EQ(printable("\xC3"), "\uFFFD");
  EXPECT_EQ(printable("\xE4\xBD|"), "\uFFFD\uFFFD|");
  EXPECT_EQ(printable("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");            // a surrogate
  EXPECT_EQ(printable("\xC0\xAF"), "\uFFFD\uFFFD");                      // overlong
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");  // beyond U+10FFFF
}

}  // namespace
