"""Objects by class, by address, and those that nothing seems to hold."""

import gc
from typing import Any, Container, Iterable, List, Optional

from ouro.objgraph import _tracked
from ouro.objgraph._names import _long_typename, _short_typename


def get_leaking_objects(objects: Optional[Iterable[Any]] = None) -> List[Any]:
    """Objects that no object tracked by the collector refers to.

    References to them that C code has lost, or what it keeps rightly. Of ``objects``, where given (a
    list or tuple), instead of all that is tracked. Garbage is collected first.

        >>> class Widget: pass
        >>> widget = Widget()
        >>> kept = {'widget': widget}
        >>> get_leaking_objects(by_type('Widget'))
        []
    """
    _tracked.collect()
    return _tracked.unreferenced(objects)


def by_type(typename: str, objects: Optional[Iterable[Any]] = None) -> List[Any]:
    """The objects that the collector tracks, or those of ``objects``, whose class has this name.

        >>> class Gadget: pass
        >>> gadget = Gadget()
        >>> by_type('Gadget') == [gadget]
        True
    """
    if objects is None:
        return _tracked.objects_named(typename)
    name_of = _long_typename if "." in typename else _short_typename
    return [one for one in objects if name_of(one) == typename]


def at(addr: int) -> Any:
    """The object with this id, if the collector tracks it, else None.

        >>> numbers = [1, 2, 3]
        >>> at(id(numbers)) is numbers
        True
    """
    if type(addr) is int:
        return next(iter(_tracked.objects_at({addr})), None)
    return next((one for one in gc.get_objects() if id(one) == addr), None)


def at_addrs(address_set: Container[int]) -> List[Any]:
    """The objects with these ids that the collector tracks, in any order.

        >>> numbers = [1, 2, 3]
        >>> at_addrs({id(numbers)})
        [[1, 2, 3]]
    """
    return _tracked.objects_at(address_set)
