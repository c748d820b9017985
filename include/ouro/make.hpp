// make<T>(...): a new object on the thread's current heap.
#pragma once

#include <new>
#include <type_traits>
#include <utility>

#include <ouro/detail/heap_core.hpp>
#include <ouro/detail/type_info_of.hpp>
#include <ouro/ref.hpp>

namespace ouro {

namespace detail {

/// Gives the slot back unless the constructor returned.
class ConstructionGuard {
 public:
  ConstructionGuard(HeapCore& heap, ObjectHeader* header) noexcept : heap_(heap), header_(header) {
    ++heap.constructing;
  }
  ConstructionGuard(const ConstructionGuard&) = delete;
  ConstructionGuard& operator=(const ConstructionGuard&) = delete;
  ~ConstructionGuard() {
    --heap_.constructing;
    if (header_ != nullptr) abandon_object(header_);
  }
  void dismiss() noexcept { header_ = nullptr; }

 private:
  HeapCore& heap_;
  ObjectHeader* header_;
};

}  // namespace detail

/// Makes a T from `arguments`: by its constructor, or field by field if it is an aggregate. Its
/// only reference is the one returned. Any type: classes, std::vector<Ref<U>>, std::string, int; no
/// base class is asked for.
///
/// May run a collection first, and so finalizers, weak reference callbacks and destructors of
/// garbage. Throws std::bad_alloc when memory runs out, and what the constructor throws; then
/// nothing has been made, and the heap is as before.
template <class T, class... Arguments>
Ref<T> make(Arguments&&... arguments) {
  using Object = std::remove_cv_t<T>;
  static_assert(!std::is_array_v<T>,
                "ouro::make: make a std::vector or std::array instead of a plain array.");
  static_assert(!std::is_reference_v<T> && !std::is_void_v<T>,
                "ouro::make: only objects can be made, not references or void.");
  static_assert(alignof(Object) <= 4096, "ouro::make: types aligned to more than 4096 bytes.");

  detail::HeapCore* heap = detail::current_heap;
  if (heap == nullptr) [[unlikely]]
    heap = &detail::open_default_heap();
  constexpr bool is_traced = detail::holds_references<Object>;
  detail::ObjectHeader* const header =
      detail::allocate<is_traced, detail::TypeLoops<Object>::kSlotBytes>(*heap,
                                                                         detail::type_info<Object>);
  void* const object = header->object();
  // Of an aggregate, what no argument is given for has its default, as in Object{a, b}.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
  if constexpr (std::is_nothrow_constructible_v<Object, Arguments...>) {
    ::new (object) Object(std::forward<Arguments>(arguments)...);
  } else {
    detail::ConstructionGuard guard(*heap, header);
    if constexpr (std::is_constructible_v<Object, Arguments...>) {
      ::new (object) Object(std::forward<Arguments>(arguments)...);
    } else {
      ::new (object) Object{std::forward<Arguments>(arguments)...};
    }
    guard.dismiss();
  }
#pragma GCC diagnostic pop
  header->set_state(is_traced ? detail::State::kGeneration0 : detail::State::kUntracked);
  return Ref<T>::adopt(object);
}

}  // namespace ouro
