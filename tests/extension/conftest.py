"""A small program to look at: connections and handlers that hold each other."""

import gc

import pytest


def pytest_addoption(parser):
    parser.addoption("--one-seed", action="store_true", help="of random tests only the first seed")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--one-seed"):
        callspecs = [getattr(item, "callspec", None) for item in items]
        seeds = [callspec.params.get("seed", 0) if callspec else 0 for callspec in callspecs]
        items[:] = [item for item, seed in zip(items, seeds) if seed == 0]


class Connection:
    def __init__(self, number):
        self.number = number
        self.handler = Handler(self)


class Handler:
    def __init__(self, connection):
        self.connection = connection


CONNECTIONS = []


@pytest.fixture
def collected():
    """No garbage, and none is collected unasked."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def connections():
    gc.collect()  # what other tests left
    CONNECTIONS[:] = [Connection(i) for i in range(20)]
    yield CONNECTIONS
    for connection in CONNECTIONS:
        connection.handler.connection = None
    CONNECTIONS.clear()


@pytest.fixture
def heap(connections):
    import ouro

    return ouro.snapshot()
