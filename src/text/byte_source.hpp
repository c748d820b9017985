// Where the bytes of an input come from: a file, memory, or a decoder over another source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <ouro/base/result.hpp>

namespace ouro::text {

class ByteSource {
 public:
  /// Readable bytes behind every block, of any value: who scans may load whole words.
  static constexpr std::size_t kPaddingBytes = 16;
  /// As large as a block is at most. Fits a core's second-level cache, and what a read costs beside
  /// its bytes does not show.
  static constexpr std::size_t kBlockBytes = std::size_t{1} << 20;

  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// The next bytes, valid until the next call; none at the end. Not called after an error.
  virtual Result<std::string_view> next() = 0;
};

/// What is read from outside, before any decoder: knows how far it is.
class RawSource : public ByteSource {
 public:
  /// Makes next() return the last block once more.
  void repeat() { repeats_ = true; }
  Result<std::string_view> next() final;

  const std::string& name() const { return name_; }
  /// Bytes handed out so far.
  std::uint64_t bytes_done() const { return bytes_done_; }
  /// 0 where nobody knows: a pipe.
  std::uint64_t total_bytes() const { return total_bytes_; }

 protected:
  explicit RawSource(std::string name) : name_(std::move(name)) {}
  void set_total_bytes(std::uint64_t bytes) { total_bytes_ = bytes; }
  /// A whole block unless the end is near.
  virtual Result<std::string_view> read_block() = 0;

 private:
  std::string name_;
  std::string_view block_;
  bool repeats_ = false;
  std::uint64_t bytes_done_ = 0;
  std::uint64_t total_bytes_ = 0;
};

/// The file of that path, or standard input for "-".
Result<std::unique_ptr<RawSource>> open_file(const std::string& path);
std::unique_ptr<RawSource> source_of_bytes(std::string name, std::string bytes);

/// Decoders. The source stays the caller's and outlives the decoder.
std::unique_ptr<ByteSource> decode_gzip(RawSource& source);
std::unique_ptr<ByteSource> decode_zstd(RawSource& source);

}  // namespace ouro::text
