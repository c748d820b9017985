"""ouro.objgraph against the same questions in Python: gc.get_objects, get_referrers, get_referents."""

import collections
import doctest
import gc
import io
import os
import random
import subprocess
import sys
import threading
import types
import weakref

import pytest

from ouro import objgraph
from ouro.objgraph import _tracked


pytestmark = pytest.mark.usefixtures("collected")

# ---- heaps by seed


class Plain:
    pass


class Slotted:
    __slots__ = ("a", "b", "__weakref__")


class ListOfOwn(list):
    pass


class DictOfOwn(dict):
    pass


class Lying(Plain):
    """Says that it is of another class."""

    __class__ = property(lambda self: dict)


class NamedByPython(type):
    asked = 0

    @property
    def __name__(cls):
        NamedByPython.asked += 1
        return "MadeUp"

    def __hash__(cls):
        raise TypeError("not to be asked")

    def __eq__(cls, other):
        raise TypeError("not to be asked")


class Holder(metaclass=NamedByPython):
    pass


def suspended(*held):
    local = held
    yield local


def make_heap(seed):
    """(all objects, those that hold the others): random references of every kind."""
    chance = random.Random(seed)
    objects = [Plain()]
    for _ in range(300):
        some = [chance.choice(objects) for _ in range(chance.randrange(4))]
        kind = chance.randrange(14)
        if kind == 0:
            one = list(some)
        elif kind == 1:
            one = (objects[-1], *some)
        elif kind == 2:
            one = {index: each for index, each in enumerate(some)}
        elif kind == 3:
            one = {"key%d" % index: each for index, each in enumerate(some)}
        elif kind == 4:
            one = chance.choice([Plain, Lying, Holder])()
            for index, each in enumerate(some):
                setattr(one, "field%d" % index, each)
        elif kind == 5:
            one = Slotted()
            if some:
                one.a = some[0]
        elif kind == 6:
            one = {id(each): each for each in some}
            one[Plain()] = some
        elif kind == 7:
            one = suspended(*some)
            next(one)
        elif kind == 8:
            one = (lambda held: lambda: held)(some)
        elif kind == 9:
            one = {each for each in some if isinstance(each, Plain)}
        elif kind == 10:
            one = ListOfOwn(some)
        elif kind == 11:
            one = DictOfOwn(enumerate(some))
        elif kind == 12:
            one = types.MethodType(len, some)
        else:
            one = Plain()
            one.reference = weakref.ref(chance.choice([each for each in objects
                                                       if isinstance(each, Plain)]))
            one.__dict__["also"] = some
        objects.append(one)
    for one in chance.sample(objects, 40):  # cycles
        if isinstance(one, Plain):
            one.later = chance.choice(objects)
        elif type(one) is list:
            one.append(chance.choice(objects))
    return objects


SEEDS = range(4)

needs_in_place = pytest.mark.skipif(
    not _tracked.IN_PLACE, reason="this Python's heap is not looked at in place"
)


def naive_chain_length(obj, predicate, ignored, most):
    """Breadth first by gc.get_referrers; references from the start to obj, or None."""
    level, seen, length = [obj], {id(obj)}, 0
    ignored = set(ignored)
    while level and length <= most:
        if any(predicate(one) for one in level):
            return length
        following = []
        ignored.update((id(level), id(following), id(sys._getframe())))
        for one in level:
            referrers = gc.get_referrers(one)
            ignored.add(id(referrers))
            for source in referrers:
                if id(source) not in seen and id(source) not in ignored:
                    seen.add(id(source))
                    following.append(source)
            del referrers
        level, length = following, length + 1
    return None


# ---- counts and objects


@needs_in_place
@pytest.mark.parametrize("seed", SEEDS)
def test_counts_are_those_of_all_tracked_objects(seed):
    heap = make_heap(seed)
    objects = gc.get_objects()
    counts = _tracked.counts_by_type()
    expected = collections.Counter(id(type(one)) for one in objects)
    expected[id(list)] += 1  # `objects`
    assert {id(cls): n for cls, n in counts} == expected
    in_order = list(dict.fromkeys(id(type(one)) for one in objects))
    without_list = [id(cls) for cls, _ in counts if cls is not list]  # `objects` is in front
    assert without_list == [one for one in in_order if one != id(list)]
    assert heap


