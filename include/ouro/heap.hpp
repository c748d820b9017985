// Heaps: where managed objects live.
//
// Every thread has a heap of its own from its first make<T>() on, and needs to know nothing of it.
// More heaps can be made: for a document, a level, a request, so that all of it goes at once, or to
// hand a whole graph of objects from one thread to another.
//
//   ouro::Heap level;
//   {
//     ouro::HeapScope scope(level);           // make<T>() and ouro::gc work on `level` here
//     world = ouro::make<World>();
//   }
//
// Rules
//  1. A heap, its objects and every Ref and WeakRef to them belong to one thread at a time. Keeping
//     to it costs nothing in release builds; the checked build reports who does not.
//  2. To hand a heap over: heap.give() in the old thread, the new thread learns of it by the
//     program's own means (a queue, join), heap.take() there. Objects of a heap that is handed over
//     must refer only to objects of the same heap.
//  3. Destroying a Heap destroys everything in it, referenced or not. No Ref to its objects may be
//     used or dropped afterwards; the checked build names those that are left.
//  4. References between heaps of one thread are counted, but cycles through two heaps are not
//     found.
//  5. At the end of a thread its own heap is collected. What still lives is kept for those who hold
//     it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ouro {

namespace detail {
struct HeapState;
}

/// A heap made by the program. Not copyable, not movable.
class Heap {
 public:
  /// The new heap belongs to this thread. Throws std::bad_alloc.
  Heap();
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  /// Collects, so that garbage is finalized as usual; then clears and destroys every object left
  /// (destructors run, finalizers and weak reference callbacks do not) and returns all memory.
  /// Precondition: this thread owns the heap and no HeapScope holds it.
  ~Heap();

  /// This thread gives up the heap; no thread owns it until one calls take().
  void give() noexcept;
  /// This thread becomes the owner. Precondition: the owner gave it.
  void take() noexcept;

  /// Memory of its objects and free slots, in bytes, taken from the system.
  std::size_t reserved_bytes() const noexcept;
  /// The number of objects, tracked and untracked.
  std::size_t object_count() const noexcept;

  /// Python 2's rule, off by default: garbage with finalizers, and what it refers to, is not freed;
  /// the objects with finalizers are put into gc::garbage().
  void set_legacy_finalizers(bool on) noexcept;

  detail::HeapState& state() noexcept { return *state_; }

 private:
  friend class HeapScope;
  detail::HeapState* state_;
};

/// Makes a heap the thread's current one for the time of a scope; scopes nest.
class HeapScope {
 public:
  /// Precondition: this thread owns `heap`.
  explicit HeapScope(Heap& heap) noexcept;
  HeapScope(const HeapScope&) = delete;
  HeapScope& operator=(const HeapScope&) = delete;
  ~HeapScope();

 private:
  void* previous_;
};

/// The thread's current heap as a whole: reserved bytes and objects, as Heap gives them.
std::size_t reserved_bytes() noexcept;
std::size_t object_count() noexcept;

/// As Heap::set_legacy_finalizers, for the current heap.
void set_legacy_finalizers(bool on) noexcept;

}  // namespace ouro
