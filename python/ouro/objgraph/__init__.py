"""The functions of the package objgraph 3.7, on the collector's own lists: ``from ouro import
objgraph`` instead of ``import objgraph``.

Signatures, texts and pictures are objgraph's, and its test suite passes. What differs is how the
heap is looked at: in place, in C++, without a list of all objects; who refers to a whole level of a
search is found in one pass. In free-threaded builds, whose threads run on, it is looked at as
objgraph does.

    >>> from ouro import objgraph
    >>> class Leak: pass
    >>> cache = [Leak()]
    >>> objgraph.count('Leak')
    1
"""

import io
import itertools
import os
import subprocess
import sys
import tempfile
import gc
from typing import Any, Callable, Dict, Iterable, List, Optional, TextIO

from ouro.objgraph._chains import _find_chain as _find_chain
from ouro.objgraph._chains import find_backref_chain, find_ref_chain, is_proper_module
from ouro.objgraph._counts import (
    count,
    get_new_ids,
    growth,
    most_common_types,
    show_growth,
    show_most_common_types,
    typestats,
)
from ouro.objgraph._drawing import Drawing
from ouro.objgraph._names import _edge_label as _edge_label
from ouro.objgraph._names import _get_obj_type as _get_obj_type
from ouro.objgraph._names import _gradient as _gradient
from ouro.objgraph._names import _is_identifier as _is_identifier
from ouro.objgraph._names import _isinstance as _isinstance
from ouro.objgraph._names import _long_typename as _long_typename
from ouro.objgraph._names import _name_or_repr as _name_or_repr
from ouro.objgraph._names import _obj_attrs as _obj_attrs
from ouro.objgraph._names import _obj_label as _obj_label
from ouro.objgraph._names import _obj_node_id as _obj_node_id
from ouro.objgraph._names import _quote as _quote
from ouro.objgraph._names import _safe_repr as _safe_repr
from ouro.objgraph._names import _short_repr as _short_repr
from ouro.objgraph._names import _short_typename as _short_typename
from ouro.objgraph._objects import at, at_addrs, by_type, get_leaking_objects

__all__ = [
    "at",
    "at_addrs",
    "by_type",
    "count",
    "find_backref_chain",
    "find_ref_chain",
    "get_leaking_objects",
    "get_new_ids",
    "growth",
    "is_proper_module",
    "most_common_types",
    "show_backrefs",
    "show_chain",
    "show_growth",
    "show_most_common_types",
    "show_refs",
    "typestats",
]

Predicate = Callable[[Any], Any]

# In a notebook pictures are shown where they are asked for, if the package graphviz is there.
IS_INTERACTIVE = False
try:
    import graphviz  # type: ignore

    IS_INTERACTIVE = "TerminalInteractiveShell" not in type(get_ipython()).__name__  # type: ignore
except (ImportError, NameError):
    pass


def show_backrefs(
    objs: Any,
    max_depth: int = 3,
    extra_ignore: Iterable[int] = (),
    filter: Optional[Predicate] = None,
    too_many: int = 10,
    highlight: Optional[Predicate] = None,
    filename: Optional[str] = None,
    extra_info: Optional[Callable[[Any], Any]] = None,
    refcounts: bool = False,
    shortnames: bool = True,
    output: Optional[TextIO] = None,
    extra_node_attrs: Optional[Callable[[Any], Dict[str, Optional[str]]]] = None,
) -> Any:
    """Draws what refers to an object, or to each of a list of them, and what refers to that.

    ``filename`` says where, and by its ending in which of graphviz's formats; ``output`` is a file
    object for the text that graphviz reads. With neither the picture is shown: in a notebook, in
    the viewer xdot, or as a PNG whose name is printed.

    ``max_depth`` levels are drawn, of each object ``too_many`` referrers, only those that
    ``filter(object)`` accepts and whose ids are not in ``extra_ignore``; modules are not gone
    beyond. ``highlight(object)`` makes nodes blue, ``extra_info(object)`` adds a line to them,
    ``extra_node_attrs(object)`` gives a dict of graphviz's attributes. With ``refcounts`` they say
    how many references there are, with ``shortnames=False`` in which modules types are.

        >>> import io
        >>> inner = []
        >>> outer = [inner]
        >>> text = io.StringIO()
        >>> show_backrefs([inner], max_depth=1, output=text)
        >>> 'o%d -> o%d;' % (id(outer), id(inner)) in text.getvalue()
        True
    """
    return _show_graph(
        objs,
        gc.get_referrers,
        False,
        max_depth=max_depth,
        extra_ignore=extra_ignore,
        filter=filter,
        too_many=too_many,
        highlight=highlight,
        filename=filename,
        extra_info=extra_info,
        refcounts=refcounts,
        shortnames=shortnames,
        output=output,
        cull_func=is_proper_module,  # sys.modules, and with it everything, is behind them
        extra_node_attrs=extra_node_attrs,
    )


