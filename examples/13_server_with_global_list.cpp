// A TCP server that keeps every connection in a global list leaks each of them, and what it holds.
//
//   _CONNECTIONS = []
//
//   def server_loop():
//       # ...
//       sock, address = server_sock.accept()
//       connection = Connection(sock, address)
//       _CONNECTIONS.append(connection)
//       try:
//           # ...
//           sock.close()
//       finally:
//           _CONNECTIONS.remove(connection)    # without it: a leak
//
// Without that line objects and memory grow with every client. The count of references,
// looked at when the connection should end, tells it early: 1 says that it goes with the variable,
// 2 that somebody else has it as well. (Python's numbers are one higher, for getrefcount's own
// argument.)
//
// The leaking server's heap is written to a file half-way and at the end, and the command `ouro`
// names the list without being told about it: docs/guide/find-a-leak.md.
#include <exception>
#include <utility>
#include <vector>

#include <ouro/snapshot.hpp>

#include "traffic.hpp"

class Connection {
 public:
  explicit Connection(loopback::Socket sock) : sock_(std::move(sock)) {}

  /// Until the client leaves.
  void serve() {
    for (auto packet = ouro::make<Packet>(); sock_.receive(packet->bytes);
         packet = ouro::make<Packet>()) {
      packets_.push_back(packet);
      sock_.send(".");
    }
    sock_.close();
  }

 private:
  loopback::Socket sock_;
  std::vector<ouro::Ref<Packet>> packets_;

  OURO_TRACE(packets_)
};

std::vector<ouro::Ref<Connection>> connections;

enum class AtEnd { kKeep, kRemove };

void write_snapshot(const char* path) {
  if (const auto error = ouro::snapshot(path)) std::cout << error->to_string() << '\n';
}

void serve_clients(AtEnd at_end) {
  std::size_t count_at_end = 0;
  server_loop<Connection>([&](loopback::Socket sock) {
    auto connection = ouro::make<Connection>(std::move(sock));
    connections.push_back(connection);
    connection->serve();
    if (at_end == AtEnd::kRemove) std::erase(connections, connection);
    count_at_end = ouro::getrefcount(connection);
    if (connections.size() == kClients / 2) write_snapshot("13_server_100.ouro");
  });
  std::cout << "  getrefcount(connection) at its end: " << count_at_end << '\n';
}

int main() {
  try {
    std::cout << "kept in the global list:\n";
    serve_clients(AtEnd::kKeep);
    write_snapshot("13_server.ouro");
    connections.clear();

    std::cout << "removed from the list in the end:\n";
    serve_clients(AtEnd::kRemove);
  } catch (const std::exception& error) {
    std::cout << "failed: " << error.what() << '\n';
    return 1;
  }
}
