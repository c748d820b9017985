#include "report/accumulated_words.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/utf8.hpp"
#include "report/units.hpp"

namespace ouro::report {

namespace {

using analysis::LeakSuspect;
using analysis::TypeOrigin;
using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

constexpr std::size_t kMostMembers = 1000;

struct Noun {
  std::string_view type;
  std::string_view plural;
};
constexpr std::array<Noun, 8> kNouns{{{"function", "functions"},
                                      {"method", "bound methods"},
                                      {"type", "classes"},
                                      {"generator", "unfinished generators"},
                                      {"coroutine", "unfinished coroutines"},
                                      {"async_generator", "unfinished asynchronous generators"},
                                      {"traceback", "tracebacks"},
                                      {"frame", "frames"}}};

/// What the node refers to of the suspect's type, each once.
std::vector<NodeIndex> members_of(const HeapGraph& graph, const LeakSuspect& suspect) {
  std::vector<NodeIndex> members;
  std::unordered_set<NodeIndex> seen;
  for (EdgeIndex edge = graph.edges_begin(suspect.node); edge < graph.edges_end(suspect.node);
       ++edge) {
    const NodeIndex target = graph.target(edge);
    if (graph.type(target) != suspect.type || !graph.kind(edge).is_owned()) continue;
    if (!seen.insert(target).second) continue;
    members.push_back(target);
    if (members.size() == kMostMembers) break;
  }
  return members;
}

/// The texts that the function gives for members, with how many have it: the most frequent.
template <class Function>
std::pair<std::string, std::size_t> most_frequent(std::span<const NodeIndex> members,
                                                  Function&& text_of) {
  std::map<std::string, std::size_t> count_by_text;
  for (const NodeIndex member : members) {
    const std::string_view text = text_of(member);
    if (!text.empty()) ++count_by_text[std::string(text)];
  }
  const auto most =
      std::ranges::max_element(count_by_text, {}, [](const auto& entry) { return entry.second; });
  if (most == count_by_text.end()) return {};
  return *most;
}

NodeIndex find_target(const HeapGraph& graph, NodeIndex node, std::string_view name) {
  for (EdgeIndex edge = graph.edges_begin(node); edge < graph.edges_end(node); ++edge) {
    if (graph.string(graph.edge_name(edge)) == name) return graph.target(edge);
  }
  return graph::kNoNode;
}

/// The nearest object of the application's own classes that the member alone keeps alive.
NodeIndex find_own(const HeapGraph& graph, const analysis::DominatorTree& tree,
                   const analysis::DominatorOrder& order, const analysis::TypeOrigins& origins,
                   NodeIndex member) {
  constexpr std::size_t kMostNodes = 200;
  std::vector<NodeIndex> nodes{member};
  std::unordered_set<NodeIndex> seen{member};
  for (std::size_t at = 0; at < nodes.size() && nodes.size() < kMostNodes; ++at) {
    for (EdgeIndex edge = graph.edges_begin(nodes[at]); edge < graph.edges_end(nodes[at]); ++edge) {
      const NodeIndex target = graph.target(edge);
      if (graph.flags(target).is_type() || !graph.kind(edge).is_owned()) continue;
      if (!tree.is_reachable(target) || !order.dominates(member, target)) continue;
      if (!seen.insert(target).second) continue;
      if (origins.of(graph.type(target)) != TypeOrigin::kLibrary) return target;
      nodes.push_back(target);
    }
  }
  return graph::kNoNode;
}

std::string kept_alive(const HeapGraph& graph, const analysis::DominatorTree& tree,
                       const analysis::DominatorOrder& order, const analysis::TypeOrigins& origins,
                       std::span<const NodeIndex> members) {
  const auto type_of_own = [&](NodeIndex member) -> std::string {
    const NodeIndex own = find_own(graph, tree, order, origins, member);
    return own == graph::kNoNode ? "" : graph.type_name(graph.type(own));
  };
  std::map<std::string, std::size_t> count_by_type;
  for (const NodeIndex member : members) ++count_by_type[type_of_own(member)];
  count_by_type.erase("");
  const auto most =
      std::ranges::max_element(count_by_type, {}, [](const auto& entry) { return entry.second; });
  if (most == count_by_type.end() || most->second * 2 < members.size()) return "";
  std::string text = most->second < members.size() ? " Most keep" : " Each keeps";
  return text.append(" an object of type ").append(most->first).append(" alive.");
}

bool is_exception(const HeapGraph& graph, std::span<const NodeIndex> members) {
  const auto has_traceback = [&](NodeIndex member) {
    const NodeIndex traceback = find_target(graph, member, "__traceback__");
    return traceback != graph::kNoNode &&
           graph.short_type_name(graph.type(traceback)) == "traceback";
  };
  return 2 * static_cast<std::size_t>(std::ranges::count_if(members, has_traceback)) >
         members.size();
}

bool is_cache(const HeapGraph& graph, const analysis::DominatorTree& tree, NodeIndex node) {
  const NodeIndex above = tree.immediate_dominator(node);
  return above < graph.node_count() &&
         graph.short_type_name(graph.type(above)).ends_with("_lru_cache_wrapper");
}

/// The module, or from CPython 3.14 on a list that it alone holds.
bool is_of_atexit(const HeapGraph& graph, const analysis::DominatorTree& tree, NodeIndex node) {
  const NodeIndex above = tree.immediate_dominator(node);
  return std::ranges::any_of(std::array{node, above}, [&](NodeIndex one) {
    return one < graph.node_count() && graph.short_type_name(graph.type(one)) == "module" &&
           graph.preview(one) == "atexit";
  });
}

/// Which functions, classes, code they are, if most are of one name.
std::string which_text(const HeapGraph& graph, std::span<const NodeIndex> members,
                       std::string_view type) {
  const auto text_of = [&](NodeIndex member) -> std::string_view {
    for (const char* name : {"gi_code", "cr_code", "ag_code", "__func__", "func"}) {
      const NodeIndex code = find_target(graph, member, name);
      if (code != graph::kNoNode) return graph.preview(code);
    }
    return graph.preview(member);
  };
  const auto [text, count] = most_frequent(members, text_of);
  if (count * 2 < members.size() || text.empty()) return "";
  const bool is_all = count == members.size();
  const bool is_suspended = type == "generator" || type == "coroutine" || type == "async_generator";
  std::string out = is_suspended ? (is_all ? " All stand in " : " Most stand in ")
                                 : (is_all ? " All are " : " Most are ");
  return out.append(printable(text)).append(".");
}

}  // namespace

std::string counted_objects(const HeapGraph& graph, std::uint64_t count, graph::TypeIndex type) {
  const std::string_view name = graph.short_type_name(type);
  const auto noun = std::ranges::find(kNouns, name, &Noun::type);
  const bool is_python = graph.fact("runtime").starts_with("cpython");
  if (is_python && noun != kNouns.end() && count > 1) {
    return with_separators(count).append(" ").append(noun->plural);
  }
  return counted(count, "object").append(" of type ").append(graph.type_name(type));
}

std::string more_of_objects(const HeapGraph& graph, const analysis::DominatorTree& tree,
                            const analysis::DominatorOrder& order,
                            const analysis::TypeOrigins& origins, graph::TypeIndex type,
                            std::span<const NodeIndex> objects) {
  if (objects.empty()) return "";
  objects = objects.first(std::min(objects.size(), kMostMembers));
  if (is_exception(graph, objects)) {
    return " An exception keeps its traceback, this the frames it came through, and these all "
           "their local variables." +
           kept_alive(graph, tree, order, origins, objects);
  }
  if (origins.of(type) != TypeOrigin::kLibrary) return "";
  std::string text;
  const std::string_view name = graph.short_type_name(type);
  const bool is_named =
      std::ranges::find(kNouns, name, &Noun::type) != kNouns.end() || name == "partial";
  if (is_named) text += which_text(graph, objects, name);
  if (name == "type") {
    return text + " Classes made while the program runs stay as long as anything lists them.";
  }
  return text + kept_alive(graph, tree, order, origins, objects);
}

std::string more_of_accumulated(const HeapGraph& graph, const analysis::DominatorTree& tree,
                                const analysis::DominatorOrder& order,
                                const analysis::TypeOrigins& origins, const LeakSuspect& suspect) {
  if (suspect.reason != analysis::SuspectReason::kManyOfOneType) return "";
  std::string text;
  if (is_cache(graph, tree, suspect.node)) {
    text +=
        " It is an lru_cache: without a maxsize, or with a large one, it keeps every argument "
        "and every result.";
  } else if (is_of_atexit(graph, tree, suspect.node)) {
    text +=
        " What atexit.register() is given stays until the program ends. weakref.finalize() calls a "
        "function when an object goes, at the latest at the end.";
  }
  return text +
         more_of_objects(graph, tree, order, origins, suspect.type, members_of(graph, suspect));
}

}  // namespace ouro::report
