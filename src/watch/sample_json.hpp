// A look as JSON: a line of `ouro watch --json`.
#pragma once

#include <cstddef>

#include "report/json.hpp"
#include "watch/watch.hpp"

namespace ouro::watch {

/// "2026-01-31T12:00:00.250Z".
std::string time_text(std::chrono::system_clock::time_point time);

/// Precondition: there is a look. `most_types`: those of most bytes and those that grew most; 0:
/// all.
report::Json look_json(const Watch& watch, std::size_t most_types);

}  // namespace ouro::watch
