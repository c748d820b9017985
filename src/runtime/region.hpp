// Where heaps get pages from: one reserved range of addresses for the whole process.
//
// The range is reserved without memory (1 TiB, or what the limits of the process allow) and made
// writable in steps, so that an address tells its page by a shift. Free pages keep their addresses
// and give their memory back to the system.
//
// Thread-safe: a mutex, taken once for several pages.
#pragma once

#include <cstddef>

#include <ouro/detail/page.hpp>

namespace ouro::detail {

/// `count` pages with adjacent addresses, zeroed; null when the system has no memory left. Only
/// `data` and `page_count` of the first page are set.
Page* acquire_pages(std::size_t count) noexcept;

/// Returns what acquire_pages gave. Its memory goes back to the system at once.
void release_pages(Page& first) noexcept;

}  // namespace ouro::detail
