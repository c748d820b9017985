// The bytes of a graph that a person names: a file, or "-" for standard input; as they are, or
// compressed by gzip or zstd, which their first bytes tell, not their name.
//
//   Result<Input> input = Input::open(path);
//   Result<std::string_view> first = input->peek();         // what is it?
//   Result<PlainGraph> graph = read_edge_list(*input);
//
// Blocks of 1 MiB, so a file of any size takes 2 MiB of memory (3 when compressed, and 8 or more of
// libzstd). Errors name the file and, inside compressed data, the byte of the compressed file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <ouro/base/result.hpp>

#include "text/byte_source.hpp"

namespace ouro::text {

/// For tests of what happens at the borders of blocks: they may be as small as one byte.
struct BlockLimits {
  std::size_t first_bytes = std::numeric_limits<std::size_t>::max();
  std::size_t other_bytes = std::numeric_limits<std::size_t>::max();
};

class Input {
 public:
  static Result<Input> open(const std::string& path);
  /// Bytes as if they were a file of that name.
  static Result<Input> of_bytes(std::string name, std::string bytes, BlockLimits limits = {});

  /// The next bytes, decoded; valid until the next call, with ByteSource::kPaddingBytes readable
  /// bytes behind them. None at the end. Not called after an error.
  Result<std::string_view> next();
  /// What next() will return.
  Result<std::string_view> peek();

  /// As messages name it: the path, or "standard input".
  const std::string& name() const { return raw_->name(); }
  /// Bytes of the file, compressed as they are: how far reading is, and the end if known (else 0).
  std::uint64_t bytes_done() const { return raw_->bytes_done(); }
  std::uint64_t total_bytes() const { return raw_->total_bytes(); }

 private:
  Input(std::unique_ptr<RawSource> raw, BlockLimits limits)
      : raw_(std::move(raw)), limits_(limits) {}
  static Result<Input> recognise(std::unique_ptr<RawSource> raw, BlockLimits limits);

  std::unique_ptr<RawSource> raw_;
  std::unique_ptr<ByteSource> decoder_;  // null: the bytes are as they are
  BlockLimits limits_;
  std::string_view rest_;  // of the source's block, where the limits cut it
  std::optional<std::string_view> peeked_;
};

}  // namespace ouro::text
