"""A heap at one moment."""

import numbers
import operator
import os
import sys
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, NamedTuple, Optional, Union

from ouro import _html, _ouro, _tables
from ouro._ouro import Error
from ouro.answers import (
    Cycles,
    Diff,
    Garbage,
    Report,
    Retained,
    RetainedTogether,
    Top,
    Unexplained,
    Why,
)
from ouro.columns import Edges, Nodes
from ouro.node import Node
from ouro.picture import Picture

if TYPE_CHECKING:
    import pandas
    import pyarrow

__all__ = ["RootRow", "Snapshot", "TypeRow"]

# A node, words that find one, its index; or else a live object of this process.
What = Any


def _rows(limit: int) -> int:
    rows = operator.index(limit)
    if rows < 0:
        raise ValueError(f"limit must be 0 (all) or more, not {rows}")
    return min(rows, sys.maxsize)


def _is_number(what: Any) -> bool:
    """Of Python or numpy. What else can be one, an enum or a tensor, is an object to be asked of."""
    return type(what) is int or (
        type(what).__module__ == "numpy" and isinstance(what, numbers.Integral)
    )


class TypeRow(NamedTuple):
    """A class that has objects."""

    name: str
    module: str
    node: Optional[int]  #: the class itself, where it is an object of the snapshot


class RootRow(NamedTuple):
    """What holds an object from outside of the heap."""

    node: int
    kind: str  #: "local", "global", "static", "immortal", "outside" or "named"
    name: str
    references: int  #: how many of the object's counts it is; 0: not known


