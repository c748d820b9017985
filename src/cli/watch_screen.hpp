// `ouro watch` on a terminal.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "cli/series.hpp"
#include "python/attach/interruption.hpp"
#include "watch/watch.hpp"

namespace ouro::cli {

struct ScreenOptions {
  std::string snapshot_name;  ///< a pattern for SnapshotNames; may be empty
  bool walks_in_place = false;
  std::chrono::milliseconds patience{0};
};

/// Whether standard input and output are a terminal that is known.
bool can_show_screen();

/// After each step of the watch; gives back what is to be said about that, mostly nothing.
using ShowMore = std::function<std::string(const watch::Watch::News&)>;

/// Until a person ends it, or the program ends. The terminal is then as it was.
/// Precondition: can_show_screen().
void run_screen(watch::Watch& watch, const ScreenOptions& options,
                const python::attach::Interruption& interruption, const ShowMore& show_more);

}  // namespace ouro::cli
