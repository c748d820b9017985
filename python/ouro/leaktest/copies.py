"""A test run again and again, in a copy of the process: what each run leaves is a leak.

    this process   test        leaves objects?  -- fork -->   test  test  test  test  test
                                                              warm  (1)   (2)   (3)   last

A first run fills caches as well as it leaks, and both look the same; so do the runs that follow only
where something leaks. Of a class of which (1), (2) and (3) each have left objects that are still alive
after the last, the least of the three leaks. The last is run so that what is merely replaced by each
run, such as a cached last result, is gone: an object counts if it outlives the next run.

The copy ends without a word to anybody: no output, no atexit functions, no finalizers. Changes to the
heap are the copy's alone; files and servers see a test that is run six times.
"""

import gc
import json
import os
import select
import signal
import sys
import time
import warnings
from types import BuiltinMethodType, MethodType
from typing import Any, Dict, List, NoReturn, Protocol, Sequence, Tuple, TypedDict

from ouro.leaktest.caches import BoundedCaches
from ouro.leaktest.containers import Containers, Path, last_item
from ouro.leaktest.found import Leak
from ouro.leaktest.holders import Holders, is_of_framework, namespace_of
from ouro.leaktest.marks import Mark, reachable_among

#: Paths shown of a class.
_MOST_PLACES = 3
#: A copy takes as long as the runs in it, and gc.collect() of the whole heap.
_LEAST_SECONDS = 20.0


class NotKnown(Exception):
    """Why the copy could not say whether the test leaks."""


class RunnableTest(Protocol):
    """All is called in the copy alone."""

    def run(self) -> bool:
        """Whether it passed."""

    def framework_objects(self) -> List[Any]:
        """Those of which it is known that they may keep what a run has made."""

    def allows(self, name: str) -> bool:
        """Whether objects of the class may stay, with all that they hold."""


class _Answer(TypedDict, total=False):
    leaks: List[Leak]
    reason: str  # why they are not known


class _Row:
    """What is alive of a class."""

    def __init__(self, runs: int, depth: int) -> None:
        self.in_run = [0] * (runs + 1)  # objects, by the run that made them
        self.places: Dict[str, int] = {}  # objects, by their path
        self.depth = depth
        self.size = 0


def leaks_of(
    test: RunnableTest, runs: int, seconds: float, caches: BoundedCaches, containers: Containers
) -> List[Leak]:
    """The leaks, by class. Raises NotKnown.

    `seconds`: what one run takes; `caches`: those that may be emptied; `containers`: those whose
    growth counts.
    """
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        # From 3.12 on of a process with threads. What a thread of this process is to do nobody does
        # in the copy, which then takes too long and is ended.
        warnings.simplefilter("ignore", DeprecationWarning)
        copy = os.fork()
    if copy == 0:
        os.close(reading)
        _be_the_copy(test, runs, caches, containers, writing)
    os.close(writing)
    try:
        text = _read_all(reading, _LEAST_SECONDS + 20 * seconds * (runs + 2))
    finally:
        os.close(reading)
        _end(copy)
    answer: _Answer = {"reason": "the process ends when it is run again"}
    if text:
        answer = json.loads(text)
    if "reason" in answer:
        raise NotKnown(answer["reason"])
    return answer["leaks"]


def _read_all(reading: int, seconds: float) -> str:
    end = time.monotonic() + seconds
    parts: List[bytes] = []
    while True:
        left = end - time.monotonic()
        if left <= 0 or not select.select([reading], [], [], left)[0]:
            raise NotKnown("it does not end when it is run again")
        part = os.read(reading, 1 << 16)
        if not part:
            return b"".join(parts).decode()
        parts.append(part)


def _end(copy: int) -> None:
    """It has said what it had to say, or nothing in time."""
    try:
        os.kill(copy, signal.SIGKILL)
    except ProcessLookupError:
        pass
    try:
        os.waitpid(copy, 0)
    except ChildProcessError:
        pass


def _be_the_copy(
    test: RunnableTest, runs: int, caches: BoundedCaches, containers: Containers, writing: int
) -> NoReturn:
    answer: _Answer
    try:
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        leaks, reason = _runs(test, runs, caches, containers)
        answer = {"reason": reason} if reason else {"leaks": leaks}
    except BaseException as error:
        answer = {"reason": "%s: %s" % (type(error).__name__, error)}
    try:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(json.dumps(answer).encode())
    finally:
        os._exit(0)


def _runs(
    test: RunnableTest, runs: int, caches: BoundedCaches, containers: Containers
) -> Tuple[List[Leak], str]:
    run_by_id: Dict[int, int] = {}
    kind_by_id: Dict[int, type] = {}
    grown: List[Dict[Path, int]] = []
    for run in range(runs + 2):
        caches.empty()
        mark = Mark()
        with warnings.catch_warnings(record=True):
            if not test.run():
                return [], "it fails when it is run again"
        caches.empty()
        grown.append(containers.growth())
        framework = test.framework_objects() + [caches, containers, grown, mark]
        new = mark.new_objects()
        if mark.was_disturbed(new):
            return [], "it calls gc.unfreeze()"
        known = reachable_among(framework, new)
        known.update((id(new), id(framework), id(known)))
        found = [one for one in new if id(one) not in known and not is_of_framework(one)]
        for one in found:
            # An address used again is that of the later object.
            run_by_id[id(one)], kind_by_id[id(one)] = run, type(one)
        if run >= 1 and not found and not grown[run]:
            return [], ""
        del new, framework, known, found
        one = None
    leaks = _survivors(test, run_by_id, kind_by_id, runs)
    return leaks + _growths(test, grown[1 : runs + 1], leaks), ""


