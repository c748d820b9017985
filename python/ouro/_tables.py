"""Snapshots as tables of pandas and Arrow."""

import os
import tempfile
from typing import TYPE_CHECKING, Any, Dict, List, Tuple

if TYPE_CHECKING:
    import pandas
    import pyarrow

    from ouro._snapshot import Snapshot

# A column: values, or (codes, words) where a few words repeat.
_Column = Any


def _import(name: str, extra: str) -> Any:
    try:
        return __import__(name)
    except ImportError:
        raise ImportError(f"this needs {name}: pip install 'ouro[{extra}]'") from None


def _type_names(snapshot: "Snapshot") -> List[str]:
    names = []
    for row in snapshot.types:
        plain = row.module in ("", "builtins", "__main__")
        names.append(row.name if plain else f"{row.module}.{row.name}")
    return names


def _nodes(snapshot: "Snapshot") -> Dict[str, _Column]:
    nodes = snapshot.nodes
    return {
        "address": nodes.address,
        "type": (nodes.type, _type_names(snapshot)),
        "size": nodes.size,
        "count": nodes.count,
        "is_tracked": nodes.is_tracked,
        "generation": nodes.generation,
        "is_immortal": nodes.is_immortal,
    }


def _edges(snapshot: "Snapshot") -> Dict[str, _Column]:
    import numpy as np

    edges = snapshot.edges
    # Of the strings of a snapshot few are names of references: these alone are decoded.
    numbers, codes = np.unique(edges.name, return_inverse=True)
    names = [snapshot.string(int(number)) for number in numbers]
    return {
        "source": edges.source,
        "target": edges.target,
        "meaning": (edges.meaning, edges.meanings),
        "name": (codes.reshape(-1), names),
        "index": edges.index,
        "is_weak": edges.is_weak,
        "is_traversed": edges.is_traversed,
    }


def _roots(snapshot: "Snapshot") -> Dict[str, _Column]:
    rows = snapshot.roots
    return {
        "node": [row.node for row in rows],
        "kind": [row.kind for row in rows],
        "name": [row.name for row in rows],
        "references": [row.references for row in rows],
    }


_TABLES = {"nodes": _nodes, "edges": _edges, "roots": _roots}


def _columns(snapshot: "Snapshot", what: str) -> Dict[str, _Column]:
    if what not in _TABLES:
        raise ValueError(f"what={what!r} is none of {', '.join(_TABLES)}")
    return _TABLES[what](snapshot)


def _distinct(codes: Any, words: List[str]) -> Tuple[Any, List[str]]:
    """Two classes may have the same name, of which a category is one."""
    import numpy as np

    number_by_word: Dict[str, int] = {}
    numbers = [number_by_word.setdefault(word, len(number_by_word)) for word in words]
    if len(number_by_word) == len(words):
        return codes, words
    return np.asarray(numbers, dtype=np.int32)[codes], list(number_by_word)


def to_pandas(snapshot: "Snapshot", what: str) -> "pandas.DataFrame":
    pd = _import("pandas", "pandas")
    frame = {}
    for name, column in _columns(snapshot, what).items():
        if isinstance(column, tuple):
            codes, words = _distinct(*column)
            frame[name] = pd.Categorical.from_codes(codes, words)
        else:
            frame[name] = column
    return pd.DataFrame(frame)


def to_arrow(snapshot: "Snapshot", what: str) -> "pyarrow.Table":
    pa = _import("pyarrow", "arrow")
    table = {}
    for name, column in _columns(snapshot, what).items():
        if isinstance(column, tuple):
            codes, words = column
            indices = pa.array(codes.astype("int32"))
            table[name] = pa.DictionaryArray.from_arrays(indices, pa.array(words))
        else:
            table[name] = pa.array(column)
    return pa.table(table)


def to_parquet(snapshot: "Snapshot", path: str, what: str) -> str:
    _import("pyarrow", "arrow")
    import pyarrow.parquet as parquet

    table = to_arrow(snapshot, what)
    # As with snapshots: the file is whole or not there.
    folder = os.path.dirname(os.path.abspath(path))
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".ouro-", suffix=".parquet")
    os.close(handle)
    try:
        parquet.write_table(table, temporary)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return path
