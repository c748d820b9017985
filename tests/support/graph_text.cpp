#include "support/graph_text.hpp"

#include <sstream>
#include <stdexcept>

namespace ouro::test {

namespace {

using graph::EdgeKind;
using graph::EdgeMeaning;
using graph::GraphBuilder;
using graph::NodeFlags;
using graph::NodeIndex;
using graph::RootKind;

struct EdgeText {
  std::string from;
  std::string to;
  bool is_weak;
  std::string label;
};

struct NodeText {
  std::string type = "Node";
  std::uint64_t size_bytes = 16;
  std::optional<std::uint64_t> count;
  bool is_tracked = true;
};

class Parser {
 public:
  explicit Parser(std::string_view text) {
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) read_line(line);
  }

  NamedGraph build() {
    GraphBuilder builder;
    std::vector<std::uint64_t> counts(names_.size(), 0);
    for (const EdgeText& edge : edges_) {
      if (!edge.is_weak) ++counts[index_.at(edge.to)];
    }
    for (const std::string& root : roots_) ++counts[index_.at(root)];
    for (std::size_t at = 0; at < names_.size(); ++at) {
      const NodeText& node = nodes_[at];
      builder.add_node({.address = 0x10000 + 32 * at,
                        .type = builder.add_type("", node.type),
                        .size_bytes = node.size_bytes,
                        .reference_count = node.count.value_or(counts[at]),
                        .flags = node.is_tracked ? NodeFlags::tracked() : NodeFlags()});
    }
    for (const EdgeText& edge : edges_) add_edge(builder, edge);
    for (const std::string& root : roots_) {
      builder.add_root(index_.at(root), RootKind::kNamed, root, 1);
    }
    return {std::move(builder).build(), index_, names_};
  }

 private:
  void read_line(const std::string& line) {
    std::istringstream words(line);
    std::string first;
    std::string second;
    if (!(words >> first)) return;
    if (first == "root") {
      while (words >> second) {
        node(second);
        roots_.push_back(second);
      }
      return;
    }
    if (first.back() == ':') {
      NodeText& row = nodes_[node(first.substr(0, first.size() - 1))];
      words >> row.type >> row.size_bytes;
      return;
    }
    NodeText& row = nodes_[node(first)];
    if (!(words >> second)) return;
    if (second == "count") {
      std::uint64_t count = 0;
      words >> count;
      row.count = count;
    } else if (second == "untracked") {
      row.is_tracked = false;
    } else if (second == "->" || second == "~>") {
      EdgeText edge{first, "", second == "~>", ""};
      words >> edge.to >> edge.label;
      node(edge.to);
      edges_.push_back(edge);
    } else {
      throw std::invalid_argument("graph_of cannot read: " + line);
    }
  }

  std::size_t node(const std::string& name) {
    const auto [found, is_new] = index_.try_emplace(name, static_cast<NodeIndex>(names_.size()));
    if (is_new) {
      names_.push_back(name);
      nodes_.emplace_back();
    }
    return found->second;
  }

  void add_edge(GraphBuilder& builder, const EdgeText& edge) {
    std::string name = edge.label;
    if (!name.empty() && name.front() == '.') name.erase(0, 1);
    EdgeMeaning meaning = EdgeMeaning::kAttribute;
    std::uint64_t index = 0;
    if (const std::size_t open = name.find('['); open != std::string::npos) {
      meaning = EdgeMeaning::kItem;
      index = std::stoull(name.substr(open + 1));
      name.erase(open + 1, name.find(']') - open - 1);
    }
    builder.add_edge(index_.at(edge.from), index_.at(edge.to),
                     EdgeKind(meaning, edge.is_weak ? EdgeKind::kWeak : std::uint8_t{0}), name,
                     index);
  }

  std::unordered_map<std::string, NodeIndex> index_;
  std::vector<std::string> names_;
  std::vector<NodeText> nodes_;
  std::vector<EdgeText> edges_;
  std::vector<std::string> roots_;
};

bool happens(Random& random, std::size_t one_in) {
  return one_in != 0 && random.once_in(one_in);
}

}  // namespace

NamedGraph graph_of(std::string_view text) {
  return Parser(text).build();
}

graph::HeapGraph random_graph(Random& random, const RandomGraphOptions& options) {
  GraphBuilder builder;
  const std::size_t nodes = options.node_count;
  for (std::size_t at = 0; at < nodes; ++at) {
    const auto type = std::to_string(random.below(options.type_count));
    builder.add_node(
        {.address = 0x10000 + 16 * at,
         .type = builder.add_type("", "T" + type),
         .size_bytes = 16 + 8 * random.below(8),
         .flags = happens(random, options.untracked_one_in) ? NodeFlags() : NodeFlags::tracked()});
  }
  if (nodes == 0) return std::move(builder).build();
  std::vector<std::uint64_t> counts(nodes, 0);
  for (std::size_t at = 0; at < options.edge_count; ++at) {
    const auto from = static_cast<NodeIndex>(random.below(nodes));
    const auto to = static_cast<NodeIndex>(random.below(nodes));
    std::uint8_t properties = 0;
    if (happens(random, options.not_traversed_one_in)) properties = EdgeKind::kNotTraversed;
    if (happens(random, options.weak_one_in)) properties = EdgeKind::kWeak;
    const std::string name = "f" + std::to_string(random.below(3));
    builder.add_edge(from, to, EdgeKind(EdgeMeaning::kAttribute, properties), name);
    if ((properties & EdgeKind::kWeak) == 0) ++counts[to];
  }
  for (std::size_t at = 0; at < options.root_count; ++at) {
    const auto node = static_cast<NodeIndex>(random.below(nodes));
    builder.add_root(node, RootKind::kOutside, "", 1);
    ++counts[node];
  }
  for (std::size_t at = 0; at < nodes; ++at) {
    builder.set_reference_count(static_cast<NodeIndex>(at), counts[at]);
  }
  return std::move(builder).build();
}

std::string to_text(const graph::HeapGraph& graph) {
  std::string text;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    if (graph.targets(node).empty()) continue;
    text += std::to_string(node) + " ->";
    for (graph::EdgeIndex edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
      text += graph.kind(edge).is_weak() ? " ~" : " ";
      text += std::to_string(graph.target(edge));
    }
    text += "; ";
  }
  text += "roots";
  for (const graph::Root& root : graph.roots()) text += ' ' + std::to_string(root.node);
  return text;
}

}  // namespace ouro::test
