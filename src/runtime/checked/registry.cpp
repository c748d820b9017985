#include "runtime/checked/registry.hpp"

#include "runtime/checked/out_of_memory.hpp"
#include "runtime/checked/word.hpp"

namespace ouro::detail::checked {

Registry::Chunk* Registry::Shard::find(std::uintptr_t key) noexcept {
  if (key == last_key) return last;
  const auto found = chunks.find(key);
  if (found == chunks.end()) return nullptr;
  last_key = key;
  return last = found->second.get();
}

Registry::Chunk& Registry::Shard::find_or_make(std::uintptr_t key) {
  if (Chunk* const chunk = find(key)) return *chunk;
  auto& chunk = chunks[key];
  if (chunk == nullptr) chunk = std::make_unique<Chunk>();
  last_key = key;
  return *(last = chunk.get());
}

void Registry::add(const void* place, TypeName target) noexcept {
  const std::uintptr_t at = address_of(place);
  Shard& shard = shard_of(at);
  const std::lock_guard lock(shard.mutex);
  unless_memory_runs_out([&] {
    Chunk& chunk = shard.find_or_make(at / kChunkBytes);
    chunk.targets[word_of(at)] = target;
    chunk.visited.reset(word_of(at));
  });
}

void Registry::remove(const void* place) noexcept {
  const std::uintptr_t at = address_of(place);
  Shard& shard = shard_of(at);
  const std::lock_guard lock(shard.mutex);
  if (Chunk* const chunk = shard.find(at / kChunkBytes)) chunk->targets[word_of(at)] = nullptr;
}

void Registry::remove_all(std::uintptr_t low, std::uintptr_t high) noexcept {
  while (low < high) {
    const std::uintptr_t chunk_end = (low / kChunkBytes + 1) * kChunkBytes;
    const std::uintptr_t end = high < chunk_end ? high : chunk_end;
    Shard& shard = shard_of(low);
    const std::lock_guard lock(shard.mutex);
    if (Chunk* const chunk = shard.find(low / kChunkBytes)) {
      for (std::uintptr_t at = (low + 7) / 8 * 8; at < end; at += 8) {
        chunk->targets[word_of(at)] = nullptr;
      }
    }
    low = end;
  }
}

void Registry::mark_visited(const void* place) noexcept {
  const std::uintptr_t at = address_of(place);
  Shard& shard = shard_of(at);
  const std::lock_guard lock(shard.mutex);
  if (Chunk* const chunk = shard.find(at / kChunkBytes)) chunk->visited.set(word_of(at));
}

bool Registry::is_visited(const void* place) noexcept {
  const std::uintptr_t at = address_of(place);
  return any_of(at, at + 8, [](const RegisteredReference& found) { return found.is_visited; });
}

bool Registry::contains(std::uintptr_t place) noexcept {
  return any_of(place, place + 8, [](const RegisteredReference&) { return true; });
}

Registry& registry() noexcept {
  static Registry& instance = *new Registry;  // NOLINT(bugprone-unhandled-exception-at-new)
  return instance;
}

inline namespace OURO_BUILD {

void on_built(const void* place, TypeName target) noexcept {
  registry().add(place, target);
}

}  // namespace OURO_BUILD

}  // namespace ouro::detail::checked