@pytest.mark.parametrize("seed", SEEDS)
def test_objects_are_found_by_type(seed):
    heap = make_heap(seed)
    for name in ("Plain", "Slotted", "generator", "Lying", __name__ + ".ListOfOwn", "MadeUp",
                 "a.b", "", "dict"):  # fmt: skip
        long = "." in name
        name_of = objgraph._long_typename if long else objgraph._short_typename
        expected = [one for one in gc.get_objects() if name_of(one) == name]
        found = objgraph.by_type(name)
        found_ids = [id(one) for one in found if one is not expected and one is not found]
        assert found_ids == [id(one) for one in expected]
        del found_ids
        assert [id(one) for one in objgraph.by_type(name, heap)] == [
            id(one) for one in heap if name_of(one) == name
        ]
        del expected
        assert objgraph.count(name) == len(found) + (name == "list")
        del found


def test_classes_with_several_names_and_modules():
    first = type("Twice", (), {"__module__": "one"})()
    second = type("Twice", (), {"__module__": "two"})()
    third = type("Twice", (), {"__module__": None})()
    dotted = type("one.Twice", (), {"__module__": ""})()
    assert objgraph.by_type("one.Twice") in ([first, dotted], [dotted, first])
    assert len(objgraph.by_type("Twice")) == 3
    assert objgraph.typestats(shortnames=False)["two.Twice"] == 1
    assert objgraph.count("Twice", [first, second, third, 1]) == 3
    unicode = type("Größe", (), {})()
    assert objgraph.by_type("Größe") == [unicode]


def test_objects_are_found_by_address():
    heap = make_heap(1)
    tracked = [one for one in heap if gc.is_tracked(one)]
    found = objgraph.at_addrs({id(one) for one in tracked} | {8, 2**70, -1})
    assert sorted(map(id, found)) == sorted(map(id, tracked))
    assert objgraph.at(id(tracked[0])) is tracked[0]
    assert objgraph.at(id("text")) is None
    assert objgraph.at(-5) is None
    assert objgraph.at_addrs([id(tracked[3])]) == [tracked[3]]


@pytest.mark.parametrize("seed", SEEDS)
def test_unreferenced_objects(seed):
    heap = make_heap(seed)
    leaking = objgraph.get_leaking_objects()
    ids = {id(one) for one in gc.get_objects()}
    for one in gc.get_objects():
        if one is not leaking:
            ids.difference_update(map(id, gc.get_referents(one)))
    unlike = {id(one) for one in leaking} ^ ids
    unlike -= {id(leaking), id(ids), id(heap)}
    assert len(unlike) <= 3, [objgraph.at(one) for one in unlike]  # lists of this function
    del leaking
    lone = [Plain(), Plain()]
    held = {"held": lone[1]}
    assert objgraph.get_leaking_objects(lone) == [lone[0]]
    assert objgraph.get_leaking_objects(()) == []
    assert held


@pytest.mark.parametrize("shortnames", [True, False])
def test_new_ids(shortnames):
    state = {}
    objgraph.get_new_ids(limit=0, shortnames=shortnames, _state=state)
    made = [Plain() for _ in range(7)]
    new = objgraph.get_new_ids(limit=0, _state=state)
    name = "Plain" if shortnames else __name__ + ".Plain"
    assert {id(one) for one in made} <= new[name]
    assert objgraph.get_new_ids(skip_update=True, _state=state) is new
    del made
    again = objgraph.get_new_ids(limit=0, _state=state)
    assert again is new and not new[name]


# ---- referrers and chains


