// Where the inlined code calls the checked build (checked.hpp). In other builds every function here is
// empty and costs nothing.
//
// Code of the two builds must not be mixed, since only one of them keeps the registry of references:
// functions that both need stand in an inline namespace of the build (OURO_BUILD), so that a mixture is
// a link error instead of a riddle.
#pragma once

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

inline namespace OURO_BUILD {
#if OURO_CHECKED
/// `object`'s count is about to change: it must be alive and this thread must own its heap.
void on_count(const void* object, const char* action) noexcept;
/// `object` is about to be used through a Ref.
void on_use(const void* object) noexcept;
/// A reference to objects of the type named now stands at `place`, or no longer does.
void on_built(const void* place, std::string_view (*target)() noexcept) noexcept;
void on_gone(const void* place) noexcept;
/// ref_from_this: `object` must be the start of a living object.
void on_this(const void* object) noexcept;
/// The destructor of an object has returned; its constructor has thrown.
void on_destroyed(ObjectHeader* header) noexcept;
void on_abandoned(ObjectHeader* header) noexcept;
#else
inline void on_count(const void*, const char*) noexcept {}
inline void on_use(const void*) noexcept {}
inline void on_built(const void*, std::string_view (*)() noexcept) noexcept {}
inline void on_gone(const void*) noexcept {}
inline void on_this(const void*) noexcept {}
inline void on_destroyed(ObjectHeader*) noexcept {}
inline void on_abandoned(ObjectHeader*) noexcept {}
#endif
}  // namespace OURO_BUILD

}  // namespace ouro::detail::checked
