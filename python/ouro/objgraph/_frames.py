"""The asker's own frames, which hold what is asked about."""

import os
import sys
from types import FrameType
from typing import Optional, Set

_FOLDER = os.path.dirname(__file__)


def own_frames() -> Set[int]:
    """The ids of the caller's frame and those it was called from, as far as they are this package's.

    And of the dicts of their variables, which a debugger has them make; from 3.13 on there are none.
    """
    ids: Set[int] = set()
    frame: Optional[FrameType] = sys._getframe(1)
    while frame is not None and os.path.dirname(frame.f_code.co_filename) == _FOLDER:
        ids.add(id(frame))
        if sys.version_info < (3, 13):
            ids.add(id(frame.f_locals))
        frame = frame.f_back
    return ids
