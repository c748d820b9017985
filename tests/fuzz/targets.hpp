// What is fuzzed: functions that take any bytes and must come back. Under libFuzzer each is a
// program of its own (tests/fuzz/CMakeLists.txt, scripts/fuzz); in every other build
// corpus_test.cpp gives them the files of tests/fuzz/corpus/<name>/.
//
// What is wrong ends the process: sanitizers do, and require() where an answer contradicts another.
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace ouro::fuzz {

/// A heap graph file: as it is, and with the checksums that belong to it.
void graph_file(std::string_view bytes);
/// An edge list or DOT, maybe compressed.
void text_graph(std::string_view bytes);
/// A query, as a person types it.
void query(std::string_view bytes);

/// What a walker in another process says of its heap.
void walker_stream(std::string_view bytes);

struct Target {
  std::string_view name;
  void (*run)(std::string_view bytes);
};
inline constexpr std::array<Target, 4> kTargets{{{"graph_file", graph_file},
                                                 {"text_graph", text_graph},
                                                 {"query", query},
                                                 {"walker_stream", walker_stream}}};

inline void require(bool condition, std::string_view sentence) {
  if (condition) return;
  std::fprintf(stderr, "contradiction: %.*s\n", static_cast<int>(sentence.size()), sentence.data());
  std::abort();
}

}  // namespace ouro::fuzz
