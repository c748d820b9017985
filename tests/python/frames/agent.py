"""Loads the agent into this process and lets it walk the heap it finds itself in."""

import ctypes
import os
import struct
import tempfile

_python = ctypes.PyDLL(None)


class Agent:
    def __init__(self, path):
        # PyDLL: the caller keeps the lock of the interpreter.
        self.library = ctypes.PyDLL(path)
        name_of = self.library.ouro_agent_symbol_name
        name_of.restype = ctypes.c_char_p
        addresses = []
        while name_of(len(addresses)):
            addresses.append(_address_of(name_of(len(addresses)).decode()))
        self.symbols = (ctypes.c_uint64 * len(addresses))(*addresses)
        self.walk = self.library.ouro_agent_capture_here
        self.walk.restype = ctypes.c_char_p

    def capture_here(self):
        """The stream of a walk in place."""
        with tempfile.TemporaryFile() as stream:
            reason = self.walk(ctypes.byref(self.symbols), stream.fileno(), 0)
            if reason:
                raise SystemExit("the agent refuses: " + reason.decode())
            stream.seek(0)
            return stream.read()


def _address_of(name):
    try:
        return ctypes.cast(getattr(_python, name), ctypes.c_void_p).value
    except AttributeError:
        return 0


# ---- stream/records.hpp

NO_NODE = 0xFFFFFFFF
NODE = struct.Struct("<QIIIHBB")
LABEL_SHIFT, LABEL_MASK = 3, 3 << 3
WEAK, NOT_TRAVERSED, MEANING = 64, 32, 31
ATTRIBUTE, VARIABLE, OTHER = 0, 5, 7
LOCAL, STACK, FRAME, THREAD_STATE = 1, 2, 3, 4


class Edge:
    def __init__(self, heap, source, target, label, kind):
        self.heap, self.source, self.target, self.label = heap, source, target, label
        self.kind, self.label_kind = kind & ~LABEL_MASK, (kind & LABEL_MASK) >> LABEL_SHIFT

    @property
    def is_owned(self):
        return not self.kind & WEAK

    @property
    def meaning(self):
        return self.kind & MEANING

    @property
    def name(self):
        if self.label_kind == 2:
            return self.heap.texts.get(self.label)
        if self.label_kind == 3:
            return self.heap.names[self.label]
        return None


class Heap:
    """A stream, read whole."""

    def __init__(self, stream):
        self.addresses, self.types, self.counts, self.edges = [], [], [], []
        self.flags, self.type_names, self.frame_texts = [], {}, {}
        self.names, self.texts, self.node_of = [], {}, {}
        self.threads, self.frames, self.roots = [], [], []
        self.is_whole, wide = False, {}
        position = 0
        while position < len(stream):
            kind, size = struct.unpack_from("<II", stream, position)
            body = memoryview(stream)[position + 8 : position + 8 + size]
            position += 8 + (size + 7) // 8 * 8
            if kind == 2:
                self._nodes(body, wide)
            elif kind == 3:
                node, count = struct.unpack_from("<II", body)
                self._edges(body[8:], count, [node] * count)
            elif kind == 4:
                node, what, value = struct.unpack_from("<IIQ", body)
                wide[node, what] = value
            elif kind == 5:
                self._texts(body)
            elif kind == 6:
                node, length, _, _ = struct.unpack_from("<IIII", body)
                self.type_names[node] = bytes(body[16 : 16 + length]).decode("utf-8", "replace")
            elif kind == 7:
                self.names.append(bytes(body[4:]).decode())
            elif kind == 8:
                self.threads.append(struct.unpack_from("<IIQQ", body))
            elif kind == 9:
                self.frames.append(struct.unpack_from("<IIII", body))
            elif kind == 10:
                self.roots.append(struct.unpack_from("<IHHIIII", body) + (bytes(body[24:]).decode(),))
            elif kind == 11:
                self.is_whole = True
            elif kind == 12:
                raise SystemExit("the walk failed: " + bytes(body[8:]).decode())
        for node, address in enumerate(self.addresses):
            self.node_of[address] = node

    def _nodes(self, body, wide):
        first, nodes, edges, _ = struct.unpack_from("<IIII", body)
        position = 16 + nodes * NODE.size
        sources = []
        for i, fields in enumerate(NODE.iter_unpack(body[16:position])):
            address, type_, count, _, edge_count, flags, _ = fields
            self.addresses.append(address)
            self.types.append(type_)
            self.flags.append(flags)
            self.counts.append(wide.get((first + i, 0), count))
            sources += [first + i] * edge_count
        self._edges(body[position:], edges, sources)

    def _edges(self, columns, count, sources):
        words = struct.unpack_from("<%dI" % (2 * count), columns)
        kinds = columns[8 * count : 9 * count]
        for source, target, label, kind in zip(sources, words[:count], words[count:], kinds):
            self.edges.append(Edge(self, source, target, label, kind))

    def _texts(self, body):
        position = 0
        while position + 12 <= len(body):
            node, what, flags, size, length = struct.unpack_from("<IBBHI", body, position)
            text = bytes(body[position + 12 : position + 12 + size])
            position += 12 + (size + 3) // 4 * 4
            if what == 0:
                self.texts[node] = text.decode("utf-8", "replace")
            elif what == 11:
                self.frame_texts[node] = tuple(text.decode("utf-8", "replace").split("\0"))
