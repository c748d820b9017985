// Runs the phases of a collection in order (collection.hpp), and decides when one is due.
#include "runtime/collector/collection.hpp"

#include <chrono>
#include <new>
#include <utility>

#include "runtime/checked.hpp"
#include "runtime/collector/debug.hpp"
#include "runtime/weak_object.hpp"

namespace ouro::detail {

namespace {

using Clock = std::chrono::steady_clock;

/// The time in which a heap collects: no other collection of it begins, pages that become empty stay.
class Collecting {
 public:
  explicit Collecting(HeapState& heap) noexcept : heap_(heap) {
    heap.is_collecting = true;
    heap.update_trigger();
  }
  Collecting(const Collecting&) = delete;
  Collecting& operator=(const Collecting&) = delete;
  ~Collecting() {
    heap_.is_collecting = false;
    heap_.update_trigger();
    release_discarded_pages(heap_);
  }

 private:
  HeapState& heap_;
};

void call_callbacks(HeapState& heap, gc::Phase phase, const gc::CollectionInfo& info) noexcept {
  for (std::size_t at = 0; at < heap.callbacks.size(); ++at) {
    try {
      const gc::Callback callback = heap.callbacks[at];  // it may take itself off the list
      if (callback) callback(phase, info);
    } catch (...) {
      report_unraisable("gc callback", {});
    }
  }
}

/// Steps 1 to 5: afterwards garbage is kSuspect. Throws std::bad_alloc, having changed nothing.
void judge(Collection& collection) {
  subtract_references(collection);
  settle(collection);
  mark(collection);
  judge_hubs(collection);
}

/// Looks at the condemned again, alone: who is referred to from outside now was brought back.
void judge_again(Collection& collection) {
  std::vector<Page*>& pages = collection.garbage_pages;
  std::erase_if(pages, [](const Page* page) { return page->type == nullptr; });
  for (Page* page : pages) reset_gc_refs(*page);
  Collection again{.heap = collection.heap, .members = set_of(State::kSuspect), .pages = pages};
  judge(again);
  pardon_reached(collection);
}

/// From garbage to free slots.
void bury(Collection& collection) {
  HeapState& heap = collection.heap;
  if (heap.debug != 0) report_garbage(collection);
  if (heap.has_legacy_finalizers && collection.has_finalizers) {
    separate_legacy_finalizers(collection);
  }
  if (collection.has_weak) clear_weak_references(collection);
  if (collection.has_finalizers && !heap.has_legacy_finalizers) {
    call_finalizers(collection);
    judge_again(collection);
  }
  if ((heap.debug & gc::DEBUG_SAVEALL) != 0) {
    save_all(collection);
    return;
  }
  clear(collection);
  destroy(collection);
}

/// Memory ran out: nothing is garbage after all. Each object lives until a later collection.
void pardon_all(Collection& collection) noexcept {
  for_each_condemned(collection, [](Page&, ObjectHeader* header) {
    header->set_state(State::kGeneration2);
  });
}

void bury_or_pardon(Collection& collection) noexcept {
  try {
    bury(collection);
  } catch (const std::bad_alloc&) {
    pardon_all(collection);
  }
  deselect(collection.garbage_pages);
}

void count_collection(HeapState& heap, int generation) noexcept {
  heap.count0 = 0;
  if (generation >= 1) heap.count1 = 0;
  if (generation >= 2) heap.count2 = 0;
  if (generation == 0) ++heap.count1;
  if (generation == 1) ++heap.count2;
}

std::size_t count_old(const HeapState& heap) noexcept {
  std::size_t count = 0;
  for (const Page* page : heap.pages) {
    if (page->is_traced && !page->is_frozen) count += page->used_slots;
  }
  return count;
}

}  // namespace

std::size_t collect_generation(HeapState& heap, int generation) {
  if (heap.is_collecting) return 0;
  const Collecting collecting(heap);
  gc::CollectionInfo info{.generation = generation};
  call_callbacks(heap, gc::Phase::start, info);
  const auto begin = Clock::now();
  if ((heap.debug & gc::DEBUG_STATS) != 0) report_start(heap, generation);

  checked::before_collection(heap);
  retire_current_pages(heap);
  Collection collection{.heap = heap, .members = 0};
  bool is_judged = false;
  try {
    heap.middle.reserve(heap.middle.size() + heap.young.size());
    select_pages(collection, generation);
    judge(collection);
    if (collection.candidate_count > 0) {
      condemn(collection);
    } else {
      deselect(collection.pages);
    }
    is_judged = true;
  } catch (const std::bad_alloc&) {
    // Nothing has been decided; every object stays where it was until the next collection.
    deselect(collection.pages);
    collection.garbage_pages.clear();
  }
  count_collection(heap, generation);
  if (is_judged) promote(heap, generation);
  if (!collection.garbage_pages.empty()) bury_or_pardon(collection);
  if (generation == 2) {
    heap.long_lived_pending = 0;
    heap.long_lived_total = count_old(heap);
  }

  info.collected = collection.collected;
  info.uncollectable = collection.uncollectable;
  info.candidates = collection.visited;
  info.duration = Clock::now() - begin;
  gc::GenerationStats& stats = heap.stats[static_cast<std::size_t>(generation)];
  ++stats.collections;
  stats.collected += info.collected;
  stats.uncollectable += info.uncollectable;
  stats.candidates += info.candidates;
  stats.duration += info.duration;
  if ((heap.debug & gc::DEBUG_STATS) != 0) report_stop(heap, info);
  call_callbacks(heap, gc::Phase::stop, info);
  return info.collected + info.uncollectable;
}

std::size_t collect_objects(HeapState& heap, std::vector<Ref<void>>&& objects) {
  if (heap.is_collecting) return 0;
  const Collecting collecting(heap);
  std::erase_if(objects, [&](const Ref<void>& object) {
    if (object == nullptr) return true;
    const Page& page = region.page_of(object.object_);
    return page.heap != &heap || page.is_frozen ||
           !ObjectHeader::of(object.object_)->is_in(generations_up_to(2));
  });
  retire_current_pages(heap);
  Collection collection{
      .heap = heap, .members = set_of(State::kSuspect), .own_references = &objects};
  std::vector<std::pair<ObjectHeader*, State>> before;
  try {
    before.reserve(objects.size());
    select_objects(collection, objects);
    // The list's own references count as references from inside the set.
    for (const Ref<void>& object : objects) {
      --*collection.view.find(object.object_);
    }
    for (const Ref<void>& object : objects) {
      ObjectHeader* const header = ObjectHeader::of(object.object_);
      if (header->state() == State::kSuspect) continue;  // named twice
      before.emplace_back(header, header->state());
      header->set_state(State::kSuspect);
    }
    judge(collection);
    condemn(collection);
  } catch (const std::bad_alloc&) {
    deselect(collection.pages);
    collection.garbage_pages.clear();
    for (const auto& [header, state] : before) header->set_state(state);
    return 0;
  }
  for (const auto& [header, state] : before) {
    if (*collection.view.find_header(header) != kCandidate) header->set_state(state);
  }
  // Who was held by the list alone goes here, by its count; that is no less collected.
  objects.clear();
  std::size_t left = 0;
  for_each_condemned(collection, [&](Page&, ObjectHeader*) { ++left; });
  const std::size_t gone = collection.candidate_count - left;
  if (left > 0) bury_or_pardon(collection);
  deselect(collection.garbage_pages);
  return gone + collection.collected + collection.uncollectable;
}

void destroy_everything(HeapState& heap) noexcept {
  heap.garbage.clear();
  heap.callbacks.clear();
  const Collecting collecting(heap);
  // Destructors may make new objects on the heap that is going.
  while (!heap.pages.empty()) {
    retire_current_pages(heap);
    Collection collection{.heap = heap, .members = kAlive};
    select_everything(collection);
    collection.garbage_pages = collection.pages;
    for (Page* page : collection.pages) {
      for_each_object(*page, page->scan, kAlive, [](ObjectHeader* header) {
        header->set_state(State::kSuspect);
      });
    }
    clear(collection);
    destroy(collection);
  }
}

void collect_because_of_allocation(HeapCore& core) noexcept {
  HeapState& heap = static_cast<HeapState&>(core);
  // CPython's gc_select_generation: the oldest generation whose time has come takes the younger along.
  int generation = 0;
  if (heap.count2 > heap.thresholds[2] && heap.long_lived_pending > heap.long_lived_total / 4) {
    generation = 2;
  } else if (heap.count1 > heap.thresholds[1]) {
    generation = 1;
  }
  collect_generation(heap, generation);
}

}  // namespace ouro::detail
