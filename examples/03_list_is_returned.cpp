// A list of 10,000,000 numbers that is returned lives on in the caller's variable.
//
//   def func():
//       show_memory_info('initial')
//       a = [i for i in range(10000000)]
//       show_memory_info('after a created')
//       return a
//
//   a = func()
//   show_memory_info('finished')
#include "python.hpp"

ouro::Ref<List> func() {
  show_memory_info("initial");
  auto a = list_of_range(10'000'000);
  show_memory_info("after a created");
  return a;
}

int main() {
  auto a = func();
  show_memory_info("finished");
}
