// Labels of DOT.
#include "base/dot_label.hpp"

#include <gtest/gtest.h>

namespace {

TEST(DotLabel, AnyTextIsEscaped) {
  EXPECT_EQ(ouro::escape_label("a<b> & \"c\""), "a&lt;b&gt; &amp; &quot;c&quot;");
  EXPECT_EQ(ouro::escape_label("\\N"), "&#92;&#92;N");
  EXPECT_EQ(ouro::escape_label("l\nm\x7F"), "l\uFFFDm\uFFFD");
  EXPECT_EQ(ouro::escape_label("gr\u00FC\u00DFe \u4F60 \U0001F40D"),
            "gr\u00FC\u00DFe \u4F60 \U0001F40D");
  // A stray continuation, an overlong form, a surrogate, beyond the last character, cut short.
  for (const char* broken : {"\x80", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE4\xBD"}) {
    EXPECT_TRUE(ouro::escape_label(broken).starts_with("\uFFFD"));
  }
}

TEST(DotLabel, SmallPrintIsALineOfItsOwn) {
  EXPECT_EQ(ouro::small_label_line("40 B", "#475569"),
            "<br/><font point-size=\"9\" color=\"#475569\">40 B</font>");
}

}  // namespace
