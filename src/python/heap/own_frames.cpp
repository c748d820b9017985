#include "python/heap/own_frames.hpp"

#include <algorithm>

#include "graph/edge_kind.hpp"
#include "python/heap/python_objects.hpp"
#include "python/heap/root_names.hpp"

namespace ouro::python::heap {

namespace {

void subtract(AssembledHeap& heap, graph::NodeIndex node, std::uint32_t references) {
  const bool counts = !graph::NodeFlags(heap.flags[node]).is_immortal();
  if (counts && heap.counts[node] >= references) heap.counts.subtract(node, references);
}

void let_go_of_references(AssembledHeap& heap, graph::NodeIndex frame) {
  for (graph::EdgeIndex edge = heap.edge_begins[frame]; edge != heap.edge_begins[frame + 1];
       ++edge) {
    const auto kind = graph::EdgeKind::from_byte(heap.kinds[edge]);
    // Its class stays its class.
    if (kind.is_weak() || kind.meaning() == graph::EdgeMeaning::kType) continue;
    heap.kinds[edge] = graph::EdgeKind(kind.meaning(), graph::EdgeKind::kWeak).byte();
    subtract(heap, heap.targets[edge], 1);
  }
}

}  // namespace

void take_out_own_frames(AssembledHeap& heap) {
  const graph::StringIndex name = heap.strings.add(kOwnFrame);
  std::vector<graph::Root> kept;
  std::vector<graph::NodeIndex> frames;
  {
    const graph::HeapGraph graph = heap.view();
    const PythonObjects objects(graph);
    for (const graph::Root& root : heap.roots) {
      if (root.name == name && objects.type_name(root.node) == "frame") frames.push_back(root.node);
    }
  }
  for (const graph::Root& root : heap.roots) {
    const bool is_frame = std::ranges::find(frames, root.node) != frames.end();
    if (root.name != name || is_frame) {
      kept.push_back(root);
    } else {
      subtract(heap, root.node, root.references);
    }
  }
  heap.roots = std::move(kept);
  std::ranges::sort(frames);
  frames.erase(std::ranges::unique(frames).begin(), frames.end());
  for (const graph::NodeIndex frame : frames) let_go_of_references(heap, frame);
}

}  // namespace ouro::python::heap
