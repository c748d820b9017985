#include "analysis/scattered.hpp"

#include <gtest/gtest.h>

#include "graph/graph_builder.hpp"

namespace ouro::analysis {
namespace {

using graph::GraphBuilder;
using graph::HeapGraph;
using graph::NodeIndex;

/// module __main__ -> registry, a list -> holders of a type -> requests, 10 bytes each.
struct Registry {
  GraphBuilder builder;
  graph::TypeIndex list = builder.add_type("", "list");
  graph::TypeIndex request = builder.add_type("__main__", "Request");
  NodeIndex registry = graph::kNoNode;

  Registry() {
    const auto names = builder.add_node({.type = builder.add_type("", "dict")});
    builder.add_root(names, graph::RootKind::kGlobal, "module __main__", 1);
    registry = builder.add_node({.type = list});
    builder.add_edge(names, registry, graph::EdgeMeaning::kValue, "'registry'");
  }
  void add_holders(int count, graph::TypeIndex type, int requests,
                   graph::EdgeMeaning meaning = graph::EdgeMeaning::kItem) {
    for (int at = 0; at < count; ++at) {
      const NodeIndex holder = builder.add_node({.type = type, .size_bytes = 1});
      builder.add_edge(registry, holder, graph::EdgeMeaning::kItem);
      for (int of = 0; of < requests; ++of) {
        builder.add_edge(holder, builder.add_node({.type = request, .size_bytes = 10}), meaning);
      }
    }
  }
  std::vector<Scattered> found(std::uint64_t fewest) {
    const HeapGraph graph = std::move(builder).build();
    const DominatorTree tree = dominators(graph);
    return find_scattered(
        graph, ShortestPaths::from_roots(graph), tree, DominatorOrder(tree), TypeOrigins(graph),
        [](auto, auto) { return false; }, fewest);
  }
};

TEST(Scattered, AreObjectsThatManyListsHoldTogether) {
  Registry heap;
  heap.add_holders(7, heap.list, 5);
  heap.add_holders(3, heap.builder.add_type("__main__", "Odd"), 2);
  const NodeIndex first = heap.registry + 1;
  const auto found = heap.found(35);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].type, heap.request);
  EXPECT_EQ(found[0].holder_type, heap.list);
  EXPECT_EQ(found[0].holder_count, 7u);
  EXPECT_EQ(found[0].holder, first);
  EXPECT_EQ(found[0].amount.count, 35u);
  EXPECT_EQ(found[0].amount.bytes, 350u);
}

TEST(Scattered, AreNotFewNorInOnePlace) {
  Registry few;
  few.add_holders(7, few.list, 5);
  EXPECT_TRUE(few.found(36).empty());
  Registry one;
  one.add_holders(1, one.list, 50);
  EXPECT_TRUE(one.found(10).empty());
}

TEST(Scattered, MayBeOfListsOfWhichSomeAreVariables) {
  Registry heap;
  heap.add_holders(50, heap.list, 1);
  heap.builder.add_root(heap.registry + 1, graph::RootKind::kLocal, "local argument", 1);
  EXPECT_EQ(heap.found(50).size(), 1u);
}

TEST(Scattered, AreNoPartsOfObjects) {
  Registry parts;
  parts.add_holders(50, parts.builder.add_type("__main__", "Connection"), 2,
                    graph::EdgeMeaning::kAttribute);
  EXPECT_TRUE(parts.found(10).empty());
  Registry collected;
  collected.add_holders(50, collected.builder.add_type("__main__", "Requests"), 2);
  EXPECT_EQ(collected.found(10).size(), 1u);
}

// request .children list [0] request .children list ...
TEST(Scattered, AreNoTree) {
  for (const bool has_lists : {false, true}) {
    Registry tree;
    std::vector<NodeIndex> level{tree.registry};
    for (int depth = 0; depth < 8; ++depth) {
      std::vector<NodeIndex> next;
      for (NodeIndex above : level) {
        if (has_lists && depth > 0) {
          const NodeIndex children = tree.builder.add_node({.type = tree.list});
          tree.builder.add_edge(above, children, graph::EdgeMeaning::kAttribute, "children");
          above = children;
        }
        for (int of = 0; of < 2; ++of) {
          next.push_back(tree.builder.add_node({.type = tree.request}));
          tree.builder.add_edge(above, next.back(), graph::EdgeMeaning::kItem);
        }
      }
      level = next;
    }
    EXPECT_TRUE(tree.found(100).empty());
  }
}

}  // namespace
}  // namespace ouro::analysis
