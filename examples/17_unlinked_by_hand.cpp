// Whoever breaks a cycle by hand needs no collector: each object has a destroy() that lets go.
//
//   class A(object):
//       def __init__(self):
//           self.child = None
//       def destroy(self):
//           self.child = None
//   # class B likewise, with a parent
//
//   def test3():
//       a = A()
//       b = B()
//       a.child = b
//       b.parent = a
//       a.destroy()
//       b.destroy()
#include <iostream>
#include <ouro/objgraph.hpp>
#include <ouro/ouro.hpp>

struct B;
struct A {
  ouro::Ref<B> child;
  void destroy() { child = nullptr; }
};
struct B {
  ouro::Ref<A> parent;
  void destroy() { parent = nullptr; }
};

void test3() {
  auto a = ouro::make<A>();
  auto b = ouro::make<B>();
  a->child = b;
  b->parent = a;
  a->destroy();
  b->destroy();
}

void print_counts() {
  std::cout << "Object count of A: " << ouro::objgraph::count("A") << '\n';
  std::cout << "Object count of B: " << ouro::objgraph::count("B") << '\n';
}

int main() {
  ouro::gc::disable();
  test3();
  print_counts();
}
