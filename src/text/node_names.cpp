#include "text/node_names.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

namespace ouro::text {
namespace {

constexpr std::size_t kFewestDirect = std::size_t{64} << 10;
constexpr std::size_t kFewestUnits = std::size_t{16} << 10;

// Multiply and fold, 8 bytes at a time. Names are short, and a collision only costs a comparison.
std::uint32_t hash_of(std::string_view text) {
  constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15u;
  std::uint64_t hash = text.size() * kFactor;
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ word) * kFactor;
    hash ^= hash >> 32;
  };
  std::uint64_t word = 0;
  while (text.size() >= sizeof word) {
    std::memcpy(&word, text.data(), sizeof word);
    mix(word);
    text.remove_prefix(sizeof word);
  }
  word = 0;
  if (!text.empty()) std::memcpy(&word, text.data(), text.size());
  mix(word);
  return static_cast<std::uint32_t>(hash ^ (hash >> 29));
}

std::optional<std::uint32_t> number_of(std::string_view name) {
  if (name.empty() || name.size() > 10 || (name[0] == '0' && name.size() > 1)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char digit : name) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = 10 * number + static_cast<std::uint64_t>(digit - '0');
  }
  if (number >= NodeNames::kNoNumber) return std::nullopt;
  return static_cast<std::uint32_t>(number);
}

}  // namespace

PendingName NodeNames::pending(std::string_view name) {
  if (const std::optional<std::uint32_t> number = number_of(name)) return {nullptr, 0, *number};
  // The empty name of DOT is a text as well, and null would say that it is none.
  const char* const text = name.empty() ? "" : name.data();
  return {text, static_cast<std::uint32_t>(name.size()), hash_of(name)};
}

NodeIndex NodeNames::add_rare_number(std::uint32_t number) {
  if (const std::optional<NodeIndex> known = find_number(number)) return *known;
  const NodeIndex node = append_value(number);
  ++number_count_;
  if (number < direct_.size() || make_direct(number)) {
    direct_[number] = node + 1;
  } else {
    sparse_.insert(number, node);
  }
  return node;
}

// Grows the direct table over `number` where the invariants let it.
bool NodeNames::make_direct(std::uint32_t number) {
  const std::size_t size = kFewestDirect + 4 * std::size_t{number_count_};
  if (number >= size || size < 2 * direct_.size()) return false;
  direct_.resize(size);
  const SlotTable before = std::exchange(sparse_, SlotTable());
  before.for_each([&](std::uint32_t known, NodeIndex node) {
    if (known < size) {
      direct_[known] = node + 1;
    } else {
      sparse_.insert(known, node);
    }
  });
  return true;
}

NodeIndex NodeNames::add_text(const PendingName& name) {
  if (const std::optional<NodeIndex> known = find_text(name)) return *known;
  const std::uint32_t record = append_record(count_, name);
  texts_.insert(name.key, record);
  if (count_ / 64 >= is_text_.size()) is_text_.resize(count_ / 64 + 1);
  is_text_[count_ / 64] |= std::uint64_t{1} << (count_ % 64);
  return append_value(record);
}

std::uint32_t NodeNames::append_record(NodeIndex node, const PendingName& name) {
  const std::size_t record = arena_size_;
  arena_size_ += 2 + (name.size + sizeof(std::uint32_t) - 1) / sizeof(std::uint32_t);
  if (arena_size_ > arena_.size()) {
    arena_.resize(std::max({kFewestUnits, arena_.size() * 3 / 2, arena_size_}));
  }
  arena_[record] = node;
  arena_[record + 1] = name.size;
  if (name.size != 0) std::memcpy(arena_.data() + record + 2, name.text, name.size);
  return static_cast<std::uint32_t>(record);
}

NodeIndex NodeNames::append_value(std::uint32_t value) {
  if (count_ == values_.size()) values_.resize(std::max<std::size_t>(4096, values_.size() * 3 / 2));
  values_[count_] = value;
  return count_++;
}

std::optional<NodeIndex> NodeNames::find_number(std::uint32_t number) const {
  if (number >= direct_.size()) return sparse_.find(number, [](NodeIndex) { return true; });
  if (direct_[number] == 0) return std::nullopt;
  return direct_[number] - 1;
}

std::optional<NodeIndex> NodeNames::find_text(const PendingName& name) const {
  const std::string_view text(name.text, name.size);
  const std::optional<std::uint32_t> record =
      texts_.find(name.key, [&](std::uint32_t candidate) { return text_at(candidate) == text; });
  if (!record) return std::nullopt;
  return arena_[*record];
}

std::optional<NodeIndex> NodeNames::find(std::string_view name) const {
  const PendingName wanted = pending(name);
  return wanted.text == nullptr ? find_number(wanted.key) : find_text(wanted);
}

void NodeNames::append_to(std::string& text, NodeIndex node) const {
  if (is_text(node)) {
    text += text_at(values_[node]);
    return;
  }
  char digits[10];
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, values_[node]);
  text.append(digits, end.ptr);
}

}  // namespace ouro::text
