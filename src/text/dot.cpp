#include "text/dot.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "text/dot_lexer.hpp"
#include "text/plain_graph_builder.hpp"
#include "text/quote.hpp"

namespace ouro::text {
namespace {

using Nodes = std::vector<NodeIndex>;

// A tree in one array, so that neither walking nor freeing it needs a stack.
struct Subgraph {
  Nodes members;  // as often as they are mentioned; without those of the children
  std::vector<std::uint32_t> children;
};

constexpr std::uint32_t kRoot = 0;

// Nodes, or a subgraph: what that has at the end of the statement.
struct Endpoint {
  Nodes nodes = {};
  std::uint32_t subgraph = kRoot;
};

// A subgraph being read, and how far its statement is.
struct Level {
  std::uint32_t subgraph;
  std::uint64_t line;
  std::uint64_t column;
  std::vector<Endpoint> chain = {};  // the statement's so far
  bool awaits_endpoint = false;      // an edge operator was read
};

std::string found(const DotToken& token) {
  switch (token.kind) {
    case DotTokenKind::kEnd:
      return "the end of the file";
    case DotTokenKind::kSymbol:
      return "'" + token.text + "'";
    default:
      return quoted(token.text);
  }
}

// The grammar, of which the functions below are named:
//
//   graph      strict? (graph | digraph) name? { statement* }
//   statement  ((graph | node | edge) attributes | name = name | endpoint (edgeop endpoint)*
//              attributes?) ;?
//   endpoint   node (, node)* | (subgraph name?)? { statement* }
//   node       name (: name (: name)?)?
//   attributes ([ (name (= name)? (; | ,)?)* ])*
class DotReader {
 public:
  DotReader(Input& input, Progress* progress) : lexer_(input, progress), progress_(progress) {}

  Result<PlainGraph> read() {
    if (!next() || !read_header()) return error_;
    while (!levels_.empty()) {
      if (!read_statement()) return error_;
    }
    if (token().kind != DotTokenKind::kEnd) {
      fail("expected the end of the file behind the graph, found " + found(token()) +
           "; one graph is read from a file");
      return error_;
    }
    return std::move(builder_).build(progress_);
  }

 private:
  // All of these return whether there was no error.
  bool next() {
    const std::optional<Error> error = lexer_.advance();
    if (error) error_ = *error;
    return !error;
  }
  bool fail(std::string message) {
    error_ = lexer_.error(std::move(message));
    return false;
  }
  bool expect(std::string_view what) {
    return fail("expected " + std::string(what) + ", found " + found(token()));
  }
  DotToken& token() { return lexer_.token(); }
  bool is_name() { return token().kind == DotTokenKind::kName; }

  bool read_header() {
    if (token().is_keyword("strict")) {
      builder_.merge_parallel_edges();
      if (!next()) return false;
    }
    is_directed_ = token().is_keyword("digraph");
    if (!is_directed_ && !token().is_keyword("graph")) return expect("'digraph' or 'graph'");
    if (!next()) return false;
    if (is_name() && !next()) return false;
    if (!token().is("{")) return expect("'{'");
    levels_.push_back({kRoot, token().line, token().column});
    return next();
  }

  // Reads to the end of a statement, to behind an edge operator, or into or out of a subgraph.
  bool read_statement() {
    if (levels_.back().awaits_endpoint) return read_endpoint();
    const DotToken& first = token();
    if (first.is(";")) return next();
    if (first.is("}")) return close_subgraph();
    if (first.is("{") || first.is_keyword("subgraph")) return open_subgraph();
    if (first.kind == DotTokenKind::kName) return read_names();
    if (first.is_keyword("graph") || first.is_keyword("node") || first.is_keyword("edge")) {
      return next() && (token().is("[") ? skip_attributes() : expect("'[' with attributes"));
    }
    if (first.kind == DotTokenKind::kEnd) return fail_unclosed();
    return expect("a node, an edge or '}'");
  }

  bool fail_unclosed() {
    const Level& level = levels_.back();
    return fail("expected '}', found the end of the file; the '{' at line " +
                std::to_string(level.line) + ", column " + std::to_string(level.column) +
                " is not closed");
  }

  // name = name, or nodes.
  bool read_names() {
    std::string name = std::move(token().text);
    if (!next()) return false;
    if (token().is("=")) return next() && (is_name() ? next() : expect("a value behind '='"));
    Nodes nodes;
    if (!read_node(name, nodes)) return false;
    return read_more_nodes(nodes) && finish_endpoint({std::move(nodes)});
  }

  // What stands behind an edge operator.
  bool read_endpoint() {
    if (token().is("{") || token().is_keyword("subgraph")) return open_subgraph();
    if (!is_name()) return expect("a node or a subgraph behind the edge");
    Nodes nodes;
    const std::string name = std::move(token().text);
    return next() && read_node(name, nodes) && read_more_nodes(nodes) &&
           finish_endpoint({std::move(nodes)});
  }

  bool read_more_nodes(Nodes& nodes) {
    while (token().is(",")) {
      if (!next()) return false;
      if (!is_name()) return expect("a node behind ','");
      const std::string name = std::move(token().text);
      if (!next() || !read_node(name, nodes)) return false;
    }
    return true;
  }