class Snapshot:
    """All objects of a process at one moment, with every reference and its name.

    Made by :func:`ouro.snapshot`, :func:`ouro.attach` and :func:`ouro.open`. Objects are asked for
    by words (``"Connection#3"``, ``"dict size>1MiB"``, ``".cache=dict"``: what ``ouro --help``
    says of queries), by number, or as live objects with :meth:`node`. A limit of 0 is none.
    """

    def __init__(self, heap: "_ouro.Heap") -> None:
        self._heap = heap
        self._facts: Optional[Dict[str, str]] = None
        self._types: Optional[List[TypeRow]] = None
        #: A value for each object, as numpy arrays.
        self.nodes = Nodes(heap, heap.node_count)
        #: A value for each reference, as numpy arrays.
        self.edges = Edges(heap, self.nodes)

    # ---- what it is

    def __len__(self) -> int:
        """How many objects."""
        return self._heap.node_count

    @property
    def facts(self) -> Dict[str, str]:
        """What is known of the process: "program", "pid", "python", "pause", "stack 1", ..."""
        if self._facts is None:
            self._facts = _ouro.facts(self._heap)
        return self._facts

    @property
    def types(self) -> List[TypeRow]:
        """The classes, by the numbers in ``nodes.type``."""
        if self._types is None:
            self._types = [TypeRow(*row) for row in _ouro.types(self._heap)]
        return self._types

    @property
    def roots(self) -> List[RootRow]:
        """What holds the heap: variables of frames and modules, the interpreter, C code."""
        return [RootRow(*row) for row in _ouro.roots(self._heap)]

    def string(self, number: int) -> str:
        """The string of a number, as in ``edges.name``."""
        begins, characters = _ouro.strings(self._heap)
        if not 0 <= number < len(begins) - 1:
            raise IndexError(f"there is no string {number}")
        return bytes(characters[begins[number] : begins[number + 1]]).decode("utf-8", "replace")

    def save(self, path: Union[str, "os.PathLike[str]"], overwrite: bool = False) -> str:
        """Writes it into a file for the command and for :func:`ouro.open`. Returns the path.

        The file is whole or not there. An older one is replaced with ``overwrite=True`` only.
        """
        name = os.fspath(path)
        if os.path.exists(name) and not overwrite:
            raise FileExistsError(f"{name}: exists; overwrite=True replaces it")
        _ouro.save(self._heap, name)
        return name

    # ---- objects

    def find(self, query: str, limit: int = 0) -> List[Node]:
        """The objects that fit the words, in the order of the snapshot; empty where none does.

        >>> snapshot.find("Connection .packets count>2", limit=5)    # doctest: +SKIP
        """
        try:
            found = _ouro.find(self._heap, query, _rows(limit))
        except Error as error:
            if getattr(error, "code", "") != "not found":
                raise
            return []
        return [Node(self, index) for index in found]

    def node(self, obj: Any) -> Node:
        """The object of the snapshot that a live object of this process was.

        :exc:`LookupError` where the snapshot has none: it is of another process, or older.
        """
        if self.facts.get("pid") != str(os.getpid()):
            text = f"the snapshot is of process {self.facts.get('pid')}, not of this"
            if _is_number(obj):
                text += f"; its object number {obj} is snapshot[{obj}]"
            raise LookupError(text)
        index = _ouro.node_at(self._heap, id(obj))
        if index is None:
            raise LookupError(f"the snapshot has no object at {id(obj):#x}: it is older")
        return Node(self, index)

    def _index(self, what: What) -> int:
        if isinstance(what, Node):
            if what.snapshot is not self:
                raise ValueError(f"{what.name} is of another snapshot")
            return what.index
        if isinstance(what, str):
            found: List[int] = _ouro.find(self._heap, what, 1)
            return found[0]
        if _is_number(what):
            return self._checked(what)
        return self.node(what).index

    def _checked(self, index: Any) -> int:
        if not 0 <= index < len(self):
            raise IndexError(f"there is no object {index}; there are {len(self):,}")
        return int(index)

    def __getitem__(self, what: Union[str, int]) -> Node:
        """``snapshot["Connection#3"]``, ``snapshot[4711]``."""
        if isinstance(what, str):
            try:
                return Node(self, self._index(what))
            except Error as error:
                if getattr(error, "code", "") != "not found":
                    raise
                raise KeyError(str(error)) from None
        if not _is_number(what):
            raise TypeError(f"words or a number name an object, not {type(what).__name__}")
        return Node(self, self._checked(what))

    def __iter__(self) -> Iterator[Node]:
        return (Node(self, index) for index in range(len(self)))

    # ---- questions

    def top(self, by: str = "bytes", limit: int = 20, retained: bool = False) -> Top:
        """Which types take the memory. `by`: "bytes", "count" or "retained"."""
        return Top._of(_ouro.top(self._heap, by, retained, _rows(limit)), self)

    def why(self, what: What, each: str = "holders", limit: int = 3) -> Why:
        """Why an object is alive: paths from what holds it.

        `what`: a node, its index, words, or a live object of this process, if no str or number.
        `each`: a path for each of "holders" (what refers to it), "roots" or "kinds" (of root).
        """
        return Why._of(_ouro.why(self._heap, self._index(what), each, _rows(limit)), self)

    def cycles(self, limit: int = 10, all: bool = False) -> Cycles:
        """Which reference cycles exist, by shape, and which reference to cut.

        With ``all=True`` also those through classes and modules, which every program has.
        """
        return Cycles._of(_ouro.cycles(self._heap, all, _rows(limit)), self)

    def garbage(self, limit: int = 20) -> Garbage:
        """What the cycle collector would free now."""
        return Garbage._of(_ouro.garbage(self._heap, _rows(limit)), self)

    def unexplained(self, limit: int = 20) -> Unexplained:
        """Reference counts that no reference explains: held from C code, or lost."""
        return Unexplained._of(_ouro.unexplained(self._heap, _rows(limit)), self)

    def retained(self, what: Optional[What] = None, limit: int = 20) -> Retained:
        """Which objects would free the most memory if they went: of all, or of those that one
        object alone holds."""
        if what is None:
            return Retained._of(_ouro.retained(self._heap, _rows(limit)), self)
        return Retained._of(_ouro.retained_by(self._heap, self._index(what), _rows(limit)), self)

    def retained_together(self, query: str) -> RetainedTogether:
        """What would be freed if all objects that fit the words went at once."""
        nodes = _ouro.find(self._heap, query, 0)
        return RetainedTogether._of(_ouro.retained_together(self._heap, nodes, query), self)

    def diff(self, before: "Snapshot", limit: int = 10) -> Diff:
        """What is new since an older snapshot, by type, by path and by reference."""
        if not isinstance(before, Snapshot):
            raise TypeError(f"an older Snapshot is needed, not {type(before).__name__}")
        return Diff._of(_ouro.diff(before._heap, self._heap, _rows(limit)), self)

    def report(self, limit: int = 5) -> Report:
        """What probably leaks, who holds it, what to cut."""
        return Report._of(_ouro.report(self._heap, _rows(limit)), self)

    def refs(
        self,
        *what: What,
        depth: int = 3,
        nodes: int = 60,
        children: int = 10,
        weak: bool = True,
        classes: bool = False,
    ) -> Picture:
        """A picture of what objects refer to: at most so many references far, so many nodes, so
        many references of one."""
        return self._picture(what, False, depth, nodes, children, weak, classes)

    def backrefs(
        self,
        *what: What,
        depth: int = 3,
        nodes: int = 60,
        children: int = 10,
        weak: bool = True,
        classes: bool = False,
    ) -> Picture:
        """A picture of what refers to objects."""
        return self._picture(what, True, depth, nodes, children, weak, classes)

    def _picture(
        self,
        what: "tuple[What, ...]",
        backwards: bool,
        depth: int,
        nodes: int,
        children: int,
        weak: bool,
        classes: bool,
    ) -> Picture:
        starts = [self._index(item) for item in what]
        picture = _ouro.picture(
            self._heap, starts, backwards, depth, nodes, children, weak, classes
        )
        return Picture(picture, self)

    # ---- for other libraries

    def to_pandas(self, what: str = "nodes") -> "pandas.DataFrame":
        """A data frame of "nodes", "edges" or "roots", a row for each."""
        return _tables.to_pandas(self, what)

    def to_arrow(self, what: str = "nodes") -> "pyarrow.Table":
        """An Arrow table of "nodes", "edges" or "roots"."""
        return _tables.to_arrow(self, what)

    def to_parquet(self, path: Union[str, "os.PathLike[str]"], what: str = "nodes") -> str:
        """Writes "nodes", "edges" or "roots" into a Parquet file, by pyarrow. Returns the path."""
        return _tables.to_parquet(self, os.fspath(path), what)

    # ---- what it shows of itself

    def __repr__(self) -> str:
        program = self.facts.get("program", "")
        return (
            f"<Snapshot of {program or 'a heap'}: {len(self):,} objects,"
            f" {self._heap.edge_count:,} references>"
        )

    def _repr_html_(self) -> str:
        facts = {
            "objects": f"{len(self):,}",
            "references": f"{self._heap.edge_count:,}",
            "types": f"{self._heap.type_count:,}",
        }
        facts.update(
            {key: value for key, value in self.facts.items() if not key.startswith("stack ")}
        )
        return _html.table("Snapshot", [("", "text"), ("", "text")], list(facts.items()))
