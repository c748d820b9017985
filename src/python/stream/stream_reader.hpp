// Takes a stream apart into its records, as they come through a pipe.
//
//   buffer   [ taken | record | record | rec......         ]    4 MiB, one read fills what is free
//                    ^                      ^ what is there of the next moves to the front
//
// Knows the frame of records alone: that kinds are known, lengths within kMostBytes, that Hello
// comes first, and nothing behind End or Failure. What stands in the payloads is its callers'
// business.
//
// Waits with poll(2), so that it notices a cancellation within 100 ms whatever the other end does.
// Memory: the buffer. Time: one copy by the kernel, and the beginning of a record moved per read.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <ouro/base/result.hpp>
#include "python/stream/records.hpp"

namespace ouro::python::stream {

/// Where an error is that is of the stream as a whole.
inline constexpr const char* kPlace = "the walker's stream";

struct Record {
  RecordKind kind{};
  std::uint64_t offset = 0;  ///< of its header in the stream
  /// Aligned to 8; valid until the next record is taken.
  std::span<const std::byte> payload;

  /// "nodes record at offset 4096: <message>".
  Error corrupt(std::string message) const;
};

/// Who may end the wait for the other end.
struct StopConditions {
  const std::atomic<bool>* is_cancelled = nullptr;
  /// Asked when nothing has come for 100 ms.
  std::function<bool()> is_writer_alive;
};

class StreamReader {
 public:
  /// Precondition: `fd` is open for reading, and stays so.
  StreamReader(int fd, StopConditions stop);
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;

  /// Precondition: the record before was neither End nor Failure.
  Result<Record> next();

 private:
  static constexpr std::size_t kBufferBytes = std::size_t{4} << 20;

  std::optional<Error> fill(std::size_t wanted);
  std::optional<Error> wait();
  Error ended_early(const std::string& how) const;

  int fd_;
  StopConditions stop_;
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t begin_ = 0;  ///< of what has not been taken; a multiple of 8
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;  ///< in the stream, of begin_
  std::uint64_t records_ = 0;
};

}  // namespace ouro::python::stream
