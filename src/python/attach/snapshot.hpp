// A snapshot of a running process, in memory or as a file.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <ouro/base/result.hpp>
#include "base/progress.hpp"
#include "python/attach/interruption.hpp"
#include "python/attach/target.hpp"
#include "python/heap/read_capture.hpp"

namespace ouro::python::attach {

struct SnapshotOptions {
  std::string path;  ///< an older file of the name is replaced
  bool walks_in_place = false;
  /// Whether texts and numbers of the program get into the file.
  bool keeps_values = true;
  /// After which a program that cannot be looked at is let be; the walk itself has no limit.
  std::chrono::milliseconds patience = std::chrono::seconds(60);
  std::vector<std::pair<std::string, std::string>> more_facts;
};

/// What there is to say about it at once; the rest says the file.
struct Snapshot {
  std::uint64_t objects = 0;
  std::uint64_t references = 0;
  std::uint64_t heap_bytes = 0;
  std::uint64_t file_bytes = 0;
  std::string python_version;  ///< "3.11.7"
  /// The longest time in which the program's main thread could not go on because of this: stopped
  /// by ptrace, or waiting for the clone. Walked in place: all of the walk.
  std::chrono::nanoseconds pause{0};
  std::chrono::nanoseconds took{0};  ///< from the beginning to the file
  bool walked_in_place = false;
  bool was_collecting = false;  ///< a collection did not end; objects may be missing
};

struct Capture {
  heap::CapturedHeap heap;
  Snapshot snapshot;  ///< of no file yet
};

/// Without a file: options.path is not looked at. Errors: of attaching and of the walk. The target
/// goes on in any case.
Result<Capture> capture(const Target& target, const SnapshotOptions& options,
                        const Interruption& interruption, Progress* progress = nullptr);

/// Errors: of attaching, of the walk, and kInputOutput with the file's path as its place. The
/// target goes on in any case; no file is left behind unless it is whole.
Result<Snapshot> take_snapshot(const Target& target, const SnapshotOptions& options,
                               const Interruption& interruption, Progress* progress = nullptr);

}  // namespace ouro::python::attach
