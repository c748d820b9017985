"""Counts by type: what there is, what has become more, which objects are new."""

import collections
import gc
import operator
import sys
from typing import Any, Callable, Dict, Iterable, List, Optional, Set, TextIO, Tuple

from ouro import _ouro

from ouro.objgraph import _tracked
from ouro.objgraph._names import _long_typename, _short_typename, long_name_of, short_name_of

Filter = Optional[Callable[[Any], Any]]
Objects = Optional[Iterable[Any]]


def count(typename: str, objects: Objects = None) -> int:
    """How many objects the collector tracks whose class has this name.

    With a dot in it the name is that of the module, too. Of ``objects``, where given, instead of all.

        >>> class Invoice: pass
        >>> one = Invoice()
        >>> count('Invoice')
        1

    Strings, numbers and other objects that refer to nothing are not tracked.
    """
    name_of = long_name_of if "." in typename else short_name_of
    if objects is None:
        return sum(n for cls, n in _tracked.counts_by_type() if name_of(cls) == typename)
    return sum(1 for one in objects if name_of(type(one)) == typename)


def typestats(
    objects: Objects = None, shortnames: bool = True, filter: Filter = None
) -> Dict[str, int]:
    """How many objects of each type the collector tracks, by name of the type.

    Classes of one name are one, unless ``shortnames=False``, which names their modules, too. Of
    ``objects``, where given, instead of all; of those that ``filter(object)`` accepts.

        >>> typestats()['dict'] > 100
        True
        >>> typestats([1, 2, 'three'])
        {'int': 2, 'str': 1}
    """
    if objects is None and not filter:
        name_of = short_name_of if shortnames else long_name_of
        return _tracked.stats_of(_tracked.counts_by_type(), name_of)
    stats: Dict[str, int] = {}
    typename = _short_typename if shortnames else _long_typename
    if objects is None:
        objects = gc.get_objects()
    for one in objects:
        if not filter or filter(one):
            name = typename(one)
            stats[name] = stats.get(name, 0) + 1
    return stats


def _largest(stats: Dict[str, int], limit: Optional[int]) -> List[Tuple[str, int]]:
    rows = sorted(stats.items(), key=operator.itemgetter(1), reverse=True)
    return rows[:limit] if limit else rows


def most_common_types(
    limit: Optional[int] = 10,
    objects: Objects = None,
    shortnames: bool = True,
    filter: Filter = None,
) -> List[Tuple[str, int]]:
    """The types with the most objects, as (name, count), the most frequent first.

    At most ``limit``; all with ``limit=None``. The rest is as for :func:`typestats`.

        >>> most_common_types(objects=[1, 2, 'three'])
        [('int', 2), ('str', 1)]
    """
    return _largest(typestats(objects, shortnames=shortnames, filter=filter), limit)


def show_most_common_types(
    limit: Optional[int] = 10,
    objects: Objects = None,
    shortnames: bool = True,
    file: Optional[TextIO] = None,
    filter: Filter = None,
) -> None:
    """Prints :func:`most_common_types`, to standard output or to ``file``.

        >>> show_most_common_types(objects=[1, 2, 'three'])
        int 2
        str 1
    """
    rows = most_common_types(limit, objects, shortnames=shortnames, filter=filter)
    width = max(len(name) for name, _ in rows)
    for name, n in rows:
        (file or sys.stdout).write("%-*s %i\n" % (width, name, n))


def growth(
    limit: Optional[int] = 10,
    peak_stats: Dict[str, int] = {},  # noqa: B006: it remembers, between calls
    shortnames: bool = True,
    filter: Filter = None,
) -> List[Tuple[str, int, int]]:
    """What has become more than ever since the last call: (name, count, increase), by increase.

    Counted as by :func:`typestats`, but not garbage. ``peak_stats`` has the largest count seen of
    each name, and is brought up to date: pass a dict to compare with that instead.

        >>> peaks = {}
        >>> _ = growth(peak_stats=peaks)
        >>> class Visit: pass
        >>> leaked = [Visit() for _ in range(5)]
        >>> [row for row in growth(None, peaks) if row[0] == 'Visit']
        [('Visit', 5, 5)]
    """
    if filter:
        _tracked.collect()
        stats = typestats(shortnames=shortnames, filter=filter)
    else:
        counts = _tracked.counts_if_grown(peak_stats, shortnames)
        if counts is None:
            return []
        stats = _tracked.stats_of(counts, short_name_of if shortnames else long_name_of)
    increases = {}
    for name, n in stats.items():
        peak = peak_stats.get(name, 0)
        if n > peak:
            increases[name] = n - peak
            peak_stats[name] = n
    return [(name, stats[name], more) for name, more in _largest(increases, limit)]


