"""Shortest chains of references, from an object and to it."""

import collections
import gc
import inspect
import math
import sys
from typing import Any, Callable, Iterable, List

from ouro.objgraph import _tracked
from ouro.objgraph._frames import own_frames, own_variables

Predicate = Callable[[Any], Any]


def is_proper_module(obj: Any) -> bool:
    """Whether it is a module in ``sys.modules``: what is reached from those is not garbage.

        >>> import string, types
        >>> is_proper_module(string)
        True
        >>> is_proper_module(types.ModuleType('string'))
        False
    """
    return inspect.ismodule(obj) and obj is sys.modules.get(getattr(obj, "__name__", ""))


def find_ref_chain(
    obj: Any, predicate: Predicate, max_depth: int = 20, extra_ignore: Iterable[int] = ()
) -> List[Any]:
    """A shortest chain of references from an object to one that ``predicate`` accepts.

    ``[obj]`` where there is none. No longer than ``max_depth`` references, and not through objects
    whose ids are in ``extra_ignore``.

        >>> data = {'numbers': [1, (2.5,)]}
        >>> find_ref_chain(data, lambda one: isinstance(one, float))[1:]
        [[1, (2.5,)], (2.5,), 2.5]
    """
    # No garbage is collected: what obj leads to is none.
    return _search(obj, predicate, gc.get_referents, max_depth, extra_ignore)[::-1]


def find_backref_chain(
    obj: Any, predicate: Predicate, max_depth: int = 20, extra_ignore: Iterable[int] = ()
) -> List[Any]:
    """A shortest chain of references to an object from one that ``predicate`` accepts.

    ``[obj]`` where there is none. No longer than ``max_depth`` references, and not through objects
    whose ids are in ``extra_ignore``. The usual predicate is :func:`is_proper_module`.

        >>> import string
        >>> class Leak: pass
        >>> string.cache = [Leak()]
        >>> chain = find_backref_chain(string.cache[0], is_proper_module)
        >>> [type(one).__name__ for one in chain]
        ['module', 'dict', 'list', 'Leak']
        >>> del string.cache

    The chain never begins at garbage. Garbage is collected only where it would.
    """
    if not _tracked.IN_PLACE:
        return _find_chain(obj, predicate, gc.get_referrers, max_depth, extra_ignore)
    # It may be infinite, or half a step.
    most = math.ceil(min(max(max_depth, 0), sys.maxsize))
    ignored = {id(extra_ignore), *extra_ignore, *own_frames()}
    chain = _tracked.backref_chain(obj, predicate, most, ignored, own_variables())
    return [obj] if chain is None else chain


def _find_chain(
    obj: Any,
    predicate: Predicate,
    edge_func: Callable[[Any], Iterable[Any]],
    max_depth: int = 20,
    extra_ignore: Iterable[int] = (),
) -> List[Any]:
    """From what the predicate accepts to obj, along edges that a function gives."""
    gc.collect()
    return _search(obj, predicate, edge_func, max_depth, extra_ignore)


def _search(
    obj: Any,
    predicate: Predicate,
    edge_func: Callable[[Any], Iterable[Any]],
    max_depth: int,
    extra_ignore: Iterable[int],
) -> List[Any]:
    queue = collections.deque([obj])
    depths = {id(obj): 0}
    parents = {id(obj): None}
    ignored = set(extra_ignore)
    for own in (extra_ignore, queue, depths, parents, ignored):
        ignored.add(id(own))
    del own
    ignored.update(own_frames())
    while queue:
        target = queue.popleft()
        if predicate(target):
            return _chain_to(target, parents)
        depth = depths[id(target)]
        if depth >= max_depth:
            continue
        sources = edge_func(target)
        ignored.add(id(sources))
        for source in sources:
            if id(source) not in ignored and id(source) not in depths:
                depths[id(source)] = depth + 1
                parents[id(source)] = target
                queue.append(source)
    return [obj]


def _chain_to(target: Any, parents: Any) -> List[Any]:
    chain = [target]
    while parents[id(target)] is not None:
        target = parents[id(target)]
        chain.append(target)
    return chain
