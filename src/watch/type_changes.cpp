#include "watch/type_changes.hpp"

#include <unordered_set>

namespace ouro::watch {

using python::heap::NamedTotal;

std::vector<NamedTotal> TypeChanges::of(const std::vector<NamedTotal>& types) const {
  std::vector<NamedTotal> changes;
  std::unordered_set<std::string_view> names;
  for (const NamedTotal& total : types) {
    names.insert(total.type);
    const auto said = said_.find(total.type);
    const bool is_same = said != said_.end() && said->second.objects == total.objects &&
                         said->second.bytes == total.bytes;
    if (!is_same) changes.push_back(total);
  }
  for (const auto& [name, total] : said_) {
    if (total.objects != 0 && !names.contains(name)) changes.push_back({name, 0, 0});
  }
  return changes;
}

void TypeChanges::accept(const std::vector<NamedTotal>& changes) {
  for (const NamedTotal& total : changes) said_.insert_or_assign(total.type, total);
}

}  // namespace ouro::watch
