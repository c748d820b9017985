// Canvas, chart and view; the whole screen is driven by tests/python/watch/test_screen.py.
#include <gtest/gtest.h>

#include "watch/screen/canvas.hpp"
#include "watch/screen/chart.hpp"
#include "watch/screen/view.hpp"
#include "watch/synthetic.hpp"

namespace ouro::watch {
namespace {

TEST(Canvas, CutsWhatDoesNotFit) {
  Canvas canvas(2, 8, Glyphs::kUnicode);
  canvas.put(0, 2, "longer than that");
  canvas.put(1, 0, "abcdef", Style::kPlain, 3);
  canvas.put(7, 0, "no such row");
  canvas.put_right(1, 8, "end");
  EXPECT_EQ(canvas.to_text(), "  longer\nabc  end\n");
}

TEST(Canvas, GivesWideGlyphsTwoColumnsAndAccentsNone) {
  Canvas canvas(1, 6, Glyphs::kUnicode);
  EXPECT_EQ(canvas.put(0, 0, "接e\xCC\x81續x"), 6u);
  EXPECT_EQ(canvas.to_text(), "接e續x\n");
  EXPECT_EQ(columns_of("接續"), 4u);
  Canvas narrow(1, 3, Glyphs::kUnicode);
  narrow.put(0, 0, "接續");  // half of a glyph is none
  EXPECT_EQ(narrow.to_text(), "接\n");
}

TEST(Canvas, ShowsNothingThatCommandsATerminal) {
  Canvas canvas(1, 8, Glyphs::kUnicode);
  canvas.put(0, 0, "a\x1B[2Jb\xFF");
  EXPECT_EQ(canvas.to_text(), "a\xEF\xBF\xBD[2Jb\xEF\xBF\xBD\n");
}

TEST(Canvas, InAsciiHasAscii) {
  Canvas canvas(1, 8, Glyphs::kAscii);
  canvas.put(0, 0, "naïve…");
  EXPECT_EQ(canvas.to_text(), "na?ve?\n");
}

TEST(Chart, DrawsARampFromCornerToCorner) {
  const std::vector<Point> points = points_of(100, {constant(kMiB), ramp(kMiB)});
  const Curve curves[] = {{points, "uss", Style::kUss}};
  Canvas canvas(7, 40, Glyphs::kAscii);
  draw_chart(canvas, {.row = 0, .rows = 7, .columns = 40}, curves);
  EXPECT_EQ(canvas.to_text(),
            "100.0 MiB +                     uuu uss\n"
            "          |                uuuuuu\n"
            "          |            uuuuu\n"
            " 50.0 MiB +       uuuuuu\n"
            "          |  uuuuuu\n"
            "          |uuu\n"
            "           100 s ago            now\n");
}

TEST(Chart, DrawsAConstantAsALineInTheMiddle) {
  const std::vector<Point> points = points_of(100, {constant(500 * kMiB)});
  const Curve curves[] = {{points, "rss", Style::kRss}};
  Canvas canvas(6, 40, Glyphs::kUnicode);
  draw_chart(canvas, {.row = 0, .rows = 6, .columns = 40}, curves);
  EXPECT_NE(canvas.at(2, 20).glyph, U' ');
  EXPECT_EQ(canvas.at(0, 20).glyph, U' ');
  EXPECT_EQ(canvas.at(4, 20).glyph, U' ');
}

TEST(Chart, FitsAnyArea) {
  const std::vector<Point> points = points_of(50, {constant(kMiB), saw(kMiB, 7)});
  const std::vector<Point> one = {{0, kMiB}};
  const std::vector<Point> none;
  for (const auto& drawn : {points, one, none}) {
    const Curve curves[] = {{drawn, "rss", Style::kRss}, {drawn, "uss", Style::kUss}};
    for (std::size_t rows = 0; rows < 12; ++rows) {
      for (std::size_t columns = 0; columns < 60; columns += 7) {
        for (const Glyphs glyphs : {Glyphs::kAscii, Glyphs::kUnicode}) {
          Canvas canvas(rows, columns, glyphs);
          draw_chart(canvas, {.row = 0, .rows = rows, .columns = columns}, curves);
        }
      }
    }
  }
}

TEST(View, EditsAFilter) {
  View view;
  for (const int key : {int{'/'}, int{'q'}, int{'x'}, Key::kBackspace}) {
    EXPECT_EQ(view.handle(key), Action::kNone);
  }
  EXPECT_TRUE(view.is_filtering);
  EXPECT_EQ(view.filter, "q");
  view.handle(Key::kEnter);
  EXPECT_FALSE(view.is_filtering);
  EXPECT_EQ(view.filter, "q");
  view.handle(Key::kEscape);
  EXPECT_EQ(view.filter, "");
  EXPECT_EQ(view.handle('q'), Action::kQuit);
}

TEST(View, ClosesAPaneBeforeItEnds) {
  View view;
  view.open_pane("a\nb\n\nc");
  EXPECT_EQ(view.pane.size(), 4u);
  view.handle(Key::kDown);
  EXPECT_EQ(view.first_pane_line, 1u);
  EXPECT_EQ(view.handle('q'), Action::kNone);
  EXPECT_TRUE(view.pane.empty());
  view.handle('?');
  EXPECT_TRUE(view.is_help);
  EXPECT_EQ(view.handle('x'), Action::kNone);
  EXPECT_FALSE(view.is_help);
  EXPECT_EQ(view.handle(Key::kInterrupt), Action::kQuit);
}

}  // namespace
}  // namespace ouro::watch
