// Where a watch goes beside the screen: a log, metrics for a scraper.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "watch/log.hpp"
#include "watch/metrics_server.hpp"
#include "watch/metrics_text.hpp"
#include "watch/watch.hpp"

namespace ouro::cli {

class WatchOutputs {
 public:
  /// Empty texts: none of that. Throws Failure.
  WatchOutputs(const std::string& log_path, const std::string& metrics_address,
               const watch::Watch& watch);

  /// What is to be said about it: that the log cannot be written, or can again.
  std::string take(const watch::Watch& watch, const watch::Watch::News& news);
  /// "http://127.0.0.1:9123/metrics", or nothing.
  std::string metrics_place() const;

 private:
  std::string log_path_;
  std::unique_ptr<watch::Log> log_;
  bool was_well_ = true;
  std::optional<watch::MetricsServer> server_;
  watch::MetricsText metrics_;
};

}  // namespace ouro::cli
