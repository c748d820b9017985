// What Graphviz's own reader says of the same files: random ones of the whole grammar. Skipped
// where it is not installed.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/random.hpp"
#include "text/text_graph.hpp"

namespace ouro::test {
namespace {

class RandomDot {
 public:
  explicit RandomDot(std::uint64_t seed) : random_(seed), is_directed_(!random_.once_in(3)) {}

  std::string text() {
    text_ = random_.once_in(4) ? "strict " : "";
    text_ += is_directed_ ? "digraph " : "graph ";
    if (random_.once_in(2)) text_ += "\"the name\"";
    body(3);
    return text_ + "\n";
  }

 private:
  void body(std::size_t depth) {
    text_ += "{" + blank();
    for (std::size_t statements = random_.below(5); statements > 0; --statements) {
      statement(depth);
      text_ += random_.once_in(3) ? ";\n" : "\n";
    }
    text_ += "}";
  }
  void statement(std::size_t depth) {
    if (random_.once_in(8)) {
      text_ += "node [shape=box, style=\"bold\"; x=1.5][y=2]";
      return;
    }
    if (random_.once_in(8)) {
      text_ += "rankdir = \"L\" + \"R\"";
      return;
    }
    endpoint(depth);
    bool is_edge = false;
    while (random_.once_in(2)) {
      text_ += blank() + (is_directed_ ? "->" : "--") + blank();
      endpoint(depth);
      is_edge = true;
    }
    if (is_edge && random_.once_in(4)) text_ += " [label=\"a ] b\" weight=2]";
  }
  void endpoint(std::size_t depth) {
    if (depth == 0 || !random_.once_in(3)) return nodes();
    if (random_.once_in(2)) text_ += random_.once_in(2) ? "subgraph " : "subgraph s";
    body(depth - 1);
  }
  void nodes() {
    text_ += name();
    if (random_.once_in(6)) text_ += random_.once_in(2) ? ":port" : ":port:ne";
    if (random_.once_in(6)) text_ += "," + blank() + name();
  }
  std::string name() {
    constexpr const char* kNames[] = {"a",       "b",          "c",        "1",     "2.50",
                                      "\"x y\"", "\"q\\\"q\"", "\"1\"",    "größe", "\"a\" + \"b\"",
                                      "_z9",     "\"\\\\n\"",  "\"node\"", "-3",    "\"\""};
    return kNames[random_.below(std::size(kNames))];
  }
  std::string blank() {
    constexpr const char* kBlanks[] = {" ", "  ", "\n", "\t", " /* -> */ ", " // {\n", "\n# x\n"};
    return kBlanks[random_.below(std::size(kBlanks))];
  }

  Random random_;
  bool is_directed_;
  std::string text_;
};

bool has_gvpr() {
  return std::system("command -v gvpr > /dev/null 2>&1") == 0;
}

std::string output_of(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string output;
  std::array<char, 4096> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), got);
  }
  EXPECT_EQ(pclose(pipe), 0) << command;
  return output;
}

// Nodes and edges of a graph, each on a line, sorted: Graphviz walks edges in an order of its own.
std::string sorted_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  std::ranges::sort(lines);
  std::string sorted;
  for (const std::string& line : lines) sorted += line + "\n";
  return sorted;
}

std::string as_graphviz_says(const PlainGraph& graph, bool is_directed) {
  std::string text;
  const Content content = content_of(graph);
  for (const std::string& node : content.nodes) text += "node " + node + "\n";
  for (const auto& [from, to] : content.edges) {
    // Of the two ways of an undirected edge, the one that is not the smaller is left out.
    if (is_directed || from <= to) text += "edge " + from + " | " + to + "\n";
  }
  return sorted_lines(text);
}

TEST(Graphviz, SaysTheSameOfRandomGraphs) {
  if (!has_gvpr()) GTEST_SKIP() << "gvpr is not installed (package graphviz)";
  const std::string program =
      "BEG_G { printf(\"graph\\n\"); }"
      "N { printf(\"node %s\\n\", $.name); }"
      "E { string a = $.tail.name; string b = $.head.name; string c;"
      "    if ($G.directed == 0 && a > b) { c = a; a = b; b = c; }"
      "    printf(\"edge %s | %s\\n\", a, b); }";
  constexpr std::uint64_t kGraphs = 400;
  const std::string path =
      (std::filesystem::temp_directory_path() / ("ouro_dot_" + std::to_string(getpid()))).string();
  {
    std::ofstream file(path, std::ios::binary);
    for (std::uint64_t seed = 0; seed < kGraphs; ++seed) file << RandomDot(seed).text();
  }
  std::string said = output_of("gvpr '" + program + "' '" + path + "' 2>/dev/null");
  std::filesystem::remove(path);
  for (std::uint64_t seed = 0; seed < kGraphs; ++seed) {
    const std::string text = RandomDot(seed).text();
    SCOPED_TRACE("seed " + std::to_string(seed) + ", text:\n" + text);
    ASSERT_TRUE(said.starts_with("graph\n"));
    said.erase(0, 6);
    const std::size_t end = std::min(said.find("graph\n"), said.size());
    const Result<PlainGraph> graph = dot(text);
    ASSERT_TRUE(graph) << graph.error().to_string();
    const bool is_directed = text.find("digraph") != std::string::npos;
    ASSERT_EQ(as_graphviz_says(*graph, is_directed), sorted_lines(said.substr(0, end)));
    said.erase(0, end);
  }
}

}  // namespace
}  // namespace ouro::test
