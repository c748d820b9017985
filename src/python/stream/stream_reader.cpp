#include "python/stream/stream_reader.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "python/stream/record_names.hpp"

namespace ouro::python::stream {

namespace {

constexpr std::size_t kAlignment = 8;
constexpr int kWaitMilliseconds = 100;

Error input_error(const char* doing) {
  return {ErrorCode::kInputOutput, kPlace, std::string(doing) + ": " + std::strerror(errno)};
}

}  // namespace

Error Record::corrupt(std::string message) const {
  return {ErrorCode::kCorrupt,
          "the walker's stream: " + std::string(name_of(kind)) + " record at offset " +
              std::to_string(offset),
          std::move(message)};
}

StreamReader::StreamReader(int fd, StopConditions stop)
    : fd_(fd),
      stop_(std::move(stop)),
      buffer_(std::make_unique_for_overwrite<std::byte[]>(kBufferBytes)) {}

Error StreamReader::ended_early(const std::string& how) const {
  return {ErrorCode::kInputOutput, kPlace,
          how + " after " + std::to_string(records_) + " records, at offset " +
              std::to_string(offset_ + (end_ - begin_)) + ", before its end record"};
}

/// Until something can be read, or the other end is gone.
std::optional<Error> StreamReader::wait() {
  for (;;) {
    if (stop_.is_cancelled != nullptr && stop_.is_cancelled->load(std::memory_order_relaxed)) {
      return ended_early("reading was cancelled");
    }
    pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waiting, 1, kWaitMilliseconds);
    if (ready > 0) return std::nullopt;
    if (ready < 0 && errno != EINTR) return input_error("cannot wait for it");
    if (ready == 0 && stop_.is_writer_alive && !stop_.is_writer_alive()) {
      // What it wrote before it ended may have come since.
      if (::poll(&waiting, 1, 0) > 0) return std::nullopt;
      return ended_early("the walker is gone");
    }
  }
}

/// Has at least so many bytes in the buffer. Precondition: no more than the buffer holds.
std::optional<Error> StreamReader::fill(std::size_t wanted) {
  if (end_ - begin_ >= wanted) return std::nullopt;
  if (begin_ == end_) begin_ = end_ = 0;
  if (kBufferBytes - begin_ < wanted) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  while (end_ - begin_ < wanted) {
    if (auto error = wait()) return error;
    const ssize_t count = ::read(fd_, buffer_.get() + end_, kBufferBytes - end_);
    if (count > 0) {
      end_ += static_cast<std::size_t>(count);
    } else if (count == 0) {
      return ended_early("it ends");
    } else if (errno != EINTR && errno != EAGAIN) {
      return input_error("cannot read it");
    }
  }
  return std::nullopt;
}

Result<Record> StreamReader::next() {
  if (auto error = fill(sizeof(RecordHeader))) return *std::move(error);
  RecordHeader header;
  std::memcpy(&header, buffer_.get() + begin_, sizeof(header));
  Record record{.kind = static_cast<RecordKind>(header.kind), .offset = offset_, .payload = {}};
  const bool is_first = records_ == 0;
  // Who refuses to walk says why, and nothing else.
  const bool is_refusal = is_first && record.kind == RecordKind::kFailure;
  if (is_first != (record.kind == RecordKind::kHello) && !is_refusal) {
    return record.corrupt("expected " +
                          std::string(is_first ? "a hello record first" : "hello only once") +
                          ", found kind " + std::to_string(header.kind));
  }
  if (header.kind == 0 || header.kind > kLastKind) {
    return record.corrupt("expected a kind from 1 to " + std::to_string(kLastKind) + ", found " +
                          std::to_string(header.kind));
  }
  if (header.bytes > kMostBytes) {
    return record.corrupt("expected at most " + std::to_string(kMostBytes) + " bytes, found " +
                          std::to_string(header.bytes));
  }
  const std::size_t padded = (std::size_t{header.bytes} + kAlignment - 1) & ~(kAlignment - 1);
  if (auto error = fill(sizeof(header) + padded)) return *std::move(error);
  record.payload = {buffer_.get() + begin_ + sizeof(header), header.bytes};
  begin_ += sizeof(header) + padded;
  offset_ += sizeof(header) + padded;
  ++records_;
  return record;
}

}  // namespace ouro::python::stream
