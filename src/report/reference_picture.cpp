#include "report/reference_picture.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/utf8.hpp"
#include "report/edge_labels.hpp"
#include "report/reference_cycle.hpp"
#include "report/reference_links.hpp"
#include "report/table.hpp"

namespace ouro::report {

using analysis::NodeSet;
using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

namespace {

/// So few of one kind are shown one by one.
constexpr std::size_t kFewestMerged = 4;
/// So many may stand apart from the rest of their group.
constexpr std::size_t kMostApart = 3;
constexpr std::size_t kMostRootsNamed = 3;
constexpr std::size_t kPreviewWidth = 40;
constexpr std::size_t kNameWidth = 60;

constexpr std::uint32_t kNoPlace = 0xFFFFFFFFu;
constexpr std::uint32_t kInGroup = 0xFFFFFFFEu;  ///< no place yet, but seen from the current node

using Members = std::vector<NodeIndex>;

/// What objects found from the same node have in common where they are alike.
struct GroupKey {
  ShapeIndex shape;
  graph::TypeIndex type;
  bool is_weak;

  friend auto operator<=>(const GroupKey&, const GroupKey&) = default;
};

struct Group {
  Members members;
  bool is_weak = false;
  bool is_in_cycle = false;
};

class PictureBuilder {
 public:
  PictureBuilder(const HeapGraph& graph, const ObjectNames& names,
                 const analysis::ReverseEdges* reverse, std::span<const NodeIndex> starts,
                 const PictureOptions& options)
      : graph_(graph),
        names_(names),
        options_(options),
        links_(graph, reverse, weak_edges(options), class_edges(graph, starts, options)),
        shapes_(graph),
        place_by_node_(graph.node_count(), kNoPlace),
        in_cycle_(graph.node_count()),
        has_root_(graph.node_count()) {
    picture_.direction = options.direction;
    for (const graph::Root& root : graph.roots()) has_root_.insert(root.node);
    add_starts(starts);
    find_cycle();
  }

  ReferencePicture build() && {
    EdgeBudget budget(options_.most_edges);
    for (std::size_t place = 0; place < picture_.nodes.size(); ++place) expand(place, budget);
    add_edges();
    count_left_out();
    mark_cycle();
    add_roots();
    for (std::size_t place = 0; place < picture_.nodes.size(); ++place) describe(place);
    return std::move(picture_);
  }

 private:
  static ReferenceLinks::Weak weak_edges(const PictureOptions& options) {
    return options.weak_edges == WeakEdges::kShown ? ReferenceLinks::Weak::kShown
                                                   : ReferenceLinks::Weak::kHidden;
  }
  static ReferenceLinks::Classes class_edges(const HeapGraph& graph,
                                             std::span<const NodeIndex> starts,
                                             const PictureOptions& options) {
    using Classes = ReferenceLinks::Classes;
    const ReferenceLinks links(graph, nullptr, ReferenceLinks::Weak::kShown, Classes::kShown);
    const bool is_asked_about =
        std::ranges::any_of(starts, [&](NodeIndex start) { return links.is_class(start); });
    return is_asked_about || options.class_edges == ClassEdges::kShown ? Classes::kShown
                                                                       : Classes::kHidden;
  }
  bool is_backwards() const { return options_.direction == Direction::kBackrefs; }
  bool is_shown(NodeIndex node) const { return place_by_node_[node] < kInGroup; }

  void add_starts(std::span<const NodeIndex> starts) {
    for (const NodeIndex start : starts) {
      if (is_shown(start) || place_by_node_[start] == kInGroup) continue;
      if (picture_.nodes.size() == options_.max_nodes) {
        place_by_node_[start] = kInGroup;  // so that it is counted once
        ++picture_.left_out_starts;
        continue;
      }
      const std::size_t place = add_node({start}, picture_.nodes.size(), 0);
      picture_.nodes[place].is_start = true;
    }
    std::ranges::replace(place_by_node_, kInGroup, kNoPlace);
  }

