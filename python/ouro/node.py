"""One object of a snapshot."""

import json
from typing import TYPE_CHECKING, Any, Dict, List, NamedTuple, Optional

from ouro import _live, _ouro

if TYPE_CHECKING:
    from ouro.answers import Retained, Why
    from ouro.picture import Picture
    from ouro._snapshot import Snapshot

__all__ = ["Node", "Reference", "Referrer"]


class Node:
    """An object as it was when the snapshot was taken.

    It is named as the command names it: ``Connection#3`` is the third ``Connection`` in the order
    of the snapshot. Two nodes are equal that are the same one of the same snapshot.
    """

    __slots__ = ("snapshot", "index", "_facts")

    def __init__(
        self, snapshot: "Snapshot", index: int, facts: Optional[Dict[str, Any]] = None
    ) -> None:
        self.snapshot = snapshot
        self.index = index  #: its place in the columns of the snapshot, from 0
        self._facts = facts

    def _fact(self, key: str) -> Any:
        if self._facts is None:
            self._facts = json.loads(_ouro.node_facts(self.snapshot._heap, self.index))
        return self._facts.get(key)

    @property
    def name(self) -> str:
        """``Connection#3``: what the command and :meth:`Snapshot.find` take."""
        return str(self._fact("name"))

    @property
    def type(self) -> str:
        """The name of its class; with the module, but for builtins and ``__main__``."""
        return str(self._fact("type"))

    @property
    def address(self) -> int:
        """What ``id()`` of the object was."""
        return int(self._fact("address"), 16)

    @property
    def size(self) -> int:
        """Bytes of the object alone, as ``sys.getsizeof()``."""
        return int(self._fact("size_bytes"))

    @property
    def count(self) -> int:
        """Its reference count."""
        return int(self._fact("count"))

    @property
    def preview(self) -> Optional[str]:
        """What it shows of itself: the text of a str, the value of a number, a function's name."""
        preview = self._fact("preview")
        return None if preview is None else str(preview)

    @property
    def references(self) -> List["Reference"]:
        """What it refers to, in its own order."""
        return [
            Reference(label, Node(self.snapshot, target), is_weak)
            for label, target, is_weak in _ouro.references(self.snapshot._heap, self.index)
        ]

    @property
    def referrers(self) -> List["Referrer"]:
        """What refers to it. The first question of the kind makes the references of the whole
        snapshot backwards."""
        return [
            Referrer(Node(self.snapshot, source), label, is_weak)
            for source, label, is_weak in _ouro.referrers(self.snapshot._heap, self.index)
        ]

    @property
    def obj(self) -> Any:
        """The live object, where the snapshot is of this process and it still lives.

        That is, an object of the same class at the same address. :exc:`LookupError` where there
        is none.
        """
        return _live.object_of(self)

    def why(self, each: str = "holders", limit: int = 3) -> "Why":
        """Why it is alive: see :meth:`Snapshot.why`."""
        return self.snapshot.why(self, each=each, limit=limit)

    def retained(self, limit: int = 20) -> "Retained":
        """What would be freed with it: see :meth:`Snapshot.retained`."""
        return self.snapshot.retained(self, limit=limit)

    def refs(self, **options: Any) -> "Picture":
        """A picture of what it refers to: see :meth:`Snapshot.refs`."""
        return self.snapshot.refs(self, **options)

    def backrefs(self, **options: Any) -> "Picture":
        """A picture of what refers to it: see :meth:`Snapshot.backrefs`."""
        return self.snapshot.backrefs(self, **options)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Node):
            return NotImplemented
        return self.index == other.index and self.snapshot is other.snapshot

    def __hash__(self) -> int:
        return hash((id(self.snapshot), self.index))

    def __repr__(self) -> str:
        preview = "" if self.preview is None else f" {self.preview}"
        return f"<{self.name}{preview}>"


class Reference(NamedTuple):
    """What an object refers to, and how: ``.name``, ``[3]``, ``['key']``."""

    label: str
    node: Node
    is_weak: bool


class Referrer(NamedTuple):
    """What refers to an object, and how."""

    node: Node
    label: str
    is_weak: bool
