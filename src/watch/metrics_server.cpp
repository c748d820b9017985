#include "watch/metrics_server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace ouro::watch {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr auto kPatience = std::chrono::seconds(5);
constexpr std::size_t kMostHeaderBytes = 16 << 10;

/// "[::1]:9123" taken apart; nothing where it is no address.
std::optional<tcp::endpoint> endpoint_of(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  std::uint16_t port = 0;
  const char* first = address.data() + colon + 1;
  const char* last = address.data() + address.size();
  const auto [end, wrong] = std::from_chars(first, last, port);
  if (wrong != std::errc() || end != last || first == last) return std::nullopt;
  std::string host = address.substr(0, colon);
  if (host.empty() || host == "*") return tcp::endpoint(tcp::v6(), port);
  if (host == "localhost") host = "127.0.0.1";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(host, error);
  if (error) return std::nullopt;
  return tcp::endpoint(ip, port);
}

/// An answer to one request, then the end of the connection.
class Session : public std::enable_shared_from_this<Session> {
 public:
  using Text = std::function<std::string()>;

  Session(tcp::socket socket, Text text) : stream_(std::move(socket)), text_(std::move(text)) {
    parser_.header_limit(kMostHeaderBytes);
    parser_.body_limit(0);
  }

  void begin() {
    stream_.expires_after(kPatience);
    http::async_read(stream_, buffer_, parser_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       if (!error) self->answer();
                     });
  }

 private:
  void answer() {
    const auto& request = parser_.get();
    const beast::string_view target = request.target().substr(0, request.target().find('?'));
    const bool is_read =
        request.method() == http::verb::get || request.method() == http::verb::head;
    response_.version(request.version());
    response_.keep_alive(false);
    response_.set(http::field::server, "ouro");
    response_.set(http::field::content_type, "text/plain; charset=utf-8");
    if (!is_read) {
      response_.result(http::status::method_not_allowed);
      response_.set(http::field::allow, "GET, HEAD");
      response_.body() = "only GET\n";
    } else if (target == "/metrics") {
      response_.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
      response_.body() = text_();
    } else {
      response_.result(target == "/" ? http::status::ok : http::status::not_found);
      response_.body() = "ouro watch: the metrics are at /metrics\n";
    }
    response_.prepare_payload();
    if (request.method() == http::verb::head) response_.body().clear();
    stream_.expires_after(kPatience);
    http::async_write(stream_, response_,
                      [self = shared_from_this()](beast::error_code, std::size_t) {
                        beast::error_code ignored;
                        self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
                      });
  }

  beast::tcp_stream stream_;
  Text text_;
  beast::flat_buffer buffer_;
  http::request_parser<http::empty_body> parser_;
  http::response<http::string_body> response_;
};

}  // namespace

class MetricsServer::Server {
 public:
  Server() : acceptor_(context_) {}
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

  std::optional<Error> listen(const std::string& address) {
    const auto endpoint = endpoint_of(address);
    if (!endpoint) {
      return Error{ErrorCode::kUnsupported, address,
                   "is no address and port, such as :9123, 127.0.0.1:9123 or [::1]:9123"};
    }
    beast::error_code error = bind(*endpoint);
    // A system without IPv6.
    if (error == asio::error::address_family_not_supported && address.starts_with(':')) {
      error = bind(tcp::endpoint(tcp::v4(), endpoint->port()));
    }
    if (error) {
      return Error{ErrorCode::kInputOutput, address, "cannot be listened at: " + error.message()};
    }
    accept();
    thread_ = std::thread([this] { context_.run(); });
    return std::nullopt;
  }

  void set_text(std::string text) {
    const std::lock_guard lock(mutex_);
    text_ = std::move(text);
  }

  std::string address() const {
    beast::error_code error;
    const tcp::endpoint endpoint = acceptor_.local_endpoint(error);
    const std::string host = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? '[' + host + ']' : host) + ':' +
           std::to_string(endpoint.port());
  }

 private:
  beast::error_code bind(const tcp::endpoint& endpoint) {
    beast::error_code error;
    if (acceptor_.is_open()) acceptor_.close(error);
    acceptor_.open(endpoint.protocol(), error);
    if (error) return error;
    acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (endpoint.address().is_v6() && endpoint.address().is_unspecified()) {
      acceptor_.set_option(asio::ip::v6_only(false), error);
    }
    acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    return error;
  }

  void accept() {
    acceptor_.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) {
        // No descriptors left, mostly: not at once again.
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      } else {
        std::make_shared<Session>(std::move(socket), [this] {
          const std::lock_guard lock(mutex_);
          return text_;
        })->begin();
      }
      accept();
    });
  }

  asio::io_context context_;
  tcp::acceptor acceptor_;
  std::mutex mutex_;
  std::string text_;
  std::thread thread_;
};

Result<MetricsServer> MetricsServer::listen(const std::string& address) {
  auto server = std::make_unique<Server>();
  if (auto error = server->listen(address)) return *std::move(error);
  return MetricsServer(std::move(server));
}

MetricsServer::MetricsServer(std::unique_ptr<Server> server) : server_(std::move(server)) {}
MetricsServer::MetricsServer(MetricsServer&&) noexcept = default;
MetricsServer::~MetricsServer() = default;

void MetricsServer::set_text(std::string text) {
  server_->set_text(std::move(text));
}
std::string MetricsServer::address() const {
  return server_->address();
}

}  // namespace ouro::watch
