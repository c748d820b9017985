"""A program with leaks, caches and cycles."""

import collections
import functools

_CONNECTIONS = []
_TEMPLATES = {}
_ERRORS = []
_LOG = []
_LAST = collections.deque(maxlen=100)


class Handler:
    def __init__(self, connection):
        self._connection = connection


class Connection:
    instances = []

    def __init__(self):
        self.handler = None
        self.packets = []


class Slotted:
    __slots__ = ("peer",)


class Settings:
    current = None


class Registry:
    names = set()

    def __init__(self):
        self.ages = {}


registry = Registry()


def serve(is_closed=False):
    connection = Connection()
    if not is_closed:
        _CONNECTIONS.append(connection)
    return connection


def serve_with_handler():
    connection = Connection()
    connection.handler = Handler(connection)


def link_slotted():
    one, other = Slotted(), Slotted()
    one.peer, other.peer = other, one


def template(name):
    if name not in _TEMPLATES:
        _TEMPLATES[name] = Connection()
    return _TEMPLATES[name]


@functools.lru_cache(maxsize=32)
def bounded(number):
    return Connection()


@functools.lru_cache(maxsize=None)
def unbounded(number):
    return Connection()


def fail_and_remember():
    try:
        connection = Connection()
        raise ValueError(connection.handler)
    except ValueError as error:
        _ERRORS.append(error)
