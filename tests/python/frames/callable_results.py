"""Calls in several threads whose results could be called themselves, to be looked at at any moment.

Up to 3.10 such a result, type(x) or partial(f), lies where the callable lay, with what the call was
given still above it.
"""

import functools
import os
import sys
import threading


def part(a, b, c=0):
    return a


def run_for_ever():
    while True:
        fresh = [1]
        functools.partial(part, fresh, c=2)
        type("text")
        type(functools)


def main():
    sys.setswitchinterval(0.0005)
    for _ in range(3):
        threading.Thread(target=run_for_ever, daemon=True).start()
    print("begun", flush=True)
    sys.stdin.read()
    print("whole", flush=True)
    # At its usual end 3.10 crashes once in 170 runs on a busy machine, with daemon threads in such a
    # loop: also where nobody has looked at it.
    os._exit(0)


if __name__ == "__main__":
    main()
