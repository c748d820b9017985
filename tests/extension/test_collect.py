"""ouro.objgraph's gc.collect() beside the collector itself: the same heap twice, one for each."""

import collections
import contextvars
import ctypes
import functools
import gc
import itertools
import random
import subprocess
import sys
import threading
import types
import weakref

import pytest

from held_by_c import given_back_by_c, held_by_c
from ouro.objgraph import _tracked

pytestmark = [
    pytest.mark.skipif(not _tracked.IN_PLACE, reason="the heap is not looked at in place"),
    pytest.mark.usefixtures("collected"),
]


class Probe:
    """Dies with the node that has it."""


class Node:
    def __init__(self):
        self.held = []


class Slotted:
    __slots__ = ("held",)

    def __init__(self):
        self.held = []


class Finalized(Node):
    def __del__(self):
        self.held.append("finalized")


class Resurrected(Node):
    back = []

    def __del__(self):
        Resurrected.back.append(self)


class ListOfOwn(list):
    pass


class Field(ctypes.Structure):
    _fields_ = [("object", ctypes.py_object)]


def suspended(held):
    yield held


def waiting(held):
    generator = suspended(held)
    next(generator)
    return generator


def in_field(held):
    field = Field()
    field.object = held
    return field


def with_attribute(one):
    return one, one.held


# Each gives a node and the list of what it holds.
KINDS = [
    lambda: with_attribute(Node()),
    lambda: with_attribute(Slotted()),
    lambda: with_attribute(Finalized()),
    lambda: (lambda held: (held, held))(ListOfOwn()),
    lambda: (lambda held: ({"held": held}, held))([]),
    lambda: (lambda held: ((held, 1), held))([]),
    lambda: (lambda held: (collections.OrderedDict(held=held), held))([]),
    lambda: (lambda held: (collections.deque([held]), held))([]),
    lambda: (lambda held: (functools.partial(print, held), held))([]),
    lambda: (lambda held: (itertools.chain(held, held), held))([]),
    lambda: (lambda held: (types.MappingProxyType({"held": held}), held))([]),
    lambda: (lambda held: (lambda: held, held))([]),
    lambda: (lambda held: (held.append, held))([]),
    lambda: (lambda held: (waiting(held), held))([]),
    lambda: (lambda held: (in_field(held), held))([]),
    lambda: (lambda held: (type("Made", (), {"held": held}), held))([]),
]


