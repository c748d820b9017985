// The checked build's side of the runtime; empty in other builds. See include/ouro/checked.hpp for
// what is found, and checked/ for how.
#pragma once

#include <ouro/detail/checked_hooks.hpp>

namespace ouro::detail {
struct HeapState;
struct Page;
}  // namespace ouro::detail

namespace ouro::detail::checked {

#if OURO_CHECKED
/// Compares what each object's trace visits with the references that stand in its bytes: for all
/// objects before a full collection, for new ones before others.
void before_collection(HeapState& heap, int generation) noexcept;
/// Around the destruction of everything in a heap: reports references that are left afterwards.
void before_teardown(HeapState& heap) noexcept;
void after_teardown(HeapState& heap) noexcept;
/// Reports a heap that is used by a thread that does not own it.
void on_heap_use(HeapState& heap, const char* action) noexcept;
/// The heap's thread has ended; whoever uses one of its objects next owns it.
void on_heap_orphaned(HeapState& heap) noexcept;
/// The page now holds objects of `page.type`. Its name is remembered when the page has gone.
void on_page_opened(const Page& page) noexcept;
#else
inline void before_collection(HeapState&, int) noexcept {}
inline void before_teardown(HeapState&) noexcept {}
inline void after_teardown(HeapState&) noexcept {}
inline void on_heap_use(const HeapState&, const char*) noexcept {}
inline void on_heap_orphaned(const HeapState&) noexcept {}
inline void on_page_opened(const Page&) noexcept {}
#endif

}  // namespace ouro::detail::checked
