#include "analysis/garbage.hpp"

#include <gtest/gtest.h>

#include <set>

#include "analysis/counted_graphs.hpp"
#include "analysis/edge_matrix.hpp"

namespace ouro::analysis {
namespace {

using graph::HeapGraph;
using graph::NodeIndex;
using test::EdgeMatrix;
using Nodes = std::vector<NodeIndex>;

bool is_candidate(const HeapGraph& graph, NodeIndex node) {
  const graph::NodeFlags flags = graph.flags(node);
  return flags.is_tracked() && !flags.is_frozen() && !flags.is_immortal();
}

std::int64_t gc_refs(const HeapGraph& graph, const EdgeMatrix& traversed, NodeIndex node) {
  auto refs = static_cast<std::int64_t>(graph.reference_count(node));
  for (NodeIndex from = 0; from < graph.node_count(); ++from) {
    if (is_candidate(graph, from)) refs -= traversed[from][node];
  }
  return refs;
}

/// Candidates that no candidate with references from outside reaches, by the closure.
Nodes garbage_by_definition(const HeapGraph& graph) {
  EdgeMatrix traversed = test::edge_matrix(graph, EdgeFilter::kTraversed);
  for (NodeIndex a = 0; a < graph.node_count(); ++a) {
    for (NodeIndex b = 0; b < graph.node_count(); ++b) {
      if (!is_candidate(graph, a) || !is_candidate(graph, b)) traversed[a][b] = 0;
    }
  }
  const auto closure = test::closure_of(traversed);
  Nodes garbage;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    bool is_garbage = is_candidate(graph, node) && gc_refs(graph, traversed, node) == 0;
    for (NodeIndex from = 0; from < graph.node_count(); ++from) {
      if (!is_candidate(graph, from) || gc_refs(graph, traversed, from) == 0) continue;
      if (closure[from][node]) is_garbage = false;
    }
    if (is_garbage) garbage.push_back(node);
  }
  return garbage;
}

/// The least set: all that has references, all of them from garbage and the set. Grown until
/// nothing changes.
Nodes held_by(const HeapGraph& graph, const Nodes& garbage) {
  const EdgeMatrix owned = test::edge_matrix(graph, EdgeFilter::kOwned);
  std::set<NodeIndex> dead(garbage.begin(), garbage.end());
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (NodeIndex node = 0; node < graph.node_count(); ++node) {
      if (dead.contains(node) || graph.flags(node).is_immortal()) continue;
      std::uint64_t references = 0;
      for (const NodeIndex from : dead) references += owned[from][node];
      if (references == 0 || references < graph.reference_count(node)) continue;
      // Fewer counts than references: it died at the reference that took the last count.
      if (graph.reference_count(node) == 0) continue;
      dead.insert(node);
      has_changed = true;
    }
  }
  for (const NodeIndex node : garbage) dead.erase(node);
  return {dead.begin(), dead.end()};
}

TEST(Garbage, IsWhatTheFiveStepsLeave) {
  std::size_t graphs_with_garbage = 0;
  std::size_t graphs_with_errors = 0;
  test::for_counted_graphs(6000, [&](const HeapGraph& graph) {
    const Garbage found = find_garbage(graph);
    const Nodes expected = garbage_by_definition(graph);
    EXPECT_EQ(found.garbage.nodes, expected);
    EXPECT_EQ(found.held_by_garbage.nodes, held_by(graph, expected));
    const EdgeMatrix traversed = test::edge_matrix(graph, EdgeFilter::kTraversed);
    Nodes negative;
    for (NodeIndex node = 0; node < graph.node_count(); ++node) {
      if (is_candidate(graph, node) && gc_refs(graph, traversed, node) < 0) {
        negative.push_back(node);
      }
    }
    Nodes errors;
    for (const NegativeCount& error : found.errors) errors.push_back(error.node);
    EXPECT_EQ(errors, negative);
    graphs_with_garbage += !expected.empty();
    graphs_with_errors += !negative.empty();
  });
  EXPECT_GT(graphs_with_garbage, 500u);
  EXPECT_GT(graphs_with_errors, 100u);
}

TEST(Garbage, TakesWithItWhatNobodyElseHolds) {
  const test::NamedGraph named = test::graph_of(R"(
    a: Node 40
    text: str 60
    a -> b
    b -> a
    a -> text
    text -> inner
    a -> shared
    b -> shared
    live -> shared
    text untracked
    inner untracked
    shared untracked
    root live
  )");
  const Garbage found = find_garbage(named.graph);
  EXPECT_EQ(found.garbage.nodes, (Nodes{named["a"], named["b"]}));
  EXPECT_EQ(found.garbage.size_bytes, 56u);
  EXPECT_EQ(found.held_by_garbage.nodes, (Nodes{named["text"], named["inner"]}));
  EXPECT_EQ(found.held_by_garbage.size_bytes, 76u);
  EXPECT_EQ(found.candidate_count, 3u);
  EXPECT_TRUE(found.errors.empty());
}

TEST(Garbage, AnUntrackedHolderIsOutside) {
  const test::NamedGraph named = test::graph_of(R"(
    a -> b
    b -> a
    holder -> a
    holder untracked
  )");
  EXPECT_TRUE(find_garbage(named.graph).garbage.nodes.empty());
}

TEST(Garbage, NeedsCounts) {
  graph::Columns columns;
  EXPECT_TRUE(find_garbage(HeapGraph(columns, nullptr)).garbage.nodes.empty());
}

}  // namespace
}  // namespace ouro::analysis
