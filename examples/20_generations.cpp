// Generations and thresholds: new objects are looked at often, old ones seldom.
//
//   gc.set_threshold(threshold0[, threshold1[, threshold2]])
//   gc.get_count()
//   gc.callbacks.append(...)
//
// With the thresholds (100, 3, 2) a collection of generation 0 starts when there are more than 100
// new objects, its survivors move to generation 1; after more than 3 such collections generation 1
// is collected along, after more than 2 of those generation 2.
#include <iostream>
#include <ouro/ouro.hpp>
#include <vector>

struct Link {
  ouro::Ref<Link> next;
};

void report(ouro::gc::Phase phase, const ouro::gc::CollectionInfo& info) {
  if (phase == ouro::gc::Phase::start) return;
  std::cout << "  generation " << info.generation << " collected: looked at " << info.candidates
            << ", freed " << info.collected << '\n';
}

/// A ring of two links that nobody holds: garbage from the start.
void drop_ring() {
  auto link = ouro::make<Link>();
  link->next = ouro::make<Link>(link);
}

void print_count() {
  const auto count = ouro::gc::get_count();
  std::cout << "gc.get_count(): (" << count[0] << ", " << count[1] << ", " << count[2] << ")\n";
}

int main() {
  const auto usual = ouro::gc::get_threshold();
  std::cout << "gc.get_threshold(): (" << usual[0] << ", " << usual[1] << ", " << usual[2] << ")\n";
  ouro::gc::set_threshold(100, 3, 2);
  ouro::gc::callbacks().emplace_back(report);
  print_count();

  std::cout << "600 rings are made and dropped, 60 links are kept:\n";
  std::vector<ouro::Ref<Link>> kept;
  for (int i = 0; i < 600; ++i) {
    drop_ring();
    if (i % 10 == 0) kept.push_back(ouro::make<Link>());
  }
  print_count();

  std::cout << "gc.collect():\n";
  ouro::gc::collect();
  print_count();
  for (int generation = 0; generation < 3; ++generation) {
    std::cout << "links in generation " << generation << ": "
              << ouro::gc::get_objects(generation).size() << '\n';
  }
  // The end of the program collects once more; of no interest here.
  ouro::gc::callbacks().clear();
}
