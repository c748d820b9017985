"""objgraph's own test suite passes on ouro.objgraph wherever it passes on objgraph itself."""

import inspect
import io
import json
import os
import re
import subprocess
import sys

import pytest

from ouro import objgraph as ours

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import objgraph_sdist  # noqa: E402


@pytest.fixture(scope="module")
def sdist():
    folder = objgraph_sdist.find_sdist()
    if folder is None:
        pytest.skip("objgraph's source distribution is not to be had: no pip, or no PyPI")
    return folder


@pytest.fixture(scope="module")
def theirs(sdist):
    sys.path.insert(0, sdist)
    try:
        import objgraph
    finally:
        sys.path.remove(sdist)
    return objgraph


def failures_on(module, sdist):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "run_objgraph_suite.py")
    done = subprocess.run([sys.executable, script, module, sdist], stdout=subprocess.PIPE,
                          universal_newlines=True, timeout=600)  # fmt: skip
    assert done.returncode == 0
    return json.loads(done.stdout.splitlines()[-1])


def test_it_passes_what_objgraph_passes(sdist):
    of_objgraph = failures_on("objgraph", sdist)
    of_ours = failures_on("ouro.objgraph", sdist)
    assert of_ours["run"] == of_objgraph["run"] > 50
    for name in of_objgraph["failures"]:
        print("objgraph itself fails: " + name)
    ours_alone = set(of_ours["failures"]) - set(of_objgraph["failures"])
    assert not ours_alone, "\n".join(of_ours["failures"][name] for name in ours_alone)


def public_functions(module):
    return {name: value for name, value in vars(module).items()
            if inspect.isfunction(value) and not name.startswith("_")}  # fmt: skip


def test_public_functions_and_their_signatures_are_objgraphs(theirs):
    def signatures(module):
        return {
            name: [(one.name, one.kind, one.default)
                   for one in inspect.signature(function).parameters.values()]
            for name, function in public_functions(module).items()
        }  # fmt: skip

    for module in (ours, theirs):  # what remembers between calls
        module.get_new_ids.__defaults__[-1].clear()
        module.growth.__defaults__[1].clear()
    assert signatures(ours) == signatures(theirs)
    assert set(ours.__all__) == set(public_functions(theirs))


class Node:
    def __init__(self, *links):
        self.links = list(links)


class Deleting(Node):
    def __del__(self):
        pass


def texts(theirs, show, *arguments, **options):
    """Without reference counts: objgraph counts some of its variables, and from 3.11 on one less."""
    both = []
    for module in (theirs, ours):
        output = io.StringIO()
        getattr(module, show)(*arguments, output=output, **options)
        both.append(re.sub(r" \[-?\d+\]", " [n]", output.getvalue()))
    return both


@pytest.mark.parametrize("depth", [0, 1, 2, 4])
def test_pictures_of_references_are_objgraphs(theirs, depth):
    shared = Deleting()
    data = {
        "name": [Node(shared), (shared, shared), {1: shared}],
        ("no", "identifier"): Node(Node(), lambda: shared),
        'quoted " \\ \n': len,
        2: [[] for _ in range(30)],
    }
    options = [
        {},
        {"refcounts": True},
        {"shortnames": False, "too_many": 3},
        {"extra_info": id, "highlight": lambda one: isinstance(one, Node)},
        {"extra_node_attrs": lambda one: {"URL": str(id(one)), "shape": None}},
        {"filter": lambda one: not isinstance(one, dict), "extra_ignore": [id(shared)]},
    ]
    texts(theirs, "show_refs", [data], max_depth=depth)  # asking functions makes their attributes
    for more in options:
        expected, found = texts(theirs, "show_refs", [data], max_depth=depth, **more)
        assert found == expected


def make_back_graph():
    leaf = Deleting()
    middle = [Node(leaf) for _ in range(15)]
    return leaf, {"all": middle, "one": (middle[0], leaf)}


BACK_LEAF, BACK_HOLDER = make_back_graph()


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_pictures_of_back_references_are_objgraphs(theirs, depth):
    options = [
        {},
        {"refcounts": True},
        {"too_many": 4, "shortnames": False},
        {"filter": lambda one: not isinstance(one, Node)},
        {"highlight": lambda one: isinstance(one, list)},
    ]
    for more in options:
        ignored = [id(globals())]
        expected, found = texts(theirs, "show_backrefs", [BACK_LEAF], max_depth=depth,
                                extra_ignore=ignored, **more)  # fmt: skip
        assert sorted(found.splitlines()) == sorted(expected.splitlines())


def test_reference_counts_are_exact():
    ends = [Node() for _ in range(3)]
    data = [ends[0], ends[1], ends[1], [ends[2], ends[2]], {"three": ends[2]}]
    identities = [id(one) for one in ends]
    del ends
    output = io.StringIO()
    ours.show_refs([data], max_depth=2, refcounts=True, output=output)
    shown = dict(re.findall(r'o(\d+)\[label="Node \[(-?\d+)\]', output.getvalue()))
    assert [shown[str(one)] for one in identities] == ["1", "2", "3"]
