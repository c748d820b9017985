"""The text of a picture, in the language of graphviz: breadth first, a level at a time."""

import collections
import gc
import inspect
from typing import Any, Callable, Deque, Iterable, List, Optional, Set, TextIO

from ouro.objgraph import _tracked
from ouro.objgraph._frames import own_frames, own_variables
from ouro.objgraph._names import _edge_label, _gradient, _obj_attrs, _obj_label, _obj_node_id

_WHITE, _GRAY = (0, 0, 1), (0, 0, 0.3)
_RED, _DARK_RED = (0, 1, 1), (0, 1, 0.3)


class Drawing:
    """What a picture is of and how it looks; ``draw`` writes it to a file.

    The names are those of the arguments of :func:`ouro.objgraph.show_backrefs`.
    """

    def __init__(
        self,
        file: TextIO,
        edge_func: Callable[[Any], Iterable[Any]],
        swap_source_target: bool,
        max_depth: int,
        filter: Optional[Callable[[Any], Any]],
        too_many: int,
        highlight: Optional[Callable[[Any], Any]],
        shortnames: bool,
        cull_func: Optional[Callable[[Any], Any]],
    ) -> None:
        self.file = file
        self.text: List[str] = []
        self.write = self.text.append
        self.edge_func = edge_func
        self.is_forward = swap_source_target
        self.max_depth = max_depth
        self.filter = filter
        self.too_many = too_many
        self.highlight = highlight
        self.shortnames = shortnames
        self.cull_func = cull_func
        self.ignored: Set[int] = set()
        self.backrefs: Any = None

    def draw(
        self,
        objs: Any,
        extra_ignore: Iterable[int],
        extra_info: Optional[Callable[[Any], Any]],
        refcounts: bool,
        extra_node_attrs: Any,
    ) -> int:
        """How many nodes were drawn.

        What is drawn backwards may be garbage that holds living objects. To look for all garbage
        takes longer than to draw: so it is drawn as if there were none, once more if there is.
        """
        self.extra_info = extra_info
        self.refcounts = refcounts
        self.extra_node_attrs = extra_node_attrs
        ignored = set(extra_ignore)
        own = (extra_ignore, ignored, self.text, self, self.__dict__)
        ignored.update(map(id, own))
        del own
        shows_counts = bool(refcounts or extra_info)
        # Forwards none can be seen: what living objects refer to is alive.
        may_show_garbage = not self.is_forward and not shows_counts and _tracked.IN_PLACE
        if shows_counts or not (self.is_forward or may_show_garbage):
            _tracked.collect()
        self.backrefs = _tracked.Backrefs() if may_show_garbage else None
        nodes = self.levels(objs, ignored)
        is_certain = self.backrefs is None or self.backrefs.are_alive()
        self.backrefs = None  # it holds what it found
        if not is_certain and _tracked.collect() > 0:
            nodes = self.levels(objs, ignored)
        self.file.write("".join(self.text))
        return nodes

    def levels(self, objs: Any, ignored: Iterable[int]) -> int:
        """Draws everything; how many nodes there are."""
        self.text.clear()
        self.ignored = set(ignored)
        self.objs = objs
        level: Deque[Any] = collections.deque()
        following: Deque[Any] = collections.deque()
        seen: Set[int] = set()
        for own in (objs, level, following, seen, self.ignored):
            self.ignored.add(id(own))
        del own
        self.ignored.update(own_frames())
        self.write("digraph ObjectGraph {\n  node[shape=box, style=filled, fillcolor=white];\n")
        for obj in objs:
            self.write("  %s[fontcolor=red];\n" % _obj_node_id(obj))
            seen.add(id(obj))
            level.append(obj)
            del obj
        nodes = depth = 0
        while level:
            nodes += len(level)
            nodes_text = []
            for _ in range(len(level)):
                # Not held by the level when its references are counted.
                target = level.popleft()
                label = _obj_label(target, self.extra_info, self.refcounts, self.shortnames)
                attributes = _obj_attrs(target, self.extra_node_attrs)
                nodes_text.append(self.node(target, depth, label, attributes))
                level.append(target)
            del target
            self.edges(level, following, seen, nodes_text, depth)
            level, following = following, level
            depth += 1
        self.write("}\n")
        return nodes

    def node(self, target: Any, depth: int, label: str, attributes: str) -> str:
        node_id = _obj_node_id(target)
        hue, saturation, value = _gradient(_WHITE, _GRAY, depth, self.max_depth)
        if inspect.ismodule(target):
            hue, saturation = 0.3, 1
        if self.highlight and self.highlight(target):
            hue, saturation, value = 0.6, 0.6, 0.5 + value * 0.5
        text = '  %s[label="%s"%s];\n' % (node_id, label, attributes)
        text += '  %s[fillcolor="%g,%g,%g"];\n' % (node_id, hue, saturation, value)
        if value < 0.5:
            text += "  %s[fontcolor=white];\n" % node_id
        if hasattr(getattr(target, "__class__", None), "__del__"):
            text += (
                "  {0}->{0}_has_a_del[color=red,style=dotted,len=0.25,weight=10];\n"
                '  {0}_has_a_del[label="__del__",shape=doublecircle,height=0.25,color=red,'
                'fillcolor="0,.5,1",fontsize=6];\n'
            ).format(node_id)
        return text

    def edges(self, level: Any, following: Any, seen: Any, nodes_text: List[str], depth: int) -> None:
        """Writes the nodes and edges of a level, emptying it, and fills the one that follows."""
        is_open = [depth < self.max_depth and not self.is_culled(target) for target in level]
        neighbours = self.neighbours_of(level, is_open)
        self.ignored.add(id(neighbours))
        for text, goes_on in zip(nodes_text, is_open):
            self.write(text)
            target = level.popleft()
            if not goes_on:
                continue
            drawn = skipped = 0
            sources = next(neighbours)
            self.ignored.add(id(sources))
            for source in sources:
                if id(source) in self.ignored or (self.filter and not self.filter(source)):
                    continue
                if drawn >= self.too_many:
                    skipped += 1
                    continue
                self.edge(target, source)
                if id(source) not in seen:
                    seen.add(id(source))
                    following.append(source)
                drawn += 1
            if skipped > 0:
                self.too_many_more(target, skipped, depth)

    def is_culled(self, target: Any) -> bool:
        return self.cull_func is not None and bool(self.cull_func(target))

    def neighbours_of(self, level: Iterable[Any], is_open: List[bool]) -> Any:
        """For each open object of the level its neighbours, in turn."""
        targets = [target for target, goes_on in zip(level, is_open) if goes_on]
        if self.edge_func is not gc.get_referrers or not _tracked.IN_PLACE:
            self.ignored.add(id(targets))
            return map(self.edge_func, targets)
        backrefs = _tracked.Backrefs() if self.backrefs is None else self.backrefs
        # In no variable: their own dict would hold it, and itself.
        found = backrefs.referrers(targets, [level, self.objs, *own_variables()], self.ignored)
        del backrefs
        self.ignored.update(map(id, found))
        self.ignored.add(id(found))
        return iter(found)

    def edge(self, target: Any, source: Any) -> None:
        if self.is_forward:
            source, target = target, source
        arrow = "  %s -> %s" % (_obj_node_id(source), _obj_node_id(target))
        self.write(arrow + _edge_label(source, target, self.shortnames) + ";\n")

    def too_many_more(self, target: Any, skipped: int, depth: int) -> None:
        node_id = _obj_node_id(target)
        more = "too_many_" + node_id
        kind = "references" if self.is_forward else "backreferences"
        ends = (node_id, more) if self.is_forward else (more, node_id)
        color = _gradient(_RED, _DARK_RED, depth + 1, self.max_depth)
        self.write("  %s->%s" % ends + "[color=red,style=dotted,len=0.25,weight=10];\n")
        self.write(
            '  %s[label="%d more %s",shape=box,height=0.25,color=red,fillcolor="%g,%g,%g",'
            "fontsize=6];\n" % (more, skipped, kind, *color)
        )
        self.write("  %s[fontcolor=white];\n" % more)
