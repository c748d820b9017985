// A watch as lines of text, where there is no terminal to draw on.
#pragma once

#include <cstddef>
#include <string>

#include "report/collector.hpp"
#include "watch/watch.hpp"

namespace ouro::watch {

/// "12:00:04    46.1 MiB  +2.0 MiB   41,119 objects    7.4 MiB  +1.9 MiB  Connection +800".
/// At most `width` characters, if there is room for the numbers: where it is narrow, the name gives
/// way, and two columns are left out. Precondition: there is a look.
std::string look_line(const Watch& watch, std::size_t width);
/// "collector: 12 + 1 + 0 collections, 0.31 % of its time, 8,012 objects freed; counts 312 of 700
/// ...".
std::string collector_line(const report::CollectorSummary& summary);
/// What the columns of look_line() are.
std::string heading_line(std::size_t width);

}  // namespace ouro::watch
