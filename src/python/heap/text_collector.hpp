// What objects say of themselves: the entries of Texts records, as previews.
//
// Half of the reading of a stream is this, and nothing else of the stream waits for it. So from the
// first megabyte on a thread of its own does it, beside the one that reads; what is less is not
// worth a thread. The copies of records that wait for it take 8 MiB at most, and the memory that is
// kept for the next as much again.
//
// Call order: take() as often as records come, then finish() once; or neither.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <ouro/base/result.hpp>
#include "python/heap/collected_heap.hpp"
#include "python/stream/stream_reader.hpp"

namespace ouro::python::heap {

class TextCollector {
 public:
  explicit TextCollector(bool keeps_values) : keeps_values_(keeps_values) {}
  TextCollector(const TextCollector&) = delete;
  TextCollector& operator=(const TextCollector&) = delete;
  ~TextCollector();

  /// An error may be of a record before.
  std::optional<Error> take(const stream::Record& record);
  /// Waits for all. An error as of take(), or the texts.
  Result<CollectedTexts> finish();

 private:
  struct Waiting {
    stream::Record record;
    std::vector<std::byte> payload;
  };
  static constexpr std::size_t kWorthAThread = std::size_t{1} << 20;
  static constexpr std::size_t kMostWaitingBytes = std::size_t{8} << 20;
  static constexpr std::size_t kMostSpare = kMostWaitingBytes / stream::kMostBytes;

  /// What an object shows, whose place among the strings has been asked for.
  struct Value {
    graph::NodeIndex node = 0;
    std::size_t hash = 0;
    std::string text;
  };
  static constexpr std::size_t kValuesAtOnce = 16;

  std::optional<Error> put(const stream::Record& record);
  void run();
  void stop();
  std::optional<Error> read(const stream::Record& record);
  std::optional<Error> read(const stream::Record& record, const stream::TextEntry& entry,
                            std::string_view bytes);
  void add_values();

  bool keeps_values_;
  std::size_t bytes_before_thread_ = 0;
  // The thread's, while there is one.
  CollectedTexts texts_;
  std::array<Value, kValuesAtOnce> values_;
  std::size_t value_count_ = 0;

  std::mutex mutex_;
  std::condition_variable has_changed_;
  std::deque<Waiting> waiting_;  ///< guarded by mutex_, as are those below
  std::size_t waiting_bytes_ = 0;
  std::vector<std::vector<std::byte>> spare_;  ///< payloads that have been read, for their memory
  bool is_at_end_ = false;
  std::optional<Error> error_;
  std::thread thread_;
};

}  // namespace ouro::python::heap
