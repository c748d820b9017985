#include "runtime/region.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <mutex>

#include <ouro/detail/checked_hooks.hpp>
#include <ouro/detail/poison.hpp>

#if OURO_HAS_ASAN
#include <sanitizer/lsan_interface.h>
#endif

namespace ouro::detail {

const bool library_has_asan = OURO_HAS_ASAN != 0;

constinit Region region;

namespace {

constexpr std::size_t kLargestReserve = std::size_t{1} << 40;
constexpr std::size_t kSmallestReserve = std::size_t{1} << 26;
/// Memory becomes writable in steps of this size, which is also that of a huge page.
constexpr std::size_t kStepBytes = std::size_t{2} << 20;
/// From here on the kernel is asked for huge pages. Small programs keep their small footprint; a
/// full collection of 10,000,000 objects in random order fell from 46 to 40 ns an object.
constexpr std::size_t kHugeFromBytes = std::size_t{32} << 20;

std::mutex pages_mutex;
std::size_t pages_taken = 0;     // pages [0, pages_taken) have been handed out at least once
std::size_t pages_writable = 0;  // pages [0, pages_writable) may be touched
Page* free_single = nullptr;     // returned pages, one by one
Page* free_runs = nullptr;       // returned runs of more than one page, `page_count` each

void* reserve(std::size_t bytes, int protection) noexcept {
  void* const at =
      mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return at == MAP_FAILED ? nullptr : at;
}

/// Reserves the range and its tables; false if not even the smallest range can be had.
bool open_region() noexcept {
  for (std::size_t bytes = kLargestReserve; bytes >= kSmallestReserve; bytes /= 2) {
    const std::size_t pages = bytes / kPageBytes;
    // Room for aligning the base to a huge page; and one granule table byte a granule.
    void* const range = reserve(bytes + kStepBytes, PROT_NONE);
    void* const page_table = reserve(pages * sizeof(Page), PROT_READ | PROT_WRITE);
    void* const in_set = reserve(pages, PROT_READ | PROT_WRITE);
    void* const gc_refs = reserve(pages * kGranulesPerPage, PROT_READ | PROT_WRITE);
    if (range != nullptr && page_table != nullptr && in_set != nullptr && gc_refs != nullptr) {
      const auto start = reinterpret_cast<std::uintptr_t>(range);
      region.pages = static_cast<Page*>(page_table);
      region.in_set = static_cast<std::uint8_t*>(in_set);
      region.gc_refs = static_cast<std::uint8_t*>(gc_refs);
      region.page_capacity = pages;
      region.base = (start + kStepBytes - 1) / kStepBytes * kStepBytes;
      return true;
    }
    if (range != nullptr) munmap(range, bytes + kStepBytes);
    if (page_table != nullptr) munmap(page_table, pages * sizeof(Page));
    if (in_set != nullptr) munmap(in_set, pages);
    if (gc_refs != nullptr) munmap(gc_refs, pages * kGranulesPerPage);
  }
  return false;
}

std::byte* address_of(std::size_t page) noexcept {
  return reinterpret_cast<std::byte*>(region.base + page * kPageBytes);
}

bool make_writable(std::size_t pages) noexcept {
  if (pages <= pages_writable) return true;
  constexpr std::size_t kStepPages = kStepBytes / kPageBytes;
  const std::size_t wanted =
      std::min((pages + kStepPages - 1) / kStepPages * kStepPages, region.page_capacity);
  const std::size_t bytes = (wanted - pages_writable) * kPageBytes;
  std::byte* const at = address_of(pages_writable);
  if (mprotect(at, bytes, PROT_READ | PROT_WRITE) != 0) return false;
  if (wanted * kPageBytes > kHugeFromBytes) {
    madvise(at, bytes, MADV_HUGEPAGE);
    // The side table too: it is what a collection of a heap in random order reads most.
    if (pages_writable * kPageBytes <= kHugeFromBytes) {
      madvise(region.gc_refs, region.page_capacity * kGranulesPerPage, MADV_HUGEPAGE);
    }
  }
#if OURO_HAS_ASAN
  // What only managed objects point to is not leaked.
  __lsan_register_root_region(at, bytes);
#endif
  pages_writable = wanted;
  return true;
}

Page* take_run(std::size_t count) noexcept {
  for (Page** link = &free_runs; *link != nullptr; link = &(*link)->next) {
    Page* const run = *link;
    if (run->page_count < count) continue;
    *link = run->next;
    if (run->page_count > count) {  // the rest stays on the list
      Page* const rest = run + count;
      rest->page_count = run->page_count - static_cast<std::uint32_t>(count);
      rest->next = free_runs;
      free_runs = rest;
    }
    return run;
  }
  return nullptr;
}

void make_free(Page& first) noexcept {
  Page*& list = first.page_count == 1 ? free_single : free_runs;
  first.next = list;
  list = &first;
}

/// The checked build keeps addresses of pages out of use, so that who still refers to one is found
/// out.
constexpr std::size_t kQuarantinedPages = 4096;
Page* quarantine_first = nullptr;
Page* quarantine_last = nullptr;
std::size_t quarantined_pages = 0;

void end_quarantine_of_first() noexcept {
  Page* const first = quarantine_first;
  quarantine_first = first->next;
  quarantined_pages -= first->page_count;
  make_free(*first);
}

void quarantine(Page& first) noexcept {
  first.next = nullptr;
  (quarantine_first == nullptr ? quarantine_first : quarantine_last->next) = &first;
  quarantine_last = &first;
  quarantined_pages += first.page_count;
  while (quarantined_pages > kQuarantinedPages) end_quarantine_of_first();
}

Page* find_pages(std::size_t count) noexcept {
  if (count == 1 && free_single != nullptr) {
    Page* const page = free_single;
    free_single = page->next;
    return page;
  }
  Page* const run = count > 1 ? take_run(count) : nullptr;
  if (run != nullptr) return run;
  if (pages_taken + count <= region.page_capacity && make_writable(pages_taken + count)) {
    Page* const fresh = region.pages + pages_taken;
    pages_taken += count;
    return fresh;
  }
  return count == 1 ? take_run(1) : nullptr;
}

}  // namespace

Page* acquire_pages(std::size_t count) noexcept {
  const std::lock_guard lock(pages_mutex);
  if (region.pages == nullptr && !open_region()) return nullptr;
  Page* page = find_pages(count);
  while (page == nullptr && quarantine_first != nullptr) {
    end_quarantine_of_first();
    page = find_pages(count);
  }
  if (page == nullptr) return nullptr;
  page->page_count = static_cast<std::uint32_t>(count);
  page->data = address_of(static_cast<std::size_t>(page - region.pages));
  return page;
}

void release_pages(Page& first) noexcept {
  madvise(first.data, first.page_count * kPageBytes, MADV_DONTNEED);
  const std::lock_guard lock(pages_mutex);
  if (checked::kEnabled) {
    quarantine(first);
  } else {
    make_free(first);
  }
}

}  // namespace ouro::detail