@pytest.mark.parametrize("seed", SEEDS)
def test_referrers_are_those_of_gc(seed):
    heap = make_heap(seed)
    tracked = list(heap)
    found = _tracked.Backrefs().referrers(tracked, [], ())
    lists = {id(tracked), id(found), *map(id, found)}
    assert len(found) == len(tracked)
    for at in range(0, len(tracked), 5):
        expected = [id(one) for one in gc.get_referrers(tracked[at]) if id(one) not in lists]
        assert [id(one) for one in found[at] if id(one) not in lists] == expected, tracked[at]


@pytest.mark.parametrize("seed", SEEDS)
def test_referrers_of_one_or_few_are_those_of_gc(seed):
    # Few are looked for near them and around modules first.
    heap = make_heap(seed)
    Plain.kept = heap[:40:8]
    chance = random.Random(seed)
    try:
        for _ in range(60):
            targets = chance.sample(heap, chance.choice((1, 1, 1, 2, 5)))
            found = _tracked.Backrefs().referrers(targets, [heap], ())
            without = {id(targets), id(heap), id(found), *map(id, found)}
            for at in range(len(targets)):
                expected = [id(one) for one in gc.get_referrers(targets[at])
                            if id(one) not in without]  # fmt: skip
                assert [id(one) for one in found[at]] == expected, targets[at]
    finally:
        del Plain.kept


@pytest.mark.parametrize("seed", range(12))
def test_referrers_of_all_ages_are_in_order(seed):
    # Those far from what they refer to are found around frames and modules.
    chance = random.Random(seed)
    targets = [Plain() for _ in range(3)]
    holders = []
    between = []
    for _ in range(chance.randrange(2, 7)):
        holders.append(chance.sample(targets, chance.randrange(1, 4)))
        between.append([[] for _ in range(chance.choice((0, 100, 12_000)))])
        generation = chance.choice((None, None, None, None, 0, 1, 2))
        if generation is not None:
            gc.collect(generation)
    Plain.kept = [holders[0], {"one": holders[-1]}]  # near modules
    try:
        for some in (targets[:1], targets[1:], targets):
            found = _tracked.Backrefs().referrers(some, [targets], ())
            without = {id(some), id(targets), id(found), *map(id, found)}
            for at in range(len(some)):
                expected = [id(one) for one in gc.get_referrers(some[at]) if id(one) not in without]
                assert [id(one) for one in found[at]] == expected
    finally:
        del Plain.kept


@pytest.mark.parametrize("seed", SEEDS)
def test_pictures_show_no_garbage(seed):
    chance = random.Random(seed)
    held = []
    heap = make_heap(seed)
    for at, one in enumerate(chance.sample(heap, 12)):
        if at % 2:
            heap += make_heap(chance.random())  # what comes next is far from it
        garbage = [one]
        garbage.append({"itself": garbage, "more": [one]})
        if at % 3 == 0:
            gc.collect()
        held.append(one)
        del garbage
    for one in heap:
        getattr(one, "__dict__", None)  # pictures ask for it, which has some Pythons make one

    def picture(one, depth, too_many):
        text = io.StringIO()
        objgraph.show_backrefs([one], depth, [id(held), id(heap)], too_many=too_many, output=text)
        return text.getvalue()

    found = _tracked.Backrefs().referrers(held, [heap], ())
    assert any(type(one) is list and len(one) == 2 and type(one[1]) is dict
               for referrers in found for one in referrers)  # fmt: skip
    del found
    depths = [chance.choice((1, 2, 3)) for _ in held]
    drawn = []
    for at, depth in enumerate(depths):
        garbage = [held[at]]  # that of the heap was collected by the first picture
        garbage.append(garbage)
        del garbage
        drawn.append(picture(held[at], depth, 10))
    gc.collect()
    assert [picture(held[at], depth, 10) for at, depth in enumerate(depths)] == drawn


def test_numbers_of_references_are_without_those_of_who_draws():
    class Numbered:
        pass

    Numbered.holder = ListOfOwn([Plain()])
    text = io.StringIO()
    objgraph.show_backrefs([Numbered.holder[0]], max_depth=3, refcounts=True, output=text)
    drawn = text.getvalue()
    assert 'label="ListOfOwn [1]' in drawn
    assert 'label="Plain [2]' in drawn  # and the argument


