// Semi-NCA without the leaves.
//
// Vertices are the nodes that are no leaves, by their depth-first numbers: 1 to vertex_count_, and
// 0 for the virtual root. So a comparison of two numbers says what a reference is:
//
//   from u to v, u < v     v is below u in the depth-first tree: u is a candidate for the
//                          semidominator of v
//   from u to v, u > v     the reference leads back
//
//   semi(v) = min over referrers u of v:  u                                             if u < v
//                                         min of semi(x), x from u up to just below v   if u > v
//   idom(v) = the first of idom(parent(v)), its idom, ... that is at most semi(v), from parent(v)
//
// The referrers are read from the reverse edges: of one vertex they stand together, so that their
// numbers are fetched side by side. To keep those that lead back in lists while searching took half
// as long again where each object refers to its class. The minimum along the path is looked up with
// path compression; path splitting was no faster.
//
// The walk up to semi(v) can be long: with a list of a million links, each with a payload that
// something else holds too, all walks would take the square of that. Once they have taken 8 steps a
// vertex, jump pointers are kept (Myers: An applicative random-access stack, 1983), and a walk
// takes O(log n). The same goes for the walks of the leaves.
//
// A start has the virtual root for its parent, wherever the search met it: its semidominator is 0
// anyway, and so is that of what is looked up along a path through it.
//
// Two shortcuts for what has one referrer and is no root, as most of a heap: a vertex was found
// through it, so its semidominator is its parent; of a leaf it is the dominator.
//
// Other leaves: the nearest common ancestor of the referrers in the vertices' dominator tree, found
// by going up from the greater of two numbers until both are the same, as numbers fall on the way
// up (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm, 2001). One pass over the leaves
// finds their dominators, and adds their bytes to these.
//
//   per vertex     vertex_       the node; of the virtual root, virtual_root()
//                  parent_       its depth-first parent; from immediate_dominators() on, its idom
//                  links_        two halves: [ ancestor | least semi on the path ] once semi(v) is
//                                known; [ jump pointer | depth ]; in the end all the bytes that it
//                                retains
//   some vertices  semi_         semi(v), where that is not the parent: a stack, filled from the
//                                last vertex to the first; has_semi_ is a bit each
//   per node       seen_         a bit: a leaf, or reached
//                  number_       its vertex, 0 while not reached; of leaves, in the end, that of
//                                their dominator; kNoDominator, in the end, where no root leads
//
// In a virtual machine a page takes longer to get from the system, 1.5 to 2 us (a CPU of 2023),
// than to fill: so no array is written that need not be, and what is by vertex is not by node.
//
// number_, vertex_, parent_ and links_ become the tree.
#include "analysis/dominators.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <ouro/base/assert.hpp>
#include "analysis/leaves.hpp"
#include "analysis/number_pair.hpp"
#include "analysis/reverse_edges.hpp"

namespace ouro::analysis {

namespace {

using graph::EdgeIndex;
using graph::kNoNode;

/// A vertex by its depth-first number.
using Vertex = std::uint32_t;
constexpr std::uint32_t kNoDominator = DominatorTree::kNoNumber;
/// A vertex or leaf, on average. Heaps and random graphs take one at most.
constexpr std::uint64_t kStepsBeforeJumps = 8;

/// From so many on (a class has a million) what is read of a vertex's referrers is fetched ahead.
/// To do so for few made heaps slower. For many, the dominators of 19.6 million objects that refer
/// to their classes took 0.81 to 0.92 s instead of 0.98 to 1.00.
constexpr std::size_t kManyReferrers = 64;

class Finder {
 public:
  Finder(const HeapGraph& graph, std::span<const NodeIndex> starts, Progress* progress)
      : graph_(graph),
        starts_(starts),
        progress_(progress),
        begins_(graph.edge_begins()),
        targets_(graph.all_targets()),
        owned_(graph, EdgeFilter::kOwned),
        seen_(leaves_of(graph)),
        most_vertices_(graph.node_count() - seen_.size()),
        number_(FlatArray<std::uint32_t>::zeros(graph.node_count())),
        vertex_(most_vertices_ + std::size_t{1}),
        parent_(vertex_.size()),
        links_(vertex_.size()),
        semi_(vertex_.size()),
        has_semi_(most_vertices_ + 1) {}

