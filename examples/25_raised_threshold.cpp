// 2,000 bullets fly and hit: a threshold of 1,000 runs a collection that finds nothing; with 10,000
// the bullets are gone by their counts before one would start.
//
// (A collection does look here, since the end of `bullet` lets go of an object that lives on, as
// one of a cycle would. In a program that only ever adds, Ouro knows without looking.)
#include <iostream>
#include <ouro/ouro.hpp>
#include <vector>

struct Ship {
  int hits = 0;
};
struct Bullet {
  ouro::Ref<Ship> target;
};
struct Gun {
  std::vector<ouro::Ref<Bullet>> bullets;
};

void shoot(std::size_t threshold0) {
  ouro::gc::collect();
  ouro::gc::set_threshold(threshold0);
  const auto before = ouro::gc::get_stats()[0];

  auto ship = ouro::make<Ship>();
  auto gun = ouro::make<Gun>();
  for (int i = 0; i < 2000; ++i) {
    auto bullet = ouro::make<Bullet>(ship);
    gun->bullets.push_back(bullet);
  }
  const std::size_t flying = ouro::object_count() - 2;
  for (const auto& bullet : gun->bullets) ++bullet->target->hits;
  gun->bullets.clear();

  const auto after = ouro::gc::get_stats()[0];
  std::cout << "threshold0 " << threshold0 << ": " << flying << " bullets flew, " << ship->hits
            << " hit; collections: " << after.collections - before.collections
            << ", they looked at " << after.candidates - before.candidates << " objects and freed "
            << after.collected - before.collected << '\n';
}

int main() {
  shoot(1000);
  shoot(10000);
}
