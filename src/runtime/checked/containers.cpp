// Words of the object, where `i` is the one looked at:
//
//   std::vector         i: begin ----> block     i+1: end        i+2: end of block
//   std::deque          i: cur -----.            i+1: begin of block, i+2: end of block
//                                    `-> block of the deque's fixed size
//   std::list           i: first node            its second word leads back to i
//   std::set, map       i: root node             its second word leads back to i-1
//   std::unordered_*    i-2: buckets, i-1: bucket count, i: first node, i+1: size, i+2: 1.0f
//
// The vector is the same in all standard libraries, the others are libstdc++'s.
#include "runtime/checked/containers.hpp"

#include <ouro/detail/page.hpp>

#include "runtime/checked/word.hpp"

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" {
// There under a sanitizer, whose allocator has a header of its own.
__attribute__((weak)) int __sanitizer_get_ownership(const volatile void* address);
__attribute__((weak)) std::size_t __sanitizer_get_allocated_size(const volatile void* address);
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace ouro::detail::checked {

namespace {

constexpr std::uintptr_t kSystemPage = 4096;
/// How far into a block references are looked for: a first element larger than this hides them.
constexpr std::uintptr_t kReach = 4096;
/// Of malloc's blocks. The end of a vector's elements, which another block may follow, is often
/// at no such place.
constexpr std::uintptr_t kAlignment = 16;
/// More bytes than any block has; less than most pointers, which may stand in front of a place that
/// is no block's beginning.
constexpr std::uintptr_t kTooManyBytes = std::uintptr_t{1} << 40U;
/// What malloc may add to the bytes asked for, plus one.
constexpr std::size_t kRounding = 24;

/// The usable bytes of the block of malloc that begins at `block`, or 0 where that is not known.
std::size_t block_bytes(std::uintptr_t block) noexcept {
  if (__sanitizer_get_ownership != nullptr) {
    const void* const at = reinterpret_cast<const void*>(block);
    return __sanitizer_get_ownership(at) != 0 ? __sanitizer_get_allocated_size(at) : 0;
  }
  if (block % kAlignment != 0) return 0;
  // glibc keeps the size in front, with three flags in it. The word is there to be read if a
  // reference is known to stand in the same system page.
  const std::uintptr_t in_front = block - sizeof(std::uintptr_t);
  const std::uintptr_t page = in_front / kSystemPage;
  const bool is_mapped = registry().any_of(block, (page + 1) * kSystemPage,
                                           [](const RegisteredReference&) { return true; });
  if (!is_mapped) return 0;
  const std::uintptr_t size = load_word(in_front);
  constexpr std::uintptr_t kFlags = 7;
  if ((size & ~kFlags) < 32 || size % kAlignment >= 8 || size >= kTooManyBytes) return 0;
  return (size & ~kFlags) - sizeof(std::uintptr_t);
}

bool fills_block(std::uintptr_t begin, std::uintptr_t end) noexcept {
  const std::size_t bytes = block_bytes(begin);
  return end - begin <= bytes && bytes - (end - begin) < kRounding;
}

struct Words {
  std::span<const std::uintptr_t> words;
  std::size_t index;
  /// 0 where the object has no such word.
  std::uintptr_t operator[](std::ptrdiff_t distance) const noexcept {
    const std::size_t at = index + static_cast<std::size_t>(distance);
    return at < words.size() ? words[at] : 0;
  }
};

bool is_vector(const Words& word) noexcept {
  return word[0] < word[1] && word[1] <= word[2] && fills_block(word[0], word[2]);
}

bool is_deque(const Words& word) noexcept {
  return word[1] <= word[0] && word[0] < word[2] && fills_block(word[1], word[2]);
}

bool is_hash_table(const Words& word) noexcept {
  constexpr std::uint32_t kOne = 0x3F800000;  // a load factor of 1.0f
  return word[-2] != 0 && word[-1] != 0 && word[1] != 0 &&
         static_cast<std::uint32_t>(word[2]) == kOne;
}

bool is_list_or_tree(std::uintptr_t node, std::uintptr_t place) noexcept {
  const std::uintptr_t back = load_word(node + sizeof(std::uintptr_t));
  return back == place || back == place - sizeof(std::uintptr_t);
}

}  // namespace

std::optional<RegisteredReference> find_unvisited(std::uintptr_t low, std::uintptr_t high) {
  std::optional<RegisteredReference> first;
  registry().any_of(low, high, [&](const RegisteredReference& found) {
    // A stale entry, whose memory went without a destructor, is told by what stands there now.
    const void* const object = reinterpret_cast<const void*>(load_word(found.place));
    if (found.is_visited || !region.contains(object)) return false;
    first = found;
    return true;
  });
  return first;
}

std::optional<RegisteredReference> find_in_container(std::span<const std::uintptr_t> words,
                                                     std::size_t index, std::uintptr_t object) {
  const Words word{words, index};
  const std::uintptr_t block = word[0];
  const auto found = find_unvisited(block, block + kReach);
  if (!found.has_value()) return std::nullopt;
  if (is_vector(word)) return found->place < word[1] ? found : std::nullopt;
  if (is_deque(word)) return found->place < word[2] ? found : std::nullopt;
  const std::size_t bytes = block_bytes(block);
  if (found->place >= block + bytes) return std::nullopt;
  if (is_hash_table(word) || is_list_or_tree(block, object + index * sizeof(std::uintptr_t))) {
    return found;
  }
  return std::nullopt;
}

}  // namespace ouro::detail::checked
