// The Dungeon and its Monsters: four ways to free a cycle, seen by counts. The timing is in bench/.
//
//   def run_logic(max_iteration, dungeon_per_iter, monster_per_dungeon, attribute_count,
//   unloop_model):
//       for i in xrange(max_iteration):
//           for dc in xrange(dungeon_per_iter):
//               dungeon = Dungeon()
//               for mc in xrange(monster_per_dungeon):
//                   if unloop_model == 2:
//                       monster = MonsterWithWeakref(attribute_count)
//                   else:
//                       monster = Monster(attribute_count)
//                   dungeon.add_monster(monster)
//               if unloop_model == 1:
//                   dungeon.destroy()
//
// A frame makes 10 dungeons of 100 monsters, 1,010 objects, and drops them. With the collector
// alone garbage waits for the threshold; unlinked by hand, or with weak references to the dungeon,
// each dungeon goes the moment it is dropped, and the collector finds nothing.
#include <algorithm>
#include <iostream>
#include <map>
#include <ouro/ouro.hpp>
#include <ouro/snapshot.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

enum class Unloop { kNone, kDestroy, kWeakref };

class Dungeon;

class Monster {
 public:
  explicit Monster(int attribute_count) {
    for (int i = 0; i < attribute_count; ++i) attributes_["attribute" + std::to_string(i)] = i;
  }
  virtual ~Monster() = default;
  Monster(const Monster&) = delete;
  Monster& operator=(const Monster&) = delete;

  virtual void on_add_to_dungeon(ouro::Ref<Dungeon> dungeon) { dungeon_ = std::move(dungeon); }

 protected:
  // Python's attribute takes either; here it says so.
  std::variant<ouro::Ref<Dungeon>, ouro::WeakRef<Dungeon>> dungeon_;

 private:
  std::map<std::string, int> attributes_;

  OURO_TRACE(dungeon_)
};

class MonsterWithWeakref : public Monster {
 public:
  using Monster::Monster;
  void on_add_to_dungeon(ouro::Ref<Dungeon> dungeon) override {
    dungeon_ = ouro::WeakRef<Dungeon>(dungeon);
  }

 private:
  OURO_TRACE_DERIVED(Monster)
};

class Dungeon {
 public:
  void add_monster(const ouro::Ref<Monster>& monster) {
    monster_list_.push_back(monster);
    monster->on_add_to_dungeon(ouro::ref_from_this(this));
  }
  void destroy() { monster_list_.clear(); }

 private:
  std::vector<ouro::Ref<Monster>> monster_list_;

  OURO_TRACE(monster_list_)
};

void run_logic(int max_iteration, int dungeon_per_iter, int monster_per_dungeon,
               int attribute_count, Unloop unloop_model) {
  std::size_t most_objects = 0;
  for (int i = 0; i < max_iteration; ++i) {
    for (int dc = 0; dc < dungeon_per_iter; ++dc) {
      auto dungeon = ouro::make<Dungeon>();
      for (int mc = 0; mc < monster_per_dungeon; ++mc) {
        ouro::Ref<Monster> monster;
        if (unloop_model == Unloop::kWeakref) {
          monster = ouro::make<MonsterWithWeakref>(attribute_count);
        } else {
          monster = ouro::make<Monster>(attribute_count);
        }
        dungeon->add_monster(monster);
      }
      most_objects = std::max(most_objects, ouro::object_count());
      if (unloop_model == Unloop::kDestroy) dungeon->destroy();
    }
  }
  std::cout << "at most " << most_objects << " objects at once, " << ouro::object_count()
            << " left, ";
}

void run(const char* name, std::size_t threshold0, Unloop unloop_model) {
  ouro::gc::set_threshold(threshold0);
  std::size_t collections = 0;
  std::size_t collected = 0;
  for (const auto& generation : ouro::gc::get_stats()) {
    collections -= generation.collections;
    collected -= generation.collected;
  }
  std::cout << name;
  run_logic(100, 10, 100, 5, unloop_model);
  for (const auto& generation : ouro::gc::get_stats()) {
    collections += generation.collections;
    collected += generation.collected;
  }
  std::cout << collections << " collections freed " << collected << "; gc.collect(): ";
  std::cout << ouro::gc::collect() << ", then " << ouro::object_count() << " left\n";
}

int main() {
  run("GC(threshold0:700):   ", 700, Unloop::kNone);
  run("GC(threshold0:10000): ", 10000, Unloop::kNone);
  run("Manual:               ", 700, Unloop::kDestroy);
  run("Weakref:              ", 700, Unloop::kWeakref);

  // One more frame with the collector off: what it would find, for `ouro cycles`.
  ouro::gc::disable();
  run_logic(1, 10, 100, 5, Unloop::kNone);
  std::cout << "written to a snapshot\n";
  if (const auto error = ouro::snapshot("26_dungeon.ouro")) std::cout << error->to_string() << '\n';
}
