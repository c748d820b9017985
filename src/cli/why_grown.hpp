// Why the objects of a class that grows stay alive: a snapshot in memory, and what `ouro why` and
// `ouro report` say of it.
#pragma once

#include <string>

#include <ouro/base/result.hpp>
#include "python/attach/interruption.hpp"
#include "python/attach/snapshot.hpp"
#include "watch/watch.hpp"

namespace ouro::cli {

/// The class that grew most, the most telling first; empty: none has grown.
std::string fastest_grower(const watch::Watch& watch);

struct WhyGrown {
  std::string text;    ///< for a screen of that width
  std::string holder;  ///< "The list `_CONNECTIONS` of ..."; empty: no one object holds them
};

Result<WhyGrown> why_grown(const python::attach::Target& target, const std::string& type,
                           const python::attach::SnapshotOptions& options,
                           const python::attach::Interruption& interruption, std::size_t width);

}  // namespace ouro::cli
