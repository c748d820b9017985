// What the user's code sees of garbage before it goes: dead weak references, and finalizers.
#include <functional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/collector/collection.hpp"
#include "runtime/collector/debug.hpp"
#include "runtime/weak_object.hpp"

namespace ouro::detail {

namespace {

/// Counts, for weak references with a callback, how many of their holders are garbage themselves.
class WeakHolderVisitor final : public EdgeVisitor {
 public:
  explicit WeakHolderVisitor(std::unordered_map<WeakObject*, std::size_t>& holders)
      : holders_(holders) {}
  void reference(Reference&) override {}
  void weak(WeakReference& reference) override {
    if (reference.weak_ != nullptr && reference.weak_->callback) ++holders_[reference.weak_];
  }

 private:
  std::unordered_map<WeakObject*, std::size_t>& holders_;
};

using WeakCallback = std::function<void(const WeakReference&)>;

bool has_pending_finalizer(const Page& page, const ObjectHeader* header) noexcept {
  return page.type->finalize != nullptr && (header->bits & ObjectHeader::kFinalized) == 0;
}

/// A weak reference that is garbage itself does not call: CPython's rule (gc_weakref.txt). That
/// goes also for one to an object that is no garbage, but dies with it: the callback would meet the
/// garbage's ruins. Returns the callbacks: what they capture may run user code when it goes, which
/// must not happen while garbage can be reached through weak references.
std::vector<WeakCallback> silence_weak_references_in_garbage(Collection& collection) {
  std::unordered_map<WeakObject*, std::size_t> holders;
  WeakHolderVisitor visitor(holders);
  for_each_condemned(collection, [&](Page& page, ObjectHeader* header) {
    if (page.type->holds_weak) page.type->visit_edges(header->object(), visitor);
  });
  std::vector<WeakCallback> silenced;
  silenced.reserve(holders.size());
  for (const auto& [weak, count] : holders) {
    if (count == weak->handles) silenced.push_back(std::exchange(weak->callback, nullptr));
  }
  return silenced;
}

}  // namespace

void separate_legacy_finalizers(Collection& collection) {
  // Python 2's move_finalizers and move_finalizer_reachable: what a finalizer might still look at
  // lives.
  std::vector<void*> stack;
  class Reach final : public EdgeVisitor {
   public:
    Reach(SetView set, std::vector<void*>& stack) : set_(set), stack_(stack) {}
    void reference(Reference& reference) override { push(reference.object_); }
    void push(void* object) {
      if (object == nullptr || !set_.is_candidate(object)) return;
      set_.refs_of(object) = kReached;
      stack_.push_back(object);
    }

   private:
    SetView set_;
    std::vector<void*>& stack_;
  } reach(collection.view, stack);

  for_each_condemned(collection, [&](Page& page, ObjectHeader* header) {
    if (has_pending_finalizer(page, header)) reach.push(header->object());
  });
  while (!stack.empty()) {
    void* const object = stack.back();
    stack.pop_back();
    region.page_of(object).type->visit_edges(object, reach);
  }
  // All of them count as uncollectable; only those that are the reason are saved.
  const bool saves_all = (collection.heap.debug & gc::DEBUG_SAVEALL) != 0;
  std::vector<Ref<void>> saved;
  for_each_condemned(collection, [&](Page& page, ObjectHeader* header) {
    if (collection.view.refs_of(header) == kCandidate) return;
    ++collection.uncollectable;
    report_object(collection.heap, gc::DEBUG_UNCOLLECTABLE, header->object());
    if (!saves_all && !has_pending_finalizer(page, header)) return;
    add_reference(header->object());
    saved.push_back(Ref<void>::adopt(header->object()));
  });
  pardon_reached(collection);
  collection.heap.garbage.insert(collection.heap.garbage.end(), saved.begin(), saved.end());
}

void clear_weak_references(Collection& collection) {
  const std::vector<WeakCallback> silenced = silence_weak_references_in_garbage(collection);
  // All die before the first callback runs: a callback must not reach garbage through another one.
  WeakCallbacks callbacks;
  for_each_condemned(collection, [&](Page&, ObjectHeader* header) {
    if ((header->bits & ObjectHeader::kHasWeak) != 0) {
      detach_weak_references(collection.heap, header, callbacks);
    }
  });
  callbacks.run();
}

void call_finalizers(Collection& collection) noexcept {
  for_each_condemned(collection, [&](Page& page, ObjectHeader* header) {
    if (!has_pending_finalizer(page, header)) return;
    // Held meanwhile: the finalizer may cut the cycle that keeps its own object. One that nothing
    // holds (collect_objects) goes with the rest of the garbage.
    const bool was_held = header->count > 0;
    if (was_held) {
      add_reference(header->object());
      call_finalizer(*page.type, header);
      drop_reference(header->object());
    } else {
      ++header->count;
      call_finalizer(*page.type, header);
      --header->count;
    }
  });
}

void save_all(Collection& collection) {
  std::vector<Ref<void>>& garbage = collection.heap.garbage;
  for_each_condemned(collection, [&](Page&, ObjectHeader* header) {
    header->set_state(State::kGeneration2);
    add_reference(header->object());
    garbage.push_back(Ref<void>::adopt(header->object()));
    ++collection.collected;
  });
}

}  // namespace ouro::detail
