#include "graph/strings.hpp"

namespace ouro::graph {

StringIndex StringsBuilder::add(std::string_view text) {
  const auto found = index_by_text_.find(text);
  if (found != index_by_text_.end()) return found->second;
  const auto index = static_cast<StringIndex>(begins_.size() - 1);
  bytes_ += text;
  begins_.push_back(bytes_.size());
  index_by_text_.emplace(keys_.emplace_back(text), index);
  return index;
}

}  // namespace ouro::graph
