"""Compares the garbage in captures of this process with what gc.collect() then finds: the very same
objects, over rounds of random cyclic garbage.

    python3 garbage.py AGENT [ROUNDS [SEED]]      status 1 and lines where they differ

The collector's own algorithm (Modules/gcmodule.c, or docs/design/analysis.md), over the stream:

    gc_refs of each candidate (tracked, not frozen) = its count - references from candidates
    reachable = candidates with gc_refs > 0, and all candidates these lead to
    garbage   = the other candidates

No gc_refs is negative: that would be a reference counted twice, or not owned. Where finalizers bring
objects back to life, the collector gives up on those and what they lead to (before 3.9 on all): then
what it frees is only a part of the garbage. The finalizer of a suspended generator closes it, so that
what it alone held is freed already when the collector counts.
"""

import array
import collections
import ctypes  # noqa: F401  (imported before the first capture)
import functools
import gc
import os
import random
import sys
import tempfile
import weakref

sys.path.insert(0, __file__.rpartition("/")[0])

import stream  # noqa: E402

ISLANDS, NODES_OF_ISLAND = 8, 25


class Plain:
    def __init__(self):
        self.one = None
        self.two = None


class Slotted:
    __slots__ = ("one", "two", "__weakref__")


class Finalized:
    finalized = 0

    def __del__(self):
        Finalized.finalized += 1


class Resurrected:
    is_to_live = False
    saved = []

    def __del__(self):
        if Resurrected.is_to_live:
            Resurrected.saved.append(self)


class DictSubclass(dict):
    pass


class ListSubclass(list):
    pass


def closure_over(cell):
    def inner():
        return cell

    return inner


def generate(local):
    one = [local]
    yield one
    yield local


def make_node(random, others):
    """A container that refers to one or two of `others`; some can be told later, by `connect`."""
    one, two = random.choice(others), random.choice(others)
    kind = random.randrange(20)
    if kind < 3:
        node = Plain()
        node.one, node.two = one, two
        if kind == 1:
            vars(node)  # its dict is made
        if kind == 2:
            for number in range(random.randrange(40)):
                setattr(node, "attribute_%d" % number, one)
    elif kind == 3:
        node = Slotted()
        node.one = one
    elif kind == 4:
        node = Finalized()
        node.other = one
    elif kind == 5:
        node = Resurrected()
        node.other = two
    elif kind == 6:
        node = DictSubclass(one=one)
        node.attribute = two
    elif kind == 7:
        node = ListSubclass([one, two])
    elif kind == 8:
        node = closure_over(one)
        node.attribute = two
    elif kind == 9:
        node = generate(one)
        if random.random() < 0.7:
            next(node)
    elif kind == 10:
        node = type("Class%d" % random.randrange(9), (Plain,), {"one": one})
        node.two = node() if random.random() < 0.5 else two
    elif kind == 11:
        node = collections.deque([one, two])
    elif kind == 12:
        node = collections.OrderedDict(one=one)
        node[3] = two
    elif kind == 13:
        node = functools.lru_cache(maxsize=2)(lambda number, kept=one: [number, kept])
        node(1), node(2), node(3)
        node.attribute = two
    elif kind == 14:
        node = functools.partial(closure_over, one, key=[two])
    elif kind == 15:
        try:
            raise ValueError(one)
        except ValueError as error:
            node = error
        node.attribute = two
    elif kind == 16:
        node = {one_key: value for one_key, value in (("a", one), (1, two), ((), (one, two)))}
    elif kind == 17:
        node = [one, (two, [one]), {two: one} if two.__hash__ else ()]
    elif kind == 18:
        node = iter([one, [two]])
    else:
        node = make_method(one)
    return node


def make_method(one):
    plain = Plain()
    plain.one = one
    plain.two = plain.__init__
    return plain


def connect(random, node, other):
    if isinstance(node, (ListSubclass, list, collections.deque)):
        node.append(other)
    elif isinstance(node, dict):
        node[random.randrange(100)] = other
    elif isinstance(node, Slotted):
        node.two = other
    elif hasattr(node, "__dict__"):
        setattr(node, random.choice(["one", "two", "three"]), other)


def make_garbage(random, kept):
    """Adds to `kept` what stays, and leaves the rest to the collector."""
    for _ in range(ISLANDS):
        make_island(random, kept, random.random() < 0.3)


