// W3: n objects of garbage, as n / 2 pairs that refer to each other or as one ring, made with the
// collector switched off.
//
// Cost measured: nanoseconds per object of the one collection that finds and frees all of them.
#pragma once

#include "measure.hpp"
#include "peer.hpp"

namespace bench {

inline void make_pairs(std::size_t count) {
  for (std::size_t i = 0; i < count / 2; ++i) {
    auto first = peer::make<peer::Node>();
    auto second = peer::make<peer::Node>();
    first->left = second;
    second->left = first;
  }
}

inline void make_ring(std::size_t count) {
  auto first = peer::make<peer::Node>();
  auto last = first;
  for (std::size_t i = 1; i < count; ++i) {
    auto next = peer::make<peer::Node>();
    last->left = next;
    last = next;
  }
  last->left = first;
}

inline void run_garbage(const Parameters& parameters) {
  const std::size_t count = parameters.number("n", 1'000'000);
  const std::size_t repeats = parameters.number("repeats", 3);
  const bool pairs = parameters.text("shape", "pairs") == "pairs";
  peer::disable_collector();
  std::vector<double> values;
  for (std::size_t i = 0; i < repeats; ++i) {
    pairs ? make_pairs(count) : make_ring(count);
    const double begin = thread_cpu_ns();
    const std::size_t found = peer::collect();
    values.push_back((thread_cpu_ns() - begin) / static_cast<double>(count));
    require(!peer::kCountsCollected || found == count, "not all of the garbage was collected");
  }
  report("collect", "ns/object", values);
}

}  // namespace bench
