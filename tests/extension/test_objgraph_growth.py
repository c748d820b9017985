"""ouro.objgraph.growth() beside objgraph's own: a full collection, a list of all, counts by name."""

import gc
import random

import pytest

from held_by_c import given_back_by_c, held_by_c
from ouro import objgraph
from ouro.objgraph import _tracked
from ouro.objgraph._names import long_name_of, short_name_of


class Kept:
    def __init__(self, *held):
        self.held = list(held)


class Cyclic(Kept):
    def __init__(self):
        super().__init__(self)


class NamedByPython(type):
    @property
    def __name__(cls):
        return "a name of Python"


class Odd(metaclass=NamedByPython):
    pass


Größe = type("Größe", (), {})
KINDS = (Kept, Cyclic, Odd, Größe, list, type("Kept", (), {}))


class Slim:
    __slots__ = ("held",)


class SlimCyclic(Slim):
    __slots__ = ()

    def __init__(self):
        self.held = self


# Nothing else grows with them, and names are read without Python: where all that is there of them
# is found alive, the look for garbage ends.
PLAIN = (Slim, SlimCyclic, type("Slim", (), {"__slots__": ()}))


def rows_of_objgraph(peaks, name_of):
    """What objgraph 3.7 does, without its own names."""
    gc.collect()
    everything = gc.get_objects()
    stats = {}
    for one in everything:
        name = name_of(type(one))
        stats[name] = stats.get(name, 0) + 1
    del everything
    increases = {name: n - peaks.get(name, 0) for name, n in stats.items() if n > peaks.get(name, 0)}
    peaks.update((name, stats[name]) for name in increases)
    return {name: (stats[name], more) for name, more in increases.items()}


def steps(seed, kinds):
    """What a program does between two looks; what it made for them is of these classes."""
    chance = random.Random(seed)
    kept = []
    for _ in range(8):
        for _ in range(chance.choice((0, 0, 1, 40))):
            cls = chance.choice(kinds)
            made = cls()
            if cls is list:
                made.append(made)  # else it is a list that a list of freed ones gives
            if chance.random() < 0.7:
                kept.append(made)
        if chance.random() < 0.4:
            del kept[chance.randrange(len(kept) + 1) :]
        if chance.random() < 0.3:
            gc.freeze()
        if chance.random() < 0.3:
            gc.unfreeze()
        made = None
        yield
    gc.unfreeze()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "kinds, shortnames", [(KINDS, True), (KINDS, False), (PLAIN, True)], ids=["odd", "long", "plain"]
)
def test_growth_is_that_of_a_full_collection(seed, kinds, shortnames):
    name_of = short_name_of if shortnames else long_name_of
    names = {name_of(cls) for cls in kinds} - {"list", "builtins.list"}
    histories = []
    for is_ours in (False, True):
        gc.collect()
        peaks = {}
        history = []
        for _ in steps(seed, kinds):
            if is_ours:
                rows = {
                    name: (n, more)
                    for name, n, more in objgraph.growth(None, peaks, shortnames=shortnames)
                }
            else:
                rows = rows_of_objgraph(peaks, name_of)
            history.append({name: row for name, row in rows.items() if name in names})
        histories.append((history, {name: peaks.get(name) for name in names}))
    assert histories[1] == histories[0]
    assert any(histories[0][0])


def test_counts_are_in_the_order_of_the_first_objects(collected):
    classes = [type("Number%d" % number, (Kept,), {}) for number in range(300)]
    random.Random(1).shuffle(classes)
    made = [cls() for cls in classes + classes[:100]]
    gc.collect()
    counts = _tracked.counts_by_type()
    seen = list(dict.fromkeys(type(one) for one in gc.get_objects() if isinstance(one, Kept)))
    assert [one for one in counts if one[0] in seen] == [
        (cls, 2 if at < 100 else 1) for at, cls in enumerate(seen)
    ]
    assert seen == classes
    assert made


def test_two_threads_count_each_object_once(collected):
    kept = []
    for _ in range(40):
        kept += [Slim() for _ in range(500)]
        gc.collect()  # into the list that two threads count
        peaks = {}
        rows = objgraph.growth(None, peaks)
        counts = {}
        for cls, count in _tracked.counts_by_type():  # of one thread
            counts[cls.__name__] = counts.get(cls.__name__, 0) + count
        for name in ("Slim", "function", "type", "module", "wrapper_descriptor"):
            assert peaks[name] == counts[name]
        assert rows


def test_nothing_is_said_where_nothing_has_grown(collected):
    peaks = {}
    objgraph.growth(None, peaks)
    assert objgraph.growth(None, dict.fromkeys(peaks, 10**9)) == []
    assert objgraph.growth(None, dict.fromkeys(peaks, 10**30)) == []


class Mapping(dict):
    pass


class Text(str):
    __hash__ = str.__hash__

    def __eq__(self, other):
        return str(self) == str(other)


@pytest.mark.parametrize("make", [dict, Mapping], ids=["dict", "a class of its own"])
@pytest.mark.parametrize(
    "odd", [{Text("Kept"): 2}, {"Kept": 2.0}, {"Kept": 2, 7: 1}, {"Kept": 2, "\udc80": 1}]
)
def test_peaks_may_be_what_is_read_by_python_alone(odd, make):
    kept = [Kept() for _ in range(5)]
    rows = objgraph.growth(None, make(odd))
    assert [(n, more) for name, n, more in rows if name == "Kept"] == [(5, 3)]
    assert kept


def test_negative_peaks_are_less_than_nothing():
    kept = [Kept()]
    rows = objgraph.growth(None, {"Kept": -3})
    assert [row for row in rows if row[0] == "Kept"] == [("Kept", 1, 4)]
    assert kept


def test_garbage_alone_is_no_growth(collected):
    peaks = {}
    objgraph.growth(None, peaks)
    for _ in range(50):
        Cyclic()
    gc.collect(1)  # into the generation that is not looked at each time
    rows = objgraph.growth(None, peaks)
    assert [row for row in rows if row[0] == "Cyclic"] == []
    assert sum(1 for one in gc.get_objects() if type(one) is Cyclic) == 0


def test_what_a_generator_has_borrowed_is_no_count(collected):
    def waits(held):
        yield held, (yield)  # from 3.14 on the stack has borrowed what the variable holds

    class Waited(Kept):
        pass

    peaks = {}
    objgraph.growth(None, peaks)
    one = Waited()
    waiting = waits(one)
    next(waiting)
    one.held.append(waiting)
    held_by_c(one)
    del one, waiting
    gc.collect(1)
    try:
        assert [more for name, _, more in objgraph.growth(None, peaks) if name == "Waited"] == [1]
    finally:
        for one in gc.get_objects():
            if type(one) is Waited:
                one.held.clear()
                given_back_by_c(one)
