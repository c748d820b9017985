// Objects that wait to be looked at, shared by threads: a list of chunks.
//
//   worker 1   takes [chunk], looks, fills [chunk of its own] ... adds it when full
//   worker 2   ...
//
// What may be looked at only with the GIL, which one worker has, is a list of its own.
//
// What a worker fills it keeps until it is full or the worker has nothing else: so the lock is
// taken once for some hundred objects. All end when nobody has anything.
#pragma once

#include <pthread.h>

#include <cstdint>

#include "python/walker/in_process/slabs.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

struct ObjectChunk {
  static constexpr std::uint32_t kSize = 510;
  ObjectChunk* next;
  std::uint64_t count;
  Object* objects[kSize];
};

/// Who may look at an object.
enum class For { kAll, kGilHolder };

class ObjectQueue {
 public:
  ObjectQueue() = default;
  ObjectQueue(const ObjectQueue&) = delete;
  ObjectQueue& operator=(const ObjectQueue&) = delete;
  ~ObjectQueue() = default;

  /// First of each worker.
  void enter() {
    const Lock lock(mutex_);
    ++working_;
  }

  /// An empty chunk; null where there is no memory.
  ObjectChunk* make() {
    const Lock lock(mutex_);
    auto* chunk =
        free_ != nullptr
            ? taken_from(free_)
            : static_cast<ObjectChunk*>(chunks_.take(sizeof(ObjectChunk), Take::kWhenTouched));
    if (chunk == nullptr) return nullptr;
    chunk->count = 0;
    return chunk;
  }
  void give_back(ObjectChunk* chunk) {
    const Lock lock(mutex_);
    put_onto(free_, chunk);
  }

  void add(ObjectChunk* chunk, For whom) {
    const Lock lock(mutex_);
    if (has_ended_) return;
    put_onto(whom == For::kAll ? for_all_ : for_gil_holder_, chunk);
    if (waiting_ > 0) pthread_cond_broadcast(&something_came_);
  }
  /// Nobody needs more: from now on there is nothing.
  void end() {
    const Lock lock(mutex_);
    has_ended_ = true;
    for_all_ = for_gil_holder_ = nullptr;
    if (waiting_ > 0) pthread_cond_broadcast(&something_came_);
  }
  /// One that was added, or null: there is none now.
  ObjectChunk* take(bool has_gil) {
    const Lock lock(mutex_);
    return taken(has_gil);
  }
  /// The caller has nothing: waits for a chunk. Null: nor has anybody else; all are at the end.
  ObjectChunk* wait(bool has_gil) {
    const Lock lock(mutex_);
    ++waiting_;
    ObjectChunk* chunk = nullptr;
    while ((chunk = taken(has_gil)) == nullptr && !is_at_end()) {
      pthread_cond_wait(&something_came_, &mutex_);
    }
    if (chunk != nullptr) {
      --waiting_;
    } else {
      pthread_cond_broadcast(&something_came_);
    }
    return chunk;
  }

 private:
  class Lock {
   public:
    explicit Lock(pthread_mutex_t& mutex) : mutex_(mutex) { pthread_mutex_lock(&mutex_); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock() { pthread_mutex_unlock(&mutex_); }

   private:
    pthread_mutex_t& mutex_;
  };

  bool is_at_end() const {
    return has_ended_ ||
           (waiting_ == working_ && for_all_ == nullptr && for_gil_holder_ == nullptr);
  }
  ObjectChunk* taken(bool has_gil) {
    if (has_gil && for_gil_holder_ != nullptr) return taken_from(for_gil_holder_);
    return for_all_ == nullptr ? nullptr : taken_from(for_all_);
  }
  static void put_onto(ObjectChunk*& list, ObjectChunk* chunk) {
    chunk->next = list;
    list = chunk;
  }
  static ObjectChunk* taken_from(ObjectChunk*& list) {
    ObjectChunk* chunk = list;
    list = chunk->next;
    return chunk;
  }

  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t something_came_ = PTHREAD_COND_INITIALIZER;
  int working_ = 0;
  int waiting_ = 0;
  bool has_ended_ = false;
  ObjectChunk* for_all_ = nullptr;
  ObjectChunk* for_gil_holder_ = nullptr;
  ObjectChunk* free_ = nullptr;
  Slabs chunks_;
};

}  // namespace ouro::python::walker
