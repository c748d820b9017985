// What the part `capture` needs of a heap: its objects, and a moment at which they may be looked
// at.
#pragma once

#include <cstdint>

#include <ouro/detail/heap_core.hpp>

namespace ouro::detail {

/// An object as the heap sees it.
struct WalkedObject {
  const Page* page;
  ObjectHeader* header;
  int generation;  ///< 0 to 2; of an object that is not tracked 0
  bool is_tracked;
  bool is_frozen;
};

class ObjectWalker {
 public:
  ObjectWalker() = default;
  ObjectWalker(const ObjectWalker&) = delete;
  ObjectWalker& operator=(const ObjectWalker&) = delete;
  virtual ~ObjectWalker() = default;
  virtual void object(const WalkedObject& object) = 0;
};

/// The calling thread's current heap; opened if it has none.
HeapCore& heap_to_look_at();

/// Every object whose constructor has returned and whose destructor has not begun, in order of
/// addresses. What the walker does must neither make nor drop objects.
void walk_heap(HeapCore& heap, ObjectWalker& walker);

/// A moment is safe where an automatic collection would be: no container is being changed.
bool is_safe_moment(const HeapCore& heap) noexcept;

/// `answer` is called from the heap's thread at the next safe moment after each ask(): the next
/// time it makes an object that can hold references. Null ends it.
using Answer = void (*)(HeapCore& heap);
void answer_with(HeapCore& heap, Answer answer) noexcept;
/// May be called from a signal handler.
void ask(HeapCore& heap) noexcept;

}  // namespace ouro::detail
