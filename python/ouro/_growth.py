"""What grows while something runs."""

import gc
from types import TracebackType
from typing import Optional, Type

from ouro import _here, _html, _ouro
from ouro.answers import Diff
from ouro._snapshot import Snapshot

__all__ = ["Growth", "growth"]


class Growth:
    """What :func:`growth` gives: ``before``, ``after`` and their ``diff`` once the block is done."""

    def __init__(self, collect: bool, fork: bool, limit: int) -> None:
        self._collect = collect
        self._fork = fork
        self._limit = limit
        # Objects that stand for the first snapshot would be new ones in the second.
        self._kept = 0
        self._before: Optional[Snapshot] = None
        self._after: Optional[Snapshot] = None
        self._diff: Optional[Diff] = None

    def __enter__(self) -> "Growth":
        self._forget()
        if self._collect:
            gc.collect()
        self._kept = _ouro.capture_and_keep(self._fork, 1, _here.program())
        return self

    def __del__(self) -> None:
        if _ouro is not None:  # else the interpreter is about to end
            self._forget()

    def _forget(self) -> None:
        _ouro.take_kept(self._kept)
        self._before = self._after = self._diff = None

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        value: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        if self._collect:
            gc.collect()
        self._after = _here.take(self._fork, True, own_frames=2)
        heap = _ouro.take_kept(self._kept)
        if heap is not None:
            self._before = Snapshot(heap)

    @property
    def before(self) -> Snapshot:
        """The snapshot at the beginning of the block."""
        if self._before is None:
            raise ValueError("the block has not ended yet")
        return self._before

    @property
    def after(self) -> Snapshot:
        """The snapshot at the end of the block."""
        if self._after is None:
            raise ValueError("the block has not ended yet")
        return self._after

    @property
    def diff(self) -> Diff:
        """What is new since the block began, and who holds it."""
        if self._diff is None:
            self._diff = self.after.diff(self.before, limit=self._limit)
        return self._diff

    def __str__(self) -> str:
        return str(self.diff) if self._after is not None else "<Growth: the block has not ended>"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.diff._repr_html_() if self._after is not None else _html.preformatted(str(self))


def growth(collect: bool = True, fork: bool = True, limit: int = 10) -> Growth:
    """A block of code, and what it leaves behind.

    >>> with ouro.growth() as growth:                    # doctest: +SKIP
    ...     handle_requests()
    >>> print(growth)                                    # doctest: +SKIP
    2.6 MiB before, 2.7 MiB after (+46.9 KiB); 401 objects new, 1 gone.
    ...

    A snapshot is taken before and one after; ``collect=True`` runs the cycle collector before each,
    so that garbage does not count.
    """
    return Growth(collect, fork, limit)
