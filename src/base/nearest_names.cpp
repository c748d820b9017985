#include "base/nearest_names.hpp"

#include <algorithm>
#include <bit>

namespace ouro {

namespace {

constexpr std::size_t kMostNameBytes = 256;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Who forgets the case of a letter still means the name.
char without_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// UTF-8's characters; a byte that is none stands for itself.
void characters_of(std::string_view text, std::u32string& characters) {
  characters.clear();
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::size_t size = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    char32_t character = 0;
    for (const char part : text.substr(at, size)) {
      character = character << 8 | static_cast<unsigned char>(without_case(part));
    }
    characters += character;
    at += size;
  }
}

// Which bytes occur, as 64 bits: bytes that differ by a multiple of 64 share one.
std::uint64_t byte_set(std::string_view text) {
  std::uint64_t set = 0;
  for (const char byte : text) {
    set |= std::uint64_t{1} << (static_cast<unsigned char>(without_case(byte)) & 63);
  }
  return set;
}

std::size_t difference(std::size_t a, std::size_t b) {
  return a > b ? a - b : b - a;
}

}  // namespace

NearestNames::NearestNames(std::string_view wanted, std::size_t most)
    : wanted_(wanted), byte_set_(byte_set(wanted)), is_ascii_(is_ascii(wanted)), most_(most) {
  characters_of(wanted, wanted_characters_);
}

// Wagner and Fischer's table with swaps, three rows of it:
//
//   d[i][j] = min(d[i-1][j] + 1, d[i][j-1] + 1, d[i-1][j-1] + (a[i] != b[j]))
//             and d[i-2][j-2] + 1 where a[i-1] a[i] = b[j] b[j-1]
//
// Cells further than `most` from the diagonal are above `most`: they are not computed.
std::size_t NearestNames::StepTable::steps(const std::u32string& a, const std::u32string& b,
                                           std::size_t most) {
  const std::size_t far = most + 1;
  if (difference(a.size(), b.size()) > most) return far;
  for (std::vector<std::size_t>* each : {&before_, &above_, &row_}) {
    each->assign(b.size() + 2, far);
  }
  for (std::size_t j = 0; j <= std::min(b.size(), most); ++j) row_[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_, above_);
    std::swap(above_, row_);
    const std::size_t first = i > most ? i - most : 0;
    const std::size_t last = std::min(b.size(), i + most);
    if (first > 0) row_[first - 1] = far;
    for (std::size_t j = first; j <= last; ++j) row_[j] = std::min(far, cell(a, b, i, j));
    row_[last + 1] = far;
  }
  return row_[b.size()];
}

std::size_t NearestNames::StepTable::cell(const std::u32string& a, const std::u32string& b,
                                          std::size_t i, std::size_t j) const {
  if (j == 0) return i;
  const std::size_t replaced = above_[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
  const std::size_t least = std::min({above_[j] + 1, row_[j - 1] + 1, replaced});
  if (i < 2 || j < 2 || a[i - 1] != b[j - 2] || a[i - 2] != b[j - 1]) return least;
  return std::min(least, before_[j - 2] + 1);
}

void NearestNames::offer(const std::string& name) {
  if (most_ == 0 || std::max(name.size(), wanted_.size()) > kMostNameBytes) return;
  if (found_.size() == most_ && found_.back().first == 0) return;
  const std::size_t most = most_steps(name);
  if (cannot_be_within(name, most)) return;
  characters_of(name, characters_);
  const std::size_t steps = table_.steps(wanted_characters_, characters_, most);
  if (steps > most) return;
  if (3 * steps > std::max({std::size_t{3}, characters_.size(), wanted_characters_.size()})) {
    return;
  }
  if (found_.size() == most_) found_.pop_back();
  const auto place = std::ranges::upper_bound(found_, steps, {}, &Found::first);
  found_.emplace(place, steps, name);
}

std::vector<std::string> NearestNames::take() && {
  std::vector<std::string> names;
  for (Found& found : found_) names.push_back(std::move(found.second));
  return names;
}

// Characters are at most as many as bytes, so this is enough for what offer() checks exactly.
std::size_t NearestNames::most_steps(std::string_view name) const {
  const std::size_t third = std::max<std::size_t>(1, std::max(name.size(), wanted_.size()) / 3);
  return found_.size() < most_ ? third : std::min(third, found_.back().first - 1);
}

bool NearestNames::cannot_be_within(std::string_view name, std::size_t steps) const {
  const std::size_t bytes = is_ascii_ && is_ascii(name) ? steps : 4 * steps;
  if (difference(name.size(), wanted_.size()) > bytes) return true;
  const std::uint64_t set = byte_set(name);
  return static_cast<std::size_t>(std::popcount(set & ~byte_set_)) > bytes ||
         static_cast<std::size_t>(std::popcount(byte_set_ & ~set)) > bytes;
}

std::string did_you_mean(std::span<const std::string> names) {
  std::string text;
  for (std::size_t at = 0; at < names.size(); ++at) {
    text += at == 0 ? "; did you mean " : at + 1 == names.size() ? " or " : ", ";
    text += "`" + names[at] + "`";
  }
  return names.empty() ? text : text + "?";
}

}  // namespace ouro
