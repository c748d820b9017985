// A global reference keeps a list of 10,000,000 numbers for as long as the program runs.
//
//   def func():
//       show_memory_info('initial')
//       global a
//       a = [i for i in range(10000000)]
//       show_memory_info('after a created')
//
//   func()
//   show_memory_info('finished')
#include "python.hpp"

ouro::Ref<List> a;

void func() {
  show_memory_info("initial");
  a = list_of_range(10'000'000);
  show_memory_info("after a created");
}

int main() {
  func();
  show_memory_info("finished");
}
