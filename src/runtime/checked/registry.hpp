// Where references stand: every Ref of the process, by its address.
//
//   address of a Ref:   63 .................. 12 | 11 ........ 3 | 0 0 0
//                       chunk: 4 KiB of addresses | word in chunk |
//
// A chunk that ever held a Ref has a table of its 512 words: the name of what the Ref there refers
// to, null where none stands, and whether a trace function has ever visited it. So all references
// in a range of bytes are found by walking it, at the cost of the bytes alone. Chunks are never
// given back: the memory is that of the program's own addresses at their widest, at most.
//
// Thread-safe: chunks are spread over kShards mutexes. A place stays mapped while its shard is
// locked by whoever looks at it, since it leaves the registry before its memory goes.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include <ouro/detail/checked_hooks.hpp>

namespace ouro::detail::checked {

struct RegisteredReference {
  std::uintptr_t place;
  TypeName target;
  bool is_visited;
};

class Registry {
 public:
  void add(const void* place, TypeName target) noexcept;
  void remove(const void* place) noexcept;
  /// Removes what is left in bytes that hold no objects any more.
  void remove_all(std::uintptr_t low, std::uintptr_t high) noexcept;
  /// A trace function visits the Ref. Remembered until the Ref goes.
  void mark_visited(const void* place) noexcept;
  bool is_visited(const void* place) noexcept;
  bool contains(std::uintptr_t place) noexcept;

  /// Calls function(RegisteredReference) for those in [low, high), by address, until it returns
  /// true; then it returns true as well. The function must not use the registry.
  template <class Function>
  bool any_of(std::uintptr_t low, std::uintptr_t high, Function&& function) {
    while (low < high) {
      const std::uintptr_t chunk_end = (low / kChunkBytes + 1) * kChunkBytes;
      const std::uintptr_t end = high < chunk_end ? high : chunk_end;
      Shard& shard = shard_of(low);
      const std::lock_guard lock(shard.mutex);
      if (const Chunk* chunk = shard.find(low / kChunkBytes)) {
        for (std::uintptr_t at = (low + 7) / 8 * 8; at < end; at += 8) {
          const std::size_t word = word_of(at);
          if (chunk->targets[word] == nullptr) continue;
          if (function(RegisteredReference{at, chunk->targets[word], chunk->visited[word]})) {
            return true;
          }
        }
      }
      low = end;
    }
    return false;
  }

  /// The same for all of them, in no order.
  template <class Function>
  void for_each(Function&& function) {
    for (Shard& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      for (const auto& [key, chunk] : shard.chunks) {
        for (std::size_t word = 0; word < kWords; ++word) {
          if (chunk->targets[word] == nullptr) continue;
          function(RegisteredReference{key * kChunkBytes + word * 8, chunk->targets[word],
                                       chunk->visited[word]});
        }
      }
    }
  }

 private:
  static constexpr std::uintptr_t kChunkBytes = 4096;
  static constexpr std::size_t kWords = kChunkBytes / 8;
  static constexpr std::size_t kShards = 64;

  struct Chunk {
    std::array<TypeName, kWords> targets{};
    std::bitset<kWords> visited;
  };
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::uintptr_t, std::unique_ptr<Chunk>> chunks;
    // The last one found: references made one after the other mostly share a chunk.
    std::uintptr_t last_key = 0;
    Chunk* last = nullptr;

    Chunk* find(std::uintptr_t key) noexcept;
    Chunk& find_or_make(std::uintptr_t key);
  };

  static std::size_t word_of(std::uintptr_t place) noexcept { return place % kChunkBytes / 8; }
  Shard& shard_of(std::uintptr_t place) noexcept { return shards_[place / kChunkBytes % kShards]; }

  std::array<Shard, kShards> shards_;
};

/// Of the process. Never destroyed: references in static variables outlive everything.
Registry& registry() noexcept;

}  // namespace ouro::detail::checked
