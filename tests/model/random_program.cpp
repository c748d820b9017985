#include "model/random_program.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "model/scopes.hpp"

namespace ouro::model {

namespace {

thread_local RandomProgram* current = nullptr;

}  // namespace

namespace events {
void constructing(NodeId id, void* object) {
  current->constructing(id, object);
}
void finalizing(NodeId id) {
  current->finalizing(id);
}
void destroying(NodeId id) noexcept {
  current->destroying(id);
}
void destroyed(NodeId id) noexcept {
  current->destroyed(id);
}
}  // namespace events

void install_unraisable_hook() {
  set_unraisable_hook([](std::string_view where, std::string_view what) {
    if (current != nullptr) return current->unraisable();
    std::fprintf(stderr, "unexpected exception in %.*s: %.*s\n", static_cast<int>(where.size()),
                 where.data(), static_cast<int>(what.size()), what.data());
    std::abort();
  });
}

std::size_t run_random_program(const Plan& plan) {
  RandomProgram program(plan);
  program.run(plan.operations);
  program.finish();
  return program.operations();
}

RandomProgram::RandomProgram(const Plan& plan)
    : plan_(plan), random_(plan.seed), model_(plan.heaps), objects_(1), busy_(1) {
  for (std::size_t at = 0; at < plan.heaps; ++at) {
    heaps_.push_back(plan.uses_thread_heap ? nullptr : std::make_unique<Heap>());
    const InHeap scope(*this, at);
    gc::callbacks().push_back([this, at](gc::Phase phase, const gc::CollectionInfo& info) {
      collecting(at, phase, info);
    });
    set_legacy_finalizers(plan.has_legacy_finalizers);
    model_.heaps[at].has_legacy_finalizers = plan.has_legacy_finalizers;
    gc::set_threshold(50, 3, 3);
    model_.heaps[at].thresholds = {50, 3, 3};
  }
  current = this;
}

RandomProgram::~RandomProgram() {
  current = nullptr;
}

void RandomProgram::give() {
  for (const std::unique_ptr<Heap>& heap : heaps_) heap->give();
  current = nullptr;
}

void RandomProgram::take() {
  for (const std::unique_ptr<Heap>& heap : heaps_) heap->take();
  current = this;
}

void RandomProgram::run(std::size_t operations) {
  for (const std::size_t end = operations_ + operations; operations_ < end;) {
    const InHeap scope(*this, random_.below(heaps_.size()));
    step();
    finish_operation();
    if (random_.once_in(150)) check_everything();
  }
}

// ---- the end --------------------------------------------------------------------------------

void RandomProgram::finish() {
  is_ending_ = true;
  drop_all_roots();
  if (random_.once_in(2)) {
    while (!weak_.empty()) drop_weak();
  }
  cut_between_heaps();
  // A heap may also go while it is full.
  const bool empties_first = plan_.uses_thread_heap || !random_.once_in(4);
  for (std::size_t at = 0; at < heaps_.size(); ++at) {
    if (empties_first) empty_heap(at);
    if (heaps_[at] != nullptr) destroy_heap(at);
  }
  require(model_.living == 0, "nothing is left once all is dropped");
}

void RandomProgram::drop_all_roots() {
  const InHeap scope(*this, 0);
  while (!roots_.empty()) drop_root(roots_.size() - 1);
  finish_operation();
}

/// References between heaps keep cycles alive that no collection of one heap finds.
void RandomProgram::cut_between_heaps() {
  const InHeap scope(*this, 0);
  for (NodeId id = 1; id < model_.nodes.size(); ++id) {
    for (std::size_t slot = 0; slot < model_.nodes[id].edges.size(); ++slot) {
      if (model_.nodes[id].life != Life::kAlive) break;
      const NodeId to = model_.nodes[id].edges[slot];
      if (to == kNone || model_.nodes[to].heap == model_.nodes[id].heap) continue;
      set(id, slot, kNobody);
      finish_operation();
    }
  }
}

void RandomProgram::empty_heap(std::size_t heap) {
  const InHeap scope(*this, heap);
  if (model_.heaps[heap].saves_all) toggle_saving();
  set_legacy_finalizers(model_.heaps[heap].has_legacy_finalizers = false);
  unfreeze();
  // Twice more, since finalizers and gc::garbage may have brought objects back.
  for (int times = 0; times < 3; ++times) {
    drop_garbage();
    collect(2);
    finish_operation();
  }
  require(object_count() == 0, "nothing is left once all is dropped");
  gc::callbacks().clear();
}

void RandomProgram::destroy_heap(std::size_t heap) {
  model_.heaps[heap].expected = 2;
  model_.heaps[heap].is_torn_down = true;
  {
    const InHeap scope(*this, heap);
    if (model_.heaps[heap].saves_all) toggle_saving();
    drop_garbage();
  }
  heaps_[heap].reset();
  model_.look_further();
  require(model_.doomed == 0, "a heap that goes destroys all its objects");
}

// ---- events ---------------------------------------------------------------------------------

void RandomProgram::constructing(NodeId id, void* object) {
  objects_[id] = object;
  model_.nodes[id].life = Life::kConstructing;
  model_.nodes[id].edges.resize(2, kNone);
  ++constructions_;
  for (std::size_t slot = 0; slot < 2; ++slot) {
    if (random_.once_in(3)) continue;
    const std::uint8_t shape = random_.once_in(2) ? kPair : kPhoenix;
    Any child = make(shape);
    const NodeId child_id = next_id_;
    model_.nodes[id].edges[slot] = child_id;
    static_cast<Builder*>(object)->set(slot, std::move(child));
  }
  --constructions_;
  if (!random_.once_in(4)) return;
  is_throwing_ = true;
  throw std::runtime_error("a constructor throws");
}

void RandomProgram::finalizing(NodeId id) {
  say("  finalizer", id);
  require(model_.may_finalize(id), "a finalizer runs once, on garbage or at a count of zero", id);
  Node& node = model_.nodes[id];
  const bool by_count = node.count == 0 && !node.is_given;
  const std::size_t heap = node.heap;
  node.is_finalized = node.is_finalizing = true;
  if (by_count) ++model_.heaps[heap].releases;
  ++events_;
  if (!is_ending_) step_in_event(id);
  --events_;
  if (by_count) --model_.heaps[heap].releases;
  model_.nodes[id].is_finalizing = false;
  if (model_.nodes[id].count > 0) model_.nodes[id].is_given = false;
  if (is_ending_ || !random_.once_in(10)) return;
  ++thrown_;
  throw std::runtime_error("a finalizer throws");
}

void RandomProgram::unraisable() {
  require(thrown_ > 0, "what a finalizer throws is reported");
  --thrown_;
}

void RandomProgram::destroying(NodeId id) {
  say("  destructor", id);
  Node& node = model_.nodes[id];
  if (node.life == Life::kConstructing) {
    require(is_throwing_, "an object under construction is not destroyed", id);
    model_.begin_destruction(id, false);
    return;
  }
  require(model_.may_destroy(id), "only garbage is destroyed", id);
  const bool by_count = node.life == Life::kAlive;
  if (by_count) {
    require(!model_.has_pending(id), "callbacks run before the destructor", id);
    model_.kill_weak(id, true);
    require(!model_.has_pending(id), "a callback is called when its object dies", id);
  }
  check_fields_of_dying(id);
  model_.begin_destruction(id, by_count);
  if (is_ending_ || !random_.once_in(20)) return;
  ++events_;
  step_in_event(kNobody);
  --events_;
}

void RandomProgram::destroyed(NodeId id) {
  model_.removed(id);
}

void RandomProgram::called(WeakId id, const WeakRef<void>& weak) {
  say("  callback", id);
  const NodeId target = model_.weaks[id].last_target;
  require(model_.may_call(id), "a callback is called once, when its object dies, the newest first",
          target);
  require(weak.expired(), "a weak reference is dead when its callback is called", target);
  const std::size_t heap = model_.nodes[target].heap;
  const bool by_count = !model_.nodes[target].is_condemned;
  if (by_count) ++model_.heaps[heap].releases;
  ++events_;
  if (!is_ending_) step_in_event(kNobody);
  --events_;
  if (by_count) --model_.heaps[heap].releases;
}

void RandomProgram::collecting(std::size_t heap_index, gc::Phase phase,
                               const gc::CollectionInfo& info) {
  HeapModel& heap = model_.heaps[heap_index];
  if (phase == gc::Phase::start) {
    say("  collection starts", heap_index, static_cast<std::size_t>(info.generation));
    require(heap.expected == info.generation, "a collection starts when it should");
    heap.expected.reset();
    model_.begin_collection(heap_index, info.generation);
    return;
  }
  say("  collection stops", heap_index, info.collected, info.candidates);
  model_.end_collection(heap_index, info.generation);
  require(model_.doomed == 0, "all garbage is destroyed");
  require(info.collected == heap.collected, "collected is the number of garbage objects");
  require(info.uncollectable == heap.uncollectable, "uncollectable is what went to gc::garbage");
  // On a thread's own heap an automatic collection may look at nothing if nothing can be garbage.
  const bool is_skipped = plan_.uses_thread_heap && info.candidates == 0 && heap.collected == 0;
  require(info.candidates == heap.candidates || is_skipped,
          "exactly the generations collected are looked at");
  if (!heap.is_torn_down) return;
  for (const NodeId id : std::exchange(heap.garbage, {})) model_.release(id);
}

// ---- pieces ---------------------------------------------------------------------------------

Any RandomProgram::make(std::uint8_t shape_index) {
  const Shape& shape = shapes()[shape_index];
  const NodeId id = model_.add(shape_index, static_cast<std::uint8_t>(heap_), shape.is_tracked,
                               shape.has_finalizer);
  model_.nodes[id].is_quiet = shape.is_quiet;
  objects_.resize(model_.nodes.size());
  busy_.resize(model_.nodes.size());
  say("make", id, shape_index, heap_);
  HeapModel& heap = model_.heaps[heap_];
  if (shape.is_tracked) {
    ++heap.counts[0];
    heap.expected = model_.due(heap_);
  }
  ++operations_;
  Any made;
  try {
    made = shape.make(id);
  } catch (const std::runtime_error&) {
    say("  the constructor threw", id);
    is_throwing_ = false;
    if (heap.counts[0] > 0) --heap.counts[0];
    next_id_ = kNobody;
    return nullptr;
  }
  require(!heap.expected.has_value(), "an automatic collection starts when it is due", id);
  objects_[id] = made.get();
  model_.constructed(id, shape.size(made.get()));
  next_id_ = id;
  return made;
}

Any RandomProgram::refer_to(NodeId id) {
  if (id == kNobody) return nullptr;
  detail::add_reference(objects_[id]);
  return Any::adopt(objects_[id]);
}

/// `ref` becomes a root; its count is the model's already.
void RandomProgram::add_root(Any ref, NodeId id) {
  roots_.push_back(std::move(ref));
  model_.roots.push_back(id);
}

void RandomProgram::set(NodeId from, std::size_t slot, NodeId to) {
  const Hold hold(*this, from);
  say("set", from, slot, to);
  ++operations_;
  busy_[from] = 1;
  model_.set_edge(from, slot, to);
  shapes()[model_.nodes[from].shape].set(objects_[from], slot, refer_to(to));
  busy_[from] = 0;
}

std::uint8_t RandomProgram::any_shape() {
  if (plan_.has_quiet && random_.once_in(2)) return random_.once_in(8) ? kQuietLeaf : kQuiet;
  static const std::size_t total = [] {
    std::size_t sum = 0;
    for (const Shape& shape : shapes()) sum += shape.frequency;
    return sum;
  }();
  std::size_t at = random_.below(total);
  std::uint8_t index = 0;
  while (at >= shapes()[index].frequency) at -= shapes()[index++].frequency;
  return index;
}

/// A node that roots lead to, some steps away from one; kNobody if there are none.
NodeId RandomProgram::any_node() {
  if (model_.roots.empty()) return kNobody;
  NodeId id = model_.roots[random_.below(model_.roots.size())];
  for (std::size_t steps = random_.below(6); steps > 0; --steps) {
    const std::vector<NodeId>& edges = model_.nodes[id].edges;
    if (edges.empty()) break;
    const NodeId next = edges[random_.below(edges.size())];
    if (next != kNone) id = next;
  }
  return id;
}

/// The same, with slots that may be changed now.
NodeId RandomProgram::any_node_with_slots() {
  const NodeId id = any_node();
  if (id == kNobody || busy_[id] != 0 || model_.nodes[id].edges.empty()) return kNobody;
  return id;
}

/// In an event only where no collection would start: the model knows the graph between operations,
/// not in the middle of dropping a container.
bool RandomProgram::may_allocate() const {
  if (events_ == 0) return true;
  // The model lets quiet objects die a little early, which must not change the counts.
  if (plan_.has_quiet) return false;
  Model& model = const_cast<Model&>(model_);
  ++model.heaps[heap_].counts[0];
  const bool is_due = model.due(heap_).has_value();
  --model.heaps[heap_].counts[0];
  return !is_due;
}

/// While no container is half dropped, and no garbage either, that the model would know of.
bool RandomProgram::may_collect_in_event() const {
  const auto is_dropping = [](const HeapModel& heap) {
    return heap.is_collecting && heap.is_judged;
  };
  return !plan_.has_quiet && clears_ == 0 && model_.dying == 0 &&
         std::none_of(model_.heaps.begin(), model_.heaps.end(), is_dropping);
}

}  // namespace ouro::model
