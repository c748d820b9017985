// A weak reference without its type: what WeakRef<T> and Proxy<T> are made of.
//
//   WeakRef a --+                    +--> object (its header says kHasWeak)
//               +--> WeakObject -----+
//   WeakRef b --+      |  next       ^
//                      v             |
//                    WeakObject -----+    one with a callback; the heap finds the first by the
//                    object
//
// Weak references without a callback share one WeakObject an object; each made with a callback has
// its own. `next` and `previous` lead through the others of the same object, the newest first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include <ouro/detail/object_header.hpp>

namespace ouro::detail {

struct HeapState;
struct WeakReference;

struct WeakObject {
  void* target;         ///< null once it is dead
  const void* address;  ///< of the target, also when dead: what hashes are made of
  HeapState* heap;
  std::size_t handles;  ///< WeakReferences that share this
  WeakObject* next;
  WeakObject* previous;
  std::function<void(const WeakReference&)> callback;
};

/// The object's shared WeakObject, made if need be, or a new one with `callback`; with one more
/// handle. Throws std::bad_alloc.
WeakObject* make_weak_object(void* target, std::function<void(const WeakReference&)> callback);
/// Its last handle has gone.
void destroy_weak_object(WeakObject* weak) noexcept;
/// How many weak references `target` has, the shared one counted once.
std::size_t count_weak_objects(const void* target) noexcept;

/// One handle of a WeakObject, or none.
struct WeakReference {
  WeakObject* weak_ = nullptr;

  constexpr WeakReference() noexcept = default;
  explicit WeakReference(WeakObject* weak) noexcept : weak_(weak) {}
  WeakReference(const WeakReference& other) noexcept : weak_(other.weak_) {
    if (weak_ != nullptr) ++weak_->handles;
  }
  WeakReference(WeakReference&& other) noexcept : weak_(std::exchange(other.weak_, nullptr)) {}
  WeakReference& operator=(WeakReference other) noexcept {
    std::swap(weak_, other.weak_);
    return *this;
  }
  constexpr ~WeakReference() {
    if (weak_ != nullptr && --weak_->handles == 0) destroy_weak_object(weak_);
  }

  /// Null once it is dead, and already while its destructor waits for its turn: no reference is
  /// left.
  void* target() const noexcept {
    if (weak_ == nullptr || weak_->target == nullptr) return nullptr;
    return ObjectHeader::of(weak_->target)->count == 0 ? nullptr : weak_->target;
  }
};

/// A handle of each of the target's WeakObjects, the newest first.
std::vector<WeakReference> list_weak_objects(const void* target);

}  // namespace ouro::detail
