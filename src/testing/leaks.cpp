#include <ouro/testing/leaks.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include <ouro/gc.hpp>
#include "analysis/diff.hpp"
#include "base/sort_stably.hpp"
#include "capture/heap_capture.hpp"
#include "testing/cycles_left.hpp"
#include "testing/type_counts.hpp"

namespace ouro::testing {

namespace {

constexpr std::size_t kMostPlaces = 3;

std::size_t collected_so_far() {
  std::size_t collected = 0;
  for (const gc::GenerationStats& stats : gc::get_stats()) collected += stats.collected;
  return collected;
}

graph::HeapGraph graph_now() {
  return capture::capture_heap(detail::heap_to_look_at());
}

/// Not "(not reached)".
bool is_reached(const std::string& path) {
  return !path.starts_with('(');
}

void add_bytes(const analysis::Diff& diff, std::vector<LeftAlive>& alive) {
  for (LeftAlive& row : alive) {
    const auto of_type = std::ranges::find(diff.types, row.type, &analysis::TypeGrowth::type);
    if (of_type == diff.types.end() || of_type->growth_count() <= 0) continue;
    row.bytes = of_type->after.bytes / of_type->after.count * row.objects;
  }
}

void add_places(const analysis::Diff& diff, std::vector<LeftAlive>& alive) {
  std::vector<const analysis::PathGrowth*> grown;
  for (const analysis::PathGrowth& path : diff.paths) {
    if (path.growth_count() > 0) grown.push_back(&path);
  }
  sort_stably(grown, std::ranges::greater(),
              [](const analysis::PathGrowth* path) { return path->growth_count(); });
  for (LeftAlive& row : alive) {
    for (const analysis::PathGrowth* path : grown) {
      const bool is_place = path->type == row.type && is_reached(path->path);
      if (is_place && row.held_by.size() < kMostPlaces) row.held_by.push_back(path->path);
    }
  }
}

/// A path that is the beginning of another is shorter: who holds stands before whom it holds.
void sort_by_nearness(std::vector<LeftAlive>& alive) {
  sort_stably(alive, std::ranges::less{}, [](const LeftAlive& row) {
    return row.held_by.empty() ? std::string::npos : row.held_by.front().size();
  });
}

}  // namespace

struct LeakWatch::Memory {
  CountByType counts;
  CountByType counts_of_ended_threads;
  std::size_t collected = 0;
  std::optional<graph::HeapGraph> graph;
};

LeakWatch::LeakWatch(Look look) : memory_(std::make_unique<Memory>()) {
  gc::collect();
  memory_->counts = count_by_type();
  memory_->counts_of_ended_threads = count_of_ended_threads();
  memory_->collected = collected_so_far();
  if (look == Look::kHolders) memory_->graph = graph_now();
}

LeakWatch::~LeakWatch() = default;

Leaks LeakWatch::look() {
  Leaks leaks;
  leaks.collected_meanwhile = collected_so_far() - memory_->collected;
  CyclesFound found = collect_cycles();
  leaks.cycles = std::move(found.cycles);
  leaks.found_by_collector = found.objects;
  for (const auto& [type, more] : growth(memory_->counts, count_by_type())) {
    leaks.alive.push_back({.type = type, .objects = more, .bytes = 0, .held_by = {}});
  }
  if (!memory_->graph || leaks.alive.empty()) return leaks;
  const analysis::Diff diff = analysis::diff(*memory_->graph, graph_now());
  add_bytes(diff, leaks.alive);
  add_places(diff, leaks.alive);
  // Nobody but their holders sees those: no graph has them.
  for (const auto& [type, more] :
       growth(memory_->counts_of_ended_threads, count_of_ended_threads())) {
    const auto row = std::ranges::find(leaks.alive, type, &LeftAlive::type);
    if (row != leaks.alive.end() && row->held_by.empty()) {
      row->held_by.push_back("(left behind by a thread that has ended)");
    }
  }
  sort_by_nearness(leaks.alive);
  return leaks;
}

}  // namespace ouro::testing
