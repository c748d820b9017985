// What the tests of this folder share: reading a text, and a graph as comparable data.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include <ouro/base/result.hpp>

#include "text/dot.hpp"
#include "text/edge_list.hpp"
#include "text/input.hpp"
#include "text/plain_graph.hpp"

namespace ouro::test {

using graph::NodeIndex;
using text::BlockLimits;
using text::Input;
using text::PlainGraph;

/// Names in order of first mention; edges by source in that order, then in input order.
struct Content {
  std::vector<std::string> nodes;
  std::vector<std::pair<std::string, std::string>> edges;

  bool operator==(const Content&) const = default;
};

inline Content content_of(const PlainGraph& graph) {
  Content content;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    content.nodes.push_back(graph.name(node));
    for (const NodeIndex target : graph.targets_of(node)) {
      content.edges.emplace_back(graph.name(node), graph.name(target));
    }
  }
  return content;
}

inline std::string to_text(const Content& content) {
  std::string text;
  for (const std::string& node : content.nodes) text += node + "\n";
  for (const auto& [from, to] : content.edges) text += from + " -> " + to + "\n";
  return text;
}

inline Result<PlainGraph> edge_list(std::string text, BlockLimits limits = {}) {
  Result<Input> input = Input::of_bytes("edges.txt", std::move(text), limits);
  if (!input) return input.error();
  return text::read_edge_list(*input);
}

inline Result<PlainGraph> dot(std::string text, BlockLimits limits = {}) {
  Result<Input> input = Input::of_bytes("graph.dot", std::move(text), limits);
  if (!input) return input.error();
  return text::read_dot(*input);
}

/// The content, or the error, as text: what tests of one line compare.
inline std::string outcome(const Result<PlainGraph>& graph) {
  return graph ? to_text(content_of(*graph)) : "error: " + graph.error().to_string();
}

}  // namespace ouro::test
