// What the server examples share: packets, the clients that send them, and a look at what is left.
#pragma once

#include <array>
#include <cstdint>
#include <future>
#include <iomanip>
#include <iostream>
#include <ouro/objgraph.hpp>
#include <ouro/ouro.hpp>
#include <string>

#include "loopback.hpp"

constexpr int kClients = 200;
constexpr int kPacketsOfClient = 16;

struct Packet {
  std::array<char, 4000> bytes{};
};

/// One client after the other connects, sends its packets, each answered by a byte, and leaves.
inline void run_clients(std::uint16_t port) {
  const std::string packet(sizeof(Packet), 'x');
  for (int client = 0; client < kClients; ++client) {
    loopback::Socket sock = loopback::connect(port);
    for (int i = 0; i < kPacketsOfClient; ++i) {
      sock.send(packet);
      std::array<char, 1> answer{};
      if (!sock.receive(answer)) return;
    }
  }
}

/// Starts a server and, in another thread, its clients; serve_one(socket) is called for each
/// client. Says now and then how many Connections there are and how much memory has been added.
template <class Connection, class ServeOne>
void server_loop(ServeOne serve_one) {
  const std::uint64_t uss_bytes_before = ouro::memory_info().uss;
  loopback::Listener server_sock;
  auto clients = std::async(std::launch::async, run_clients, server_sock.port());
  for (int served = 1; served <= kClients; ++served) {
    serve_one(server_sock.accept());
    if (served % (kClients / 2) != 0) continue;
    const std::uint64_t uss_bytes = ouro::memory_info().uss;
    std::cout << "  " << served << " clients served: " << ouro::objgraph::count<Connection>()
              << " connections, " << ouro::objgraph::count<Packet>() << " packets, " << std::fixed
              << std::setprecision(1)
              << (static_cast<double>(uss_bytes) - static_cast<double>(uss_bytes_before)) / 1024. /
                     1024
              << " MB more" << std::endl;
  }
  clients.get();
}
