"""How large the containers are that modules hold: what the collector does not track is seen by that.

A list of str, or a dict of numbers, grows without anything that is new for the collector. So the sizes
of containers are compared where such things pile up:

    app.LOG                  a global variable
    app.Server.clients       an attribute of a class of the module
    app.registry.names       an attribute of the object that a global variable is

Of modules that are neither the standard library's nor the test framework's. Where containers are is
looked up once a module of tests (3 ms for 186 modules); their sizes after each test, by names, so that
nothing is kept alive (0.1 ms for 165 containers).
"""

import collections
import os
import sys
import types
from typing import Any, Dict, List, Mapping, Tuple

from ouro.leaktest.holders import is_framework_name, is_of_framework, namespace_of

_CONTAINERS = frozenset((list, dict, set, collections.deque, collections.defaultdict,
                         collections.OrderedDict, collections.Counter))  # fmt: skip
_LIBRARY = os.path.dirname(os.__file__) + os.sep
_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE

#: (module, variable) or (module, variable, attribute)
Path = Tuple[str, ...]


class Containers:
    """Those there were at the last look."""

    def __init__(self) -> None:
        self._paths: List[Path] = []
        self._sizes: Dict[Path, int] = {}

    def look(self) -> None:
        self._paths = []
        for name, module in list(sys.modules.items()):
            if _is_of_program(name, module):
                self._paths += _paths_in(name, module.__dict__)
        self.growth()

    def growth(self) -> Dict[Path, int]:
        """Of each container that has grown since it was asked last, how many items it has more."""
        before, self._sizes = self._sizes, {}
        for path in self._paths:
            container = _container_at(path)
            # A deque with a limit does not grow for ever.
            if container is not None and getattr(container, "maxlen", None) is None:
                self._sizes[path] = len(container)
        return {
            path: size - before[path]
            for path, size in self._sizes.items()
            if size > before.get(path, size)
        }


def last_item(path: Path) -> Any:
    """The item that came last to the container, as far as it knows an order; else any, or None."""
    container = _container_at(path)
    if not container:
        return None
    if isinstance(container, (list, collections.deque)):
        return container[-1]
    if isinstance(container, dict):
        return container[next(reversed(container))]
    return next(iter(container))


def _is_of_program(name: str, module: Any) -> bool:
    if type(module) is not types.ModuleType or is_framework_name(name):
        return False
    file = module.__dict__.get("__file__")
    return isinstance(file, str) and (not file.startswith(_LIBRARY) or "-packages" in file)


def _paths_in(module_name: str, variables: Dict[str, Any]) -> List[Path]:
    paths: List[Path] = []
    for name, value in list(variables.items()):
        if type(name) is not str or name.startswith("__"):
            continue
        if type(value) in _CONTAINERS:
            paths.append((module_name, name))
            continue
        for attribute, one in list(_attributes_of(value, module_name).items()):
            if type(one) in _CONTAINERS and not attribute.startswith("__"):
                paths.append((module_name, name, attribute))
    return paths


def _attributes_of(value: Any, module_name: str) -> Mapping[str, Any]:
    if type(value) is type:
        return vars(value) if value.__module__ == module_name else {}
    if type(value).__flags__ & _HEAP_TYPE and not is_of_framework(value):
        return namespace_of(value) or {}
    return {}


def _container_at(path: Path) -> Any:
    module = sys.modules.get(path[0])
    one = None if module is None else module.__dict__.get(path[1])
    if len(path) == 3:
        one = _attributes_of(one, path[0]).get(path[2])
    return one if type(one) in _CONTAINERS else None
