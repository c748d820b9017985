// W5: allocate and free an object with two references, both null.
//
//   lifo               one at a time: freed before the next is allocated; 1,000 others are alive
//   batch              n are allocated, then freed in the order of their allocation: both together
//   batch allocation   the first half of it;  batch free: the second
//   ... collector off  the same with the collector switched off, for who has one: a collector looks
//   at what survives
//
// Cost measured: nanoseconds per object.
#pragma once

#include <string>
#include <vector>

#include "measure.hpp"
#include "peer.hpp"

namespace bench {

inline void allocate_and_free_lifo(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    auto node = peer::make<peer::Node>();
    escape(node);
    peer::free_now(node);
  }
}

inline void run_batches(std::size_t count, std::size_t repeats, const std::string& suffix) {
  const auto objects = static_cast<double>(count);
  peer::List<peer::Ref<peer::Node>> nodes(count);
  std::vector<double> allocation;
  std::vector<double> release;
  std::vector<double> both;
  for (std::size_t i = 0; i < repeats; ++i) {
    const double begin = thread_cpu_ns();
    for (auto& node : nodes) node = peer::make<peer::Node>();
    const double middle = thread_cpu_ns();
    for (auto& node : nodes) peer::free_now(node);
    const double end = thread_cpu_ns();
    allocation.push_back((middle - begin) / objects);
    release.push_back((end - middle) / objects);
    both.push_back((end - begin) / objects);
  }
  report(("batch" + suffix).c_str(), "ns", both);
  report(("batch allocation" + suffix).c_str(), "ns", allocation);
  report(("batch free" + suffix).c_str(), "ns", release);
}

inline void run_allocation(const Parameters& parameters) {
  const std::size_t count = parameters.number("n", 1'000'000);
  const std::size_t repeats = parameters.number("repeats", 5);
  // Allocators have a slow path for a page that becomes empty; in a program other objects of the
  // size are alive.
  peer::List<peer::Ref<peer::Node>> others(1000);
  for (auto& other : others) other = peer::make<peer::Node>();
  report("lifo", "ns", time_each(repeats, 10 * count, [&] { allocate_and_free_lifo(10 * count); }));
  run_batches(count, repeats, "");
  if (peer::kCollects) {
    peer::disable_collector();
    run_batches(count, repeats, ", collector off");
  }
}

}  // namespace bench
