// What must be true of the heaps after each operation, by the simplest means there are: a vector of
// nodes with their edges, the list of roots, and reachability by depth-first search. It shares no
// code and no idea with the runtime: no pages, no gc_refs.
//
// The program that runs (random_program.cpp) tells the model what it does before it does it, and of
// each destructor, finalizer and callback as it happens. The model says whether that may be, and at
// the end of each operation whether something is missing.
//
// Rules, which are CPython's
//  1. A node dies when its count reaches zero; before the operation is over.
//  2. A collection of generation g judges the tracked, not frozen nodes of generations 0 to g.
//  Garbage is
//     what no node outside of these and no root leads to. Who survives moves to generation g + 1.
//  3. Weak references to garbage die first; then callbacks; then finalizers, each once in a life;
//  then
//     the garbage is judged again: who was brought back lives on in generation 2. The rest loses
//     all its references at once and is destroyed.
//  4. Automatic collection: thresholds and counts as in the head of gc.hpp, never while an object
//  of the
//     heap is being released.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ouro::model {

using NodeId = std::uint32_t;
using WeakId = std::uint32_t;
inline constexpr std::uint32_t kNone = 0;

enum class Life : std::uint8_t {
  kAbsent,
  kAllocating,    ///< has no memory yet: a collection may come first
  kConstructing,  ///< its constructor runs
  kAlive,
  kDoomed,  ///< garbage beyond recall: its references are gone, its destructor must follow
  kDying,   ///< its destructor runs
};

struct Node {
  Life life = Life::kAbsent;
  std::uint8_t shape = 0;
  std::uint8_t heap = 0;
  std::uint8_t generation = 0;
  bool is_tracked = false;
  bool has_finalizer = false;
  bool is_finalized = false;
  bool is_frozen = false;
  bool is_finalizing = false;  ///< its finalizer runs
  bool is_condemned = false;   ///< garbage of the collection that runs
  bool is_given = false;  ///< the same, and nothing refers to it: only gc::collect(objects) did
  bool is_quiet = false;  ///< no event tells of its destructor
  bool dies_by_count = false;
  std::uint32_t count = 0;
  std::vector<NodeId> edges;  ///< kNone: null
  std::vector<WeakId> weak;   ///< weak references to it, oldest first
  WeakId watched = kNone;     ///< the weak reference it holds
};

struct Weak {
  NodeId target = kNone;  ///< kNone: dead
  NodeId last_target = kNone;
  std::uint32_t handles = 0;  ///< 0: the entry is free
  bool is_shared = false;     ///< made without a callback
  bool has_callback = false;
  bool is_pending = false;  ///< its callback must be called before the operation is over
};

struct HeapModel {
  std::array<std::size_t, 3> counts{};
  std::array<std::size_t, 3> thresholds{2000, 10, 10};
  bool is_enabled = true;
  bool has_legacy_finalizers = false;
  bool saves_all = false;
  std::size_t long_lived_total = 0;
  std::size_t long_lived_pending = 0;
  std::vector<NodeId> garbage;
  std::array<std::size_t, 3> collections{};

  // While a collection runs.
  bool is_collecting = false;
  bool is_judged = false;  ///< the garbage was judged again
  bool is_torn_down = false;
  std::vector<NodeId> condemned;
  std::size_t candidates = 0;
  std::size_t collected = 0;
  std::size_t uncollectable = 0;
  std::optional<int> expected;  ///< the collection that must start next

  /// Objects of the heap that are being released: no automatic collection starts.
  std::size_t releases = 0;
};

class Model {
 public:
  explicit Model(std::size_t heaps) : heaps(heaps), nodes(1), weaks(1) {}

  std::vector<HeapModel> heaps;
  std::vector<Node> nodes;  ///< by NodeId; [0] is nobody
  std::vector<Weak> weaks;
  std::vector<NodeId> roots;
  std::vector<NodeId> held;  ///< by what runs now; counts like roots
  std::size_t living = 0;    ///< nodes that are not absent
  std::size_t owed = 0;      ///< nodes whose count is zero and whose destructor has not begun
  std::size_t dying = 0;     ///< destructors on the stack
  std::size_t doomed = 0;    ///< nodes whose life is kDoomed

  // ---- nodes and edges
  NodeId add(std::uint8_t shape, std::uint8_t heap, bool is_tracked, bool has_finalizer);
  void constructed(NodeId id, std::size_t slots);
  void removed(NodeId id);
  void retain(NodeId id);
  void release(NodeId id);
  void set_edge(NodeId from, std::size_t slot, NodeId to);
  void drop_edges(NodeId id);

  // ---- weak references
  /// With a callback always a new one; without, the target's shared one.
  WeakId make_weak(NodeId target, bool has_callback);
  void drop_weak_handle(WeakId id);
  /// The target is dead for its weak references; those that may call become pending.
  void kill_weak(NodeId target, bool may_call);
  bool has_pending(NodeId target) const;

  // ---- collections
  /// The generation that the next allocation of a tracked object collects, if any.
  std::optional<int> due(std::size_t heap) const;
  void begin_collection(std::size_t heap, int generation);
  /// The references that count for `given` go with the call; each was a root's.
  void begin_collection_of(std::size_t heap, const std::vector<NodeId>& objects,
                           const std::vector<NodeId>& given);
  /// Rule 3's second judgement; nothing if it has been.
  void judge_again(std::size_t heap);
  /// Precondition: generation is -1 for a collection of given objects.
  void end_collection(std::size_t heap, int generation);
  /// All that is left in the heap is doomed.
  void tear_down(std::size_t heap);

  // ---- what the runtime does now. Each judges again if only that explains it.
  bool may_finalize(NodeId id);
  bool may_destroy(NodeId id);
  bool may_call(WeakId id);
  /// Bookkeeping of a destructor that begins; `by_count` is whether its count was why.
  /// Judges again, or tears down, whatever is next.
  void look_further();
  void begin_destruction(NodeId id, bool by_count);

  std::string drawing() const;

 private:
  void destroy_quietly(NodeId id);
  bool is_member(const Node& node) const;
  /// Marks in `reached_` which of the members are reached from outside.
  void reach(const std::vector<NodeId>& members);
  void visit(NodeId id);
  void bury(std::size_t heap, const std::vector<NodeId>& members);
  void separate_legacy_finalizers(HeapModel& heap);
  void silence_garbage(const HeapModel& heap);
  void doom(const std::vector<NodeId>& garbage);
  bool is_due(const Node& node) const;
  void save_all(HeapModel& heap);

  std::vector<std::size_t> running_;  ///< heaps that collect, the innermost last
  std::vector<NodeId> free_;
  std::vector<WeakId> free_weaks_;
  std::vector<std::uint8_t> membership_;  ///< by NodeId: 0 outside, 1 member, 2 reached
  std::vector<NodeId> stack_;
};

}  // namespace ouro::model
