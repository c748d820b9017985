"""What the collector had to find, by shape, and the reference to make weak.

    Connection._handler -> Handler._conn ->     2 groups, 4 objects; make weak: Handler._conn

The collector is told to keep what it finds (gc.DEBUG_SAVEALL). Of what it kept, each strongly
connected component (Tarjan, Depth-first search and linear graph algorithms, 1972) is one group; a
shortest cycle through an object of the program's own classes is its shape. Not told of are

  - cycles without an object of a class written in Python: closures that call themselves, lists;
  - classes themselves, which always refer to themselves;
  - cycles through a frame of the test or of the test framework: an exception that the test caught.

The reference to make weak is an attribute, as each object has one of them, rather than an item; and
one that leads from the many to the few, child to parent: the first that most objects have.
"""

import gc
import types
from collections import Counter, deque
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple

from ouro.leaktest.holders import FRAMEWORK, is_namespace_of, namespace_of, step

#: Looked at; a test that makes thousands makes thousands alike.
_MOST_GROUPS = 500
_MOST_OBJECTS = 50000

_PLAIN = (type, types.FunctionType, types.MethodType, types.CellType, types.FrameType,
          types.TracebackType, types.ModuleType, types.GeneratorType, BaseException)  # fmt: skip

#: Whether a frame of this code is the test's own.
IsOfTest = Callable[[types.CodeType], bool]


class CycleShape:
    """Groups of objects that referred to each other alike."""

    def __init__(self, steps: Sequence[str], make_weak: str) -> None:
        self.text = " -> ".join(steps) + " ->"
        self.make_weak = make_weak
        self.groups = 0
        self.objects = 0


def collect_cycles(is_of_test: IsOfTest) -> Tuple[int, List[CycleShape]]:
    """Collect; (how many objects that found, the shapes of cycles of the program's own objects)."""
    debug, before = gc.get_debug(), len(gc.garbage)
    gc.set_debug((debug & ~gc.DEBUG_STATS) | gc.DEBUG_SAVEALL)
    try:
        count = gc.collect()
    finally:
        gc.set_debug(debug)
    if len(gc.garbage) == before or debug & gc.DEBUG_SAVEALL:
        return count, []
    kept = gc.garbage[before : before + _MOST_OBJECTS]
    del gc.garbage[before:]
    shapes: List[CycleShape] = []
    if any(_is_own(one) for one in kept):
        shapes = _shapes_of(kept, is_of_test)
    del kept
    gc.collect()
    return count, shapes


def _is_own(one: Any) -> bool:
    """Whether its class is written in Python, and by the program: not by the framework."""
    kind = type(one)
    if issubclass(kind, _PLAIN):
        return False
    if not kind.__flags__ & (1 << 9):  # Py_TPFLAGS_HEAPTYPE
        return False
    return str(kind.__module__).partition(".")[0] not in FRAMEWORK | {"builtins", "unittest"}


def _shapes_of(kept: Iterable[Any], is_of_test: IsOfTest) -> List[CycleShape]:
    by_id = {id(one): one for one in kept}
    shapes: Dict[Tuple[str, ...], CycleShape] = {}
    for group in _components(by_id)[:_MOST_GROUPS]:
        members = {key: by_id[key] for key in group}
        if any(issubclass(type(one), type) for one in members.values()) or any(
            type(one) is types.FrameType and is_of_test(one.f_code) for one in members.values()
        ):
            continue
        own = [key for key, one in members.items() if _is_own(one)]
        if not own:
            continue
        steps = _once_round(_steps_of(_short_cycle(members, own)))
        form = min(steps[at:] + steps[:at] for at in range(len(steps)))
        shape = shapes.get(tuple(form))
        if shape is None:
            weak = _to_make_weak(members, steps)
            at = (steps.index(weak) + 1) % len(steps) if weak in steps else 0
            shape = shapes[tuple(form)] = CycleShape(steps[at:] + steps[:at], weak)
        shape.groups += 1
        shape.objects += sum(1 for one in members.values() if not _is_namespace(one, members))
    return sorted(shapes.values(), key=lambda shape: -shape.objects)


