#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "graph/addresses.hpp"
#include "graph/column.hpp"
#include "graph/graph_builder.hpp"
#include "support/random.hpp"

namespace {

using ouro::graph::OwnedAddresses;
using ouro::graph::OwnedColumn;
using ouro::test::Random;

TEST(Column, GivesBackEveryValueInAnyWidth) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    std::vector<std::uint64_t> values(random.below(200));
    const std::uint64_t usual = std::uint64_t{1} << random.below(64);
    for (auto& value : values) value = random.once_in(20) ? random.next() : random.below(usual);
    const OwnedColumn column{std::span<const std::uint64_t>(values)};
    ASSERT_EQ(column.view().size(), values.size());
    for (std::uint32_t at = 0; at < values.size(); ++at) {
      ASSERT_EQ(column.view()[at], values[at]) << "seed " << seed << ", position " << at;
    }
    column.view().for_each([&](std::uint32_t at, std::uint64_t value) {
      ASSERT_EQ(value, values[at]) << "seed " << seed << ", position " << at;
    });
  }
}

TEST(Column, IsNoWiderThanMostOfItsValues) {
  std::vector<std::uint64_t> values(1000, 56);
  values[500] = 1u << 30;
  EXPECT_EQ((OwnedColumn{std::span<const std::uint64_t>(values)}.view().width()), 1u);
  std::ranges::fill(values, 255);  // what stands for an exception would be one each time
  EXPECT_EQ((OwnedColumn{std::span<const std::uint64_t>(values)}.view().width()), 2u);
}

TEST(Addresses, AreFourBytesEachAndComeBack) {
  Random random(7);
  std::vector<std::uint64_t> addresses;
  for (int at = 0; at < 1000; ++at) {
    const std::uint64_t area = random.once_in(2) ? 0x555555554000 : 0x7ffff7a00000;
    addresses.push_back(area + 8 * random.below(1u << 22));
  }
  const OwnedAddresses owned(addresses);
  EXPECT_EQ(owned.view().places().width(), 4u);
  for (std::uint32_t at = 0; at < addresses.size(); ++at) {
    ASSERT_EQ(owned.view()[at], addresses[at]);
  }
}

TEST(Addresses, MayBeAnything) {
  const std::vector<std::uint64_t> odd{0x1001, 0x555555554003, ~std::uint64_t{0}, 0};
  const OwnedAddresses owned(odd);
  for (std::uint32_t at = 0; at < odd.size(); ++at) EXPECT_EQ(owned.view()[at], odd[at]);
}

TEST(GraphBuilder, KeepsTheOrderOfASourcesEdges) {
  ouro::graph::GraphBuilder builder;
  for (int at = 0; at < 3; ++at) builder.add_node({});
  builder.add_edge(2, 0, {}, "first");
  builder.add_edge(0, 1, {}, "second");
  builder.add_edge(2, 1, {}, "third");
  const auto graph = std::move(builder).build();
  EXPECT_EQ(graph.edge_label(1), ".first");
  EXPECT_EQ(graph.edge_label(2), ".third");
  EXPECT_EQ(graph.target(1), 0u);
  EXPECT_EQ(graph.source(0), 0u);
  EXPECT_EQ(graph.source(1), 2u);
}

}  // namespace
