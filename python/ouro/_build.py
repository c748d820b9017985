"""Makes dataclasses of what ``json.loads`` gives, by the types of their fields."""

import dataclasses
import functools
import typing
from typing import TYPE_CHECKING, Any, Dict

from ouro.node import Node

if TYPE_CHECKING:
    from ouro._snapshot import Snapshot


@functools.lru_cache(maxsize=None)
def _fields(cls: type) -> Dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {field.name: hints[field.name] for field in dataclasses.fields(cls)}


def build(cls: Any, value: Any, snapshot: "Snapshot") -> Any:
    """`value` as a `cls`: a dataclass, Node, List[...], Optional[...] or plain type."""
    if value is None:
        return None
    if cls is Node:
        return Node(snapshot, value["node"], value)
    arguments = typing.get_args(cls)
    if typing.get_origin(cls) is list:
        return [build(arguments[0], item, snapshot) for item in value]
    if arguments:  # Optional: the other one is None
        return build(arguments[0], value, snapshot)
    if dataclasses.is_dataclass(cls) and isinstance(cls, type):
        # Fields that are not in the answer have a default.
        return cls(
            **{
                name: build(hint, value[name], snapshot)
                for name, hint in _fields(cls).items()
                if name in value
            }
        )
    return value
