// W4: copy a reference and drop the copy.
//
//   one     the same object every time: the count waits for its own last change
//   many    1,024 objects in turn: counts in cache, independent of each other
//
// Cost measured: nanoseconds for one copy and one drop.
#pragma once

#include <thread>
#include <vector>

#include "measure.hpp"
#include "peer.hpp"

namespace bench {

inline void copy_and_drop(const peer::Ref<peer::Node>& source) {
  peer::Ref<peer::Node> copy = source;
  escape(copy);
}

inline void run_references(const Parameters& parameters) {
  const std::size_t count = parameters.number("n", 20'000'000);
  const std::size_t repeats = parameters.number("repeats", 5);
  // std::shared_ptr counts without atomics until the process has started a thread: almost every
  // real program has.
  if (parameters.number("threads", 0) > 0) std::thread([] {}).join();

  const auto source = peer::make<peer::Node>();
  report("one", "ns", time_each(repeats, count, [&] {
           for (std::size_t i = 0; i < count; ++i) copy_and_drop(source);
         }));

  peer::List<peer::Ref<peer::Node>> sources;
  for (std::size_t i = 0; i < 1024; ++i) sources.push_back(peer::make<peer::Node>());
  report("many", "ns", time_each(repeats, count, [&] {
           for (std::size_t i = 0; i < count; ++i) copy_and_drop(sources[i % 1024]);
         }));
}

}  // namespace bench
