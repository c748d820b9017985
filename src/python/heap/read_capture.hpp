// From the stream of a walker to a heap graph.
//
//   Result<CapturedHeap> heap = read_capture(pipe, {.program = "server.py", .time = now});
//   if (heap) error = graph::write_graph(heap->graph, "heap.ouro", FileAccess::kOwnerAlone);
//
// capture_file.hpp writes while it reads.
//
// Reads while the walker still walks. Memory: 15 bytes an object and 10 a reference while reading,
// strings aside, and 6 bytes an object and 4 a reference more at the end. The stream is not
// trusted: whatever comes is a graph that HeapGraph's invariants hold of, or an Error.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <ouro/base/result.hpp>
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"
#include "python/stream/records.hpp"

namespace ouro::python::heap {

/// Of a snapshot of the asker's own process: its newest frames and the object it asks about. What
/// the frames hold, and that the call has the object as its argument, is for the question's sake:
/// the graph is as if neither were so.
struct OwnFrames {
  std::uint64_t ident = 0;  ///< of the thread, as threading.get_ident()
  std::uint32_t count = 0;
  /// Its address, or 0. Up to 3.10 the caller's frame keeps arguments on its stack.
  std::uint64_t argument = 0;
};

struct ReadOptions {
  /// Facts of the graph that only the caller knows. Empty: no such fact.
  std::string program;  ///< "server.py", "gunicorn: worker"
  std::string time;     ///< ISO 8601, UTC
  /// Any others, behind all that read_capture adds itself.
  std::vector<std::pair<std::string, std::string>> more_facts;
  /// Whether texts and numbers of the program get into the graph. Without them it has the names
  /// that stand in the program: of types, functions, modules and their files, variables,
  /// attributes, and of keys those that are interned strings. A fact says so.
  bool keeps_values = true;
  /// How long the target stood still at a time while the walker was brought in; its clone may have
  /// taken longer.
  std::chrono::nanoseconds longest_stop{0};
  /// The pid as we see it, where the target sees another one; 0: what the target says.
  std::uint32_t process = 0;

  OwnFrames own_frames;

  /// "reading the heap", in objects.
  Progress* progress = nullptr;
  /// Ends the reading, within 100 ms, with an Error.
  const std::atomic<bool>* is_cancelled = nullptr;
  /// Called once all objects and references are there, before references are named: with a graph
  /// whose structure (graph::GraphWriter) is final and that may be read by another thread while the
  /// call of read_capture goes on, and be kept. Not with own_frames, which change it.
  std::function<void(const graph::HeapGraph&)> on_structure;

  /// Asked when nothing has come for 100 ms: false ends the reading with an Error. The end of a
  /// pipe says nothing where a fork of the target keeps it open.
  std::function<bool()> is_walker_alive;
};

struct CapturedHeap {
  graph::HeapGraph graph;
  stream::Hello hello{};
  stream::End end{};
  std::string python_version;  ///< Py_GetVersion()
  std::uint64_t thread_count = 0;
  std::uint64_t heap_bytes = 0;  ///< of all objects
  /// Objects whose count is below the references that are known. 0 in a capture without mistakes.
  std::uint64_t counts_below_known = 0;
};

/// Precondition: `fd` is open for reading; it stays open. Errors: kCorrupt (what came is no
/// stream), kInputOutput (it ended too early, was cancelled, or the walker said why it failed).
Result<CapturedHeap> read_capture(int fd, const ReadOptions& options = {});

}  // namespace ouro::python::heap
