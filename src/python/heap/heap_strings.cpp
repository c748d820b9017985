#include "python/heap/heap_strings.hpp"

#include <cstring>
#include <functional>

namespace ouro::python::heap {

HeapStrings::HeapStrings() {
  begins_.push_back(0);
  add("");
}

graph::StringIndex HeapStrings::append(std::string_view text) {
  const graph::StringIndex index = size();
  if (!text.empty()) std::memcpy(bytes_.extend(text.size()), text.data(), text.size());
  begins_.push_back(bytes_.size());
  return index;
}

graph::StringIndex HeapStrings::add(std::string_view text) {
  const auto [entry, is_new] = index_by_name_.try_emplace(std::string(text), 0);
  if (is_new) entry->second = append(text);
  return entry->second;
}

std::size_t HeapStrings::hash_value(std::string_view text) {
  if (recent_.empty()) recent_.resize(kRecent);
  const std::size_t hash = std::hash<std::string_view>()(text);
  __builtin_prefetch(&recent_[hash % kRecent], 1);
  return hash;
}

graph::StringIndex HeapStrings::add_value(std::string_view text, std::size_t hash) {
  const auto high = static_cast<std::uint32_t>(hash >> 32);
  Recent& recent = recent_[hash % kRecent];
  if (recent.index != 0 && recent.hash == high && view()[recent.index] == text) return recent.index;
  recent = {high, append(text)};
  return recent.index;
}

}  // namespace ouro::python::heap
