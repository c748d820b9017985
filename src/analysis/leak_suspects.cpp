#include "analysis/leak_suspects.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace ouro::analysis {

namespace {

using graph::kNoNode;
using graph::TypeIndex;

/// Amounts by type, for some of the types.
class AmountByType {
 public:
  void add(TypeIndex type, std::uint64_t bytes) { amounts_[type].add(bytes); }
  const std::unordered_map<TypeIndex, Amount>& all() const { return amounts_; }
  /// Of the most bytes; of equal ones the lowest.
  std::pair<TypeIndex, Amount> greatest() const {
    std::pair<TypeIndex, Amount> best{0, {}};
    for (const auto& [type, amount] : amounts_) {
      if (std::pair(amount.bytes, best.first) > std::pair(best.second.bytes, type)) {
        best = {type, amount};
      }
    }
    return best;
  }

 private:
  std::unordered_map<TypeIndex, Amount> amounts_;
};

class Search {
 public:
  Search(const HeapGraph& graph, const DominatorTree& tree, const DominatorOrder& order,
         LeakSuspectOptions options)
      : graph_(graph),
        tree_(tree),
        order_(order),
        options_(options),
        heap_bytes_(tree.retained_bytes(tree.virtual_root())) {}

  std::vector<LeakSuspect> run(Progress* progress) {
    if (progress != nullptr) progress->begin("leak suspects", 3);
    if (heap_bytes_ > 0) {
      look_below_dominators();
      if (progress != nullptr) progress->advance(1);
      look_at_common_holders();
    }
    if (progress != nullptr) progress->advance(2);
    look_at_unreachable();
    std::ranges::sort(suspects_, [](const LeakSuspect& left, const LeakSuspect& right) {
      return std::tuple(-left.score, left.node, left.type) <
             std::tuple(-right.score, right.node, right.type);
    });
    return std::move(suspects_);
  }

 private:
  bool is_big(NodeIndex node) const { return share(tree_.retained_bytes(node)) >= least_share(); }
  double least_share() const { return options_.least_share; }
  double share(std::uint64_t bytes) const {
    return static_cast<double>(bytes) / static_cast<double>(heap_bytes_);
  }
  static bool is_most(std::uint64_t part, std::uint64_t all) { return part >= all - all / 2; }

  void look_below_dominators();
  NodeIndex next_on_the_way(NodeIndex node);
  std::optional<LeakSuspect> chain_on(const std::vector<NodeIndex>& way) const;
  std::optional<LeakSuspect> judge(const std::vector<NodeIndex>& way) const;
  bool is_above_peers(const std::vector<NodeIndex>& way, LeakSuspect& suspect) const;
  void look_at_common_holders();
  LeakSuspect common_holder_of(TypeIndex type, const Amount& amount,
                               const std::vector<bool>& is_root) const;
  void look_at_unreachable();
  void report(LeakSuspect suspect) {
    suspect.share = share(suspect.retained_bytes);
    suspect.score = share(suspect.accumulated.bytes);
    suspects_.push_back(suspect);
  }

