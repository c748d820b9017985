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
// Two shortcuts for what has one referrer and is no root, as most of a heap: a vertex was found
// through it, so its semidominator is its parent; of a leaf it is the dominator.
//
// Other leaves: number the vertices' dominator tree in preorder. The nearest common ancestor of any
// set of vertices is that of the first and the last of them in this order.
//
//   per vertex     vertex_       the node; of the virtual root, virtual_root()
//                  parent_       its depth-first parent; from immediate_dominators() on, its idom
//                  semi_         from number_tree() on, how many vertices it dominates
//                  links_        two halves: [ ancestor | least semi on the path ] once semi(v) is
//                                known; [ jump pointer | depth ];
//                                [ position | vertex at that position ]
//   per node       number_       0 not reached; the depth-first number. Of leaves: kNone; then that
//                                of their dominator. At the end the node that dominates it
//                  links_        at the end: its own bytes, then all it retains
//
// number_ becomes the tree's dominators; links_, of 8 bytes each, its retained bytes; vertex_ its
// search order.
#include "analysis/dominators.hpp"

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

#include <ouro/base/assert.hpp>
#include "analysis/reverse_edges.hpp"

namespace ouro::analysis {

namespace {

using graph::EdgeIndex;
using graph::kNoNode;

/// A vertex by its depth-first number, or a position in the preorder of the dominator tree.
using Vertex = std::uint32_t;
constexpr std::uint32_t kNone = 0xFFFFFFFFu;
static_assert(kNone == kNoNode, "what is not reached keeps its number");
/// A vertex or leaf, on average. Heaps and random graphs take one at most.
constexpr std::uint64_t kStepsBeforeJumps = 8;

/// From so many on (a class has a million) what is read of a vertex's referrers is fetched ahead.
/// To do so for few made heaps slower. For many, the dominators of 19.6 million objects that refer
/// to their classes took 0.81 to 0.92 s instead of 0.98 to 1.00.
constexpr std::size_t kManyReferrers = 64;

constexpr std::uint64_t pair_of(std::uint32_t high, std::uint32_t low) {
  return std::uint64_t{high} << 32 | low;
}
constexpr std::uint32_t high_of(std::uint64_t pair) {
  return static_cast<std::uint32_t>(pair >> 32);
}
constexpr std::uint32_t low_of(std::uint64_t pair) {
  return static_cast<std::uint32_t>(pair);
}

/// Nodes without references, in a bit each: 2.6 MB for 21 million nodes stay in the cache.
class Leaves {
 public:
  explicit Leaves(const HeapGraph& graph) : words_(graph.node_count() / 64 + 1, 0) {
    const std::span<const EdgeIndex> begins = graph.edge_begins();
    std::uint32_t leaf_count = 0;
    for (NodeIndex node = 0; node < graph.node_count();) {
      std::uint64_t word = 0;
      const NodeIndex first = node;
      const NodeIndex end = first + std::min<NodeIndex>(64, graph.node_count() - first);
      for (; node < end; ++node) {
        const std::uint64_t is_leaf = begins[node] == begins[node + 1] ? 1 : 0;
        word |= is_leaf << (node - first);
      }
      words_[first / 64] = word;
      leaf_count += static_cast<std::uint32_t>(std::popcount(word));
    }
    vertex_count_ = graph.node_count() - leaf_count;
  }
  bool contains(NodeIndex node) const { return (words_[node / 64] >> (node % 64) & 1) != 0; }
  std::uint32_t vertex_count() const { return vertex_count_; }

 private:
  FlatArray<std::uint64_t> words_;
  std::uint32_t vertex_count_ = 0;
};

bool has_weak_edges(const HeapGraph& graph) {
  std::uint64_t all_bits = 0;
  const graph::Column& kinds = graph.columns().kinds;
  if (kinds.width() == 1) {
    // As bytes: one instruction of the processor for many of them.
    for (EdgeIndex edge = 0; edge < kinds.size(); ++edge) {
      all_bits |= std::to_integer<std::uint8_t>(kinds.data()[edge]);
    }
  } else {
    kinds.for_each([&](EdgeIndex, std::uint64_t byte) { all_bits |= byte; });
  }
  return (all_bits & graph::EdgeKind::kWeak) != 0;
}

class Finder {
 public:
  Finder(const HeapGraph& graph, std::span<const NodeIndex> starts, Progress* progress)
      : graph_(graph),
        starts_(starts),
        progress_(progress),
        begins_(graph.edge_begins()),
        targets_(graph.all_targets()),
        leaves_(graph),
        has_weak_(has_weak_edges(graph)),
        number_(graph.node_count()),
        vertex_(leaves_.vertex_count() + std::size_t{1}),
        parent_(vertex_.size()),
        semi_(vertex_.size()),
        links_(graph.node_count() + std::size_t{1}) {}

