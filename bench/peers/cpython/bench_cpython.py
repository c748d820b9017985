"""The peer CPython: `bench_cpython.py <work> name=value...` prints a line of JSON a measurement.

Runs on CPython 3.8 and later. The work is that of the headers w1_... to w7_... in ../../workloads;
times include the interpreter, which is most of W4 to W6 and little of W2 and W3.
"""

import gc
import json
import os
import random
import sys
import time
import weakref

DUNGEONS_PER_FRAME = 10
MONSTERS_PER_DUNGEON = 100
WARM_UP_FRAMES = 50


def thread_cpu_ns():
    return time.clock_gettime_ns(time.CLOCK_THREAD_CPUTIME_ID)


def report(metric, unit, values):
    print(
        json.dumps(
            {"metric": metric, "unit": unit, "values": [round(value, 3) for value in values]}
        )
    )


def time_each(repeats, operations, work):
    values = []
    for _ in range(repeats):
        begin = thread_cpu_ns()
        work()
        values.append((thread_cpu_ns() - begin) / operations)
    return values


class Node:
    __slots__ = ("left", "right")


# W1 -----------------------------------------------------------------------------------------------


class Dungeon:
    def __init__(self, world):
        self.monsters = []
        if world is not None:
            self.world = world

    def add_monster(self, monster):
        self.monsters.append(monster)
        monster.on_add_to_dungeon(self)

    def destroy(self):
        self.monsters = []


class Monster:
    def __init__(self):
        self.dungeon = None
        self.hp = 10
        self.attack = 1
        self.defence = 2
        self.speed = 3

    def on_add_to_dungeon(self, dungeon):
        self.dungeon = dungeon


class MonsterWithWeakref(Monster):
    def on_add_to_dungeon(self, dungeon):
        self.dungeon = weakref.ref(dungeon)


def run_frame(monster_type, manual, world):
    for _ in range(DUNGEONS_PER_FRAME):
        dungeon = Dungeon(world)
        for _ in range(MONSTERS_PER_DUNGEON):
            dungeon.add_monster(monster_type())
        if manual:
            dungeon.destroy()


def run_frames(parameters):
    way = parameters.get("way", "default")
    assert way in ("default", "threshold_10000", "manual", "weakref"), "this peer has no such way"
    beside = parameters.get("beside", "none")
    live = (
        build_graph(int(parameters.get("live", 1000000)), "sequential")
        if beside != "none"
        else None
    )
    world = live[0] if beside == "world" else None
    if way == "threshold_10000":
        gc.set_threshold(10000)
    monster_type = MonsterWithWeakref if way == "weakref" else Monster
    gc.collect()

    frames = []
    for _ in range(WARM_UP_FRAMES + int(parameters.get("frames", 500))):
        begin = thread_cpu_ns()
        run_frame(monster_type, way == "manual", world)
        frames.append(thread_cpu_ns() - begin)
    report("frame", "ns", frames[WARM_UP_FRAMES:])


# W2, W3 -------------------------------------------------------------------------------------------


def build_graph(count, order):
    gc.disable()  # quadratic otherwise in some versions, and no part of what is measured
    nodes = [Node() for _ in range(count)]
    at = list(range(count))
    if order == "random":
        random.Random(1).shuffle(at)
    for i in range(count):
        node = nodes[at[i]]
        node.left = nodes[at[(i + 1) % count]]
        node.right = nodes[at[(2 * i + 1 if order == "random" else i + 2) % count]]
    nodes[0], nodes[at[0]] = nodes[at[0]], nodes[0]
    gc.enable()
    return nodes


def collect(expected):
    found = gc.collect()
    assert found == expected, "collected %d objects, not %d" % (found, expected)


