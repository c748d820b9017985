// A picture of what a list refers to: two lists that hold each other, found at a glance.
//
//   a = [1, 2, 3]
//   b = [4, 5, 6]
//   a.append(b)
//   b.append(a)
//   objgraph.show_refs([a])
//
// The references of the cycle are drawn in red. The picture is left in the folder given as an
// argument, else in the current one; where Graphviz is not installed, it is its input, a .dot file.
#include <ouro/objgraph.hpp>
#include <string>

#include "python.hpp"

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? std::string(argv[1]) + "/" : "";
  auto a = list_of_numbers({1, 2, 3});
  auto b = list_of_numbers({4, 5, 6});
  a->append(b);
  b->append(a);

  const auto picture = ouro::objgraph::show_refs({a}, {.filename = folder + "refs.svg"});
  if (!picture) {
    std::cerr << picture.error().to_string() << '\n';
    return 1;
  }
  std::cout << picture->message << '\n';
}
