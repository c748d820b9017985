// Memory for pieces of one size, zeroed, given back all at once. Slabs of 1, 2, 4 ... pieces, up to
// 2 MiB, which the system has as one page where it can.
//
// In a virtual machine memory takes longer to come than to be filled: 16 MiB came in 7 to 9 ms page
// by page, in 1.6 as huge pages (a CPU of 2023). And what is read here and there in huge pages is
// found without a walk through page tables.
#pragma once

#include <pthread.h>

#include <cstdint>

#include "python/walker/memory.hpp"

namespace ouro::python::walker {

class Slabs {
 public:
  Slabs() = default;
  Slabs(const Slabs&) = delete;
  Slabs& operator=(const Slabs&) = delete;
  ~Slabs() {
    for (std::uint64_t at = 0; at < slab_count_; ++at) {
      unmap_pages(slabs_[at].pages, slabs_[at].bytes);
    }
  }

  /// Of always the same size, a power of two of pages. Null where there is no memory. Threads may
  /// call it at once.
  void* take(std::uint64_t bytes, Take when) {
    pthread_mutex_lock(&mutex_);
    void* piece = nullptr;
    if (next_ != end_ || add_slab(bytes, when)) {
      piece = next_;
      next_ += bytes;
    }
    pthread_mutex_unlock(&mutex_);
    return piece;
  }

 private:
  struct Slab {
    void* pages;
    std::uint64_t bytes;
  };

  bool add_slab(std::uint64_t piece_bytes, Take when) {
    if (!slabs_.reserve(slab_count_ + 1)) return false;
    std::uint64_t bytes = piece_bytes;
    for (std::uint64_t slab = 0; slab < slab_count_ && bytes < kHugePage; ++slab) bytes *= 2;
    void* pages = bytes == kHugePage ? map_huge_page(when) : map_pages(bytes, when);
    if (pages == nullptr) return false;
    slabs_[slab_count_++] = {.pages = pages, .bytes = bytes};
    next_ = static_cast<char*>(pages);
    end_ = next_ + bytes;
    return true;
  }

  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  GrowingArray<Slab> slabs_;
  std::uint64_t slab_count_ = 0;
  char* next_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace ouro::python::walker
