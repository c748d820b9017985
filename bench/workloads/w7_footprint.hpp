// W7: the memory of an object with two references: growth of the resident set over n of them,
// chained by one reference so that no list of them counts.
//
// Unit: bytes per object, the allocator's overhead included.
#pragma once

#include <utility>

#include "measure.hpp"
#include "peer.hpp"
#include "resident_memory.hpp"

namespace bench {

inline void run_footprint(const Parameters& parameters) {
  const std::size_t count = parameters.number("n", 4'000'000);
  peer::disable_collector();
  // Static, as dropping it would recurse four million deep with most peers.
  static auto chain = peer::make<peer::Node>();
  const double before = resident_bytes();
  for (std::size_t i = 0; i < count; ++i) {
    auto node = peer::make<peer::Node>();
    node->left = std::move(chain);
    chain = std::move(node);
  }
  const double growth = resident_bytes() - before;
  escape(chain);
  report("object", "bytes", {growth / static_cast<double>(count)});
}

}  // namespace bench
