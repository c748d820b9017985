// An array that grows to gigabytes without being copied: it has 1 GiB of addresses from the
// beginning, and pages that nobody has written take no memory. Beyond that, and where so many
// addresses are not to be had, the kernel moves its pages (mremap).
//
// A vector that doubles would have the old elements beside the new ones, of a heap of 57M
// references up to 1.5 times its size more, and write every page twice. Behind the first 2 MiB the
// kernel is asked for huge pages: a new page costs more than what is done with it, and in a virtual
// machine a huge one costs a third a byte.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace ouro::python::heap {

template <class Element>
class GrowingArray {
  static_assert(std::is_trivially_copyable_v<Element>);

 public:
  GrowingArray() = default;
  GrowingArray(const GrowingArray&) = delete;
  GrowingArray& operator=(const GrowingArray&) = delete;
  GrowingArray(GrowingArray&& other) noexcept { swap(other); }
  GrowingArray& operator=(GrowingArray&& other) noexcept {
    GrowingArray(std::move(other)).swap(*this);
    return *this;
  }
  ~GrowingArray() {
    if (elements_ != nullptr) ::munmap(elements_, mapped_bytes_);
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Element* data() { return elements_; }
  const Element* data() const { return elements_; }
  Element& operator[](std::size_t at) { return elements_[at]; }
  const Element& operator[](std::size_t at) const { return elements_[at]; }
  Element& back() { return elements_[size_ - 1]; }
  std::span<const Element> span() const { return {elements_, size_}; }
  std::span<Element> span() { return {elements_, size_}; }

  void push_back(Element element) {
    if (size_ == capacity_) [[unlikely]]
      reserve(size_ + 1);
    elements_[size_++] = element;
  }
  /// So many more elements, all bits 0; the address of the first.
  Element* extend(std::size_t count) {
    if (capacity_ - size_ < count) reserve(size_ + count);
    Element* first = elements_ + size_;
    size_ += count;
    return first;
  }
  /// Throws std::bad_alloc.
  void reserve(std::size_t wanted) {
    if (wanted <= capacity_) return;
    constexpr std::size_t kStep = std::size_t{64} << 10;
    std::size_t bytes = capacity_ * sizeof(Element) * 2;
    if (bytes < wanted * sizeof(Element)) bytes = wanted * sizeof(Element);
    bytes = (bytes + kStep - 1) / kStep * kStep;
    if (elements_ == nullptr) return map_first(bytes);
    void* memory = ::mremap(elements_, mapped_bytes_, bytes, MREMAP_MAYMOVE);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    elements_ = static_cast<Element*>(memory);
    mapped_bytes_ = bytes;
    capacity_ = bytes / sizeof(Element);
  }
  /// Frees the memory.
  void clear() { *this = GrowingArray(); }

 private:
  void map_first(std::size_t wanted_bytes) {
    constexpr std::size_t kAddresses = std::size_t{1} << 30;
    constexpr std::size_t kHuge = std::size_t{2} << 20;
    std::size_t bytes = wanted_bytes < kAddresses ? kAddresses : wanted_bytes;
    void* memory = map(bytes);
    if (memory == MAP_FAILED) memory = map(bytes = wanted_bytes);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    elements_ = static_cast<Element*>(memory);
    mapped_bytes_ = bytes;
    capacity_ = bytes / sizeof(Element);
    // Small heaps shall not pay for huge pages. A refusal is no harm.
    if (bytes > kHuge) ::madvise(static_cast<char*>(memory) + kHuge, bytes - kHuge, MADV_HUGEPAGE);
  }
  static void* map(std::size_t bytes) {
    return ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  }
  void swap(GrowingArray& other) noexcept {
    std::swap(elements_, other.elements_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    std::swap(mapped_bytes_, other.mapped_bytes_);
  }

  Element* elements_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  std::size_t mapped_bytes_ = 0;
};

}  // namespace ouro::python::heap
