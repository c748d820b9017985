"""Reads the raw stream of the walker (src/python/stream/records.hpp), and makes the agent write one.

    heap = capture_here(agent)          # this process, in place
    heap = capture_clone(agent)         # this process, from a clone
    heap.number[id(x)], heap.nodes[n].count, heap.edges[n] -> [(target, kind, label)]

Works on every CPython from 3.8 on, with ctypes alone. Checks the grammar as it reads: whatever is
not as records.hpp says is an AssertionError.
"""

import array
import ctypes
import os
import struct
import tempfile
from collections import namedtuple

HELLO, NODES, EDGES, WIDE, TEXTS, TYPE, NAME, THREAD, FRAME, ROOT, END, FAILURE = range(1, 13)
ATTRIBUTE, ITEM, KEY, VALUE, ELEMENT, VARIABLE, CLASS, OTHER = range(8)
MEANING, NOT_TRAVERSED, WEAK = 0x1F, 0x20, 0x40
TRACKED, FROZEN, IMMORTAL, FINALIZED, IS_TYPE = 1, 8, 16, 32, 64
SIZE_IS_BASE, INTERNED, COUNT_IS_UNCERTAIN = 1, 2, 4
FREE_THREADED = 1
NO_NODE = 0xFFFFFFFF
NO_LABEL, INDEX, BY_NODE, BY_NAME = range(4)

Edge = namedtuple("Edge", "target kind label_kind label")
STATIC_DATA = 7  # Root.what: a pointer that need not be a counted reference
Root = namedtuple("Root", "node kind what references thread depth name text")


class Heap:
    """Columns by number of the object."""

    def __init__(self):
        self.addresses = array.array("Q")
        self.types = array.array("I")
        self.counts = array.array("Q")
        self.sizes = array.array("Q")
        self.flags = bytearray()
        self.more = bytearray()
        self.edge_begins = array.array("Q", [0])
        self.targets = array.array("I")
        self.kinds = bytearray()
        self.label_kinds = bytearray()
        self.labels = array.array("I")
        self.texts = {}  # number -> (kind, cut, length, bytes)
        self.type_names = {}  # number -> (qualified name, module)
        self.names = []
        self.roots = []
        self.threads = []
        self.frames = []
        self.hello = self.end = self.failure = None

    def index(self):
        self.number = {address: at for at, address in enumerate(self.addresses)}
        assert len(self.number) == len(self.addresses), "an address twice"

    def edges_of(self, number):
        for at in range(self.edge_begins[number], self.edge_begins[number + 1]):
            yield Edge(self.targets[at], self.kinds[at], self.label_kinds[at], self.labels[at])

    def type_name(self, number):
        name, module = self.type_names.get(self.types[number], ("?", "?"))
        return module + "." + name

    def text_of_str(self, number):
        """The text of a str of at most 100 characters; None of what is none, or longer."""
        what, is_cut, _, data = self.texts.get(number, (None, True, 0, b""))
        return data.decode() if what == 0 and not is_cut else None

    def label(self, edge):
        """What a label says: a place, a name, or the address of the object that is it."""
        if edge.label_kind == INDEX:
            return edge.label
        if edge.label_kind == BY_NAME:
            return self.names[edge.label]
        if edge.label_kind == BY_NODE:
            return self.addresses[edge.label]
        return None


