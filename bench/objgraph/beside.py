#!/usr/bin/env python3
"""Runs objgraph and ouro.objgraph on the same heap, turn by turn, and prints medians and ratios.

    python bench/objgraph/beside.py --records 265000 --holders 10 100 1000 --repeat 5

Needs both packages. The heap is that of bench/analysis/heap_of_cpython.py: the standard library and
application records; 265,000 of them are 1.6 million tracked objects (H5), 45,000 are 0.3 (H1).
`gc.collect()` is part of some functions of both; its own time is the first row, and the ratio
without it the last column.
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


def thin_chain():
    """Eight references, by attributes and items in turn, up to a module's variable."""
    leak = Held()
    held = leak
    for _ in range(2):
        held = Step([held])
    return held, leak


def shared_by(count):
    """An object that so many hold, each of them held by one more, below a module's variable."""
    leak = Held()
    return [Step([leak]) for _ in range(count)], leak


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


def rows_of(arguments):
    """(name, whether it collects garbage, function of the module)."""
    yield "count", False, lambda module: module.count("Order")
    yield "count of a long name", False, lambda module: module.count("heap_of_cpython.Order")
    yield "by_type", False, lambda module: module.by_type("Lock")
    yield "by_type, a sixth of all", False, lambda module: module.by_type("Order")
    yield "typestats", False, lambda module: module.typestats()
    yield "most_common_types", False, lambda module: module.most_common_types()
    yield "at", False, lambda module: module.at(id(sys))
    yield "growth", True, lambda module: module.growth()
    yield "get_new_ids", True, lambda module: module.get_new_ids(limit=0)
    yield "get_leaking_objects", True, lambda module: module.get_leaking_objects()
    global KEPT
    KEPT, leak = thin_chain()
    yield "find_backref_chain, thin", True, chain_from(leak)
    for count in arguments.holders:
        KEPT, leak = shared_by(count)
        yield "find_backref_chain, %d holders" % count, True, chain_from(leak)
    KEPT, leak = thin_chain()
    yield "show_backrefs, depth 5", True, lambda module: module.show_backrefs(
        [leak], max_depth=5, output=io.StringIO()
    )
    yield "show_refs, depth 5", True, lambda module: module.show_refs(
        [KEPT], max_depth=5, output=io.StringIO()
    )


def chain_from(leak):
    return lambda module: module.find_backref_chain(leak, module.is_proper_module)


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
    print("%-34s %13s %13s %8s %16s" % ("", "objgraph", "ouro", "ratio", "less collect()"))
    results = []
    for name, collects, function in rows_of(arguments):
        if arguments.only and arguments.only not in name:
            continue
        first, theirs_result = timed(lambda: function(objgraph))
        del theirs_result
        theirs = first
        if first < arguments.most_seconds:
            theirs = seconds(lambda: function(objgraph), arguments.repeat)
        function(ours)
        mine = seconds(lambda: function(ours), arguments.repeat)
        bare = (theirs - collect) / max(mine - collect, 1e-6) if collects else theirs / mine
        print("%-34s %10.1f ms %10.2f ms %7.1fx %15s" % (
            name, theirs * 1e3, mine * 1e3, theirs / mine,
            "%.1fx" % bare if collects and mine > collect else ""), flush=True)
        results.append({"name": name, "objgraph_s": theirs, "ouro_s": mine, "collects": collects})
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"python": sys.version, "tracked": tracked, "collect_s": collect,
                       "rows": results}, file, indent=1)
    return len(records) == 0


if __name__ == "__main__":
    main()
