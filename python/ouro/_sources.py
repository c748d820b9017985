"""Snapshots of other processes, and of files."""

import operator
import os
from typing import Union

from ouro import _here, _ouro
from ouro._snapshot import Snapshot


def open(path: Union[str, "os.PathLike[str]"]) -> Snapshot:
    """The snapshot in a file that the command, :meth:`Snapshot.save` or a program on the C++
    library wrote.

    All of it is checked, and read where it is: it takes memory as far as it is looked at.
    """
    return Snapshot(_ouro.open(os.fspath(path)))


def attach(pid: int, fork: bool = True, values: bool = True, timeout: float = 60) -> Snapshot:
    """A snapshot of another Python program that runs, CPython 3.8 to 3.15.

    The program stands still for milliseconds and runs on as before; ``fork=False`` makes no clone
    of it, for where memory is short, and it waits as long as the walk takes. ``values=False``
    leaves out what texts and numbers it works with. `timeout`: seconds after which a program that
    cannot be looked at is let be. :exc:`Error` says what is in the way, and what helps.
    """
    pid = operator.index(pid)
    if pid == os.getpid():
        return _here.take(fork=fork, values=values, own_frames=2)
    return Snapshot(_ouro.attach(pid, fork, values, timeout))