def test_referrers_of_the_same_object_twice():
    one = Plain()
    holder = {"one": one}
    both = _tracked.Backrefs().referrers([one, one], [], ())
    assert [holder in each for each in both] == [True, True]


@pytest.mark.parametrize("seed", SEEDS)
def test_chains_are_shortest(seed):
    heap = make_heap(seed)
    chance = random.Random(seed)
    predicates = [
        lambda one: type(one) is Slotted,
        lambda one: type(one) is types.GeneratorType,
        lambda one: one is heap,
        objgraph.is_proper_module,
        lambda one: False,
    ]
    tracked = [one for one in heap if gc.is_tracked(one)]
    for obj in chance.sample(tracked, 3):
        for predicate in predicates:
            for most in (2, 4):
                ignored = [id(heap), id(tracked), id(globals())] if most == 4 else [id(tracked)]
                ignored += [id(sys.modules)]
                expected = naive_chain_length(obj, predicate, ignored, most)
                chain = objgraph.find_backref_chain(obj, predicate, most, ignored)
                assert chain[-1] is obj
                assert len(chain) - 1 == (expected or 0), (type(obj), chain)
                if expected is not None:
                    assert predicate(chain[0])
                for holder, held in zip(chain, chain[1:]):
                    assert any(one is held for one in gc.get_referents(holder))


def test_a_chain_of_references():
    end = Plain()
    start = {"a": [({"b": end},)]}
    chain = objgraph.find_ref_chain(start, lambda one: one is end)
    assert [type(one) for one in chain] == [dict, list, tuple, dict, Plain]
    assert objgraph.find_ref_chain(start, lambda one: one is end, max_depth=3) == [start]


def garbage_that_holds(target):
    """A weak reference to a cycle that refers to it."""
    garbage = Slotted()
    garbage.a, garbage.b = target, garbage
    return weakref.ref(garbage)


def test_no_chain_begins_at_garbage():
    target = Plain()
    dead = garbage_that_holds(target)
    assert objgraph.find_backref_chain(target, lambda one: type(one) is Slotted) == [target]
    assert dead() is None


def test_a_chain_may_begin_at_what_only_a_variable_or_a_module_holds():
    target = Plain()
    holder = Slotted()
    holder.a = target
    kept = []
    objgraph_calls = gc.get_stats()[2]["collections"]
    assert objgraph.find_backref_chain(target, lambda one: type(one) is Slotted) == [
        holder,
        target,
    ]
    if _tracked.IN_PLACE:  # it was no garbage, so none was collected
        assert gc.get_stats()[2]["collections"] == objgraph_calls
    assert not kept


def test_references_forwards_need_no_collection_unless_counts_are_shown():
    target = Plain()
    gc.disable()
    try:
        dead = garbage_that_holds(target)
        objgraph.show_refs([target], output=io.StringIO())
        assert dead() is not None
        objgraph.show_refs([target], refcounts=True, output=io.StringIO())
        assert dead() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("most, length", [
    (float("inf"), 3), (10**30, 3), (2, 3), (1.5, 3), (1, 1), (0, 1), (-3, 1), (-float("inf"), 1),
])  # fmt: skip
def test_how_long_a_chain_may_be(most, length):
    holder = ListOfOwn([[Plain()]])
    target = holder[0][0]
    assert len(objgraph.find_backref_chain(target, lambda one: one is holder, most)) == length


def test_how_long_a_chain_may_be_is_a_number():
    with pytest.raises(TypeError, match="not supported between"):
        objgraph.find_backref_chain([], objgraph.is_proper_module, "three")


def test_a_predicate_that_raises():
    class Enough(Exception):
        pass

    def predicate(one):
        raise Enough

    with pytest.raises(Enough):
        objgraph.find_backref_chain(Plain(), predicate)


def test_a_predicate_that_changes_the_heap():
    target = Plain()
    holders = [[target] for _ in range(50)]
    made = []

    def predicate(one):
        if holders:
            holders.pop()
        made.append([target, [object()]])
        if len(made) % 10 == 0:
            gc.collect()
        return len(made) > 40

    chain = objgraph.find_backref_chain(target, predicate)
    assert chain[-1] is target


