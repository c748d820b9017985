// The reference count of a list before, during and after a call.
//
//   a = []
//   print(sys.getrefcount(a))      # 2: a, and getrefcount's argument
//
//   def func(a):
//       print(sys.getrefcount(a))  # 4: a, the call stack, the parameter, getrefcount's argument
//
//   func(a)
//   print(sys.getrefcount(a))      # 2: func's references are gone
//
// Python prints 2 4 2, Ouro 1 2 1. ouro::getrefcount looks at the variable itself instead of
// getting a reference of its own, and C++ has no stack of references besides the variables: what is
// left is `a` and, during the call, the parameter. A parameter `const Ref<List>&` would not even be
// that. (CPython 3.11 prints 2 3 2: it has dropped its stack's reference too.)
#include "python.hpp"

void func(ouro::Ref<List> a) {
  std::cout << ouro::getrefcount(a) << '\n';
}

int main() {
  auto a = ouro::make<List>();
  std::cout << ouro::getrefcount(a) << '\n';
  func(a);
  std::cout << ouro::getrefcount(a) << '\n';
}
