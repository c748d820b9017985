#include "analysis/several_paths.hpp"

#include <algorithm>
#include <optional>
#include <queue>

#include "analysis/node_set.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

namespace {

/// The edge by which a path goes from one node to the next: the first owned one. Mostly that is the
/// forest's, and a source with millions of edges need not be searched.
EdgeIndex first_edge_between(const ShortestPaths& forest, NodeIndex source, NodeIndex target) {
  if (forest.parent(target) == source) return forest.parent_edge(target);
  const HeapGraph& graph = forest.graph();
  EdgeIndex edge = graph.edges_begin(source);
  while (graph.target(edge) != target || !graph.kind(edge).is_owned()) ++edge;
  return edge;
}

/// Breadth first against the edges: what has been found is in `found_`, each with the place there
/// of the node it refers to, so one step nearer to where the search began.
class SearchBackwards {
 public:
  /// Only what a start reaches is of interest. Nodes in `seen` are left out; it is as before when
  /// the search is over, since a set a search would cost more than most searches. `edges_left` is
  /// counted down.
  SearchBackwards(const ShortestPaths& forest, const ReverseEdges& reverse, NodeIndex node,
                  NodeSet& seen, std::uint64_t& edges_left)
      : forest_(forest), reverse_(reverse), edges_left_(edges_left), seen_(seen) {
    seen_.insert(node);
    found_.push_back({node, 0});
  }
  SearchBackwards(const SearchBackwards&) = delete;
  SearchBackwards& operator=(const SearchBackwards&) = delete;
  ~SearchBackwards() {
    for (const Found& found : found_) seen_.erase(found.node);
  }

  /// The place of the next start, or nothing at the end.
  std::optional<std::uint32_t> find_next_start() {
    if (next_ > 0) expand(next_ - 1);
    while (next_ < found_.size()) {
      const std::uint32_t place = next_++;
      // Not expanded before the next call: what lies behind it matters to those after it alone.
      if (forest_.is_start(found_[place].node)) return place;
      expand(place);
    }
    return std::nullopt;
  }
  /// Edges have run out: what is found from then on need not be the nearest, nor all there is.
  bool was_cut_short() const { return was_cut_short_; }

  NodeIndex node_at(std::uint32_t place) const { return found_[place].node; }
  /// From the node at the place to where the search began.
  std::vector<EdgeIndex> edges_from(std::uint32_t place) const {
    std::vector<EdgeIndex> edges;
    while (place != 0) {
      const Found& from = found_[place];
      const NodeIndex to = found_[from.nearer].node;
      edges.push_back(first_edge_between(forest_, from.node, to));
      place = from.nearer;
    }
    return edges;
  }

 private:
  struct Found {
    NodeIndex node;
    std::uint32_t nearer;
  };

  void expand(std::uint32_t place) {
    auto sources = reverse_.sources(found_[place].node);
    if (sources.size() > edges_left_) {
      was_cut_short_ = true;
      sources = sources.first(edges_left_);
    }
    edges_left_ -= sources.size();
    for (const NodeIndex source : sources) {
      if (forest_.is_reached(source) && seen_.insert(source)) found_.push_back({source, place});
    }
  }

  const ShortestPaths& forest_;
  const ReverseEdges& reverse_;
  std::uint64_t& edges_left_;
  NodeSet& seen_;
  std::vector<Found> found_;
  std::uint32_t next_ = 0;
  bool was_cut_short_ = false;
};

class ByHolder {
 public:
  ByHolder(const ShortestPaths& forest, const ReverseEdges& reverse, NodeIndex node,
           std::uint64_t most_edges)
      : forest_(forest),
        reverse_(reverse),
        node_(node),
        edges_left_(most_edges),
        left_out_(forest.graph().node_count()) {
    left_out_.insert(node);
  }

  SeveralPaths find(std::size_t most_paths) {
    SeveralPaths several;
    if (forest_.is_start(node_)) several.paths.push_back(*forest_.path_to(node_));
    several.is_complete = queue_holders();
    while (several.paths.size() < most_paths && !candidates_.empty()) {
      Candidate candidate = candidates_.top();
      candidates_.pop();
      if (!candidate.is_exact) {
        several.is_complete &= settle(candidate);
        continue;
      }
      several.paths.push_back(path_of(candidate));
    }
    if (several.paths.size() > most_paths) several.paths.resize(most_paths);
    return several;
  }

 private:
  /// A holder with the length of the path to it, or less where it is not settled yet. As those with
  /// the least come first, one that is exact is not longer than any that could follow.
  struct Candidate {
    std::uint32_t length;
    NodeIndex holder;
    bool is_exact;
    /// Place in detours_, or kNoDetour: then it is the forest's path.
    std::uint32_t detour;

    bool operator>(const Candidate& other) const {
      if (length != other.length) return length > other.length;
      if (holder != other.holder) return holder > other.holder;
      return is_exact && !other.is_exact;
    }
  };
  static constexpr std::uint32_t kNoDetour = 0xFFFFFFFFu;
  /// A step up the forest is a binary search, as long as looking at so many edges in a row.
  static constexpr std::uint64_t kEdgesOfAStep = 16;
  using Queue = std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>>;

