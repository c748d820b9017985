// Serves a text over HTTP at /metrics, in a thread of its own, to one scraper after the other.
//
// Boost.Beast reads and writes the HTTP. Who sends no whole request within a few seconds, or a
// large one, is let go.
#pragma once

#include <memory>
#include <string>

#include <ouro/base/result.hpp>

namespace ouro::watch {

class MetricsServer {
 public:
  /// ":9123" (all addresses), "127.0.0.1:9123", "[::1]:9123"; port 0: any that is free.
  /// Errors: kUnsupported (no such address), kInputOutput (it is taken, or may not be used).
  static Result<MetricsServer> listen(const std::string& address);
  MetricsServer(MetricsServer&&) noexcept;
  ~MetricsServer();

  /// What is said from now on.
  void set_text(std::string text);
  /// "127.0.0.1:9123", with the port it got.
  std::string address() const;

 private:
  class Server;
  explicit MetricsServer(std::unique_ptr<Server> server);

  std::unique_ptr<Server> server_;
};

}  // namespace ouro::watch
