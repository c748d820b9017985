#!/usr/bin/env python3
"""Writes the heap of this very interpreter as a stream of src/python/stream/records.hpp, as far as `gc`
and `sys` show it: a walker for tests of the reader, on any CPython from 3.8 on.

    emit_stream.py SCRIPT STREAM      runs the script, then writes

What the real walker knows and Python does not say is left out: strings in C, exact counts, borrowed
references.
"""

import gc
import os
import struct
import sys
import threading
import types

ATTRIBUTE, ITEM, KEY, VALUE, ELEMENT, VARIABLE, TYPE, OTHER = range(8)
NOT_TRAVERSED = 32
NO_LABEL, INDEX, NODE, NAME = range(4)
GLOBAL, LOCAL, STATIC = 2, 1, 3
NO_NODE = 0xFFFFFFFF
(HELLO, NODES, EDGES, WIDE, TEXTS, TYPE_ROW, NAME_ROW, THREAD, FRAME, ROOT, END, FAILURE) = range(1, 13)
MODULE = type(sys)


def record(kind, payload):
    return struct.pack("<II", kind, len(payload)) + payload + bytes(-len(payload) % 8)


def columns(edges):
    """References (target, label, kind, what the label is) as EdgeColumns."""
    words = struct.Struct("<%dI" % len(edges)).pack
    return (words(*(edge[0] for edge in edges)) + words(*(edge[1] for edge in edges)) +
            bytes(kind | label_kind << 3 for _, _, kind, label_kind in edges))


