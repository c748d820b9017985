// A game that cannot bear pauses: the collector is off during a round and runs once after it.
//
// What a round costs is seen here by counts: no collection disturbs it, its garbage stays until the
// end. That is the price: a round that makes too much garbage runs out of memory.
#include <iostream>
#include <ouro/ouro.hpp>
#include <vector>

struct Player;
struct Shot {
  ouro::Ref<Player> shooter;
  ouro::Ref<Player> target;
};
struct Player {
  std::vector<ouro::Ref<Shot>> shots;
};

/// Leaves garbage: the players hold their shots, the shots the players.
void play_round() {
  for (int game = 0; game < 100; ++game) {
    auto first = ouro::make<Player>();
    auto second = ouro::make<Player>();
    for (int i = 0; i < 50; ++i) {
      first->shots.push_back(ouro::make<Shot>(first, second));
      second->shots.push_back(ouro::make<Shot>(second, first));
    }
  }
}

std::size_t collections() {
  std::size_t sum = 0;
  for (const auto& generation : ouro::gc::get_stats()) sum += generation.collections;
  return sum;
}

int main() {
  std::size_t before = collections();
  play_round();
  std::cout << "with the collector on: " << collections() - before
            << " collections during the round\n";
  ouro::gc::collect();

  for (int round = 1; round <= 3; ++round) {
    ouro::gc::disable();
    before = collections();
    play_round();
    std::cout << "round " << round << ": " << collections() - before << " collections, ";
    ouro::gc::enable();
    std::cout << ouro::gc::collect() << " objects freed after it, " << ouro::object_count()
              << " left\n";
  }
}
