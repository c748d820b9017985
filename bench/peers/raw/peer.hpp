// new and delete by hand, on the allocator the program is linked with: glibc's, or mimalloc
// (BENCH_MIMALLOC).
#pragma once

#include <string_view>
#include <vector>

#ifdef BENCH_MIMALLOC
#include <mimalloc.h>
#endif

#include "ending.hpp"
#include "measure.hpp"

namespace peer {

template <class T>
using Ref = T*;
template <class T>
using List = std::vector<T>;
template <class T>
T* make() {
  return new T;
}

inline constexpr bool kCollects = false;
inline constexpr bool kCountsCollected = false;

// Proves that `new` is mimalloc's: overriding it is the linker's doing, and fails in silence.
inline void start() {
#ifdef BENCH_MIMALLOC
  int* probe = new int;
  bench::require(mi_is_in_heap_region(probe), "operator new is not mimalloc's");
  delete probe;
#endif
}
inline std::size_t collect() {
  return 0;
}
inline void disable_collector() {}
template <class T>
void free_now(T*& object) {
  delete object;
}

// Owns its children, as nodes of trees do (W5 to W7); graphs with cycles are not run by this peer.
struct Node {
  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  ~Node() {
    delete left;
    delete right;
  }

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
  std::vector<Monster*> monsters;
  Node* world = nullptr;
};

inline void destroy(Dungeon* dungeon) {
  for (const Monster* monster : dungeon->monsters) delete monster;
  delete dungeon;
}

template <class Run>
bool with_way(std::string_view way, Run run) {
  if (way != "manual") return false;
  run.template operator()<Dungeon, Monster>(Ending::kDestroy);
  return true;
}

}  // namespace peer