  /// The reverse edges are not needed behind it.
  void find(const ReverseEdges& reverse) {
    OURO_ASSERT(reverse.filter() == EdgeFilter::kOwned, "what is weak dominates nothing");
    begin("dominators: search", most_vertices_);
    owned_.has_all() ? search<false>() : search<true>();
    begin("dominators: tree", vertex_count_);
    semidominators(reverse);
    path_ = {};
    immediate_dominators();
    begin("dominators: leaves", graph_.node_count());
    add_leaves(reverse);
  }

  DominatorTree make_tree() && {
    begin("dominators: retained sizes", vertex_count_);
    add_vertices();
    return {graph_,
            {.number_by_node = std::move(number_),
             .node_by_number = std::move(vertex_),
             .dominator_by_number = std::move(parent_),
             .retained_by_number = std::move(links_),
             .numbered_count = vertex_count_ + std::size_t{1}}};
  }

 private:
  struct Frame {
    EdgeIndex next;
    EdgeIndex end;
    Vertex vertex;
  };

  template <bool kHasWeak>
  void search();
  template <bool kHasWeak>
  void search_from(NodeIndex start);
  void add_vertex(NodeIndex node, Vertex parent);

  void semidominators(const ReverseEdges& reverse);
  template <bool kFetchAhead>
  Vertex least_of_referrers(Vertex vertex, std::span<const NodeIndex> referrers);
  Vertex least_semi(Vertex vertex, Vertex above);
  void immediate_dominators();
  void immediate_dominators_by_jumps(Vertex first);
  void add_jump(FlatArray<std::uint64_t>& jumps, Vertex vertex) const;

  void add_leaves(const ReverseEdges& reverse);
  Vertex dominator_of_leaf(std::span<const NodeIndex> referrers);
  Vertex common_ancestor(Vertex first, Vertex second);
  Vertex common_ancestor_by_jumps(Vertex first, Vertex second) const;
  void make_jumps();
  void add_vertices();

  bool is_leaf(NodeIndex node) const { return begins_[node] == begins_[node + 1]; }
  template <bool kHasWeak>
  bool is_weak(EdgeIndex edge) const {
    return kHasWeak && !owned_.has(edge);
  }
  void begin(std::string_view what, std::uint64_t total) {
    if (progress_ != nullptr) progress_->begin(what, total);
  }
  void advance(std::uint64_t done) {
    constexpr std::uint64_t kEvery = std::uint64_t{1} << 18;
    if (progress_ != nullptr && done % kEvery == 0) progress_->advance(done);
  }

  const HeapGraph& graph_;
  std::span<const NodeIndex> starts_;
  Progress* progress_;
  std::span<const EdgeIndex> begins_;
  std::span<const NodeIndex> targets_;
  EdgeSelection owned_;

  NodeSet seen_;
  std::uint32_t most_vertices_;
  FlatArray<std::uint32_t> number_;
  FlatArray<NodeIndex> vertex_;
  FlatArray<Vertex> parent_;
  FlatArray<std::uint64_t> links_;
  FlatArray<Vertex> semi_;
  std::size_t semi_count_ = 0;
  NodeSet has_semi_;
  FlatArray<std::uint64_t> jumps_;
  std::uint64_t steps_ = 0;  ///< to common ancestors
  std::uint64_t most_steps_ = kStepsBeforeJumps * (std::uint64_t{graph_.node_count()} + 1);
  Vertex vertex_count_ = 0;

