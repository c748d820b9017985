// Ouro: cycles are simply dropped, or avoided in the ways the seed compares.
#pragma once

#include <optional>
#include <ouro/ouro.hpp>
#include <string_view>
#include <vector>

#include "ending.hpp"

namespace peer {

using ouro::make;
using ouro::Ref;
template <class T>
using List = std::vector<T>;

inline constexpr bool kCollects = true;
inline constexpr bool kCountsCollected = true;

inline void start() {}
inline std::size_t collect() {
  return ouro::gc::collect();
}
inline void disable_collector() {
  ouro::gc::disable();
}
template <class T>
void free_now(Ref<T>& ref) {
  ref = nullptr;
}

struct Node {
  Ref<Node> left;
  Ref<Node> right;
};

// Default thresholds, threshold 10,000, manual: the cycle as it comes.
struct Monster;
struct Dungeon {
  std::vector<Ref<Monster>> monsters;
  Ref<Node> world;
};
struct Monster {
  Ref<Dungeon> dungeon;
  int hp = 10, attack = 1, defence = 2, speed = 3;

  void on_add_to_dungeon(const Ref<Dungeon>& owner) { dungeon = owner; }
  bool knows(const Ref<Dungeon>& owner) const { return dungeon == owner && hp == 10; }
};

// Weakref: a monster does not keep its dungeon alive.
struct MonsterWithWeakref;
struct DungeonOfWeakrefs {
  std::vector<Ref<MonsterWithWeakref>> monsters;
  Ref<Node> world;
};
struct MonsterWithWeakref {
  ouro::WeakRef<DungeonOfWeakrefs> dungeon;
  int hp = 10, attack = 1, defence = 2, speed = 3;

  void on_add_to_dungeon(const Ref<DungeonOfWeakrefs>& owner) {
    dungeon = ouro::WeakRef<DungeonOfWeakrefs>(owner);
  }
  bool knows(const Ref<DungeonOfWeakrefs>& owner) const { return dungeon.lock() == owner; }
};

// Ids: a monster keeps its dungeon's id and asks the table.
struct MonsterWithId;
struct DungeonWithId {
  std::vector<Ref<MonsterWithId>> monsters;
  Ref<Node> world;
  std::optional<ouro::Id<DungeonWithId>> id;
};
inline ouro::IdTable<DungeonWithId>& dungeons() {
  static ouro::IdTable<DungeonWithId> table;
  return table;
}
struct MonsterWithId {
  ouro::Id<DungeonWithId> dungeon{};
  int hp = 10, attack = 1, defence = 2, speed = 3;

  void on_add_to_dungeon(const Ref<DungeonWithId>& owner) {
    if (!owner->id) owner->id = dungeons().add(owner);
    dungeon = *owner->id;
  }
  bool knows(const Ref<DungeonWithId>& owner) const { return dungeons().find(dungeon) == owner; }
};

template <class DungeonType>
void destroy(const Ref<DungeonType>& dungeon) {
  dungeon->monsters.clear();
}

template <class Run>
bool with_way(std::string_view way, Run run) {
  if (way == "default") {
    run.template operator()<Dungeon, Monster>(Ending::kForget);
  } else if (way == "threshold_10000") {
    ouro::gc::set_threshold(10000);
    run.template operator()<Dungeon, Monster>(Ending::kForget);
  } else if (way == "manual") {
    run.template operator()<Dungeon, Monster>(Ending::kDestroy);
  } else if (way == "weakref") {
    run.template operator()<DungeonOfWeakrefs, MonsterWithWeakref>(Ending::kForget);
  } else if (way == "ids") {
    run.template operator()<DungeonWithId, MonsterWithId>(Ending::kForget);
  } else {
    return false;
  }
  return true;
}

}  // namespace peer
