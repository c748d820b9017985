// Where the inlined code calls the checked build (checked.hpp). In other builds every function here
// is empty and costs nothing.
//
// Code of the two builds must not be mixed, since only one of them keeps the registry of
// references: functions that both need stand in an inline namespace of the build (OURO_BUILD), so
// that a mixture is a link error instead of a riddle.
#pragma once

#include <cstddef>
#include <string_view>

#ifndef OURO_CHECKED
#define OURO_CHECKED 0
#endif

#if OURO_CHECKED
#define OURO_BUILD checked_build
#else
#define OURO_BUILD fast_build
#endif

namespace ouro::detail {
struct ObjectHeader;
}

namespace ouro::detail::checked {

inline constexpr bool kEnabled = OURO_CHECKED != 0;

/// Gives a type's name when a report wants it.
using TypeName = std::string_view (*)() noexcept;

/// What is about to happen to an object's count.
enum class CountChange { kCopy, kDrop };

inline namespace OURO_BUILD {
#if OURO_CHECKED
/// `object`'s count is about to change: it must be alive and this thread must own its heap. False
/// if the count must be left alone, since it no longer is one.
bool on_count(const void* object, CountChange change) noexcept;
/// `object` is about to be used through a Ref to `target`.
void on_use(const void* object, TypeName target) noexcept;
/// A reference to objects of the type named now stands at `place`, or no longer does.
void on_built(const void* place, TypeName target) noexcept;
void on_gone(const void* place) noexcept;
/// ref_from_this: `object` must be the start of a living object. False if it has no count.
bool on_this(const void* object, TypeName type) noexcept;
/// The object's destructor is about to run, or has returned; its constructor has thrown.
void on_destroying(ObjectHeader* header) noexcept;
void on_destroyed(ObjectHeader* header) noexcept;
void on_abandoned(ObjectHeader* header) noexcept;
/// References in these bytes are meant to be unknown to the collector (untraced.hpp), or no longer.
void on_untraced(const void* place, std::size_t bytes) noexcept;
void on_untraced_gone(const void* place) noexcept;
#else
constexpr bool on_count(const void*, CountChange) noexcept {
  return true;
}
constexpr void on_use(const void*, TypeName) noexcept {}
constexpr void on_built(const void*, TypeName) noexcept {}
constexpr void on_gone(const void*) noexcept {}
constexpr bool on_this(const void*, TypeName) noexcept {
  return true;
}
constexpr void on_destroying(ObjectHeader*) noexcept {}
constexpr void on_destroyed(ObjectHeader*) noexcept {}
constexpr void on_abandoned(ObjectHeader*) noexcept {}
#endif
}  // namespace OURO_BUILD

}  // namespace ouro::detail::checked
