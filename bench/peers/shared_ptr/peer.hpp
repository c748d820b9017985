// std::shared_ptr: no collector, so cycles are unlinked by hand or avoided with std::weak_ptr.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "ending.hpp"

namespace peer {

template <class T>
using Ref = std::shared_ptr<T>;
template <class T>
using List = std::vector<T>;
template <class T>
Ref<T> make() {
  return std::make_shared<T>();
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

struct Node {
  Ref<Node> left;
  Ref<Node> right;
};

struct Monster;
struct Dungeon {
  std::vector<Ref<Monster>> monsters;
  Ref<Node> world;
};
struct Monster {
  Ref<Dungeon> dungeon;
  int hp = 10, attack = 1, defence = 2, speed = 3;

  void on_add_to_dungeon(const Ref<Dungeon>& owner) { dungeon = owner; }
  bool knows(const Ref<Dungeon>& owner) const { return dungeon == owner; }
};

struct MonsterWithWeakref;
struct DungeonOfWeakrefs {
  std::vector<Ref<MonsterWithWeakref>> monsters;
  Ref<Node> world;
};
struct MonsterWithWeakref {
  std::weak_ptr<DungeonOfWeakrefs> dungeon;
  int hp = 10, attack = 1, defence = 2, speed = 3;

  void on_add_to_dungeon(const Ref<DungeonOfWeakrefs>& owner) { dungeon = owner; }
  bool knows(const Ref<DungeonOfWeakrefs>& owner) const { return dungeon.lock() == owner; }
};

template <class DungeonType>
void destroy(const Ref<DungeonType>& dungeon) {
  dungeon->monsters.clear();
}

template <class Run>
bool with_way(std::string_view way, Run run) {
  if (way == "manual") {
    run.template operator()<Dungeon, Monster>(Ending::kDestroy);
  } else if (way == "weakref") {
    run.template operator()<DungeonOfWeakrefs, MonsterWithWeakref>(Ending::kForget);
  } else {
    return false;
  }
  return true;
}

}  // namespace peer
