// An array of plain values in pages of its own, for the columns of a graph of 100 million edges.
//
// Growing moves page table entries (mremap), not bytes: no copy, and never two copies at once,
// which a vector has when it grows. Elements that were never written take no memory. Huge pages are
// asked for, since most accesses are in random order: with 4 KiB pages each misses the TLB as well.
//
// New elements are zero. Out of memory throws std::bad_alloc, as a vector does.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace ouro::text {

template <class Value>
class PageArray {
  static_assert(std::is_trivially_copyable_v<Value>, "elements are moved by the kernel");

 public:
  PageArray() = default;
  explicit PageArray(std::size_t size) { resize(size); }
  PageArray(const PageArray&) = delete;
  PageArray& operator=(const PageArray&) = delete;
  PageArray(PageArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  PageArray& operator=(PageArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~PageArray() {
    if (data_ != nullptr) munmap(data_, bytes(size_));
  }

  std::size_t size() const { return size_; }
  Value* data() { return data_; }
  const Value* data() const { return data_; }
  /// Precondition: index < size().
  Value& operator[](std::size_t index) { return data_[index]; }
  const Value& operator[](std::size_t index) const { return data_[index]; }
  std::span<const Value> span() const { return {data_, size_}; }

  /// Precondition: size >= size(); an array only shrinks by being destroyed.
  void resize(std::size_t size) {
    if (size == size_) return;
    void* memory = bytes(size) < kHugeFromBytes ? resized_anywhere(size) : resized_aligned(size);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    data_ = static_cast<Value*>(memory);
    size_ = size;
    // A refusal costs speed and nothing else.
    if (bytes(size) >= kHugeFromBytes) madvise(memory, bytes(size), MADV_HUGEPAGE);
  }

 private:
  // Small arrays would only become larger.
  static constexpr std::size_t kHugeFromBytes = std::size_t{8} << 20;
  static constexpr std::size_t kPageBytes = 4096;
  static constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;
  static constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

  static constexpr std::size_t bytes(std::size_t size) { return size * sizeof(Value); }

  void* resized_anywhere(std::size_t size) {
    if (data_ == nullptr) return mmap(nullptr, bytes(size), PROT_READ | PROT_WRITE, kFlags, -1, 0);
    return mremap(data_, bytes(size_), bytes(size), MREMAP_MAYMOVE);
  }

  // At a multiple of huge pages: anywhere else, moving splits them into small ones.
  void* resized_aligned(std::size_t size) {
    void* const reserved = mmap(nullptr, bytes(size) + kHugePageBytes, PROT_NONE, kFlags, -1, 0);
    if (reserved == MAP_FAILED) return reserved;
    auto* const begin = static_cast<std::byte*>(reserved);
    const std::size_t misaligned = reinterpret_cast<std::uintptr_t>(begin) % kHugePageBytes;
    std::byte* const place = begin + (kHugePageBytes - misaligned) % kHugePageBytes;
    std::byte* const end = begin + bytes(size) + kHugePageBytes;
    // What follows replaces the part of the reservation at `place`; the rest is given back.
    void* const memory =
        data_ == nullptr
            ? mmap(place, bytes(size), PROT_READ | PROT_WRITE, kFlags | MAP_FIXED, -1, 0)
            : mremap(data_, bytes(size_), bytes(size), MREMAP_MAYMOVE | MREMAP_FIXED, place);
    if (memory == MAP_FAILED) {
      munmap(begin, bytes(size) + kHugePageBytes);
      return memory;
    }
    if (place != begin) munmap(begin, static_cast<std::size_t>(place - begin));
    std::byte* const rest = place + (bytes(size) + kPageBytes - 1) / kPageBytes * kPageBytes;
    if (rest < end) munmap(rest, static_cast<std::size_t>(end - rest));
    return memory;
  }

  Value* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ouro::text
