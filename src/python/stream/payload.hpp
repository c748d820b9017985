// Takes a record's payload apart from its beginning to its end, never beyond.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace ouro::python::stream {

class Payload {
 public:
  explicit Payload(std::span<const std::byte> bytes) : rest_(bytes) {}

  std::size_t left() const { return rest_.size(); }

  /// Nothing where it is too short.
  template <class Structure>
  std::optional<Structure> take() {
    static_assert(std::is_trivially_copyable_v<Structure>);
    if (rest_.size() < sizeof(Structure)) return std::nullopt;
    Structure structure;
    std::memcpy(&structure, rest_.data(), sizeof(Structure));
    rest_ = rest_.subspan(sizeof(Structure));
    return structure;
  }
  std::optional<std::string_view> take_text(std::size_t bytes) {
    if (rest_.size() < bytes) return std::nullopt;
    const std::string_view text(reinterpret_cast<const char*>(rest_.data()), bytes);
    rest_ = rest_.subspan(bytes);
    return text;
  }
  std::string_view take_rest() { return *take_text(left()); }
  /// Skips the zeros behind `bytes` up to a multiple of `alignment`, as many as there are.
  void skip_padding(std::size_t bytes, std::size_t alignment) {
    const std::size_t over = bytes % alignment;
    if (over != 0) rest_ = rest_.subspan(std::min(alignment - over, rest_.size()));
  }

 private:
  std::span<const std::byte> rest_;
};

}  // namespace ouro::python::stream
