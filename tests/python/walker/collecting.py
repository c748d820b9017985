"""A capture from within a collection: from a finalizer that gc.collect() calls.

    python3 collecting.py AGENT

It says that a collection runs, is whole as a stream, and has what the collector holds in lists of
its own, which nothing but references leads to.
"""

import gc
import sys
import tempfile

sys.path.insert(0, __file__.rpartition("/")[0])

import stream  # noqa: E402

COLLECTING = 4


def capture(agent, streams):
    """Read later, so that what reads it is in none of them."""
    file = tempfile.TemporaryFile()
    assert agent.capture_clone_to(file.fileno()) == 0
    streams.append(file)


class Captures:
    def __init__(self, agent, streams):
        self.agent, self.streams = agent, streams
        self.me = self

    def __del__(self):
        capture(self.agent, self.streams)


class Kept:
    def __init__(self):
        self.me = self


def main():
    agent = stream.Agent(sys.argv[1])
    gc.disable()
    kept = [Kept() for _ in range(1000)]
    streams = []
    capture(agent, streams)
    Captures(agent, streams)
    gc.collect()
    capture(agent, streams)
    failed = []
    if len(streams) != 3:
        print("    DIFFERS: %d captures in the finalizer, not 1" % (len(streams) - 2))
        return 1
    heaps = [stream.read_file(file) for file in streams]
    for name, heap, is_collecting in zip(("before", "within", "after"), heaps,
                                         (False, True, False)):
        if bool(heap.hello["flags"] & COLLECTING) != is_collecting:
            failed.append("%s: it says %s" % (name, heap.hello["flags"]))
        missing = sum(id(one) not in heap.number for one in kept)
        untracked = sum(not heap.flags[heap.number[id(one)]] & stream.TRACKED
                        for one in kept if id(one) in heap.number)
        if missing or untracked:
            failed.append("%s: %d of 1000 objects missing, %d not tracked" % (name, missing,
                                                                            untracked))
    print("    %d objects before, %d within, %d after" % tuple(
        len(heap.addresses) for heap in heaps))
    for line in failed:
        print("    DIFFERS", line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
