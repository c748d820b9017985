// Makes the TypeInfo of a type: the loops of the collector with the type's own trace inlined.
#pragma once

#include <type_traits>

#include <ouro/detail/edge_visitor.hpp>
#include <ouro/detail/type_info.hpp>
#include <ouro/detail/type_name.hpp>
#include <ouro/detail/visitors.hpp>
#include <ouro/trace.hpp>

namespace ouro::detail {

template <class T>
concept HasFinalizer = requires(T& object) { object.finalize(); };

template <class T>
struct TypeLoops {
  static constexpr std::size_t kAlignment =
      alignof(T) < alignof(ObjectHeader*) ? alignof(ObjectHeader*) : alignof(T);
  static constexpr std::size_t kRoundedBytes =
      (sizeof(ObjectHeader) + sizeof(T) + kAlignment - 1) / kAlignment * kAlignment;
  static constexpr std::uint32_t kSlotBytes = static_cast<std::uint32_t>(kRoundedBytes);
  static constexpr std::uint32_t kFirstOffset =
      static_cast<std::uint32_t>(kAlignment - sizeof(ObjectHeader));

  static T& at(void* object) noexcept { return *static_cast<T*>(object); }

  template <class Function>
  static void for_each_member(Page& page, StateSet members, Function&& function) noexcept {
    for (std::uint32_t offset = page.scan.low; offset < page.scan.high; offset += kSlotBytes) {
      ObjectHeader* const header = page.header_at(offset);
      if (header->is_in(members)) function(header);
    }
  }

  static void destroy(void* object) noexcept { at(object).~T(); }

  static void finalize(void* object) {
    if constexpr (HasFinalizer<T>) at(object).finalize();
  }

  static void subtract(Page& page, SubtractVisitor& visitor) noexcept {
    // A copy: the compiler may keep it in registers, since nothing else can point at it.
    SubtractVisitor local = visitor;
    for_each_member(page, local.members, [&](ObjectHeader* header) {
      ++local.visited;
      *local.set.find_header(header) += static_cast<std::uint8_t>(header->count);
      trace_value(local, at(header->object()));
    });
    visitor.visited = local.visited;
  }

  static void mark_roots(Page& page, MarkVisitor& visitor) noexcept {
    MarkVisitor local = visitor;
    for_each_member(page, local.members, [&](ObjectHeader* header) {
      if (*local.set.find_header(header) == kRoot) trace_value(local, at(header->object()));
    });
    visitor.top = local.top;
  }

  static void mark(void* object, MarkVisitor& visitor) noexcept { trace_value(visitor, at(object)); }

  static void clear(void* object, ClearVisitor& visitor) noexcept {
    trace_value(visitor, at(object));
  }

  static void visit_edges(void* object, EdgeVisitor& visitor) { trace_value(visitor, at(object)); }
};

template <class T>
constexpr TypeInfo make_type_info() noexcept {
  using Loops = TypeLoops<T>;
  constexpr bool is_traced = holds_references<T>;
  return {
      .name = type_name<T>(),
      .object_bytes = static_cast<std::uint32_t>(sizeof(T)),
      .slot_bytes = Loops::kSlotBytes,
      .first_offset = Loops::kFirstOffset,
      .is_traced = is_traced,
      .destroy = std::is_trivially_destructible_v<T> ? nullptr : &Loops::destroy,
      .finalize = HasFinalizer<T> ? &Loops::finalize : nullptr,
      .subtract = is_traced ? &Loops::subtract : nullptr,
      .mark_roots = is_traced ? &Loops::mark_roots : nullptr,
      .mark = is_traced ? &Loops::mark : nullptr,
      .clear = is_traced ? &Loops::clear : nullptr,
      .visit_edges = concerns<EdgeVisitor, T> ? &Loops::visit_edges : nullptr,
      .id = 0,
  };
}

template <class T>
inline constinit TypeInfo type_info = make_type_info<T>();

}  // namespace ouro::detail
