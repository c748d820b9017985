// A counted pointer without its type: what `Ref<T>` is made of, and what the collector sees of it.
#pragma once

#include <cstdint>

#include <ouro/detail/checked_hooks.hpp>
#include <ouro/detail/object_header.hpp>

namespace ouro::detail {

void release_object(ObjectHeader* header) noexcept;
[[gnu::cold]] void make_immortal(ObjectHeader* header) noexcept;

/// A count of this thread's has fallen, but not to zero: only then something may have become cyclic
/// garbage (but see HeapState::may_hold_garbage). One store a drop buys automatic collections that
/// have nothing to search for.
[[gnu::tls_model("initial-exec")]] inline constinit thread_local bool some_count_fell = false;

/// One more reference to `object`.
inline void add_reference(void* object) noexcept {
  if (!checked::on_count(object, checked::CountChange::kCopy)) return;
  ObjectHeader* header = ObjectHeader::of(object);
  const std::uint32_t count = header->count + 1;
  header->count = count;
  // Saturates instead of wrapping: an object that 2^31 references hold lives for ever. By a call,
  // or compilers would choose between two counts without a jump, and each copy of a reference would
  // wait for the choice of the one before it.
  if (static_cast<std::int32_t>(count) < 0) [[unlikely]]
    make_immortal(header);
}

/// One reference to `object` less; frees it at once when that was the last.
inline void drop_reference(void* object) noexcept {
  if (!checked::on_count(object, checked::CountChange::kDrop)) return;
  ObjectHeader* header = ObjectHeader::of(object);
  // One comparison sorts out both rare cases: the last reference, and immortal.
  if (static_cast<std::int32_t>(header->count) > 1) [[likely]] {
    --header->count;
    some_count_fell = true;
  } else if (header->count == 1) {
    release_object(header);
  }
}

/// Holds one count of an object, or null.
struct Reference {
  void* object_ = nullptr;
};

}  // namespace ouro::detail
