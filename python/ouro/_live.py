"""From a node of a snapshot of this process to the object, without believing an address.

No pointer is made of an address: what is given back was found by the collector's own lists, or
among what an object found there refers to.
"""

import gc
import os
from typing import TYPE_CHECKING, Any, Iterable, List

if TYPE_CHECKING:
    from ouro.node import Node

_NOTHING = object()


def _name_of(cls: type) -> str:
    module = cls.__module__
    name = cls.__qualname__
    return name if module in ("builtins", "__main__") else f"{module}.{name}"


def _find(node: "Node", objects: Iterable[Any]) -> Any:
    address = node.address
    for candidate in objects:
        if id(candidate) == address and _name_of(type(candidate)) == node.type:
            return candidate
    return _NOTHING


def _held_by(holder: Any) -> List[Any]:
    """What it refers to; also its attributes where they stand in a dict of its own, and keys, which
    are not traversed where all are strings."""
    held = gc.get_referents(holder)
    for namespace in [item for item in [holder, *held] if type(item) is dict]:
        held = [*held, *dict.keys(namespace), *dict.values(namespace)]
    return held


def object_of(node: "Node") -> Any:
    """The live object of the node, or LookupError."""
    process = node.snapshot.facts.get("pid")
    if process != str(os.getpid()):
        raise LookupError(f"{node.name} is of process {process}, not of this one")
    found = _find(node, gc.get_objects())
    # What the collector does not track, a string say, is found through what refers to it.
    for referrer in [] if found is not _NOTHING else node.referrers:
        holder = _find(referrer.node, gc.get_objects())
        if holder is _NOTHING:
            continue
        found = _find(node, _held_by(holder))
        if found is not _NOTHING:
            break
    if found is _NOTHING:
        raise LookupError(f"no {node.type} at {node.address:#x} any more: {node.name} has gone")
    return found
