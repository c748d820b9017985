#include "report/why.hpp"

#include <algorithm>

#include "analysis/root_words.hpp"
#include "report/table.hpp"
#include "report/units.hpp"

namespace ouro::report {

namespace {

/// "64 B, count 2".
std::string facts_of(const graph::HeapGraph& graph, graph::NodeIndex node) {
  const std::string size = format_bytes(graph.size_bytes(node));
  if (graph.flags(node).is_immortal()) return size + ", immortal";
  return size + ", count " + std::to_string(graph.reference_count(node));
}

std::size_t less(std::size_t width, std::size_t part) {
  return width == kAnyWidth ? kAnyWidth : width > part + 20 ? width - part : 20;
}

std::string indented(const std::string& text, const std::string& indentation) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin) + 1;
    out += indentation + text.substr(begin, end - begin);
    begin = end;
  }
  return out;
}

/// Of a path that begins at the namespace of a module: the module. Both are roots of one name.
graph::NodeIndex find_module(const graph::HeapGraph& graph, const analysis::Path& path) {
  if (path.start_index >= graph.roots().size() || path.edges.empty()) return graph::kNoNode;
  const graph::Root& start = graph.roots()[path.start_index];
  const auto is_a = [&](const graph::Root& root, std::string_view type) {
    return root.kind == graph::RootKind::kGlobal && root.name == start.name &&
           graph.short_type_name(graph.type(root.node)) == type;
  };
  if (start.node != path.start || start.name == 0 || !is_a(start, "dict")) return graph::kNoNode;
  const auto module = std::ranges::find_if(
      graph.roots(), [&](const graph::Root& root) { return is_a(root, "module"); });
  return module == graph.roots().end() ? graph::kNoNode : module->node;
}

/// "['cache']" as ".cache".
std::string label_of_global(const analysis::FoldedReferences& references, graph::EdgeIndex edge) {
  const graph::HeapGraph& graph = references.graph();
  const bool is_value = graph.kind(edge).meaning() == graph::EdgeMeaning::kValue;
  return is_value ? graph::attribute_label(graph.string(graph.edge_name(edge)))
                  : references.label(edge);
}

/// Of a step from the closure of a function to a cell: the name of the variable, if it is known.
/// The function refers to the cell by that name too, weakly.
std::string find_variable_name(const graph::HeapGraph& graph, graph::NodeIndex function,
                               graph::NodeIndex cell) {
  for (auto edge = graph.edges_begin(function); edge < graph.edges_end(function); ++edge) {
    if (graph.target(edge) != cell || !graph.kind(edge).is_weak()) continue;
    if (graph.kind(edge).meaning() != graph::EdgeMeaning::kVariable) continue;
    return std::string(graph.string(graph.edge_name(edge)));
  }
  return "";
}

const std::string& name_or_kind(const WhyRoot& root) {
  return root.name.empty() ? root.kind : root.name;
}

std::string other_roots_text(const std::vector<WhyRoot>& roots, std::size_t width) {
  std::string text;
  for (const WhyRoot& root : roots) {
    text += "  also " + shortened(name_or_kind(root), less(width, 7)) + '\n';
  }
  return text;
}

}  // namespace

bool is_cell(const graph::HeapGraph& graph, graph::NodeIndex node) {
  return graph.short_type_name(graph.type(node)) == "cell";
}

WhyPath readable(const analysis::FoldedReferences& references, const analysis::Path& path) {
  const graph::HeapGraph& graph = references.graph();
  WhyPath out;
  out.is_of_object = path.edges.empty();
  if (path.start_index < graph.roots().size()) {
    const graph::Root& root = graph.roots()[path.start_index];
    out.root = {std::string(name_of(root.kind)), std::string(graph.string(root.name))};
  }
  const graph::NodeIndex module = find_module(graph, path);
  out.steps.push_back({"", module != graph::kNoNode ? module : path.start});
  for (const graph::EdgeIndex edge : path.edges) {
    const bool is_global = module != graph::kNoNode && out.steps.size() == 1;
    std::string label = is_global ? label_of_global(references, edge) : references.label(edge);
    const std::size_t count = out.steps.size();
    if (is_cell(graph, out.steps.back().node) && label == ".cell_contents") {
      out.steps.back().node = graph.target(edge);  // the variable itself
    } else if (const std::string variable =
                   count > 1 && out.steps.back().label == ".__closure__"
                       ? find_variable_name(graph, out.steps[count - 2].node, graph.target(edge))
                       : "";
               !variable.empty()) {
      out.steps.back() = {".<closure " + variable + '>', graph.target(edge)};
    } else {
      out.steps.push_back({std::move(label), graph.target(edge)});
    }
  }
  return out;
}

std::string expression_of(const WhyPath& path) {
  std::string text =
      path.root.name.empty() ? path.root.kind : analysis::short_root_name(path.root.name);
  for (const WhyStep& step : path.steps) text += step.label;
  return text;
}

