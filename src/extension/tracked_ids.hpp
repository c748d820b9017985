// The state of objgraph's get_new_ids between calls: which ids were tracked, by name of the class.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <nanobind/nanobind.h>

#include "python/walker/in_process/tracked_ids.hpp"

namespace ouro::extension {

class TrackedIds {
 public:
  TrackedIds() : seen_(std::make_unique<python::walker::NamesByAddress>()) {}

  /// Looks at what is tracked now. `name_of(class)` gives a str, asked once of each class;
  /// `ids_by_name` has a set for each name (a defaultdict(set)), whose contents become the ids that
  /// were not there at the last look. Gives [(name, old, current, new), ...], where `old` or
  /// `current` is not zero; takes the other names out of `ids_by_name`.
  nanobind::list update(nanobind::handle name_of, nanobind::handle ids_by_name);

 private:
  struct Row {
    nanobind::object name;
    nanobind::object new_ids;  ///< of the running update
    std::uint64_t old_count = 0;
    std::uint64_t count = 0;
    std::uint64_t new_count = 0;
  };

  std::uint32_t number_of(const nanobind::object& name);

  nanobind::dict numbers_;  ///< by name
  std::vector<Row> rows_;
  std::unique_ptr<python::walker::NamesByAddress> seen_;
};

void add_tracked_ids(nanobind::module_& module);

}  // namespace ouro::extension
