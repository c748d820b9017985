// Finds out at compile time whether a base stands at the start of a derived class.
#pragma once

#include <type_traits>

namespace ouro::detail {

/// Storage whose address can be taken in a constant expression although no T is ever built in it.
template <class T>
union NeverBuilt {
  char nothing;
  T object;
  constexpr NeverBuilt() noexcept : nothing() {}
  constexpr ~NeverBuilt() {}
};

template <class T>
inline constexpr NeverBuilt<T> never_built{};

template <class Base, class Derived>
concept CastsBack = requires(Base* base) { static_cast<Derived*>(base); };

/// A virtual base fails CastsBack; its place is known only at run time.
template <class Base, class Derived>
consteval bool is_base_at_start() noexcept {
  using Plain = std::remove_cv_t<Derived>;
  const Plain* const derived = &never_built<Plain>.object;
  const std::remove_cv_t<Base>* const base = derived;
  return static_cast<const void*>(base) == static_cast<const void*>(derived);
}

template <class Base, class Derived>
consteval void require_base_at_start() noexcept {
  if constexpr (std::is_void_v<Base> ||
                std::is_same_v<std::remove_cv_t<Base>, std::remove_cv_t<Derived>>) {
    return;
  } else {
    constexpr bool casts_back = CastsBack<std::remove_cv_t<Base>, std::remove_cv_t<Derived>>;
    static_assert(
        casts_back,
        "ouro::Ref: Base is a virtual, ambiguous or private base of Derived, so a Ref<Base> "
        "could not find the object's count. Inherit from it directly and publicly.");
    if constexpr (casts_back) {
      static_assert(
          is_base_at_start<Base, Derived>(),
          "ouro::Ref: Base does not stand at the start of Derived, so a Ref<Base> could not "
          "find the object's count. Make it the first base (and if Derived has virtual "
          "functions, give Base one too, such as a virtual destructor).");
    }
  }
}

}  // namespace ouro::detail
