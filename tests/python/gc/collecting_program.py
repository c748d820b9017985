"""A program whose collections are known: it counts and times them itself, by gc.callbacks.

It says "ready", waits for a line, collects a known number of times, says "done" and what it has
seen as JSON, and waits for another line.
"""

import gc
import json
import sys
import time


class Node:
    pass


seen = []
begun = 0


def watch(phase, info):
    global begun
    if phase == "start":
        begun = time.perf_counter()
    else:
        seen.append((info["generation"], time.perf_counter() - begun, info["collected"]))


def make_cycles(count):
    for _ in range(count):
        node = Node()
        node.itself = node


def say(text):
    print(text)
    sys.stdout.flush()


frozen = [[i] for i in range(int(sys.argv[1]))]
gc.collect()
gc.freeze()
alive = [[i] for i in range(200_000)]
gc.collect()
gc.set_threshold(100_000, 7, 9)
gc.callbacks.append(watch)
say("ready")
sys.stdin.readline()
for _ in range(10):
    make_cycles(50)
    gc.collect(0)
for _ in range(3):
    gc.collect(1)
for _ in range(12):
    make_cycles(10)
    gc.collect()
make_cycles(250_000)  # more than the threshold: some collections come by themselves
gc.callbacks.remove(watch)
if len(sys.argv) > 2:
    gc.disable()
say("done")
say(json.dumps({"seen": seen, "threshold": gc.get_threshold(), "count": gc.get_count(),
                "stats": gc.get_stats(), "enabled": gc.isenabled(),
                "frozen": gc.get_freeze_count(),
                "tracked": [len(gc.get_objects(generation=i)) for i in range(3)]}))
sys.stdin.readline()
