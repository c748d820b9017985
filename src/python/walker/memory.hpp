// Memory from the kernel: the walker may not touch the target's malloc.
#pragma once

#include <asm/mman.h>
#include <linux/mman.h>

#include <cstddef>
#include <cstdint>

#include "python/agent/system_calls.hpp"

namespace ouro::python::walker {

/// When pages take memory.
enum class Take { kWhenTouched, kAtOnce };

/// Zeroed pages; null where there is no room.
inline void* map_pages(std::uint64_t bytes, Take take = Take::kWhenTouched) {
  const int when = take == Take::kAtOnce ? MAP_POPULATE : MAP_NORESERVE;
  const long result =
      agent::system_call(__NR_mmap, 0, static_cast<long>(bytes), PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | when, -1, 0);
  if (result < 0 && result > -4096) return nullptr;
  return reinterpret_cast<void*>(result);
}
inline void unmap_pages(void* pages, std::uint64_t bytes) {
  if (pages != nullptr) {
    agent::system_call(__NR_munmap, reinterpret_cast<long>(pages), static_cast<long>(bytes));
  }
}

inline constexpr std::uint64_t kHugePage = std::uint64_t{2} << 20;

/// The same: 2 MiB, one page where the system has such. Given back by unmap_pages().
inline void* map_huge_page(Take take) {
  constexpr int kPopulateWrite = 23;  // MADV_POPULATE_WRITE, since Linux 5.14
  auto* pages = static_cast<char*>(map_pages(2 * kHugePage));
  if (pages == nullptr) return nullptr;
  const std::uint64_t before = (0 - reinterpret_cast<std::uint64_t>(pages)) % kHugePage;
  char* page = pages + before;
  if (before != 0) unmap_pages(pages, before);
  unmap_pages(page + kHugePage, kHugePage - before);
  // Advice: without it all is as well, but slower.
  const auto advise = [&](int advice) {
    agent::system_call(__NR_madvise, reinterpret_cast<long>(page), static_cast<long>(kHugePage),
                       advice);
  };
  advise(MADV_HUGEPAGE);
  if (take == Take::kAtOnce) advise(kPopulateWrite);
  return page;
}

/// An array that only grows. Grows by moving pages, not bytes (mremap), so that it never holds its
/// contents twice.
template <class T>
class GrowingArray {
 public:
  GrowingArray() = default;
  GrowingArray(const GrowingArray&) = delete;
  GrowingArray& operator=(const GrowingArray&) = delete;
  ~GrowingArray() { unmap_pages(data_, capacity_ * sizeof(T)); }

  /// False where there is no memory; the array is as it was.
  bool reserve(std::uint64_t count) {
    if (count <= capacity_) return true;
    std::uint64_t capacity = capacity_ == 0 ? kFirstBytes / sizeof(T) : 2 * capacity_;
    while (capacity < count) capacity *= 2;
    void* data = data_ == nullptr ? map_pages(capacity * sizeof(T)) : moved_to(capacity);
    if (data == nullptr) return false;
    data_ = static_cast<T*>(data);
    capacity_ = capacity;
    return true;
  }
  /// Gives pages beyond the first `count` elements back; they read as zeros then.
  void release_beyond(std::uint64_t count) {
    const std::uint64_t begin = (count * sizeof(T) + 4095) / 4096 * 4096;
    const std::uint64_t end = capacity_ * sizeof(T);
    if (begin < end) {
      agent::system_call(__NR_madvise, reinterpret_cast<long>(data_) + static_cast<long>(begin),
                         static_cast<long>(end - begin), MADV_DONTNEED);
    }
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::uint64_t capacity() const { return capacity_; }
  T& operator[](std::uint64_t at) { return data_[at]; }
  const T& operator[](std::uint64_t at) const { return data_[at]; }

 private:
  static constexpr std::uint64_t kFirstBytes = 1u << 16;

  void* moved_to(std::uint64_t capacity) {
    const long result = agent::system_call(__NR_mremap, reinterpret_cast<long>(data_),
                                           static_cast<long>(capacity_ * sizeof(T)),
                                           static_cast<long>(capacity * sizeof(T)), MREMAP_MAYMOVE);
    if (result < 0 && result > -4096) return nullptr;
    return reinterpret_cast<void*>(result);
  }

  T* data_ = nullptr;
  std::uint64_t capacity_ = 0;
};

}  // namespace ouro::python::walker
