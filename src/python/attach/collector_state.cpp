#include "python/attach/collector_state.hpp"

#include <sys/uio.h>

#include <cstring>
#include <span>

#include "python/attach/tracked_list.hpp"

namespace ouro::python::attach {

namespace {

constexpr std::size_t kGeneration = 24;  ///< struct gc_generation
constexpr std::size_t kStats = 24;       ///< struct gc_generation_stats up to 3.14

/// struct gc_generation_stats of 3.15.
struct RingItem {
  std::int64_t began_ns;
  std::int64_t ended_ns;
  std::int64_t collections;
  std::int64_t collected;
  std::int64_t uncollectable;
  std::int64_t candidates;
  double seconds;
  std::int64_t heap_size;
};
static_assert(sizeof(RingItem) == 64);

template <class Value>
Value value_in(const std::vector<std::byte>& bytes, std::size_t offset) {
  Value value{};
  if (offset + sizeof(value) <= bytes.size()) {
    std::memcpy(&value, bytes.data() + offset, sizeof(value));
  }
  return value;
}

}  // namespace

CollectorReader::CollectorReader(TargetProcess process, const CollectorPlace& place)
    : process_(process),
      place_(place),
      bytes_(place.size_bytes),
      ring_bytes_(place.stats_are_rings ? place.rings_bytes : 0) {
  garbage_ = process_.value_at<std::uint64_t>(place.begin + place.garbage).value_or(0);
  if (place.stats_are_rings) {
    rings_ = process_.value_at<std::uint64_t>(place.begin + place.stats).value_or(0);
  }
}

Result<CollectorReader> CollectorReader::open(const Target& target) {
  const auto place = find_collector(target);
  if (!place) return place.error();
  CollectorReader reader(target.process, *place);
  if (!reader.read()) {
    return Error{ErrorCode::kUnsupported, "process " + std::to_string(target.process.pid()),
                 "this CPython keeps the statistics of its collector elsewhere"};
  }
  return reader;
}

std::optional<CollectorState> CollectorReader::read() {
  const iovec here[] = {{bytes_.data(), bytes_.size()}, {ring_bytes_.data(), ring_bytes_.size()}};
  const iovec there[] = {{reinterpret_cast<void*>(place_.begin), bytes_.size()},
                         {reinterpret_cast<void*>(rings_), ring_bytes_.size()}};
  const unsigned long parts = place_.stats_are_rings ? 2 : 1;
  const auto expected = static_cast<ssize_t>(bytes_.size() + ring_bytes_.size());
  if (process_vm_readv(process_.pid(), here, parts, there, parts, 0) != expected) {
    return std::nullopt;
  }
  if (value_in<std::uint64_t>(bytes_, place_.garbage) != garbage_) return std::nullopt;
  CollectorState state;
  state.is_enabled = value_in<std::int32_t>(bytes_, place_.enabled) != 0;
  state.is_collecting = value_in<std::int32_t>(bytes_, place_.collecting) != 0;
  state.long_lived = value_in<std::int64_t>(bytes_, place_.long_lived);
  state.long_lived_pending = value_in<std::int64_t>(bytes_, place_.long_lived + 8);
  for (std::size_t i = 0; i < kCollectedGenerations; ++i) {
    GenerationState& generation = state.generations[i];
    const std::size_t at = place_.generations + kGeneration * i;
    generation.threshold = value_in<std::int32_t>(bytes_, at + 16);
    generation.count = value_in<std::int32_t>(bytes_, at + 20);
    if (place_.stats_are_rings) continue;
    const std::size_t stats = place_.stats + kStats * i;
    generation.collections = value_in<std::int64_t>(bytes_, stats);
    generation.collected = value_in<std::int64_t>(bytes_, stats + 8);
    generation.uncollectable = value_in<std::int64_t>(bytes_, stats + 16);
  }
  if (place_.stats_are_rings) read_rings(state);
  for (const GenerationState& generation : state.generations) {
    if (generation.collections < 0 || generation.collected < 0) return std::nullopt;
  }
  return state;
}

void CollectorReader::read_rings(CollectorState& state) {
  remembered_.clear();
  for (std::size_t i = 0; i < kCollectedGenerations; ++i) {
    const CollectorPlace::Ring& ring = place_.rings[i];
    const std::size_t end = ring.begin + ring.items * sizeof(RingItem);
    const auto last = static_cast<std::uint32_t>(value_in<std::int8_t>(ring_bytes_, end));
    for (std::uint32_t k = 0; k < ring.items; ++k) {
      const auto item = value_in<RingItem>(ring_bytes_, ring.begin + k * sizeof(RingItem));
      if (item.collections <= 0) continue;
      const auto took = std::chrono::nanoseconds(item.ended_ns - item.began_ns);
      if (took.count() >= 0) {
        remembered_.push_back({static_cast<int>(i), item.collections, took});
      }
      if (k != last) continue;
      GenerationState& generation = state.generations[i];
      generation.collections = item.collections;
      generation.collected = item.collected;
      generation.uncollectable = item.uncollectable;
      generation.seconds = item.seconds;
    }
  }
}

TrackedObjects CollectorReader::tracked_objects(std::chrono::milliseconds most_time_each) const {
  TrackedObjects objects;
  if (!place_.has_lists) return objects;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const std::uint64_t head =
        place_.begin +
        (i == kCollectedGenerations ? place_.permanent : place_.generations + kGeneration * i);
    objects[i] = length_of_tracked_list(process_, head, most_time_each);
  }
  return objects;
}

}  // namespace ouro::python::attach