  const HeapGraph& graph_;
  const DominatorTree& tree_;
  const DominatorOrder& order_;
  LeakSuspectOptions options_;
  std::uint64_t heap_bytes_;
  std::vector<NodeIndex> beginnings_;  // of ways still to follow
  std::vector<LeakSuspect> suspects_;
};

void Search::look_below_dominators() {
  order_.for_each_child(tree_.virtual_root(), [&](NodeIndex child) {
    if (is_big(child)) beginnings_.push_back(child);
  });
  std::vector<NodeIndex> way;
  while (!beginnings_.empty()) {
    way.clear();
    NodeIndex node = beginnings_.back();
    beginnings_.pop_back();
    for (; node != kNoNode; node = next_on_the_way(node)) way.push_back(node);
    std::optional<LeakSuspect> suspect = chain_on(way);
    if (!suspect) suspect = judge(way);
    if (suspect) report(*suspect);
  }
}

/// The big child with at least half of what the node retains, or kNoNode. Ways begin at all other
/// big ones.
NodeIndex Search::next_on_the_way(NodeIndex node) {
  NodeIndex next = kNoNode;
  order_.for_each_child(node, [&](NodeIndex child) {
    if (!is_big(child)) return;
    const bool is_half = is_most(tree_.retained_bytes(child), tree_.retained_bytes(node));
    if (next == kNoNode && is_half) {
      next = child;
    } else {
      beginnings_.push_back(child);
    }
  });
  return next;
}

std::optional<LeakSuspect> Search::chain_on(const std::vector<NodeIndex>& way) const {
  if (way.size() < options_.fewest_instances) return std::nullopt;
  std::unordered_map<TypeIndex, std::uint64_t> count_by_type;
  for (const NodeIndex node : way) ++count_by_type[graph_.type(node)];
  // Of types that occur as often, the first on the way begins the chain.
  NodeIndex first = way.front();
  for (const NodeIndex node : way) {
    if (count_by_type[graph_.type(node)] > count_by_type[graph_.type(first)]) first = node;
  }
  const TypeIndex type = graph_.type(first);
  if (count_by_type[type] < options_.fewest_instances) return std::nullopt;
  LeakSuspect suspect;
  suspect.reason = SuspectReason::kLongChain;
  suspect.node = first;
  suspect.retained_bytes = tree_.retained_bytes(first);
  suspect.type = type;
  for (const NodeIndex node : order_.nodes().subspan(order_.position(first), order_.count(first))) {
    suspect.accumulated.count += graph_.type(node) == type ? 1u : 0u;
  }
  suspect.accumulated.bytes = suspect.retained_bytes;
  return suspect;
}

/// The end of the way, if there is a reason to.
std::optional<LeakSuspect> Search::judge(const std::vector<NodeIndex>& way) const {
  const NodeIndex end = way.back();
  LeakSuspect suspect;
  suspect.node = end;
  suspect.retained_bytes = tree_.retained_bytes(end);
  AmountByType children;
  std::uint64_t followed_bytes = 0;
  order_.for_each_child(end, [&](NodeIndex child) {
    if (is_big(child)) {
      followed_bytes += tree_.retained_bytes(child);
    } else {
      children.add(graph_.type(child), tree_.retained_bytes(child));
    }
  });
  if (is_most(followed_bytes, suspect.retained_bytes)) return std::nullopt;
  std::tie(suspect.type, suspect.accumulated) = children.greatest();

  const std::uint64_t own_bytes = graph_.size_bytes(end);
  if (is_most(own_bytes, suspect.retained_bytes)) {
    suspect.reason = SuspectReason::kLargeObject;
    suspect.type = graph_.type(end);
    suspect.accumulated = {1, own_bytes};
  } else if (is_most(suspect.accumulated.bytes, suspect.retained_bytes) &&
             suspect.accumulated.count >= options_.fewest_instances) {
    suspect.reason = SuspectReason::kManyOfOneType;
  } else if (is_above_peers(way, suspect)) {
    suspect.reason = SuspectReason::kAbovePeers;
  } else if (share(suspect.retained_bytes) >= options_.large_share) {
    suspect.reason = SuspectReason::kLargeShare;
  } else {
    return std::nullopt;
  }
  return suspect;
}

/// Compares each node on the way with those of its type, and keeps the comparison that says least
/// against it: a module may be like all modules though its dict is larger than any other.
bool Search::is_above_peers(const std::vector<NodeIndex>& way, LeakSuspect& suspect) const {
  std::unordered_map<TypeIndex, std::vector<std::uint64_t>> peers_by_type;
  for (const NodeIndex node : way) peers_by_type[graph_.type(node)];
  for (const NodeIndex node : order_.nodes().subspan(1)) {
    const auto found = peers_by_type.find(graph_.type(node));
    if (found != peers_by_type.end()) found->second.push_back(tree_.retained_bytes(node));
  }
  for (auto& [type, bytes] : peers_by_type) {
    if (bytes.size() > options_.fewest_peers) {
      std::ranges::nth_element(bytes,
                               bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2));
    }
  }
  double least_ratio = 0;
  for (const NodeIndex node : way) {
    const std::vector<std::uint64_t>& bytes = peers_by_type[graph_.type(node)];
    if (bytes.size() <= options_.fewest_peers) continue;
    const std::uint64_t median = std::max<std::uint64_t>(bytes[bytes.size() / 2], 1);
    const double ratio =
        static_cast<double>(tree_.retained_bytes(node)) / static_cast<double>(median);
    if (suspect.node_with_peers != kNoNode && ratio >= least_ratio) continue;
    least_ratio = ratio;
    suspect.node_with_peers = node;
    suspect.peer_count = bytes.size() - 1;
    suspect.median_peer_bytes = median;
  }
  if (suspect.node_with_peers != kNoNode && least_ratio >= options_.least_peer_ratio) return true;
  suspect.node_with_peers = kNoNode;
  suspect.peer_count = 0;
  suspect.median_peer_bytes = 0;
  return false;
}

