#include "report/edge_labels.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "report/table.hpp"

namespace ouro::report {

using graph::EdgeIndex;
using graph::EdgeMeaning;
using graph::HeapGraph;

namespace {

constexpr std::size_t kMostParts = 3;
constexpr std::size_t kMostPlaces = 3;
constexpr std::size_t kLabelWidth = 40;

std::string shown(std::string_view label) {
  return shortened(printable(label), kLabelWidth);
}

}  // namespace

ShapeIndex EdgeShapes::of(EdgeIndex edge) {
  const EdgeMeaning meaning = graph_.kind(edge).meaning();
  // The name of these is a key, which is no part of the shape.
  const bool has_key = meaning == EdgeMeaning::kKey || meaning == EdgeMeaning::kValue;
  const std::uint64_t name = has_key ? 0 : graph_.edge_name(edge);
  const std::uint64_t key = name << 8 | static_cast<std::uint64_t>(meaning);
  const auto [known, is_new] = shape_by_meaning_and_name_.try_emplace(key, 0);
  if (is_new) {
    const auto next = static_cast<ShapeIndex>(texts_.size());
    const auto [shape, is_new_text] = shape_by_text_.try_emplace(graph_.edge_shape(edge), next);
    if (is_new_text) texts_.push_back(shape->first);
    known->second = shape->second;
  }
  return known->second;
}

void EdgeLabel::add(const HeapGraph& graph, EdgeIndex edge, ShapeIndex shape) {
  auto part = std::ranges::find(parts_, shape, &Part::shape);
  if (part == parts_.end()) {
    if (parts_.size() == kMostParts) {
      other_shapes_.insert(shape);
      return;
    }
    parts_.push_back({.shape = shape, .first = edge, .places = {}});
    part = std::prev(parts_.end());
  }
  ++part->count;
  part->last = edge;
  if (graph.kind(edge).meaning() == EdgeMeaning::kItem) part->add_place(graph.edge_index(edge));
}

void EdgeLabel::Part::add_place(std::uint64_t place) {
  if (!places.empty() && places.back().second + 1 == place && !has_more_places) {
    places.back().second = place;
  } else if (places.size() < kMostPlaces) {
    places.emplace_back(place, place);
  } else {
    has_more_places = true;
  }
}

std::string EdgeLabel::Part::places_text() const {
  std::string text;
  for (const auto& [from, to] : places) {
    if (!text.empty()) text += ", ";
    text += std::to_string(from);
    if (to > from) text += (to == from + 1 ? ", " : "..") + std::to_string(to);
  }
  return has_more_places ? text + ", …" : text;
}

std::string EdgeLabel::Part::text(const HeapGraph& graph, const std::string& shape_text) const {
  if (count == 1) return shown(graph.edge_label(first));
  const std::size_t open = shape_text.find("[]");
  if (!places.empty() && open != std::string::npos && shape_text.rfind("[]") == open) {
    return shown(shape_text.substr(0, open + 1)) + places_text() +
           shown(shape_text.substr(open + 1));
  }
  std::string label = shown(graph.edge_label(first));
  const std::string last_text = shown(graph.edge_label(last));
  if (label != last_text) label += (count == 2 ? ", " : " … ") + last_text;
  return label;
}

std::string EdgeLabel::text(const HeapGraph& graph, const EdgeShapes& shapes, From from) const {
  std::string text;
  for (const Part& part : parts_) {
    if (!text.empty()) text += ", ";
    const std::string& shape = shapes.text(part.shape);
    text += from == From::kSeveral ? shown(shape) : part.text(graph, shape);
  }
  if (!other_shapes_.empty()) text += " + " + std::to_string(other_shapes_.size()) + " more";
  return text;
}

}  // namespace ouro::report
