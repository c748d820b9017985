"""Referrers of what the stacks of running frames hold, at any instruction of a program.

A search ends when it has explained an object's count. Were a value of a stack counted that is not
there any more, it would end before it has come to the last holder: which lies far from what it holds.
"""

import contextlib
import gc
import random
import sys
import threading

import pytest

from ouro.objgraph import _tracked

pytestmark = [
    pytest.mark.usefixtures("collected"),
    pytest.mark.skipif(not _tracked.IN_PLACE, reason="this Python's heap is not looked at in place"),
]


class Item:
    """What programs iterate over, compare, add, enter, call and delete."""

    def __iter__(self):
        return self

    def __next__(self):
        return self

    def __add__(self, other):
        look()
        return self

    def __lt__(self, other):
        look()
        return True

    def __getitem__(self, key):
        return look()

    def __enter__(self):
        return look()

    def __exit__(self, *exception):
        look()
        return True

    def __call__(self, *arguments, **named):
        look()
        return self

    def __del__(self):
        look()


class Plain(list):
    pass


class Far:
    """Items that lists hold, with many objects between them and those lists."""

    def __init__(self):
        self.holders = [[] for _ in range(4)]
        before = [[] for _ in range(10_000)]
        self.items = [Item() for _ in range(4)]
        behind = [[] for _ in range(10_000)]
        self.between = [before, behind]
        for number, holder in enumerate(self.holders):
            holder.extend(self.items[number:])
            holder.append(holder)


FAR = None
DIFFERENCES = []
LOOKS = []


def look(*_):
    """Compares, and gives back an item. A few times with what gc finds, which takes long."""
    if FAR is None:
        return None
    number = len(LOOKS) % len(FAR.items)
    targets = [FAR.items[number]]
    own = [FAR.items]
    found = _tracked.Backrefs().referrers(targets, own, ())[0]
    missing = [at for at, holder in enumerate(FAR.holders[: number + 1]) if not any(holder is one for one in found)]
    if missing:
        DIFFERENCES.append((sys._getframe(1).f_lineno, missing))
    if len(LOOKS) % 29 == 0:
        without = {id(targets), id(own), id(FAR.items), id(found)}
        expected = [one for one in gc.get_referrers(targets[0]) if id(one) not in without]
        if [id(one) for one in found] != [id(one) for one in expected]:
            DIFFERENCES.append((sys._getframe(1).f_lineno, found, expected))
    LOOKS.append(number)
    return targets[0]


# ---- programs: each has items on its stack, below and within what it calls


def iterating():
    a, b, c, d = FAR.items
    for one in a:
        for other in b:
            one(look(), other)
            break
        break
    return [look() for one in (c, d) if look()]


def building():
    a, b, c, d = FAR.items
    made = [a, look(), (b, look()), {"c": c, "look": look()}]
    first, *rest = [a, look(), *made, *(look(), d)]
    return {**{"a": a, "b": look()}, **{"c": (look(), rest)}}, f"{look()!r:>{len(made)}}"[:0]


def calling():
    a, b, c, d = FAR.items
    a(b, c(look(), d), look(), named=d(look()), *(look(), a), **{"more": look()})
    return sorted([a, b, c], key=lambda one: len(LOOKS)), list(map(look, [a, b, c]))


def comparing():
    a, b, c, d = FAR.items
    return a < b < look() < c, a + b + look() + d, (a or b) and look(), b[a], a[look():look()]


def entering():
    a, b, c, d = FAR.items
    with a, b as got:
        with contextlib.suppress(KeyError), c:
            got(look())
            raise KeyError(d)
    try:
        try:
            look()[{}[look()]]
        except KeyError as error:
            raise LookupError(a) from error
        finally:
            d(look())
    except LookupError:
        return look()


def suspending():
    a, b, c, d = FAR.items
    def numbers():
        for one in a:
            yield look(), (yield b), one(look())

    def delegating():
        return (yield from numbers())

    steps = delegating()
    return [c(next(steps), look(), d) for _ in range(4)]


def awaiting():
    a, b, c, d = FAR.items
    class Once:
        def __await__(self):
            yield look()

    async def work():
        for one in (a, b):
            one(look(), await Once(), c)
        return [one(look()) async for one in several()]

    async def several():
        yield look()
        await Once()
        yield d(look())

    running = work()
    with contextlib.suppress(StopIteration):
        while True:
            running.send(None)


def defining():
    a, b, c, d = FAR.items
    class Body:
        field = [a, look(), b]
        for one in c:
            other = one(look())
            break

    def closure(argument=look()):
        nonlocal a
        a = d
        return argument(look(), a, b)

    return closure(), Body, exec("a(b, look(), *[c])", globals(), {"a": a, "b": b, "c": c})


def finalizing():
    a, b, c, d = FAR.items
    Item()(Item(), look(), Item() + a)
    for one in Item():
        b(look(), Item())
        break
    return [Item(), look(), c, d] is Item()


class Managed:
    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return False


def unwinding():
    """Takes values off its stack one by one, each of which looks when it goes."""
    a, b, c, d = FAR.items
    for fails in ({}.__getitem__, lambda key: {}[key]):
        try:
            print(Item(), a, Plain(), Item(), b, Plain(), c, fails(1), d)
        except KeyError:
            look()
        try:
            for one in Item():
                for other in Plain(), a, b:
                    with Managed():
                        one(fails(1))
        except KeyError:
            look()
    with contextlib.suppress(KeyError):
        return {}[a]
    return [a(b, d(look()))]


PROGRAMS = [iterating, building, calling, comparing, entering, suspending, awaiting, defining,
            finalizing, unwinding]  # fmt: skip


@pytest.fixture
def far():
    global FAR
    FAR = Far()
    DIFFERENCES.clear()
    LOOKS.clear()
    yield FAR
    sys.settrace(None)
    for holder in FAR.holders:
        holder.clear()
    FAR = None


@pytest.mark.parametrize("program", PROGRAMS)
def test_where_they_call(far, program):
    program()
    assert LOOKS and not DIFFERENCES


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("program", PROGRAMS)
def test_at_any_instruction(far, program, seed):
    chance = random.Random(seed)

    def trace(frame, event, argument):
        if frame.f_code.co_filename != __file__ or frame.f_code is look.__code__:
            return None
        frame.f_trace_opcodes = True
        if chance.random() < 0.2:
            look()
        return trace

    sys.settrace(trace)
    try:
        program()
    finally:
        sys.settrace(None)
    assert len(LOOKS) > 10 and not DIFFERENCES


def test_in_other_threads(far):
    def wait():
        for one in FAR.items[0]:
            one(waits.set() or goes_on.wait())
            return

    waits, goes_on = threading.Event(), threading.Event()
    thread = threading.Thread(target=wait)
    thread.start()
    waits.wait()
    for _ in range(2 * len(FAR.items)):
        look()
    goes_on.set()
    thread.join()
    assert LOOKS and not DIFFERENCES
