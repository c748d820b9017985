#include <ouro/gc.hpp>

#include <stdexcept>
#include <string>
#include <unordered_set>

#include <ouro/detail/edge_visitor.hpp>

#include <ouro/base/assert.hpp>
#include "runtime/checked.hpp"
#include "runtime/heap_state.hpp"

namespace ouro {

using detail::current_heap_state;
using detail::for_each_object;
using detail::HeapState;
using detail::ObjectHeader;
using detail::Page;
using detail::region;

namespace {

HeapState& used_heap(const char* action) {
  HeapState& heap = current_heap_state();
  detail::checked::on_heap_use(heap, action);
  return heap;
}

Ref<void> refer_to(void* object) {
  detail::add_reference(object);
  return Ref<void>::adopt(object);
}

}  // namespace

std::string_view type_name(const Ref<void>& ref) noexcept {
  return ref == nullptr ? "None" : region.page_of(ref.object_).type->name;
}

namespace gc {

void enable() noexcept {
  HeapState& heap = current_heap_state();
  heap.is_enabled = true;
  heap.update_trigger();
}

void disable() noexcept {
  HeapState& heap = current_heap_state();
  heap.is_enabled = false;
  heap.update_trigger();
}

bool isenabled() noexcept {
  return current_heap_state().is_enabled;
}

std::size_t collect(int generation) {
  if (generation < 0 || generation > 2) {
    throw std::invalid_argument("ouro::gc::collect: generation " + std::to_string(generation) +
                                ", expected 0, 1 or 2");
  }
  return detail::collect_generation(used_heap("collected"), generation);
}

std::size_t collect(std::vector<Ref<void>>&& objects) {
  return detail::collect_objects(used_heap("collected"), std::move(objects));
}

void set_threshold(std::size_t threshold0) noexcept {
  const auto now = get_threshold();
  set_threshold(threshold0, now[1], now[2]);
}

void set_threshold(std::size_t threshold0, std::size_t threshold1) noexcept {
  set_threshold(threshold0, threshold1, get_threshold()[2]);
}

void set_threshold(std::size_t threshold0, std::size_t threshold1,
                   std::size_t threshold2) noexcept {
  HeapState& heap = current_heap_state();
  heap.thresholds = {threshold0, threshold1, threshold2};
  heap.update_trigger();
}

std::array<std::size_t, 3> get_threshold() noexcept {
  return current_heap_state().thresholds;
}

std::array<std::size_t, 3> get_count() noexcept {
  const HeapState& heap = current_heap_state();
  return {heap.count0, heap.count1, heap.count2};
}

std::array<GenerationStats, 3> get_stats() noexcept {
  return current_heap_state().stats;
}

void set_debug(unsigned flags) noexcept {
  current_heap_state().debug = flags;
}
unsigned get_debug() noexcept {
  return current_heap_state().debug;
}
void set_debug_stream(std::ostream& stream) noexcept {
  current_heap_state().debug_stream = &stream;
}

std::vector<Ref<void>>& garbage() noexcept {
  return current_heap_state().garbage;
}
std::vector<Callback>& callbacks() noexcept {
  return current_heap_state().callbacks;
}

void freeze() {
  HeapState& heap = used_heap("frozen");
  detail::retire_current_pages(heap);
  for (Page* page : heap.pages) {
    if (!page->is_traced) continue;
    detail::unlink_partial(heap, *page);
    page->is_frozen = true;
    page->watched_used = 0;
    page->young = page->middle = {};
    page->is_stale = true;
  }
  heap.young.clear();
  heap.middle.clear();
  heap.count0 = 0;
  heap.count1 = heap.count2 = 0;
}

void unfreeze() {
  HeapState& heap = used_heap("unfrozen");
  for (Page* page : heap.pages) {
    if (!page->is_frozen) continue;
    page->is_frozen = false;
    for_each_object(*page, page->whole(), detail::generations_up_to(1),
                    [](ObjectHeader* header) { header->set_state(detail::State::kGeneration2); });
    detail::reopen_page(heap, *page);
  }
  heap.may_hold_garbage.fill(true);  // collections did not search them
}

std::size_t get_freeze_count() noexcept {
  std::size_t count = 0;
  for (const Page* page : current_heap_state().pages) {
    if (page->is_frozen) count += page->used_slots;
  }
  return count;
}

namespace {

std::vector<Ref<void>> objects_in(HeapState& heap, detail::StateSet wanted) {
  std::vector<void*> found;
  for (Page* page : heap.pages) {
    if (!page->is_traced || page->is_frozen) continue;
    for_each_object(*page, page->whole(), detail::generations_up_to(2), [&](ObjectHeader* header) {
      const detail::State state =
          detail::state_now(*page, page->offset_of(header), header->state());
      const bool is_wanted = (wanted & detail::set_of(state)) != 0;
      if (is_wanted && !detail::is_doomed(heap, header)) found.push_back(header->object());
    });
  }
  std::vector<Ref<void>> objects;
  objects.reserve(found.size());
  for (void* object : found) objects.push_back(refer_to(object));
  return objects;
}

/// Collects what an object refers to.
class ReferentVisitor final : public detail::EdgeVisitor {
 public:
  explicit ReferentVisitor(std::vector<Ref<void>>& referents) : referents_(referents) {}
  void reference(detail::Reference& reference) override {
    if (reference.object_ != nullptr) referents_.push_back(refer_to(reference.object_));
  }

