// What a random program compares with the model: cheap things after each operation, everything now
// and then.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "model/random_program.hpp"
#include "model/scopes.hpp"

namespace ouro::model {

void RandomProgram::finish_operation() {
  require(model_.owed == 0, "what has no reference left is destroyed at once");
  require(model_.doomed == 0, "garbage is destroyed by the collection that finds it");
  require(thrown_ == 0, "what a finalizer throws is reported");
  check_counts();
}

void RandomProgram::check_counts() {
  const auto counts = gc::get_count();
  require(counts == model_.heaps[heap_].counts, "gc::get_count counts");
}

void RandomProgram::check_everything() {
  for (NodeId id = 1; id < model_.nodes.size(); ++id) {
    const Node& node = model_.nodes[id];
    if (node.life == Life::kAbsent) continue;
    require(node.life == Life::kAlive, "between operations an object is alive or gone", id);
    check_node(id);
  }
  for (const Weak& weak : model_.weaks) {
    require(!weak.is_pending, "a callback is called before the operation is over",
            weak.last_target);
  }
  for (const WeakHandle& handle : weak_) {
    const NodeId target = model_.weaks[handle.id].target;
    require(handle.real.expired() == (target == kNone), "a weak reference dies with its object",
            target);
  }
  for (std::size_t at = 0; at < heaps_.size(); ++at) check_heap(at);
}

void RandomProgram::check_node(NodeId id) {
  const Node& node = model_.nodes[id];
  const Shape& shape = shapes()[node.shape];
  {
    const Any object = refer_to(id);
    require(getrefcount(object) - 1 == node.count, "getrefcount is the number of references", id);
    require(gc::is_finalized(object) == node.is_finalized, "gc::is_finalized tells", id);
    require(gc::is_tracked(object) == node.is_tracked, "gc::is_tracked tells", id);
    const auto is_odd = [&](WeakId weak) {
      return !model_.weaks[weak].is_shared && !model_.weaks[weak].has_callback;
    };
    if (std::none_of(node.weak.begin(), node.weak.end(), is_odd)) {
      require(weakref::getweakrefcount(object) == node.weak.size(), "weak references are counted",
              id);
    }
  }
  require(shape.size(objects_[id]) == node.edges.size(), "an object has its slots", id);
  for (std::size_t slot = 0; slot < std::min<std::size_t>(node.edges.size(), 64); ++slot) {
    const Any to = shape.get(objects_[id], slot);
    const NodeId expected = node.edges[slot];
    require(to.get() == (expected == kNone ? nullptr : objects_[expected]),
            "a reference leads where it was set to", id);
  }
}

void RandomProgram::check_heap(std::size_t heap_index) {
  const InHeap scope(*this, heap_index);
  std::array<std::vector<const void*>, 3> expected;
  std::size_t frozen = 0;
  std::size_t all = 0;
  for (NodeId id = 1; id < model_.nodes.size(); ++id) {
    const Node& node = model_.nodes[id];
    if (node.life == Life::kAbsent || node.heap != heap_index) continue;
    ++all;
    frozen += node.is_frozen;
    if (node.is_tracked && !node.is_frozen) expected[node.generation].push_back(objects_[id]);
  }
  require(object_count() == all, "a heap knows how many objects it has");
  require(gc::get_freeze_count() == frozen, "gc::get_freeze_count counts");
  for (int generation = 0; generation < 3; ++generation) {
    const std::vector<Any> found = gc::get_objects(generation);
    std::vector<const void*> addresses;
    for (const Any& object : found) addresses.push_back(object.get());
    std::sort(addresses.begin(), addresses.end());
    std::vector<const void*>& wanted = expected[static_cast<std::size_t>(generation)];
    std::sort(wanted.begin(), wanted.end());
    require(addresses == wanted, "gc::get_objects gives the objects of a generation");
  }
  const auto stats = gc::get_stats();
  for (std::size_t at = 0; at < 3; ++at) {
    require(stats[at].collections == model_.heaps[heap_index].collections[at],
            "gc::get_stats counts collections");
  }
}

/// In a destructor each reference is null or to an object that lives.
void RandomProgram::check_fields_of_dying(NodeId id) {
  const Node& node = model_.nodes[id];
  const Shape& shape = shapes()[node.shape];
  if (node.life == Life::kDoomed) {
    for (std::size_t slot = 0; slot < shape.size(objects_[id]); ++slot) {
      require(shape.get(objects_[id], slot) == nullptr, "garbage loses its references first", id);
    }
    return;
  }
  for (std::size_t slot = 0; slot < std::min<std::size_t>(node.edges.size(), 64); ++slot) {
    const NodeId to = node.edges[slot];
    if (to == kNone) continue;
    require(shape.get(objects_[id], slot).get() == objects_[to], "a destructor sees its fields",
            id);
    const Life life = model_.nodes[to].life;
    require(life == Life::kAlive, "what a destructor can see is alive", id);
  }
}

void RandomProgram::say(const char* what, std::size_t a, std::size_t b, std::size_t c) const {
  if (!plan_.is_verbose) [[likely]]
    return;
  std::fprintf(stderr, "%8zu %*s%s %zu %zu %zu\n", operations_, static_cast<int>(events_ * 2), "",
               what, a, b, c);
}

void RandomProgram::differ(const char* sentence, NodeId id) {
  std::fprintf(stderr,
               "The heap differs from the model: it is not true that %s.\n"
               "seed %llu, operation %zu, heap %zu, object %u\n%s"
               "replay: ouro_model_tests --gtest_filter='%.*s' --seed %llu --verbose\n",
               sentence, static_cast<unsigned long long>(plan_.seed), operations_, heap_, id,
               model_.drawing().c_str(), static_cast<int>(plan_.name.size()), plan_.name.data(),
               static_cast<unsigned long long>(plan_.seed));
  std::fflush(nullptr);
  std::_Exit(1);
}

}  // namespace ouro::model
