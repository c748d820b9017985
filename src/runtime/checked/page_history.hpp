// Whose a page was, for when it is nobody's any more.
//
// Thread-safe: one mutex, taken once a page and in reports.
#pragma once

#include <cstddef>
#include <string_view>

#include <ouro/detail/page.hpp>

namespace ouro::detail {
struct HeapState;
}

namespace ouro::detail::checked {

/// The last use of a page.
struct PageUse {
  std::string_view type;
  const HeapState* heap = nullptr;
  bool is_heap_gone = false;  ///< the heap was destroyed with what was in it
};

void remember(const Page& page);
void remember_that_heap_went(const HeapState& heap);
/// Empty if the page was never used.
PageUse last_use(const Page& page);

}  // namespace ouro::detail::checked
