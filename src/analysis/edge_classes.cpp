#include "analysis/edge_classes.hpp"

#include <algorithm>

#include "analysis/number_pair.hpp"

namespace ouro::analysis {

using graph::EdgeIndex;
using graph::EdgeMeaning;
using graph::NodeIndex;
using graph::TypeIndex;

namespace {

constexpr std::uint32_t kNoNumber = 0xFFFFFFFFu;

}  // namespace

// One more than there are types: a graph without a table of types has nodes of type 0.
EdgeClasses::EdgeClasses(const graph::HeapGraph& graph)
    : graph_(graph), number_by_type_(std::size_t{graph.type_count()} + 1, kNoNumber) {}

EdgeClass EdgeClasses::of(NodeIndex source, EdgeIndex edge) {
  const std::uint64_t numbers = pair_of(type_number(graph_.type(source)), shape_number(edge));
  const auto [found, is_new] = class_by_numbers_.try_emplace(numbers, count());
  if (is_new) examples_.push_back({source, edge});
  return found->second;
}

std::uint32_t EdgeClasses::type_number(TypeIndex type) {
  std::uint32_t& number = number_by_type_[std::min(type, graph_.type_count())];
  if (number == kNoNumber) number = number_of(graph_.type_name(type));
  return number;
}

std::uint32_t EdgeClasses::shape_number(EdgeIndex edge) {
  const EdgeMeaning meaning = graph_.kind(edge).meaning();
  // The name of a key or a value is the key itself: different for each edge, and not of the shape.
  const bool has_name = meaning != EdgeMeaning::kKey && meaning != EdgeMeaning::kValue;
  const std::uint64_t label =
      pair_of(static_cast<std::uint32_t>(meaning), has_name ? graph_.edge_name(edge) : 0);
  const auto [found, is_new] = number_by_label_.try_emplace(label, kNoNumber);
  if (is_new) found->second = number_of(graph_.edge_shape(edge));
  return found->second;
}

std::uint32_t EdgeClasses::number_of(std::string text) {
  const auto number = static_cast<std::uint32_t>(number_by_text_.size());
  return number_by_text_.try_emplace(std::move(text), number).first->second;
}

std::string EdgeClasses::type_name(EdgeClass edge_class) const {
  return graph_.type_name(graph_.type(examples_[edge_class].source));
}

std::string EdgeClasses::reference(EdgeClass edge_class) const {
  return graph_.edge_shape(examples_[edge_class].edge);
}

EdgeMeaning EdgeClasses::meaning(EdgeClass edge_class) const {
  return graph_.kind(examples_[edge_class].edge).meaning();
}

}  // namespace ouro::analysis
