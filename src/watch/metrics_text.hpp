// A watch as metrics for Prometheus, in its text format 0.0.4.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "watch/watch.hpp"

namespace ouro::watch {

/// Types that are told one by one; the rest is one series of the type "(other)". A type that was
/// among those of most bytes once stays, so that no series comes and goes, up to kMostTypes.
class MetricsText {
 public:
  static constexpr std::size_t kTypesAtOnce = 50;
  static constexpr std::size_t kMostTypes = 200;

  std::string text_of(const Watch& watch);

 private:
  std::set<std::string, std::less<>> types_;
};

}  // namespace ouro::watch
