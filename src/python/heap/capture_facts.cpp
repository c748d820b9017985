#include "python/heap/capture_facts.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

namespace ouro::python::heap {

namespace {

std::string milliseconds(std::uint64_t nanoseconds) {
  std::array<char, 40> text;
  std::snprintf(text.data(), text.size(), "%.1f ms", static_cast<double>(nanoseconds) / 1e6);
  return text.data();
}

}  // namespace

void add_facts(const CollectedHeap& collected, const CapturedHeap& captured,
               const ReadOptions& options, AssembledHeap& heap) {
  using stream::Hello;
  const Hello& hello = collected.hello;
  const auto add_where_so = [&](std::uint32_t flag, const char* key) {
    if ((hello.flags & flag) != 0) heap.add_fact(key, "yes");
  };
  // "3.13.0 (main, Oct  7 2024, ...)" begins with what a person calls the version.
  std::string version = collected.python_version;
  std::ranges::replace(version, '\n', ' ');
  heap.add_fact("writer", "ouro");
  if (!options.program.empty()) heap.add_fact("program", options.program);
  heap.add_fact("pid", std::to_string(options.process != 0 ? options.process : hello.process));
  if (!options.time.empty()) heap.add_fact("time", options.time);
  heap.add_fact("runtime", "cpython " + version.substr(0, version.find(' ')));
  heap.add_fact("python", version);
  if (!options.keeps_values) heap.add_fact("values left out", "yes");
  add_where_so(Hello::kFreeThreaded, "free-threaded");
  add_where_so(Hello::kInPlace, "walked in place");
  add_where_so(Hello::kCollecting, "a collection ran");
  if ((hello.flags & Hello::kInPlace) == 0) {
    const auto stop = static_cast<std::uint64_t>(options.longest_stop.count());
    heap.add_fact("pause", milliseconds(std::max(hello.clone_took_ns, stop)));
  }
  heap.add_fact("walk", milliseconds(collected.end.walk_ns));
  heap.add_fact("interpreters", std::to_string(collected.end.interpreter_count));
  const auto greenlets = std::ranges::count_if(collected.threads, &stream::Thread::is_greenlet);
  const auto threads = std::ssize(collected.threads) - greenlets;
  heap.add_fact("threads", std::to_string(threads));
  if (greenlets != 0) heap.add_fact("greenlets", std::to_string(greenlets));
  heap.add_fact("frames", std::to_string(collected.frames.size()));
  if (collected.uncertain_counts != 0) {
    heap.add_fact("uncertain counts", std::to_string(collected.uncertain_counts));
  }
  if (captured.counts_below_known != 0) {
    heap.add_fact("counts below known references", std::to_string(captured.counts_below_known));
  }
}

}  // namespace ouro::python::heap
