// A TCP server whose connections and handlers hold each other: a cycle a client.
//
//   class ConnectionHandler(object):
//       def __init__(self, connection):
//           self._conn = connection
//
//   class Connection(object):
//       def __init__(self, sock, address):
//           self._conn_handler = ConnectionHandler(self)                  # leaks
//           self._conn_handler = ConnectionHandler(weakref.proxy(self))   # does not
//
// With the collector off, the first way leaks every connection until gc.collect(). With a weak
// proxy each connection goes the moment its client has left; the collector is off and has nothing
// to do.
#include <exception>
#include <utility>
#include <vector>

#include "traffic.hpp"

/// `Reference` is what a handler has its connection by: ouro::Ref or ouro::Proxy.
template <template <class> class Reference>
class Connection {
 public:
  class Handler {
   public:
    explicit Handler(Reference<Connection> connection) : connection_(std::move(connection)) {}

    /// Until the client leaves.
    void serve() {
      for (auto packet = ouro::make<Packet>(); connection_->sock_.receive(packet->bytes);
           packet = ouro::make<Packet>()) {
        connection_->packets_.push_back(packet);
        connection_->sock_.send(".");
      }
    }

   private:
    Reference<Connection> connection_;

    OURO_TRACE(connection_)
  };

  explicit Connection(loopback::Socket sock)
      : sock_(std::move(sock)), handler_(ouro::make<Handler>(ouro::ref_from_this(this))) {}

  void serve() {
    handler_->serve();
    sock_.close();
  }

 private:
  loopback::Socket sock_;
  std::vector<ouro::Ref<Packet>> packets_;
  ouro::Ref<Handler> handler_;

  OURO_TRACE(packets_, handler_)
};

template <class Connection>
void serve_clients() {
  std::size_t count_at_end = 0;
  server_loop<Connection>([&](loopback::Socket sock) {
    auto connection = ouro::make<Connection>(std::move(sock));
    connection->serve();
    count_at_end = ouro::getrefcount(connection);
  });
  std::cout << "  getrefcount(connection) at its end: " << count_at_end << '\n';
}

int main() {
  ouro::gc::disable();
  try {
    std::cout << "the handler holds the connection:\n";
    using Leaking = Connection<ouro::Ref>;
    serve_clients<Leaking>();
    std::cout << "  gc.collect() found " << ouro::gc::collect() << " unreachable objects, "
              << ouro::objgraph::count<Leaking>() << " connections and "
              << ouro::objgraph::count<Packet>() << " packets are left\n";

    std::cout << "the handler has a weak proxy:\n";
    serve_clients<Connection<ouro::Proxy>>();
    std::cout << "  gc.collect() found " << ouro::gc::collect() << " unreachable objects\n";
  } catch (const std::exception& error) {
    std::cout << "failed: " << error.what() << '\n';
    return 1;
  }
}
