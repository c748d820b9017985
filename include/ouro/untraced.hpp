// Untraced<T>: a field whose references the collector does not see, on purpose.
//
//   class Button {
//     ouro::Ref<Window> window_;
//     ouro::Untraced<std::function<void()>> on_click_;   // its captures keep alive what they refer
//     to OURO_TRACE(window_)
//   };
//
// A std::function, a std::shared_ptr or a raw buffer cannot be looked into. What it refers to stays
// alive, but a cycle through it is never found. The checked build (checked.hpp) reports that; this
// wrapper says that it is meant. It costs nothing in any other build.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <ouro/detail/checked_hooks.hpp>
#include <ouro/detail/trace_macro.hpp>

namespace ouro {

namespace detail {

struct TraceAccess;

/// Tells the checked build of its own address.
template <std::size_t kBytes>
struct UntracedMark {
#if OURO_CHECKED
  UntracedMark() noexcept { checked::on_untraced(this, kBytes); }
  UntracedMark(const UntracedMark&) noexcept : UntracedMark() {}
  UntracedMark& operator=(const UntracedMark&) noexcept { return *this; }
  ~UntracedMark() { checked::on_untraced_gone(this); }
#endif
};

}  // namespace detail

/// A T that may hold references, none of which is traced. Made from what a T is made from.
template <class T>
class Untraced : private detail::UntracedMark<sizeof(T)> {
 public:
  Untraced() = default;
  template <class U = T>
    requires(!std::is_same_v<std::remove_cvref_t<U>, Untraced> && std::is_constructible_v<T, U>)
  Untraced(U&& value) : value_(std::forward<U>(value)) {}

  T& operator*() noexcept { return value_; }
  const T& operator*() const noexcept { return value_; }
  T* operator->() noexcept { return &value_; }
  const T* operator->() const noexcept { return &value_; }

 private:
  T value_{};

  OURO_TRACE()
};

}  // namespace ouro
