"""Snapshots of this process, and questions to a fresh one.

The frames of these functions hold what they are asked about; that they do is in no answer. So each
says how many frames deep it is.
"""

import gc
import os
import sys
from typing import Any

from ouro import _ouro
from ouro.answers import Cycles, Garbage, Report, Top, Why
from ouro._snapshot import Snapshot


def program() -> str:
    """A fact of snapshots: "python server.py"."""
    arguments = getattr(sys, "argv", None) or [""]
    words = [os.path.basename(sys.executable or "python"), *map(str, arguments)]
    return " ".join(words).strip()


def take(fork: bool, values: bool, own_frames: int, argument: int = 0) -> Snapshot:
    """`own_frames`: with this function's. `argument`: the address of what is asked about."""
    return Snapshot(_ouro.capture_here(fork, values, own_frames, argument, program()))


def snapshot(fork: bool = True, values: bool = True) -> Snapshot:
    """A snapshot of this process.

    A clone of the process does the work: the other threads stand still for milliseconds. With
    ``fork=False`` there is none, for where memory is short, and all threads wait. ``values=False``
    leaves out what texts and numbers the program works with. Nothing is run, neither the collector
    nor any ``__repr__``.
    """
    return take(fork, values, own_frames=2)


def why(obj: Any, each: str = "holders", limit: int = 3, fork: bool = True) -> Why:
    """Why an object of this process is alive: see :meth:`Snapshot.why`."""
    taken = take(fork, True, own_frames=2, argument=id(obj))
    return taken.why(taken.node(obj), each=each, limit=limit)


def top(by: str = "bytes", limit: int = 20, retained: bool = False, fork: bool = True) -> Top:
    """Which types take the memory of this process: see :meth:`Snapshot.top`."""
    return take(fork, True, own_frames=2).top(by=by, limit=limit, retained=retained)


def cycles(limit: int = 10, all: bool = False, fork: bool = True) -> Cycles:
    """Which reference cycles this process has, and which reference to cut: see
    :meth:`Snapshot.cycles`."""
    return take(fork, True, own_frames=2).cycles(limit=limit, all=all)


def garbage(limit: int = 20, fork: bool = True) -> Garbage:
    """What the cycle collector would free now in this process: see :meth:`Snapshot.garbage`."""
    return take(fork, True, own_frames=2).garbage(limit=limit)


def report(limit: int = 5, collect: bool = True, fork: bool = True) -> Report:
    """What of this process probably leaks: see :meth:`Snapshot.report`.

    ``collect=True`` runs the cycle collector before, so that what it would free is not counted.
    """
    if collect:
        gc.collect()
    return take(fork, True, own_frames=2).report(limit=limit)