def make_island(random, kept, keeps):
    nodes = [[] for _ in range(3)]
    for _ in range(NODES_OF_ISLAND):
        nodes.append(make_node(random, nodes))
    for _ in range(NODES_OF_ISLAND):
        connect(random, random.choice(nodes), random.choice(nodes))
    for node in random.sample(nodes, NODES_OF_ISLAND // 3):
        try:
            reference = weakref.ref(node, random.choice([None, kept.append]))
        except TypeError:
            continue
        random.choice([kept, random.choice([one for one in nodes if type(one) is list])]).append(
            reference)
    if keeps:
        kept += random.sample(nodes, 2)


def predict(heap):
    """Addresses of what no reference from outside leads to; and those with negative gc_refs."""
    count = len(heap.addresses)
    candidate = bytearray(
        heap.flags[n] & (stream.TRACKED | stream.FROZEN) == stream.TRACKED for n in range(count))
    gc_refs = array.array("q", heap.counts)
    begins, targets, kinds = heap.edge_begins, heap.targets, heap.kinds
    for node in range(count):
        if candidate[node]:
            for at in range(begins[node], begins[node + 1]):
                if kinds[at] < stream.NOT_TRAVERSED:
                    gc_refs[targets[at]] -= 1
    certain = [not heap.flags[n] & stream.IMMORTAL
               and not heap.more[n] & stream.COUNT_IS_UNCERTAIN for n in range(count)]
    negative = [n for n in range(count) if candidate[n] and certain[n] and gc_refs[n] < 0]
    todo = [n for n in range(count) if candidate[n] and (gc_refs[n] > 0 or not certain[n])]
    # Where a library's data points to an object need not be a reference.
    todo += [root.node for root in heap.roots if root.what != stream.STATIC_DATA]
    reached = bytearray(count)
    for node in todo:
        reached[node] = 1
    while todo:
        node = todo.pop()
        if not candidate[node]:
            continue
        for at in range(begins[node], begins[node + 1]):
            target = targets[at]
            if kinds[at] < stream.NOT_TRAVERSED and candidate[target] and not reached[target]:
                reached[target] = 1
                todo.append(target)
    return [n for n in range(count) if candidate[n] and not reached[n]], negative


def freed_by_closing(heap, garbage, missing):
    """Those of `missing` that only generators and others of `missing` refer to."""
    freed = set(missing)
    for node in garbage:
        if node in missing or heap.type_name(node) == "builtins.generator":
            continue
        for at in range(heap.edge_begins[node], heap.edge_begins[node + 1]):
            if heap.kinds[at] < stream.NOT_TRAVERSED:
                freed.discard(heap.targets[at])
    return freed


def one_round(agent, random, file):
    """What differs: lines."""
    kept = []
    Resurrected.is_to_live = random.random() < 0.2
    make_garbage(random, kept)
    if random.random() < 0.3:
        gc.freeze()
        make_garbage(random, kept)
    file.seek(0)
    file.truncate()
    gc.set_debug(gc.DEBUG_SAVEALL)
    alive = len(Resurrected.saved)
    status = agent.capture_clone_to(file.fileno())
    gc.collect()
    # The list itself is tracked, and older.
    found = set(map(id, gc.garbage))
    gc.set_debug(0)
    kinds = {id(one): type(one).__name__ for one in gc.garbage}
    heap = stream.read_file(file)
    assert status == 0, status
    garbage, negative = predict(heap)
    predicted = {heap.addresses[n] for n in garbage}
    lines = ["negative: %s count %d" % (heap.type_name(n), heap.counts[n]) for n in negative]
    if heap.hello["flags"] & stream.FREE_THREADED:
        # It first untracks tuples and dicts of what cannot be part of a cycle.
        garbage = [n for n in garbage if heap.addresses[n] in found
                   or heap.type_name(n) not in ("builtins.tuple", "builtins.dict")]
    if len(Resurrected.saved) == alive:
        missing = {n for n in garbage if heap.addresses[n] not in found}
        lines += ["not garbage to the collector: %s" % heap.type_name(n)
                  for n in missing - freed_by_closing(heap, garbage, missing)]
    lines += ["brought back to life, but no garbage"
              for one in Resurrected.saved[alive:] if id(one) not in predicted]
    lines += ["not found: %s%s" % (
                  kinds[address],
                  "" if address in heap.number else ", which is not in the capture")
              for address in found - predicted]
    del kept[:], heap
    gc.garbage.clear()
    Resurrected.saved.clear()
    gc.unfreeze()
    gc.collect()
    Resurrected.saved.clear()
    gc.collect()
    return lines, len(found)


def main():
    agent = stream.Agent(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    gc.disable()
    failed = total = 0
    with tempfile.TemporaryFile() as file:
        agent.capture_clone_to(file.fileno())  # what is made once, is made
        gc.collect()
        for number in range(seed, seed + rounds):
            lines, found = one_round(agent, random.Random(number), file)
            total += found
            failed += bool(lines)
            for line, count in collections.Counter(lines).most_common(6):
                print("    seed %d: %s x %d" % (number, line, count))
    print("    %d rounds, %d objects of garbage, %d rounds differ" % (rounds, total, failed))
    sys.stdout.flush()
    os._exit(1 if failed else 0)


if __name__ == "__main__":
    main()
