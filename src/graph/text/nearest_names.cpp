#include "graph/text/nearest_names.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

namespace ouro::graph {
namespace {

constexpr std::size_t kMostNameBytes = 256;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// UTF-8's characters; a byte that is none stands for itself.
void characters_of(std::string_view text, std::u32string& characters) {
  characters.clear();
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::size_t size = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    char32_t character = 0;
    for (const char part : text.substr(at, size)) {
      character = character << 8 | static_cast<unsigned char>(part);
    }
    characters += character;
    at += size;
  }
}

// Which bytes occur, as 64 bits: bytes that differ by a multiple of 64 share one.
std::uint64_t byte_set(std::string_view text) {
  std::uint64_t set = 0;
  for (const char byte : text) set |= std::uint64_t{1} << (static_cast<unsigned char>(byte) & 63);
  return set;
}

std::size_t difference(std::size_t a, std::size_t b) {
  return a > b ? a - b : b - a;
}

// Wagner and Fischer's table with swaps, three rows of it:
//
//   d[i][j] = min(d[i-1][j] + 1, d[i][j-1] + 1, d[i-1][j-1] + (a[i] != b[j]))
//             and d[i-2][j-2] + 1 where a[i-1] a[i] = b[j] b[j-1]
//
// Cells further than `most` from the diagonal are above `most`: they are not computed.
class StepTable {
 public:
  /// The steps from a to b, or more than `most` where they are more.
  std::size_t steps(const std::u32string& a, const std::u32string& b, std::size_t most) {
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

 private:
  std::size_t cell(const std::u32string& a, const std::u32string& b, std::size_t i,
                   std::size_t j) const {
    if (j == 0) return i;
    const std::size_t replaced = above_[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
    const std::size_t least = std::min({above_[j] + 1, row_[j - 1] + 1, replaced});
    if (i < 2 || j < 2 || a[i - 1] != b[j - 2] || a[i - 2] != b[j - 1]) return least;
    return std::min(least, before_[j - 2] + 1);
  }

  std::vector<std::size_t> before_;
  std::vector<std::size_t> above_;
  std::vector<std::size_t> row_;
};

class NearestNames {
 public:
  NearestNames(std::string_view wanted, std::size_t count)
      : wanted_(wanted), set_(byte_set(wanted)), is_ascii_(is_ascii(wanted)), count_(count) {
    characters_of(wanted, wanted_characters_);
  }

  void offer(const std::string& name) {
    if (name.size() > kMostNameBytes) return;
    const std::size_t most = most_steps(name);
    if (most == 0 || cannot_be_within(name, most)) return;
    characters_of(name, characters_);
    const std::size_t steps = table_.steps(wanted_characters_, characters_, most);
    if (steps > most) return;
    if (3 * steps > std::max({std::size_t{3}, characters_.size(), wanted_characters_.size()})) {
      return;
    }
    if (found_.size() == count_) found_.pop_back();
    const auto place = std::ranges::upper_bound(found_, steps, {}, &Found::first);
    found_.emplace(place, steps, name);
  }

  std::vector<std::string> take() && {
    std::vector<std::string> names;
    names.reserve(found_.size());
    for (Found& found : found_) names.push_back(std::move(found.second));
    return names;
  }

 private:
  using Found = std::pair<std::size_t, std::string>;

  // Characters are at most as many as bytes, so this is enough for what offer() checks exactly.
  std::size_t most_steps(std::string_view name) const {
    const std::size_t third = std::max<std::size_t>(1, std::max(name.size(), wanted_.size()) / 3);
    return found_.size() < count_ ? third : std::min(third, found_.back().first - 1);
  }

  bool cannot_be_within(std::string_view name, std::size_t steps) const {
    const std::size_t bytes = is_ascii_ && is_ascii(name) ? steps : 4 * steps;
    if (difference(name.size(), wanted_.size()) > bytes) return true;
    const std::uint64_t set = byte_set(name);
    return static_cast<std::size_t>(std::popcount(set & ~set_)) > bytes ||
           static_cast<std::size_t>(std::popcount(set_ & ~set)) > bytes;
  }

  std::string_view wanted_;
  std::u32string wanted_characters_;
  std::uint64_t set_;
  bool is_ascii_;
  std::size_t count_;
  StepTable table_;
  std::u32string characters_;
  std::vector<Found> found_;
};

}  // namespace

std::vector<std::string> nearest_names(const PlainGraph& graph, std::string_view name,
                                       std::size_t count) {
  if (count == 0 || name.empty() || name.size() > kMostNameBytes) return {};
  if (graph.find(name)) return {std::string(name)};
  NearestNames nearest(name, count);
  std::string candidate;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    candidate.clear();
    graph.names.append_to(candidate, node);
    nearest.offer(candidate);
  }
  return std::move(nearest).take();
}

std::string no_such_node_message(const PlainGraph& graph, std::string_view name) {
  constexpr std::size_t kSuggestions = 3;
  std::string message = "there is no node `" + std::string(name) + "`";
  const std::vector<std::string> names = nearest_names(graph, name, kSuggestions);
  for (std::size_t at = 0; at < names.size(); ++at) {
    message += at == 0 ? "; did you mean " : at + 1 == names.size() ? " or " : ", ";
    message += "`" + names[at] + "`";
  }
  if (!names.empty()) message += "?";
  return message;
}

}  // namespace ouro::graph
