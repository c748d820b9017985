#include "text/nearest_names.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "support/random.hpp"
#include "text/text_graph.hpp"

namespace ouro::test {
namespace {

using Names = std::vector<std::string>;

PlainGraph graph_of_names(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += name + "\n";
  return std::move(edge_list(text)).value();
}

Names nearest(const Names& names, const std::string& wanted, std::size_t count = 3) {
  return text::nearest_names(graph_of_names(names), wanted, count);
}

TEST(NearestNames, FindsASwapALossAnAdditionAndAReplacement) {
  EXPECT_EQ(nearest({"Other", "Main"}, "Mian"), Names{"Main"});
  EXPECT_EQ(nearest({"Other", "Main"}, "Man"), Names{"Main"});
  EXPECT_EQ(nearest({"Other", "Main"}, "Maiin"), Names{"Main"});
  EXPECT_EQ(nearest({"Other", "Main"}, "main"), Names{"Main"});
}

TEST(NearestNames, PutsTheNearestFirstAndThoseOfOneDistanceInInputOrder) {
  EXPECT_EQ(nearest({"Connektor", "Connections", "Connectiom", "Connectio"}, "Connection"),
            (Names{"Connections", "Connectiom", "Connectio"}));
  EXPECT_EQ(nearest({"Connektor", "Connections"}, "Connection", 1), Names{"Connections"});
}

TEST(NearestNames, CountsCharactersNotBytes) {
  EXPECT_EQ(nearest({"内存管理"}, "内存管里"), Names{"内存管理"});
  EXPECT_EQ(nearest({"Größe"}, "Grösse"), Names{"Größe"});
  EXPECT_EQ(nearest({"ab"}, "öb"), Names{"ab"});
}

TEST(NearestNames, LooksPastTheCaseOfLetters) {
  EXPECT_EQ(nearest({"Mein", "main"}, "MAIN"), (Names{"main", "Mein"}));
  EXPECT_EQ(nearest({"main"}, "Mian"), Names{"main"});
  EXPECT_EQ(nearest({"MAIN", "Main", "mains"}, "main", 2), (Names{"MAIN", "Main"}));
}

TEST(NearestNames, OffersNothingThatIsFarAway) {
  EXPECT_EQ(nearest({"abc", "Dungeon", "123456"}, "Main"), Names{});
  EXPECT_EQ(nearest({}, "Main"), Names{});
  EXPECT_EQ(nearest({"a"}, ""), Names{});
  EXPECT_EQ(nearest({"Main"}, "Mian", 0), Names{});
}

TEST(NearestNames, FindsNumbersAsWell) {
  EXPECT_EQ(nearest({"9", "12345", "1243", "12435"}, "1234"), (Names{"12345", "1243"}));
}

TEST(NearestNames, WritesAMessageThatHelps) {
  EXPECT_EQ(text::no_such_node_message(graph_of_names({"Main"}), "Mian"),
            "there is no node `Mian`; did you mean `Main`?");
  EXPECT_EQ(text::no_such_node_message(graph_of_names({"Main", "Mina"}), "Mian"),
            "there is no node `Mian`; did you mean `Main` or `Mina`?");
  EXPECT_EQ(text::no_such_node_message(graph_of_names({"Main", "Mina", "Miau"}), "Mian"),
            "there is no node `Mian`; did you mean `Main`, `Mina` or `Miau`?");
  EXPECT_EQ(text::no_such_node_message(graph_of_names({"Dungeon"}), "Mian"),
            "there is no node `Mian`");
}

// The definition of optimal string alignment, with a map as its table.
std::size_t naive_distance(const std::string& a, const std::string& b) {
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> d;
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      std::size_t best = i == 0 && j == 0 ? 0 : 1000;
      if (i > 0) best = std::min(best, d[{i - 1, j}] + 1);
      if (j > 0) best = std::min(best, d[{i, j - 1}] + 1);
      if (i > 0 && j > 0) best = std::min(best, d[{i - 1, j - 1}] + (a[i - 1] != b[j - 1] ? 1 : 0));
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        best = std::min(best, d[{i - 2, j - 2}] + 1);
      }
      d[{i, j}] = best;
    }
  }
  return d[{a.size(), b.size()}];
}

Names naive_nearest(const Names& names, const std::string& wanted, std::size_t count) {
  std::multimap<std::size_t, std::string> name_by_steps;  // keeps the order of equals
  for (const std::string& name : names) {
    const std::size_t steps = naive_distance(wanted, name);
    if (steps <= std::max<std::size_t>(1, std::max(name.size(), wanted.size()) / 3)) {
      name_by_steps.emplace(steps, name);
    }
  }
  Names nearest;
  for (const auto& [steps, name] : name_by_steps) {
    if (nearest.size() < count) nearest.push_back(name);
  }
  return nearest;
}

TEST(NearestNames, AgreeWithTheDefinitionOnRandomNames) {
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    Random random(seed);
    const auto random_name = [&] {
      std::string name;
      for (std::size_t size = 1 + random.below(9); size > 0; --size) {
        name += static_cast<char>('a' + random.below(3));
      }
      return name;
    };
    Names names;
    for (std::size_t at = random.below(12); at > 0; --at) {
      std::string name = random_name();
      if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
    }
    const std::string wanted = random_name();
    if (std::ranges::find(names, wanted) != names.end()) continue;
    const std::size_t count = 1 + random.below(4);
    EXPECT_EQ(nearest(names, wanted, count), naive_nearest(names, wanted, count))
        << "seed " << seed << ", wanted " << wanted;
  }
}

}  // namespace
}  // namespace ouro::test
