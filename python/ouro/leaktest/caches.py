"""Empties caches that are bounded, or that their library empties itself: what is in them is no leak.

A cache of 128 entries takes 128 runs under new keys to fill; until then each run looks like a leak. So
before objects are counted in a copy of the process, all `functools.lru_cache`s with a limit are
emptied, and what the tests of CPython empty before they count references
(Lib/test/libregrtest/refleak.py). Only ever in a copy: the program's own caches stay warm.
"""

import functools
import sys
import weakref
from typing import Any, Dict, Iterable

_LruCache = type(functools.lru_cache(maxsize=1)(len))


#: Functions that empty caches of the standard library, as "module: name".
_LIBRARY = (
    ("re", "purge"),
    ("linecache", "clearcache"),
    ("urllib.parse", "clear_cache"),
    ("fnmatch", "_purge"),
    ("struct", "_clearcache"),
)


class BoundedCaches:
    """Those that were seen, and those that the standard library has."""

    def __init__(self) -> None:
        self._caches: weakref.WeakSet[Any] = weakref.WeakSet()
        self._importers = set(sys.path_importer_cache)
        # By id: of CPython 3.8, which has no weak references to them.
        self._not_weak: Dict[int, Any] = {}

    def look_through(self, objects: Iterable[Any]) -> None:
        """Objects of modules, which stay."""
        for one in objects:
            if type(one) is _LruCache and one.cache_info().maxsize is not None:
                try:
                    self._caches.add(one)
                except TypeError:
                    self._not_weak[id(one)] = one

    def look_through_new(self, objects: Iterable[Any]) -> None:
        """Objects of a test, which are to go when it lets go of them."""
        if sys.version_info >= (3, 9):
            self.look_through(objects)

    def empty(self) -> None:
        for cache in [*self._caches, *self._not_weak.values()]:
            cache.cache_clear()
        for module_name, name in _LIBRARY:
            function = getattr(sys.modules.get(module_name), name, None)
            if function is not None:
                function()
        for path in set(sys.path_importer_cache) - self._importers:
            del sys.path_importer_cache[path]
        for clear in getattr(sys.modules.get("typing"), "_cleanups", ()):
            clear()
        # One entry for each text that a module has warned with.
        for module in list(sys.modules.values()):
            registry = getattr(module, "__dict__", {}).get("__warningregistry__")
            if isinstance(registry, dict):
                registry.clear()
