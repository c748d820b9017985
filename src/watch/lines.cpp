#include "watch/lines.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "report/table.hpp"
#include "report/units.hpp"

namespace ouro::watch {

namespace {

struct Column {
  const char* title;
  int width;  ///< negative: to the left
  bool is_for_wide_lines;
};
constexpr std::array<Column, 7> kColumns = {{{"time", -8, false},
                                             {"rss", 9, false},
                                             {"uss", 9, true},
                                             {"objects", 11, false},
                                             {"size", 9, false},
                                             {"since start", 11, false},
                                             {"since last", 11, true}}};
using Cells = std::array<std::string, kColumns.size()>;

std::string clock_text(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char text[16];
  std::strftime(text, sizeof(text), "%H:%M:%S", &parts);
  return text;
}

/// The cells that a line of this width has room for, beside which a name fits that says something.
std::string cells_text(const Cells& cells, std::size_t width) {
  constexpr std::size_t kWide = 100;
  std::string text;
  for (std::size_t at = 0; at < kColumns.size(); ++at) {
    const Column& column = kColumns[at];
    if (column.is_for_wide_lines && width < kWide) continue;
    char cell[64];
    std::snprintf(cell, sizeof(cell), "%*s ", column.width, cells[at].c_str());
    text += cell;
  }
  return text + ' ';
}

/// The class that grew most since the start, and by how many objects; its name gives way.
std::string fastest(const TypeGrowth& types, std::size_t width) {
  const auto rows = types.rows(TypeOrder::kGrowth);
  if (rows.empty() || rows[0].bytes_since_start <= 0) return {};
  const std::string objects = ' ' + report::signed_number(rows[0].objects_since_start);
  return report::shortened(rows[0].type, width - std::min(width, objects.size())) + objects;
}

}  // namespace

std::string collector_line(const report::CollectorSummary& summary) {
  std::string text = summary.is_enabled ? "collector:" : "collector (disabled):";
  std::int64_t collected = 0;
  for (const report::CollectedGeneration& generation : summary.generations) {
    text += &generation == &summary.generations[0] ? " " : " + ";
    text += std::to_string(generation.collections_watched);
    collected += generation.collected_watched;
  }
  char share[64];
  std::snprintf(share, sizeof(share), " collections, %.2f %% of its time; freed ",
                100 * summary.paused_seconds() / std::max(summary.watched_seconds, 1e-9));
  text += share +
          report::with_separators(static_cast<std::uint64_t>(std::max<std::int64_t>(0, collected)));
  text += "; counts";
  for (const report::CollectedGeneration& generation : summary.generations) {
    text += &generation == &summary.generations[0] ? " " : ", ";
    text += std::to_string(generation.count) + "/" + std::to_string(generation.threshold);
  }
  return text;
}

std::string heading_line(std::size_t width) {
  Cells titles;
  std::ranges::transform(kColumns, titles.begin(), &Column::title);
  const std::string line = cells_text(titles, width);
  return line + report::shortened("grew most", width - std::min(width, report::width_of(line))) +
         '\n';
}

std::string look_line(const Watch& watch, std::size_t width) {
  using report::format_bytes;
  const Look& look = *watch.look();
  std::int64_t since_start = 0;
  std::int64_t since_last = 0;
  for (const TypeRow& row : watch.types().rows(TypeOrder::kBytes)) {
    since_start += row.bytes_since_start;
    since_last += row.bytes_since_last;
  }
  std::string line =
      cells_text({clock_text(look.sample.time), format_bytes(look.sample.memory.rss),
                  format_bytes(look.sample.memory.uss), report::with_separators(look.heap.objects),
                  format_bytes(look.heap.bytes), report::signed_bytes(since_start),
                  report::signed_bytes(since_last)},
                 width);
  line += fastest(watch.types(), width - std::min(width, report::width_of(line)));
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

}  // namespace ouro::watch
