// The looks of a picture: all sizes, and the colours that it does not share with other pictures,
// stand here.
#include "runtime/objgraph/dot.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "base/dot_label.hpp"
#include "base/picture_colours.hpp"
#include "runtime/objgraph/names.hpp"
#include "runtime/objgraph/preview.hpp"

namespace ouro::objgraph {

namespace {

using picture::kCycle;
using picture::kInk;
using picture::kLine;
using picture::kOutside;
using picture::kQuietInk;

constexpr std::size_t kLabelCharacters = 60;
constexpr const char* kHighlight = "#fcd34d";

struct Colour {
  int red, green, blue;
};
/// Boxes fade with their distance from the starts.
constexpr Colour kNearest{191, 219, 254};
constexpr Colour kFarthest{241, 245, 249};

std::string fade(std::size_t depth, std::size_t max_depth) {
  const double share =
      max_depth == 0 ? 0.0 : static_cast<double>(depth) / static_cast<double>(max_depth);
  const auto mix = [&](int near, int far) {
    return static_cast<unsigned char>(near + share * (far - near));
  };
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "#%02x%02x%02x", mix(kNearest.red, kFarthest.red),
                mix(kNearest.green, kFarthest.green), mix(kNearest.blue, kFarthest.blue));
  return text.data();
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

std::string id_of(const ObjectNode& node) {
  return 'o' + std::to_string(reinterpret_cast<std::uintptr_t>(node.object));
}

std::string label_of(const ObjectNode& node, const ShowOptions& options) {
  const detail::TypeInfo& type = type_of(node.object);
  const std::string_view name = shown_name(type, options.shortnames);
  std::string label = "<b>" + escape_label(shortened(name, kLabelCharacters)) + "</b>";
  if (const std::string preview = preview_of(node.object); !preview.empty()) {
    label += small_label_line(escape_label(preview), kInk);
  }
  std::string facts = counted(type.object_bytes, "byte", "bytes");
  if (options.refcounts) {
    const std::string count =
        node.is_immortal ? "immortal" : counted(node.count, "reference", "references");
    facts.insert(0, count + ", ");
  }
  label += small_label_line(facts, kQuietInk);
  if (node.from_outside > 0 && !node.is_immortal) {
    label += small_label_line("held from outside" + (options.refcounts && node.from_outside > 1
                                                         ? ": " + std::to_string(node.from_outside)
                                                         : ""),
                              kOutside);
  }
  if (!node.extra_info.empty()) label += small_label_line(escape_label(node.extra_info), kInk);
  return label;
}

void write_node(std::string& out, const ObjectNode& node, const ObjectGraph& graph,
                const ShowOptions& options) {
  const detail::TypeInfo& type = type_of(node.object);
  std::array<char, 32> address{};
  std::snprintf(address.data(), address.size(), "%p", node.object);
  out += "  " + id_of(node) + " [label=<" + label_of(node, options) + ">, fillcolor=\"" +
         (node.is_highlighted ? kHighlight : fade(node.depth, graph.max_depth)) + "\", tooltip=\"" +
         escape_label(type.name) + " at " + address.data() + '"';
  if (node.from_outside > 0) out += std::string(", color=\"") + kOutside + "\", peripheries=2";
  if (node.is_end) out += ", penwidth=2.4";
  out += "];\n";
}

void write_left_out(std::string& out, const ObjectNode& node, bool is_backwards) {
  if (node.left_out == 0) return;
  const std::string id = id_of(node);
  const std::string more = "more_" + id;
  out += "  " + more + " [label=\"" + counted(node.left_out, "more reference", "more references") +
         "\", shape=plaintext, style=\"\", fontsize=9, fontcolor=\"" + kQuietInk + "\"];\n";
  out += "  " + (is_backwards ? more + " -> " + id : id + " -> " + more) + " [style=dashed];\n";
}

void write_edge(std::string& out, const ObjectEdge& edge, const ObjectGraph& graph) {
  out += "  " + id_of(graph.nodes[edge.from]) + " -> " + id_of(graph.nodes[edge.to]) +
         " [label=\" " + escape_label(shortened(edge.label, kLabelCharacters)) + " \"";
  if (edge.is_in_cycle) {
    out += std::string(", color=\"") + kCycle + "\", fontcolor=\"" + kCycle + "\", penwidth=1.8";
  }
  out += "];\n";
}

/// Says what the colours mean of those that the picture has.
std::string legend_of(const ObjectGraph& graph) {
  std::string legend;
  const auto add = [&](const char* colour, const char* text) {
    if (!legend.empty()) legend += " &#160; ";
    legend += std::string("<font color=\"") + colour + "\">" + text + "</font>";
  };
  if (std::ranges::any_of(graph.edges, &ObjectEdge::is_in_cycle)) {
    add(kCycle, "red arrows: reference cycles");
  }
  if (std::ranges::any_of(graph.nodes,
                          [](const ObjectNode& node) { return node.from_outside > 0; })) {
    add(kOutside, "green boxes: held from outside of the heap's objects");
  }
  return legend.empty() ? legend : "<br/>" + legend;
}

/// Whether many objects would stand side by side. Then the picture goes from left to right: a
/// column of ten boxes fits a page, a row does not.
bool is_wide(const ObjectGraph& graph) {
  constexpr std::size_t kMostSideBySide = 5;
  std::vector<std::size_t> count_by_depth(graph.max_depth + 1);
  for (const ObjectNode& node : graph.nodes) ++count_by_depth[node.depth];
  return std::ranges::max(count_by_depth) > kMostSideBySide;
}

}  // namespace

std::string dot_text(const ObjectGraph& graph, const ShowOptions& options) {
  std::string out = "digraph ObjectGraph {\n";
  out += std::string("  graph [") + (is_wide(graph) ? "rankdir=LR, ranksep=0.9" : "ranksep=0.55") +
         ", nodesep=0.3, pad=0.3, bgcolor=white, fontname=\"Helvetica\", fontsize=10, label=<" +
         legend_of(graph) + ">];\n";
  out += std::string(
             "  node [shape=box, style=\"filled,rounded\", fontname=\"Helvetica\", fontsize=12, "
             "fontcolor=\"") +
         kInk + "\", color=\"" + kLine + "\", margin=\"0.16,0.08\"];\n";
  out += std::string("  edge [fontname=\"Helvetica\", fontsize=10, fontcolor=\"") + kQuietInk +
         "\", color=\"" + kLine + "\", arrowsize=0.7];\n";
  for (const ObjectNode& node : graph.nodes) {
    write_node(out, node, graph, options);
    write_left_out(out, node, graph.is_backwards);
  }
  for (const ObjectEdge& edge : graph.edges) write_edge(out, edge, graph);
  return out + "}\n";
}

}  // namespace ouro::objgraph
