#include "text/input.hpp"

#include <algorithm>
#include <utility>

namespace ouro::text {
namespace {

bool is_gzip(std::string_view bytes) {
  return bytes.starts_with("\x1F\x8B");
}

// A frame, or one of the sixteen kinds of skippable frame that may stand before it.
bool is_zstd(std::string_view bytes) {
  if (bytes.starts_with("\x28\xB5\x2F\xFD")) return true;
  return bytes.size() >= 4 && (static_cast<unsigned char>(bytes[0]) & 0xF0u) == 0x50u &&
         bytes.substr(1, 3) == "\x2A\x4D\x18";
}

}  // namespace

Result<Input> Input::open(const std::string& path) {
  Result<std::unique_ptr<RawSource>> raw = open_file(path);
  if (!raw) return raw.error();
  return recognise(std::move(*raw), {});
}

Result<Input> Input::of_bytes(std::string name, std::string bytes, BlockLimits limits) {
  return recognise(source_of_bytes(std::move(name), std::move(bytes)), limits);
}

Result<Input> Input::recognise(std::unique_ptr<RawSource> raw, BlockLimits limits) {
  const Result<std::string_view> first = raw->next();
  if (!first) return first.error();
  raw->repeat();
  Input input(std::move(raw), limits);
  if (is_gzip(*first)) input.decoder_ = decode_gzip(*input.raw_);
  if (is_zstd(*first)) input.decoder_ = decode_zstd(*input.raw_);
  return input;
}

Result<std::string_view> Input::next() {
  if (peeked_) {
    const std::string_view block = *peeked_;
    peeked_.reset();
    return block;
  }
  if (rest_.empty()) {
    const Result<std::string_view> block = decoder_ ? decoder_->next() : raw_->next();
    if (!block) return block.error();
    rest_ = *block;
  }
  const std::size_t limit = std::exchange(limits_.first_bytes, limits_.other_bytes);
  const std::string_view block = rest_.substr(0, limit);
  rest_.remove_prefix(block.size());
  return block;
}

Result<std::string_view> Input::peek() {
  if (!peeked_) {
    const Result<std::string_view> block = next();
    if (!block) return block.error();
    peeked_ = *block;
  }
  return *peeked_;
}

}  // namespace ouro::text
