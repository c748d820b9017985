#!/usr/bin/env python3
"""Clients that come and go: each connects, sends some packets, reads the answers, and leaves.

    clients.py 4711 --count 500          # so many, one after the other
    clients.py 4711 --seconds 60         # for so long
"""

import argparse
import socket
import time


def visit(port, packets, bytes_a_packet):
    with socket.create_connection(("127.0.0.1", port)) as sock:
        for number in range(packets):
            sock.sendall(b"%06d " % number + b"x" * (bytes_a_packet - 7))
            sock.recv(64)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("port", type=int)
    how_long = parser.add_mutually_exclusive_group()
    how_long.add_argument("--count", type=int, default=500)
    how_long.add_argument("--seconds", type=float)
    parser.add_argument("--packets", type=int, default=4, help="of each client")
    parser.add_argument("--bytes", type=int, default=1000, help="of each packet")
    options = parser.parse_args()

    visits = 0
    end = time.monotonic() + (options.seconds or 0)
    while time.monotonic() < end if options.seconds else visits < options.count:
        visit(options.port, options.packets, options.bytes)
        visits += 1
    print(f"{visits} clients came and went")


if __name__ == "__main__":
    main()
