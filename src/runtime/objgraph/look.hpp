// Look: one call of an objgraph function that runs the caller's predicates.
//
// It keeps what is seen in place. Automatic collection is off, so that a predicate that makes
// objects frees none that the call still has in hand; and objects are shown without being counted,
// so that counts are what they are without the call. What the call knows of the whole heap's
// references is kept here, so that is_held_from_outside, asked about every object, counts them
// once.
//
// Looks nest as calls do, on the stack of one thread.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include <ouro/ref.hpp>

#include "runtime/heap_state.hpp"
#include "runtime/objgraph/reference_counts.hpp"

namespace ouro::objgraph {

/// The current heap, its use by this thread checked in the checked build.
detail::HeapState& used_heap();

/// A Ref to show to the caller's code that neither counts nor keeps the object alive.
class BorrowedRef {
 public:
  explicit BorrowedRef(const void* object) noexcept { ref_.object_ = const_cast<void*>(object); }
  BorrowedRef(const BorrowedRef&) = delete;
  BorrowedRef& operator=(const BorrowedRef&) = delete;
  ~BorrowedRef() { ref_.object_ = nullptr; }

  const Ref<void>& get() const noexcept { return ref_; }

 private:
  Ref<void> ref_;
};

inline Ref<void> refer_to(const void* object) {
  detail::add_reference(const_cast<void*>(object));
  return Ref<void>::adopt(const_cast<void*>(object));
}

/// Whether an object, in whatever slot, is there and may be given out. Not in the middle of its
/// construction or destruction, nor when a running collection has found it to be garbage, as in
/// gc::get_objects: what a destructor or a callback finds in the heap must not be about to go.
inline bool is_visible(const detail::HeapState& heap, const detail::ObjectHeader* header) noexcept {
  constexpr detail::StateSet kVisible =
      detail::generations_up_to(2) | detail::set_of(detail::State::kUntracked);
  return header->is_in(kVisible) && !detail::is_doomed(heap, header);
}

inline const detail::TypeInfo& type_of(const void* object) noexcept {
  return *detail::region.page_of(object).type;
}

/// Calls function(object, type) for every visible object of the heap. The function may make
/// objects.
template <class Function>
void for_each_visible(detail::HeapState& heap, Function&& function) {
  const std::vector<detail::Page*> pages(heap.pages.begin(), heap.pages.end());
  for (detail::Page* page : pages) {
    if (page->heap != &heap || page->type == nullptr) continue;  // emptied meanwhile
    detail::for_each_object(*page, page->whole(), detail::kAlive,
                            [&](detail::ObjectHeader* header) {
                              if (is_visible(heap, header)) function(header->object(), *page->type);
                            });
  }
}

class Look {
 public:
  Look();
  Look(const Look&) = delete;
  Look& operator=(const Look&) = delete;
  ~Look();

  /// The innermost Look of this thread at its current heap, or null.
  static Look* running() noexcept;

  detail::HeapState& heap() noexcept { return heap_; }

  /// These references serve to look and are not to be counted, unless they stand in an object of
  /// the heap. Precondition: before reference_counts().
  void look_through(ReferenceRange references) {
    if (std::ranges::find(looked_through_, references) == looked_through_.end()) {
      looked_through_.push_back(references);
    }
  }
  void look_through(const std::vector<Ref<void>>* references) {
    if (references != nullptr) look_through({references->data(), references->size()});
  }

  /// Of the whole heap; counted at the first call.
  const ReferenceCounts& reference_counts();

 private:
  detail::HeapState& heap_;
  Look* outer_;
  std::vector<ReferenceRange> looked_through_;
  std::optional<ReferenceCounts> counts_;
};

}  // namespace ouro::objgraph
