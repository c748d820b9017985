#include "watch/lines.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "report/table.hpp"
#include "report/units.hpp"

namespace ouro::watch {

namespace {

constexpr const char* kFormat = "%-8s %9s %9s %11s %9s %11s %11s  %s";

std::string clock_text(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char text[16];
  std::strftime(text, sizeof(text), "%H:%M:%S", &parts);
  return text;
}

template <class... Words>
std::string line_of(std::size_t width, const Words&... words) {
  char text[512];
  std::snprintf(text, sizeof(text), kFormat, words...);
  std::string line(text);
  // The name at the end is what gives way, from its end: it is the longest, and no more than a
  // hint.
  while (report::width_of(line) > width) line.pop_back();
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

/// The class that grew most since the start.
std::string fastest(const TypeGrowth& types) {
  const auto rows = types.rows(TypeOrder::kGrowth);
  if (rows.empty() || rows[0].bytes_since_start <= 0) return {};
  return std::string(rows[0].type.substr(0, 200)) + ' ' +
         report::signed_number(rows[0].objects_since_start);
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
  return line_of(width, "time", "rss", "uss", "objects", "size", "since start", "since last",
                 "grew most");
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
  return line_of(width, clock_text(look.sample.time).c_str(),
                 format_bytes(look.sample.memory.rss).c_str(),
                 format_bytes(look.sample.memory.uss).c_str(),
                 report::with_separators(look.heap.objects).c_str(),
                 format_bytes(look.heap.bytes).c_str(), report::signed_bytes(since_start).c_str(),
                 report::signed_bytes(since_last).c_str(), fastest(watch.types()).c_str());
}

}  // namespace ouro::watch
