#include "watch/screen/draw.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "python/attach/processes.hpp"
#include "report/collector.hpp"
#include "report/table.hpp"
#include "report/units.hpp"
#include "watch/lines.hpp"
#include "watch/screen/chart.hpp"
#include "watch/words.hpp"

namespace ouro::watch {

namespace {

using report::format_bytes;
using report::signed_bytes;
using report::signed_number;
using report::with_separators;

constexpr std::size_t kFewestRows = 12;
constexpr std::size_t kFewestColumns = 40;

std::string number_text(const char* format, double number) {
  char text[32];
  std::snprintf(text, sizeof(text), format, number);
  return text;
}

std::string milliseconds_text(std::chrono::nanoseconds time) {
  return number_text("%.1f ms", static_cast<double>(time.count()) / 1e6);
}

std::vector<std::string> lines_of(const std::string& text, std::size_t width) {
  const std::string wrapped = report::wrapped(text, std::max<std::size_t>(width, 10));
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < wrapped.size();) {
    const std::size_t end = wrapped.find('\n', at);
    lines.push_back(wrapped.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// A path is one word, and may be wider than the screen.
void add_pieces(std::vector<std::string>& lines, const std::string& line, std::size_t width) {
  std::string piece;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at + 1;
    while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0u) == 0x80) ++end;
    const std::string glyph = line.substr(at, end - at);
    if (!piece.empty() && columns_of(piece) + columns_of(glyph) > width) {
      lines.push_back(std::exchange(piece, {}));
    }
    piece += glyph;
    at = end;
  }
  lines.push_back(std::move(piece));
}

Style style_of(const Verdict& verdict) {
  if (verdict.grows()) return Style::kGrows;
  return verdict.is == Verdict::Is::kSettled || verdict.is == Verdict::Is::kFalls ? Style::kFalls
                                                                                  : Style::kBold;
}

Style style_of_growth(std::int64_t growth) {
  if (growth == 0) return Style::kDim;
  return growth > 0 ? Style::kGrows : Style::kFalls;
}

class Drawing {
 public:
  Drawing(Canvas& canvas, const Watch& watch, View& view)
      : canvas_(canvas), watch_(watch), view_(view) {}

  void draw() {
    if (canvas_.rows() == 0) return;
    foot_ = foot();
    draw_title();
    const bool is_tiny = canvas_.rows() < kFewestRows || canvas_.columns() < kFewestColumns;
    draw_memory();
    if (!is_tiny) draw_curves();
    draw_verdict();
    if (is_tiny) return;
    draw_looks();
    ++row_;
    if (view_.is_help) {
      draw_help();
    } else if (!view_.pane.empty()) {
      draw_pane();
    } else {
      draw_types();
    }
    draw_foot();
  }

 private:
  std::size_t width() const { return canvas_.columns(); }
  /// The row of the keys, the first where there is more than one.
  std::size_t bottom() const { return canvas_.rows() - std::min(canvas_.rows(), foot_.size()); }

  void draw_title() {
    canvas_.fill_row(0, Style::kTitle);
    const auto& target = watch_.target();
    std::string text(1, ' ');
    text += python::attach::described(target.process);
    if (!target.python_version.empty()) text += "  CPython " + target.python_version;
    const std::string time =
        duration_text(watch_.seconds()) + (watch_.is_paused() ? " paused" : "");
    canvas_.put(0, 0, text, Style::kTitle, width() - std::min(width(), time.size() + 3));
    canvas_.put_right(0, width() - std::min<std::size_t>(width(), 1), time, Style::kTitle);
    row_ = 1;
  }

  void draw_memory() {
    const MemoryInfo& memory = watch_.sample().memory;
    std::size_t column = 1;
    const auto put = [&](const char* name, std::uint64_t bytes, Style style) {
      column = canvas_.put(row_, column, std::string(name) + ' ', style);
      column = canvas_.put(row_, column, format_bytes(bytes), Style::kBold) + 3;
    };
    put("rss", memory.rss, Style::kRss);
    put("pss", memory.pss, Style::kPss);
    put("uss", memory.uss, Style::kUss);
    if (memory.swap != 0) put("swap", memory.swap, Style::kWarning);
    ++row_;
  }