/// Objects below the virtual root that are no roots are held by several others.
void Search::look_at_common_holders() {
  std::vector<bool> is_root(graph_.node_count(), false);
  for (const graph::Root& root : graph_.roots()) is_root[root.node] = true;
  AmountByType shared;
  order_.for_each_child(tree_.virtual_root(), [&](NodeIndex child) {
    if (!is_root[child] && !is_big(child)) {
      shared.add(graph_.type(child), tree_.retained_bytes(child));
    }
  });
  for (const auto& [type, amount] : shared.all()) {
    if (amount.count < options_.fewest_instances || share(amount.bytes) < least_share()) continue;
    const LeakSuspect suspect = common_holder_of(type, amount, is_root);
    if (suspect.node != kNoNode) report(suspect);
  }
}

LeakSuspect Search::common_holder_of(TypeIndex type, const Amount& amount,
                                     const std::vector<bool>& is_root) const {
  LeakSuspect suspect;
  suspect.reason = SuspectReason::kManyOfOneType;
  suspect.is_only_holder = false;
  suspect.type = type;
  suspect.accumulated = amount;
  const auto is_meant = [&](NodeIndex node) {
    return tree_.immediate_dominator(node) == tree_.virtual_root() && !is_root[node] &&
           graph_.type(node) == type;
  };
  // A container may refer to an object more than once, which holds one object.
  std::vector<NodeIndex> counted_for(graph_.node_count(), kNoNode);
  std::uint64_t most = 0;
  for (const NodeIndex node : order_.nodes().subspan(1)) {
    std::uint64_t count = 0;
    for (auto edge = graph_.edges_begin(node); edge < graph_.edges_end(node); ++edge) {
      const NodeIndex target = graph_.target(edge);
      if (!is_meant(target) || counted_for[target] == node || graph_.kind(edge).is_weak()) continue;
      counted_for[target] = node;
      ++count;
    }
    if (count <= most) continue;
    most = count;
    suspect.node = node;
  }
  if (!is_most(most, amount.count)) suspect.node = kNoNode;
  if (suspect.node != kNoNode) suspect.retained_bytes = tree_.retained_bytes(suspect.node);
  return suspect;
}

void Search::look_at_unreachable() {
  AmountByType unreachable;
  std::uint64_t bytes = 0;
  for (NodeIndex node = 0; node < graph_.node_count(); ++node) {
    if (tree_.is_reachable(node) || graph_.reference_count(node) == 0) continue;
    bytes += graph_.size_bytes(node);
    unreachable.add(graph_.type(node), graph_.size_bytes(node));
  }
  // Sizes that lie add up to anything: the sum of the doubles is not 0 where one part is not.
  const double all_bytes = static_cast<double>(heap_bytes_) + static_cast<double>(bytes);
  if (bytes == 0 || static_cast<double>(bytes) / all_bytes < least_share()) return;
  LeakSuspect suspect;
  suspect.reason = SuspectReason::kUnreachable;
  suspect.retained_bytes = bytes;
  suspect.share = static_cast<double>(bytes) / all_bytes;
  std::tie(suspect.type, suspect.accumulated) = unreachable.greatest();
  suspect.score = static_cast<double>(suspect.accumulated.bytes) / all_bytes;
  suspects_.push_back(suspect);
}

}  // namespace

std::vector<LeakSuspect> leak_suspects(const HeapGraph& graph, const DominatorTree& tree,
                                       const DominatorOrder& order, LeakSuspectOptions options,
                                       Progress* progress) {
  return Search(graph, tree, order, options).run(progress);
}

}  // namespace ouro::analysis
