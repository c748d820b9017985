#include "runtime/objgraph/preview.hpp"

#include <array>
#include <charconv>
#include <type_traits>

#include <ouro/detail/type_info_of.hpp>

namespace ouro::objgraph {

namespace {

constexpr std::size_t kPreviewCharacters = 40;

bool begins_character(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0u) != 0x80;
}

template <class T>
std::string preview(const T& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    return '"' + shortened(value, kPreviewCharacters) + '"';
  } else if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, char>) {
    return std::string("'") + value + '\'';
  } else {
    std::array<char, 64> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return {digits.data(), end};
  }
}

template <class... T>
std::string preview_of_any(const void* object) {
  const detail::TypeInfo* const type = detail::region.page_of(object).type;
  std::string text;
  static_cast<void>(
      ((type == &detail::type_info<T> && (text = preview(*static_cast<const T*>(object)), true)) ||
       ...));
  return text;
}

}  // namespace

std::string preview_of(const void* object) {
  return preview_of_any<std::string, bool, char, signed char, unsigned char, short, unsigned short,
                        int, unsigned, long, unsigned long, long long, unsigned long long, float,
                        double>(object);
}

std::string shortened(std::string_view text, std::size_t limit) {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (begins_character(text[at]) && ++characters > limit) {
      return std::string(text.substr(0, at)) + "…";
    }
  }
  return std::string(text);
}

}  // namespace ouro::objgraph