def test_frozen_objects_are_left_out():
    target = Plain()
    holder = Slotted()
    holder.a = target
    gc.freeze()
    try:
        assert objgraph.count("Slotted") == sum(type(one) is Slotted for one in gc.get_objects())
        found = _tracked.Backrefs().referrers([target], [], ())[0]
        assert any(one is holder for one in found) == (
            holder in [one for one in gc.get_referrers(target) if type(one) is Slotted]
        )
        chain = objgraph.find_backref_chain(target, lambda one: one is holder)
        assert len(chain) in (1, 2)
    finally:
        gc.unfreeze()


# ---- at odd times


def test_frozen_objects_around_modules_are_left_out():
    Plain.kept = []
    gc.freeze()
    try:
        target = Plain()
        Plain.kept.append(target)
        found = _tracked.Backrefs().referrers([target], [], ())[0]
        assert not any(one is Plain.kept for one in found)
        assert not any(one is Plain.kept for one in gc.get_referrers(target))
    finally:
        gc.unfreeze()
    found = _tracked.Backrefs().referrers([target], [], ())[0]
    assert any(one is Plain.kept for one in found)
    del Plain.kept


def test_in_the_midst_of_a_collection():
    counts = []

    class Dying:
        def __init__(self):
            self.own = self

        def __del__(self):
            counts.append(objgraph.count("Dying"))
            objgraph.by_type("Dying")
            _tracked.Backrefs().referrers([self], [], ())

    def callback(phase, info):
        counts.append(objgraph.count("dict"))

    gc.callbacks.append(callback)
    try:
        for _ in range(5):
            Dying()
        gc.collect()
    finally:
        gc.callbacks.remove(callback)
    assert len(counts) >= 7


def test_while_threads_run():
    stopped = threading.Event()

    def work():
        while not stopped.is_set():
            made = [[Plain()] for _ in range(50)]
            made.append(made)

    gc.enable()
    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        target = Plain()
        holder = {"target": target}
        for _ in range(15):
            assert objgraph.count("Plain") >= 1
            assert any(one is target for one in objgraph.by_type("Plain"))
            assert any(one is holder for one in _tracked.Backrefs().referrers([target], [], ())[0])
            objgraph.find_backref_chain(target, objgraph.is_proper_module)
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def test_metaclasses_are_asked_for_names_alone():
    one = Holder()
    NamedByPython.asked = 0
    assert objgraph.by_type("MadeUp") == [one]
    assert objgraph.count("MadeUp") == 1
    assert objgraph.typestats()["MadeUp"] == 1
    assert 0 < NamedByPython.asked <= 3 * (1 if _tracked.IN_PLACE else len(gc.get_objects()))


@pytest.mark.parametrize("name", objgraph.__all__)
def test_examples_in_docstrings(name):
    if name == "find_backref_chain" and not _tracked.IN_PLACE and sys.version_info < (3, 14):
        pytest.skip("gc.get_referrers() finds no module's namespace after tests with threads")
    finder = doctest.DocTestFinder(recurse=False)
    names = {each: getattr(objgraph, each) for each in objgraph.__all__}
    for test in finder.find(getattr(objgraph, name), name, globs=names):
        result = doctest.DocTestRunner().run(test)
        assert result.attempted > 0 or name.startswith("show_")
        assert result.failed == 0


def test_with_the_debugging_allocator():
    if os.environ.get("PYTHONMALLOC") or not _tracked.IN_PLACE:
        pytest.skip("this is it, or is not looked at in place")
    options = ["-q", "-x", "-p", "no:cacheprovider", "--one-seed", __file__,
               __file__.replace(".py", "_frames.py")]  # fmt: skip
    done = subprocess.run([sys.executable, "-m", "pytest", *options], env=dict(os.environ, PYTHONMALLOC="debug"),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    assert done.returncode == 0, done.stdout.decode()
