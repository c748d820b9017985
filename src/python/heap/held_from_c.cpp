#include "python/heap/held_from_c.hpp"

#include <algorithm>
#include <limits>

#include "graph/edge_kind.hpp"
#include "graph/node_flags.hpp"
#include "python/heap/collected_heap.hpp"

namespace ouro::python::heap {

namespace {

GrowingArray<std::uint32_t> known_references(const AssembledHeap& heap) {
  GrowingArray<std::uint32_t> known;
  known.extend(heap.node_count());
  for (std::size_t edge = 0; edge < heap.targets.size(); ++edge) {
    known[heap.targets[edge]] += graph::EdgeKind::from_byte(heap.kinds[edge]).is_owned();
  }
  for (const graph::Root& root : heap.roots) known[root.node] += root.references;
  return known;
}

}  // namespace

std::uint64_t add_roots_of_counts(AssembledHeap& heap) {
  const GrowingArray<std::uint32_t> known = known_references(heap);
  const graph::StringIndex interned = heap.strings.add("interned string");
  const graph::StringIndex immortal = heap.strings.add("immortal");
  const graph::StringIndex c_code = heap.strings.add("C code");
  const graph::StringIndex c_code_of_interned = heap.strings.add("C code, interned string");
  std::uint64_t below = 0;
  std::vector<graph::Root> immortals;
  const graph::Column counts = heap.counts.view();
  counts.for_each([&](graph::NodeIndex node, std::uint64_t count) {
    const bool is_interned = (heap.flags[node] & kInternedFlag) != 0;
    heap.flags[node] &= static_cast<std::uint8_t>(~kInternedFlag);
    if (graph::NodeFlags(heap.flags[node]).is_immortal()) {
      immortals.push_back({node, graph::RootKind::kImmortal, is_interned ? interned : immortal, 0});
    } else if (count > known[node]) {
      constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
      heap.roots.push_back({node, graph::RootKind::kOutside,
                            is_interned ? c_code_of_interned : c_code,
                            static_cast<std::uint32_t>(std::min(count - known[node], kMost))});
    } else {
      below += count < known[node];
    }
  });
  heap.roots.insert(heap.roots.end(), immortals.begin(), immortals.end());
  return below;
}

}  // namespace ouro::python::heap
