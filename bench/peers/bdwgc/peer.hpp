// The Boehm-Demers-Weiser collector: plain pointers, found by scanning the stack, the statics and
// the objects. No counts: nothing is freed at once, except by GC_FREE.
#pragma once

#include <gc/gc.h>
#include <gc/gc_allocator.h>

#include <cstdlib>
#include <new>
#include <string_view>
#include <vector>

#include "ending.hpp"

namespace peer {

template <class T>
using Ref = T*;
// The collector does not look into malloc's memory: lists of references live in its own.
template <class T>
using List = std::vector<T, gc_allocator<T>>;
template <class T>
T* make() {
  return new (GC_MALLOC(sizeof(T))) T;
}

inline constexpr bool kCollects = true;
inline constexpr bool kCountsCollected = false;

inline void start() {
  // Marking helpers would work on other threads, outside the measured CPU time.
  setenv("GC_MARKERS", "1", 1);
  GC_INIT();
}
// Marks all; sweeping is lazy, a later allocation pays for it. GC_gcollect does nothing while the
// collector is disabled.
inline std::size_t collect() {
  const bool disabled = GC_is_disabled() != 0;
  if (disabled) GC_enable();
  GC_gcollect();
  if (disabled) GC_disable();
  return 0;
}
inline void disable_collector() {
  GC_disable();
}
template <class T>
void free_now(T*& object) {
  GC_FREE(object);
  object = nullptr;
}

struct Node {
  Node* left = nullptr;
  Node* right = nullptr;
};

struct Dungeon;
struct Monster {
  Dungeon* dungeon = nullptr;
  int hp = 10, attack = 1, defence = 2, speed = 3;

  void on_add_to_dungeon(Dungeon* owner) { dungeon = owner; }
  bool knows(const Dungeon* owner) const { return dungeon == owner; }
};
struct Dungeon {
  List<Monster*> monsters;
  Node* world = nullptr;
};

inline void destroy(Dungeon*) {}

template <class Run>
bool with_way(std::string_view way, Run run) {
  if (way != "default") return false;
  run.template operator()<Dungeon, Monster>(Ending::kForget);
  return true;
}

}  // namespace peer
