// weakref::finalize: a function to call when an object dies, or at the program's end.
//
//   weakref::finalize(connection, [log] { log->line("connection closed"); });
//
// Unlike a weak reference with a callback, it needs nobody to keep it. It is called once: when the
// object dies, by hand, or at exit (unless `set_atexit(false)`), whichever comes first; those left
// at exit in reverse order of making, and after that none is called any more. What it captures must
// not hold the object itself, or that never dies.
//
// As everything else of an object, a finalize belongs to the thread that owns the heap.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include <ouro/weakref.hpp>

namespace ouro {

namespace detail {
struct FinalizeState;
std::shared_ptr<FinalizeState> register_finalize(const Ref<void>& object,
                                                 std::function<void()> function);
}  // namespace detail

namespace weakref {

class finalize {  // Python's name
 public:
  /// Precondition: object is not null.
  template <class T, class Function, class... Arguments>
  finalize(const Ref<T>& object, Function function, Arguments... arguments)
      : state_(detail::register_finalize(
            Ref<void>(object),
            [function = std::move(function), ... arguments = std::move(arguments)]() mutable {
              function(std::move(arguments)...);
            })) {}

  /// Calls the function unless it has been called or detached; says whether it was called now.
  bool operator()() const;
  /// Still to be called.
  bool alive() const noexcept;
  /// Forgets the function without a call; says whether it was still to be called.
  bool detach() const;
  /// The object it is about; null once called, detached or dead.
  Ref<void> peek() const noexcept;

  bool atexit() const noexcept;
  void set_atexit(bool on) const noexcept;

 private:
  std::shared_ptr<detail::FinalizeState> state_;
};

}  // namespace weakref
}  // namespace ouro
