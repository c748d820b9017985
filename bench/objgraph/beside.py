#!/usr/bin/env python3
"""Runs objgraph and ouro.objgraph on the same heap, turn by turn, and prints medians and ratios.

    python bench/objgraph/beside.py --records 265000 --holders 10 100 1000 --repeat 5

Needs both packages. The heap is that of bench/analysis/heap_of_cpython.py: the standard library and
application records; 265,000 of them are 1.6 million tracked objects (H5), 45,000 are 0.3 (H1).
Time is that of the clock, medians, because ouro.objgraph has more than one thread. `gc.collect()`, part
of some of objgraph's functions, is the first row.
"""

import argparse
import gc
import io
import json
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "analysis"))

import heap_of_cpython  # noqa: E402

import objgraph  # noqa: E402
from ouro import objgraph as ours  # noqa: E402


class Held:
    """What chains are searched from."""


class Step:
    def __init__(self, held):
        self.held = held


KEPT = []  # the last that was built
GROWN = []


def thin_chain():
    """Six references, by attributes and items in turn, up to this module."""
    step = Held()
    for _ in range(2):
        step = Step([step])
    KEPT[:] = [step]


def shared_by(count):
    """An object that so many lists hold, each of them held by one more, below this module."""
    leak = Held()
    KEPT[:] = [Step([leak]) for _ in range(count)]


def leak():
    """No variable but the caller's holds it."""
    step = KEPT[0]
    while isinstance(step, Step):
        step = step.held[0]
    return step


def find_chain(module):
    chain = module.find_backref_chain(leak(), module.is_proper_module)
    assert module.is_proper_module(chain[0]) and len(chain) > 4, chain


def grow(module, make=Held):
    GROWN.extend(make() for _ in range(1000))
    return module.growth()


def draw(module, *arguments, show, **options):
    getattr(module, show)(*arguments, output=io.StringIO(), **options)


def timed(function):
    begun = time.perf_counter()
    result = function()
    return time.perf_counter() - begun, result


def seconds(function, repeat):
    times = []
    for _ in range(repeat):
        taken, result = timed(function)
        times.append(taken)
        del result
    return statistics.median(times)


def rows_of(arguments, records):
    """(name, function of the module)."""
    yield "count", lambda module: module.count("Order")
    yield "count of a long name", lambda module: module.count("heap_of_cpython.Order")
    yield "by_type", lambda module: module.by_type("Lock")
    yield "by_type, a sixth of all", lambda module: module.by_type("Order")
    yield "typestats", lambda module: module.typestats()
    yield "most_common_types", lambda module: module.most_common_types()
    yield "at", lambda module: module.at(id(sys))
    yield "growth", lambda module: module.growth()
    yield "growth of 1,000 objects", grow
    yield "growth of 1,000 dicts in lists", lambda module: grow(module, lambda: [{1: []}])
    yield "get_new_ids", lambda module: module.get_new_ids(limit=0)
    yield "get_leaking_objects", lambda module: module.get_leaking_objects()
    thin_chain()
    yield "find_backref_chain, thin", find_chain
    for count in arguments.holders:
        shared_by(count)
        yield "find_backref_chain, %d holders" % count, find_chain
    shared_by(100)
    yield "show_backrefs, 100 holders", lambda module: draw(
        module, [leak()], show="show_backrefs", max_depth=5
    )
    thin_chain()
    yield "show_backrefs, depth 5", lambda module: draw(
        module, [leak()], show="show_backrefs", max_depth=5
    )
    record = records[len(records) // 2].orders[0]
    yield "show_backrefs, a record", lambda module: draw(
        module, [record], show="show_backrefs", max_depth=5
    )
    yield "show_refs, depth 5", lambda module: draw(
        module, [KEPT], show="show_refs", max_depth=5
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=265_000)
    parser.add_argument("--holders", type=int, nargs="*", default=[10, 100, 1000])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--most-seconds", type=float, default=20, help="of one call: then no more")
    parser.add_argument("--json", help="write the rows there, too")
    parser.add_argument("--only", help="rows with this in their names")
    arguments = parser.parse_args()

    heap_of_cpython.import_standard_library()
    records = heap_of_cpython.make_records(arguments.records)
    gc.collect()
    tracked = len(gc.get_objects())
    collect = seconds(gc.collect, arguments.repeat)
    print("CPython %s, %d tracked objects" % (sys.version.split()[0], tracked))
    print("%-34s %10.1f ms" % ("gc.collect()", collect * 1e3))
    print("%-34s %13s %13s %8s" % ("", "objgraph", "ouro", "ratio"))
    results = []
    for name, function in rows_of(arguments, records):
        if arguments.only and arguments.only not in name:
            continue
        first, theirs_result = timed(lambda: function(objgraph))
        del theirs_result
        theirs = first
        if first < arguments.most_seconds:
            theirs = seconds(lambda: function(objgraph), arguments.repeat)
        function(ours)
        mine = seconds(lambda: function(ours), arguments.repeat)
        print("%-34s %10.1f ms %10.2f ms %7.1fx" % (
            name, theirs * 1e3, mine * 1e3, theirs / mine), flush=True)
        for module in (objgraph, ours):  # sets of a million ids, in which all others would look
            module.get_new_ids.__defaults__[-1].clear()
        results.append({"name": name, "objgraph_s": theirs, "ouro_s": mine})
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"python": sys.version, "tracked": tracked, "collect_s": collect,
                       "rows": results}, file, indent=1)
    return len(records) == 0


if __name__ == "__main__":
    main()
