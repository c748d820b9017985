"""Names of classes and the texts by which pictures show objects and references.

What is asked of an object here is asked of its real class: ``isinstance`` believes ``__class__``,
which proxies and mocks make up.
"""

import os
import re
import sys
import types
from typing import Any, Callable, Dict, Optional


def _isinstance(object: Any, classinfo: Any) -> bool:
    """``isinstance`` by the real class."""
    return issubclass(type(object), classinfo)


def short_name_of(cls: type) -> str:
    return cls.__name__


def long_name_of(cls: type) -> str:
    module = getattr(cls, "__module__", None)
    return "%s.%s" % (module, cls.__name__) if module else cls.__name__


def _short_typename(obj: Any) -> str:
    return short_name_of(type(obj))


def _long_typename(obj: Any) -> str:
    return long_name_of(type(obj))


def _get_obj_type(obj: Any) -> type:
    return type(obj)


def _obj_node_id(obj: Any) -> str:
    return "o%d" % id(obj)


def _quote(text: str) -> str:
    """As a string of the language of graphviz has it, without the quotes around it."""
    for character, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\0", "\\\\0")):
        text = text.replace(character, escaped)
    return text


def _obj_attrs(
    obj: Any, extra_node_attrs: Optional[Callable[[Any], Dict[str, Optional[str]]]]
) -> str:
    if extra_node_attrs is None:
        return ""
    given = sorted(extra_node_attrs(obj).items())
    return ", " + ", ".join('%s="%s"' % (key, _quote(value)) for key, value in given
                            if value is not None)


def _own_references() -> int:
    """How many references an object has while _obj_label counts them for who draws, of which none is
    the program's: it depends on how this Python passes arguments."""

    def counted(obj: Any, *unused: Any) -> int:
        return sys.getrefcount(obj)

    target = object()
    return counted(target, None)


_OWN_REFERENCES = _own_references()


def _obj_label(
    obj: Any,
    extra_info: Optional[Callable[[Any], Any]] = None,
    refcounts: bool = False,
    shortnames: bool = True,
) -> str:
    first = _short_typename(obj) if shortnames else _long_typename(obj)
    if refcounts:
        first += " [%d]" % (sys.getrefcount(obj) - _OWN_REFERENCES)
    lines = [first, _safe_repr(obj)]
    if extra_info:
        lines.append(str(extra_info(obj)))
    return _quote("\n".join(lines))


_MOST_CHARACTERS = 40


def _safe_repr(obj: Any) -> str:
    try:
        return _short_repr(obj)
    except Exception:
        return "(unrepresentable)"


def _name_or_repr(value: Any) -> str:
    try:
        name = value.__name__
    except AttributeError:
        name = None
    # Mocks make their names up, too.
    return name if _isinstance(name, str) else repr(value)[:_MOST_CHARACTERS]


_NAMED = (type, types.ModuleType, types.BuiltinMethodType, types.BuiltinFunctionType)
_COUNTED = (tuple, list, dict, set)


def _short_repr(obj: Any) -> str:
    if _isinstance(obj, _NAMED):
        return _name_or_repr(obj)
    if _isinstance(obj, types.MethodType):
        return _name_or_repr(obj.__func__) + (" (bound)" if obj.__self__ else "")
    if _isinstance(obj, types.FunctionType) and obj.__name__ == "<lambda>":
        code = obj.__code__
        return "lambda: %s:%s" % (os.path.basename(code.co_filename), code.co_firstlineno)
    if _isinstance(obj, types.FrameType):
        return "%s:%s" % (obj.f_code.co_filename, obj.f_lineno)
    if _isinstance(obj, _COUNTED):
        return "%d items" % len(obj)
    return repr(obj)[:_MOST_CHARACTERS]


def _gradient(start_color: Any, end_color: Any, depth: int, max_depth: int) -> Any:
    """The color so far on the way from one to the other, as (hue, saturation, value)."""
    if max_depth == 0:
        return start_color
    far = float(depth) / max_depth
    return tuple(a * (1 - far) + b * far for a, b in zip(start_color, end_color))


_is_identifier = re.compile("[a-zA-Z_][a-zA-Z_0-9]*$").match


def _strong_label(name: str) -> str:
    return ' [label="%s",weight=10]' % _quote(name)


def _edge_label(source: Any, target: Any, shortnames: bool = True) -> str:
    """The attributes of the arrow from source to target: its name, where it has one."""
    if _isinstance(target, dict) and target is getattr(source, "__dict__", None):
        return _strong_label("__dict__")
    if _isinstance(source, types.FrameType):
        for name in ("f_locals", "f_globals"):
            if target is getattr(source, name):
                return _strong_label(name)
    if _isinstance(source, types.MethodType):
        for name in ("__self__", "__func__"):
            if target is getattr(source, name):
                return _strong_label(name)
    if _isinstance(source, types.FunctionType):
        for name in dir(source):
            if target is getattr(source, name):
                return _strong_label(name)
    if _isinstance(source, dict):
        for key, value in source.items():
            if value is target:
                return _key_label(key, shortnames)
    return ""


def _key_label(key: Any, shortnames: bool) -> str:
    if _isinstance(key, str) and _is_identifier(key):
        return ' [label="%s",weight=2]' % _quote(key)
    typename = _short_typename(key) if shortnames else _long_typename(key)
    return ' [label="%s"]' % _quote(typename + "\n" + _safe_repr(key))
