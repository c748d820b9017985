#include "cli/watch_outputs.hpp"

#include <utility>

#include "cli/exit_code.hpp"

namespace ouro::cli {

WatchOutputs::WatchOutputs(const std::string& log_path, const std::string& metrics_address,
                           const watch::Watch& watch)
    : log_path_(log_path) {
  if (!log_path.empty()) {
    auto log = watch::Log::open(log_path, watch);
    if (!log) {
      const bool is_usage = log.error().code == ErrorCode::kUnsupported;
      throw Failure(is_usage ? ExitCode::kBadUsage : ExitCode::kCannotWrite,
                    log.error().to_string());
    }
    log_ = *std::move(log);
  }
  if (!metrics_address.empty()) {
    auto server = watch::MetricsServer::listen(metrics_address);
    if (!server) {
      const bool is_usage = server.error().code == ErrorCode::kUnsupported;
      throw Failure(is_usage ? ExitCode::kBadUsage : ExitCode::kCannotWrite,
                    server.error().to_string());
    }
    server_.emplace(*std::move(server));
    server_->set_text(metrics_.text_of(watch));
  }
}

std::string WatchOutputs::take(const watch::Watch& watch, const watch::Watch::News& news) {
  if (server_ && (news.has_sample || !watch.goes_on())) server_->set_text(metrics_.text_of(watch));
  if (!log_) return {};
  const auto error = log_->add(watch, news);
  const bool was_well = std::exchange(was_well_, log_->is_well());
  if (error) {
    return error->to_string() + "; the watch goes on without the log, and tries it again";
  }
  if (!was_well && was_well_) {
    return log_path_ + ": is written again; " + std::to_string(log_->missing()) +
           " samples are missing";
  }
  return {};
}

std::string WatchOutputs::metrics_place() const {
  return server_ ? "http://" + server_->address() + "/metrics" : std::string();
}

}  // namespace ouro::cli
