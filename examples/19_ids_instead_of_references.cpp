// The game developer's weak reference: every object has an id, others keep the id and look it up
// before use.
//
// IdTable gives the ids. It keeps no object alive, and the id of a dead object is never mistaken
// for that of a newer one, even when the newer one has taken its place in the table.
#include <iostream>
#include <ouro/ouro.hpp>
#include <string>

struct Monster {
  std::string name;
  ouro::Id<Monster> target;  // a plain number: no reference, no cycle
};

void look_at_target(const ouro::IdTable<Monster>& monsters, const Monster& monster) {
  std::cout << monster.name << " looks for its target: ";
  if (auto target = monsters.find(monster.target)) {
    std::cout << target->name << '\n';
  } else {
    std::cout << "it is gone\n";
  }
}

int main() {
  ouro::gc::disable();
  ouro::IdTable<Monster> monsters;

  auto orc = ouro::make<Monster>("orc");
  auto troll = ouro::make<Monster>("troll");
  orc->target = monsters.add(troll);
  troll->target = monsters.add(orc);
  look_at_target(monsters, *orc);
  look_at_target(monsters, *troll);

  std::cout << "the troll dies\n";
  troll = nullptr;
  look_at_target(monsters, *orc);

  auto dragon = ouro::make<Monster>("dragon");
  const auto dragon_id = monsters.add(dragon);
  std::cout << "a dragon takes " << (dragon_id.index == orc->target.index ? "its" : "another")
            << " place in the table\n";
  look_at_target(monsters, *orc);
  std::cout << "ids that lead to a living object: " << monsters.size() << '\n';
}
