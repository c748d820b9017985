// Memory released by hand: the last reference dropped, then a collection.
//
//   show_memory_info('initial')
//   a = [i for i in range(10000000)]
//   show_memory_info('after a created')
//   del a
//   gc.collect()
//   show_memory_info('finish')
//   print(a)  # NameError: name 'a' is not defined
//
// A C++ name cannot be deleted, but it can hold null. The memory is back before gc::collect() runs:
// that finds nothing left to do.
#include "python.hpp"

int main() {
  show_memory_info("initial");
  auto a = list_of_range(10'000'000);
  show_memory_info("after a created");

  a = nullptr;
  show_memory_info("after del a");
  std::cout << "gc.collect() found " << ouro::gc::collect() << " unreachable objects\n";
  show_memory_info("finish");
  std::cout << "a is " << ouro::type_name(a) << '\n';
}
