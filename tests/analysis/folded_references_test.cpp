// Folding, against a fold by hand of the edges as a list; FoldedReferences against the folded
// graph.
#include "analysis/folded_references.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "analysis/fold_namespaces.hpp"
#include "analysis/paths_of_holders.hpp"
#include "base/sort_stably.hpp"
#include "graph/graph_builder.hpp"
#include "support/random.hpp"

namespace ouro::analysis {
namespace {

using graph::EdgeKind;
using graph::EdgeMeaning;
using graph::HeapGraph;
using graph::NodeIndex;

struct Edge {
  NodeIndex source;
  NodeIndex target;
  EdgeMeaning meaning;
  bool is_weak;
  std::string name;
};

struct Drawn {
  std::vector<bool> is_dict;
  std::vector<Edge> edges;  ///< by source
  std::vector<NodeIndex> roots;
};

/// Objects and dicts; some dicts are namespaces, some of them shared, some of them roots, some of
/// an object that has two.
Drawn draw(test::Random& random) {
  Drawn drawn;
  const auto count = static_cast<NodeIndex>(1 + random.below(14));
  for (NodeIndex node = 0; node < count; ++node) drawn.is_dict.push_back(random.below(2) == 0);
  const std::size_t edges = random.below(3 * count);
  for (std::size_t at = 0; at < edges; ++at) {
    Edge edge{static_cast<NodeIndex>(random.below(count)),
              static_cast<NodeIndex>(random.below(count)), EdgeMeaning::kAttribute,
              random.below(6) == 0, "field"};
    if (random.below(3) == 0) edge.name = "__dict__";
    if (drawn.is_dict[edge.source] && random.below(4) != 0) {
      edge.meaning = random.below(3) == 0 ? EdgeMeaning::kKey : EdgeMeaning::kValue;
      edge.name = random.below(4) == 0 ? std::to_string(at) : "'k" + std::to_string(at) + "'";
    }
    drawn.edges.push_back(edge);
  }
  sort_stably(drawn.edges, {}, &Edge::source);
  for (std::size_t at = random.below(4); at > 0; --at) {
    drawn.roots.push_back(static_cast<NodeIndex>(random.below(count)));
  }
  return drawn;
}

HeapGraph built(const Drawn& drawn) {
  graph::GraphBuilder builder;
  const auto object = builder.add_type("app", "Thing");
  const auto dict = builder.add_type("builtins", "dict");
  for (const bool is_dict : drawn.is_dict) builder.add_node({.type = is_dict ? dict : object});
  for (const Edge& edge : drawn.edges) {
    builder.add_edge(edge.source, edge.target,
                     EdgeKind(edge.meaning, edge.is_weak ? EdgeKind::kWeak : std::uint8_t{0}),
                     edge.name);
  }
  for (const NodeIndex root : drawn.roots) {
    builder.add_root(root, graph::RootKind::kGlobal, "root", 1);
  }
  return std::move(builder).build();
}

/// By the words of fold_namespaces.hpp.
std::vector<Edge> folded_by_hand(const Drawn& drawn) {
  std::map<NodeIndex, NodeIndex> owners;
  for (NodeIndex dict = 0; dict < drawn.is_dict.size(); ++dict) {
    if (!drawn.is_dict[dict] || std::ranges::count(drawn.roots, dict) != 0) continue;
    if (std::ranges::count(drawn.edges, dict, &Edge::target) != 1) continue;
    const Edge& only = *std::ranges::find(drawn.edges, dict, &Edge::target);
    const bool is_namespace = only.name == "__dict__" && !only.is_weak &&
                              only.meaning == EdgeMeaning::kAttribute && only.source != dict;
    if (is_namespace) owners[dict] = only.source;
  }
  std::vector<Edge> own;
  std::vector<Edge> moved;
  for (Edge edge : drawn.edges) {
    const auto owner = owners.find(edge.source);
    const bool moves =
        owner != owners.end() && edge.meaning == EdgeMeaning::kValue && edge.name[0] == '\'';
    if (moves) {
      edge.source = owner->second;
      edge.meaning = EdgeMeaning::kAttribute;
    }
    (moves ? moved : own).push_back(edge);
  }
  own.insert(own.end(), moved.begin(), moved.end());
  sort_stably(own, {}, &Edge::source);
  return own;
}

using Row = std::tuple<NodeIndex, NodeIndex, std::string, bool>;

std::vector<Row> rows_of(const FoldedReferences& references) {
  std::vector<Row> rows;
  const HeapGraph& graph = references.graph();
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    references.for_each(node, [&](graph::EdgeIndex edge) {
      EXPECT_EQ(references.source(edge), node);
      rows.emplace_back(node, graph.target(edge), references.label(edge),
                        graph.kind(edge).is_weak());
    });
  }
  return rows;
}

template <class Check>
void for_random_heaps(Check check) {
  for (std::uint64_t seed = 0; seed < 4000 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    const Drawn drawn = draw(random);
    check(drawn, built(drawn));
  }
}

TEST(FoldNamespaces, MovesWhatAFoldByHandMoves) {
  std::size_t moved = 0;
  for_random_heaps([&](const Drawn& drawn, const HeapGraph& graph) {
    const std::vector<Edge> expected = folded_by_hand(drawn);
    const HeapGraph folded = fold_namespaces(graph);
    ASSERT_EQ(folded.edge_count(), expected.size());
    for (graph::EdgeIndex edge = 0; edge < folded.edge_count(); ++edge) {
      const Edge& one = expected[edge];
      EXPECT_EQ(folded.source(edge), one.source) << "edge " << edge;
      EXPECT_EQ(folded.target(edge), one.target) << "edge " << edge;
      EXPECT_EQ(folded.kind(edge).meaning(), one.meaning) << "edge " << edge;
      EXPECT_EQ(folded.kind(edge).is_weak(), one.is_weak) << "edge " << edge;
      EXPECT_EQ(folded.string(folded.edge_name(edge)), one.name) << "edge " << edge;
      if (graph.source(edge) != one.source) ++moved;
    }
  });
  EXPECT_GT(moved, 300u);  // it tests something
}

TEST(FoldedReferences, AreThoseOfTheFoldedGraph) {
  for_random_heaps([](const Drawn&, const HeapGraph& graph) {
    EXPECT_EQ(rows_of(FoldedReferences::of_namespaces(graph)), rows_of(fold_namespaces(graph)));
  });
}

TEST(FoldedReferences, GiveThePathsOfTheFoldedGraph) {
  const auto words = [](const FoldedReferences& references, const Path& path) {
    std::string text = std::to_string(path.start_index) + ": " + std::to_string(path.start);
    for (const graph::EdgeIndex edge : path.edges) {
      text += references.label(edge) + ' ' + std::to_string(references.graph().target(edge));
    }
    return text;
  };
  for_random_heaps([&](const Drawn&, const HeapGraph& graph) {
    const FoldedReferences in_place = FoldedReferences::of_namespaces(graph);
    const FoldedReferences copied = fold_namespaces(graph);
    for (NodeIndex node = 0; node < graph.node_count(); ++node) {
      for (const std::size_t most : {0u, 1u, 3u, 100u}) {
        const PathsOfHolders found = paths_of_holders(in_place, node, most);
        const PathsOfHolders expected = paths_of_holders(copied, node, most);
        ASSERT_EQ(found.paths.size(), expected.paths.size());
        ASSERT_EQ(found.cycles.size(), expected.cycles.size());
        ASSERT_EQ(found.references.size(), expected.references.size());
        for (std::size_t at = 0; at < found.paths.size(); ++at) {
          EXPECT_EQ(words(in_place, found.paths[at]), words(copied, expected.paths[at]));
        }
        for (std::size_t at = 0; at < found.cycles.size(); ++at) {
          EXPECT_EQ(words(in_place, found.cycles[at]), words(copied, expected.cycles[at]));
        }
        for (std::size_t at = 0; at < found.references.size(); ++at) {
          EXPECT_EQ(in_place.source(found.references[at]), copied.source(expected.references[at]));
          EXPECT_EQ(in_place.label(found.references[at]), copied.label(expected.references[at]));
        }
      }
    }
  });
}

}  // namespace
}  // namespace ouro::analysis
