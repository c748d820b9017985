#include "testing/type_counts.hpp"

#include <algorithm>

#include <ouro/objgraph.hpp>

namespace ouro::testing {

namespace {

void add(const objgraph::TypeCounts& more, CountByType& counts) {
  for (const auto& [type, count] : more) counts[std::string(type)] += count;
}

}  // namespace

CountByType count_by_type() {
  CountByType counts;
  add(objgraph::typestats({.shortnames = false}), counts);
  add(objgraph::typestats_of_ended_threads(), counts);
  return counts;
}

CountByType count_of_ended_threads() {
  CountByType counts;
  add(objgraph::typestats_of_ended_threads(), counts);
  return counts;
}

CountByType growth(const CountByType& before, const CountByType& after) {
  CountByType more;
  for (const auto& [type, count] : after) {
    const auto found = before.find(type);
    const std::size_t old = found == before.end() ? 0 : found->second;
    if (count > old) more[type] = count - old;
  }
  return more;
}

CountByType least(const CountByType& one, const CountByType& other) {
  CountByType both;
  for (const auto& [type, count] : one) {
    const auto found = other.find(type);
    if (found != other.end()) both[type] = std::min(count, found->second);
  }
  return both;
}

}  // namespace ouro::testing
