// Parent and child that refer to each other survive their function; gc.collect() frees them.
//
//   def test2():
//       a = A()
//       b = B()
//       a.child = b
//       b.parent = a
//
//   test2()
//   print 'Object count of A:', objgraph.count('A')
//   print 'Object count of B:', objgraph.count('B')
//   gc.collect()
//   print 'Object count of A:', objgraph.count('A')
//   print 'Object count of B:', objgraph.count('B')
#include <iostream>
#include <ouro/objgraph.hpp>
#include <ouro/ouro.hpp>

struct B;
struct A {
  ouro::Ref<B> child;
};
struct B {
  ouro::Ref<A> parent;
};

void test2() {
  auto a = ouro::make<A>();
  auto b = ouro::make<B>();
  a->child = b;
  b->parent = a;
}

void print_counts() {
  std::cout << "Object count of A: " << ouro::objgraph::count("A") << '\n';
  std::cout << "Object count of B: " << ouro::objgraph::count("B") << '\n';
}

int main() {
  ouro::gc::disable();
  test2();
  print_counts();
  ouro::gc::collect();
  print_counts();
}