  void draw_curves() {
    const std::size_t rows = std::max<std::size_t>(4, (canvas_.rows() - 2) * 2 / 5);
    const Curve curves[] = {{watch_.rss().points(), "rss", Style::kRss},
                            {watch_.pss().points(), "pss", Style::kPss},
                            {watch_.uss().points(), "uss", Style::kUss}};
    draw_chart(canvas_, {.row = row_, .rows = rows, .columns = width()}, curves);
    row_ += rows;
  }

  void draw_verdict() {
    const std::size_t most_lines = canvas_.rows() < 32 ? 4 : 6;
    std::string text = sentence_of(watch_.verdict());
    if (!view_.holder.empty() && watch_.verdict().grows()) text += ' ' + view_.holder;
    std::vector<std::string> lines = lines_of(text, width() - std::min<std::size_t>(width(), 2));
    const std::size_t room = canvas_.rows() - std::min(canvas_.rows(), row_);
    const std::size_t most = std::min(std::max<std::size_t>(1, room / 3), most_lines);
    if (lines.size() > most) {
      lines.resize(most);
      lines.back() += canvas_.is_ascii() ? " ..." : " …";
    }
    for (const std::string& line : lines) {
      canvas_.put(row_++, 1, line, style_of(watch_.verdict()));
    }
  }

  void put_wrapped(const std::string& text, Style style) {
    for (const std::string& line : lines_of(text, width() - std::min<std::size_t>(width(), 2))) {
      canvas_.put(row_++, 1, line, style);
    }
  }

  void draw_looks() {
    std::string text;
    if (const Look* look = watch_.look()) {
      text = with_separators(look->heap.objects) + " objects, " + format_bytes(look->heap.bytes) +
             "; looks: " + number_text("%.2f", 100 * watch_.cost_share()) +
             " % of its time, stood still " + milliseconds_text(look->heap.stood_still);
      if (look->heap.was_collecting) text += "; it collected: some may be missing";
    } else {
      text = "looking for the first time";
    }
    put_wrapped(text, Style::kDim);
    if (const auto summary = watch_.collector()) put_wrapped(collector_line(*summary), Style::kDim);
    if (!watch_.problem().empty()) {
      canvas_.put(row_++, 1, "the last look failed: " + watch_.problem(), Style::kWarning);
    }
  }

  void draw_types() {
    struct Column {
      const char* title;
      std::size_t width;
    };
    // From the right; what does not fit beside the names is left out.
    constexpr std::array<Column, 6> kColumns = {{{"last", 11},
                                                 {"since start", 12},
                                                 {"bytes", 11},
                                                 {"last", 9},
                                                 {"since start", 12},
                                                 {"objects", 12}}};
    constexpr std::array<std::size_t, 6> kByImportance = {5, 4, 2, 1, 0, 3};
    constexpr std::size_t kLeastNames = 20;
    std::array<bool, 6> is_shown{};
    std::size_t used = kLeastNames;
    for (const std::size_t column : kByImportance) {
      if (used + kColumns[column].width > width()) break;
      used += kColumns[column].width;
      is_shown[column] = true;
    }
    const std::size_t name_width = width() - (used - kLeastNames) - 1;
    const auto put_cells = [&](const std::array<std::string, 6>& cells,
                               const std::array<Style, 6>& styles) {
      std::size_t end = width() - 1;
      for (std::size_t column = 0; column < kColumns.size(); ++column) {
        if (!is_shown[column]) continue;
        canvas_.put_right(row_, end, cells[column], styles[column]);
        end -= kColumns[column].width;
      }
    };
    std::array<std::string, 6> titles;
    for (std::size_t column = 0; column < kColumns.size(); ++column) {
      titles[column] = kColumns[column].title;
    }
    std::array<Style, 6> title_styles;
    title_styles.fill(Style::kDim);
    const std::size_t sorted = view_.order == TypeOrder::kBytes     ? 2u
                               : view_.order == TypeOrder::kObjects ? 5u
                                                                    : 1u;
    title_styles[sorted] = Style::kBold;
    std::string name = "type";
    if (view_.is_filtering || !view_.filter.empty()) {
      name += " with \"" + view_.filter + (view_.is_filtering ? "_" : "\"");
    }
    canvas_.put(row_, 1, name,
                view_.filter.empty() && !view_.is_filtering ? Style::kDim : Style::kBold);
    put_cells(titles, title_styles);
    ++row_;

    const std::vector<TypeRow> rows = watch_.types().rows(view_.order, view_.filter);
    view_.first_row = std::min(view_.first_row, rows.empty() ? 0 : rows.size() - 1);
    for (std::size_t at = view_.first_row; at < rows.size() && row_ < bottom(); ++at, ++row_) {
      const TypeRow& row = rows[at];
      canvas_.put(row_, 1, report::shortened(row.type, name_width - 1));
      put_cells({signed_bytes(row.bytes_since_last), signed_bytes(row.bytes_since_start),
                 format_bytes(row.bytes), signed_number(row.objects_since_last),
                 signed_number(row.objects_since_start), with_separators(row.objects)},
                {style_of_growth(row.bytes_since_last), style_of_growth(row.bytes_since_start),
                 Style::kPlain, style_of_growth(row.objects_since_last),
                 style_of_growth(row.objects_since_start), Style::kPlain});
    }
    if (rows.empty() && watch_.look() != nullptr && row_ < bottom()) {
      canvas_.put(row_, 1, "no type has this in its name", Style::kDim);
    }
  }

