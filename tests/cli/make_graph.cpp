// make_graph OUTPUT < TEXT: a heap graph from the tests' notation (support/graph_text.hpp), for
// tests of the command.
#include <cstdio>
#include <exception>
#include <iostream>
#include <iterator>
#include <string>

#include "graph/graph_file.hpp"
#include "support/graph_text.hpp"

int main(int argument_count, char** arguments) {
  if (argument_count != 2) return 2;
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  try {
    const auto error = ouro::graph::write_graph(ouro::test::graph_of(text).graph, arguments[1]);
    if (error) std::fprintf(stderr, "%s\n", error->to_string().c_str());
    return error ? 1 : 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
