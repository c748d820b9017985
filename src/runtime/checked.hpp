// The checked build's side of the runtime; empty in other builds. See include/ouro/checked.hpp.
#pragma once

#include <ouro/detail/checked_hooks.hpp>

namespace ouro::detail {
struct HeapState;
}

namespace ouro::detail::checked {

#if OURO_CHECKED
/// Compares what each object's trace visits with the references that stand in its bytes.
void before_collection(HeapState& heap);
/// Reports objects that references outside of the heap still hold.
void before_teardown(HeapState& heap);
/// Reports a heap that is used by a thread that does not own it.
void on_heap_use(const HeapState& heap, const char* action) noexcept;
#else
inline void before_collection(HeapState&) {}
inline void before_teardown(HeapState&) {}
inline void on_heap_use(const HeapState&, const char*) noexcept {}
#endif

}  // namespace ouro::detail::checked
