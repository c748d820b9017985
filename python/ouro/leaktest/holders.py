"""Who holds an object: the shortest path from a module to it, in words.

    app._CONNECTIONS[]               an item of the list `_CONNECTIONS` of module app
    app.Server.instances['a'].sock   a class attribute, a key, an attribute

Breadth first from all modules at once, forward over `gc.get_referents`: one pass over the heap, 0.3 s
for 200,000 objects, answers for all objects asked about. What the test framework holds (reports,
fixtures' values, captured records) is looked through last, so that what only it holds is told apart.
"""

import functools
import gc
import sys
import types
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

FRAMEWORK = {"_pytest", "pytest", "pluggy", "xdist", "execnet", "ouro", "py", "iniconfig",
             "pytest_asyncio", "pytest_cov", "coverage", "hypothesis"}  # fmt: skip

_LruCache = type(functools.lru_cache(maxsize=1)(len))

_LEAVES = frozenset((str, bytes, int, float, types.CodeType, types.ModuleType))

#: More names than this of one container are no help: they are "[]".
_LONGEST_KEY = 40


#: Objects whose class does not say whose they are.
CODE_KINDS = frozenset(
    (types.FrameType, types.TracebackType, types.GeneratorType, types.FunctionType)
)


def is_of_framework(one: Any) -> bool:
    """Whether the test framework has made it: by its class, or by the module its code is of."""
    kind = type(one)
    if kind not in CODE_KINDS:
        return is_framework_name(kind.__module__)
    if kind is types.FunctionType:
        return is_framework_name(one.__module__)
    if kind is types.GeneratorType:
        frame = one.gi_frame
    else:
        frame = one if kind is types.FrameType else one.tb_frame
    return frame is not None and is_framework_name(frame.f_globals.get("__name__"))


def is_framework_name(module: Any) -> bool:
    # A class may have anything for its __module__.
    return isinstance(module, str) and module.partition(".")[0] in FRAMEWORK


class Holders:
    """The paths to some objects. `ignored`: objects that only look, such as the caller's lists."""

    def __init__(
        self,
        wanted: Sequence[Any],
        framework_roots: Iterable[Any] = (),
        ignored: Iterable[Any] = (),
    ) -> None:
        self._wanted = {id(one) for one in wanted}
        # By id: (parent, "") or (None, name of a root).
        self._parents: Dict[int, Tuple[Any, str]] = {}
        self._skipped = {id(one) for one in ignored}
        self._skipped.update((id(self._parents), id(self._wanted), id(self._skipped), id(wanted)))
        self._skipped.add(id(self.__dict__))
        # Of the framework: what they were reached from, and themselves.
        self._refused: List[Tuple[Any, Any]] = []
        self._is_framework = False
        self._skipped.add(id(self._refused))
        self._search(_module_roots() + _thread_roots())
        self._by_program = set(self._parents) & self._wanted
        if not self._wanted <= self._by_program:
            self._is_framework = True
            roots = [("", root) for root in framework_roots if root is not None]
            self._search(roots + _framework_modules(), self._refused)

    def is_of_framework(self, one: Any) -> bool:
        """Whether only the test framework leads to it."""
        return id(one) in self._parents and id(one) not in self._by_program

    def above(self, one: Any) -> List[Any]:
        """The objects on its path, the nearest first."""
        found: List[Any] = []
        while True:
            one = self._parents.get(id(one), (None, ""))[0]
            if one is None:
                return found
            found.append(one)

    def path(self, one: Any) -> str:
        """In words; "" where nothing known leads to it."""
        steps: List[Tuple[Any, Any]] = []
        at = one
        while id(at) in self._parents:
            parent, root = self._parents[id(at)]
            if parent is None:
                return _joined(root, steps)
            steps.append((parent, at))
            at = parent
        return ""

    def _search(
        self, roots: Iterable[Tuple[str, Any]], found: Iterable[Tuple[Any, Any]] = ()
    ) -> None:
        queue = []
        for name, root in roots:
            if id(root) not in self._parents and id(root) not in self._skipped:
                self._parents[id(root)] = (None, name)
                queue.append(root)
        for parent, target in found:
            if id(target) not in self._parents:
                self._parents[id(target)] = (parent, "")
                queue.append(target)
        parents, skipped, refused = self._parents, self._skipped, self._refused
        missing = self._wanted - set(parents)
        # What is to be asked of each object of it has None.
        may_enter_kind: Dict[type, Optional[bool]] = {}
        while queue and missing:
            following = []
            for parent in queue:
                for target in gc.get_referents(parent):
                    key = id(target)
                    if key in parents or key in skipped:
                        continue
                    kind = type(target)
                    try:
                        may_enter = may_enter_kind[kind]
                    except KeyError:
                        may_enter = may_enter_kind[kind] = self._may_enter_kind(kind)
                    if may_enter is None:
                        may_enter = self._may_enter(target)
                    if not may_enter:
                        if not self._is_framework and kind not in _LEAVES:
                            refused.append((parent, target))
                        if key not in missing or kind not in _LEAVES:
                            continue
                    parents[key] = (parent, "")
                    missing.discard(key)
                    following.append(target)
            queue = following

    def _may_enter_kind(self, kind: type) -> Optional[bool]:
        if kind in _LEAVES:
            return False
        if kind is dict:
            return None
        if self._is_framework:
            return True
        return None if kind in CODE_KINDS else not is_framework_name(kind.__module__)

    def _may_enter(self, target: Any) -> bool:
        if type(target) is dict and "__name__" in target and "__loader__" in target:
            return False  # a module's: they are roots
        return self._is_framework or not is_of_framework(target)