def show_refs(
    objs: Any,
    max_depth: int = 3,
    extra_ignore: Iterable[int] = (),
    filter: Optional[Predicate] = None,
    too_many: int = 10,
    highlight: Optional[Predicate] = None,
    filename: Optional[str] = None,
    extra_info: Optional[Callable[[Any], Any]] = None,
    refcounts: bool = False,
    shortnames: bool = True,
    output: Optional[TextIO] = None,
    extra_node_attrs: Optional[Callable[[Any], Dict[str, Optional[str]]]] = None,
) -> Any:
    """Draws what an object, or each of a list of them, refers to, and what that refers to.

    The arguments are those of :func:`show_backrefs`.

        >>> import io
        >>> text = io.StringIO()
        >>> show_refs([{'key': []}], output=text)
        >>> 'label="key"' in text.getvalue()
        True
    """
    return _show_graph(
        objs,
        gc.get_referents,
        True,
        max_depth=max_depth,
        extra_ignore=extra_ignore,
        filter=filter,
        too_many=too_many,
        highlight=highlight,
        filename=filename,
        extra_info=extra_info,
        refcounts=refcounts,
        shortnames=shortnames,
        output=output,
        extra_node_attrs=extra_node_attrs,
    )


def show_chain(*chains: List[Any], **kw: Any) -> None:
    """Draws chains that :func:`find_backref_chain` or, with ``backrefs=False``,
    :func:`find_ref_chain` found.

    The other arguments are those of :func:`show_backrefs`.

        show_chain(find_backref_chain(leak, is_proper_module), filename='chain.png')
    """
    backrefs = kw.pop("backrefs", True)
    drawn = [chain for chain in chains if chain]
    ids = {id(one) for one in itertools.chain(*drawn)}
    show, end = (show_backrefs, -1) if backrefs else (show_refs, 0)
    show(
        [chain[end] for chain in drawn],
        max_depth=max(map(len, drawn)) - 1,
        filter=lambda one: id(one) in ids,
        **kw,
    )


def _show_graph(
    objs: Any,
    edge_func: Callable[[Any], Iterable[Any]],
    swap_source_target: bool,
    max_depth: int = 3,
    extra_ignore: Iterable[int] = (),
    filter: Optional[Predicate] = None,
    too_many: int = 10,
    highlight: Optional[Predicate] = None,
    filename: Optional[str] = None,
    extra_info: Optional[Callable[[Any], Any]] = None,
    refcounts: bool = False,
    shortnames: bool = True,
    output: Optional[TextIO] = None,
    cull_func: Optional[Predicate] = None,
    extra_node_attrs: Optional[Callable[[Any], Dict[str, Optional[str]]]] = None,
) -> Any:
    if not _isinstance(objs, (list, tuple)):
        objs = [objs]
    if filename and output:
        raise ValueError("Cannot specify both output and filename.")
    dot_filename = None
    if output:
        file = output
    elif filename and filename.endswith(".dot"):
        dot_filename = filename
        file = open(filename, "w", encoding="utf-8")
    elif IS_INTERACTIVE and not filename:
        file = io.StringIO()
    else:
        number, dot_filename = tempfile.mkstemp(prefix="objgraph-", suffix=".dot", text=True)
        file = open(number, "w", encoding="utf-8")
    drawing = Drawing(
        file,
        edge_func,
        swap_source_target,
        max_depth,
        filter,
        too_many,
        highlight,
        shortnames,
        cull_func,
    )
    try:
        nodes = drawing.draw(objs, extra_ignore, extra_info, refcounts, extra_node_attrs)
    finally:
        if dot_filename is not None:
            file.close()
    if output:
        return None
    if dot_filename is None:
        return graphviz.Source(file.getvalue())  # type: ignore
    print("Graph written to %s (%d nodes)" % (dot_filename, nodes))
    _present_graph(dot_filename, filename)
    return None


def _present_graph(dot_filename: str, filename: Optional[str] = None) -> None:
    """Makes the picture that was asked for of a text for graphviz, or shows it."""
    if filename == dot_filename:
        return
    if not filename and _program_in_path("xdot"):
        print("Spawning graph viewer (xdot)")
        subprocess.Popen(["xdot", dot_filename], close_fds=True)
        return
    if not _program_in_path("dot"):
        missing = "Image renderer (dot)" if filename else (
            "Graph viewer (xdot) and image renderer (dot)"
        )
        print("%s not found, not doing anything else" % missing)
        return
    if not filename:
        print("Graph viewer (xdot) not found, generating a png instead")
        filename = os.path.splitext(dot_filename)[0] + ".png"
    command = ["dot", "-T" + os.path.splitext(filename)[1][1:], "-o" + filename, dot_filename]
    process = subprocess.Popen(command, close_fds=False)
    process.wait()
    if process.returncode != 0:
        text = " ".join(command)
        print('dot failed (exit code %d) while executing "%s"' % (process.returncode, text))
    else:
        print("Image generated as %s" % filename)


def _program_in_path(program: str) -> bool:
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return any(os.path.isfile(os.path.join(folder, program)) for folder in folders)
