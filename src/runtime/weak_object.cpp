#include "runtime/weak_object.hpp"

#include <memory>

namespace ouro::detail {

namespace {

WeakObject* first_weak_object(const void* target) noexcept {
  if ((ObjectHeader::of(target)->bits & ObjectHeader::kHasWeak) == 0) return nullptr;
  const HeapState& heap = heap_of(region.page_of(target));
  return heap.weak_by_object.find(target)->second;
}

/// Takes the object's list away from it; its members are dead and still linked by `next`.
WeakObject* take_list(HeapState& heap, ObjectHeader* header) noexcept {
  const auto entry = heap.weak_by_object.find(header->object());
  WeakObject* const first = entry->second;
  heap.weak_by_object.erase(entry);
  header->bits &= ~ObjectHeader::kHasWeak;
  for (WeakObject* weak = first; weak != nullptr; weak = weak->next) weak->target = nullptr;
  return first;
}

}  // namespace

WeakObject* make_weak_object(void* target, std::function<void(const WeakReference&)> callback) {
  ObjectHeader* const header = ObjectHeader::of(target);
  HeapState& heap = heap_of(region.page_of(target));
  WeakObject* const first = first_weak_object(target);
  // The shared one always stands first.
  const bool has_shared = first != nullptr && !first->callback;
  if (!callback && has_shared) {
    ++first->handles;
    return first;
  }
  auto made = std::make_unique<WeakObject>(
      WeakObject{target, target, &heap, 1, nullptr, nullptr, std::move(callback)});
  WeakObject* const weak = made.get();
  if (weak->callback) heap.has_weak_callbacks = true;
  if (has_shared) {
    weak->previous = first;
    weak->next = first->next;
    if (weak->next != nullptr) weak->next->previous = weak;
    first->next = weak;
  } else {
    heap.weak_by_object[target] = weak;
    weak->next = first;
    if (first != nullptr) first->previous = weak;
  }
  header->bits |= ObjectHeader::kHasWeak;
  return made.release();
}

void destroy_weak_object(WeakObject* weak) noexcept {
  if (weak->target != nullptr) {
    if (weak->next != nullptr) weak->next->previous = weak->previous;
    if (weak->previous != nullptr) {
      weak->previous->next = weak->next;
    } else if (weak->next != nullptr) {
      weak->heap->weak_by_object.find(weak->target)->second = weak->next;
    } else {
      weak->heap->weak_by_object.erase(weak->target);
      ObjectHeader::of(weak->target)->bits &= ~ObjectHeader::kHasWeak;
    }
  }
  delete weak;
}

std::size_t count_weak_objects(const void* target) noexcept {
  std::size_t count = 0;
  for (const WeakObject* weak = first_weak_object(target); weak != nullptr; weak = weak->next)
    ++count;
  return count;
}

std::vector<WeakReference> list_weak_objects(const void* target) {
  std::vector<WeakReference> listed;
  for (WeakObject* weak = first_weak_object(target); weak != nullptr; weak = weak->next) {
    ++weak->handles;
    listed.emplace_back(weak);
  }
  return listed;
}

void WeakCallbacks::add(WeakObject& weak) noexcept {
  ++weak.handles;
  weak.next = nullptr;
  (last_ == nullptr ? first_ : last_->next) = &weak;
  last_ = &weak;
}

void WeakCallbacks::run() noexcept {
  while (WeakObject* const weak = first_) {
    first_ = weak->next;
    if (first_ == nullptr) last_ = nullptr;
    weak->next = nullptr;
    const WeakReference handle(weak);
    // A callback whose weak reference has meanwhile gone is not called, as in CPython.
    if (weak->handles == 1) continue;
    const auto callback = std::move(weak->callback);
    weak->callback = nullptr;
    try {
      callback(handle);
    } catch (...) {
      report_unraisable("callback of a weak reference", {});
    }
  }
}

WeakCallbacks::~WeakCallbacks() {
  while (WeakObject* const weak = first_) {
    first_ = weak->next;
    const WeakReference handle(weak);
  }
}

void detach_weak_references(HeapState& heap, ObjectHeader* header,
                            WeakCallbacks& callbacks) noexcept {
  for (WeakObject* weak = take_list(heap, header); weak != nullptr;) {
    WeakObject* const next = weak->next;
    weak->next = weak->previous = nullptr;
    if (weak->callback) callbacks.add(*weak);
    weak = next;
  }
}

void discard_weak_references(HeapState& heap, ObjectHeader* header) noexcept {
  for (WeakObject* weak = take_list(heap, header); weak != nullptr;) {
    WeakObject* const next = weak->next;
    weak->next = weak->previous = nullptr;
    weak = next;
  }
}

void discard_weak_references(Page& page, ObjectHeader* header) noexcept {
  discard_weak_references(heap_of(page), header);
}

void clear_weak_references(HeapState& heap, ObjectHeader* header) noexcept {
  WeakCallbacks callbacks;
  detach_weak_references(heap, header, callbacks);
  callbacks.run();
}

}  // namespace ouro::detail