  void find_cycle() {
    const auto is_followed = [&](EdgeIndex edge) {
      return graph_.kind(edge).is_owned() && links_.is_followed(edge);
    };
    for (std::size_t place = 0; place < picture_.nodes.size() && cycle_.empty(); ++place) {
      cycle_ = shortest_cycle(graph_, members_[place][0], is_followed, {.longest = kLongestCycle});
    }
    for (const NodeIndex node : cycle_) {
      in_cycle_.insert(node);
      if (is_shown(node)) picture_.nodes[place_by_node_[node]].is_in_cycle = true;
    }
  }

  std::size_t add_node(Members members, std::size_t parent, std::size_t depth) {
    const std::size_t place = picture_.nodes.size();
    PictureNode node;
    node.node = members[0];
    node.count = members.size();
    node.parent = parent;
    node.depth = depth;
    for (const NodeIndex member : members) {
      place_by_node_[member] = static_cast<std::uint32_t>(place);
      node.is_in_cycle = node.is_in_cycle || in_cycle_.contains(member);
    }
    picture_.nodes.push_back(std::move(node));
    members_.push_back(std::move(members));
    return place;
  }

  // ---- nodes

  /// Adds what the node leads to. Beyond max_depth and max_nodes only what the cycle needs.
  void expand(std::size_t place, EdgeBudget& budget) {
    const PictureNode& node = picture_.nodes[place];
    const std::size_t depth = node.depth + 1;
    const bool is_near = depth <= options_.max_depth;
    if (!is_near && !node.is_in_cycle) return;
    bool is_partial = false;
    std::vector<Group> groups = groups_from(place, budget, is_partial);
    picture_.nodes[place].is_partial = is_partial;
    std::size_t room = is_near ? options_.max_children : 0;
    for (Group& group : groups) {
      for (Members& members : alike_of(place, group)) {
        const bool has_room = room > 0 && picture_.nodes.size() < options_.max_nodes;
        if (!has_room) keep_cycle_members(members);
        if (members.empty()) continue;
        const std::size_t added = add_node(std::move(members), place, depth);
        picture_.nodes[added].is_found_weakly = group.is_weak;
        if (room > 0) --room;
      }
    }
  }

  void keep_cycle_members(Members& members) {
    for (const NodeIndex member : members) place_by_node_[member] = kNoPlace;
    std::erase_if(members, [&](NodeIndex member) { return !in_cycle_.contains(member); });
  }

  /// What the node leads to and is not shown yet. An object reached by edges of several shapes is
  /// in the group of the first.
  std::vector<Group> groups_from(std::size_t place, EdgeBudget& budget, bool& is_partial) {
    std::vector<Group> groups;
    std::map<GroupKey, std::size_t> group_by_key;
    is_partial = !visit_next(place, budget, [&](EdgeIndex edge, NodeIndex other) {
      if (place_by_node_[other] != kNoPlace || !links_.is_followed(edge)) return;
      place_by_node_[other] = kInGroup;
      const GroupKey key{shapes_.of(edge), graph_.type(other), graph_.kind(edge).is_weak()};
      const auto [entry, is_new] = group_by_key.try_emplace(key, groups.size());
      if (is_new) groups.push_back({.members = {}, .is_weak = key.is_weak});
      Group& group = groups[entry->second];
      group.members.push_back(other);
      group.is_in_cycle = group.is_in_cycle || in_cycle_.contains(other);
    });
    // Not stable_partition: libstdc++'s needs what C++20 deprecates.
    std::vector<Group> cycle_first;
    for (const bool is_in_cycle : {true, false}) {
      for (Group& group : groups) {
        if (group.is_in_cycle == is_in_cycle) cycle_first.push_back(std::move(group));
      }
    }
    return cycle_first;
  }

  bool visit_next(std::size_t place, EdgeBudget& budget, const ReferenceLinks::Visit& visit) const {
    return is_backwards() ? links_.visit_referrers(members_[place], budget, visit)
                          : links_.visit_references(members_[place], budget, visit);
  }

