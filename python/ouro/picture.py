"""Pictures of references."""

import os
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, List, Optional, Union

from ouro import _ouro
from ouro._build import build
from ouro._ouro import Error
from ouro.answers import Answer

if TYPE_CHECKING:
    from ouro._snapshot import Snapshot

__all__ = ["Picture", "PictureEdge", "PictureNode"]


@dataclass(frozen=True)
class PictureNode:
    """An object, or several that are alike."""

    id: int  #: of edges
    name: str  #: "Monster#1", or of several "Monster"
    objects: int
    address: str
    type: str
    size_bytes: int
    immortal: bool
    start: bool  #: asked for
    in_cycle: bool  #: of the cycle that is drawn red
    depth: int
    left_out: int  #: objects next to it that are not shown
    partial: bool
    count: Optional[int] = None
    preview: Optional[str] = None


class PictureEdge:
    """References from the objects of one node to those of another."""

    __slots__ = ("source", "target", "label", "references", "is_weak", "in_cycle")

    def __init__(self, edge: Any) -> None:
        self.source: int = edge["from"]
        self.target: int = edge["to"]
        self.label: str = edge["label"]
        self.references: int = edge["references"]
        self.is_weak: bool = edge["weak"]
        self.in_cycle: bool = edge["in_cycle"]

    def __repr__(self) -> str:
        return f"<{self.source} {self.label} -> {self.target}>"


class Picture(Answer):
    """What objects refer to, or what refers to them: as a tree of text, as DOT, drawn."""

    def __init__(self, picture: "_ouro.Picture", snapshot: "Snapshot") -> None:
        self._answer = picture.answer
        self.dot: str = picture.dot  #: in Graphviz's language
        content = self.to_dict()
        self.nodes: List[PictureNode] = build(List[PictureNode], content["nodes"], snapshot)
        self.edges = [PictureEdge(edge) for edge in content["edges"]]

    def save(self, path: Union[str, "os.PathLike[str]"]) -> str:
        """Draws it into a file; the ending says the format: ``.svg``, ``.png``, ``.dot``.

        Returns the path. Graphviz draws (package graphviz); :exc:`Error` where it is missing.
        """
        name = os.fspath(path)
        kind = os.path.splitext(name)[1].lstrip(".")
        if kind in ("dot", "gv"):
            with open(name, "w", encoding="utf-8") as file:
                file.write(self.dot)
        elif not kind:
            raise ValueError(f"{name}: the ending says the format: .svg, .png or .dot")
        elif not _ouro.draw(self.dot, kind, name):
            raise Error(f"{name}: Graphviz is not installed (package graphviz); .dot needs none")
        return name

    def svg(self) -> str:
        """The picture as SVG. :exc:`Error` without Graphviz."""
        with tempfile.TemporaryDirectory() as folder:
            path = self.save(os.path.join(folder, "picture.svg"))
            with open(path, encoding="utf-8") as file:
                svg = file.read()
        return svg[svg.index("<svg") :]

    def _repr_svg_(self) -> Optional[str]:
        try:
            return self.svg()
        except Error:
            return None

    def _repr_html_(self) -> str:
        # Where it is not drawn, the text is better than nothing.
        svg = self._repr_svg_()
        return super()._repr_html_() if svg is None else svg
