// Curves of bytes over time, with axes.
//
//    48.0 MiB |                          ___  rss
//             |            ____----------     uss
//    44.0 MiB |____--------
//              5 min ago                 now
//
// In Unicode a cell holds 2 x 4 dots of Braille (U+2800), in ASCII one letter. Where curves meet in
// a cell, the dots are those of both and the colour is that of the one drawn last.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "watch/screen/canvas.hpp"
#include "watch/series.hpp"

namespace ouro::watch {

struct Curve {
  std::span<const Point> points;
  std::string_view name;
  Style style = Style::kPlain;
};

struct ChartArea {
  std::size_t row = 0;
  std::size_t rows = 0;
  std::size_t columns = 0;
};

/// Nothing is drawn where the area is smaller than 3 rows or 30 columns.
void draw_chart(Canvas& canvas, const ChartArea& area, std::span<const Curve> curves);

}  // namespace ouro::watch
