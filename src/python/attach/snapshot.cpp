#include "python/attach/snapshot.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "graph/graph_file.hpp"
#include "python/attach/attach.hpp"
#include "python/attach/process_facts.hpp"
#include "python/attach/test_hook.hpp"
#include "python/attach/walker_process.hpp"
#include "python/heap/capture_file.hpp"
#include "python/heap/read_capture.hpp"

namespace ouro::python::attach {

namespace {

/// Arguments may be passwords: without values there are the interpreter and the script alone.
std::string program_of(const TargetProcess& process, bool keeps_values) {
  std::string program;
  for (const std::string& word : process.command_line()) {
    if (!keeps_values && !program.empty() && !word.ends_with(".py")) continue;
    program += (program.empty() ? "" : " ") + word;
    if (!keeps_values && word.ends_with(".py")) break;
  }
  return program.empty() ? process.name() : program;
}

std::uint64_t size_of_file(const std::string& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

}  // namespace

namespace {

Result<Capture> capture_with(const Target& target, const SnapshotOptions& options,
                             const Interruption& interruption, Progress* progress,
                             std::function<void(const graph::HeapGraph&)> on_structure) {
  const auto begin = Clock::now();
  const TargetProcess& process = target.process;
  heap::ReadOptions reading;
  add_memory(process, reading.more_facts);
  auto attached =
      attach(target, {.walks_in_place = options.walks_in_place, .patience = options.patience},
             interruption, progress);
  if (!attached) return attached.error();
  reading.program = program_of(process, options.keeps_values);
  reading.keeps_values = options.keeps_values;
  reading.time = time_now();
  reading.more_facts.insert(reading.more_facts.end(), options.more_facts.begin(),
                            options.more_facts.end());
  reading.process = static_cast<std::uint32_t>(process.pid());
  reading.longest_stop = attached->longest_stop;
  reading.progress = progress;
  reading.on_structure = std::move(on_structure);
  reading.is_cancelled = &Interruption::asked_to_stop();
  reading.is_walker_alive = [&] { return is_walker_alive(process, options.walks_in_place); };
  auto heap = heap::read_capture(attached->pipe.number(), reading);
  const auto walked = Clock::now() - begin;
  attached->pipe.close();
  reached("read");
  if (!heap) return why_ended_early(heap.error(), process, options.walks_in_place);
  Snapshot snapshot;
  snapshot.objects = heap->graph.node_count();
  snapshot.references = heap->graph.edge_count();
  snapshot.heap_bytes = heap->heap_bytes;
  snapshot.python_version = heap->python_version.substr(0, heap->python_version.find(' '));
  snapshot.walked_in_place = options.walks_in_place;
  snapshot.was_collecting = (heap->hello.flags & stream::Hello::kCollecting) != 0;
  snapshot.pause = std::max<std::chrono::nanoseconds>(
      attached->longest_stop,
      options.walks_in_place
          ? walked
          : std::chrono::nanoseconds(static_cast<std::int64_t>(heap->hello.clone_took_ns)));
  snapshot.took = Clock::now() - begin;
  return Capture{.heap = *std::move(heap), .snapshot = std::move(snapshot)};
}

}  // namespace

Result<Capture> capture(const Target& target, const SnapshotOptions& options,
                        const Interruption& interruption, Progress* progress) {
  return capture_with(target, options, interruption, progress, {});
}

Result<Snapshot> take_snapshot(const Target& target, const SnapshotOptions& options,
                               const Interruption& interruption, Progress* progress) {
  const auto begin = Clock::now();
  heap::CaptureFile file(options.path);
  auto captured = capture_with(target, options, interruption, progress,
                               [&](const graph::HeapGraph& graph) { file.begin(graph); });
  if (!captured) return captured.error();
  if (progress != nullptr) progress->begin("writing the file", 0);
  Snapshot snapshot = std::move(captured->snapshot);
  if (auto error = file.finish(std::move(captured->heap))) return *std::move(error);
  reached("file");
  snapshot.file_bytes = size_of_file(options.path);
  snapshot.took = Clock::now() - begin;
  return snapshot;
}

}  // namespace ouro::python::attach
