"""Whether a capture has the objects of sub-interpreters, with their counts.

    python3 subinterpreters.py AGENT

Two sub-interpreters each hold 100 instances of a class of their own, in cycles. Free-threaded builds
show the collector's objects of one interpreter at a time: there the others' are what references lead
to, and this checks only that the capture is whole.
"""

import sys

sys.path.insert(0, __file__.rpartition("/")[0])

import exactness  # noqa: E402
import stream  # noqa: E402

PLANT = """
class Planted%d:
    def __init__(self):
        self.me = self
        self.list = [self]
planted = [Planted%d() for _ in range(100)]
"""


def subinterpreters():
    for name in ("_interpreters", "_xxsubinterpreters"):
        try:
            return __import__(name)
        except ImportError:
            pass
    return None


def main():
    module = subinterpreters()
    if module is None:
        print("    skipped: this build has no module of sub-interpreters")
        return 0
    agent = stream.Agent(sys.argv[1])
    created = []
    for number in range(2):
        created.append(module.create())
        problem = module.run_string(created[-1], PLANT % (number, number))
        assert problem is None, problem
    heap = agent.capture_clone()
    failed = []
    is_free_threaded = bool(heap.hello["flags"] & stream.FREE_THREADED)
    for number in range(2):
        name = ("Planted%d" % number, "__main__")
        nodes = [node for node in range(len(heap.addresses))
                 if heap.type_names.get(heap.types[node]) == name]
        if len(nodes) != 100 and not is_free_threaded:
            failed.append("%d of 100 objects of sub-interpreter %d" % (len(nodes), number))
        failed += ["not tracked: object %d" % node for node in nodes
                   if not heap.flags[node] & stream.TRACKED]
    if heap.end["interpreters"] != 3 and not is_free_threaded:
        failed.append("%d interpreters, not 3" % heap.end["interpreters"])
    owned, _ = exactness.owned_in_edges(heap)
    for node, count in enumerate(heap.counts):
        certain = not (heap.flags[node] & stream.IMMORTAL
                       or heap.more[node] & stream.COUNT_IS_UNCERTAIN)
        if certain and owned[node] > count:
            failed.append("%s has %d references, counts %d" % (heap.type_name(node), owned[node],
                                                               count))
    for one in created:
        module.destroy(one)
    print("    %d objects of %d interpreters" % (len(heap.addresses), heap.end["interpreters"]))
    for line in failed[:10]:
        print("    DIFFERS", line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
