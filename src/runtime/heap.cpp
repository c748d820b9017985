// Heaps: opening, handing over, tearing down; and the heap that each thread has of its own.
#include <sys/mman.h>

#include <functional>
#include <mutex>
#include <new>

#include <ouro/heap.hpp>

#include <ouro/base/assert.hpp>
#include "runtime/checked.hpp"
#include "runtime/collector/debug.hpp"
#include "runtime/heap_state.hpp"

namespace ouro {

namespace detail {

namespace {

/// Both tables by type id of a heap in one mapping; memory comes as ids are used.
constexpr std::size_t kTablesBytes = 2 * kMaxTypes * sizeof(Page*);

/// This thread's own heap; null before its first object, and again once it has ended empty.
constinit thread_local HeapState* own_heap = nullptr;
constinit thread_local bool is_thread_ending = false;

/// Kept for ever, where leak checkers see them.
struct KeptHeaps {
  std::mutex mutex;
  std::vector<HeapState*> heaps;
};

KeptHeaps& kept_heaps() {
  static KeptHeaps& kept = *new KeptHeaps;
  return kept;
}

void keep(HeapState* heap) {
  const std::lock_guard lock(kept_heaps().mutex);
  kept_heaps().heaps.push_back(heap);
}

/// Ends a thread's own heap with the thread. It is collected; what others still refer to is kept,
/// and the heap with it: their references stay good, and free what they hold as ever.
struct ThreadEnd {
  ThreadEnd() = default;
  ThreadEnd(const ThreadEnd&) = delete;
  ThreadEnd& operator=(const ThreadEnd&) = delete;
  ~ThreadEnd() {
    HeapState* const heap = own_heap;
    collect_generation(*heap, 2);
    report_garbage_at_shutdown(*heap);
    retire_current_pages(*heap);
    is_thread_ending = true;
    if (current_heap == heap) current_heap = nullptr;
    if (heap->pages.empty() && heap->garbage.empty()) {
      own_heap = nullptr;
      delete heap;
    } else {
      checked::on_heap_orphaned(*heap);
      keep(heap);
    }
  }
};

}  // namespace

HeapState::HeapState() {
  void* const tables = mmap(nullptr, kTablesBytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (tables == MAP_FAILED) throw std::bad_alloc();
  current_pages = static_cast<Page**>(tables);
  partial_pages = current_pages + kMaxTypes;
  update_trigger();
}

HeapState::~HeapState() {
  OURO_ASSERT(pages.empty(), "a heap is empty before it goes");
  release_cached_pages(*this);
  munmap(current_pages, kTablesBytes);
}

void for_each_kept_heap(const std::function<void(const HeapState&)>& function) {
  const std::lock_guard lock(kept_heaps().mutex);
  for (const HeapState* heap : kept_heaps().heaps) function(*heap);
}

HeapCore& open_default_heap() {
  if (own_heap == nullptr) {
    own_heap = new HeapState;
    // Destructors of globals and functions given to atexit() may still make objects.
    if (is_thread_ending) keep(own_heap);
  }
  thread_local ThreadEnd at_end;
  current_heap = own_heap;
  return *own_heap;
}

}  // namespace detail

Heap::Heap() : state_(new detail::HeapState) {
  // Falls of counts are noted for the thread; with several heaps, whose they were is not known.
  state_->is_always_searched = true;
  detail::current_heap_state().is_always_searched = true;
}

Heap::~Heap() {
  detail::checked::on_heap_use(*state_, "destroyed");
  OURO_ASSERT(detail::current_heap != state_, "a heap that goes is in no scope");
  {
    const HeapScope scope(*this);
    detail::collect_generation(*state_, 2);
    state_->garbage.clear();
    detail::checked::before_teardown(*state_);
    detail::destroy_everything(*state_);
    detail::checked::after_teardown(*state_);
  }
  delete state_;
}

void Heap::give() noexcept {
  detail::checked::on_heap_use(*state_, "given away");
  state_->owner = std::thread::id();
}

void Heap::take() noexcept {
  if (state_->owner != std::thread::id()) detail::checked::on_heap_use(*state_, "taken");
  state_->owner = std::this_thread::get_id();
  detail::current_heap_state().is_always_searched = true;
}

std::size_t Heap::reserved_bytes() const noexcept {
  return state_->reserved_page_count * detail::kPageBytes;
}

namespace {

std::size_t count_objects(const detail::HeapState& heap) noexcept {
  std::size_t count = 0;
  for (const detail::Page* page : heap.pages) count += page->used_slots;
  return count;
}

}  // namespace

std::size_t Heap::object_count() const noexcept {
  return count_objects(*state_);
}

void Heap::set_legacy_finalizers(bool on) noexcept {
  state_->has_legacy_finalizers = on;
}

HeapScope::HeapScope(Heap& heap) noexcept : previous_(detail::current_heap) {
  detail::checked::on_heap_use(*heap.state_, "entered");
  detail::current_heap = heap.state_;
}

HeapScope::~HeapScope() {
  detail::current_heap = static_cast<detail::HeapCore*>(previous_);
}

std::size_t reserved_bytes() noexcept {
  return detail::current_heap_state().reserved_page_count * detail::kPageBytes;
}

std::size_t object_count() noexcept {
  return count_objects(detail::current_heap_state());
}

void set_legacy_finalizers(bool on) noexcept {
  detail::current_heap_state().has_legacy_finalizers = on;
}

}  // namespace ouro
