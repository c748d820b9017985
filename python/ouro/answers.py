"""Answers to questions about a heap: what the command prints, as objects with attributes.

Each prints as the command prints it, and shows itself as a table in notebooks. Sizes are bytes. The
attributes are those of the command's JSON (docs/reference/json.md); where that has an object of the
heap, here is a :class:`~ouro.Node`.
"""

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional, Type, TypeVar, Union

from ouro import _html, _ouro
from ouro._build import build
from ouro._words import counted
from ouro.node import Node

if TYPE_CHECKING:
    from ouro._snapshot import Snapshot

_A = TypeVar("_A", bound="Answer")

# Where texts name an option of the command: the argument that it is here.
_ARGUMENTS = {
    "; -n 0 shows all": "; limit=0 shows all",
    "`ouro top -n 0` shows all": "top(limit=0) shows all",
    " more (--json)": " more (to_dict())",
    " more; --json has them": " more; to_dict() has them",
}


class Answer:
    """What all answers have."""

    _answer: _ouro.Answer

    @classmethod
    def _of(cls: Type[_A], answer: _ouro.Answer, snapshot: "Snapshot") -> _A:
        made: _A = build(cls, json.loads(answer.json), snapshot)
        object.__setattr__(made, "_answer", answer)
        return made

    def to_text(self, width: Optional[int] = None) -> str:
        """As the command prints it, for a terminal of that width (None: the one there is)."""
        if width is None:
            width = shutil.get_terminal_size().columns
        text = self._answer.text(width).rstrip("\n")
        for option, argument in _ARGUMENTS.items():
            text = text.replace(option, argument)
        return text

    def to_dict(self) -> Dict[str, Any]:
        """As the command's ``--json`` gives it: lists, dicts, strings and numbers alone."""
        return dict(json.loads(self._answer.json))

    def __str__(self) -> str:
        return self.to_text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return _html.preformatted(self.to_text(_html.WIDTH))


@dataclass(frozen=True, repr=False)
class Amount:
    """How many objects, and their bytes."""

    objects: int
    bytes: int

    def __repr__(self) -> str:
        noun = "object" if self.objects == 1 else "objects"
        return f"{self.objects:,} {noun}, {_html.bytes_text(self.bytes)}"


# ---- top


@dataclass(frozen=True)
class TopRow:
    """A class and what its objects take."""

    type: str
    objects: int
    bytes: int
    retained_bytes: Optional[int] = None  #: what would be freed if all of them went, if asked for


@dataclass(frozen=True, repr=False)
class Top(Answer):
    """Which types take the memory: :meth:`Snapshot.top`."""

    objects: int
    bytes: int
    type_count: int  #: types that have objects; ``types`` may be fewer
    types: List[TopRow]

    def __iter__(self) -> Iterator[TopRow]:
        return iter(self.types)

    def _repr_html_(self) -> str:
        return _html.table(
            f"{counted(self.objects, 'object')}, {_html.bytes_text(self.bytes)}, "
            f"{counted(self.type_count, 'type')}",
            [("bytes", "bytes"), ("share", "share"), ("objects", "number"), ("type", "text")],
            [(row.bytes, row.bytes / max(self.bytes, 1), row.objects, row.type) for row in self],
        )


# ---- why


@dataclass(frozen=True)
class Root:
    """What holds an object from outside of the heap: a module, a local variable, C code."""

    kind: str  #: "local", "global", "static", "immortal", "outside" or "named"
    name: str  #: "module app", "thread 1 (MainThread), frame serve server.py:54, local pending"


@dataclass(frozen=True)
class Step:
    """An object of a path, and how the one before refers to it: ``._connections``, ``[3]``."""

    label: str
    object: Node


