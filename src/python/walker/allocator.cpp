#include "python/walker/allocator.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "python/walker/layout.hpp"
#include "python/walker/memory.hpp"

namespace ouro::python::walker {

namespace {

/// PyMemAllocatorEx.
struct Allocator {
  void* context;
  void* (*allocate)(void*, std::size_t);
  void* (*allocate_zeroed)(void*, std::size_t, std::size_t);
  void* (*reallocate)(void*, void*, std::size_t);
  void (*release)(void*, void*);
};

enum Domain : int { kRaw = 0, kMemory = 1, kObject = 2 };

constexpr std::uint64_t kArenaBytes = std::uint64_t{64} << 20;
/// Before each block: its bytes. Blocks are aligned to 16.
constexpr std::size_t kBlockHeader = 16;

// Of the clone alone: a process that captures in place keeps its own allocators.
constinit char* arena = nullptr;
constinit std::uint64_t arena_used = 0;
constinit std::uint64_t arena_kept = 0;  ///< in use for ever: what a free list may hold

void* allocate(void*, std::size_t bytes) {
  if (bytes > kArenaBytes) return nullptr;
  const std::uint64_t whole = kBlockHeader + (bytes + 15) / 16 * 16;
  if (arena_used + whole > kArenaBytes) return nullptr;
  char* block = arena + arena_used;
  arena_used += whole;
  __builtin_memcpy(block, &bytes, sizeof bytes);
  return block + kBlockHeader;
}

void* allocate_zeroed(void*, std::size_t count, std::size_t bytes) {
  if (bytes != 0 && count > kArenaBytes / bytes) return nullptr;
  void* block = allocate(nullptr, count * bytes);
  if (block != nullptr) __builtin_memset(block, 0, count * bytes);
  return block;
}

/// Blocks of the old allocators do not say how long they are: those cannot grow.
void* reallocate(void*, void* old, std::size_t bytes) {
  if (old == nullptr) return allocate(nullptr, bytes);
  char* block = static_cast<char*>(old);
  if (block < arena || block >= arena + kArenaBytes) return nullptr;
  std::size_t old_bytes = 0;
  __builtin_memcpy(&old_bytes, block - kBlockHeader, sizeof old_bytes);
  void* moved = allocate(nullptr, bytes);
  if (moved != nullptr) __builtin_memcpy(moved, old, old_bytes < bytes ? old_bytes : bytes);
  return moved;
}

void release(void*, void*) {}

}  // namespace

bool redirect_allocations() {
  arena = static_cast<char*>(map_pages(kArenaBytes));
  if (arena == nullptr) return false;
  Allocator allocator{.context = nullptr,
                      .allocate = allocate,
                      .allocate_zeroed = allocate_zeroed,
                      .reallocate = reallocate,
                      .release = release};
  for (const Domain domain : {kRaw, kMemory, kObject}) {
    call<void>(symbols.PyMem_SetAllocator, static_cast<int>(domain), &allocator);
  }
  return true;
}

// The one small block since the last call is the int that __sizeof__ gave back, and is free again:
// up to 3.13 there is no free list of ints. Whatever else was taken may be in some free list now.
void forget_allocations() {
  constexpr std::uint64_t kIntBytes = 64;
  if (layout.minor <= 13 && arena_used - arena_kept <= kIntBytes) {
    arena_used = arena_kept;
  } else {
    arena_kept = arena_used;
  }
}

}  // namespace ouro::python::walker
