#include "python/heap/held_from_c.hpp"

#include <algorithm>
#include <limits>

#include "graph/edge_kind.hpp"
#include "graph/node_flags.hpp"

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

/// Pointers to objects in static data: sorted by object, then by text.
struct StaticPointer {
  graph::NodeIndex node;
  graph::StringIndex text;

  friend auto operator<=>(const StaticPointer&, const StaticPointer&) = default;
};

std::vector<StaticPointer> static_pointers(const CollectedHeap& collected) {
  std::vector<StaticPointer> pointers;
  for (const CollectedRoot& root : collected.roots) {
    if (static_cast<stream::RootWhat>(root.root.what) == stream::RootWhat::kStaticData) {
      pointers.push_back({root.root.node, root.text});
    }
  }
  std::ranges::sort(pointers);
  return pointers;
}

/// Gives a reference to each pointer to the node, as far as they go. Returns how many are left.
std::uint64_t add_static_roots(const std::vector<StaticPointer>& pointers, graph::NodeIndex node,
                               std::uint64_t references, std::vector<graph::Root>& roots) {
  auto pointer = std::ranges::lower_bound(pointers, node, {}, &StaticPointer::node);
  const std::size_t first = roots.size();
  for (; pointer != pointers.end() && pointer->node == node && references > 0; ++pointer) {
    --references;
    if (roots.size() > first && roots.back().name == pointer->text) {
      ++roots.back().references;
    } else {
      roots.push_back({node, graph::RootKind::kOutside, pointer->text, 1});
    }
  }
  return references;
}

}  // namespace

std::uint64_t add_roots_of_counts(const CollectedHeap& collected, AssembledHeap& heap) {
  const std::vector<StaticPointer> pointers = static_pointers(collected);
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
      const std::uint64_t left = add_static_roots(pointers, node, count - known[node], heap.roots);
      if (left == 0) return;
      heap.roots.push_back({node, graph::RootKind::kOutside,
                            is_interned ? c_code_of_interned : c_code,
                            static_cast<std::uint32_t>(std::min(left, kMost))});
    } else {
      below += count < known[node];
    }
  });
  heap.roots.insert(heap.roots.end(), immortals.begin(), immortals.end());
  return below;
}

}  // namespace ouro::python::heap