def _module_roots() -> List[Tuple[str, Any]]:
    return [(name, module.__dict__) for name, module in list(sys.modules.items())
            if isinstance(module, types.ModuleType) and not is_framework_name(name)]  # fmt: skip


def _framework_modules() -> List[Tuple[str, Any]]:
    return [(name, module.__dict__) for name, module in list(sys.modules.items())
            if isinstance(module, types.ModuleType) and is_framework_name(name)]  # fmt: skip


def _thread_roots() -> List[Tuple[str, Any]]:
    """What functions that run in other threads hold. In this one only the framework runs."""
    import threading

    roots: List[Tuple[str, Any]] = []
    here = threading.get_ident()
    frame: Optional[types.FrameType]
    for thread, frame in sys._current_frames().items():
        while frame is not None and thread != here:
            code = frame.f_code
            roots.append(("%s() in a thread: " % code.co_name, dict(frame.f_locals)))
            frame = frame.f_back
    return roots


def _joined(root: str, steps: Sequence[Tuple[Any, Any]]) -> str:
    """The words of a path: a dictionary that is an object's __dict__ is no step of its own."""
    text, is_open = root, True
    for parent, child in reversed(steps):
        if is_open:  # the parent is the namespace of a module or of an object
            text += _attribute(_key_of(parent, child))
            is_open = False
        elif is_namespace_of(parent, child):
            is_open = True
        else:
            text += step(parent, child)
    return text.replace(": .", ": ")


def namespace_of(one: Any) -> Optional[Dict[str, Any]]:
    """The dictionary of its attributes, or None. Proxies of other objects may do anything."""
    try:
        namespace = one.__dict__
    except Exception:
        return None
    return namespace if type(namespace) is dict else None


def is_namespace_of(parent: Any, child: Any) -> bool:
    # A class shows a proxy of its dictionary, not the dictionary.
    return type(child) is dict and (issubclass(type(parent), type) or namespace_of(parent) is child)


def _attribute(key: Any) -> str:
    return ".%s" % key if isinstance(key, str) and key.isidentifier() else _item(key)


def _item(key: Any) -> str:
    text = repr(key) if isinstance(key, (str, int, bytes)) else ""
    return "[%s]" % text if 0 < len(text) <= _LONGEST_KEY else "[]"


def _key_of(mapping: Mapping[Any, Any], value: Any) -> Any:
    for key, one in list(mapping.items()):
        if one is value:
            return key
    return None


def step(parent: Any, child: Any) -> str:
    """ ".attribute", "[]": the way from an object to one that it refers to."""
    kind = type(parent)
    if kind is _LruCache and type(child) is dict:
        return ""  # its items are those of the cache
    if issubclass(kind, dict):
        # Keys differ from run to run, and are many; what holds is the container.
        return "[]"
    if issubclass(kind, (list, tuple, set, frozenset)) or kind.__name__ == "deque":
        return "[]"
    if issubclass(kind, types.FunctionType):
        return _step_of_function(parent, child)
    if issubclass(kind, types.MethodType):
        return ".__self__" if parent.__self__ is child else ".__func__"
    if issubclass(kind, types.CellType):
        return ""
    if issubclass(kind, types.FrameType):
        name = _key_of(parent.f_locals, child)
        return "" if name is None else ".f_locals[%r]" % name
    return _attribute_of(parent, child)


def _step_of_function(function: types.FunctionType, child: Any) -> str:
    for name in ("__closure__", "__defaults__", "__kwdefaults__", "__wrapped__"):
        if getattr(function, name, None) is child:
            return "." + name
    return ""


def _attribute_of(parent: Any, child: Any) -> str:
    values = namespace_of(parent)
    if values is not None:
        # From 3.11 on an object may hold its values itself.
        name = _key_of(values, child)
        if name is not None:
            return _attribute(name)
    for kind in type(parent).__mro__:
        for name, one in list(vars(kind).items()):
            if isinstance(one, types.MemberDescriptorType):
                try:
                    if one.__get__(parent) is child:
                        return "." + name
                except AttributeError:
                    pass
    if isinstance(parent, BaseException) and parent.__traceback__ is child:
        return ".__traceback__"
    return "[]"
