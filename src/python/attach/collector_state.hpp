// The collector of a live process, as it is at one moment: read from outside by one system call of
// about a microsecond, of which the process notices nothing.
//
//   if (auto reader = CollectorReader::open(target)) {
//     if (auto state = reader->read()) use(state->generations[2].collections);
//   }
//
// The process runs meanwhile: numbers that change together may be read a moment apart.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <ouro/base/result.hpp>
#include "python/attach/collector_place.hpp"
#include "python/attach/target.hpp"

namespace ouro::python::attach {

inline constexpr int kCollectedGenerations = 3;

/// A line of gc.get_threshold(), gc.get_count() and gc.get_stats().
struct GenerationState {
  std::int64_t threshold = 0;
  std::int64_t count = 0;
  std::int64_t collections = 0;
  std::int64_t collected = 0;
  std::int64_t uncollectable = 0;
  /// From 3.15 on, which measures it itself.
  std::optional<double> seconds;
};

/// A collection that 3.15 remembers.
struct RememberedCollection {
  int generation = 0;
  std::int64_t number = 0;  ///< the first of its generation is 1
  std::chrono::nanoseconds took{0};
};

struct CollectorState {
  bool is_enabled = false;
  bool is_collecting = false;
  std::array<GenerationState, kCollectedGenerations> generations;
  std::int64_t long_lived = 0;          ///< objects that survived the last full collection
  std::int64_t long_lived_pending = 0;  ///< of younger ones, since then
};

/// Objects in the lists of generations 0, 1, 2 and the permanent one (gc.freeze()).
using TrackedObjects = std::array<std::optional<std::uint64_t>, kCollectedGenerations + 1>;

class CollectorReader {
 public:
  /// Errors: kUnsupported, with what does not fit.
  static Result<CollectorReader> open(const Target& target);

  const CollectorPlace& place() const { return place_; }
  /// Nothing: the process has ended, has become another program, or its Python is ending.
  std::optional<CollectorState> read();
  /// Of the last read(), 3.15's last collections: 11 of the youngest, 3 of each other generation.
  const std::vector<RememberedCollection>& remembered() const { return remembered_; }

  /// Walks the lists from outside, each for that long at most; what changes too fast to be walked
  /// has no number. Costs the process nothing, this one a system call for each page.
  TrackedObjects tracked_objects(std::chrono::milliseconds most_time_each) const;

 private:
  CollectorReader(TargetProcess process, const CollectorPlace& place);

  void read_rings(CollectorState& state);

  TargetProcess process_;
  CollectorPlace place_;
  std::uint64_t garbage_ = 0;  ///< gc.garbage: one list as long as the interpreter lives
  std::uint64_t rings_ = 0;    ///< address of 3.15's statistics
  std::vector<std::byte> bytes_;
  std::vector<std::byte> ring_bytes_;
  std::vector<RememberedCollection> remembered_;
};

}  // namespace ouro::python::attach
