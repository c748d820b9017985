// A picture of what refers to a list: the way back, which answers why an object is still alive.
//
//   a = [1, 2, 3]
//   b = [4, 5, 6]
//   a.append(b)
//   b.append(a)
//   objgraph.show_backrefs([a])
//
// The numbers are not in the picture: they refer to nothing. For the files see 10_show_refs.
#include <ouro/objgraph.hpp>
#include <string>

#include "python.hpp"

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? std::string(argv[1]) + "/" : "";
  auto a = list_of_numbers({1, 2, 3});
  auto b = list_of_numbers({4, 5, 6});
  a->append(b);
  b->append(a);

  const auto picture = ouro::objgraph::show_backrefs({a}, {.filename = folder + "backrefs.svg"});
  if (!picture) {
    std::cerr << picture.error().to_string() << '\n';
    return 1;
  }
  std::cout << picture->message << '\n';
}