def _targets(key: int, by_id: Mapping[int, Any]) -> List[int]:
    return [id(one) for one in gc.get_referents(by_id[key]) if id(one) in by_id]


def _components(by_id: Mapping[int, Any]) -> List[List[int]]:
    """Those with a cycle, as lists of ids."""
    number: Dict[int, int] = {}
    low: Dict[int, int] = {}
    place: Dict[int, int] = {}
    stack: List[int] = []
    found: List[List[int]] = []

    def open_node(key: int) -> None:
        number[key] = low[key] = len(number)
        place[key] = len(stack)
        stack.append(key)
        calls.append((key, iter(_targets(key, by_id))))

    for start in by_id:
        if start in number:
            continue
        calls: List[Tuple[int, Iterator[int]]] = []
        open_node(start)
        while calls:
            key, targets = calls[-1]
            target = next(targets, None)
            if target is None:
                calls.pop()
                if calls:
                    low[calls[-1][0]] = min(low[calls[-1][0]], low[key])
                if low[key] == number[key]:
                    group = stack[place[key] :]
                    del stack[place[key] :]
                    for member in group:
                        del place[member]
                    if len(group) > 1 or key in _targets(key, by_id):
                        found.append(group)
            elif target not in number:
                open_node(target)
            elif target in place:
                low[key] = min(low[key], number[target])
    return found


def _short_cycle(members: Mapping[int, Any], own: Sequence[int]) -> List[Any]:
    """The shortest from the first of a program's own objects to itself: objects, once round."""
    start = own[0]
    parents: Dict[int, int] = {}
    queue = deque([start])
    while queue:
        key = queue.popleft()
        for target in _targets(key, members):
            if target == start:
                way = [key]
                while way[-1] != start:
                    way.append(parents[way[-1]])
                return [members[one] for one in reversed(way)]
            if target not in parents:
                parents[target] = key
                queue.append(target)
    return [members[start]]


def _is_namespace(one: Any, members: Mapping[int, Any]) -> bool:
    return type(one) is dict and any(
        namespace_of(holder) is one for holder in gc.get_referrers(one) if id(holder) in members
    )


def _steps_of(cycle: Sequence[Any]) -> List[str]:
    """ "Type.attribute" for each step; a __dict__ between an object and its value is no step."""
    steps: List[str] = []
    at = 0
    while at < len(cycle):
        one, following = cycle[at], cycle[(at + 1) % len(cycle)]
        name = _name_of(one)
        if is_namespace_of(one, following):
            following = cycle[(at + 2) % len(cycle)]
            at += 1
        label = _attribute_among(one, following)
        steps.append(name + (label or step(one, following)))
        at += 1
    return steps


def _once_round(steps: List[str]) -> List[str]:
    """A ring of three nodes is of the shape of a ring of one."""
    for length in range(1, len(steps)):
        if len(steps) % length == 0 and steps == steps[:length] * (len(steps) // length):
            return steps[:length]
    return steps


def _attribute_among(one: Any, value: Any) -> Optional[str]:
    for name, held in list((namespace_of(one) or {}).items()):
        if held is value:
            return "." + str(name)
    return None


def _name_of(one: Any) -> str:
    kind = type(one)
    if kind.__module__ in ("builtins", "__main__"):
        return kind.__name__
    return "%s.%s" % (kind.__module__, kind.__qualname__.replace("<locals>.", ""))


def _to_make_weak(members: Mapping[int, Any], steps: Sequence[str]) -> str:
    attributes = [step for step in steps if not step.endswith("]") and _is_of_own(step)]
    if not attributes:
        return steps[-1]
    counts = Counter(_name_of(one) for one in members.values())
    most = max(counts[step.rpartition(".")[0]] for step in attributes)
    # Of equals the last: what was set later refers back.
    return [step for step in attributes if counts[step.rpartition(".")[0]] == most][-1]


def _is_of_own(step: str) -> bool:
    kind = step.rpartition(".")[0]
    return kind not in ("function", "cell", "method", "frame", "dict", "list", "tuple")