  void draw_pane() {
    const std::size_t rows = bottom() - std::min(bottom(), row_);
    const std::size_t most = view_.pane.size() > rows ? view_.pane.size() - rows : 0;
    view_.first_pane_line = std::min(view_.first_pane_line, most);
    for (std::size_t at = view_.first_pane_line; at < view_.pane.size() && row_ < bottom(); ++at) {
      canvas_.put(row_++, 1, view_.pane[at]);
    }
  }

  void draw_help() {
    constexpr std::array<std::array<const char*, 2>, 10> kHelp = {{
        {"b o g", "sort by bytes, by objects, by growth since the start"},
        {"/", "show only types with a text in their name; Esc: all"},
        {"arrows", "move in the table or text; also Page Up, Page Down, Home"},
        {"w", "why does what grows fastest stay alive? Takes a snapshot, asks it"},
        {"s", "write a snapshot to a file, for ouro report, why, diff"},
        {"r", "count growth from now on"},
        {"space", "stop looking at objects; again: go on"},
        {"Ctrl-L", "draw anew"},
        {"q", "end; the program runs on, as it did all the time"},
        {"", "since start, last: what has changed since the start, since the look before"},
    }};
    for (const auto& [key, what] : kHelp) {
      if (row_ >= bottom()) return;
      canvas_.put(row_, 1, key, Style::kBold);
      canvas_.put(row_++, 9, what);
    }
  }

  /// What was done last, or the keys.
  std::vector<std::string> foot() const {
    if (!view_.message.empty()) return message_lines();
    if (view_.is_filtering) return {"type a text, Enter: keep it, Esc: all types"};
    if (!view_.pane.empty()) return {"arrows: move  Esc: back to the types  q: back"};
    std::string keys =
        "b bytes  o objects  g growth  / filter  w why  s snapshot  r reset  space pause  "
        "? help  q quit";
    if (columns_of(keys) + 2 > width()) keys = "w why  s snapshot  ? help  q quit";
    return {keys};
  }

  /// As many lines as it needs, up to half of the screen: what matters may stand behind a long
  /// path.
  std::vector<std::string> message_lines() const {
    const std::size_t room = width() - std::min<std::size_t>(width(), 2);
    std::vector<std::string> lines;
    for (const std::string& line : lines_of(view_.message, room)) add_pieces(lines, line, room);
    lines.resize(std::min(lines.size(), std::max<std::size_t>(1, canvas_.rows() / 2)));
    return lines;
  }

  void draw_foot() {
    for (std::size_t at = 0; at < foot_.size(); ++at) {
      canvas_.fill_row(bottom() + at, Style::kKeys);
      canvas_.put(bottom() + at, 1, foot_[at], Style::kKeys);
    }
  }

  Canvas& canvas_;
  const Watch& watch_;
  View& view_;
  std::size_t row_ = 0;
  std::vector<std::string> foot_;
};

}  // namespace

void draw(Canvas& canvas, const Watch& watch, View& view) {
  Drawing(canvas, watch, view).draw();
}

}  // namespace ouro::watch
