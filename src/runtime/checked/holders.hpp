// Who holds an object: for reports alone, since the whole registry is searched.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runtime/checked/registry.hpp"

namespace ouro::detail::checked {

struct Holder {
  RegisteredReference reference;
  const void* object;
};

/// The references of the process to an object, or to any for which `is_wanted` is true.
std::vector<Holder> find_holders(const void* object);
std::vector<Holder> find_holders(const std::function<bool(const void*)>& is_wanted);

/// " (a Ref<Monster> at 0x7ffc3a5b1c40, ...)", of which the first few are named.
std::string list_holders(const std::vector<Holder>& holders);

}  // namespace ouro::detail::checked
