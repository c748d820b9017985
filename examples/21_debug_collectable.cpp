// gc.set_debug names the cycles that a program leaves behind.
//
//   gc.collect()
//   gc.set_debug(gc.DEBUG_COLLECTABLE | gc.DEBUG_OBJECTS)
//   test2()
//   gc.collect()
//
// Python prints four lines: two objects of class T, and the two dicts that hold their attributes. A
// C++ object has its fields inside, so there are two lines. The messages go to standard error
// unless a stream is given.
#include <iostream>
#include <ouro/ouro.hpp>

struct T {
  ouro::Ref<T> child;
  ouro::Ref<T> parent;
};

void test2() {
  auto a = ouro::make<T>();
  auto b = ouro::make<T>();
  a->child = b;
  b->parent = a;
}

int main() {
  ouro::gc::collect();
  ouro::gc::set_debug(ouro::gc::DEBUG_COLLECTABLE | ouro::gc::DEBUG_OBJECTS);
  test2();
  ouro::gc::collect();
}