  /// The members of a group by node of the picture: all in one, one by one, or most in one and a
  /// few that differ by themselves.
  std::vector<Members> alike_of(std::size_t place, Group& group) const {
    const bool is_from_one = members_[place].size() == 1;
    if (is_from_one && group.members.size() < kFewestMerged) return one_by_one(group.members);
    std::unordered_map<std::uint64_t, std::size_t> members_by_looks;
    for (const NodeIndex member : group.members) ++members_by_looks[looks_of(member)];
    const auto main = std::ranges::max_element(members_by_looks, {},
                                               [](const auto& entry) { return entry.second; });
    const std::size_t apart_count = group.members.size() - main->second;
    if (apart_count == 0 || apart_count > kMostApart || main->second < kFewestMerged) {
      return {std::move(group.members)};
    }
    Members apart;
    Members alike;
    for (const NodeIndex member : group.members) {
      (looks_of(member) == main->first ? alike : apart).push_back(member);
    }
    std::vector<Members> all = one_by_one(apart);
    all.insert(all.begin(), std::move(alike));
    return all;
  }
  static std::vector<Members> one_by_one(const Members& members) {
    std::vector<Members> all;
    for (const NodeIndex member : members) all.push_back({member});
    return all;
  }
  /// Differs where an object is held otherwise than its siblings.
  std::uint64_t looks_of(NodeIndex node) const {
    const std::uint64_t count = graph_.flags(node).is_immortal() ? 0 : graph_.reference_count(node);
    return count << 1 | (has_root_.contains(node) ? 1u : 0u);
  }

  // ---- edges

  void add_edges() {
    EdgeBudget budget(options_.most_edges);
    for (std::size_t from = 0; from < members_.size(); ++from) {
      std::vector<NodeIndex> left_out;
      add_edges_of(from, budget, left_out);
      if (!is_backwards()) set_left_out(from, left_out);
    }
  }

  void add_edges_of(std::size_t from, EdgeBudget& budget, std::vector<NodeIndex>& left_out) {
    std::map<std::pair<std::size_t, bool>, std::size_t> edge_by_end;
    std::vector<EdgeLabel> labels;
    const std::size_t first = picture_.edges.size();
    const auto visit = [&](EdgeIndex edge, NodeIndex target) {
      if (links_.is_weak_hidden(edge)) return;
      if (!links_.is_class_hidden(edge) && is_shown(target)) {
        const std::size_t to = place_by_node_[target];
        const bool is_weak = graph_.kind(edge).is_weak();
        const auto [entry, is_new] = edge_by_end.try_emplace({to, is_weak}, labels.size());
        if (is_new) {
          labels.emplace_back();
          picture_.edges.push_back({.from = from, .to = to, .label = {}, .is_weak = is_weak});
        }
        labels[entry->second].add(graph_, edge, shapes_.of(edge));
        ++picture_.edges[first + entry->second].count;
      } else if (!is_backwards()) {
        count_missing(edge, target, left_out);
      }
    };
    if (!links_.visit_references(members_[from], budget, visit)) {
      picture_.nodes[from].is_partial = true;
    }
    const auto source =
        members_[from].size() == 1 ? EdgeLabel::From::kOneObject : EdgeLabel::From::kSeveral;
    for (std::size_t at = 0; at < labels.size(); ++at) {
      picture_.edges[first + at].label = labels[at].text(graph_, shapes_, source);
    }
  }

  void count_missing(EdgeIndex edge, NodeIndex other, std::vector<NodeIndex>& left_out) {
    if (links_.is_class_hidden(edge)) {
      ++picture_.hidden_edges;
    } else {
      left_out.push_back(other);
    }
  }

  void count_left_out() {
    if (!is_backwards()) return;
    EdgeBudget budget(options_.most_edges);
    for (std::size_t to = 0; to < members_.size(); ++to) {
      std::vector<NodeIndex> left_out;
      const auto visit = [&](EdgeIndex edge, NodeIndex source) {
        if (is_shown(source) || links_.is_weak_hidden(edge)) return;
        count_missing(edge, source, left_out);
      };
      if (!links_.visit_referrers(members_[to], budget, visit)) {
        picture_.nodes[to].is_partial = true;
      }
      set_left_out(to, left_out);
    }
  }

