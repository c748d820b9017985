// `ouro gc`: the collector of a live process, as it was watched for a while.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/json.hpp"
#include "report/pause_histogram.hpp"

namespace ouro::report {

inline constexpr std::size_t kCollectorGenerations = 3;

struct CollectedGeneration {
  std::int64_t threshold = 0;
  std::int64_t count = 0;
  // Since the program began.
  std::int64_t collections = 0;
  std::int64_t collected = 0;
  std::int64_t uncollectable = 0;
  // While it was watched.
  std::int64_t collections_watched = 0;
  std::int64_t collected_watched = 0;
  std::int64_t uncollectable_watched = 0;
  /// How many of the last collections, back from the end, freed nothing.
  std::int64_t last_in_vain = 0;
  double paused_seconds = 0;  ///< unbiased, however short the pauses are
  PauseHistogram pauses;

  std::optional<double> mean_seconds() const;
};

struct CollectorSummary {
  std::int64_t process = 0;
  std::string program;
  std::string python_version;
  bool is_enabled = false;
  bool is_incremental = false;  ///< generation 1 is collected in steps
  bool is_free_threaded = false;
  bool measures_itself = false;          ///< pauses are the interpreter's own numbers, exact
  std::uint32_t other_interpreters = 0;  ///< beside the main one, of which all this is
  std::array<CollectedGeneration, kCollectorGenerations> generations;
  /// Objects in generations 0, 1, 2 and frozen ones.
  std::array<std::optional<std::uint64_t>, kCollectorGenerations + 1> tracked;
  std::int64_t long_lived = 0;
  std::int64_t long_lived_pending = 0;
  std::int64_t collected_before = 0;  ///< by full collections before the watch
  double watched_seconds = 0;
  std::optional<double> processor_seconds;  ///< that the process took meanwhile
  std::chrono::nanoseconds period{0};       ///< mean time between two looks
  std::chrono::nanoseconds longest_period{0};
  std::uint64_t looks = 0;

  double paused_seconds() const;
  std::int64_t collections_watched() const;
};

/// Sentences for people: what the numbers mean, and what to do about it.
std::vector<std::string> collector_advice(const CollectorSummary& summary);

std::string to_text(const CollectorSummary& summary, std::size_t width);
Json to_json(const CollectorSummary& summary);

/// "12 us", "0.31 ms", "31.5 ms", "1.20 s".
std::string format_seconds(double seconds);

}  // namespace ouro::report
