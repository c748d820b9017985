// Two objects of a function are freed by their counts when it returns; the collector is off.
//
//   gc.disable()
//
//   def test1():
//       a = A()
//       b = B()
//
//   test1()
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

void test1() {
  auto a = ouro::make<A>();
  auto b = ouro::make<B>();
}

void print_counts() {
  std::cout << "Object count of A: " << ouro::objgraph::count("A") << '\n';
  std::cout << "Object count of B: " << ouro::objgraph::count("B") << '\n';
}

int main() {
  ouro::gc::disable();
  test1();
  print_counts();
}
