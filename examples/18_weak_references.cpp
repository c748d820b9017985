// Weak references do not count, so they close no cycle.
//
//   def test4():
//       a = A()
//       b = B()
//       a.child = weakref.ref(b)
//       b.parent = weakref.ref(a)
//
// Before use, ask whether the object is still there: Python calls the weak reference, C++
// programmers say lock(). Both work here.
#include <iostream>
#include <ouro/objgraph.hpp>
#include <ouro/ouro.hpp>

struct B;
struct A {
  ouro::WeakRef<B> child;
};
struct B {
  ouro::WeakRef<A> parent;
};

ouro::WeakRef<A> test4() {
  auto a = ouro::make<A>();
  auto b = ouro::make<B>();
  a->child = b;
  b->parent = a;
  if (auto parent = b->parent.lock()) {
    std::cout << "b's parent is " << (parent == a ? "a" : "another") << '\n';
  }
  return b->parent;
}

void print_counts() {
  std::cout << "Object count of A: " << ouro::objgraph::count("A") << '\n';
  std::cout << "Object count of B: " << ouro::objgraph::count("B") << '\n';
}

int main() {
  ouro::gc::disable();
  auto parent = test4();
  print_counts();
  std::cout << "the parent now: " << ouro::type_name(parent()) << '\n';
}
