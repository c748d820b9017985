// A watch as lines of text, where there is no terminal to draw on.
#pragma once

#include <string>

#include "watch/watch.hpp"

namespace ouro::watch {

/// "12:00:04    46.1 MiB  +2.0 MiB   41,119 objects    7.4 MiB  +1.9 MiB  Connection +800".
/// Precondition: there is a look.
std::string look_line(const Watch& watch);
/// What the columns of look_line() are.
std::string heading_line();

}  // namespace ouro::watch
