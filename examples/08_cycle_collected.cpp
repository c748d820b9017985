// Two lists that hold each other are freed by gc.collect().
//
//   def func():
//       show_memory_info('initial')
//       a = [i for i in range(10000000)]
//       b = [i for i in range(10000000)]
//       show_memory_info('after a, b created')
//       a.append(b)
//       b.append(a)
//
//   func()
//   gc.collect()
//   show_memory_info('finished')
//
// The collector looks at containers only: two lists. It never visits the 20,000,000 numbers, which
// cannot be part of a cycle; they go by their counts when the lists do.
#include "python.hpp"

void func() {
  show_memory_info("initial");
  auto a = list_of_range(10'000'000);
  auto b = list_of_range(10'000'000);
  show_memory_info("after a, b created");
  a->append(b);
  b->append(a);
}

int main() {
  func();
  std::cout << "gc.collect() found " << ouro::gc::collect() << " unreachable objects\n";
  show_memory_info("finished");
}
