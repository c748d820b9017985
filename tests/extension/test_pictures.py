"""Pictures of references."""

import shutil

import ouro
import pytest

needs_graphviz = pytest.mark.skipif(shutil.which("dot") is None, reason="no Graphviz here")


def test_a_picture_is_data_text_and_dot(heap, connections):
    picture = heap.refs(heap.node(connections[0]), depth=2)
    names = {heap.node(connections[0]).name, heap.node(connections[0].handler).name}
    assert {node.name for node in picture.nodes} >= names
    assert [edge for edge in picture.edges if edge.label == ".handler"]
    assert all(name in str(picture) for name in names)
    assert picture.dot.startswith("digraph")


@needs_graphviz
def test_it_is_drawn(heap, connections, tmp_path):
    picture = heap.node(connections[0]).backrefs(depth=2)
    assert picture._repr_svg_().startswith("<svg")
    for name, begin in [("a.svg", b"<?xml"), ("a.png", b"\x89PNG"), ("a.dot", b"digraph")]:
        path = picture.save(tmp_path / name)
        with open(path, "rb") as file:
            assert file.read(8).startswith(begin)


def test_without_an_ending_it_says_which_there_are(heap, tmp_path):
    with pytest.raises(ValueError, match=".svg, .png or .dot"):
        heap.refs(0).save(tmp_path / "picture")


def test_without_graphviz_there_is_text(heap, connections, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    picture = heap.refs(heap.node(connections[0]))
    assert picture._repr_svg_() is None
    assert "<pre" in picture._repr_html_()
    with pytest.raises(ouro.Error, match="Graphviz"):
        picture.svg()
