// Runs the phases of a collection in order (collection.hpp), and decides when one is due.
#include "runtime/collector/collection.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

#include "runtime/checked.hpp"
#include "runtime/collector/debug.hpp"
#include "runtime/weak_object.hpp"

namespace ouro::detail {

namespace {

using Clock = std::chrono::steady_clock;

/// The time in which a heap collects: no other collection of it begins, pages that become empty
/// stay.
class Collecting {
 public:
  explicit Collecting(HeapState& heap) noexcept : heap_(heap) {
    heap.is_collecting = true;
    heap.collection_mark = ++running_;
    heap.update_trigger();
  }
  Collecting(const Collecting&) = delete;
  Collecting& operator=(const Collecting&) = delete;
  ~Collecting() {
    --running_;
    heap_.is_collecting = false;
    heap_.update_trigger();
    release_discarded_pages(heap_);
  }

 private:
  /// Collections of this thread, of different heaps, one within the other.
  static inline thread_local std::uint8_t running_ = 0;

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

/// Steps 1 to 5: what is a candidate then is garbage. Throws std::bad_alloc, no object changed.
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
  Collection again(collection.heap, set_of(State::kSuspect));
  again.pages = pages;
  judge(again);
  pardon_reached(collection);
}

/// From garbage to free slots.
void bury(Collection& collection) {
  HeapState& heap = collection.heap;
  if (heap.has_legacy_finalizers && collection.has_finalizers) {
    separate_legacy_finalizers(collection);
  }
  if ((heap.debug & gc::DEBUG_COLLECTABLE) != 0) {
    for_each_condemned(collection, [&](Page&, ObjectHeader* header) {
      report_object(heap, gc::DEBUG_COLLECTABLE, header->object());
    });
  }
  if (collection.has_weak || heap.has_weak_callbacks) clear_weak_references(collection);
  if (collection.has_finalizers && !heap.has_legacy_finalizers) {
    call_finalizers(collection);
    judge_again(collection);
  }
  if ((heap.debug & gc::DEBUG_SAVEALL) != 0) {
    save_all(collection);
    return;
  }
  discard_weak_references(collection);
  collection.members = set_of(State::kSuspect);
  clear(collection);
  destroy(collection);
}

/// The same for garbage that nobody is to be told of: not condemned yet, and there are no weak
/// references, callbacks and finalizers to look for.
void bury_unseen(Collection& collection) noexcept {
  collection.garbage_pages = std::move(collection.pages);
  clear(collection);
  destroy(collection);
}

bool is_seen_by_user(const Collection& collection) noexcept {
  const HeapState& heap = collection.heap;
  return collection.may_have_weak || heap.debug != 0 ||
         std::ranges::any_of(collection.pages, [&](const Page* page) {
           return page->type->finalize != nullptr ||
                  (heap.has_weak_callbacks && page->type->holds_weak);
         });
}

/// Memory ran out: nothing is garbage after all. Each object lives until a later collection.
void pardon_all(Collection& collection) noexcept {
  for_each_condemned(collection,
                     [](Page&, ObjectHeader* header) { header->set_state(State::kGeneration2); });
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

namespace {

enum class Search { kNo, kYes };

std::size_t run_collection(HeapState& heap, int generation, Search search) {
  if (heap.is_collecting) return 0;
  const Collecting collecting(heap);
  gc::CollectionInfo info{.generation = generation};
  call_callbacks(heap, gc::Phase::start, info);
  const auto begin = Clock::now();
  if ((heap.debug & gc::DEBUG_STATS) != 0) report_start(heap, generation);

  checked::before_collection(heap, generation);
  retire_current_pages(heap);
  Collection collection(heap, 0);
  collection.survivors = state_of_generation(generation < 2 ? generation + 1 : 2);
  bool is_judged = false;
  bool is_seen = true;
  try {
    heap.middle.reserve(heap.middle.size() + heap.young.size());
    if (search == Search::kYes) {
      select_pages(collection, generation);
      judge(collection);
      is_seen = is_seen_by_user(collection);
      if (collection.candidate_count > 0 && is_seen) condemn(collection);
      is_judged = true;
    } else {
      promote_unseen(heap, generation);
    }
  } catch (const std::bad_alloc&) {
    // Nothing has been decided; every object stays where it was until the next collection.
    deselect(collection.pages);
    collection.garbage_pages.clear();
  }
  count_collection(heap, generation);
  if (search == Search::kYes) {
    const auto first = heap.may_hold_garbage.begin();
    std::fill(first, first + generation + 1, !is_judged);
  }
  if (is_judged) {
    if (collection.candidate_count == 0) promote_members(collection);
    forget_young_extents(collection, generation);
    if (collection.candidate_count > 0 && !is_seen) bury_unseen(collection);
  }
  if (!collection.garbage_pages.empty() && is_seen) bury_or_pardon(collection);
  deselect(collection.pages);
  if (generation == 1) heap.long_lived_pending += collection.survivor_count;
  if (generation == 2) {
    heap.long_lived_pending = heap.pending_to_look_at = 0;
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

}  // namespace

std::size_t collect_generation(HeapState& heap, int generation) {
  return run_collection(heap, generation, Search::kYes);
}

std::size_t collect_objects(HeapState& heap, std::vector<Ref<void>>&& objects) {
  if (heap.is_collecting) {
    objects.clear();
    return 0;
  }
  const Collecting collecting(heap);
  std::erase_if(objects, [&](const Ref<void>& object) {
    if (object == nullptr) return true;
    const Page& page = region.page_of(object.object_);
    return page.heap != &heap || page.is_frozen ||
           !ObjectHeader::of(object.object_)->is_in(generations_up_to(2));
  });
  retire_current_pages(heap);
  Collection collection(heap, set_of(State::kSuspect));
  collection.own_references = &objects;
  std::vector<std::pair<ObjectHeader*, State>> before;
  try {
    before.reserve(objects.size());
    select_objects(collection, objects);
    // The list's own references count as references from inside the set.
    for (const Ref<void>& object : objects) {
      --collection.view.refs_of(object.object_);
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
    objects.clear();
    return 0;
  }
  for (const auto& [header, state] : before) {
    if (collection.view.refs_of(header) != kCandidate) header->set_state(state);
  }
  // The garbage is given up without a release: user code must not run while it can still reach some
  // through weak references.
  for (Ref<void>& object : objects) {
    ObjectHeader* const header = ObjectHeader::of(object.object_);
    if (header->state() != State::kSuspect) continue;
    if (!header->is_immortal()) --header->count;
    object.object_ = nullptr;
  }
  objects.clear();
  if (!collection.garbage_pages.empty()) bury_or_pardon(collection);
  deselect(collection.garbage_pages);
  return collection.collected + collection.uncollectable;
}

void destroy_everything(HeapState& heap) noexcept {
  heap.garbage.clear();
  heap.callbacks.clear();
  const Collecting collecting(heap);
  // Destructors may make new objects on the heap that is going.
  while (!heap.pages.empty()) {
    retire_current_pages(heap);
    Collection collection(heap, kAlive);
    select_everything(collection);
    collection.garbage_pages = collection.pages;
    // Immortal: an object of another heap that goes with the last reference from here may hold one
    // to an object that is being destroyed, and is not to destroy it once more.
    for (Page* page : collection.pages) {
      for_each_object(*page, page->scan, kAlive, [](ObjectHeader* header) {
        header->set_state(State::kSuspect);
        header->count = ObjectHeader::kImmortal;
      });
    }
    collection.members = set_of(State::kSuspect);
    discard_weak_references(collection);
    clear(collection);
    destroy(collection);
  }
}

namespace {

/// Whether a heap that has nothing to search for has grown so much that it is searched all the
/// same. Most of what came may have gone by its count since: it is looked at, a page at a time,
/// when enough has come for the first time, and again when what is missing has, or a sixteenth.
bool has_grown_fourfold(HeapState& heap) noexcept {
  const std::size_t enough = 3 * heap.long_lived_total + 100'000;
  if (heap.long_lived_pending < std::max(enough, heap.pending_to_look_at)) return false;
  const std::size_t now = count_old(heap);
  const std::size_t growth = now - std::min(now, heap.long_lived_total);
  if (growth >= enough) return true;
  heap.pending_to_look_at = heap.long_lived_pending + std::max(enough - growth, enough / 16);
  return false;
}

bool is_worth_searching(HeapState& heap, int generation) noexcept {
  if (std::exchange(some_count_fell, false)) heap.may_hold_garbage.fill(true);
  // What is under construction stays young, so that it must be found (promote_unseen).
  return heap.is_always_searched || heap.constructing > 0 ||
         heap.may_hold_garbage[static_cast<std::size_t>(generation)];
}

}  // namespace

void collect_because_of_allocation(HeapCore& core) noexcept {
  HeapState& heap = static_cast<HeapState&>(core);
  // A destructor, finalizer or callback that runs because a count reached zero may have been called
  // from the middle of `container.clear()`, when elements are gone that tracing the container would
  // visit.
  if (heap.depth > 0 || heap.is_collecting) return;
  if (heap.is_asked) {
    heap.is_asked = false;
    heap.update_trigger();
    if (heap.answer != nullptr) heap.answer(heap);
    if (heap.count0 <= heap.trigger) return;
  }
  // CPython's gc_select_generation: the oldest generation whose time has come takes the younger
  // along.
  int generation = 0;
  if (heap.count1 > heap.thresholds[1]) generation = 1;
  if (heap.count2 > heap.thresholds[2]) {
    const bool is_due = is_worth_searching(heap, 2)
                            ? heap.long_lived_pending >= heap.long_lived_total / 4
                            : has_grown_fourfold(heap);
    if (is_due) {
      run_collection(heap, 2, Search::kYes);
      return;
    }
  }
  const Search search = is_worth_searching(heap, generation) ? Search::kYes : Search::kNo;
  run_collection(heap, generation, search);
}

}  // namespace ouro::detail
