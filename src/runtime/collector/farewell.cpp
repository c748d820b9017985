// What the user's code sees of garbage before it goes: dead weak references, and finalizers.
#include <unordered_map>

#include "runtime/collector/collection.hpp"
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

bool has_pending_finalizer(const Page& page, const ObjectHeader* header) noexcept {
  return page.type->finalize != nullptr && (header->bits & ObjectHeader::kFinalized) == 0;
}

/// A weak reference that is garbage itself does not call: CPython's rule (gc_weakref.txt).
void silence_weak_references_in_garbage(Collection& collection) {
  std::unordered_map<WeakObject*, std::size_t> holders;
  WeakHolderVisitor visitor(holders);
  for_each_condemned(collection, [&](Page& page, ObjectHeader* header) {
    if (page.type->visit_edges != nullptr) page.type->visit_edges(header->object(), visitor);
  });
  for (const auto& [weak, count] : holders) {
    if (count == weak->handles) weak->callback = nullptr;
  }
}

}  // namespace

void separate_legacy_finalizers(Collection& collection) {
  // Python 2's move_finalizers and move_finalizer_reachable: what a finalizer might still look at lives.
  std::vector<Ref<void>> saved;
  std::vector<void*> stack;
  class Reach final : public EdgeVisitor {
   public:
    Reach(SetView set, std::vector<void*>& stack) : set_(set), stack_(stack) {}
    void reference(Reference& reference) override { push(reference.object_); }
    void push(void* object) {
      if (object == nullptr) return;
      std::uint8_t* refs = set_.find(object);
      if (refs == nullptr || *refs != kCandidate) return;
      *refs = kReached;
      stack_.push_back(object);
    }

   private:
    SetView set_;
    std::vector<void*>& stack_;
  } reach(collection.view, stack);

  for_each_condemned(collection, [&](Page& page, ObjectHeader* header) {
    if (!has_pending_finalizer(page, header)) return;
    add_reference(header->object());
    saved.push_back(Ref<void>::adopt(header->object()));
    reach.push(header->object());
  });
  while (!stack.empty()) {
    void* const object = stack.back();
    stack.pop_back();
    region.page_of(object).type->visit_edges(object, reach);
  }
  pardon_reached(collection);
  collection.uncollectable = saved.size();
  collection.heap.garbage.insert(collection.heap.garbage.end(), saved.begin(), saved.end());
}

void clear_weak_references(Collection& collection) {
  silence_weak_references_in_garbage(collection);
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
    // Held meanwhile: the finalizer may cut the cycle that keeps its own object.
    add_reference(header->object());
    call_finalizer(*page.type, header);
    drop_reference(header->object());
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
