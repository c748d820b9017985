"""A heap microscope for CPython: why is this object alive, which cycles exist and which reference
to cut, who holds the most memory, what grew.

>>> import ouro
>>> print(ouro.why(connection))                       # doctest: +SKIP
Connection#1  (48 B, count 2)
is alive because of 1 reference:
<BLANKLINE>
  module server
                    module#24 server
    ._CONNECTIONS   list#11
    [0]             Connection#1

Three ways to a :class:`Snapshot`: of this process (:func:`snapshot`), of another one that runs
(:func:`attach`), from a file (:func:`open`). All objects of the interpreter are in it, with every
reference and its name; the questions of the command ``ouro`` are its methods, and their answers
are objects with attributes, which print as the command prints them.
"""

import importlib
from typing import TYPE_CHECKING, Any, List

if TYPE_CHECKING:
    from ouro._growth import Growth, growth
    from ouro._here import cycles, garbage, report, snapshot, top, why
    from ouro._ouro import Error
    from ouro._ouro import version as __version__
    from ouro._sources import attach, open
    from ouro.answers import (
        Answer,
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
    from ouro.node import Node, Reference, Referrer
    from ouro.picture import Picture
    from ouro._snapshot import Snapshot

# The plugin of pytest has every test session import this package: what is not asked for is not
# loaded.
_MODULES = {
    "ouro._growth": ("Growth", "growth"),
    "ouro._here": ("cycles", "garbage", "report", "snapshot", "top", "why"),
    "ouro._ouro": ("Error",),
    "ouro._sources": ("attach", "open"),
    "ouro.answers": (
        "Answer",
        "Cycles",
        "Diff",
        "Garbage",
        "Report",
        "Retained",
        "RetainedTogether",
        "Top",
        "Unexplained",
        "Why",
    ),
    "ouro.node": ("Node", "Reference", "Referrer"),
    "ouro.picture": ("Picture",),
    "ouro._snapshot": ("Snapshot",),
}
_MODULE_BY_NAME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value = importlib.import_module("ouro._ouro").version
    elif name in _MODULE_BY_NAME:
        value = getattr(importlib.import_module(_MODULE_BY_NAME[name]), name)
    else:
        raise AttributeError(f"module 'ouro' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> List[str]:
    return sorted({*globals(), *__all__})


__all__ = [
    "Answer",
    "Cycles",
    "Diff",
    "Error",
    "Garbage",
    "Growth",
    "Node",
    "Picture",
    "Reference",
    "Referrer",
    "Report",
    "Retained",
    "RetainedTogether",
    "Snapshot",
    "Top",
    "Unexplained",
    "Why",
    "__version__",
    "attach",
    "cycles",
    "garbage",
    "growth",
    "open",
    "report",
    "snapshot",
    "top",
    "why",
]
