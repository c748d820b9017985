// A verdict as a sentence or two for people.
#pragma once

#include <string>

#include "watch/verdict.hpp"

namespace ouro::watch {

/// "40 s", "5 min", "3 h 20 min".
std::string duration_text(double seconds);

std::string sentence_of(const Verdict& verdict);

}  // namespace ouro::watch
