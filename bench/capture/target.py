#!/usr/bin/env python3
"""The process that bench/capture/run looks at: a large heap, a heartbeat, and peers on demand.

Makes the heap of bench/analysis/heap_of_cpython.py, then answers each line of standard input with a
line of JSON: {"seconds": ..., "gap_ms": ...}, the time the work took and the longest time a thread
that only looks at the clock did not run meanwhile. Works: see WORKS. `wait` ends with the next line.
"""

import argparse
import gc
import json
import os
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "analysis"))

import heap_of_cpython  # noqa: E402


class Heartbeat(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.longest = 0.0

    def run(self):
        before = time.perf_counter()
        while True:
            time.sleep(0.0005)
            now = time.perf_counter()
            self.longest = max(self.longest, now - before)
            before = now


class Held:
    """Held by so many others, each of them by one more, up to a module's variable."""


def collect(arguments):
    gc.collect()


def fork(arguments):
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def wait(arguments):
    sys.stdin.readline()


def work(arguments):
    """What a busy server does: until a line comes, make and drop objects."""
    done = threading.Event()

    def read():
        sys.stdin.readline()
        done.set()

    threading.Thread(target=read, daemon=True).start()
    while not done.is_set():
        for number in range(2000):
            heap_of_cpython.Money(number, "EUR")


def pure_python(arguments):
    """The complete graph in Python, as short as can be: nothing is written."""
    hidden = set()
    heap = heap_of_cpython.Heap(False)
    heap.collect(hidden)
    return {"objects": len(heap.addresses)}


def objgraph_types(arguments):
    import objgraph

    return {"objects": sum(objgraph.typestats().values())}


def objgraph_chain(arguments):
    import objgraph

    chain = objgraph.find_backref_chain(arguments.held, objgraph.is_proper_module)
    return {"length": len(chain)}


def guppy3_heap(arguments):
    import guppy

    return {"objects": guppy.hpy().heap().count}


def pympler_summary(arguments):
    from pympler import muppy, summary

    objects = muppy.get_objects()
    summary.summarize(objects)
    return {"objects": len(objects)}


def pyheap_dump(arguments):
    """The part of PyHeap that runs inside of the program; its injection by gdb is not counted."""
    path = os.path.join(arguments.pyheap, "pyheap", "src", "dumper_inferior.py")
    with tempfile.TemporaryDirectory() as folder:
        names = {"heap_file": os.path.join(folder, "heap"), "str_repr_len": 100,
                 "progress_file": os.path.join(folder, "progress"), "__name__": "pyheap"}  # fmt: skip
        with open(path) as file:
            exec(compile(file.read(), path, "exec"), names)
        if names.get("result_error"):
            raise RuntimeError(names["result_error"])
        return {"bytes": os.path.getsize(names["heap_file"]), "result": names.get("result")}


WORKS = {work.__name__: work for work in (
    collect, fork, wait, work, pure_python, objgraph_types, objgraph_chain, guppy3_heap,
    pympler_summary, pyheap_dump)}  # fmt: skip


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=265_000)
    parser.add_argument("--no-library", action="store_true")
    parser.add_argument("--holders", type=int, default=1000)
    parser.add_argument("--pyheap", help="a checkout of PyHeap")
    return parser.parse_args()


def answer(work, arguments, heartbeat):
    # The gap of what came before must not count: the heartbeat has to have seen this work begin.
    time.sleep(0.01)
    heartbeat.longest = 0.0
    begin = time.perf_counter()
    try:
        result = work(arguments) or {}
    except BaseException as error:
        result = {"error": "%s: %s" % (type(error).__name__, error)}
    result["seconds"] = time.perf_counter() - begin
    time.sleep(0.005)
    result["gap_ms"] = heartbeat.longest * 1000
    return result


def main():
    arguments = parse_arguments()
    sys.argv = [sys.argv[0]]
    if not arguments.no_library:
        heap_of_cpython.import_standard_library()
    global records, held_by
    records = heap_of_cpython.make_records(arguments.records)
    arguments.held = Held()
    held_by = [{"item": [arguments.held], "number": number} for number in range(arguments.holders)]
    gc.collect()
    heartbeat = Heartbeat()
    heartbeat.start()
    print(json.dumps({"pid": os.getpid(), "version": sys.version.split()[0]}), flush=True)
    for line in iter(sys.stdin.readline, ""):
        print(json.dumps(answer(WORKS[line.strip()], arguments, heartbeat)), flush=True)


if __name__ == "__main__":
    main()
