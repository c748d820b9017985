"""Columns as numpy arrays, and tables of other libraries."""

import sys

import ouro
import pytest

np = pytest.importorskip("numpy")


def test_nodes_are_what_node_says(heap, connections):
    nodes = heap.nodes
    for node in heap.find("conftest.Connection") + heap.find("dict", limit=50):
        assert nodes.address[node.index] == node.address
        assert nodes.size[node.index] == node.size
        assert nodes.count[node.index] == node.count
        name = heap.types[nodes.type[node.index]]
        assert node.type.endswith(name.name)
    assert len(nodes) == len(heap) == len(nodes.size)
    assert nodes.is_tracked[heap.node(connections).index]


def test_sizes_too_wide_for_the_column_are_in_the_array():
    wide = [bytes(70_000), bytes(5_000_000)]
    heap = ouro.snapshot()
    for item in wide:
        assert heap.nodes.size[heap.node(item).index] == sys.getsizeof(item)
    assert heap.nodes.size.sum() == heap.top().bytes


def test_edges_are_what_references_say(heap, connections):
    edges, begins = heap.edges, heap.nodes.edge_begin
    assert len(begins) == len(heap) + 1
    assert begins[-1] == len(edges)
    node = heap.node(connections)
    mine = slice(begins[node.index], begins[node.index + 1])
    expected = [reference.node.index for reference in node.references]
    assert sorted(edges.target[mine]) == sorted(expected)
    assert set(edges.source[mine]) == {node.index}
    items = edges.meaning[mine] == edges.meanings.index("item")
    assert list(edges.index[mine][items]) == list(range(20))


def test_columns_are_views_that_outlive_the_snapshot_and_are_read_only():
    heap = ouro.snapshot()
    targets = heap.edges.target
    assert not targets.flags.owndata
    with pytest.raises(ValueError):
        targets[0] = 1
    total = int(targets.sum())
    del heap
    ouro.snapshot()
    assert int(targets.sum()) == total


def test_weak_references_do_not_count(heap):
    edges = heap.edges
    assert not (edges.is_weak & edges.is_traversed).any()


@pytest.mark.parametrize("what", ["nodes", "edges", "roots"])
def test_tables_have_a_row_each(heap, what, tmp_path):
    pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    import pyarrow.parquet

    length = {"nodes": len(heap), "edges": len(heap.edges), "roots": len(heap.roots)}[what]
    frame, table = heap.to_pandas(what), heap.to_arrow(what)
    assert len(frame) == table.num_rows == length
    assert list(frame.columns) == table.column_names
    path = heap.to_parquet(tmp_path / "heap.parquet", what)
    assert pyarrow.parquet.read_table(path).num_rows == length
    assert [item.name for item in tmp_path.iterdir()] == ["heap.parquet"]


def test_pandas_groups_by_type_as_top_does(heap):
    pytest.importorskip("pandas")
    sizes = heap.to_pandas().groupby("type", observed=True)["size"].sum()
    for row in heap.top(limit=10):
        assert sizes[row.type] == row.bytes


def test_a_table_that_is_none_says_which_there_are(heap):
    pytest.importorskip("pandas")
    with pytest.raises(ValueError, match="nodes, edges, roots"):
        heap.to_pandas("objects")
