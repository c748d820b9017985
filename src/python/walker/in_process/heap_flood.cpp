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
  // Asked for by who has the GIL: from 3.12 on another thread has no interpreter.
  std::uint64_t first_head = first_head_of(own_interpreter());
  bool has_memory = true;

  Search(ObjectMarks& to_fill, const Object* one_class) : marks(to_fill), python_class(one_class) {}
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

  /// The lists from an end until another worker was there.
  void list(End end) {
    for (int step = 0; step < kGenerations; ++step) {
      const int generation = end == End::kFront ? step : kGenerations - 1 - step;
      const std::uint64_t head = search_.first_head + collector_head_offset(layout, generation);
      if (!list(head, end, generation == kGenerations - 1)) return;
    }
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
    }
  }

 private:
  static constexpr std::uint64_t kLine = 64;
  static constexpr std::uint64_t kExpected = 16;

  struct Expected {
    const ObjectMarks::Byte* marks;
    std::uint64_t address;
  };

  bool list(std::uint64_t head, End end, bool is_permanent) {
    constexpr std::uint64_t kLines = 5;
    const auto following = [&](std::uint64_t header) {
      return end == End::kFront ? next_in_collector(header) : previous_in_collector(header);
    };
    const std::uint64_t step = end == End::kFront ? kLine : ~kLine + 1;
    for (std::uint64_t at = following(head); at != head;) {
      const std::uint64_t next = following(at);
      __builtin_prefetch(object_at(next));
      for (std::uint64_t line = 1; line <= kLines; ++line) {
        __builtin_prefetch(object_at(at + line * step));
      }
      const std::uint64_t address = at + kCollectorHeaderBytes;
      ObjectMarks::Byte* marks = search_.marks.make(address);
      if (marks == nullptr) {
        search_.fail();
        return false;
      }
      if (!ObjectMarks::track(marks, address)) return false;
      // The collector does not look at what is frozen: to it all that is held from outside.
      if (is_permanent && ObjectMarks::revive(marks, address)) {
        push(object_at(address), For::kAll);
      }
      at = next;
    }
    return true;
  }

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

/// What modules and frames hold. Whatever else holds objects is found by counting.
void mark_roots(Worker& worker) {
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
  for_each_own_frame([&](const FrameView& frame) {
    for_each_held_by(frame, [&](const Object* object) { worker.mark(object); });
  });
}

}  // namespace

bool HeapFlood::run(const Object* python_class) {
  Search search(marks_, python_class);
  const int workers = worker_count();
  work_side_by_side(workers < 2 ? workers : 2, [&](int number) {
    Worker worker(search, number == 0);
    worker.list(number == 0 ? End::kFront : End::kBack);
    worker.share();
  });
  work_side_by_side(workers, [&](int number) {
    Worker worker(search, number == 0);
    if (number == 0) mark_roots(worker);
    worker.flood();
  });
  return search.has_memory;
}

}  // namespace ouro::python::walker