  /// The reverse edges are not needed behind it.
  void find(const ReverseEdges& reverse) {
    OURO_ASSERT(reverse.filter() == EdgeFilter::kOwned, "what is weak dominates nothing");
    begin("dominators: search", leaves_.vertex_count());
    has_weak_ ? search<true>() : search<false>();
    begin("dominators: tree", vertex_count_);
    semidominators(reverse);
    immediate_dominators();
    number_tree();
    begin("dominators: leaves", graph_.node_count());
    dominators_of_leaves(reverse);
  }

  DominatorTree make_tree() && {
    begin("dominators: retained sizes", graph_.node_count());
    set_own_bytes();
    add_leaves();
    add_vertices();
    const std::size_t searched_count = vertex_count_ + std::size_t{1};
    return {std::move(number_), std::move(links_), std::move(vertex_), searched_count};
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
  void number_tree();

  void dominators_of_leaves(const ReverseEdges& reverse);
  Vertex dominator_of_leaf(std::span<const NodeIndex> referrers);
  Vertex common_ancestor(Vertex first_position, Vertex last_position);
  void make_jumps_of_leaves();
  void set_own_bytes();
  void add_leaves();
  void add_vertices();

  template <bool kHasWeak>
  bool is_weak(EdgeIndex edge) const {
    return kHasWeak && graph_.kind(edge).is_weak();
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
  Leaves leaves_;
  bool has_weak_;

  FlatArray<std::uint32_t> number_;
  FlatArray<NodeIndex> vertex_;
  FlatArray<Vertex> parent_;
  FlatArray<Vertex> semi_;
  FlatArray<std::uint64_t> links_;
  FlatArray<std::uint64_t> jumps_;
  std::uint64_t steps_ = 0;
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
  for (NodeIndex node = 0; node < graph_.node_count(); ++node) {
    number_[node] = leaves_.contains(node) ? kNone : 0;
  }
  // For the worst case; only what is written takes memory.
  stack_ = FlatArray<Frame>(vertex_.size());
  vertex_[0] = graph_.node_count();
  parent_[0] = 0;
  for (const NodeIndex start : starts_) {
    OURO_ASSERT(start < graph_.node_count(), "a start is a node");
    if (number_[start] == 0) search_from<kHasWeak>(start);
  }
  stack_ = {};
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
    if (leaves_.contains(target) || is_weak<kHasWeak>(edge) || number_[target] != 0) continue;
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
  std::copy_n(parent_.data(), vertex_count_ + std::size_t{1}, semi_.data());
  for (const NodeIndex start : starts_) {
    if (!leaves_.contains(start)) semi_[number_[start]] = 0;
  }
  constexpr Vertex kAhead = 16;
  for (Vertex vertex = vertex_count_; vertex > 0; --vertex) {
    if (vertex > 2 * kAhead) {
      __builtin_prefetch(&reverse.begins()[vertex_[vertex - 2 * kAhead]]);
      __builtin_prefetch(reverse.sources(vertex_[vertex - kAhead]).data());
    }
    Vertex semi = semi_[vertex];
    const std::span<const NodeIndex> sources = reverse.sources(vertex_[vertex]);
    if (semi != 0 && sources.size() > 1) {  // nothing is less than 0; a single one is the parent
      semi = sources.size() < kManyReferrers ? least_of_referrers<false>(vertex, sources)
                                             : least_of_referrers<true>(vertex, sources);
      semi_[vertex] = semi;
    }
    links_[vertex] = pair_of(parent_[vertex], semi);
  }
}

template <bool kFetchAhead>
Vertex Finder::least_of_referrers(Vertex vertex, std::span<const NodeIndex> referrers) {
  constexpr std::size_t kFar = 32;
  constexpr std::size_t kNear = 12;
  Vertex least = semi_[vertex];
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
    const Vertex semi = semi_[vertex];
    Vertex dominator = parent_[vertex];
    for (; dominator > semi && steps < most_steps; ++steps) dominator = parent_[dominator];
    if (dominator > semi) return immediate_dominators_by_jumps(vertex);
    parent_[vertex] = dominator;
  }
}

// Both ways up lead over falling numbers, so a jump is right if it does not pass semi(v):
//   while idom(v) > semi(v):  idom(v) := jump(idom(v)) if that is at least semi(v) or idom(idom(v))
void Finder::immediate_dominators_by_jumps(Vertex first) {
  links_[0] = pair_of(0, 0);
  for (Vertex vertex = 1; vertex < first; ++vertex) add_jump(links_, vertex);
  for (Vertex vertex = first; vertex <= vertex_count_; ++vertex) {
    const Vertex semi = semi_[vertex];
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

// A dominator has a lower number than what it dominates: so backwards all below a vertex is counted
// before the vertex is, and forwards a vertex has its position before those below it get theirs.
void Finder::number_tree() {
  std::fill_n(semi_.data(), vertex_count_ + std::size_t{1}, 1u);
  for (Vertex vertex = vertex_count_; vertex > 0; --vertex) semi_[parent_[vertex]] += semi_[vertex];

  links_[0] = pair_of(0, 1);  // the position, and the next free one below
  for (Vertex vertex = 1; vertex <= vertex_count_; ++vertex) {
    std::uint64_t& above = links_[parent_[vertex]];
    const Vertex position = low_of(above);
    above += semi_[vertex];
    links_[vertex] = pair_of(position, position + 1);
  }
  constexpr std::uint64_t kHighHalf = ~std::uint64_t{0} << 32;
  for (Vertex vertex = 0; vertex <= vertex_count_; ++vertex) {
    std::uint64_t& at_position = links_[high_of(links_[vertex])];
    at_position = (at_position & kHighHalf) | vertex;
  }
}

/// The vertex, not its position. Precondition: first_position <= last_position.
Vertex Finder::common_ancestor(Vertex first_position, Vertex last_position) {
  const auto is_above = [&](Vertex vertex) {
    return high_of(links_[vertex]) + semi_[vertex] > last_position;
  };
  Vertex vertex = low_of(links_[first_position]);
  if (first_position == last_position) return vertex;
  for (; !is_above(vertex); ++steps_) {
    const Vertex jump = jumps_.size() == 0 ? parent_[vertex] : high_of(jumps_[vertex]);
    vertex = is_above(jump) ? parent_[vertex] : jump;
  }
  return vertex;
}

void Finder::make_jumps_of_leaves() {
  jumps_ = FlatArray<std::uint64_t>(vertex_count_ + std::size_t{1});
  jumps_[0] = pair_of(0, 0);
  for (Vertex vertex = 1; vertex <= vertex_count_; ++vertex) add_jump(jumps_, vertex);
}

void Finder::dominators_of_leaves(const ReverseEdges& reverse) {
  for (const NodeIndex start : starts_) {
    if (leaves_.contains(start)) number_[start] = 0;
  }
  const std::uint64_t most_steps = kStepsBeforeJumps * (std::uint64_t{graph_.node_count()} + 1);
  for (NodeIndex node = 0; node < graph_.node_count(); ++node) {
    advance(node);
    if (!leaves_.contains(node)) {
      if (number_[node] == 0) number_[node] = kNone;
    } else if (number_[node] != 0) {
      number_[node] = dominator_of_leaf(reverse.sources(node));
      if (steps_ > most_steps && jumps_.size() == 0) make_jumps_of_leaves();
    }
  }
  jumps_ = {};
  semi_ = {};
}

/// kNone where none of the referrers is reached.
Vertex Finder::dominator_of_leaf(std::span<const NodeIndex> referrers) {
  // What is not reached is 0, and kNone once this pass was there: 0 - 1 is a large number as well.
  const auto is_reached = [&](Vertex vertex) { return vertex - 1 < vertex_count_; };
  if (referrers.size() == 1) {
    const Vertex vertex = number_[referrers[0]];
    return is_reached(vertex) ? vertex : kNone;
  }
  Vertex first = kNone;
  Vertex last = 0;
  for (const NodeIndex referrer : referrers) {
    const Vertex vertex = number_[referrer];
    if (!is_reached(vertex)) continue;
    const Vertex position = high_of(links_[vertex]);
    first = std::min(first, position);
    last = std::max(last, position);
  }
  return first == kNone ? kNone : common_ancestor(first, last);
}

void Finder::set_own_bytes() {
  const std::uint32_t node_count = graph_.node_count();
  const graph::Column& sizes = graph_.columns().sizes;
  if (sizes.size() == 0) std::fill_n(links_.data(), node_count, std::uint64_t{0});
  sizes.for_each([&](NodeIndex node, std::uint64_t size_bytes) {
    links_[node] = number_[node] != kNone ? size_bytes : 0;
  });
  links_[node_count] = 0;
}

/// number_ becomes the dominator's node for leaves, and stays a vertex for the others.
void Finder::add_leaves() {
  for (NodeIndex node = 0; node < graph_.node_count(); ++node) {
    if (!leaves_.contains(node) || number_[node] == kNone) continue;
    const NodeIndex dominator = vertex_[number_[node]];
    number_[node] = dominator;
    links_[dominator] += links_[node];
  }
}

/// Backwards all below a vertex is added to it before it is added to its dominator. The rest of
/// number_ becomes nodes.
void Finder::add_vertices() {
  for (Vertex vertex = vertex_count_; vertex > 0; --vertex) {
    const NodeIndex node = vertex_[vertex];
    const NodeIndex dominator = vertex_[parent_[vertex]];
    number_[node] = dominator;
    links_[dominator] += links_[node];
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
