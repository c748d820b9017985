// The program of a C++ peer: `bench_<peer> <work> name=value...` prints a line of JSON for each
// measurement.
//
// It is compiled once a peer, with that peer's folder in the include path: `peer.hpp` says what a
// reference is there and shows how a user of that peer writes the Dungeon (bench/README.md lists
// what it must define).
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "measure.hpp"
#include "peer.hpp"
#include "w1_frames.hpp"
#include "w2_live_graph.hpp"
#include "w3_garbage.hpp"
#include "w4_references.hpp"
#include "w5_allocation.hpp"
#include "w6_trees.hpp"
#include "w7_footprint.hpp"

int main(int argc, char** argv) {
  const std::string_view work = argc > 1 ? argv[1] : "";
  const bench::Parameters parameters(argc, argv);
  peer::start();
  if (work == "w2" || work == "w3") bench::require(peer::kCollects, "this peer has no collector");
  if (work == "w1") {
    bench::run_frames(parameters);
  } else if (work == "w2") {
    bench::run_live_graph(parameters);
  } else if (work == "w3") {
    bench::run_garbage(parameters);
  } else if (work == "w4") {
    bench::run_references(parameters);
  } else if (work == "w5") {
    bench::run_allocation(parameters);
  } else if (work == "w6") {
    bench::run_trees(parameters);
  } else if (work == "w7") {
    bench::run_footprint(parameters);
  } else {
    std::fprintf(stderr, "usage: %s w1..w7 name=value...\n", argv[0]);
    return 2;
  }
  std::fflush(stdout);
  // Past the destructors: a chain of a million references would need a stack as deep with most
  // peers.
  std::_Exit(0);
}
