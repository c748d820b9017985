// The totals that differ from those of the look before: what a log has to say of types.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "python/heap/read_totals.hpp"

namespace ouro::watch {

class TypeChanges {
 public:
  /// At first all; later those that changed, with zeros those that have gone. Nothing is taken as
  /// said before accept().
  std::vector<python::heap::NamedTotal> of(
      const std::vector<python::heap::NamedTotal>& types) const;
  void accept(const std::vector<python::heap::NamedTotal>& changes);

 private:
  std::unordered_map<std::string, python::heap::NamedTotal> said_;
};

}  // namespace ouro::watch