  FlatArray<Frame> stack_;
  std::vector<Vertex> path_;
};

void Finder::add_vertex(NodeIndex node, Vertex parent) {
  const Vertex vertex = ++vertex_count_;
  number_[node] = vertex;
  vertex_[vertex] = node;
  parent_[vertex] = parent;
  advance(vertex);
}

template <bool kHasWeak>
void Finder::search() {
  // For the worst case; only what is written takes memory.
  stack_ = FlatArray<Frame>(vertex_.size());
  vertex_[0] = graph_.node_count();
  parent_[0] = 0;
  for (const NodeIndex start : starts_) {
    OURO_ASSERT(start < graph_.node_count(), "a start is a node");
    if (seen_.insert(start)) search_from<kHasWeak>(start);
  }
  stack_ = {};
  for (const NodeIndex start : starts_) {
    if (!is_leaf(start)) parent_[number_[start]] = 0;
  }
}

template <bool kHasWeak>
void Finder::search_from(NodeIndex start) {
  add_vertex(start, 0);
  std::size_t depth = 0;
  Frame top{begins_[start], begins_[start + 1], vertex_count_};
  while (true) {
    if (top.next == top.end) {
      if (depth == 0) return;
      top = stack_[--depth];
      continue;
    }
    const EdgeIndex edge = top.next++;
    const NodeIndex target = targets_[edge];
    if (is_weak<kHasWeak>(edge) || !seen_.insert(target)) continue;
    add_vertex(target, top.vertex);
    // Nothing left to return to: so a chain takes no stack.
    if (top.next != top.end) stack_[depth++] = top;
    top = {begins_[target], begins_[target + 1], vertex_count_};
  }
}

// for v := vertex_count down to 1:
//   semi(v) := min over referrers u of v:  u, if u < v;  eval(u), if u > v
//   link(v)
//
// That a vertex is linked needs no mark: the linked ones are those with greater numbers.
void Finder::semidominators(const ReverseEdges& reverse) {
  constexpr Vertex kAhead = 16;
  for (Vertex vertex = vertex_count_; vertex > 0; --vertex) {
    if (vertex > 2 * kAhead) {
      __builtin_prefetch(&reverse.begins()[vertex_[vertex - 2 * kAhead]]);
      __builtin_prefetch(reverse.sources(vertex_[vertex - kAhead]).data());
    }
    const Vertex parent = parent_[vertex];
    Vertex semi = parent;
    const std::span<const NodeIndex> sources = reverse.sources(vertex_[vertex]);
    if (semi != 0 && sources.size() > 1) {  // nothing is less than 0; a single one is the parent
      semi = sources.size() < kManyReferrers ? least_of_referrers<false>(vertex, sources)
                                             : least_of_referrers<true>(vertex, sources);
    }
    if (semi != parent) {
      semi_[semi_count_++] = semi;
      has_semi_.insert(vertex);
    }
    links_[vertex] = pair_of(parent, semi);
  }
}

template <bool kFetchAhead>
Vertex Finder::least_of_referrers(Vertex vertex, std::span<const NodeIndex> referrers) {
  constexpr std::size_t kFar = 32;
  constexpr std::size_t kNear = 12;
  Vertex least = parent_[vertex];
  for (std::size_t at = 0; at < referrers.size() && least != 0; ++at) {
    if (kFetchAhead && at + kFar < referrers.size()) {
      __builtin_prefetch(&number_[referrers[at + kFar]]);
      __builtin_prefetch(&links_[number_[referrers[at + kNear]]]);
    }
    const Vertex from = number_[referrers[at]];
    // Not reached: 0, which the virtual root has, too.
    if (from == 0) continue;
    least = std::min(least, from <= vertex ? from : least_semi(from, vertex));
  }
  return least;
}

/// The least semi of `vertex` and its linked ancestors, all of which are greater than `above`.
/// Compresses the path: each on it then looks at the first that is not linked, with the least of
/// all it skips.
Vertex Finder::least_semi(Vertex vertex, Vertex above) {
  std::uint64_t link = links_[vertex];
  if (high_of(link) <= above) return low_of(link);
  path_.clear();
  do {
    path_.push_back(vertex);
    vertex = high_of(link);
    link = links_[vertex];
  } while (high_of(link) > above);
  const Vertex ancestor = high_of(link);
  Vertex least = low_of(link);
  for (std::size_t at = path_.size(); at-- > 0;) {
    std::uint64_t& below = links_[path_[at]];
    least = std::min(least, low_of(below));
    below = pair_of(ancestor, least);
  }
  return least;
}

// for v := 1 to vertex_count:
//   idom(v) := parent(v);  while idom(v) > semi(v):  idom(v) := idom(idom(v))
void Finder::immediate_dominators() {
  const std::uint64_t most_steps = kStepsBeforeJumps * (std::uint64_t{vertex_count_} + 1);
  std::uint64_t steps = 0;
  for (Vertex vertex = 1; vertex <= vertex_count_; ++vertex) {
    if (!has_semi_.contains(vertex)) continue;
    const Vertex semi = semi_[semi_count_ - 1];
    Vertex dominator = parent_[vertex];
    for (; dominator > semi && steps < most_steps; ++steps) dominator = parent_[dominator];
    if (dominator > semi) return immediate_dominators_by_jumps(vertex);
    parent_[vertex] = dominator;
    --semi_count_;
  }
}

// Both ways up lead over falling numbers, so a jump is right if it does not pass semi(v):
//   while idom(v) > semi(v):  idom(v) := jump(idom(v)) if that is at least semi(v) or idom(idom(v))
void Finder::immediate_dominators_by_jumps(Vertex first) {
  links_[0] = pair_of(0, 0);
  for (Vertex vertex = 1; vertex < first; ++vertex) add_jump(links_, vertex);
  for (Vertex vertex = first; vertex <= vertex_count_; ++vertex) {
    const Vertex semi = has_semi_.contains(vertex) ? semi_[--semi_count_] : parent_[vertex];
    Vertex dominator = parent_[vertex];
    while (dominator > semi) {
      const Vertex jump = high_of(links_[dominator]);
      dominator = jump >= semi ? jump : parent_[dominator];
    }
    parent_[vertex] = dominator;
    add_jump(links_, vertex);
  }
}

/// Two jumps of the same length above each other become one of twice the length and one.
void Finder::add_jump(FlatArray<std::uint64_t>& jumps, Vertex vertex) const {
  const Vertex dominator = parent_[vertex];
  const Vertex jump = high_of(jumps[dominator]);
  const Vertex jump_of_jump = high_of(jumps[jump]);
  const std::uint32_t depth = low_of(jumps[dominator]);
  const std::uint32_t middle = low_of(jumps[jump]);
  const bool is_twice = depth - middle == middle - low_of(jumps[jump_of_jump]);
  jumps[vertex] = pair_of(is_twice ? jump_of_jump : dominator, depth + 1);
}

/// Of two vertices or the virtual root. A number above is less, so the greater one goes up.
Vertex Finder::common_ancestor(Vertex first, Vertex second) {
  if (jumps_.size() != 0) return common_ancestor_by_jumps(first, second);
  for (; first != second; ++steps_) {
    if (first > second) {
      first = parent_[first];
    } else {
      second = parent_[second];
    }
  }
  return first;
}

/// Vertices of one depth have jumps of one length: up to the same depth, then up together.
Vertex Finder::common_ancestor_by_jumps(Vertex first, Vertex second) const {
  const auto depth = [&](Vertex vertex) { return low_of(jumps_[vertex]); };
  const auto jump = [&](Vertex vertex) { return high_of(jumps_[vertex]); };
  if (depth(first) < depth(second)) std::swap(first, second);
  while (depth(first) > depth(second)) {
    first = depth(jump(first)) >= depth(second) ? jump(first) : parent_[first];
  }
  while (first != second) {
    const bool is_far = jump(first) != jump(second);
    first = is_far ? jump(first) : parent_[first];
    second = is_far ? jump(second) : parent_[second];
  }
  return first;
}

void Finder::make_jumps() {
  jumps_ = FlatArray<std::uint64_t>(vertex_count_ + std::size_t{1});
  jumps_[0] = pair_of(0, 0);
  for (Vertex vertex = 1; vertex <= vertex_count_; ++vertex) add_jump(jumps_, vertex);
}

/// Leaves' dominators, and the own bytes of what is reached: those of a leaf are its dominator's.
void Finder::add_leaves(const ReverseEdges& reverse) {
  semi_ = {};
  std::fill_n(links_.data(), vertex_count_ + std::size_t{1}, std::uint64_t{0});
  // Referrers are no leaves, so that the leaves' numbers can be used for a mark.
  for (const NodeIndex start : starts_) {
    if (is_leaf(start)) number_[start] = kNoDominator;
  }
  const auto add = [&](NodeIndex node, std::uint64_t size_bytes) {
    advance(node);
    Vertex& number = number_[node];
    if (is_leaf(node)) {
      number = number == kNoDominator ? 0 : dominator_of_leaf(reverse.sources(node));
    } else if (number == 0) {
      number = kNoDominator;
    }
    if (number != kNoDominator) links_[number] += size_bytes;
  };
  const graph::Column& sizes = graph_.columns().sizes;
  sizes.for_each(add);
  // Sizes may be unknown, of all.
  for (NodeIndex node = sizes.size(); node < graph_.node_count(); ++node) add(node, 0);
  jumps_ = {};
}

/// kNoDominator where none of the referrers is reached.
Vertex Finder::dominator_of_leaf(std::span<const NodeIndex> referrers) {
  // What is not reached is 0, and kNoDominator once this pass was there: 0 - 1 is a large number as
  // well.
  const auto is_reached = [&](Vertex vertex) { return vertex - 1 < vertex_count_; };
  Vertex common = kNoDominator;
  for (const NodeIndex referrer : referrers) {
    const Vertex vertex = number_[referrer];
    if (!is_reached(vertex)) continue;
    common = common == kNoDominator ? vertex : common_ancestor(common, vertex);
    if (common == 0) break;
    if (steps_ > most_steps_ && jumps_.size() == 0) make_jumps();
  }
  return common;
}

/// Backwards all below a vertex is added to it before it is added to its dominator: that has a
/// lower number.
void Finder::add_vertices() {
  for (Vertex vertex = vertex_count_; vertex > 0; --vertex) {
    links_[parent_[vertex]] += links_[vertex];
  }
}

std::vector<NodeIndex> roots_of(const HeapGraph& graph) {
  std::vector<NodeIndex> nodes;
  nodes.reserve(graph.roots().size());
  for (const graph::Root& root : graph.roots()) nodes.push_back(root.node);
  return nodes;
}

}  // namespace

DominatorTree dominators(const HeapGraph& graph, Progress* progress) {
  return dominators_from(graph, roots_of(graph), progress);
}

DominatorTree dominators(const HeapGraph& graph, const ReverseEdges& reverse, Progress* progress) {
  if (graph.node_count() == 0) return {};
  const std::vector<NodeIndex> starts = roots_of(graph);
  Finder finder(graph, starts, progress);
  finder.find(reverse);
  return std::move(finder).make_tree();
}

DominatorTree dominators_from(const HeapGraph& graph, std::span<const NodeIndex> starts,
                              Progress* progress) {
  if (graph.node_count() == 0) return {};
  Finder finder(graph, starts, progress);
  finder.find(ReverseEdges(graph, EdgeFilter::kOwned, progress));
  return std::move(finder).make_tree();
}

}  // namespace ouro::analysis
