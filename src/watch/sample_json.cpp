#include "watch/sample_json.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>

#include "watch/words.hpp"

namespace ouro::watch {

namespace {

using report::Json;

double in_milliseconds(std::chrono::nanoseconds time) {
  return static_cast<double>(time.count() / 1000) / 1000;
}

std::int64_t whole(double number) {
  return std::llround(number);
}

Json types_json(const TypeGrowth& types, std::size_t most) {
  std::vector<TypeRow> rows = types.rows(TypeOrder::kBytes);
  if (most != 0 && rows.size() > most) {
    // What grows is shown, however small it is beside the rest.
    std::ranges::partial_sort(rows.begin() + static_cast<std::ptrdiff_t>(most / 2),
                              rows.begin() + static_cast<std::ptrdiff_t>(most), rows.end(),
                              std::ranges::greater{}, &TypeRow::bytes_since_start);
    rows.resize(most);
    std::ranges::sort(rows, [](const TypeRow& a, const TypeRow& b) {
      return a.bytes != b.bytes ? a.bytes > b.bytes : a.type < b.type;
    });
  }
  Json json = Json::array();
  for (const TypeRow& row : rows) {
    json.push_back({{"type", row.type},
                    {"objects", row.objects},
                    {"bytes", row.bytes},
                    {"objects_since_start", row.objects_since_start},
                    {"bytes_since_start", row.bytes_since_start},
                    {"objects_since_last", row.objects_since_last},
                    {"bytes_since_last", row.bytes_since_last}});
  }
  return json;
}

Json verdict_json(const Verdict& verdict) {
  Json grown = Json::array();
  for (const TypeGrowth::Grown& one : verdict.grown) {
    grown.push_back({{"type", one.type}, {"objects", one.objects}, {"bytes", one.bytes}});
  }
  return {{"is", word_of(verdict.is)},
          {"seconds", whole(verdict.seconds)},
          {"bytes", whole(verdict.bytes)},
          {"object_bytes", whole(verdict.object_bytes)},
          {"bytes_a_second", whole(verdict.bytes_a_second)},
          {"grown", grown},
          {"sentence", sentence_of(verdict)}};
}

Json collector_json(const Watch& watch) {
  const auto summary = watch.collector();
  if (!summary) return nullptr;
  Json generations = Json::array();
  for (const report::CollectedGeneration& generation : summary->generations) {
    generations.push_back({{"threshold", generation.threshold},
                           {"count", generation.count},
                           {"collections", generation.collections},
                           {"collected", generation.collected},
                           {"uncollectable", generation.uncollectable},
                           {"collections_watched", generation.collections_watched},
                           {"collected_watched", generation.collected_watched},
                           {"paused_s", generation.paused_seconds}});
  }
  return {{"enabled", summary->is_enabled},
          {"share", summary->paused_seconds() / std::max(summary->watched_seconds, 1e-9)},
          {"generations", generations}};
}

}  // namespace

std::string time_text(std::chrono::system_clock::time_point time) {
  const auto since = time.time_since_epoch();
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(since).count();
  const auto seconds = static_cast<std::time_t>(milliseconds / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char day[32];
  char text[48];
  std::strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text, sizeof(text), "%s.%03dZ", day, static_cast<int>(milliseconds % 1000));
  return text;
}

Json look_json(const Watch& watch, std::size_t most_types) {
  const Look& look = *watch.look();
  const MemoryInfo& memory = look.sample.memory;
  return {{"time", time_text(look.sample.time)},
          {"elapsed_s", static_cast<double>(whole(look.sample.seconds * 1000)) / 1000},
          {"process", watch.target().process.pid()},
          {"python", look.heap.python_version},
          {"memory",
           {{"rss_bytes", memory.rss},
            {"uss_bytes", memory.uss},
            {"pss_bytes", memory.pss},
            {"swap_bytes", memory.swap}}},
          {"objects", look.heap.objects},
          {"object_bytes", look.heap.bytes},
          {"type_count", look.heap.types.size()},
          {"types", types_json(watch.types(), most_types)},
          {"cost",
           {{"pause_ms", in_milliseconds(look.heap.pause)},
            {"stood_still_ms", in_milliseconds(look.heap.stood_still)},
            {"clone_cpu_ms", in_milliseconds(look.heap.clone_cpu)},
            {"own_cpu_ms", in_milliseconds(look.own_cpu)},
            {"page_faults", look.page_faults},
            {"took_ms", in_milliseconds(look.heap.took)},
            {"share", static_cast<double>(whole(watch.cost_share() * 1e5)) / 1e5}}},
          {"collecting", look.heap.was_collecting},
          {"collector", collector_json(watch)},
          {"verdict", verdict_json(watch.verdict())}};
}

}  // namespace ouro::watch
