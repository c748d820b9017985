"""Tests that leak, and tests that only look so. ../test_plugin.py says what is to be said of each."""

import asyncio
import gc
import itertools
import logging
import threading
import unittest
import unittest.mock
import warnings
import weakref

import app
import pytest

numbers = itertools.count()

# ---- leaks


def test_leaves_a_connection():
    app.serve()


def test_leaves_a_dict():
    app._CONNECTIONS.append({"a": []})


def test_leaves_text():
    app._LOG.append("served %d" % next(numbers))


def test_leaves_a_record():
    app._LOG.append({"user": "alice", "number": next(numbers)})


def test_leaves_numbers_in_an_object():
    app.registry.ages["user %d" % next(numbers)] = 30


def test_leaves_names_in_a_class():
    app.Registry.names.add("user %d" % next(numbers))


def test_leaves_it_in_a_class_attribute():
    app.Connection.instances.append(app.Connection())


def test_cache_that_grows():
    app.template("page %d" % next(numbers))


def test_cache_without_limit():
    app.unbounded(next(numbers))


def test_error_that_is_kept():
    app.fail_and_remember()


@pytest.mark.parametrize("number", [1, 2])
def test_leaves_one_for_two(number):
    if number == 2:
        app.serve()


class TestOfUnittest(unittest.TestCase):
    def setUp(self):
        self.connection = app.Connection()

    def test_clean(self):
        self.assertIsNone(self.connection.handler)

    def test_leaves_a_connection(self):
        app.serve()


async def serve_later():
    await asyncio.sleep(0)
    return app.serve()


def test_asynchronous_leak():
    asyncio.run(serve_later())


# ---- what only looks so


def test_clean():
    app.serve(is_closed=True)


def test_cache_that_fills():
    app.template("index")


def test_cache_with_a_limit():
    app.bounded(next(numbers))


def test_queue_with_a_limit():
    app._LAST.append("served %d" % next(numbers))


def test_list_that_is_emptied():
    app._LOG.append("served")
    app._LOG.pop()


def test_replaces_what_was_there():
    app.Settings.current = app.Connection()


def test_replaces_what_was_in_a_cycle():
    app.Settings.current = app.Connection()
    app.Settings.current.handler = app.Handler(app.Settings.current)


def test_class_of_its_own():
    class Local:
        pass

    Local()


def test_generic_of_its_own():
    import typing

    class Local:
        pass

    typing.List[Local]


def test_exception_that_is_caught():
    with pytest.raises(ZeroDivisionError) as caught:
        app.serve(is_closed=True).packets.append(1 / 0)
    assert caught.value


def test_asynchronous():
    async def main():
        await asyncio.sleep(0)
        return app.Connection()

    asyncio.run(main())


@pytest.fixture(scope="module")
def shared():
    return []


def test_adds_to_what_tests_share(shared):
    shared.append(app.Connection())


def test_adds_more_to_it(shared):
    shared.append(app.Connection())


def test_fixtures_of_pytest(tmp_path, monkeypatch, capsys, caplog, recwarn, record_property):
    (tmp_path / "file").write_text("text")
    monkeypatch.setattr(app.Settings, "current", app.Connection())
    print("text")
    logging.getLogger("app").warning("connection %s", app.Connection())
    warnings.warn("number %d" % next(numbers))
    record_property("number", next(numbers))


def test_warns():
    warnings.warn("number %d" % next(numbers))


def test_mocks():
    with unittest.mock.patch.object(app, "serve") as serve:
        app.serve()
    serve.assert_called_once()


def test_thread():
    thread = threading.Thread(target=app.serve, args=(True,))
    thread.start()
    thread.join()


def test_weak_references():
    connection = app.Connection()
    alive = weakref.WeakSet([connection])
    weakref.finalize(connection, alive.clear)


def test_collects():
    app.serve_with_handler()
    assert gc.collect() >= 0


# ---- cycles


def test_makes_a_cycle():
    app.serve_with_handler()


def test_makes_a_cycle_of_slots():
    app.link_slotted()


# ---- what may stay


@pytest.mark.ouro_leaks(allow=["Connection"])
def test_may_leave_connections():
    app.serve()


@pytest.mark.ouro_leaks(allow=app.Connection)
def test_may_leave_the_class():
    app.serve()


@pytest.mark.ouro_leaks(limit=1)
def test_may_leave_one():
    app.serve()


@pytest.mark.ouro_leaks(limit=1)
def test_leaves_more_than_it_may():
    app.serve()
    app.serve()


@pytest.mark.ouro_leaks(types=["Handler"])
def test_looks_at_handlers_alone():
    app.serve()


@pytest.mark.ouro_leaks(skip=True)
def test_is_skipped():
    app.serve()


def test_says_itself_what_may_stay(ouro_leaks):
    ouro_leaks.allow("Connection")
    app.serve()


@pytest.mark.ouro_leaks(cycles="fail")
def test_fails_for_cycles():
    app.serve_with_handler()


# ---- what cannot be looked into

has_run = []


def test_runs_once():
    app.serve()
    assert not has_run
    has_run.append(True)


def test_unfreezes():
    app.serve()
    gc.unfreeze()


def test_fails():
    app.serve()
    raise AssertionError


def test_skips():
    app.serve()
    pytest.skip()
