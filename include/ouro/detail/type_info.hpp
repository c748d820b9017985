// What the runtime knows of a type: where its objects stand in a page, and how to trace, destroy
// and finalize them. One constant a type, made by the compiler; pages point at it, so a `Ref<Base>`
// to a Derived is traced and destroyed as what was made.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <ouro/detail/page.hpp>

namespace ouro::detail {

struct Gaps;
struct SubtractVisitor;
struct MarkVisitor;
struct ClearVisitor;
class EdgeVisitor;

struct TypeInfo {
  std::string_view name;
  std::uint32_t object_bytes;
  std::uint32_t slot_bytes;    ///< header, object and padding
  std::uint32_t first_offset;  ///< of slot 0's header, so that the object after it is aligned
  bool is_traced;              ///< may hold references
  bool holds_weak;             ///< may hold weak references
  void (*destroy)(void* object) noexcept;  ///< null where nothing is to do
  /// What happens when the count of one of its objects reaches zero (src/runtime/release.cpp).
  void (*release)(Page& page, ObjectHeader* header) noexcept;
  /// Destroys the page's garbage and frees its slots; returns how many.
  std::uint32_t (*destroy_garbage)(Page& page) noexcept;
  /// `clear_garbage` and `destroy_garbage` in one pass, where no destructor can tell; else null.
  std::uint32_t (*sweep_garbage)(Page& page, ClearVisitor& visitor) noexcept;
  void (*finalize)(void* object);  ///< the user's hook, or null; may throw

  // The collector's loops, each with the type's own trace inlined; null where `is_traced` is false.
  void (*subtract)(Page& page, SubtractVisitor& visitor, Gaps& gaps) noexcept;
  void (*mark_roots)(Page& page, MarkVisitor& visitor) noexcept;
  void (*mark)(void* object, MarkVisitor& visitor) noexcept;
  void (*clear_garbage)(Page& page, ClearVisitor& visitor) noexcept;
  void (*visit_edges)(void* object, EdgeVisitor& visitor);

  /// Index into every heap's tables; 0 until the type's first object is made.
  std::atomic<std::uint32_t> id;
};

/// No program may have more managed types than this.
inline constexpr std::uint32_t kMaxTypes = 1u << 14;

}  // namespace ouro::detail