  void set_left_out(std::size_t place, std::vector<NodeIndex>& objects) {
    std::ranges::sort(objects);
    const auto repeated = std::ranges::unique(objects);
    picture_.nodes[place].left_out = objects.size() - repeated.size();
  }

  void mark_cycle() {
    for (std::size_t at = 0; at < cycle_.size(); ++at) {
      const NodeIndex from = cycle_[at];
      const NodeIndex to = cycle_[(at + 1) % cycle_.size()];
      for (PictureEdge& edge : picture_.edges) {
        if (edge.from == place_by_node_[from] && edge.to == place_by_node_[to] && !edge.is_weak) {
          edge.is_in_cycle = true;
        }
      }
    }
  }

  // ---- what is said of the nodes

  void add_roots() {
    struct Texts {
      std::vector<std::string> texts;
      std::uint64_t named = 0;
    };
    std::vector<Texts> texts_by_place(picture_.nodes.size());
    for (const graph::Root& root : graph_.roots()) {
      if (!is_shown(root.node) || root.kind == graph::RootKind::kImmortal) continue;
      const std::size_t place = place_by_node_[root.node];
      auto& [texts, named] = texts_by_place[place];
      ++picture_.nodes[place].roots.count;
      const std::string_view name = graph_.string(root.name);
      std::string text = shortened(printable(name.empty() ? name_of(root.kind) : name), kNameWidth);
      const bool is_known = std::ranges::find(texts, text) != texts.end();
      if (!is_known && texts.size() == kMostRootsNamed) continue;
      ++named;
      if (!is_known) texts.push_back(std::move(text));
    }
    for (std::size_t place = 0; place < texts_by_place.size(); ++place) {
      PictureRoots& roots = picture_.nodes[place].roots;
      roots.left_out = roots.count - texts_by_place[place].named;
      for (const std::string& text : texts_by_place[place].texts) {
        roots.text += (roots.text.empty() ? "" : "; ") + text;
      }
    }
  }

  void describe(std::size_t place) {
    PictureNode& node = picture_.nodes[place];
    const Members& members = members_[place];
    node.type = shortened(printable(graph_.type_name(graph_.type(node.node))), kNameWidth);
    node.name = shortened(printable(node.is_merged() ? names_.type_name(graph_.type(node.node))
                                                     : names_.name(node.node)),
                          kNameWidth);
    if (!node.is_merged()) {
      node.preview = shortened(printable(graph_.preview(node.node)), kPreviewWidth);
    }
    const auto count = graph_.reference_count(node.node);
    bool has_same_count = graph_.columns().counts.size() != 0;
    node.is_immortal = true;
    for (const NodeIndex member : members) {
      node.size_bytes += graph_.size_bytes(member);
      node.is_immortal = node.is_immortal && graph_.flags(member).is_immortal();
      has_same_count = has_same_count && graph_.reference_count(member) == count;
    }
    if (has_same_count && !node.is_immortal) node.reference_count = count;
  }

  const HeapGraph& graph_;
  const ObjectNames& names_;
  const PictureOptions& options_;
  ReferenceLinks links_;
  EdgeShapes shapes_;
  std::vector<std::uint32_t> place_by_node_;
  NodeSet in_cycle_;
  NodeSet has_root_;
  std::vector<NodeIndex> cycle_;
  std::vector<Members> members_;  ///< by place in picture_.nodes
  ReferencePicture picture_;
};

}  // namespace

ReferencePicture picture_of_references(const HeapGraph& graph, const ObjectNames& names,
                                       const analysis::ReverseEdges* reverse,
                                       std::span<const NodeIndex> starts,
                                       const PictureOptions& options) {
  return PictureBuilder(graph, names, reverse, starts, options).build();
}

}  // namespace ouro::report
