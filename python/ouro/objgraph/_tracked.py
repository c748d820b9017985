"""What the collector tracks, asked in place by ouro._ouro, or in Python where that is not possible.

In place: the collector's lists are walked where they lie, without a list of all objects and
without counting references to each. Not possible where threads run on meanwhile (free-threaded
builds) and on interpreters the walker does not know: there the same is asked with ``gc``.
"""

import gc
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple

from ouro import _ouro

from ouro.objgraph._names import long_name_of, short_name_of

IN_PLACE: bool = _ouro.walks_in_place()


def collect() -> int:
    """``gc.collect()``, faster where little or nothing is garbage."""
    return _ouro.collect(gc.collect, _PlainBackrefs) if IN_PLACE else gc.collect()


def counts_by_type() -> List[Tuple[type, int]]:
    """The classes of tracked objects with their counts, by first object in gc.get_objects().

    >>> dict(counts_by_type())[dict] > 0
    True
    """
    if IN_PLACE:
        return _ouro.type_counts()
    counts: Dict[int, Tuple[type, int]] = {}
    for one in gc.get_objects():
        cls = type(one)
        # By id: a metaclass may have a __hash__.
        counts[id(cls)] = (cls, counts.get(id(cls), (cls, 0))[1] + 1)
    return list(counts.values())


def counts_if_grown(peaks: Dict[str, int], shortnames: bool) -> Optional[List[Tuple[type, int]]]:
    """:func:`counts_by_type` without garbage; None where no name has more objects than its peak."""
    if not IN_PLACE:
        gc.collect()
        return counts_by_type()
    if not shortnames:
        gc.collect(1)
        # Garbage can only make counts larger: while they say that nothing has grown, nothing has.
        stats = stats_of(counts_by_type(), long_name_of)
        if all(n <= peaks.get(name, 0) for name, n in stats.items()):
            return None
    return _ouro.counts_if_grown(gc.collect, _PlainBackrefs, peaks if shortnames else None)


def stats_of(counts: List[Tuple[type, int]], name_of: Callable[[type], str]) -> Dict[str, int]:
    """Counts by name, in their order.

    >>> stats_of([(int, 2), (str, 1)], lambda cls: cls.__name__)
    {'int': 2, 'str': 1}
    """
    stats: Dict[str, int] = {}
    for cls, n in counts:
        name = name_of(cls)
        stats[name] = stats.get(name, 0) + n
    return stats


def objects_named(typename: str) -> List[Any]:
    """The tracked objects whose class has this name; with its module, where there is a dot in it."""
    name_of = long_name_of if "." in typename else short_name_of
    if not IN_PLACE:
        return [one for one in gc.get_objects() if name_of(type(one)) == typename]
    return _ouro.objects_named(typename, name_of)


def objects_at(addresses: Any) -> List[Any]:
    """The tracked objects whose ids are in a set, or whatever answers ``in``."""
    if IN_PLACE and type(addresses) in (set, frozenset):
        found = _ouro.objects_at(addresses)
        if found is not None:
            return found
    return [one for one in gc.get_objects() if id(one) in addresses]


def unreferenced(objects: Optional[Iterable[Any]]) -> List[Any]:
    """Those of the objects, or of all that is tracked, that no other tracked object refers to."""
    if IN_PLACE:
        return _ouro.unreferenced(objects)
    everything = gc.get_objects()
    if objects is None:
        objects = everything
    ids = {id(one) for one in objects}
    for one in everything:
        if one is not objects:
            ids.difference_update(map(id, gc.get_referents(one)))
    found = [one for one in objects if id(one) in ids]
    del everything, objects, one
    return found


class _PlainBackrefs:
    """What ``_ouro.Backrefs`` is, where the heap is not looked at in place."""

    def referrers(
        self, targets: List[Any], own: List[Any], ignored: Iterable[int]
    ) -> List[List[Any]]:
        without = {id(targets), id(own), *map(id, own), *ignored}
        found: List[List[Any]] = []
        without.add(id(found))
        for at in range(len(targets)):
            referrers = gc.get_referrers(targets[at])
            found.append([one for one in referrers if id(one) not in without])
            without.add(id(found[-1]))
            del referrers
        return found

    def are_alive(self) -> bool:
        return False


Backrefs: Any = _ouro.Backrefs if IN_PLACE else _PlainBackrefs


def backref_chain(
    obj: Any,
    predicate: Callable[[Any], Any],
    max_depth: int,
    ignored: Iterable[int],
    own: List[Any],
) -> Optional[List[Any]]:
    """In place only: the chain that objgraph's find_backref_chain gives, or None.

    What the containers ``own`` refer to is the asker's.
    """
    return _ouro.find_backref_chain([obj], predicate, max_depth, ignored, own, collect)
