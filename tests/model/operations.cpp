// The operations a random program chooses from.
#include <algorithm>
#include <utility>

#include "model/random_program.hpp"
#include "model/scopes.hpp"

namespace ouro::model {

void RandomProgram::step() {
  ++operations_;
  // More than wanted live: drop roots until it is mended.
  if (model_.living > plan_.living && !roots_.empty() && random_.once_in(2)) {
    drop_root(random_.below(roots_.size()));
    return;
  }
  const std::size_t choice = random_.below(1000);
  choice < 960 ? step_on_graph(choice) : step_on_collector(choice - 960);
}

void RandomProgram::step_on_graph(std::size_t choice) {
  if (choice < 230) return allocate();
  if (choice < 480) return link();
  if (choice < 560) return unlink();
  if (choice < 600) return move();
  if (choice < 620) return move_root();
  if (choice < 660) return grow();
  if (choice < 680) return shrink();
  if (choice < 690) return clear();
  if (choice < 740) return root_again();
  if (choice < 830) {
    if (!roots_.empty()) drop_root(random_.below(roots_.size()));
    return;
  }
  if (choice < 880) return make_weak(any_node());
  if (choice < 900) return copy_weak();
  if (choice < 930) return drop_weak();
  return lock_weak();
}

void RandomProgram::step_on_collector(std::size_t choice) {
  if (choice < 20) return collect(static_cast<int>(random_.below(3)));
  if (choice < 27) return collect_some();
  if (choice < 29) return random_.once_in(3) ? freeze() : unfreeze();
  if (choice < 31) return set_thresholds();
  if (choice < 33) return drop_garbage();
  if (choice < 34 && plan_.saves_all) return toggle_saving();
  if (choice < 40 && plan_.has_structures && random_.once_in(20)) {
    return random_.once_in(2) ? build_chain() : build_hub();
  }
}

/// What finalizers, callbacks and destructors do. `self` is the object being finalized, if any.
void RandomProgram::step_in_event(NodeId self) {
  const auto any_slot = [&] { return random_.below(model_.nodes[self].edges.size()); };
  const bool has_slots = self != kNobody && !model_.nodes[self].edges.empty() && busy_[self] == 0;
  for (std::size_t steps = random_.below(3); steps > 0; --steps) {
    ++operations_;
    switch (random_.below(self == kNobody ? 7 : 13)) {
      case 0:
        if (may_allocate()) allocate();
        break;
      case 12:
        collect_in_event();
        break;
      case 1:
        link();
        break;
      case 2:
        if (!roots_.empty()) drop_root(random_.below(roots_.size()));
        break;
      case 3:
        lock_weak();
        break;
      case 4:
        drop_weak();
        break;
      case 5:
        make_weak(any_node());
        break;
      case 6:
        move();
        break;
      case 7:  // resurrection
        model_.retain(self);
        add_root(refer_to(self), self);
        break;
      case 8: {  // resurrection by the live graph
        const NodeId from = any_node_with_slots();
        if (from != kNobody) set(from, random_.below(model_.nodes[from].edges.size()), self);
        break;
      }
      case 9:  // the cycle is cut, or made longer
        if (has_slots) set(self, any_slot(), random_.once_in(2) ? any_node() : kNobody);
        break;
      case 10: {  // another piece of the garbage is brought back
        const NodeId to = has_slots ? model_.nodes[self].edges[any_slot()] : kNobody;
        if (to == kNobody) break;
        model_.retain(to);
        add_root(refer_to(to), to);
        break;
      }
      default:
        make_weak(self);
        break;
    }
  }
}

// ---- the graph ------------------------------------------------------------------------------

void RandomProgram::allocate() {
  std::uint8_t shape = any_shape();
  if (events_ > 0 && shape == kBuilder) shape = kPair;
  Any made = make(shape);
  const NodeId id = next_id_;
  if (made == nullptr) return;
  const NodeId from = random_.once_in(2) ? any_node_with_slots() : kNobody;
  add_root(std::move(made), id);
  if (from == kNobody) return;
  set(from, random_.below(model_.nodes[from].edges.size()), id);
  // Events may have moved or dropped the root.
  const auto root = std::find(model_.roots.rbegin(), model_.roots.rend(), id);
  if (root != model_.roots.rend()) {
    drop_root(static_cast<std::size_t>(model_.roots.rend() - root) - 1);
  }
}

void RandomProgram::link() {
  const NodeId from = any_node_with_slots();
  if (from != kNobody) set(from, random_.below(model_.nodes[from].edges.size()), any_node());
}

void RandomProgram::unlink() {
  const NodeId from = any_node_with_slots();
  if (from != kNobody) set(from, random_.below(model_.nodes[from].edges.size()), kNobody);
}

void RandomProgram::move() {
  const NodeId from = any_node_with_slots();
  const NodeId to = any_node_with_slots();
  if (from == kNobody || to == kNobody) return;
  const Hold hold_from(*this, from);
  const Hold hold_to(*this, to);
  const std::size_t from_slot = random_.below(model_.nodes[from].edges.size());
  const std::size_t to_slot = random_.below(model_.nodes[to].edges.size());
  say("move from", from, from_slot);
  say("  to", to, to_slot);
  busy_[from] = busy_[to] = 1;
  Any moved = shapes()[model_.nodes[from].shape].take(objects_[from], from_slot);
  const NodeId what = std::exchange(model_.nodes[from].edges[from_slot], kNone);
  model_.release(std::exchange(model_.nodes[to].edges[to_slot], what));
  shapes()[model_.nodes[to].shape].set(objects_[to], to_slot, std::move(moved));
  busy_[from] = busy_[to] = 0;
}

/// A root becomes a field: so a cycle can become garbage without any count falling.
void RandomProgram::move_root() {
  const NodeId from = any_node_with_slots();
  if (from == kNobody) return;
  const Hold hold(*this, from);
  const std::size_t index = random_.below(roots_.size());
  const std::size_t slot = random_.below(model_.nodes[from].edges.size());
  const NodeId id = model_.roots[index];
  say("move root", from, slot, id);
  std::swap(model_.roots[index], model_.roots.back());
  model_.roots.pop_back();
  std::swap(roots_[index], roots_.back());
  Any moved = std::move(roots_.back());
  roots_.pop_back();
  busy_[from] = 1;
  model_.release(std::exchange(model_.nodes[from].edges[slot], id));
  shapes()[model_.nodes[from].shape].set(objects_[from], slot, std::move(moved));
  busy_[from] = 0;
}

void RandomProgram::grow() {
  const NodeId from = any_node();
  const NodeId to = any_node();
  if (from == kNobody || busy_[from] != 0) return;
  const Shape& shape = shapes()[model_.nodes[from].shape];
  if (shape.grow == nullptr || model_.nodes[from].edges.size() > 30) return;
  say("grow", from, to);
  model_.retain(to);
  model_.nodes[from].edges.push_back(to);
  shape.grow(objects_[from], refer_to(to));
}

void RandomProgram::shrink() {
  const NodeId from = any_node_with_slots();
  if (from == kNobody || shapes()[model_.nodes[from].shape].shrink == nullptr) return;
  const Hold hold(*this, from);
  say("shrink", from);
  busy_[from] = 1;
  model_.release(model_.nodes[from].edges.back());
  model_.nodes[from].edges.pop_back();
  shapes()[model_.nodes[from].shape].shrink(objects_[from]);
  busy_[from] = 0;
}

void RandomProgram::clear() {
  const NodeId from = any_node_with_slots();
  if (from == kNobody || shapes()[model_.nodes[from].shape].clear == nullptr) return;
  const Hold hold(*this, from);
  say("clear", from);
  busy_[from] = 1;
  ++clears_;
  model_.drop_edges(from);
  shapes()[model_.nodes[from].shape].clear(objects_[from]);
  model_.nodes[from].edges.resize(shapes()[model_.nodes[from].shape].size(objects_[from]));
  --clears_;
  busy_[from] = 0;
}

void RandomProgram::root_again() {
  const NodeId id = any_node();
  if (id == kNobody) return;
  say("root", id);
  model_.retain(id);
  add_root(refer_to(id), id);
}

void RandomProgram::drop_root(std::size_t index) {
  const NodeId id = model_.roots[index];
  say("drop root", id);
  ++operations_;
  std::swap(model_.roots[index], model_.roots.back());
  model_.roots.pop_back();
  model_.release(id);
  const Any dropped = std::exchange(roots_[index], std::move(roots_.back()));
  roots_.pop_back();
}

// ---- weak references ------------------------------------------------------------------------

void RandomProgram::make_weak(NodeId target) {
  if (target == kNobody) return;
  // A quiet object's death is not an event, so the model would not know when its callbacks may run.
  const bool has_callback = random_.once_in(2) && !model_.nodes[target].is_quiet;
  const WeakId id = model_.make_weak(target, has_callback);
  say("weak reference", id, target, has_callback);
  const Any ref = refer_to(target);
  WeakRef<void> weak;
  if (has_callback) {
    weak = WeakRef<void>(ref, [this, id](const WeakRef<void>& dead) { called(id, dead); });
  } else {
    weak = WeakRef<void>(ref);
  }
  const NodeId holder = any_node();
  if (holder != kNobody && shapes()[model_.nodes[holder].shape].weak != nullptr) {
    model_.drop_weak_handle(std::exchange(model_.nodes[holder].watched, id));
    shapes()[model_.nodes[holder].shape].weak(objects_[holder]) = std::move(weak);
  } else {
    weak_.push_back({std::move(weak), id});
  }
}

void RandomProgram::copy_weak() {
  if (weak_.empty()) return;
  const std::size_t at = random_.below(weak_.size());
  ++model_.weaks[weak_[at].id].handles;
  say("copy weak", weak_[at].id);
  weak_.push_back({weak_[at].real, weak_[at].id});
}

void RandomProgram::drop_weak() {
  if (weak_.empty()) return;
  const std::size_t at = random_.below(weak_.size());
  say("drop weak", weak_[at].id);
  model_.drop_weak_handle(weak_[at].id);
  std::swap(weak_[at], weak_.back());
  weak_.pop_back();
}

void RandomProgram::lock_weak() {
  if (weak_.empty()) return;
  const std::size_t at = random_.below(weak_.size());
  const NodeId target = model_.weaks[weak_[at].id].target;
  // About to die: whether that has happened yet is between the destructor that runs and its
  // members.
  if (target != kNone && model_.nodes[target].count == 0) return;
  Any locked = weak_[at].real.lock();
  say("lock", weak_[at].id, target);
  require(locked.get() == (target == kNone ? nullptr : objects_[target]),
          "a weak reference is dead exactly when its object is", target);
  if (target == kNone || random_.once_in(2)) return;
  model_.retain(target);
  add_root(std::move(locked), target);
}

// ---- the collector --------------------------------------------------------------------------

void RandomProgram::collect(int generation) {
  HeapModel& heap = model_.heaps[heap_];
  say("collect", static_cast<std::size_t>(generation));
  ++operations_;
  heap.expected = generation;
  const std::size_t found = gc::collect(generation);
  require(!heap.expected.has_value(), "gc::collect collects");
  require(found == heap.collected + heap.uncollectable, "gc::collect returns what it found");
}

/// A collection within an event: of the heap that collects, nothing; of another heap, all of it.
void RandomProgram::collect_in_event() {
  const InHeap scope(*this, random_.below(heaps_.size()));
  const int generation = static_cast<int>(random_.below(3));
  if (model_.heaps[heap_].is_collecting) {
    require(gc::collect(generation) == 0, "a collection within one of the same heap does nothing");
  } else if (may_collect_in_event()) {
    collect(generation);
  }
}

void RandomProgram::collect_some() {
  std::vector<NodeId> chosen;
  std::vector<Any> objects;
  say("collect some", heap_);
  for (NodeId id = 1; id < model_.nodes.size(); ++id) {
    if (model_.nodes[id].life != Life::kAlive || !random_.once_in(2)) continue;
    for (std::size_t times = 1 + random_.once_in(10); times > 0; --times) {
      chosen.push_back(id);
      objects.push_back(refer_to(id));
    }
  }
  // Some roots are given to the call: it is what held the object, perhaps all that did.
  std::vector<NodeId> given;
  for (std::size_t times = random_.below(4); times > 0 && !roots_.empty(); --times) {
    const std::size_t at = random_.below(roots_.size());
    const NodeId id = model_.roots[at];
    const Node& node = model_.nodes[id];
    if (node.heap != heap_ || !node.is_tracked || node.is_frozen) continue;
    say("  gives up root", id);
    std::swap(model_.roots[at], model_.roots.back());
    std::swap(roots_[at], roots_.back());
    chosen.push_back(id);
    given.push_back(id);
    objects.push_back(std::move(roots_.back()));
    model_.roots.pop_back();
    roots_.pop_back();
  }
  model_.begin_collection_of(heap_, chosen, given);
  const std::size_t found = gc::collect(std::move(objects));
  model_.end_collection(heap_, -1);
  require(model_.doomed == 0, "all garbage in the set is destroyed");
  const HeapModel& heap = model_.heaps[heap_];
  require(found == heap.collected + heap.uncollectable,
          "gc::collect returns what it found in a set");
}

void RandomProgram::freeze() {
  say("freeze", heap_);
  for (Node& node : model_.nodes) {
    if (node.life == Life::kAlive && node.heap == heap_ && node.is_tracked) node.is_frozen = true;
  }
  model_.heaps[heap_].counts = {};
  gc::freeze();
}

void RandomProgram::unfreeze() {
  say("unfreeze", heap_);
  for (Node& node : model_.nodes) {
    if (node.life != Life::kAlive || node.heap != heap_ || !node.is_frozen) continue;
    node.is_frozen = false;
    node.generation = 2;
  }
  gc::unfreeze();
}

void RandomProgram::set_thresholds() {
  HeapModel& heap = model_.heaps[heap_];
  constexpr std::size_t kFirst[] = {0, 1, 7, 30, 100, 700};
  heap.thresholds = {kFirst[random_.below(6)], random_.below(5), random_.below(5)};
  say("thresholds", heap.thresholds[0], heap.thresholds[1], heap.thresholds[2]);
  gc::set_threshold(heap.thresholds[0], heap.thresholds[1], heap.thresholds[2]);
  heap.is_enabled = !random_.once_in(6);
  heap.is_enabled ? gc::enable() : gc::disable();
}

void RandomProgram::toggle_saving() {
  HeapModel& heap = model_.heaps[heap_];
  say("DEBUG_SAVEALL", heap_, !heap.saves_all);
  heap.saves_all = !heap.saves_all;
  gc::set_debug(heap.saves_all ? gc::DEBUG_SAVEALL : 0);
}

void RandomProgram::drop_garbage() {
  std::vector<NodeId>& garbage = model_.heaps[heap_].garbage;
  while (!garbage.empty()) {
    require(gc::garbage().size() == garbage.size(), "gc::garbage holds what was saved");
    const Any dropped = std::move(gc::garbage().back());
    gc::garbage().pop_back();
    const auto found = std::find_if(garbage.begin(), garbage.end(),
                                    [&](NodeId id) { return objects_[id] == dropped.get(); });
    require(found != garbage.end(), "gc::garbage holds what was saved");
    const NodeId id = *found;
    say("drop garbage", id);
    garbage.erase(found);
    model_.release(id);
  }
}

// ---- structures -----------------------------------------------------------------------------

/// root -> 1 -> 2 -> ... -> n, sometimes a ring; nearly all are Pairs.
void RandomProgram::build_chain() {
  const std::size_t length = 1000 + random_.below(500);
  Any root = make(kPair);
  const NodeId first = next_id_;
  add_root(std::move(root), first);
  const Hold hold_first(*this, first);
  NodeId last = first;
  for (std::size_t at = 1; at < length; ++at) {
    // Events may cut the chain anywhere.
    const Hold hold_last(*this, last);
    const Any made = make(random_.once_in(50) ? kPhoenix : kPair);
    const NodeId id = next_id_;
    set(last, 0, id);
    model_.release(id);
    last = id;
  }
  if (random_.once_in(2)) set(last, 0, first);
}

/// fan -> hub, many times. More than 255 references are a case of their own, and so are multiples
/// of 256, all of them from outside of the generation that is collected.
void RandomProgram::build_hub() {
  Any made = make(kFan);
  const NodeId fan = next_id_;
  add_root(std::move(made), fan);
  const Hold hold_fan(*this, fan);
  if (random_.once_in(2)) collect(1);
  made = make(kPair);
  NodeId hub = next_id_;
  add_root(std::move(made), hub);
  if (random_.once_in(3)) hub = any_node();
  const std::size_t references = random_.once_in(30)  ? 65'536
                                 : random_.once_in(4) ? 200 + random_.below(400)
                                                      : 256;
  say("hub", hub, fan, references);
  while (model_.nodes[hub].count < references) {
    ++operations_;
    model_.retain(hub);
    model_.nodes[fan].edges.push_back(hub);
    shapes()[kFan].grow(objects_[fan], refer_to(hub));
  }
  collect(static_cast<int>(random_.below(2)));
  const NodeId from = any_node_with_slots();
  if (from != kNobody && random_.once_in(2)) set(from, 0, fan);
}

}  // namespace ouro::model
