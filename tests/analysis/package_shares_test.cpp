#include "analysis/package_shares.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "graph/graph_builder.hpp"
#include "support/graph_text.hpp"
#include "support/random.hpp"

namespace ouro::analysis {
namespace {

using graph::HeapGraph;
using graph::NodeIndex;
using graph::RootKind;

/// Module "p<n>" of each of the first nodes, roots of locals and C code, and references at random.
HeapGraph random_program(test::Random& random) {
  graph::GraphBuilder builder;
  const auto dict = builder.add_type("builtins", "dict");
  const auto modules = static_cast<NodeIndex>(1 + random.below(4));
  const auto nodes = static_cast<NodeIndex>(modules + random.below(12));
  for (NodeIndex node = 0; node < nodes; ++node) {
    builder.add_node({.address = 0x1000 + 16ull * node, .type = dict, .size_bytes = 1ull << node});
  }
  for (NodeIndex node = 0; node < modules; ++node) {
    // p1 and p1.inner are one package.
    const std::string name = "p" + std::to_string(node / 2) + (node % 2 == 0 ? "" : ".inner");
    builder.add_root(node, RootKind::kGlobal, "module " + name, 1);
  }
  for (std::size_t edge = random.below(24); edge > 0; --edge) {
    const auto from = static_cast<NodeIndex>(random.below(nodes));
    const auto to = static_cast<NodeIndex>(random.below(nodes));
    builder.add_edge(from, to, graph::EdgeMeaning::kItem, "", edge);
  }
  for (std::size_t root = random.below(4); root > 0; --root) {
    const auto node = static_cast<NodeIndex>(random.below(nodes));
    builder.add_root(node, random.once_in(2) ? RootKind::kLocal : RootKind::kOutside, "x", 1);
  }
  return std::move(builder).build();
}

/// What these nodes lead to without passing through a module's.
std::set<NodeIndex> reached(const HeapGraph& graph, std::vector<NodeIndex> queue,
                            const std::map<NodeIndex, std::string>& package_by_module) {
  std::set<NodeIndex> seen(queue.begin(), queue.end());
  while (!queue.empty()) {
    const NodeIndex node = queue.back();
    queue.pop_back();
    for (auto edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
      const NodeIndex target = graph.target(edge);
      if (package_by_module.contains(target) || !seen.insert(target).second) continue;
      queue.push_back(target);
    }
  }
  return seen;
}

using Bytes = std::map<std::string, std::uint64_t>;

/// Whose each node is, by a search from each package.
Bytes expected_bytes(const HeapGraph& graph) {
  std::map<NodeIndex, std::string> package_by_module;
  std::map<std::string, std::vector<NodeIndex>> starts;
  std::vector<NodeIndex> rest;
  for (const graph::Root& root : graph.roots()) {
    const std::string name(graph.string(root.name));
    if (root.kind != RootKind::kGlobal) continue;
    package_by_module[root.node] = name.substr(7, 2);
    starts[name.substr(7, 2)].push_back(root.node);
  }
  for (const graph::Root& root : graph.roots()) {
    if (package_by_module.contains(root.node)) continue;
    if (root.kind == RootKind::kLocal) starts["locals"].push_back(root.node);
    if (root.kind == RootKind::kOutside) rest.push_back(root.node);
  }
  std::map<NodeIndex, std::set<std::string>> owners;
  for (const auto& [owner, nodes] : starts) {
    for (const NodeIndex node : reached(graph, nodes, package_by_module))
      owners[node].insert(owner);
  }
  for (const auto& [module, package] : package_by_module) owners[module] = {package};
  for (const NodeIndex node : reached(graph, rest, package_by_module)) {
    if (!owners.contains(node)) owners[node] = {"rest"};
  }
  Bytes bytes;
  for (const auto& [node, names] : owners) {
    bytes[names.size() == 1 ? *names.begin() : "shared"] += graph.size_bytes(node);
  }
  return bytes;
}

Bytes found_bytes(const HeapGraph& graph) {
  Bytes bytes;
  for (const PackageShare& share : package_shares(graph)) {
    const std::string name = share.kind == ShareKind::kShared   ? "shared"
                             : share.kind == ShareKind::kLocals ? "locals"
                             : share.kind == ShareKind::kRest   ? "rest"
                                                                : share.package;
    bytes[name] = share.amount.bytes;
  }
  return bytes;
}

TEST(PackageShares, OfRandomProgramsAreWhatASearchFromEachPackageSays) {
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    test::Random random(seed);
    const HeapGraph graph = random_program(random);
    ASSERT_EQ(found_bytes(graph), expected_bytes(graph)) << seed << '\n' << test::to_text(graph);
  }
}

TEST(PackageShares, OfAGraphWithoutModulesAreNone) {
  EXPECT_TRUE(package_shares(test::graph_of("a -> b\n root a").graph).empty());
}

/// module app -> Connection -> class Connection, of app; module json refers to the class, too.
TEST(PackageShares, LeaveClassesToTheirModules) {
  graph::GraphBuilder builder;
  const auto dict = builder.add_type("builtins", "dict");
  const auto connection = builder.add_type("app", "Connection");
  const auto app = builder.add_node({.address = 16, .type = dict, .size_bytes = 1});
  const auto json = builder.add_node({.address = 32, .type = dict, .size_bytes = 10});
  const auto object = builder.add_node({.address = 48, .type = connection, .size_bytes = 100});
  const auto type = builder.add_node({.address = 64,
                                      .type = dict,
                                      .size_bytes = 1000,
                                      .flags = graph::NodeFlags(graph::NodeFlags::kIsType)});
  builder.set_type_node(connection, type);
  builder.add_edge(app, object, graph::EdgeMeaning::kValue, "'c'");
  builder.add_edge(object, type, graph::EdgeMeaning::kType);
  builder.add_edge(json, type, graph::EdgeMeaning::kValue, "'t'");
  builder.add_root(app, RootKind::kGlobal, "module app", 1);
  builder.add_root(json, RootKind::kGlobal, "module json.decoder", 1);
  EXPECT_EQ(found_bytes(std::move(builder).build()), (Bytes{{"app", 1101}, {"json", 10}}));
}

}  // namespace
}  // namespace ouro::analysis
