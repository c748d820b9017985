#include "analysis/short_cycle.hpp"

#include <algorithm>
#include <numeric>

namespace ouro::analysis {

namespace {

/// A step from one start to the next that meets all nodes, spread over the component from the
/// first on: near the golden section, without a common divisor.
std::uint32_t stride_of(std::uint32_t node_count) {
  auto stride = static_cast<std::uint32_t>(node_count * 0.618);
  if (stride == 0) return 1;
  while (std::gcd(stride, node_count) != 1) ++stride;
  return stride;
}

}  // namespace

ShortCycle ShortCycleSearch::find(const ComponentGraph& component) {
  const std::uint32_t nodes = component.node_count();
  if (last_search_.size() < nodes) last_search_.resize(nodes);
  std::fill_n(last_search_.begin(), nodes, 0u);
  search_ = 0;
  steps_ = 0;
  shortest_ = std::size_t{nodes} + 1;
  tally_by_form_.clear();
  const std::uint32_t stride = stride_of(nodes);
  std::uint64_t start = 0;
  std::uint32_t searched = 0;
  for (; searched < nodes && (searched == 0 || steps_ < most_steps_); ++searched) {
    find_through(component, static_cast<std::uint32_t>(start));
    start = (start + stride) % nodes;
  }
  ShortCycle cycle = most_frequent();
  cycle.is_shortest = searched == nodes || cycle.edges.size() == 1;
  return cycle;
}

/// The shortest cycle through the start, unless it is longer than the shortest so far.
bool ShortCycleSearch::find_through(const ComponentGraph& component, std::uint32_t start) {
  ++search_;
  last_search_[start] = search_;
  found_.assign(1, {start, 0, 0});
  std::uint32_t place = 0;
  for (std::size_t depth = 1; depth <= shortest_; ++depth) {
    // Those found one step nearer: an edge from them to the start closes a cycle of `depth` edges.
    const auto end = static_cast<std::uint32_t>(found_.size());
    if (place == end) return false;
    for (; place < end; ++place) {
      if (expand(component, start, place)) return true;
    }
  }
  return false;
}

/// Whether an edge leads back to the start.
bool ShortCycleSearch::expand(const ComponentGraph& component, std::uint32_t start,
                              std::uint32_t place) {
  const std::uint32_t node = found_[place].node;
  for (std::uint32_t edge = component.begins[node]; edge < component.begins[node + 1]; ++edge) {
    ++steps_;
    const std::uint32_t target = component.edges[edge].target;
    if (target == start) {
      take(component, place, edge);
      return true;
    }
    if (last_search_[target] == search_) continue;
    last_search_[target] = search_;
    found_.push_back({target, place, edge});
  }
  return false;
}

void ShortCycleSearch::take(const ComponentGraph& component, std::uint32_t place,
                            std::uint32_t closing_edge) {
  cycle_.assign(1, closing_edge);
  for (; place != 0; place = found_[place].before) cycle_.push_back(found_[place].edge);
  std::ranges::reverse(cycle_);
  steps_ += cycle_.size();
  if (cycle_.size() < shortest_) tally_by_form_.clear();
  shortest_ = cycle_.size();

  std::vector<EdgeClass> classes;
  classes.reserve(cycle_.size());
  for (const std::uint32_t edge : cycle_) classes.push_back(component.edges[edge].edge_class);
  const auto order = static_cast<std::uint32_t>(tally_by_form_.size());
  const auto [found, is_new] = tally_by_form_.try_emplace(form_of(classes));
  ++found->second.times;
  if (!is_new) return;
  found->second.order = order;
  const auto first = static_cast<std::ptrdiff_t>(least_rotation(classes));
  std::ranges::rotate(cycle_, cycle_.begin() + first);
  found->second.edges = cycle_;
}

ShortCycle ShortCycleSearch::most_frequent() const {
  const auto best = std::ranges::max_element(tally_by_form_, [](const auto& a, const auto& b) {
    if (a.second.times != b.second.times) return a.second.times < b.second.times;
    return a.second.order > b.second.order;
  });
  return {best->second.edges, best->first, true};
}

}  // namespace ouro::analysis
