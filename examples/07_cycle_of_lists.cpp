// Two lists that hold each other: counts alone do not free them.
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
//   show_memory_info('finished')
//
// After the call nobody can reach the lists, yet each one's count is 1: the other's reference. They
// wait for a collection, and with only two containers made none is due.
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
  show_memory_info("finished");
}
