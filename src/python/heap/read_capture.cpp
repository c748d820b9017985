#include "python/heap/read_capture.hpp"

#include <cstdint>

#include "python/heap/assemble.hpp"
#include "python/heap/heap_collector.hpp"
#include "python/stream/failure.hpp"
#include "python/stream/stream_reader.hpp"

namespace ouro::python::heap {

Result<CapturedHeap> read_capture(int fd, const ReadOptions& options) {
  stream::StreamReader reader(fd, {options.is_cancelled, options.is_walker_alive});
  HeapCollector collector(options.keeps_values);
  if (options.progress != nullptr) options.progress->begin("reading the heap", 0);
  constexpr std::uint32_t kNodesAStep = 1u << 14;
  std::uint32_t next_step = kNodesAStep;
  for (;;) {
    const Result<stream::Record> record = reader.next();
    if (!record) return record.error();
    if (record->kind == stream::RecordKind::kFailure) return stream::failure_of(*record);
    if (auto error = collector.take(*record)) return *std::move(error);
    if (record->kind == stream::RecordKind::kEnd) break;
    if (options.progress != nullptr && collector.node_count() >= next_step) {
      options.progress->advance(collector.node_count());
      next_step = collector.node_count() + kNodesAStep;
    }
  }
  Result<CollectedHeap> collected = std::move(collector).finish();
  if (!collected) return collected.error();
  if (options.progress != nullptr) options.progress->begin("naming what holds it", 0);
  return assemble(*std::move(collected), options);
}

}  // namespace ouro::python::heap