class Graph:
    """Nodes that hold each other at random; `holders` are what keeps some of them alive."""

    def __init__(self, seed, size, kinds):
        chance = random.Random(seed)
        made = [chance.choice(kinds)() for _ in range(size)]
        self.probes = [Probe() for _ in made]
        self.deaths = [weakref.ref(probe) for probe in self.probes]
        for (_, held), probe in zip(made, self.probes):
            held.append(probe)
            for _ in range(chance.choice((0, 1, 1, 2))):
                held.append(chance.choice(made)[0])
        self.in_list = [made[at][0] for at in chance.sample(range(size), size // 20)]
        self.in_context = contextvars.Context()
        self.in_context.run(contextvars.ContextVar("node").set, chance.choice(made)[0])
        self.in_generator = waiting([chance.choice(made)[0]])
        self.in_c = chance.choice(made)[0]
        held_by_c(self.in_c)
        self.addresses_of_c = id(self.in_c)
        self.begin_thread(chance.choice(made)[0])
        del self.probes

    def begin_thread(self, node):
        self.may_end = threading.Event()
        began = threading.Event()

        def hold(local):
            began.set()
            self.may_end.wait()
            del local

        self.thread = threading.Thread(target=hold, args=(node,))
        self.thread.start()
        began.wait()
        # The thread's object gave its arguments away; its frame has them.

    def end(self):
        self.may_end.set()
        self.thread.join()
        given_back_by_c(ctypes.cast(self.addresses_of_c, ctypes.py_object).value)

    def living(self):
        return [at for at, death in enumerate(self.deaths) if death() is not None]


def twins(seed, size, kinds, is_old):
    """What lives after the collector, and after ours, in graphs that are the same."""
    answers = []
    for collect in (gc.collect, _tracked.collect):
        gc.collect()
        graph = Graph(seed, size, kinds)
        if is_old:
            gc.collect()
        del graph.in_c
        chance = random.Random(seed)
        del graph.in_list[chance.randrange(len(graph.in_list)) :]
        if chance.random() < 0.5:
            del graph.in_generator
        found = collect()
        living = graph.living()
        answers.append((found, living, gc.collect()))
        graph.end()
        del graph
        gc.collect()
    return answers


@pytest.mark.parametrize("is_old", [False, True], ids=["young", "old"])
@pytest.mark.parametrize("seed", range(12))
def test_collects_what_the_collector_does(seed, is_old):
    theirs, ours = twins(seed, 400, KINDS, is_old)
    assert 0 < len(theirs[1]) < 400
    assert ours == theirs
    assert ours[2] == 0


def test_large_heaps_are_shared_by_threads():
    theirs, ours = twins(1, 40_000, KINDS, is_old=True)
    assert 0 < len(theirs[1]) < 40_000
    assert ours == theirs


def test_a_long_list_is_a_flood_of_one_object_at_a_time():
    first = last = []
    for _ in range(100_000):
        last.append([])
        last = last[0]
    probe = Probe()
    last += [probe, first]
    died = weakref.ref(probe)
    del last, probe
    gc.collect()
    assert _tracked.collect() == 0 and died() is not None
    del first
    assert _tracked.collect() == 100_002 and died() is None


def test_finalizers_run_once_and_may_resurrect():
    answers = []
    for collect in (gc.collect, _tracked.collect):
        node = Resurrected()
        node.held.append(node)
        gc.collect()
        del node
        first = collect()
        back = len(Resurrected.back)
        Resurrected.back.clear()
        answers.append((first, back, collect(), len(Resurrected.back)))
    assert answers[0][1::2] == (1, 0)
    assert answers[1] == answers[0]


def test_frozen_objects_hold_what_they_refer_to():
    node, probe = Node(), Probe()
    node.held += [node, probe]
    died = weakref.ref(probe)
    gc.collect()
    gc.freeze()
    try:
        del node, probe
        later = Node()
        later.held += [later]
        gone = weakref.ref(later)
        del later
        _tracked.collect()
        assert died() is not None
        assert gone() is None
    finally:
        gc.unfreeze()
    _tracked.collect()
    assert died() is None


def test_saves_garbage_where_that_is_asked_for():
    node = Node()
    node.held.append(node)
    number = id(node)
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        del node
        _tracked.collect()
        assert number in map(id, gc.garbage)
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.collect()


def test_weak_references_are_told():
    told = []
    node = Node()
    node.held.append(node)
    reference = weakref.ref(node, told.append)
    gc.collect()
    del node
    _tracked.collect()
    assert told == [reference]


def test_nothing_is_done_in_the_midst_of_a_collection():
    found = []

    class Asks:
        def __del__(self):
            found.append(_tracked.collect())

    asks = Asks()
    asks.itself = asks
    gc.collect()
    del asks
    gc.collect()
    assert found == [0]


def test_an_error_of_the_collector_is_passed_on():
    from ouro import _ouro

    def fail(generation):
        raise KeyError(generation)

    with pytest.raises(KeyError):
        _ouro.collect(fail, Node)


def test_objects_of_the_whole_standard_library():
    # Of many extensions, whose classes no thread but this may traverse.
    program = """
import gc, importlib, pkgutil, sys, warnings, os
warnings.simplefilter("ignore")
folder = os.path.dirname(os.__file__)
for module in pkgutil.iter_modules([folder, os.path.join(folder, "lib-dynload")]):
    if module.name in ("antigravity", "this", "idlelib", "turtle", "turtledemo", "tkinter"):
        continue
    if module.name.startswith("_test"):
        continue
    try:
        importlib.import_module(module.name)
    except BaseException:
        pass
from ouro.objgraph import _tracked
gc.disable()
gc.collect()
for _ in range(20):
    classes = [type("Made", (), {}) for _ in range(50)]
    for cls in classes:
        cls.itself = cls, classes
    gc.collect()
    del classes, cls
    assert _tracked.collect() > 50
    assert gc.collect() == 0
print("collected")
"""
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=300, check=False)  # fmt: skip
    assert done.stdout.endswith("collected\n"), done.stderr[-2000:]
