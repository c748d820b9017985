// The variables that the program has named (ouro::NamedRoot).
#pragma once

#include <functional>

#include <ouro/snapshot.hpp>

namespace ouro::capture {

/// In the order they were named. No root may come or go meanwhile.
void for_each_named_root(
    const std::function<void(const ouro::detail::RootRegistration&)>& function);

}  // namespace ouro::capture