def show_growth(
    limit: Optional[int] = 10,
    peak_stats: Optional[Dict[str, int]] = None,
    shortnames: bool = True,
    file: Optional[TextIO] = None,
    filter: Filter = None,
) -> None:
    """Prints :func:`growth`: name, count, increase. Nothing where nothing has become more.

        show_growth()
        wrapper_descriptor       970       +14
        tuple                  12282       +10
    """
    peaks = {} if peak_stats is None else {"peak_stats": peak_stats}
    rows = growth(limit, shortnames=shortnames, filter=filter, **peaks)
    width = max((len(name) for name, _, _ in rows), default=0)
    for name, n, more in rows:
        (file or sys.stdout).write("%-*s%9d %+9d\n" % (width, name, n, more))


class _PlainIds:
    """What ``_ouro.TrackedIds`` is, where the heap is not looked at in place."""

    def __init__(self) -> None:
        self.ids: Dict[str, Set[int]] = {}

    def update(
        self, name_of: Callable[[type], str], ids_by_name: Dict[str, Set[int]]
    ) -> List[Tuple[str, int, int, int]]:
        before, self.ids = self.ids, {}
        for one in gc.get_objects():
            self.ids.setdefault(name_of(type(one)), set()).add(id(one))
        rows = []
        for name in list(ids_by_name):
            if name not in self.ids and name not in before:
                del ids_by_name[name]
        for name in list(dict.fromkeys([*before, *self.ids])):
            old, now = before.get(name, set()), self.ids.get(name, set())
            ids_by_name[name].clear()
            ids_by_name[name].update(now - old)
            rows.append((name, len(old), len(now), len(ids_by_name[name])))
        return rows


_COLUMNS = {"old": 1, "current": 2, "new": 3, "deltas": 4}


def get_new_ids(
    skip_update: bool = False,
    limit: Optional[int] = 10,
    sortby: str = "deltas",
    shortnames: Optional[bool] = None,
    file: Optional[TextIO] = None,
    _state: Dict[str, Any] = {},  # noqa: B006: it remembers, between calls
) -> Dict[str, Set[int]]:
    """Prints how many objects of each type are new since the last call, and gives their ids.

    A dict from names of types to sets of ids, always the same one; :func:`at_addrs` makes objects of
    ids. ``skip_update=True`` gives it as it is. Garbage is collected first.

    ``limit`` rows are printed: 0 prints nothing, None all. ``sortby`` is one of 'old', 'current',
    'new' and 'deltas'. ``shortnames``, once given, is remembered.

        >>> _ = get_new_ids(limit=0)
        >>> words = ['neither', 'one', 'nor']
        >>> new = get_new_ids(limit=0)
        >>> words in at_addrs(new['list'])
        True
    """
    if not _state:
        _state["new"] = collections.defaultdict(set)
        _state["ids"] = _ouro.TrackedIds() if _tracked.IN_PLACE else _PlainIds()
        _state["shortnames"] = True
    new_ids: Dict[str, Set[int]] = _state["new"]
    if skip_update:
        return new_ids
    if shortnames is not None:
        _state["shortnames"] = shortnames
    _tracked.collect()
    name_of = short_name_of if _state["shortnames"] else long_name_of
    rows = [
        (name, old, now, new, now - old)
        for name, old, now, new in _state["ids"].update(name_of, new_ids)
    ]
    rows.sort(key=operator.itemgetter(_COLUMNS[sortby], 0), reverse=True)
    if limit is not None:
        rows = rows[:limit]
    if rows:
        _print_new_ids(rows, file or sys.stdout)
    return new_ids


def _print_new_ids(rows: List[Tuple[str, int, int, int, int]], file: TextIO) -> None:
    titles = ("Old_ids", "Current_ids", "New_ids", "Count_Deltas")
    width = max(len(row[0]) for row in rows)
    line = "=" * (width + 13 * len(titles))
    print(line, ("%-*s" + "%13s" * 4) % (width, "Type", *titles), line, sep="\n", file=file)
    for row in rows:
        print("%-*s%13d%13d%+13d%+13d" % (width, *row), file=file)
    print(line, file=file)
