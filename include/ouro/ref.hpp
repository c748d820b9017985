// Ref<T>: a counted reference to a managed object, and the functions that people know from
// std::shared_ptr under their own names.
//
// A Ref is one pointer, its count a plain integer in front of the object: copying and dropping one
// costs about a nanosecond. The object is destroyed the moment its last Ref goes; what only a cycle
// keeps alive is found by gc::collect (gc.hpp).
//
// A Ref may be used by the thread that owns the object's heap, and no other (heap.hpp).
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <type_traits>
#include <utility>

#include <ouro/detail/base_offset.hpp>
#include <ouro/detail/reference.hpp>
#include <ouro/detail/type_name.hpp>

namespace ouro {

/// A strong reference to a managed T, or null. T may be incomplete, const, or void ("any object").
///
/// Conversions: Ref<Derived> to Ref<Base> and Ref<T> to Ref<const T> or Ref<void>. A Base that does
/// not stand at the start of Derived is refused at compile time, since the count is found from the
/// object's address.
template <class T>
class Ref : public detail::Reference {
 public:
  using element_type = T;

  constexpr Ref() noexcept { built(); }
  constexpr Ref(std::nullptr_t) noexcept { built(); }

  // Not constexpr, unlike the move: by that detail::HasImplicitDestructor tells one from the other.
  Ref(const Ref& other) noexcept : Reference{other.object_} {
    if (object_ != nullptr) detail::add_reference(object_);
    built();
  }
  constexpr Ref(Ref&& other) noexcept : Reference{std::exchange(other.object_, nullptr)} {
    built();
  }

  template <class U>
    requires std::is_convertible_v<U*, T*>
  Ref(const Ref<U>& other) noexcept : Reference{other.object_} {
    detail::require_base_at_start<T, U>();
    if (object_ != nullptr) detail::add_reference(object_);
    built();
  }
  template <class U>
    requires std::is_convertible_v<U*, T*>
  Ref(Ref<U>&& other) noexcept : Reference{std::exchange(other.object_, nullptr)} {
    detail::require_base_at_start<T, U>();
    built();
  }

  constexpr ~Ref() {
    gone();  // first: dropping may run a collection, when a container does not trace this any more
    if (object_ != nullptr) detail::drop_reference(object_);
  }

  Ref& operator=(const Ref& other) noexcept {
    Ref(other).swap(*this);
    return *this;
  }
  Ref& operator=(Ref&& other) noexcept {
    // The old object is dropped last: its destructor may look at this very reference.
    void* const old = std::exchange(object_, std::exchange(other.object_, nullptr));
    if (old != nullptr) detail::drop_reference(old);
    return *this;
  }
  Ref& operator=(std::nullptr_t) noexcept {
    reset();
    return *this;
  }

  /// Drops the reference; null afterwards.
  void reset() noexcept {
    if (void* const old = std::exchange(object_, nullptr)) detail::drop_reference(old);
  }
  void swap(Ref& other) noexcept { std::swap(object_, other.object_); }

  T* get() const noexcept { return static_cast<T*>(object_); }

  /// Precondition of both: not null.
  std::add_lvalue_reference_t<T> operator*() const noexcept
    requires(!std::is_void_v<T>)
  {
    detail::checked::on_use(object_, &detail::type_name<T>);
    return *get();
  }
  T* operator->() const noexcept
    requires(!std::is_void_v<T>)
  {
    detail::checked::on_use(object_, &detail::type_name<T>);
    return get();
  }

  explicit operator bool() const noexcept { return object_ != nullptr; }

  /// How many Refs hold the object, this one included; 0 for null.
  long use_count() const noexcept {
    return object_ == nullptr ? 0 : static_cast<long>(detail::ObjectHeader::of(object_)->count);
  }

  /// Takes over one count that the caller owns. For the runtime; users want make or ref_from_this.
  static Ref adopt(void* object) noexcept {
    Ref ref;
    ref.object_ = object;
    return ref;
  }

 private:
  constexpr void built() noexcept { detail::checked::on_built(this, &detail::type_name<T>); }
  constexpr void gone() noexcept { detail::checked::on_gone(this); }
};

// A null reference equals another null and nullptr; others compare by the object's address.
template <class T, class U>
bool operator==(const Ref<T>& a, const Ref<U>& b) noexcept {
  return a.object_ == b.object_;
}
template <class T, class U>
std::strong_ordering operator<=>(const Ref<T>& a, const Ref<U>& b) noexcept {
  return std::compare_three_way()(static_cast<const void*>(a.object_),
                                  static_cast<const void*>(b.object_));
}
template <class T>
bool operator==(const Ref<T>& a, std::nullptr_t) noexcept {
  return a.object_ == nullptr;
}

template <class T>
void swap(Ref<T>& a, Ref<T>& b) noexcept {
  a.swap(b);
}

/// Writes the address, as for a std::shared_ptr.
template <class Char, class Traits, class T>
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out,
                                             const Ref<T>& ref) {
  return out << static_cast<const void*>(ref.object_);
}

/// The number of references to the object, as Python's sys.getrefcount, but exact: the argument is
/// not counted, since it is not copied. 0 for null. An immortal object gives a number of 2^31 or
/// more.
template <class T>
std::size_t getrefcount(const Ref<T>& ref) noexcept {
  return static_cast<std::size_t>(ref.use_count());
}

/// A reference to the object whose method is running: `ouro::ref_from_this(this)`.
/// Precondition: `self` was made by ouro::make, is not a member or an element of another object,
/// and its destructor is not running.
template <class T>
Ref<T> ref_from_this(T* self) noexcept {
  if (!detail::checked::on_this(self, &detail::type_name<T>)) return nullptr;
  void* const object = const_cast<std::remove_const_t<T>*>(self);
  detail::add_reference(object);
  return Ref<T>::adopt(object);
}

/// Never frees the object and stops counting its references, as CPython does with None.
template <class T>
void make_immortal(const Ref<T>& ref) noexcept {
  if (ref != nullptr)
    detail::ObjectHeader::of(ref.object_)->count = detail::ObjectHeader::kImmortal;
}

template <class T, class U>
Ref<T> static_pointer_cast(Ref<U> ref) noexcept {
  if constexpr (!std::is_void_v<T> && !std::is_void_v<U>) {
    static_cast<void>(static_cast<T*>(static_cast<U*>(nullptr)));
    if constexpr (std::is_base_of_v<U, T>) {
      detail::require_base_at_start<U, T>();
    } else {
      detail::require_base_at_start<T, U>();
    }
  }
  return Ref<T>::adopt(std::exchange(ref.object_, nullptr));
}

template <class T, class U>
Ref<T> const_pointer_cast(Ref<U> ref) noexcept {
  static_cast<void>(const_cast<T*>(static_cast<U*>(nullptr)));
  return Ref<T>::adopt(std::exchange(ref.object_, nullptr));
}

#ifdef __cpp_rtti
/// Null where the object is no T.
template <class T, class U>
Ref<T> dynamic_pointer_cast(Ref<U> ref) noexcept {
  T* const target = dynamic_cast<T*>(ref.get());
  if (target == nullptr) return nullptr;
  // A cast across to a base at another address would lose the count.
  if (static_cast<const void*>(target) != ref.object_) return nullptr;
  return Ref<T>::adopt(std::exchange(ref.object_, nullptr));
}
#endif

}  // namespace ouro

template <class T>
struct std::hash<ouro::Ref<T>> {
  std::size_t operator()(const ouro::Ref<T>& ref) const noexcept {
    return std::hash<const void*>()(ref.object_);
  }
};
