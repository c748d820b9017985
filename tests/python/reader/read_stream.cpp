// Turns the stream of a walker, from a file or a pipe, into a heap graph: what tests in Python use.
//
//   ouro_read_stream STREAM heap.ouro [PROGRAM]      "-" is standard input
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string_view>

#include "graph/graph_file.hpp"
#include "python/heap/read_capture.hpp"

int main(int count, char** arguments) {
  using Clock = std::chrono::steady_clock;
  const auto seconds = [](Clock::duration duration) {
    return std::chrono::duration<double>(duration).count();
  };
  if (count < 3) {
    std::fprintf(stderr, "usage: ouro_read_stream STREAM FILE [PROGRAM]\n");
    return 2;
  }
  const bool is_input = std::string_view(arguments[1]) == "-";
  const int fd = is_input ? STDIN_FILENO : ::open(arguments[1], O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    std::perror(arguments[1]);
    return 3;
  }
  ouro::python::heap::ReadOptions options;
  if (count > 3) options.program = arguments[3];
  const auto begin = Clock::now();
  const auto heap = ouro::python::heap::read_capture(fd, options);
  if (!heap) {
    std::fprintf(stderr, "%s\n", heap.error().to_string().c_str());
    return 1;
  }
  const auto read = Clock::now();
  if (const auto error = ouro::graph::write_graph(heap->graph, arguments[2])) {
    std::fprintf(stderr, "%s\n", error->to_string().c_str());
    return 1;
  }
  std::printf("%u objects, %u references, read %.3f s, written %.3f s, %llu counts too low\n",
              heap->graph.node_count(), heap->graph.edge_count(), seconds(read - begin),
              seconds(Clock::now() - read),
              static_cast<unsigned long long>(heap->counts_below_known));
}
