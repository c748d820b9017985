#include "analysis/reverse_edges.hpp"

#include <gtest/gtest.h>

#include "analysis/edge_matrix.hpp"
#include "support/random_graphs.hpp"

namespace ouro::analysis {
namespace {

using graph::HeapGraph;
using graph::NodeIndex;

std::vector<NodeIndex> to_vector(std::span<const NodeIndex> nodes) {
  return {nodes.begin(), nodes.end()};
}

TEST(ReverseEdges, AreThoseOfTheMatrixReadByColumns) {
  test::for_random_graphs(2000, [](const HeapGraph& graph, test::Random&) {
    for (const EdgeFilter filter : test::kAllFilters) {
      const test::EdgeMatrix matrix = test::edge_matrix(graph, filter);
      const ReverseEdges reverse(graph, filter);
      ASSERT_EQ(reverse.begins().size(), graph.node_count() + 1);
      for (NodeIndex target = 0; target < graph.node_count(); ++target) {
        std::vector<NodeIndex> expected;
        for (NodeIndex source = 0; source < graph.node_count(); ++source) {
          expected.insert(expected.end(), matrix[source][target], source);
        }
        EXPECT_EQ(to_vector(reverse.sources(target)), expected) << "target " << target;
        EXPECT_EQ(reverse.in_degree(target), expected.size());
      }
    }
  });
}

TEST(ReverseEdges, AnEmptyGraphHasNone) {
  const ReverseEdges reverse(graph::GraphBuilder().build(), EdgeFilter::kAll);
  EXPECT_EQ(reverse.begins().size(), 1u);
}

TEST(EdgesBetween, FindsEachOfSeveralReferences) {
  const test::NamedGraph named = test::graph_of(R"(
    a -> b .first
    a -> c .other
    a -> b .second
    a ~> b .weak
  )");
  const auto labels = [&](EdgeFilter filter) {
    std::vector<std::string> found;
    for (const auto edge : edges_between(named.graph, named["a"], named["b"], filter)) {
      found.push_back(named.graph.edge_label(edge));
    }
    return found;
  };
  EXPECT_EQ(labels(EdgeFilter::kOwned), (std::vector<std::string>{".first", ".second"}));
  EXPECT_EQ(labels(EdgeFilter::kAll), (std::vector<std::string>{".first", ".second", ".weak"}));
}

class CountingProgress : public Progress {
 public:
  void begin(std::string_view, std::uint64_t total) override { total_ = total; }
  void advance(std::uint64_t done) override {
    EXPECT_LE(done, total_);
    ++calls_;
  }
  std::uint64_t calls() const { return calls_; }

 private:
  std::uint64_t total_ = 0;
  std::uint64_t calls_ = 0;
};

TEST(ReverseEdges, SaysHowFarItIsSomeHundredTimes) {
  graph::GraphBuilder builder;
  for (int node = 0; node < 100'000; ++node) builder.add_node({});
  CountingProgress progress;
  const ReverseEdges reverse(std::move(builder).build(), EdgeFilter::kAll, &progress);
  EXPECT_GT(progress.calls(), 100u);
  EXPECT_LE(progress.calls(), 1000u);
}

}  // namespace
}  // namespace ouro::analysis
