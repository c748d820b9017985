#include "extension/referrer_levels.hpp"

#include <algorithm>
#include <utility>

namespace nb = nanobind;

namespace ouro::extension {

namespace walker = python::walker;

ReferrerLevels::ReferrerLevels(nb::object start, std::span<const std::uint64_t> ignored)
    : ignored_(ignored) {
  numbers_.number_of(walker::address_of(start.ptr()));
  nodes_.push_back({.object = std::move(start), .parent = kNoNode});
}

void ReferrerLevels::note_own_reference(nb::handle object) {
  const std::uint32_t number = own_.number_of(walker::address_of(object.ptr()));
  if (number == walker::AddressTable::kNone) raise_no_memory();
  own_references_.resize(std::max<std::size_t>(own_references_.size(), number + 1));
  ++own_references_[number];
}

bool ReferrerLevels::add_targets(walker::ReferrerSearch& search, std::size_t begin,
                                 std::size_t end) const {
  bool has_memory = true;
  for (std::size_t node = begin; node < end; ++node) {
    walker::Object* target = walker_object(nodes_[node].object.ptr());
    const std::uint32_t own = own_.find(walker::address_of(target));
    const std::uint64_t more = own == walker::AddressTable::kNone ? 0 : own_references_[own];
    has_memory = has_memory && search.add_target(target, 1 + more);
  }
  for (const std::uint64_t address : ignored_) has_memory = has_memory && search.ignore(address);
  for (const nb::handle container : own_containers_) {
    has_memory = has_memory && search.explain_by(walker_object(container.ptr()));
  }
  if (!has_memory) raise_no_memory();
  return search.explain_by_frames();
}

std::size_t ReferrerLevels::take(std::span<const walker::Referrer> found, std::size_t begin) {
  // In the order of their parents, as a queue would have them.
  std::vector<walker::Referrer> by_target(found.begin(), found.end());
  std::stable_sort(
      by_target.begin(), by_target.end(),
      [](const walker::Referrer& a, const walker::Referrer& b) { return a.target < b.target; });
  const std::size_t first = nodes_.size();
  for (const walker::Referrer& one : by_target) {
    const std::uint32_t known = numbers_.count();
    const std::uint32_t number = numbers_.number_of(walker::address_of(one.object));
    if (number == walker::AddressTable::kNone) raise_no_memory();
    if (number != known) continue;
    nodes_.push_back({.object = nb::borrow(nb::handle(python_object(one.object))),
                      .parent = static_cast<std::uint32_t>(begin + one.target)});
  }
  return first;
}

std::vector<nb::object> ReferrerLevels::chain_from(std::uint32_t node) const {
  std::vector<nb::object> chain;
  for (std::uint32_t at = node; at != kNoNode; at = nodes_[at].parent) {
    chain.push_back(nodes_[at].object);
  }
  return chain;
}

}  // namespace ouro::extension
