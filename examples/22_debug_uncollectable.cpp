// A cycle of objects with finalizers: Python 2 did not free it, Python 3 does. Both rules are
// there.
//
//   class T2(object):
//       def __del__(self):
//           pass
//
//   def test_uncollectable():
//       a = T2()
//       b = T2()
//       a.child = b
//       b.parent = a
//
//   gc.collect()
//   gc.set_debug(gc.DEBUG_UNCOLLECTABLE | gc.DEBUG_OBJECTS)
//   test_uncollectable()
//   gc.collect()
//
// __del__ is finalize() here. Which of the two should run first cannot be known, so Python 2 ran
// none and put both into gc.garbage: ouro::set_legacy_finalizers(true). Otherwise each runs once,
// on intact objects, and then both are freed. No lines about dicts, as in 21_debug_collectable.
//
// At the end the messages go into a log, from which the types of one's own are picked: `grep T2`.
#include <iostream>
#include <ouro/ouro.hpp>
#include <sstream>
#include <string>

struct T2 {
  ouro::Ref<T2> child;
  ouro::Ref<T2> parent;

  void finalize() { std::cout << "T2.finalize()\n"; }
};

struct Other {
  ouro::Ref<Other> self;
};

void test_uncollectable() {
  auto a = ouro::make<T2>();
  auto b = ouro::make<T2>();
  a->child = b;
  b->parent = a;
}

int main() {
  ouro::gc::set_debug_stream(std::cout);
  ouro::gc::set_debug(ouro::gc::DEBUG_UNCOLLECTABLE | ouro::gc::DEBUG_OBJECTS);

  std::cout << "Python 2's rule:\n";
  ouro::set_legacy_finalizers(true);
  test_uncollectable();
  ouro::gc::collect();
  std::cout << "objects in gc.garbage: " << ouro::gc::garbage().size() << '\n';

  std::cout << "Python 3's rule, for the same two:\n";
  ouro::gc::garbage().clear();
  ouro::set_legacy_finalizers(false);
  ouro::gc::collect();
  std::cout << "objects in gc.garbage: " << ouro::gc::garbage().size() << '\n';

  std::cout << "both kinds of messages, picked from a log:\n";
  std::stringstream log;
  ouro::gc::set_debug_stream(log);
  ouro::gc::set_debug(ouro::gc::DEBUG_COLLECTABLE | ouro::gc::DEBUG_UNCOLLECTABLE |
                      ouro::gc::DEBUG_OBJECTS);
  test_uncollectable();
  auto other = ouro::make<Other>();
  other->self = other;
  other = nullptr;
  ouro::gc::collect();
  ouro::gc::set_debug(0);
  for (std::string line; std::getline(log, line);) {
    if (line.find("<T2 ") != std::string::npos) std::cout << line << '\n';
  }
}
