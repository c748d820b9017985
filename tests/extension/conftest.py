"""A small program to look at: connections and handlers that hold each other."""

import gc

import pytest


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