 private:
  std::vector<Ref<void>>& referents_;
};

/// Looks for any of a few targets.
class TargetVisitor final : public detail::EdgeVisitor {
 public:
  explicit TargetVisitor(std::unordered_set<const void*> targets) : targets_(std::move(targets)) {}
  void reference(detail::Reference& reference) override {
    is_found = is_found || targets_.contains(reference.object_);
  }
  bool is_found = false;

 private:
  std::unordered_set<const void*> targets_;
};

}  // namespace

std::vector<Ref<void>> get_objects() {
  return objects_in(used_heap("looked at"), detail::generations_up_to(2));
}

std::vector<Ref<void>> get_objects(int generation) {
  OURO_ASSERT(generation >= 0 && generation <= 2,
              "gc::get_objects is given a generation from 0 to 2");
  return objects_in(used_heap("looked at"), set_of(detail::state_of_generation(generation)));
}

std::vector<Ref<void>> get_referrers(std::span<const Ref<void>> objects) {
  HeapState& heap = used_heap("looked at");
  std::unordered_set<const void*> targets;
  for (const Ref<void>& object : objects) {
    if (object != nullptr) targets.insert(object.object_);
  }
  TargetVisitor visitor(std::move(targets));
  std::vector<Ref<void>> referrers;
  for (Page* page : heap.pages) {
    if (!page->is_traced) continue;
    for_each_object(*page, page->whole(), detail::kTracked, [&](ObjectHeader* header) {
      if (detail::is_doomed(heap, header)) return;
      visitor.is_found = false;
      page->type->visit_edges(header->object(), visitor);
      if (visitor.is_found) referrers.push_back(refer_to(header->object()));
    });
  }
  return referrers;
}

std::vector<Ref<void>> get_referents(std::span<const Ref<void>> objects) {
  std::vector<Ref<void>> referents;
  ReferentVisitor visitor(referents);
  for (const Ref<void>& object : objects) {
    if (object == nullptr) continue;
    const Page& page = region.page_of(object.object_);
    if (page.type->visit_edges != nullptr) page.type->visit_edges(object.object_, visitor);
  }
  return referents;
}

bool is_tracked(const Ref<void>& object) noexcept {
  return object != nullptr && ObjectHeader::of(object.object_)->is_in(detail::kTracked);
}

bool is_finalized(const Ref<void>& object) noexcept {
  return object != nullptr &&
         (ObjectHeader::of(object.object_)->bits & ObjectHeader::kFinalized) != 0;
}

}  // namespace gc
}  // namespace ouro