def int_text(value):
    magnitude = abs(value)
    data = magnitude.to_bytes((magnitude.bit_length() + 7) // 8, "little")
    return 2, len(data) > 64, bytes([value < 0]) + data[:64], magnitude.bit_length()


def text_of(one):
    """Kind, whether it is cut, the bytes, the length of the whole."""
    kind = type(one)
    if kind is str:
        data = one[:100].encode("utf-8", "replace")
        return 0, len(one) > 100, data, len(one)
    if kind is bytes or kind is bytearray:
        return 1, len(one) > 40, bytes(one[:40]), len(one)
    if kind is bool:
        return 5, False, bytes([one]), 1
    if kind is int:
        return int_text(one)
    if kind is float:
        return 3, False, struct.pack("<d", one), 8
    if kind is complex:
        return 4, False, struct.pack("<dd", one.real, one.imag), 16
    if kind in (types.FunctionType, types.BuiltinFunctionType, types.MethodDescriptorType):
        name = one.__qualname__ if kind is types.FunctionType else one.__name__
        return 6, False, str(name).encode("utf-8", "replace"), 0
    if isinstance(one, type):
        return 7, False, full_name(one).encode("utf-8", "replace"), 0
    if kind is MODULE:
        return 8, False, str(one.__dict__.get("__name__", "?")).encode(), 0
    if kind is types.CodeType:
        name = getattr(one, "co_qualname", one.co_name)
        return 9, False, ("%s\0%s\0%d" % (name, one.co_filename, one.co_firstlineno)).encode(), 0
    return None


def module_of(kind):
    module = type.__dict__["__module__"].__get__(kind)
    return module if type(module) is str else ""


def full_name(kind):
    return module_of(kind) + "." + type.__dict__["__qualname__"].__get__(kind)


class Emitter:
    def __init__(self, output):
        self.output = output
        self.hidden = {id(self), id(self.__dict__)}
        self.number_by_id = {}
        self.objects = []
        self.names = {}
        self.edge_count = 0
        self.hidden |= {id(one) for one in (self.number_by_id, self.objects, self.names)}
        self.hidden.add(id(self.hidden))

    def number(self, one):
        number = self.number_by_id.get(id(one))
        if number is None:
            number = self.number_by_id[id(one)] = len(self.objects)
            self.objects.append(one)
        return number

    def name(self, text):
        number = self.names.get(text)
        if number is None:
            number = self.names[text] = len(self.names)
            self.output.write(record(NAME_ROW, struct.pack("<I", number) + text.encode()))
        return number

    def edges_of(self, one):
        kind = type(one)
        if kind is dict:
            for key, value in one.items():
                yield key, KEY, NO_LABEL, 0
                yield value, VALUE, NODE, self.number(key)
            return
        if kind is list or kind is tuple:
            for at, item in enumerate(one):
                yield item, ITEM, INDEX, at
            return
        named = {}
        namespace = None
        if kind is MODULE or isinstance(one, type):
            pass
        else:
            try:
                namespace = object.__getattribute__(one, "__dict__")
            except Exception:
                namespace = None
        inline = sys.version_info >= (3, 13) and kind.__flags__ & (1 << 9) and type(namespace) is dict
        if inline:
            for key, value in namespace.items():
                yield value, ATTRIBUTE, NODE, self.number(key)
                named.setdefault(id(value), []).append(1)
        if kind is types.FunctionType:
            for name in ("__globals__", "__closure__", "__code__", "__defaults__"):
                value = getattr(one, name)
                if value is not None:
                    yield value, ATTRIBUTE, NAME, self.name(name)
                    named.setdefault(id(value), []).append(1)
        for target in gc.get_referents(one):
            if named.get(id(target)):
                named[id(target)].pop()
            elif target is kind:
                yield target, TYPE, NO_LABEL, 0
            elif target is namespace:
                if not inline:
                    yield target, ATTRIBUTE, NAME, self.name("__dict__")
            elif type(target) is dict and (kind is MODULE or isinstance(one, type)):
                yield target, ATTRIBUTE, NAME, self.name("__dict__")
            elif kind is types.CellType:
                yield target, ATTRIBUTE, NAME, self.name("cell_contents")
            elif isinstance(one, type) and type(target) is tuple:
                yield target, ATTRIBUTE, NAME, self.name("__mro__")
            else:
                yield target, OTHER, NO_LABEL, 0

    def emit_node(self, one):
        try:
            size = sys.getsizeof(one)
        except Exception:
            size = object.__sizeof__(one)
        edges = [(self.number(target), label, kind, label_kind)
                 for target, kind, label_kind, label in self.edges_of(one)
                 if id(target) not in self.hidden]
        # Ours: the list, the argument, getrefcount; before 3.11 the caller's stack too.
        count = sys.getrefcount(one) - (4 if sys.version_info < (3, 11) else 3)
        flags = 1 if gc.is_tracked(one) else 0
        if count > 1 << 29:
            flags, count = flags | 1 << 4, 0
        if isinstance(one, type):
            flags |= 1 << 6
        number = self.number_by_id[id(one)]
        type_number = self.number(type(one))
        first, rest = edges[:20000], edges[20000:]
        node = struct.pack("<QIIIHBB", id(one), type_number, max(count, 0), min(size, NO_NODE - 1),
                           len(first), flags, 0)
        self.output.write(record(NODES, struct.pack("<IIII", number, 1, len(first), 0) + node +
                                 columns(first)))
        while rest:
            part, rest = rest[:20000], rest[20000:]
            self.output.write(record(EDGES, struct.pack("<II", number, len(part)) + columns(part)))
        self.edge_count += len(edges)
        text = text_of(one)
        if text is not None:
            what, is_cut, data, length = text
            self.output.write(record(TEXTS, struct.pack(
                "<IBBHI", number, what, is_cut, len(data), length) + data + bytes(-len(data) % 4)))
        if isinstance(one, type):
            name = type.__dict__["__qualname__"].__get__(one).encode()
            module = module_of(one).encode()
            self.output.write(record(TYPE_ROW, struct.pack(
                "<IIII", number, len(name), len(module), 0) + name + module))

    def emit_roots(self):
        def root(node, kind, what, text="", thread=NO_NODE, depth=NO_NODE, name=NO_NODE, counts=1):
            self.output.write(record(ROOT, struct.pack(
                "<IHHIIII", node, kind, what, counts, thread, depth, name) + text.encode()))
        known = self.number_by_id
        for number, thread in enumerate(threading.enumerate()):
            self.output.write(record(THREAD, struct.pack("<IIQQ", number, 0, thread.ident, 0)))
            frame, depth = sys._current_frames()[thread.ident], 0
            while frame is not None:
                code = known.get(id(frame.f_code), NO_NODE)
                if frame.f_code.co_filename != __file__ and code != NO_NODE:
                    self.output.write(record(FRAME, struct.pack("<IIII", number, depth, code,
                                                                frame.f_lineno or 0)))
                    for name, value in frame.f_locals.items():
                        if id(value) in known and id(name) in known and frame.f_code.co_name[0] != "<":
                            root(known[id(value)], LOCAL, 1, "", number, depth, known[id(name)])
                    depth += 1
                frame = frame.f_back
        for name, module in list(sys.modules.items()):
            if id(module) in known:
                root(known[id(module)], GLOBAL, 5, name, counts=0)
        if id(sys.modules) in known:
            root(known[id(sys.modules)], STATIC, 6, "sys.modules")

    def run(self):
        self.output.write(record(HELLO, b"OUROWALK" + struct.pack(
            "<IIIIQQ", 2, sys.version_info[1], 0, os.getpid(), 0, 1500000) + sys.version.encode()))
        for one in gc.get_objects():
            if id(one) not in self.hidden and not isinstance(one, types.FrameType):
                self.number(one)
        at = 0
        while at < len(self.objects):
            self.emit_node(self.objects[at])
            at += 1
        self.emit_roots()
        self.output.write(record(END, struct.pack("<QQ4QQQQII", len(self.objects), self.edge_count,
                                                  0, 0, 0, 0, 0, 0, 0, 1, 0)))


def emit(path):
    gc.collect()
    gc.disable()
    with open(path, "wb") as output:
        Emitter(output).run()
    gc.enable()


def main():
    script, path = sys.argv[1:3]
    program = types.ModuleType("__main__")
    program.__dict__["__file__"] = script
    sys.modules["__main__"] = program
    with open(script) as source:
        code = compile(source.read(), script, "exec")
    exec(code, program.__dict__)
    emit(path)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
