#!/usr/bin/env python3
"""A TCP server that keeps every connection it ever had, and what each connection holds.

    leaking_server.py --port 4711            # leaks
    leaking_server.py --port 4711 --cured    # does not

Two mistakes, each enough to keep memory: the list of connections is never shortened, and a
connection and its handler hold each other, so that without the list they would wait for the cycle
collector. The cure of each is the line marked so. Clients: clients.py.

It prints its port when it listens, and at the end (SIGTERM, Ctrl-C) how many clients it served and
the longest time it stood still while it did, by a thread that does nothing but look at the clock.
"""

import argparse
import signal
import socket
import sys
import threading
import time
import weakref

_CONNECTIONS = []


class ConnectionHandler(object):
    def __init__(self, connection):
        self._conn = connection

    def handle(self, packet):
        self._conn.packets.append(packet)
        return b"%d\n" % len(self._conn.packets)


class Connection(object):
    def __init__(self, sock, address, is_cured):
        self.sock = sock
        self.address = address
        self.packets = []
        self._conn_handler = ConnectionHandler(weakref.proxy(self) if is_cured else self)  # cure

    def serve(self):
        with self.sock:
            while True:
                packet = self.sock.recv(4096)
                if not packet:
                    return
                self.sock.sendall(self._conn_handler.handle(packet))


class Server:
    def __init__(self, port, is_cured):
        self.is_cured = is_cured
        self.served = 0
        self.listener = socket.create_server(("127.0.0.1", port))

    def run(self):
        while True:
            sock, address = self.listener.accept()
            connection = Connection(sock, address, self.is_cured)
            _CONNECTIONS.append(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()
            del connection, sock

    def serve(self, connection):
        try:
            connection.serve()
        finally:
            if self.is_cured:
                _CONNECTIONS.remove(connection)  # cure
            self.served += 1


class Heartbeat(threading.Thread):
    """The longest time between two looks at the clock: how long the process stood still."""

    def __init__(self):
        super().__init__(name="heartbeat", daemon=True)
        self.longest_gap = 0.0

    def run(self):
        before = time.perf_counter()
        while True:
            time.sleep(0.001)
            now = time.perf_counter()
            self.longest_gap = max(self.longest_gap, now - before)
            before = now


def stop(signal_number, frame):
    raise KeyboardInterrupt


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="0: any free one (the default)")
    parser.add_argument("--cured", action="store_true", help="without the two mistakes")
    options = parser.parse_args()

    signal.signal(signal.SIGTERM, stop)
    server = Server(options.port, options.cured)
    heartbeat = Heartbeat()
    heartbeat.start()
    print(server.listener.getsockname()[1], flush=True)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    print(
        f"served {server.served} clients; {len(_CONNECTIONS)} connections kept; "
        f"longest standstill {heartbeat.longest_gap * 1000:.1f} ms",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
