// boost::intrusive_ptr with boost's counter, plain or atomic (BENCH_COUNTER): no collector, no weak
// references, so cycles are unlinked by hand.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <string_view>
#include <vector>

#include "ending.hpp"

namespace peer {

template <class T>
using Ref = boost::intrusive_ptr<T>;
template <class T>
using List = std::vector<T>;
template <class T>
using Counted = boost::intrusive_ref_counter<T, boost::BENCH_COUNTER>;
template <class T>
Ref<T> make() {
  return Ref<T>(new T);
}

inline constexpr bool kCollects = false;
inline constexpr bool kCountsCollected = false;

inline void start() {}
inline std::size_t collect() {
  return 0;
}
inline void disable_collector() {}
template <class T>
void free_now(Ref<T>& ref) {
  ref = nullptr;
}

struct Node : Counted<Node> {
  Ref<Node> left;
  Ref<Node> right;
};

struct Dungeon;
struct Monster : Counted<Monster> {
  Ref<Dungeon> dungeon;
  int hp = 10, attack = 1, defence = 2, speed = 3;

  inline void on_add_to_dungeon(const Ref<Dungeon>& owner);
  bool knows(const Ref<Dungeon>& owner) const { return dungeon == owner; }
};
struct Dungeon : Counted<Dungeon> {
  std::vector<Ref<Monster>> monsters;
  Ref<Node> world;
};
void Monster::on_add_to_dungeon(const Ref<Dungeon>& owner) {
  dungeon = owner;
}

inline void destroy(const Ref<Dungeon>& dungeon) {
  dungeon->monsters.clear();
}

template <class Run>
bool with_way(std::string_view way, Run run) {
  if (way != "manual") return false;
  run.template operator()<Dungeon, Monster>(Ending::kDestroy);
  return true;
}

}  // namespace peer