  /// False: there are more holders than edges to look at. The one on the shortest path is among
  /// those looked at.
  bool queue_holders() {
    std::vector<Candidate> all;
    const auto sources = reverse_.sources(node_);
    const auto looked_at = sources.first(std::min<std::uint64_t>(sources.size(), edges_left_));
    edges_left_ -= looked_at.size();
    NodeIndex before = graph::kNoNode;
    const auto add = [&](NodeIndex holder) {
      if (holder == before || holder == node_ || !forest_.is_reached(holder)) return;
      before = holder;
      all.push_back({forest_.distance(holder), holder, false, kNoDetour});
    };
    // Rising, so repetitions stand together.
    for (const NodeIndex holder : looked_at) add(holder);
    const NodeIndex parent = forest_.parent(node_);
    const bool is_parent_missing = looked_at.empty() || looked_at.back() < parent;
    if (parent != graph::kNoNode && is_parent_missing) add(parent);
    candidates_ = Queue(std::greater<>(), std::move(all));
    return looked_at.size() == sources.size();
  }

  /// Finds the length of the shortest path to the holder that leaves out the node, and queues the
  /// holder again if there is one. False: not known, for want of edges.
  bool settle(Candidate candidate) {
    candidate.is_exact = true;
    const std::uint32_t steps = steps_to_distance_of_node(candidate.holder);
    const std::uint64_t cost = std::uint64_t{steps} * kEdgesOfAStep;
    if (cost > edges_left_) return false;
    edges_left_ -= cost;
    if (steps == 0 || !forest_path_meets_node(candidate.holder)) {
      candidates_.push(candidate);
      return true;
    }
    SearchBackwards search(forest_, reverse_, candidate.holder, left_out_, edges_left_);
    const auto place = search.find_next_start();
    if (!place) return !search.was_cut_short();
    Path path = path_from_start(search.node_at(*place), search.edges_from(*place));
    candidate.length = static_cast<std::uint32_t>(path.edges.size());
    candidate.detour = static_cast<std::uint32_t>(detours_.size());
    detours_.push_back(std::move(path));
    candidates_.push(candidate);
    return !search.was_cut_short();
  }

  /// A path that has as many steps as the node's or fewer cannot lead through it.
  std::uint32_t steps_to_distance_of_node(NodeIndex holder) const {
    const std::uint32_t node_distance = forest_.distance(node_);
    const std::uint32_t distance = forest_.distance(holder);
    return distance > node_distance ? distance - node_distance : 0;
  }

  bool forest_path_meets_node(NodeIndex holder) const {
    for (std::uint32_t left = steps_to_distance_of_node(holder); left > 0; --left) {
      holder = forest_.parent(holder);
    }
    return holder == node_;
  }

  Path path_from_start(NodeIndex start, std::vector<EdgeIndex> edges) const {
    return {forest_.start_indexes(start).front(), start, std::move(edges)};
  }

  Path path_of(const Candidate& candidate) const {
    Path path = candidate.detour == kNoDetour ? *forest_.path_to(candidate.holder)
                                              : detours_[candidate.detour];
    path.edges.push_back(first_edge_between(forest_, candidate.holder, node_));
    return path;
  }

  const ShortestPaths& forest_;
  const ReverseEdges& reverse_;
  NodeIndex node_;
  std::uint64_t edges_left_;
  NodeSet left_out_;  ///< of searches: the node
  Queue candidates_;
  std::vector<Path> detours_;
};

/// Of kRootKinds: whether the root's kind is new; adds it.
class KindsSeen {
 public:
  bool insert(graph::RootKind kind) {
    const unsigned bit = 1u << static_cast<unsigned>(kind);
    const bool is_new = (bits_ & bit) == 0;
    bits_ |= bit;
    return is_new;
  }

 private:
  unsigned bits_ = 0;
};

SeveralPaths by_start(const ShortestPaths& forest, const ReverseEdges& reverse, NodeIndex node,
                      std::size_t most_paths, Distinct distinct, std::uint64_t most_edges) {
  SeveralPaths several;
  KindsSeen kinds;
  NodeSet seen(forest.graph().node_count());
  SearchBackwards search(forest, reverse, node, seen, most_edges);
  while (several.paths.size() < most_paths) {
    const auto place = search.find_next_start();
    if (!place) break;
    const NodeIndex start = search.node_at(*place);
    for (const std::uint32_t index : forest.start_indexes(start)) {
      const bool is_new =
          distinct == Distinct::kRoots || kinds.insert(forest.graph().roots()[index].kind);
      if (is_new && several.paths.size() < most_paths) {
        several.paths.push_back({index, start, search.edges_from(*place)});
      }
      if (distinct == Distinct::kRoots) break;
    }
    if (distinct == Distinct::kRootKinds && several.paths.size() == graph::kRootKindCount) break;
  }
  several.is_complete = !search.was_cut_short();
  return several;
}

}  // namespace

SeveralPaths several_paths(const ShortestPaths& forest, const ReverseEdges& reverse, NodeIndex node,
                           std::size_t most_paths, Distinct distinct, std::uint64_t most_edges) {
  if (!forest.is_reached(node)) return {};
  if (distinct == Distinct::kHolders) {
    return ByHolder(forest, reverse, node, most_edges).find(most_paths);
  }
  return by_start(forest, reverse, node, most_paths, distinct, most_edges);
}

}  // namespace ouro::analysis