  // What follows the node's name is the token.
  bool read_node(const std::string& name, Nodes& nodes) {
    for (int ports = 0; ports < 2 && token().is(":"); ++ports) {
      if (!next()) return false;
      if (!is_name()) return expect("a port behind ':'");
      if (!next()) return false;
    }
    if (!builder_.names().has_room_for(name.size() + 1)) {
      return fail(
          "more does not fit: a graph has at most some 4,290 million nodes, and names of 16 GiB");
    }
    nodes.push_back(builder_.names().add(name));
    const std::uint32_t subgraph = levels_.back().subgraph;
    if (subgraph != kRoot) subgraphs_[subgraph].members.push_back(nodes.back());
    return true;
  }

  // An endpoint is complete: goes on with the chain or ends it.
  bool finish_endpoint(Endpoint endpoint) {
    Level& level = levels_.back();
    level.awaits_endpoint = token().is("->") || token().is("--");
    if (!level.awaits_endpoint && level.chain.empty()) return end_statement();
    level.chain.push_back(std::move(endpoint));
    if (!level.awaits_endpoint) return connect_chain() && end_statement();
    if (token().is("->") != is_directed_) {
      return fail(is_directed_ ? "expected '->', found '--'; edges of a 'digraph' are directed"
                               : "expected '--', found '->'; edges of a 'graph' have no "
                                 "direction, those of a 'digraph' do");
    }
    return next();
  }

  bool end_statement() { return !token().is("[") || skip_attributes(); }

  bool connect_chain() {
    const std::vector<Endpoint> chain = std::exchange(levels_.back().chain, {});
    Nodes left = nodes_of(chain[0]);
    for (std::size_t at = 1; at < chain.size(); ++at) {
      Nodes right = nodes_of(chain[at]);
      if (!connect(left, right)) return false;
      left = std::move(right);
    }
    return true;
  }

  bool connect(const Nodes& left, const Nodes& right) {
    const std::uint64_t room = (kMostEdges - builder_.edge_count()) / 2;
    if (!left.empty() && right.size() > room / left.size()) {
      return fail("the edges between these subgraphs are more than a graph can have");
    }
    for (const NodeIndex from : left) {
      for (const NodeIndex to : right) {
        builder_.add_edge(from, to);
        if (!is_directed_ && from != to) builder_.add_edge(to, from);
      }
    }
    return true;
  }

  bool open_subgraph() {
    std::string name;
    if (token().is_keyword("subgraph")) {
      if (!next()) return false;
      if (is_name()) {
        name = std::move(token().text);
        if (!next()) return false;
      }
      if (!token().is("{")) return expect("'{'");
    }
    levels_.push_back({subgraph_named(name), token().line, token().column});
    return next();
  }

  // Of the open subgraph's children: one that is known by the name, or a new one.
  std::uint32_t subgraph_named(const std::string& name) {
    const std::uint32_t parent = levels_.back().subgraph;
    const auto subgraph = static_cast<std::uint32_t>(subgraphs_.size());
    if (!name.empty()) {
      const auto [known, is_new] =
          subgraph_by_parent_and_name_.try_emplace({parent, name}, subgraph);
      if (!is_new) return known->second;
    }
    subgraphs_.emplace_back();
    subgraphs_[parent].children.push_back(subgraph);
    return subgraph;
  }

  bool close_subgraph() {
    if (!next()) return false;
    const std::uint32_t closed = levels_.back().subgraph;
    levels_.pop_back();
    if (levels_.empty()) return true;
    return finish_endpoint({{}, closed});
  }

  // A subgraph's each once, in the order of their first mention.
  Nodes nodes_of(const Endpoint& endpoint) const {
    if (endpoint.subgraph == kRoot) return endpoint.nodes;
    Nodes nodes;
    std::vector<std::uint32_t> open = {endpoint.subgraph};
    while (!open.empty()) {
      const Subgraph& next = subgraphs_[open.back()];
      open.pop_back();
      nodes.insert(nodes.end(), next.members.begin(), next.members.end());
      open.insert(open.end(), next.children.begin(), next.children.end());
    }
    std::ranges::sort(nodes);
    nodes.erase(std::ranges::unique(nodes).begin(), nodes.end());
    return nodes;
  }

  bool skip_attributes() {
    while (token().is("[")) {
      const std::string place =
          "line " + std::to_string(token().line) + ", column " + std::to_string(token().column);
      if (!next()) return false;
      while (!token().is("]")) {
        if (token().kind == DotTokenKind::kEnd) {
          return fail("expected ']', found the end of the file; the '[' at " + place +
                      " is not closed");
        }
        if (!skip_attribute()) return false;
      }
      if (!next()) return false;
    }
    return true;
  }

  bool skip_attribute() {
    if (!is_name()) return expect("an attribute or ']'");
    if (!next()) return false;
    if (token().is("=")) {
      if (!next()) return false;
      if (!is_name()) return expect("a value behind '='");
      if (!next()) return false;
    }
    return !(token().is(",") || token().is(";")) || next();
  }

  DotLexer lexer_;
  Progress* progress_;
  PlainGraphBuilder builder_;
  Error error_{ErrorCode::kCorrupt, {}, {}};
  bool is_directed_ = true;
  std::vector<Level> levels_;
  std::vector<Subgraph> subgraphs_{1};  // the root's members are not kept: nothing asks for them
  std::map<std::pair<std::uint32_t, std::string>, std::uint32_t> subgraph_by_parent_and_name_;
};

}  // namespace

Result<PlainGraph> read_dot(Input& input, Progress* progress) {
  return DotReader(input, progress).read();
}

}  // namespace ouro::text
