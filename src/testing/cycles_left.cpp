#include "testing/cycles_left.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <ouro/gc.hpp>
#include "analysis/cycles.hpp"
#include "analysis/reachability.hpp"
#include "base/sort_stably.hpp"
#include "capture/heap_capture.hpp"

namespace ouro::testing {

namespace {

/// Objects that are kept by no one but gc::garbage(), from `first` on.
class KeptGarbage {
 public:
  KeptGarbage() : first_(gc::garbage().size()), debug_(gc::get_debug()) {
    gc::set_debug(debug_ | gc::DEBUG_SAVEALL);
    count_ = gc::collect();
    gc::set_debug(debug_);
  }
  KeptGarbage(const KeptGarbage&) = delete;
  KeptGarbage& operator=(const KeptGarbage&) = delete;
  ~KeptGarbage() {
    // A test that debugs with DEBUG_SAVEALL wants to see them.
    if ((debug_ & gc::DEBUG_SAVEALL) != 0 || count_ == 0) return;
    std::vector<Ref<void>>& all = gc::garbage();
    // They leave the list before they go: a destructor may look at it.
    std::vector<Ref<void>> going(std::make_move_iterator(all.begin() + offset()),
                                 std::make_move_iterator(all.end()));
    all.resize(first_);
    gc::collect(std::move(going));
  }

  std::size_t count() const { return count_; }

  std::vector<std::uint64_t> addresses() const {
    std::vector<std::uint64_t> sorted;
    for (auto kept = gc::garbage().begin() + offset(); kept != gc::garbage().end(); ++kept) {
      sorted.push_back(reinterpret_cast<std::uint64_t>(kept->get()));
    }
    std::ranges::sort(sorted);
    return sorted;
  }

 private:
  std::ptrdiff_t offset() const { return static_cast<std::ptrdiff_t>(first_); }

  std::size_t first_;
  unsigned debug_;
  std::size_t count_ = 0;
};

std::vector<CyclesLeft> shapes_among(const std::vector<std::uint64_t>& kept) {
  const graph::HeapGraph heap = capture::capture_heap(detail::heap_to_look_at());
  const analysis::Components components(heap);
  const analysis::Cycles cycles =
      analysis::find_cycles(heap, components, analysis::reachable_from_roots(heap));
  std::vector<CyclesLeft> left(cycles.shapes.size());
  std::vector<bool> is_seen(components.count());
  for (graph::NodeIndex node = 0; node < heap.node_count(); ++node) {
    if (!components.is_on_cycle(node) || !std::ranges::binary_search(kept, heap.address(node))) {
      continue;
    }
    const analysis::ComponentIndex component = components.of(node);
    CyclesLeft& shape = left[cycles.shape_by_component[component]];
    ++shape.objects;
    if (!is_seen[component]) ++shape.groups;
    is_seen[component] = true;
  }
  for (std::size_t at = 0; at < left.size(); ++at) {
    const std::vector<analysis::CycleStep>& steps = cycles.shapes[at].steps;
    left[at].shape = analysis::to_string(steps);
    left[at].make_weak = steps.back().type + steps.back().reference;
  }
  std::erase_if(left, [](const CyclesLeft& shape) { return shape.objects == 0; });
  sort_stably(left, std::ranges::greater(), &CyclesLeft::objects);
  return left;
}

}  // namespace

CyclesFound collect_cycles() {
  const KeptGarbage kept;
  if (kept.count() == 0) return {};
  return {shapes_among(kept.addresses()), kept.count()};
}

}  // namespace ouro::testing