def _alive(run_by_id: Dict[int, int], kind_by_id: Dict[int, type], runs: int) -> List[Any]:
    """Objects of the runs 1 to `runs` that are there.

    What was made since the last look, here too, may have the address of one that is gone: it is struck
    off first. After that nothing is made, not even the cells of a comprehension.
    """
    gc.collect()
    since = gc.get_objects()
    for one in since:
        run_by_id.pop(id(one), None)
    run_by_id.pop(id(since), None)
    one = None
    del since
    # What a run has left may have become garbage in a later one, where no collection looked at it.
    Mark.lift()
    gc.collect()
    alive: List[Any] = []
    for one in gc.get_objects():
        run = run_by_id.get(id(one), 0)
        if 1 <= run <= runs and kind_by_id[id(one)] is type(one) and one is not alive:
            alive.append(one)
    return alive


def _survivors(
    test: RunnableTest, run_by_id: Dict[int, int], kind_by_id: Dict[int, type], runs: int
) -> List[Leak]:
    alive = _alive(run_by_id, kind_by_id, runs)
    # The dictionary of an object's attributes is part of it.
    namespaces = {id(namespace_of(one)) for one in alive if type(one) is not dict}
    alive = [one for one in alive if id(one) not in namespaces]
    runs_by_kind: Dict[type, List[int]] = {}
    for one in alive:
        per_run = runs_by_kind.setdefault(type(one), [0] * (runs + 1))
        per_run[run_by_id[id(one)]] += 1
    leaking = {kind: min(counts[1:]) for kind, counts in runs_by_kind.items() if all(counts[1:])}
    alive = [one for one in alive if type(one) in leaking]
    if not alive:
        return []
    holders = Holders(alive, test.framework_objects(), (alive, run_by_id, kind_by_id, leaking))
    ids = {id(one) for one in alive}
    rows: Dict[type, _Row] = {}
    for one in alive:
        above = [holder for holder in holders.above(one) if id(holder) in ids]
        if holders.is_of_framework(one) or any(
            test.allows(full_name(type(each))) for each in [one, *above, *_bound_to(one)]
        ):
            continue
        row = rows.setdefault(type(one), _Row(runs, len(ids)))
        row.in_run[run_by_id[id(one)]] += 1
        row.size = sys.getsizeof(one)
        path = holders.path(one)
        row.depth = min(row.depth, len(above) if path else len(ids))
        row.places[path] = row.places.get(path, 0) + 1
    return _as_leaks(rows)


def _bound_to(one: Any) -> List[Any]:
    """The object whose method it is: it may be there without anything of Python's that holds it."""
    return [one.__self__] if type(one) in (MethodType, BuiltinMethodType) else []


def _growths(
    test: RunnableTest, grown: Sequence[Dict[Path, int]], leaks: Sequence[Leak]
) -> List[Leak]:
    """Containers that each run has made larger, by what no other leak explains."""
    explained = {place for leak in leaks for place in leak["held_by"]}
    found: List[Leak] = []
    for path in grown[0]:
        place = ".".join(path) + "[]"
        items = min(growth.get(path, 0) for growth in grown)
        item = last_item(path)
        if items == 0 or place in explained or test.allows(full_name(type(item))):
            continue
        found.append(
            {
                "class": full_name(type(item)),
                "objects": items,
                "bytes": items * sys.getsizeof(item),
                "depth": 0,
                "held_by": [place],
            }
        )
    return found


def _as_leaks(rows: Dict[type, _Row]) -> List[Leak]:
    """What a program is made of first, then the first holders, then those with most objects; `depth`:
    how many that leak hold one."""
    leaks: List[Tuple[bool, Leak]] = []
    for kind, row in rows.items():
        objects = min(row.in_run[1:])
        if objects == 0:
            continue
        places = sorted(row.places.items(), key=lambda item: (-item[1], item[0]))
        leak: Leak = {
            "class": full_name(kind),
            "objects": objects,
            "bytes": objects * row.size,
            "depth": row.depth,
            "held_by": [path for path, _ in places[:_MOST_PLACES] if path],
        }
        leaks.append((_is_part(kind), leak))
    leaks.sort(key=lambda found: (found[0], found[1]["depth"], -found[1]["objects"]))
    return [leak for _, leak in leaks]


_PARTS = ("weakref.", "_thread.", "_contextvars.", "threading.Event", "threading.Condition")


def _is_part(kind: type) -> bool:
    """Whether other objects are made of it: containers and functions, weak references, locks, a
    thread's events."""
    if kind.__module__ == "builtins":
        return not issubclass(kind, BaseException)
    return full_name(kind).startswith(_PARTS)


def full_name(kind: type) -> str:
    name = getattr(kind, "__qualname__", kind.__name__)
    return name if kind.__module__ == "builtins" else "%s.%s" % (kind.__module__, name)
