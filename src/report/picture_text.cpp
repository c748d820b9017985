#include "report/picture_text.hpp"

#include <algorithm>
#include <vector>

#include "report/picture_words.hpp"
#include "report/units.hpp"

namespace ouro::report {

namespace {

constexpr std::size_t kNarrowestPreview = 10;

/// A line below a node, and the node that it opens, if it does.
struct Item {
  std::string head;
  std::string preview = {};
  std::string facts = {};
  std::size_t opened = kNone;

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
};

/// A node on the way from a start to the line being written. Its lines are those of its roots, its
/// edges, and what is left out.
struct Level {
  std::size_t node;
  std::string indent;
  std::vector<std::size_t> edges;  ///< places in the picture
  bool has_roots;
  bool has_left_out;
  std::size_t next = 0;

  std::size_t line_count() const {
    return edges.size() + (has_roots ? 1 : 0) + (has_left_out ? 1 : 0);
  }
};

class TreeWriter {
 public:
  TreeWriter(const ReferencePicture& picture, std::size_t width)
      : picture_(picture), width_(width), is_written_(picture.nodes.size()) {}

  std::string write() {
    for (std::size_t node = 0; node < picture_.nodes.size(); ++node) {
      if (picture_.nodes[node].is_start) write_start(node);
    }
    write_notes();
    return std::move(text_);
  }

 private:
  void write_start(std::size_t start) {
    if (!text_.empty()) text_ += '\n';
    add_line("", opening_item("", start));
    open(start, "");
    while (!levels_.empty()) {
      Level& level = levels_.back();
      if (level.next == level.line_count()) {
        levels_.pop_back();
        continue;
      }
      const Item item = item_at(level, level.next++);
      const bool is_last = level.next == level.line_count();
      const std::string& indent = level.indent;
      add_line(indent + (is_last ? "└─ " : "├─ "), item);
      if (item.opened != Item::kNone) open(item.opened, indent + (is_last ? "   " : "│  "));
    }
  }

  bool is_backwards() const { return picture_.direction == Direction::kBackrefs; }

  void open(std::size_t place, std::string indent) {
    const PictureNode& node = picture_.nodes[place];
    Level level{.node = place,
                .indent = std::move(indent),
                .edges = {},
                .has_roots = node.roots.count > 0,
                .has_left_out = !left_out_text(node).empty()};
    for (std::size_t at = 0; at < picture_.edges.size(); ++at) {
      const PictureEdge& edge = picture_.edges[at];
      if ((is_backwards() ? edge.to : edge.from) == place) level.edges.push_back(at);
    }
    levels_.push_back(std::move(level));
  }

  /// Made as it is written: only then is it known what stands above.
  Item item_at(const Level& level, std::size_t line) {
    const PictureNode& node = picture_.nodes[level.node];
    if (level.has_roots && line == 0) return {.head = "◆ " + roots_text(node.roots)};
    const std::size_t at = line - (level.has_roots ? 1 : 0);
    if (at == level.edges.size()) return {.head = left_out_text(node)};
    const PictureEdge& edge = picture_.edges[level.edges[at]];
    return item_of(edge, level.node, is_backwards() ? edge.from : edge.to);
  }

  Item item_of(const PictureEdge& edge, std::size_t place, std::size_t other) {
    const PictureNode& node = picture_.nodes[other];
    const std::string label =
        edge.label + (edge.is_weak ? " (weak)" : "") + (is_backwards() ? " ← " : " → ");
    const bool is_found_here =
        node.parent == place && !node.is_start && node.is_found_weakly == edge.is_weak;
    if (is_found_here && !is_written_[other]) return opening_item(label, other);
    if (closes_cycle(edge, other)) {
      has_closed_cycle_ = true;
      return {.head = label + title_of(node) + " ↺"};
    }
    return {.head =
                label + title_of(node) + (is_written_[other] ? " (seen above)" : " (see below)")};
  }

  Item opening_item(const std::string& label, std::size_t place) {
    const PictureNode& node = picture_.nodes[place];
    is_written_[place] = true;
    return {label + title_of(node), node.preview, facts_of(node), place};
  }

  /// Whether the edge leads back to where the tree came from. Of merged objects some may lead to
  /// others, in a chain, and none to itself: only of single ones, and of the cycle that was
  /// searched for, it is certain. All objects of a node are reached from a single one above it.
  bool closes_cycle(const PictureEdge& edge, std::size_t other) const {
    const auto above = std::ranges::find(levels_, other, &Level::node);
    if (above == levels_.end() || edge.is_weak) return false;
    if (picture_.nodes[other].is_merged()) return false;
    return std::none_of(above + 1, levels_.end(), [&](const Level& level) {
      return picture_.nodes[level.node].is_found_weakly;
    });
  }

  void write_notes() {
    std::vector<std::string> notes;
    if (has_closed_cycle_) notes.emplace_back("↺ closes a cycle");
    if (picture_.left_out_starts > 0) {
      notes.push_back("+ " + with_separators(picture_.left_out_starts) +
                      " more of the objects asked for");
    }
    if (std::string note = hidden_edges_text(picture_); !note.empty()) {
      notes.push_back(std::move(note));
    }
    if (notes.empty()) return;
    text_ += '\n';
    for (std::string& note : notes) add_line("", {.head = std::move(note)});
  }

  void add_line(const std::string& indent, const Item& item) {
    const auto line = [&](const std::string& preview, const std::string& facts) {
      return indent + item.head + (preview.empty() ? "" : ' ' + preview) +
             (facts.empty() ? "" : "  " + facts);
    };
    std::string text = line(item.preview, item.facts);
    if (const std::size_t full = width_of(text); full > width_ && !item.preview.empty()) {
      const std::size_t preview = width_of(item.preview);
      const std::size_t excess = full - width_;
      text = preview >= excess + kNarrowestPreview
                 ? line(shortened(item.preview, preview - excess), item.facts)
                 : line("", item.facts);
    }
    if (width_of(text) > width_) text = line("", "");
    text_ += shortened(text, width_) + '\n';
  }

  const ReferencePicture& picture_;
  std::size_t width_;
  std::vector<bool> is_written_;
  std::vector<Level> levels_;
  std::string text_;
  bool has_closed_cycle_ = false;
};

}  // namespace

std::string picture_text(const ReferencePicture& picture, std::size_t width) {
  return TreeWriter(picture, width).write();
}

}  // namespace ouro::report
