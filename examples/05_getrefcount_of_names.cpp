// The reference count of a list with one name, with two and with seven.
//
//   a = []
//   print(sys.getrefcount(a))  # 2
//   b = a
//   print(sys.getrefcount(a))  # 3
//   c = b; d = b; e = c; f = e; g = d
//   print(sys.getrefcount(a))  # 8
//
// Python prints 2 3 8, Ouro 1 2 7: the names alone, as getrefcount's argument is not a copy.
#include "python.hpp"

int main() {
  auto a = ouro::make<List>();
  std::cout << ouro::getrefcount(a) << '\n';

  auto b = a;
  std::cout << ouro::getrefcount(a) << '\n';

  auto c = b;
  auto d = b;
  auto e = c;
  auto f = e;
  auto g = d;
  std::cout << ouro::getrefcount(a) << '\n';
}
