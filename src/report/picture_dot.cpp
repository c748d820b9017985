// All colours and sizes that are not base/picture_colours.hpp's stand here.
#include "report/picture_dot.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "base/dot_label.hpp"
#include "base/picture_colours.hpp"
#include "report/picture_words.hpp"
#include "report/table.hpp"
#include "report/units.hpp"

namespace ouro::report {

using picture::kCycle;
using picture::kInk;
using picture::kLine;
using picture::kOutside;
using picture::kQuietInk;

namespace {

constexpr std::size_t kNameCharacters = 44;
constexpr std::size_t kPreviewCharacters = 36;
constexpr std::size_t kEdgeCharacters = 36;

struct Colours {
  const char* fill;
  const char* border;
};
/// Light enough for dark text, different enough side by side; red and green are taken.
constexpr std::array<Colours, 14> kPalette{{{"#dbeafe", "#60a5fa"},
                                            {"#fef3c7", "#d9a520"},
                                            {"#ede9fe", "#a78bfa"},
                                            {"#cffafe", "#22b8cf"},
                                            {"#ffedd5", "#f08c3a"},
                                            {"#f1f5f9", "#94a3b8"},
                                            {"#fae8ff", "#d07be8"},
                                            {"#ecfccb", "#94bf3b"},
                                            {"#e0e7ff", "#818cf8"},
                                            {"#f5ebe0", "#b08968"},
                                            {"#fce7f3", "#e879b0"},
                                            {"#e0f2fe", "#38a3dc"},
                                            {"#fef9c3", "#c9b118"},
                                            {"#e7e5e4", "#8f8781"}}};

/// FNV-1a: of a name always the same.
std::uint64_t hash_of(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

class DotWriter {
 public:
  explicit DotWriter(const ReferencePicture& picture)
      : picture_(picture), is_opened_(picture.nodes.size()) {
    for (const PictureNode& node : picture.nodes) {
      if (!node.is_start) is_opened_[node.parent] = true;
    }
    choose_colours();
  }

  std::string write() {
    out_ = "digraph References {\n";
    write_looks();
    for (std::size_t place = 0; place < picture_.nodes.size(); ++place) {
      write_node(place);
      write_roots(place);
      write_left_out(place);
    }
    for (const PictureEdge& edge : picture_.edges) write_edge(edge);
    return std::move(out_) + "}\n";
  }

 private:
  /// The colour that the name's hash says, or the next that no type of the picture has.
  void choose_colours() {
    std::array<bool, kPalette.size()> is_taken{};
    for (const PictureNode& node : picture_.nodes) {
      if (colours_by_type_.contains(node.type)) continue;
      std::size_t at = hash_of(node.type) % kPalette.size();
      for (std::size_t tried = 0; is_taken[at] && tried < kPalette.size(); ++tried) {
        at = (at + 1) % kPalette.size();
      }
      is_taken[at] = true;
      colours_by_type_[node.type] = kPalette[at];
    }
  }

  void write_looks() {
    const std::string fonts = "fontname=\"Helvetica,Arial,sans-serif\"";
    out_ += std::string("  graph [") + (is_wide() ? "rankdir=LR, ranksep=0.7" : "ranksep=0.5") +
            ", nodesep=0.22, pad=0.3, bgcolor=white, " + fonts +
            ", fontsize=14, labelloc=t, labeljust=l, label=<" + title() + ">];\n";
    out_ += "  node [shape=box, style=\"filled,rounded\", " + fonts +
            ", fontsize=12, fontcolor=\"" + kInk + "\", margin=\"0.14,0.07\", height=0.3];\n";
    out_ += "  edge [" + fonts + ", fontsize=10, fontcolor=\"" + kQuietInk + "\", color=\"" +
            kLine + "\", arrowsize=0.7];\n";
  }

  /// Whether many would stand side by side. Then the picture goes from left to right: a column of
  /// ten boxes fits a page, a row does not.
  bool is_wide() const {
    constexpr std::size_t kMostSideBySide = 4;
    std::map<std::size_t, std::size_t> count_by_depth;
    for (const PictureNode& node : picture_.nodes) ++count_by_depth[node.depth];
    return std::ranges::any_of(count_by_depth,
                               [](const auto& entry) { return entry.second > kMostSideBySide; });
  }

  std::string title() const {
    constexpr std::size_t kMostNamed = 3;
    std::string starts;
    std::uint64_t more = picture_.left_out_starts;
    for (std::size_t place = 0; place < picture_.nodes.size(); ++place) {
      if (!picture_.nodes[place].is_start) break;
      if (place >= kMostNamed) {
        ++more;
      } else {
        starts += (starts.empty() ? "" : ", ") + picture_.nodes[place].name;
      }
    }
    if (more > 0) starts += " and " + with_separators(more) + " more";
    // In one font: texts of two are two elements of an SVG, and a renderer whose letters are wider
    // than Graphviz thinks runs one into the other.
    return "<b>" +
           escape_label(picture_.direction == Direction::kRefs ? "What " + starts + " refers to"
                                                               : "What refers to " + starts) +
           "</b>" + legend() + "<br align=\"left\"/>";
  }

  /// Says what the looks mean of those that the picture has.
  std::string legend() const {
    std::vector<std::string> parts;
    const auto add = [&](const char* colour, const std::string& text) {
      parts.push_back(std::string("<font color=\"") + colour + "\">" + text + "</font>");
    };
    const auto has_edge = [&](bool PictureEdge::* what) {
      return std::ranges::any_of(picture_.edges, what);
    };
    if (has_edge(&PictureEdge::is_in_cycle)) add(kCycle, "red: a reference cycle");
    if (std::ranges::any_of(picture_.nodes,
                            [](const PictureNode& node) { return node.roots.count > 0; })) {
      add(kOutside, "green: held from outside of the heap");
    }
    if (has_edge(&PictureEdge::is_weak)) add(kQuietInk, "dashed: weak references");
    if (const std::string hidden = hidden_edges_text(picture_); !hidden.empty()) {
      add(kQuietInk, hidden);
    }
    std::string legend;
    for (const std::string& part : parts) legend += (legend.empty() ? "" : " &#160; ") + part;
    if (legend.empty()) return legend;
    return "<br align=\"left\"/><font point-size=\"10\">" + legend + "</font>";
  }

  static std::string id(char kind, std::size_t place) { return kind + std::to_string(place); }

  void write_node(std::size_t place) {
    const PictureNode& node = picture_.nodes[place];
    const Colours& colours = colours_by_type_.at(node.type);
    std::string label = "<b>" + escape_label(shortened(title_of(node), kNameCharacters)) + "</b>";
    if (!node.preview.empty()) {
      label += small_label_line(escape_label(shortened(node.preview, kPreviewCharacters)), kInk);
    }
    if (const std::string facts = facts_of(node); !facts.empty()) {
      label += small_label_line(escape_label(facts), kQuietInk);
    }
    if (const std::string text = left_out_text(node); !text.empty() && !is_opened_[place]) {
      label += small_label_line("<i>" + towards() + text + "</i>", kQuietInk);
    }
    out_ += "  " + id('n', place) + " [label=<" + label + ">, fillcolor=\"" + colours.fill +
            "\", color=\"" + border_of(node, colours) + "\", tooltip=\"" + escape_label(node.type) +
            '"';
    if (node.is_start || node.is_in_cycle) out_ += ", penwidth=2";
    if (node.is_merged()) out_ += ", peripheries=2";
    out_ += "];\n";
  }

  static const char* border_of(const PictureNode& node, const Colours& colours) {
    if (node.is_start) return kInk;
    return node.is_in_cycle ? kCycle : colours.border;
  }

  void write_roots(std::size_t place) {
    const PictureRoots& roots = picture_.nodes[place].roots;
    if (roots.count == 0) return;
    const std::string root = id('r', place);
    out_ += "  " + root + " [label=\"" +
            escape_label(shortened(roots_text(roots), kNameCharacters)) +
            "\", shape=box, style=filled, fillcolor=\"#dcfce7\", color=\"" + kOutside +
            "\", fontcolor=\"#14532d\", fontsize=10];\n";
    out_ += "  " + root + " -> " + id('n', place) + " [color=\"" + kOutside + "\"];\n";
  }

  std::string towards() const { return picture_.direction == Direction::kRefs ? "→ " : "← "; }

  /// Beside the others that the node leads to; where there are none, the node's label says it.
  void write_left_out(std::size_t place) {
    const std::string text = left_out_text(picture_.nodes[place]);
    if (text.empty() || !is_opened_[place]) return;
    const std::string more = id('m', place);
    out_ += "  " + more + " [label=\"" + text +
            "\", shape=plaintext, style=\"\", fontsize=10, margin=\"0.05,0.03\", fontcolor=\"" +
            kQuietInk + "\"];\n";
    const std::string node = id('n', place);
    const bool is_backwards = picture_.direction == Direction::kBackrefs;
    out_ += "  " + (is_backwards ? more + " -> " + node : node + " -> " + more) +
            " [style=dotted, arrowhead=none, arrowtail=none];\n";
  }

  /// Graphviz ranks nodes by its edges, so those that lead back towards the starts are written the
  /// other way round, with the arrow at the tail: distance from the starts is one rank a step.
  void write_edge(const PictureEdge& edge) {
    const std::size_t from_depth = picture_.nodes[edge.from].depth;
    const std::size_t to_depth = picture_.nodes[edge.to].depth;
    const bool is_turned =
        picture_.direction == Direction::kRefs ? from_depth > to_depth : from_depth < to_depth;
    out_ += "  " + id('n', is_turned ? edge.to : edge.from) + " -> " +
            id('n', is_turned ? edge.from : edge.to) + " [label=\" " +
            escape_label(shortened(edge.label, kEdgeCharacters)) + " \"";
    if (is_turned) out_ += ", dir=back";
    if (edge.is_weak) out_ += ", style=dashed";
    if (edge.is_in_cycle) {
      out_ += std::string(", color=\"") + kCycle + "\", fontcolor=\"" + kCycle + "\", penwidth=2.2";
    }
    out_ += "];\n";
  }

  const ReferencePicture& picture_;
  std::vector<bool> is_opened_;  ///< other nodes were found from it
  std::map<std::string, Colours> colours_by_type_;
  std::string out_;
};

}  // namespace

std::string picture_dot(const ReferencePicture& picture) {
  return DotWriter(picture).write();
}

}  // namespace ouro::report
