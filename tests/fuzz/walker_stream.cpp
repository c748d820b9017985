#include "fuzz/targets.hpp"
#include "python/heap/read_capture.hpp"
#include "support/graph_walk.hpp"
#include "support/memory_file.hpp"

namespace ouro::fuzz {

void walker_stream(std::string_view bytes) {
  const test::MemoryFile file(bytes);
  const auto heap = python::heap::read_capture(file.descriptor());
  if (!heap) {
    require(!heap.error().message.empty(), "an error says what is wrong");
    return;
  }
  const graph::HeapGraph& graph = heap->graph;
  require(graph.node_count() == heap->end.node_count, "all objects are there");
  require(graph.edge_begins().back() == graph.edge_count(), "all references are there");
  for (const graph::NodeIndex target : graph.all_targets()) {
    require(target < graph.node_count(), "every reference leads to an object");
  }
  for (const graph::Root& root : graph.roots()) {
    require(root.node < graph.node_count(), "every root is an object");
  }
  test::everything_of(graph);
}

}  // namespace ouro::fuzz