@dataclass(frozen=True, repr=False)
class Path:
    """From a root to an object, reference by reference."""

    root: Root
    steps: List[Step]

    @property
    def labels(self) -> str:
        """``._CONNECTIONS[0]``: all labels in a row."""
        return "".join(step.label for step in self.steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __repr__(self) -> str:
        return f"<{self.root.name}{self.labels}>"


@dataclass(frozen=True, repr=False)
class Why(Answer):
    """Why an object is alive: :meth:`Snapshot.why`."""

    object: Node
    is_held: bool  #: a path leads to it; else it is garbage
    is_complete: bool  #: no shorter path was left out
    has_all_paths: bool  #: any other reference comes from what it keeps alive itself
    reference_count: int  #: references and roots that hold it directly
    cycles: List[str]  #: some in which it is: "Connection#1._conn_handler._conn"
    paths: List[Path]
    other_roots: List[Root]  #: of the object itself, beside that of a path of one step
    referrers: List[Step]  #: where no path leads to it: what refers to it, some of them

    def picture(self, **options: Any) -> Any:
        """What refers to the object, as a picture."""
        return self.object.backrefs(**options)

    def _repr_html_(self) -> str:
        return _html.preformatted(self.to_text(_html.WIDTH)) + _html.svg_or_nothing(self.picture())


# ---- cycles


@dataclass(frozen=True)
class Tally:
    """How many groups of objects, how many objects and bytes."""

    groups: int
    objects: int
    bytes: int


@dataclass(frozen=True)
class CycleStep:
    """A class on a cycle and the reference to the next."""

    type: str
    reference: str


@dataclass(frozen=True)
class Cut:
    """The reference to make weak, or to remove."""

    reference: str  #: "ConnectionHandler._conn"
    references: int  #: so many of them
    freed: Tally  #: what has no cycle any more then
    freed_held: Tally  #: of that, what is alive now


@dataclass(frozen=True)
class CycleShape:
    """Cycles through the same classes and fields."""

    shape: str  #: "Connection._conn_handler -> ConnectionHandler._conn ->"
    steps: List[CycleStep]
    all: Tally
    held: Tally  #: those that are alive: the others are garbage
    cut: Cut
    is_exact: bool
    example: List[Step]


@dataclass(frozen=True, repr=False)
class Cycles(Answer):
    """Which reference cycles exist, and which reference to cut: :meth:`Snapshot.cycles`."""

    groups: int
    shape_count: int
    shapes: List[CycleShape]

    def __iter__(self) -> Iterator[CycleShape]:
        return iter(self.shapes)

    def _repr_html_(self) -> str:
        return _html.table(
            f"{counted(self.groups, 'group')} of objects that reach each other, "
            f"{counted(self.shape_count, 'shape')}",
            [
                ("groups", "number"),
                ("objects", "number"),
                ("bytes", "bytes"),
                ("cycle", "text"),
                ("make weak", "text"),
            ],
            [
                (row.all.groups, row.all.objects, row.all.bytes, row.shape, row.cut.reference)
                for row in self
            ],
        )


# ---- garbage


@dataclass(frozen=True)
class GarbageRow:
    """A class and its objects that are garbage, or held by garbage alone."""

    type: str
    objects: int
    bytes: int
    example: Node


@dataclass(frozen=True)
class NegativeCount:
    """An object whose count is below the references to it."""

    object: Node
    count: int
    references: int


@dataclass(frozen=True, repr=False)
class Garbage(Answer):
    """What the cycle collector would free now: :meth:`Snapshot.garbage`."""

    garbage: Amount
    held_by_garbage: Amount
    candidates: int
    types: List[GarbageRow]
    errors: List[NegativeCount]

    def __iter__(self) -> Iterator[GarbageRow]:
        return iter(self.types)

    def __bool__(self) -> bool:
        return self.garbage.objects > 0

    def _repr_html_(self) -> str:
        return _html.table(
            f"{self.garbage!r} of garbage, {self.held_by_garbage!r} that it holds",
            [("objects", "number"), ("bytes", "bytes"), ("type", "text"), ("example", "text")],
            [(row.objects, row.bytes, row.type, row.example.name) for row in self],
        )


@dataclass(frozen=True)
class UnexplainedRow:
    """A class whose objects have counts that their references do not explain."""

    type: str
    surplus_objects: int
    surplus_references: int
    deficit_objects: int
    deficit_references: int


@dataclass(frozen=True)
class UnexplainedExample:
    """One of these objects, and by how much."""

    object: Node
    unexplained: int


@dataclass(frozen=True, repr=False)
class Unexplained(Answer):
    """Objects held by C code: :meth:`Snapshot.unexplained`."""

    objects: int
    types: List[UnexplainedRow]
    examples: List[UnexplainedExample]

    def __iter__(self) -> Iterator[UnexplainedRow]:
        return iter(self.types)


# ---- retained


@dataclass(frozen=True)
class RetainedRow:
    """An object, its place in the program, and what would be freed with it."""

    object: Node
    place: str  #: "app._CONNECTIONS"; empty where no variable is near
    retained_bytes: int


@dataclass(frozen=True)
class PackageShare:
    """What the modules, classes and functions of a package lead to, and those of no other."""

    package: str
    objects: int
    bytes: int


@dataclass(frozen=True, repr=False)
class Retained(Answer):
    """What would be freed if objects went: :meth:`Snapshot.retained`."""

    held_bytes: int  #: of all objects that roots lead to
    objects: List[RetainedRow]  #: those that retain the most: of the heap, or held by ``object``
    object: Optional[Node] = None  #: the one asked about
    retained_bytes: Optional[int] = None  #: by ``object``
    dominators: Optional[List[Node]] = None  #: without one of these ``object`` goes
    packages: Optional[List[PackageShare]] = None

    def __iter__(self) -> Iterator[RetainedRow]:
        return iter(self.objects)

    def _repr_html_(self) -> str:
        head = f"{_html.bytes_text(self.held_bytes)} are held"
        if self.object is not None:
            head += f"; {_html.bytes_text(self.retained_bytes or 0)} by {self.object.name}"
        return _html.table(
            head,
            [("retained", "bytes"), ("share", "share"), ("object", "text"), ("place", "text")],
            [
                (
                    row.retained_bytes,
                    row.retained_bytes / max(self.held_bytes, 1),
                    row.object.name,
                    row.place,
                )
                for row in self
            ],
        )


@dataclass(frozen=True, repr=False)
class RetainedTogether(Answer):
    """What would be freed if several objects went: :meth:`Snapshot.retained_together`."""

    query: str
    set_size: int
    retained_objects: int
    retained_bytes: int


# ---- diff


@dataclass(frozen=True)
class Holder:
    """An object of the later snapshot that holds so many of the new ones."""

    object: Node
    holds: int


@dataclass(frozen=True)
class OwnGrowth:
    """A class of the program's own that grew."""

    type: str
    growth_objects: int
    held_bytes: int  #: that the new ones retain
    place: str  #: where most of them are


@dataclass(frozen=True)
class TypeGrowth:
    """A class that changed."""

    type: str
    growth_objects: int
    growth_bytes: int
    before: Amount
    after: Amount
    new: Amount
    gone: Amount
    place: str
    holder: Optional[Holder]


@dataclass(frozen=True)
class PathGrowth:
    """Places of a form, ``app._CONNECTIONS[].packets``, where objects are new."""

    path: str
    type: str
    growth_bytes: int
    new: Amount
    gone: Amount
    example: Optional[Node]
    holder: Optional[Holder]


@dataclass(frozen=True)
class ReferenceGrowth:
    """References of a form that lead to new objects."""

    holder_type: str
    reference: str
    type: str
    new: Amount


@dataclass(frozen=True)
class UnreachedAmounts:
    """What no root leads to: garbage in cycles, as a rule, that waits for a collection."""

    before: Amount
    after: Amount


@dataclass(frozen=True, repr=False)
class Diff(Answer):
    """What grew between two snapshots, and who holds it: :meth:`Snapshot.diff`.

    Nodes are of the later one.
    """

    before: Amount
    after: Amount
    new: Amount
    gone: Amount
    unreached: UnreachedAmounts
    is_of_two_processes: bool
    own_types: List[OwnGrowth]
    types: List[TypeGrowth]
    paths: List[PathGrowth]
    references: List[ReferenceGrowth]

    def __iter__(self) -> Iterator[TypeGrowth]:
        return iter(self.types)

    def _repr_html_(self) -> str:
        head = f"{self.new!r} new, {self.gone!r} gone"
        own = _html.table(
            "Of the program's own classes:",
            [("objects", "growth"), ("with all they hold", "bytes"), ("type", "text"),
             ("most are in", "text")],
            [(row.growth_objects, row.held_bytes, row.type, row.place) for row in self.own_types],
        )
        return (own if self.own_types else "") + _html.table(
            head,
            [("objects", "growth"), ("bytes", "bytes_grown"), ("type", "text"),
             ("most are in", "text")],
            [(row.growth_objects, row.growth_bytes, row.type, row.place) for row in self.types],
        )


# ---- report


@dataclass(frozen=True)
class Suspect:
    """What may leak, and why it is thought so."""

    reason: str
    sentence: str
    object: Optional[Node]
    retained_bytes: int
    share: float
    type: str
    accumulated: Amount
    score: float
    path: Optional[Path]


@dataclass(frozen=True)
class Pile:
    """Many objects of one class that one object refers to, or so many objects alike together."""

    object: Node
    place: str
    holders: int
    type: str
    objects: int
    retained_bytes: int


@dataclass(frozen=True)
class HeldWithoutName:
    """Objects of a heap of C++ that something holds which the snapshot does not see into."""

    objects: int
    most_type: str
    of_most_type: int


@dataclass(frozen=True, repr=False)
class Report(Answer):
    """What probably leaks, who holds it, what to cut: :meth:`Snapshot.report`."""

    suspects: List[Suspect]
    piles: List[Pile]
    cycles: Cycles
    garbage: Garbage
    held_without_name: HeldWithoutName
    unexplained_objects: int
    top: Top


AnyAnswer = Union[Top, Why, Cycles, Garbage, Unexplained, Retained, RetainedTogether, Diff, Report]
