// The runtime's side of weak references: what happens to them when their object dies.
#pragma once

#include <vector>

#include <ouro/detail/weak_reference.hpp>

#include "runtime/heap_state.hpp"

namespace ouro::detail {

/// Weak references whose object has just died and whose callbacks wait to run.
class WeakCallbacks {
 public:
  WeakCallbacks() = default;
  WeakCallbacks(const WeakCallbacks&) = delete;
  WeakCallbacks& operator=(const WeakCallbacks&) = delete;
  ~WeakCallbacks();

  /// Takes a handle of it. Needs no memory: the list runs through the weak objects.
  void add(WeakObject& weak) noexcept;
  /// Calls them in order of add(); what they throw is reported.
  void run() noexcept;

 private:
  WeakObject* first_ = nullptr;
  WeakObject* last_ = nullptr;
};

/// Makes the object's weak references dead; those that have one to call go to `callbacks`.
void detach_weak_references(HeapState& heap, ObjectHeader* header,
                            WeakCallbacks& callbacks) noexcept;
/// Makes them dead without a call.
void discard_weak_references(HeapState& heap, ObjectHeader* header) noexcept;

}  // namespace ouro::detail
