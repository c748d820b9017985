"""From objects to nodes and back."""

import os

import ouro
import pytest


def test_a_node_leads_to_the_live_object(heap, connections):
    for connection in connections[:3]:
        assert heap.node(connection).obj is connection


def test_what_the_collector_does_not_track_is_found_through_its_holder(connections):
    connections[0].number = "a string of its own %d" % os.getpid()
    node = ouro.snapshot().node(connections[0].number)
    assert node.obj is connections[0].number


def test_an_object_that_has_gone_is_said_to_have_gone(connections):
    import conftest

    connection = conftest.Connection(99)
    heap = ouro.snapshot()
    node = heap.node(connection)
    connection.handler.connection = None
    del connection
    with pytest.raises(LookupError, match="any more"):
        node.obj


def test_a_younger_object_is_in_no_older_snapshot(heap):
    import conftest

    younger = [conftest.Connection(1) for _ in range(1000)]
    missing = 0
    for connection in younger:
        try:
            heap.node(connection)
        except LookupError as error:
            assert "older" in str(error)
            missing += 1
    assert missing > 500  # an address may have been another object's


def test_nodes_are_equal_where_they_are_the_same(heap, connections):
    node = heap.node(connections[0])
    assert node == heap[node.index] == heap[node.name]
    assert hash(node) == hash(heap[node.index])
    assert node != heap.node(connections[1])
    assert node.name in repr(node)


def test_live_objects_may_be_asked_about(heap, connections):
    node = heap.node(connections[3])
    assert str(heap.why(connections[3])) == str(heap.why(node)) == str(heap.why(node.index))
    assert heap.refs(connections[3]).dot == heap.refs(node).dot


def test_nodes_of_another_snapshot_are_refused(heap):
    other = ouro.snapshot()
    with pytest.raises(ValueError, match="another snapshot"):
        heap.why(other[0])


def test_referrers_and_references_are_each_others_way_back(heap, connections):
    node = heap.node(connections[4])
    for reference in node.references:
        back = [r for r in reference.node.referrers if r.node == node]
        assert reference.label in [r.label for r in back]


def test_a_name_that_does_not_exist_says_what_there_is(heap):
    with pytest.raises(KeyError, match="did you mean `Connection`"):
        heap["Conection"]
    assert heap.find("Conection") == []
    with pytest.raises(ouro.Error) as caught:
        heap.find("size>>3")
    assert caught.value.code == "unsupported"
    with pytest.raises(IndexError):
        heap[len(heap)]