std::string way_of(const analysis::FoldedReferences& references, const analysis::Path& path,
                   const ObjectNames& names) {
  std::string text = names.name(path.start);
  for (const graph::EdgeIndex edge : path.edges) text += references.label(edge);
  return text;
}

std::string to_text(const WhyPath& path, const ObjectNames& names, std::size_t width,
                    const std::string& indentation) {
  Table table({{"", Align::kLeft, Shrink::kWhenNeeded}, {"", Align::kLeft, Shrink::kWhenNeeded}});
  // A chain of thousands says no more than its ends do.
  constexpr std::size_t kMostSteps = 100;
  constexpr std::size_t kShownEnd = 20;
  const bool is_long = path.steps.size() > kMostSteps;
  const std::size_t left_out = is_long ? path.steps.size() - 2 * kShownEnd : 0;
  for (std::size_t at = 0; at < path.steps.size(); ++at) {
    const WhyStep& step = path.steps[at];
    if (is_long && at == kShownEnd) {
      table.add({"...", counted(left_out, "step") + " more; --json has them"});
      at += left_out - 1;
      continue;
    }
    table.add({step.label, names.described(step.node)});
  }
  return indentation + shortened(name_or_kind(path.root), less(width, indentation.size())) + '\n' +
         indented(table.to_text(less(width, indentation.size() + 2)), indentation + "  ");
}

std::string to_text(const Why& why, const graph::HeapGraph& graph, const ObjectNames& names,
                    std::size_t width) {
  std::string text = names.described(why.node) + "  (" + facts_of(graph, why.node) + ")\n";
  if (why.paths.empty() && why.holder_count == 0 && graph.reference_count(why.node) == 0 &&
      !graph.flags(why.node).is_immortal()) {
    return text + "is held by nothing but the question: it goes when that is answered.\n";
  }
  if (why.paths.empty()) {
    text +=
        "is not held: no root leads to it. It is garbage that the cycle collector has not\n"
        "found yet, or held by what the snapshot does not know.\n";
    if (!why.holders.empty())
      text += "\n" + counted(why.holder_count, "reference") + " to it, from:\n";
    Table table({{"", Align::kLeft, Shrink::kWhenNeeded}, {"", Align::kLeft}});
    for (const WhyStep& holder : why.holders) {
      table.add({names.described(holder.node), holder.label});
    }
    return text + indented(table.to_text(less(width, 2)), "  ");
  }
  text += "is alive because of " + counted(why.holder_count, "reference") + ":\n";
  for (const WhyPath& path : why.paths) {
    text += '\n' + to_text(path, names, width, "  ");
    if (path.is_of_object) text += other_roots_text(why.other_roots, width);
  }
  const std::uint64_t said = why.paths.size() + why.other_roots.size();
  if (!why.is_by_holder) {
    if (why.is_cut) text += "\n... and maybe more; -n 0 shows all\n";
  } else if (why.holder_count > said) {
    const std::uint64_t others = why.holder_count - said;
    text += '\n';
    text += why.has_all_paths
                ? wrapped(std::string(of_number(others, "Another reference comes",
                                                "Other references come")) +
                              " from objects that it keeps alive itself" +
                              (why.cycles.empty() ? "." : ":"),
                          width)
                : "... and " + counted(others, "reference") + " more; -n 0 shows all\n";
  }
  for (const std::string& cycle : why.cycles) {
    text += "  " + shortened(cycle, less(width, 11)) + "  (a cycle)\n";
  }
  if (!why.is_complete) text += "(The search was cut short: other paths may be shorter.)\n";
  return text;
}

namespace {

Json to_json(const WhyRoot& root) {
  return {{"kind", root.kind}, {"name", root.name}};
}

}  // namespace

Json to_json(const WhyPath& path, const ObjectNames& names) {
  Json json;
  json["root"] = to_json(path.root);
  json["steps"] = Json::array();
  for (const WhyStep& step : path.steps) {
    json["steps"].push_back({{"label", step.label}, {"object", names.json(step.node)}});
  }
  return json;
}

Json to_json(const Why& why, const ObjectNames& names) {
  Json json;
  json["object"] = names.json(why.node);
  json["is_held"] = !why.paths.empty();
  json["is_complete"] = why.is_complete;
  json["has_all_paths"] = why.has_all_paths;
  json["reference_count"] = why.holder_count;
  json["cycles"] = why.cycles;
  json["paths"] = Json::array();
  for (const WhyPath& path : why.paths) json["paths"].push_back(to_json(path, names));
  json["other_roots"] = Json::array();
  for (const WhyRoot& root : why.other_roots) {
    json["other_roots"].push_back(to_json(root));
  }
  json["referrers"] = Json::array();
  for (const WhyStep& holder : why.holders) {
    json["referrers"].push_back({{"label", holder.label}, {"object", names.json(holder.node)}});
  }
  return json;
}

}  // namespace ouro::report
