#!/usr/bin/env python3
"""The program that bench/watch/run watches: a quiet heap, and the same piece of work again and again.

    target.py OBJECTS

A line of JSON a second on standard output: {"units", "cpu_s", "wall_s"}: how many pieces of work were done, the
CPU time of this thread and the time of the clock that they took. Ends when standard input does.
"""

import json
import select
import sys
import time


class Item:
    def __init__(self, number):
        self.number = number
        self.text = str(number)


def work(kept):
    """Some hundred microseconds of what programs do: objects made, kept for a while, dropped."""
    for number in range(200):
        item = Item(number)
        kept[number % len(kept)] = item
    return sum(item.number for item in kept)


def main():
    heap = [Item(number) for number in range(int(sys.argv[1]) // 3)]
    kept = [Item(0)] * 100
    while not select.select([sys.stdin], [], [], 0)[0]:
        cpu, wall = time.thread_time(), time.perf_counter()
        units = 0
        busy = 0.0
        while time.perf_counter() - wall < 1:
            begin = time.perf_counter()
            work(kept)
            busy += time.perf_counter() - begin
            units += 1
            if units % 10 == 0:
                time.sleep(0.002)
        print(json.dumps({"units": units, "cpu_s": time.thread_time() - cpu, "wall_s": busy}),
              flush=True)
    assert len(heap) > 0


if __name__ == "__main__":
    main()
