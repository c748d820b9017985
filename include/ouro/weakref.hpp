// Weak references, by the names of Python's weakref module and of std::weak_ptr.
//
// A weak reference does not keep its object alive and never dangles: once the object is dead,
// lock() gives null. Order of events when an object dies, as in CPython:
//   by its count   finalize() runs, then its weak references die, then their callbacks run (the
//                  newest first), then its destructor
//   as garbage     the weak references to all the garbage die, then callbacks run, then finalizers,
//                  then destructors. A weak reference that is part of the garbage does not call.
//
// A callback is called once, with the (dead) weak reference, provided that this still exists. What
// a callback captures is not traced: a Ref captured in one keeps its object alive. What it throws
// is reported by the unraisable hook (gc.hpp).
//
// Making the first weak reference to an object costs an allocation and an entry in the heap's
// table; more of them without a callback share it and cost a look-up. lock() costs three loads.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

#include <ouro/detail/weak_reference.hpp>
#include <ouro/ref.hpp>

namespace ouro {

namespace weakref {

/// Thrown by a Proxy whose object is dead.
class ReferenceError : public std::runtime_error {
 public:
  ReferenceError() : std::runtime_error("weakly-referenced object no longer exists") {}
};

template <class T>
class WeakRef : public detail::WeakReference {
 public:
  using element_type = T;

  WeakRef() noexcept = default;
  WeakRef(std::nullptr_t) noexcept {}

  template <class U>
    requires std::is_convertible_v<U*, T*>
  WeakRef(const Ref<U>& object)
      : WeakReference(object == nullptr ? nullptr
                                        : detail::make_weak_object(object.object_, nullptr)) {
    detail::require_base_at_start<T, U>();
  }

  /// With a callback: callback(const WeakRef<T>&), or callback().
  template <class U, class Callback>
    requires std::is_convertible_v<U*, T*>
  WeakRef(const Ref<U>& object, Callback callback)
      : WeakReference(object == nullptr
                          ? nullptr
                          : detail::make_weak_object(object.object_, erase(std::move(callback)))) {
    detail::require_base_at_start<T, U>();
  }

  template <class U>
    requires(std::is_convertible_v<U*, T*> && !std::is_same_v<U, T>)
  WeakRef(const WeakRef<U>& other) noexcept : WeakReference(other) {
    detail::require_base_at_start<T, U>();
  }

  /// The object, or null if it is dead. Python's call: `ref()`.
  Ref<T> lock() const noexcept {
    void* const object = target();
    if (object == nullptr) return nullptr;
    detail::add_reference(object);
    return Ref<T>::adopt(object);
  }
  Ref<T> operator()() const noexcept { return lock(); }

  bool expired() const noexcept { return target() == nullptr; }
  void reset() noexcept { *this = WeakRef(); }
  void swap(WeakRef& other) noexcept { std::swap(weak_, other.weak_); }
  /// The number of strong references to the object; 0 if it is dead.
  long use_count() const noexcept {
    return expired() ? 0 : static_cast<long>(detail::ObjectHeader::of(target())->count);
  }

  /// Whether this weak reference still has a callback to call.
  bool has_callback() const noexcept { return weak_ != nullptr && weak_->callback != nullptr; }

  /// For a WeakReference that is known to be to a T: inside the runtime's own types.
  explicit WeakRef(const detail::WeakReference& other) noexcept : WeakReference(other) {}

 private:
  template <class Callback>
  static std::function<void(const detail::WeakReference&)> erase(Callback callback) {
    if constexpr (std::is_null_pointer_v<Callback>) {
      return nullptr;
    } else if constexpr (std::invocable<Callback&, const WeakRef&>) {
      return [callback = std::move(callback)](const detail::WeakReference& weak) mutable {
        callback(WeakRef(weak));
      };
    } else {
      static_assert(
          std::invocable<Callback&>,
          "ouro::WeakRef: a callback is called with a const WeakRef<T>&, or with nothing.");
      return [callback = std::move(callback)](const detail::WeakReference&) mutable { callback(); };
    }
  }
};

/// As in Python: while both are alive, equal if they are to the same object; once one is dead,
/// equal only if they are the same weak reference.
template <class T, class U>
bool operator==(const WeakRef<T>& a, const WeakRef<U>& b) noexcept {
  if (a.weak_ == b.weak_) return true;
  return !a.expired() && !b.expired() && a.target() == b.target();
}

/// How many weak references the object has; those without a callback count as one, as in CPython.
template <class T>
std::size_t getweakrefcount(const Ref<T>& object) noexcept {
  return object == nullptr ? 0 : detail::count_weak_objects(object.object_);
}

/// The object's weak references, the newest first; those without a callback are one, as in CPython,
/// and stand at the head.
template <class T>
std::vector<WeakRef<T>> getweakrefs(const Ref<T>& object) {
  std::vector<WeakRef<T>> listed;
  if (object == nullptr) return listed;
  for (const detail::WeakReference& weak : detail::list_weak_objects(object.object_)) {
    listed.emplace_back(weak);
  }
  return listed;
}

/// Throws ReferenceError; out of line, so that code without exceptions can use a Proxy.
[[noreturn]] void raise_reference_error();

/// A reference to use like a Ref that does not keep its object alive: Python's weakref.proxy. Using
/// one whose object is dead throws ReferenceError. The object lives at least to the end of the
/// expression that uses it.
template <class T>
class Proxy : public WeakRef<T> {
 public:
  using WeakRef<T>::WeakRef;

  Ref<T> operator->() const { return alive(); }
  /// The reference is good as long as something else keeps the object alive.
  T& operator*() const { return *alive(); }
  /// Whether the object is still alive.
  explicit operator bool() const noexcept { return !this->expired(); }

 private:
  Ref<T> alive() const {
    Ref<T> object = this->lock();
    if (object == nullptr) raise_reference_error();
    return object;
  }
};

}  // namespace weakref

using weakref::Proxy;
using weakref::ReferenceError;
using weakref::WeakRef;

}  // namespace ouro

template <class T>
struct std::hash<ouro::WeakRef<T>> {
  /// The same for all weak references to one object, also once it is dead.
  std::size_t operator()(const ouro::WeakRef<T>& ref) const noexcept {
    return std::hash<const void*>()(ref.weak_ == nullptr ? nullptr : ref.weak_->address);
  }
};