def parse(data, may_be_partial=False):
    heap = Heap()
    wide = {}
    at = 0
    node_record = struct.Struct("<QIIIHBB")
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        at += 8
        body = memoryview(data)[at:at + size]
        assert len(body) == size and size <= 1 << 20, (kind, size)
        at += (size + 7) // 8 * 8
        assert heap.end is None and heap.failure is None, "a record behind the end"
        assert (heap.hello is None) == (kind in (HELLO, FAILURE)) or kind == FAILURE, kind
        if kind == HELLO:
            magic, version, minor, flags, process, at_ns, took_ns = struct.unpack_from(
                "<8sIIIIQQ", body)
            assert magic == b"OUROWALK" and version == 2
            heap.hello = {"minor": minor, "flags": flags, "process": process,
                          "clone_took_ns": took_ns, "version": bytes(body[40:]).decode()}
        elif kind == NODES:
            first, count, edges, _ = struct.unpack_from("<IIII", body)
            assert first == len(heap.addresses) and size == 16 + 24 * count + 9 * edges
            total = 0
            for one in node_record.iter_unpack(body[16:16 + 24 * count]):
                number = len(heap.addresses)
                heap.addresses.append(one[0])
                heap.types.append(one[1])
                heap.counts.append(wide.pop((number, 0)) if one[2] == NO_NODE else one[2])
                heap.sizes.append(wide.pop((number, 1)) if one[3] == NO_NODE else one[3])
                heap.flags.append(one[5])
                heap.more.append(one[6])
                total += one[4]
                heap.edge_begins.append(heap.edge_begins[-1] + one[4])
            assert total == edges, (total, edges)
            _add_edges(heap, edges, body[16 + 24 * count:])
        elif kind == EDGES:
            node, count = struct.unpack_from("<II", body)
            assert node == len(heap.addresses) - 1 and size == 8 + 9 * count
            heap.edge_begins[-1] += count
            _add_edges(heap, count, body[8:])
        elif kind == WIDE:
            node, what, value = struct.unpack("<IIQ", body)
            wide[node, what] = value
        elif kind == TEXTS:
            place = 0
            while place < size:
                node, what, flags, length, whole = struct.unpack_from("<IBBHI", body, place)
                place += 12
                heap.texts[node] = (what, flags & 1, whole, bytes(body[place:place + length]))
                place += (length + 3) // 4 * 4
        elif kind == TYPE:
            node, name, module, _ = struct.unpack_from("<IIII", body)
            assert size == 16 + name + module and node not in heap.type_names
            heap.type_names[node] = (bytes(body[16:16 + name]).decode(),
                                     bytes(body[16 + name:]).decode())
        elif kind == NAME:
            assert struct.unpack_from("<I", body)[0] == len(heap.names)
            heap.names.append(bytes(body[4:]).decode())
        elif kind == THREAD:
            heap.threads.append(struct.unpack("<IIQQ", body))
        elif kind == FRAME:
            heap.frames.append(struct.unpack("<IIII", body))
        elif kind == ROOT:
            heap.roots.append(Root(*struct.unpack_from("<IHHIIII", body),
                                   text=bytes(body[24:]).decode()))
        elif kind == END:
            heap.end = dict(zip(
                "nodes edges generation0 generation1 generation2 permanent list_ns walk_ns memory "
                "interpreters".split(), struct.unpack("<9QII", body)))
        elif kind == FAILURE:
            node, signal = struct.unpack_from("<II", body)
            heap.failure = (node, signal, bytes(body[8:]).decode())
        else:
            raise AssertionError("record kind %d" % kind)
    if may_be_partial and heap.end is None:
        return heap
    assert heap.failure is None, "the walk failed: %r" % (heap.failure,)
    assert heap.end is not None, "no End"
    assert heap.end["nodes"] == len(heap.addresses) and heap.end["edges"] == len(heap.targets)
    assert not wide, wide
    assert all(target < len(heap.addresses) for target in heap.targets)
    heap.index()
    return heap


def _add_edges(heap, count, columns):
    """Adds references that are there column by column."""
    heap.targets.frombytes(columns[:4 * count])
    heap.labels.frombytes(columns[4 * count:8 * count])
    for byte in columns[8 * count:]:
        heap.kinds.append(byte & ~0x18)
        heap.label_kinds.append(byte >> 3 & 3)


class Agent:
    """ouro_agent.so in this process."""

    def __init__(self, path):
        library = ctypes.PyDLL(path)
        library.ouro_agent_symbol_name.restype = ctypes.c_char_p
        library.ouro_agent_capture_here.restype = ctypes.c_char_p
        library.ouro_agent_capture_clone.restype = ctypes.c_long
        own = ctypes.PyDLL(None)
        addresses = []
        while True:
            name = library.ouro_agent_symbol_name(len(addresses))
            if name is None:
                break
            try:
                addresses.append(ctypes.addressof(ctypes.c_char.in_dll(own, name.decode())))
            except ValueError:
                addresses.append(0)
        self.table = (ctypes.c_uint64 * len(addresses))(*addresses)
        self.here = library.ouro_agent_capture_here
        self.clone = library.ouro_agent_capture_clone

    def capture_here_to(self, fd):
        """Raises where the walker refuses the interpreter."""
        reason = self.here(self.table, fd, 0)
        if reason is not None:
            raise RuntimeError(reason.decode())

    def capture_clone_to(self, fd):
        process = self.clone(self.table, fd, 0)
        if process <= 0:
            raise RuntimeError("no clone: %d" % process)
        _, status = os.waitpid(process, 0x40000000)  # __WALL
        return status

    def capture_here(self):
        with tempfile.TemporaryFile() as file:
            self.capture_here_to(file.fileno())
            return read_file(file)

    def capture_clone(self):
        with tempfile.TemporaryFile() as file:
            status = self.capture_clone_to(file.fileno())
            heap = read_file(file)
            assert status == 0, status
            return heap


def read_file(file):
    file.seek(0)
    return parse(file.read())
