// The time in which a heap is destroyed with everything in it.
#pragma once

namespace ouro::detail {
struct HeapState;
}

namespace ouro::detail::checked {

/// Whether this thread is destroying the heap.
bool is_in_teardown(const HeapState* heap) noexcept;

}  // namespace ouro::detail::checked
