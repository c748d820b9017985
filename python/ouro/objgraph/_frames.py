"""The asker's own frames, which hold what is asked about."""

import os
import sys
from types import FrameType
from typing import Any, Dict, List, Optional, Set

_FOLDER, _FILE = os.path.split(__file__)


def own_frames() -> Set[int]:
    """The ids of the caller's frame and those it was called from, as far as they are this package's.

    And of the dicts of their variables, which a debugger has them make; from 3.13 on there are none.
    """
    return {*map(id, _own_frames()), *map(id, own_variables())}


def own_variables() -> List[Dict[str, Any]]:
    """Those dicts. To keep them in a variable of those frames makes a cycle."""
    if sys.version_info >= (3, 13):
        return []
    return [frame.f_locals for frame in _own_frames()]


def _own_frames() -> List[FrameType]:
    found: List[FrameType] = []
    frame: Optional[FrameType] = sys._getframe(1)
    while frame is not None and os.path.dirname(frame.f_code.co_filename) == _FOLDER:
        if os.path.basename(frame.f_code.co_filename) != _FILE:
            found.append(frame)
        frame = frame.f_back
    return found
