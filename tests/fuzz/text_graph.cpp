// Reads any bytes as an edge list and as DOT, decompressed where they begin like gzip or zstd. What
// stands at the borders of blocks must not matter: each is read whole and in blocks of a few bytes,
// and both must be the same graph or the same error.
#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/targets.hpp"
#include "text/dot.hpp"
#include "text/edge_list.hpp"
#include "text/input.hpp"
#include "text/nearest_names.hpp"
#include "text/plain_graph.hpp"
#include "text/reached.hpp"
#include "text/sniff.hpp"

namespace ouro::fuzz {

namespace {

using text::BlockLimits;
using text::Input;
using text::PlainGraph;

using Reader = Result<PlainGraph> (*)(Input&, Progress*);

/// The names and edges of a graph, or what is wrong.
std::string answer(Reader read, std::string_view bytes, BlockLimits limits) {
  Result<Input> input = Input::of_bytes("fuzz", std::string(bytes), limits);
  if (!input) return input.error().to_string();
  const Result<PlainGraph> graph = read(*input, nullptr);
  if (!graph) return graph.error().to_string();
  std::string text;
  for (text::NodeIndex node = 0; node < graph->node_count(); ++node) {
    const std::string name = graph->name(node);
    require(graph->find(name) == node, "a node is found by its name");
    text += name + '\n';
    for (const text::NodeIndex target : graph->targets_of(node)) {
      require(target < graph->node_count(), "an edge leads to a node");
      text += std::to_string(target) + ' ';
    }
  }
  if (graph->node_count() > 0) {
    const text::NodeIndex root = 0;
    const text::ReachedNodes reached = text::reached_from(*graph, {&root, 1});
    const auto rest = text::unreachable(*graph, {&root, 1});
    require(reached.count() + rest.size() == graph->node_count(), "a node is reached or not");
  }
  text +=
      text::no_such_node_message(*graph, bytes.substr(0, std::min<std::size_t>(8, bytes.size())));
  return text;
}

}  // namespace

void text_graph(std::string_view bytes) {
  Result<Input> input = Input::of_bytes("fuzz", std::string(bytes));
  if (input) {
    const auto first = input->peek();
    if (first) text::sniff(*first);
  }
  for (const Reader read : {Reader(text::read_edge_list), Reader(text::read_dot)}) {
    const std::string whole = answer(read, bytes, {});
    // A compressed megabyte in blocks of 3 bytes takes too long.
    if (whole.size() > 100'000) continue;
    require(answer(read, bytes, {.first_bytes = 1, .other_bytes = 3}) == whole,
            "blocks make no difference");
  }
}

}  // namespace ouro::fuzz
