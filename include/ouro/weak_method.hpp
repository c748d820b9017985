// WeakMethod: an object's method, without keeping the object alive. Python's weakref.WeakMethod.
//
//   std::vector<WeakMethod<Window, void (Window::*)(Event)>> listeners;
//   listeners.emplace_back(window, &Window::on_event);
//   for (auto& listener : listeners) {
//     if (auto method = listener.lock()) method(event);      // holds the window meanwhile
//   }
#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include <ouro/trace.hpp>
#include <ouro/weakref.hpp>

namespace ouro::weakref {

/// A method and the object to call it on, which it holds; empty if the object is dead.
template <class T, class Method>
class BoundMethod {
 public:
  BoundMethod(Ref<T> self, Method function) noexcept : self_(std::move(self)), method_(function) {}

  explicit operator bool() const noexcept { return self_ != nullptr; }
  /// Python's __self__ and __func__.
  const Ref<T>& self() const noexcept { return self_; }
  Method method() const noexcept { return method_; }

  /// Precondition: not empty.
  template <class... Arguments>
  decltype(auto) operator()(Arguments&&... arguments) const {
    return std::invoke(method_, *self_, std::forward<Arguments>(arguments)...);
  }

 private:
  Ref<T> self_;
  Method method_;

  OURO_TRACE(self_)
};

/// A weak reference to `object`, with the callback of one, that gives a method of the object.
template <class T, class Method>
  requires std::is_member_function_pointer_v<Method>
class WeakMethod : public WeakRef<T> {
 public:
  WeakMethod(const Ref<T>& object, Method method) : WeakRef<T>(object), method_(method) {}
  template <class Callback>
  WeakMethod(const Ref<T>& object, Method method, Callback callback)
      : WeakRef<T>(object, std::move(callback)), method_(method) {}

  BoundMethod<T, Method> lock() const noexcept { return {WeakRef<T>::lock(), method_}; }
  BoundMethod<T, Method> operator()() const noexcept { return lock(); }

  /// Equal as weak references are, and for the same method.
  friend bool operator==(const WeakMethod& a, const WeakMethod& b) noexcept {
    return a.method_ == b.method_ &&
           static_cast<const WeakRef<T>&>(a) == static_cast<const WeakRef<T>&>(b);
  }

 private:
  Method method_;
};

}  // namespace ouro::weakref

template <class T, class Method>
struct std::hash<ouro::weakref::WeakMethod<T, Method>> : std::hash<ouro::WeakRef<T>> {};