def run_live_graph(parameters):
    count = int(parameters.get("n", 1000000))
    repeats = int(parameters.get("repeats", 3))
    nodes = build_graph(count, parameters.get("order", "sequential"))
    gc.collect()
    report("held all", "ns/object", time_each(repeats, count, lambda: collect(0)))
    root = nodes[0]
    del nodes
    gc.collect()
    report("held root", "ns/object", time_each(repeats, count, lambda: collect(0)))
    assert root.left and root.right


def make_pairs(count):
    for _ in range(count // 2):
        first = Node()
        first.left = second = Node()
        second.left = first


def make_ring(count):
    first = last = Node()
    for _ in range(count - 1):
        last.left = last = Node()
    last.left = first


def run_garbage(parameters):
    count = int(parameters.get("n", 1000000))
    make = make_pairs if parameters.get("shape", "pairs") == "pairs" else make_ring
    gc.collect()
    gc.disable()
    values = []
    for _ in range(int(parameters.get("repeats", 3))):
        make(count)
        values += time_each(1, count, lambda: collect(count))
    report("collect", "ns/object", values)


# W4 to W7 -----------------------------------------------------------------------------------------


def copy_one(count):
    source = Node()
    for _ in range(count):
        copy = source
    return copy


def copy_many(sources):
    for source in sources:
        copy = source
    return copy


def run_references(parameters):
    count = int(parameters.get("n", 20000000)) // 10
    repeats = int(parameters.get("repeats", 5))
    report("one", "ns", time_each(repeats, count, lambda: copy_one(count)))
    sources = [Node() for _ in range(1024)] * (count // 1024)
    report("many", "ns", time_each(repeats, len(sources), lambda: copy_many(sources)))


def allocate_and_free_lifo(count):
    for _ in range(count):
        Node()


def run_batches(count, repeats, suffix):
    allocation, release = [], []
    for _ in range(repeats):
        nodes = None
        begin = thread_cpu_ns()
        nodes = [Node() for _ in range(count)]
        middle = thread_cpu_ns()
        del nodes
        allocation.append((middle - begin) / count)
        release.append((thread_cpu_ns() - middle) / count)
    report("batch" + suffix, "ns", [a + b for a, b in zip(allocation, release)])
    report("batch allocation" + suffix, "ns", allocation)
    report("batch free" + suffix, "ns", release)


def run_allocation(parameters):
    count = int(parameters.get("n", 1000000))
    repeats = int(parameters.get("repeats", 5))
    report("lifo", "ns", time_each(repeats, count, lambda: allocate_and_free_lifo(count)))
    run_batches(count, repeats, "")
    gc.disable()
    run_batches(count, repeats, ", collector off")


def build_tree(depth):
    node = Node()
    if depth > 0:
        node.left = build_tree(depth - 1)
        node.right = build_tree(depth - 1)
    return node


def run_trees(parameters):
    depth = int(parameters.get("depth", 16))
    repeats = int(parameters.get("repeats", 5))
    report(
        "depth %d" % depth,
        "ns/node",
        time_each(repeats, 2 ** (depth + 1) - 1, lambda: build_tree(depth)),
    )


def resident_bytes():
    with open("/proc/self/smaps_rollup") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Rss:"))


def run_footprint(parameters):
    count = int(parameters.get("n", 4000000))
    gc.disable()
    chain = Node()
    before = resident_bytes()
    for _ in range(count):
        node = Node()
        node.left = chain
        chain = node
    report("object", "bytes", [(resident_bytes() - before) / count])


WORKLOADS = {
    "w1": run_frames,
    "w2": run_live_graph,
    "w3": run_garbage,
    "w4": run_references,
    "w5": run_allocation,
    "w6": run_trees,
    "w7": run_footprint,
}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in WORKLOADS:
        sys.exit("usage: bench_cpython.py w1..w7 name=value...")
    WORKLOADS[sys.argv[1]](dict(word.split("=", 1) for word in sys.argv[2:]))
    sys.stdout.flush()
    os._exit(0)  # past the tear-down of millions of nodes
