"""The columns of a snapshot as numpy arrays.

What the graph has in memory, or the file on disk, is not copied: an array is a view onto it. Where
a few values are too wide for their column (sizes above 65,535, mostly) the array is a copy that has
them in place. Arrays are read-only.
"""

from typing import TYPE_CHECKING, Any, Dict, List

from ouro import _ouro

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]
else:
    Array = Any

__all__ = ["Edges", "Nodes"]

_MEANINGS = ("attribute", "item", "key", "value", "element", "variable", "type", "other")


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        raise ImportError(
            "the columns of a snapshot are numpy arrays: pip install 'ouro[numpy]'"
        ) from None
    return numpy


class _Columns:
    """Arrays by name, each made once."""

    def __init__(self, heap: "_ouro.Heap", length: int) -> None:
        self._heap = heap
        self._length = length
        self._made: Dict[str, Array] = {}

    def __len__(self) -> int:
        return self._length

    def _column(self, name: str) -> Array:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def _make(self, name: str) -> Array:
        np = _numpy()
        values, positions, wide = _ouro.column(self._heap, name)
        if len(values) == 0 and self._length > 0:
            zeros: Array = np.broadcast_to(np.uint8(0), self._length)
            return zeros  # such a column is not stored
        array: Array = np.asarray(values)
        if positions is not None and len(positions) > 0:
            array = array.astype(np.uint64)
            array[np.asarray(positions)] = np.asarray(wide)
            array.flags.writeable = False
        return array

    def _bit(self, name: str, bit: int) -> Array:
        array: Array = (self._column(name) & bit) != 0
        return array


class Nodes(_Columns):
    """A value for each object, in the order of the snapshot: ``snapshot.nodes.size``."""

    @property
    def address(self) -> Array:
        """What ``id()`` of each object was. Made from compressed ones at first use."""
        if "address" not in self._made:
            self._made["address"] = _numpy().asarray(_ouro.addresses(self._heap))
        return self._made["address"]

    @property
    def type(self) -> Array:
        """The number of its class in ``snapshot.types``."""
        return self._column("type")

    @property
    def size(self) -> Array:
        """Bytes of the object alone, as ``sys.getsizeof()``."""
        return self._column("size")

    @property
    def count(self) -> Array:
        """Its reference count."""
        return self._column("count")

    @property
    def flags(self) -> Array:
        """Bits: see docs/format/ouro-file.md; what follows is taken from them."""
        return self._column("flags")

    @property
    def is_tracked(self) -> Array:
        """Whether the cycle collector looks at it."""
        return self._bit("flags", 1)

    @property
    def generation(self) -> Array:
        """The collector's generation; 0 where it is not tracked."""
        array: Array = (self._column("flags") >> 1) & 3
        return array

    @property
    def is_frozen(self) -> Array:
        """Whether ``gc.freeze()`` has put it away."""
        return self._bit("flags", 8)

    @property
    def is_immortal(self) -> Array:
        """Whether its count says nothing: it is never freed."""
        return self._bit("flags", 16)

    @property
    def is_finalized(self) -> Array:
        """Whether its finalizer has run."""
        return self._bit("flags", 32)

    @property
    def is_type(self) -> Array:
        """Whether it is a class."""
        return self._bit("flags", 64)

    @property
    def edge_begin(self) -> Array:
        """Where its references begin in the columns of edges; one more element ends the last."""
        return self._column("edge_begin")


class Edges(_Columns):
    """A value for each reference, by source: ``snapshot.edges.target``."""

    def __init__(self, heap: "_ouro.Heap", nodes: Nodes) -> None:
        super().__init__(heap, heap.edge_count)
        self._nodes = nodes

    @property
    def source(self) -> Array:
        """The object that refers. Made from ``nodes.edge_begin`` at first use."""
        if "source" not in self._made:
            np = _numpy()
            begins = self._nodes.edge_begin
            every = np.arange(len(self._nodes), dtype=np.uint32)
            self._made["source"] = np.repeat(every, np.diff(begins))
        return self._made["source"]

    @property
    def target(self) -> Array:
        """The object referred to."""
        return self._column("target")

    @property
    def kind(self) -> Array:
        """What the reference is, in bits: see docs/format/ouro-file.md."""
        return self._column("kind")

    @property
    def is_weak(self) -> Array:
        """Whether it neither counts nor keeps its target alive."""
        return self._bit("kind", 64)

    @property
    def is_traversed(self) -> Array:
        """Whether the cycle collector sees it."""
        array: Array = (self._column("kind") & (64 | 32)) == 0
        return array

    @property
    def meaning(self) -> Array:
        """A place in ``meanings``."""
        array: Array = self._column("kind") & 31
        return array

    @property
    def meanings(self) -> List[str]:
        """What a meaning is called: "attribute", "item", "key", ..."""
        return list(_MEANINGS)

    @property
    def name(self) -> Array:
        """The number of its name in ``snapshot.string()``; 0: it has none."""
        return self._column("name")

    @property
    def index(self) -> Array:
        """Its place in a sequence."""
        return self._column("index")
