"""Snapshots of this process: what CPython itself says is what they say."""

import gc
import os
import sys
import threading
import weakref

import ouro
import pytest

FREE_THREADED = bool(getattr(sys, "_is_gil_enabled", lambda: True)() is False)


@pytest.mark.parametrize("fork", [True, False])
def test_an_object_is_as_sys_and_gc_say(connections, fork):
    if FREE_THREADED and not fork:
        pytest.skip("free-threaded: fork=False is refused")
    connection = connections[7]
    # Without getrefcount's own argument: a name is only borrowed for a call since 3.14, an item not.
    count = sys.getrefcount(connections[7]) - 1
    heap = ouro.snapshot(fork=fork)
    node = heap.node(connection)
    assert node.type == "conftest.Connection"
    assert node.address == id(connection)
    assert node.size == sys.getsizeof(connection)
    if not FREE_THREADED:
        assert node.count == count
    labels = [reference.label for reference in node.references if not reference.is_weak]
    assert {".number", ".handler"} <= set(labels)


def test_every_tracked_object_is_there():
    alive = gc.get_objects()  # which keeps them alive
    heap = ouro.snapshot()
    addresses = {node.address for node in heap}
    assert not [item for item in alive if id(item) not in addresses]


def test_a_snapshot_leaves_no_process_thread_or_file_behind(connections):
    ouro.snapshot()
    files = set(os.listdir("/proc/self/fd"))
    threads = threading.active_count()
    for _ in range(5):
        ouro.snapshot()
    assert set(os.listdir("/proc/self/fd")) == files
    assert threading.active_count() == threads
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.skipif(FREE_THREADED, reason="counts of a free-threaded build are not exact")
def test_nothing_of_the_program_is_held_by_a_snapshot(connections):
    connection = connections[3]
    count = sys.getrefcount(connection)
    heap = ouro.snapshot()
    assert heap.node(connection).obj is connection
    assert sys.getrefcount(connection) == count
    reference = weakref.ref(heap)
    del heap
    gc.collect()
    assert reference() is None


def test_values_can_be_left_out(connections):
    secret = "correct horse battery staple %d" % os.getpid()
    kept = ouro.snapshot().node(secret).preview
    assert "battery" in kept
    assert ouro.snapshot(values=False).node(secret).preview is None


def test_threads_that_run_meanwhile_are_there_with_their_variables():
    go, done = threading.Event(), threading.Event()

    def serve():
        waiting_connection = {"peer": "10.0.0.1"}
        go.set()
        done.wait()
        return waiting_connection

    thread = threading.Thread(target=serve, name="server-1")
    thread.start()
    go.wait()
    try:
        names = [root.name for root in ouro.snapshot().roots if root.kind == "local"]
    finally:
        done.set()
        thread.join()
    assert any("serve" in name and "local waiting_connection" in name for name in names)


def test_many_threads_take_snapshots_at_once(connections):
    sizes, errors = [], []

    def take():
        try:
            sizes.append(len(ouro.snapshot().find("conftest.Connection")))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sizes == [20] * 6


def test_a_finalizer_that_asks_during_a_collection_is_told_so(connections):
    said = []

    class Cycle:
        def __init__(self):
            self.me = self

        def __del__(self):
            try:
                ouro.snapshot()
            except ouro.Error as error:
                said.append(str(error))

    Cycle()
    gc.collect()
    assert len(said) == 1
    if not FREE_THREADED:
        assert "a collection of garbage runs" in said[0]


def test_saved_and_opened_it_is_the_same(heap, tmp_path):
    path = tmp_path / "heap.ouro"
    assert heap.save(path) == str(path)
    opened = ouro.open(path)
    assert len(opened) == len(heap)
    assert opened.facts == heap.facts
    assert str(opened.top()) == str(heap.top())
    with pytest.raises(FileExistsError, match="overwrite=True"):
        heap.save(path)
    heap.save(path, overwrite=True)


def test_facts_say_which_process_it_is(heap):
    assert heap.facts["pid"] == str(os.getpid())
    assert heap.facts["runtime"].startswith("cpython 3.%d" % sys.version_info[1])
    assert "objects" in repr(heap)
