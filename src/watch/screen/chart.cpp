#include "watch/screen/chart.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "report/units.hpp"
#include "watch/words.hpp"

namespace ouro::watch {

namespace {

constexpr std::size_t kLabelColumns = 11;  // "999.9 MiB |"
constexpr std::size_t kNameColumns = 5;
/// Less than this of the highest value is no curve worth a look: a line is drawn as a line.
constexpr double kLeastShareShown = 0.02;
constexpr double kLeastBytesShown = 512.0 * 1024;

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

/// The Braille dots of a cell: 2 columns, 4 rows from the top.
constexpr std::uint8_t kDots[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

/// Dots of curves, before they become characters.
class Dots {
 public:
  Dots(std::size_t rows, std::size_t columns, bool is_braille)
      : high_(is_braille ? 4 : 1),
        wide_(is_braille ? 2 : 1),
        rows_(rows),
        columns_(columns),
        bits_(rows * columns),
        styles_(rows * columns, Style::kPlain),
        letters_(rows * columns, ' ') {}

  std::size_t height() const { return rows_ * high_; }
  std::size_t width() const { return columns_ * wide_; }

  /// From the bottom.
  void set(std::size_t x, std::size_t from_bottom, const Curve& curve) {
    const std::size_t y = height() - 1 - std::min(from_bottom, height() - 1);
    const std::size_t cell = y / high_ * columns_ + x / wide_;
    bits_[cell] = static_cast<std::uint8_t>(bits_[cell] | kDots[y % high_][x % wide_]);
    styles_[cell] = curve.style;
    letters_[cell] = curve.name[0];
  }

  void draw(Canvas& canvas, std::size_t row, std::size_t column) const {
    for (std::size_t cell = 0; cell < bits_.size(); ++cell) {
      if (bits_[cell] == 0) continue;
      const auto glyph = static_cast<char32_t>(
          high_ == 4 ? 0x2800 + bits_[cell] : static_cast<unsigned char>(letters_[cell]));
      canvas.set(row + cell / columns_, column + cell % columns_, glyph, styles_[cell]);
    }
  }

 private:
  std::size_t high_, wide_;
  std::size_t rows_, columns_;
  std::vector<std::uint8_t> bits_;
  std::vector<Style> styles_;
  std::vector<char> letters_;
};

/// A curve by columns of dots: what it spans in each, joined with the one before.
void draw_curve(Dots& dots, const Curve& curve, const Range& values, const Range& times) {
  const auto width = static_cast<double>(dots.width());
  const auto height = static_cast<double>(dots.height());
  const double time = std::max(times.high - times.low, 1e-9);
  const auto y_of = [&](double value) {
    const double share = (value - values.low) / (values.high - values.low);
    return static_cast<std::size_t>(std::clamp(share * (height - 1), 0.0, height - 1) + 0.5);
  };
  const auto x_of = [&](double seconds) {
    return static_cast<std::size_t>(
        std::clamp((seconds - times.low) / time * (width - 1) + 0.5, 0.0, width - 1));
  };
  for (std::size_t at = 0; at < curve.points.size(); ++at) {
    const Point& to = curve.points[at];
    const Point& from = curve.points[at == 0 ? 0 : at - 1];
    const std::size_t begin = x_of(from.seconds);
    const std::size_t end = x_of(to.seconds);
    for (std::size_t x = begin; x <= end; ++x) {
      const auto share = [&](double place) {
        return end == begin ? 1.0
                            : std::clamp((place - static_cast<double>(begin)) /
                                             static_cast<double>(end - begin),
                                         0.0, 1.0);
      };
      const double middle = static_cast<double>(x);
      const std::size_t left =
          y_of(from.value + (to.value - from.value) * (end == begin ? 0.0 : share(middle - 0.5)));
      const std::size_t right = y_of(from.value + (to.value - from.value) * share(middle + 0.5));
      for (std::size_t y = std::min(left, right); y <= std::max(left, right); ++y) {
        dots.set(x, y, curve);
      }
    }
  }
}

/// A step between labels that people can add: 1, 2, 5, 10, ... 500 KiB, then MiB, ...
double nice_step(double range, std::size_t most_steps) {
  const double wanted = range / static_cast<double>(most_steps);
  for (double unit = 1024;; unit *= 1024) {
    for (const double tens : {1.0, 10.0, 100.0}) {
      for (const double digit : {1.0, 2.0, 5.0}) {
        if (digit * tens * unit >= wanted) return digit * tens * unit;
      }
    }
  }
}

/// Names at the right end of the curves, moved up or down where two would share a row.
void draw_names(Canvas& canvas, const ChartArea& area, std::span<const Curve> curves,
                const Range& values) {
  const std::size_t rows = area.rows - 1;
  std::vector<bool> is_taken(rows);
  for (const Curve& curve : curves) {
    if (curve.points.empty()) continue;
    const double share = (curve.points.back().value - values.low) / (values.high - values.low);
    const auto wanted = static_cast<std::size_t>(std::clamp(
        (1 - share) * static_cast<double>(rows - 1) + 0.5, 0.0, static_cast<double>(rows - 1)));
    for (std::size_t distance = 0; distance < rows; ++distance) {
      const std::size_t below = wanted + distance;
      const bool fits_below = below < rows && !is_taken[below];
      const bool fits_above = distance <= wanted && !is_taken[wanted - distance];
      if (!fits_below && !fits_above) continue;
      const std::size_t row = fits_below ? below : wanted - distance;
      is_taken[row] = true;
      canvas.put(area.row + row, area.columns - kNameColumns + 1, curve.name, curve.style);
      break;
    }
  }
}

void draw_axes(Canvas& canvas, const ChartArea& area, const Range& values, const Range& times) {
  const std::size_t rows = area.rows - 1;
  const char32_t line = canvas.is_ascii() ? U'|' : U'│';
  const char32_t tick = canvas.is_ascii() ? U'+' : U'┤';
  for (std::size_t row = 0; row < rows; ++row) {
    canvas.set(area.row + row, kLabelColumns - 1, line, Style::kDim);
  }
  const double range = values.high - values.low;
  const double step = nice_step(range, std::max<std::size_t>(1, rows / 2));
  for (double value = std::ceil(values.low / step) * step; value <= values.high; value += step) {
    const double share = (value - values.low) / range;
    const auto row = static_cast<std::size_t>((1 - share) * static_cast<double>(rows - 1) + 0.5);
    canvas.put_right(area.row + row, kLabelColumns - 1,
                     report::format_bytes(static_cast<std::uint64_t>(value)) + ' ', Style::kDim);
    canvas.set(area.row + row, kLabelColumns - 1, tick, Style::kDim);
  }
  const std::size_t bottom = area.row + rows;
  const double seconds = times.high - times.low;
  canvas.put(bottom, kLabelColumns, duration_text(seconds) + " ago", Style::kDim);
  const std::size_t end = area.columns - kNameColumns;
  if (end > kLabelColumns + 44) {
    const std::string half = duration_text(seconds / 2) + " ago";
    canvas.put(bottom, kLabelColumns + (end - kLabelColumns - half.size()) / 2, half, Style::kDim);
  }
  canvas.put_right(bottom, end, "now", Style::kDim);
}

}  // namespace

void draw_chart(Canvas& canvas, const ChartArea& area, std::span<const Curve> curves) {
  constexpr std::size_t kFewestRows = 3;
  constexpr std::size_t kFewestColumns = 30;
  if (area.rows < kFewestRows || area.columns < kFewestColumns) return;
  Range values;
  Range times;
  for (const Curve& curve : curves) {
    for (const Point& point : curve.points) {
      values.include(point.value);
      times.include(point.seconds);
    }
  }
  if (values.high < values.low) return;
  const double least = std::max(kLeastBytesShown, kLeastShareShown * values.high);
  if (values.high - values.low < least) {
    const double middle = (values.high + values.low) / 2;
    values.low = std::max(0.0, middle - least / 2);
    values.high = values.low + least;
  }
  Dots dots(area.rows - 1, area.columns - kLabelColumns - kNameColumns, !canvas.is_ascii());
  for (const Curve& curve : curves) draw_curve(dots, curve, values, times);
  draw_axes(canvas, area, values, times);
  dots.draw(canvas, area.row, kLabelColumns);
  draw_names(canvas, area, curves, values);
}

}  // namespace ouro::watch
