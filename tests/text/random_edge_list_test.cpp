// Random texts against an implementation that only has to be right: lines, words, std::map.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/random.hpp"
#include "text/reached.hpp"
#include "text/text_graph.hpp"

namespace ouro::test {
namespace {

struct NaiveGraph {
  std::vector<std::string> nodes;
  std::map<std::string, std::vector<std::string>> targets_by_node;
  std::size_t bad_line = 0;  // 0: none

  void mention(const std::string& name) {
    if (targets_by_node.try_emplace(name).second) nodes.push_back(name);
  }
};

// The words of a line, a comma being one, up to a comment.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : line + " ") {
    const bool is_separator = c == ' ' || c == '\t' || c == '\r' || c == ',';
    if (!is_separator && word.empty() && c == '#') return words;
    if (!is_separator) {
      word += c;
      continue;
    }
    if (!word.empty()) words.push_back(std::exchange(word, {}));
    if (c == ',') words.emplace_back(",");
  }
  return words;
}

NaiveGraph naive_edge_list(const std::string& text) {
  NaiveGraph graph;
  std::istringstream lines(text);
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    std::vector<std::string> words = words_of(line);
    if (words.size() == 3 && words[1] == ",") words.erase(words.begin() + 1);
    if (words.size() > 2 || std::ranges::find(words, ",") != words.end()) {
      graph.bad_line = number;
      return graph;
    }
    for (const std::string& word : words) graph.mention(word);
    if (words.size() == 2) graph.targets_by_node[words[0]].push_back(words[1]);
  }
  return graph;
}

Content content_of(const NaiveGraph& graph) {
  Content content{graph.nodes, {}};
  for (const std::string& node : graph.nodes) {
    for (const std::string& target : graph.targets_by_node.at(node)) {
      content.edges.emplace_back(node, target);
    }
  }
  return content;
}

std::vector<std::string> naive_unreachable(const NaiveGraph& graph,
                                           const std::vector<std::string>& roots) {
  std::set<std::string> reached(roots.begin(), roots.end());
  std::vector<std::string> open = roots;
  while (!open.empty()) {
    const std::string node = open.back();
    open.pop_back();
    for (const std::string& target : graph.targets_by_node.at(node)) {
      if (reached.insert(target).second) open.push_back(target);
    }
  }
  std::vector<std::string> nodes;
  for (const std::string& node : graph.nodes) {
    if (!reached.contains(node)) nodes.push_back(node);
  }
  return nodes;
}

class RandomEdgeList {
 public:
  explicit RandomEdgeList(std::uint64_t seed)
      : random_(seed), is_plain_(random_.once_in(3)), may_be_wrong_(random_.once_in(4)) {
    for (std::size_t at = 1 + random_.below(30); at > 0; --at) names_.push_back(name());
  }

  std::string text() {
    std::string text;
    for (std::size_t lines = random_.below(60); lines > 0; --lines) text += line() + line_end();
    if (random_.once_in(3)) text += line();
    return text;
  }

 private:
  std::string number() {
    if (random_.once_in(4)) return std::to_string(random_.next() % 20'000'000'000u);
    if (random_.once_in(4)) return std::to_string(4'294'967'290u + random_.below(10));
    return std::to_string(random_.below(random_.once_in(2) ? 20 : 200'000));
  }
  std::string name() {
    constexpr const char* kParts[] = {"a", "B", "ö", "内", "\"", "-", ".", "_", "#", "0", "7", "<"};
    if (is_plain_ || random_.once_in(2)) return number();
    std::string name = random_.once_in(2) ? "n" : "0";
    for (std::size_t parts = random_.below(12); parts > 0; --parts) {
      name += kParts[random_.below(std::size(kParts))];
    }
    return name;
  }
  std::string any_name() { return names_[random_.below(names_.size())]; }
  std::string blanks() {
    std::string blanks;
    while (random_.once_in(4)) blanks += random_.once_in(2) ? ' ' : '\t';
    return blanks;
  }
  std::string separator() {
    constexpr const char* kSeparators[] = {" ", "\t", ",", ", ", " ,"};
    if (is_plain_) return kSeparators[random_.below(3)];
    return blanks() + kSeparators[random_.below(std::size(kSeparators))] + blanks();
  }
  std::string line() {
    if (may_be_wrong_ && random_.once_in(60)) return any_name() + ",, x";
    if (may_be_wrong_ && random_.once_in(60))
      return any_name() + separator() + "b" + separator() + "c";
    if (is_plain_) return any_name() + separator() + any_name();
    std::string line = blanks();
    if (!random_.once_in(6)) line += any_name();
    if (line.size() > 4 && !random_.once_in(6)) line += separator() + any_name();
    if (random_.once_in(6)) line += " # " + any_name() + separator() + any_name() + " c d";
    return line + blanks();
  }
  std::string line_end() { return random_.once_in(5) ? "\r\n" : "\n"; }

  Random random_;
  bool is_plain_;
  bool may_be_wrong_;
  std::vector<std::string> names_;
};

TEST(RandomEdgeLists, AreReadAsTheNaiveReaderReadsThem) {
  for (std::uint64_t seed = 0; seed < 6'000; ++seed) {
    const std::string text = RandomEdgeList(seed).text();
    SCOPED_TRACE("seed " + std::to_string(seed) + ", text:\n" + text);
    const NaiveGraph naive = naive_edge_list(text);
    Random random(seed);
    const BlockLimits limits{1 + random.below(text.size() + 1), 1 + random.below(64)};
    const Result<PlainGraph> graph = edge_list(text, random.once_in(2) ? limits : BlockLimits());
    if (naive.bad_line != 0) {
      ASSERT_FALSE(graph);
      ASSERT_EQ(graph.error().place, "edges.txt: line " + std::to_string(naive.bad_line));
      continue;
    }
    ASSERT_EQ(outcome(graph), to_text(content_of(naive)));

    std::vector<std::string> roots;
    std::vector<NodeIndex> root_nodes;
    for (const std::string& name : naive.nodes) {
      ASSERT_TRUE(graph->find(name));
      if (!random.once_in(10)) continue;
      roots.push_back(name);
      root_nodes.push_back(*graph->find(name));
    }
    std::vector<std::string> names;
    for (const NodeIndex node : text::unreachable(*graph, root_nodes)) {
      names.push_back(graph->name(node));
    }
    ASSERT_EQ(names, naive_unreachable(naive, roots));
  }
}

TEST(RandomBytes, NeverCrashAReader) {
  constexpr std::string_view kLikely = "ab01239 ,\t\r\n\n#\"{}[]<>-=;:+/*\\\0\xEF\xBB\xBF\x80";
  for (std::uint64_t seed = 0; seed < 6'000; ++seed) {
    Random random(seed);
    std::string bytes = random.once_in(2) ? "digraph {" : "";
    for (std::size_t size = random.below(300); size > 0; --size) {
      bytes += random.once_in(8) ? static_cast<char>(random.next())
                                 : kLikely[random.below(kLikely.size())];
    }
    const BlockLimits limits{1 + random.below(40), 1 + random.below(40)};
    for (const Result<PlainGraph>& graph : {edge_list(bytes, limits), dot(bytes, limits)}) {
      if (graph) {
        EXPECT_LE(graph->node_count(), bytes.size());
      } else {
        EXPECT_FALSE(graph.error().message.empty());
      }
    }
  }
}

}  // namespace
}  // namespace ouro::test
