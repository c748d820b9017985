// Sockets on 127.0.0.1 for the server examples, on plain POSIX calls.
//
// Whoever waits longer than kTimeoutSeconds gives up with an exception, and a socket that goes
// closes its connection, which ends the other side's wait: nothing here can hang.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

namespace loopback {

constexpr int kTimeoutSeconds = 20;

/// The result of a system call, or its error as an exception.
inline int check(int result, const char* call) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), call);
  return result;
}

class Socket {
 public:
  Socket() : Socket(check(::socket(AF_INET, SOCK_STREAM, 0), "socket")) {}
  explicit Socket(int descriptor) : descriptor_(descriptor) {
    const timeval timeout{.tv_sec = kTimeoutSeconds, .tv_usec = 0};
    for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO}) {
      check(::setsockopt(descriptor_, SOL_SOCKET, option, &timeout, sizeof timeout), "setsockopt");
    }
  }
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket() { close(); }

  void close() noexcept {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }

  int descriptor() const noexcept { return descriptor_; }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) throw std::system_error(errno, std::generic_category(), "send");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// Fills `bytes`, or returns false if the other side has left.
  bool receive(std::span<char> bytes) {
    while (!bytes.empty()) {
      const ssize_t received = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
      if (received == 0) return false;
      if (received < 0 && errno == EINTR) continue;
      if (received < 0) throw std::system_error(errno, std::generic_category(), "recv");
      bytes = bytes.subspan(static_cast<std::size_t>(received));
    }
    return true;
  }

 private:
  int descriptor_;
};

inline sockaddr_in address(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

/// Listens on a port that the system chooses.
class Listener {
 public:
  Listener() {
    sockaddr_in here = address(0);
    socklen_t length = sizeof here;
    auto* const generic = reinterpret_cast<sockaddr*>(&here);
    check(::bind(socket_.descriptor(), generic, length), "bind");
    check(::listen(socket_.descriptor(), SOMAXCONN), "listen");
    check(::getsockname(socket_.descriptor(), generic, &length), "getsockname");
    port_ = ntohs(here.sin_port);
  }

  std::uint16_t port() const noexcept { return port_; }

  Socket accept() {
    int accepted = -1;
    do {
      accepted = ::accept(socket_.descriptor(), nullptr, nullptr);
    } while (accepted < 0 && errno == EINTR);
    return Socket(check(accepted, "accept"));
  }

 private:
  Socket socket_;
  std::uint16_t port_ = 0;
};

inline Socket connect(std::uint16_t port) {
  Socket socket;
  const sockaddr_in there = address(port);
  check(::connect(socket.descriptor(), reinterpret_cast<const sockaddr*>(&there), sizeof there),
        "connect");
  return socket;
}

}  // namespace loopback
