#include "python/walker/in_process/heap_flood.hpp"

#include "python/walker/in_process/object_queue.hpp"
#include "python/walker/in_process/own_frames.hpp"
#include "python/walker/in_process/referents.hpp"
#include "python/walker/in_process/tracked.hpp"
#include "python/walker/in_process/traversable_classes.hpp"
#include "python/walker/in_process/workers.hpp"

namespace ouro::python::walker {

namespace {

/// What the workers share.
struct Search {
  ObjectMarks& marks;
  ObjectQueue queue;  ///< alive, and not looked at
  const Object* python_class;
  AliveGoal* goal;  ///< null: all
  bool has_memory = true;

  Search(ObjectMarks& to_fill, const Object* one_class, AliveGoal* to_reach)
      : marks(to_fill), python_class(one_class), goal(to_reach) {}
  void fail() { __atomic_store_n(&has_memory, false, __ATOMIC_RELAXED); }
};

class Worker {
 public:
  Worker(Search& search, bool has_gil)
      : search_(search),
        has_gil_(has_gil),
        finder_(search.marks.finder()),
        traversable_(search.python_class) {}
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() = default;

  /// The collector does not look at what is frozen: to it all that is held from outside.
  void track_frozen() {
    const auto ignore = [](std::uint64_t) {};
    for_each_tracked(own_interpreter(), kGenerations - 1, ignore, [&](Object* object) {
      const std::uint64_t address = address_of(object);
      ObjectMarks::Byte* marks = search_.marks.make(address);
      if (marks == nullptr) return search_.fail();
      if (search_.goal != nullptr && search_.goal->wants(object)) search_.goal->expect_one_more();
      ObjectMarks::track(marks, address);
      ObjectMarks::revive(marks, address);
      push(object, For::kAll);
    });
  }

  /// Some time later: when what says whether it is marked has come.
  void mark(const Object* target) {
    const std::uint64_t address = address_of(target);
    const ObjectMarks::Byte* marks = finder_.find(address);
    __builtin_prefetch(marks);
    Expected& place = expected_[next_expected_++ % kExpected];
    if (place.marks != nullptr && ObjectMarks::revive(place.marks, place.address)) {
      push(object_at(place.address), For::kAll);
    }
    place = {.marks = marks, .address = address};
  }
  void mark_expected() {
    for (Expected& place : expected_) {
      if (place.marks != nullptr && ObjectMarks::revive(place.marks, place.address)) {
        push(object_at(place.address), For::kAll);
      }
      place.marks = nullptr;
    }
  }

  /// Gives what is marked to all.
  void share() {
    mark_expected();
    for (const For whom : {For::kAll, For::kGilHolder}) {
      ObjectChunk*& chunk = filled(whom);
      if (chunk != nullptr) search_.queue.add(chunk, whom);
      chunk = nullptr;
    }
  }

  void flood() {
    search_.queue.enter();
    for (;;) {
      ObjectChunk* chunk = search_.queue.take(has_gil_);
      if (chunk == nullptr) {
        share();
        chunk = search_.queue.wait(has_gil_);
      }
      if (chunk == nullptr) break;
      look_at(*chunk);
      search_.queue.give_back(chunk);
      if (search_.goal != nullptr && search_.goal->is_reached()) search_.queue.end();
    }
  }

 private:
  static constexpr std::uint64_t kLine = 64;
  static constexpr std::uint64_t kExpected = 16;

  struct Expected {
    const ObjectMarks::Byte* marks;
    std::uint64_t address;
  };

  void push(Object* object, For whom) {
    ObjectChunk*& chunk = filled(whom);
    if (chunk != nullptr && chunk->count == ObjectChunk::kSize) {
      search_.queue.add(chunk, whom);
      chunk = nullptr;
    }
    if (chunk == nullptr && (chunk = search_.queue.make()) == nullptr) {
      search_.fail();
      return;
    }
    chunk->objects[chunk->count++] = object;
  }
  ObjectChunk*& filled(For whom) { return filled_[whom == For::kAll ? 0 : 1]; }

  void look_at(const ObjectChunk& chunk) {
    constexpr std::uint64_t kObjectsAhead = 16;
    constexpr std::uint64_t kReferencesAhead = 8;
    for (std::uint64_t at = 0; at < chunk.count; ++at) {
      if (at + kObjectsAhead < chunk.count) {
        const Object* ahead = chunk.objects[at + kObjectsAhead];
        __builtin_prefetch(ahead);
        __builtin_prefetch(object_at(address_of(ahead) + kLine));
        __builtin_prefetch(object_at(address_of(ahead) - kLine / 2));
      }
      if (at + kReferencesAhead < chunk.count) {
        expect_references_of(chunk.objects[at + kReferencesAhead]);
      }
      look_at(chunk.objects[at]);
    }
  }

  void look_at(Object* object) {
    if (!has_gil_ && !traversable_.contain(type_of(object))) {
      push(object, For::kGilHolder);
      return;
    }
    if (search_.goal != nullptr && search_.goal->wants(object)) search_.goal->find(object);
    for_each_referent(object, [this](const Object* target) { mark(target); });
  }

  Search& search_;
  bool has_gil_;
  ObjectMarks::Finder finder_;
  TraversableClasses traversable_;
  ObjectChunk* filled_[2] = {};  ///< by For
  Expected expected_[kExpected] = {};
  std::uint64_t next_expected_ = 0;
};

void mark_modules(Worker& worker) {
  const char* interpreter = own_interpreter();
  for (const std::int64_t offset : {layout.interpreter_modules, layout.interpreter_sysdict,
                                    layout.interpreter_builtins, layout.interpreter_dict}) {
    if (offset < 0) continue;
    if (const Object* object = load_object(interpreter, offset)) worker.mark(object);
  }
  if (layout.interpreter_modules < 0) {
    if (const auto* modules = call<const Object*>(symbols.PyImport_GetModuleDict)) {
      worker.mark(modules);
    }
  }
}

void mark_frames(Worker& worker) {
  for_each_own_frame([&](const FrameView& frame) {
    for_each_held_by(frame, [&](const Object* object) { worker.mark(object); });
  });
}

/// Looks at what `mark(worker)`, with the GIL, marks, and at all that leads to. False where there
/// is no memory.
template <class Mark>
bool flood_from(ObjectMarks& marks, const Object* python_class, AliveGoal* goal, Mark mark) {
  Search search(marks, python_class, goal);
  work_side_by_side(worker_count(), [&](int number) {
    Worker worker(search, number == 0);
    if (number == 0) mark(worker);
    worker.flood();
  });
  return search.has_memory;
}

}  // namespace

bool HeapFlood::track_all() {
  bool has_memory = true;
  for_each_own_tracked_from_both_ends(
      [&](const Object* object, End) { return has_memory = track(object); }, [] {});
  return has_memory;
}

// What grows hangs on modules, mostly; frames may hold as much, and are not looked at if the goal
// is reached before. Whatever else holds objects is found by counting.
bool HeapFlood::run(const Object* python_class, AliveGoal* goal) {
  const bool has_memory = flood_from(marks_, python_class, goal, [](Worker& worker) {
    worker.track_frozen();
    mark_modules(worker);
  });
  if (!has_memory || (goal != nullptr && goal->is_reached())) return has_memory;
  return flood_from(marks_, python_class, goal, mark_frames);
}

}  // namespace ouro::python::walker
