#!/usr/bin/env python3
"""Writes the heap of a CPython process as a heap graph: this one's, filled with records.

    bench/analysis/heap_of_cpython.py heap.ouro --records 265000
    bench/analysis/heap_of_cpython.py heap.ouro --grow 5000 -o grown.ouro   # and once more, larger

Imports the whole standard library, makes so many application records (users, orders, money: objects,
dicts, lists, tuples, strings, floats, and a cycle between each user and their orders), and writes all
objects that `gc` tracks or that those lead to, with type, `sys.getsizeof`, `sys.getrefcount`, and
references by `gc.get_referents`; keys, indexes and module names where Python gives them away. It is
also a second writer of the format, made from docs/format/ouro-file.md alone.

About 4.1 million objects for 265,000 records, 20 million (and 10 GB of memory) for 1,300,000. The
class of an object is in its row; with --classes it is a reference too, as other tools have it. Any
CPython from 3.8 on.
"""

import argparse
import array
import gc
import importlib
import os
import pkgutil
import struct
import sys
import time
import warnings
import zlib

MAGIC = b"OURO\r\n\x1a\n"
CRC32 = 2
ATTRIBUTE, ITEM, KEY, VALUE, TYPE, OTHER = 0, 1, 2, 3, 6, 7
TRACKED = 1
GLOBAL_ROOT, STATIC_ROOT = 2, 3
NO_NODE = 0xFFFFFFFF
HEAP_TYPE = 1 << 9  # of __flags__: instances refer to the class, and get_referents says so

# Those that print, open windows or take the process along.
UNIMPORTABLE = {"antigravity", "this", "idlelib", "turtle", "turtledemo", "tkinter", "__main__"}


def import_standard_library():
    standard = getattr(sys, "stdlib_module_names", None)
    folder = os.path.dirname(os.__file__)
    for module in pkgutil.iter_modules([folder, os.path.join(folder, "lib-dynload")]):
        name = module.name
        if name in UNIMPORTABLE or name.startswith("_test") or name in ("test", "lib2to3"):
            continue
        if standard is not None and name not in standard:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                importlib.import_module(name)
        except BaseException:  # some are for other systems
            pass


class Money:
    __slots__ = ("amount", "currency")

    def __init__(self, amount, currency):
        self.amount = amount
        self.currency = currency


class Order:
    def __init__(self, user, number):
        self.user = user
        self.number = number
        self.price = Money(number * 1.25, "EUR")
        self.lines = [(f"article {number}", 1.5 + number), {"count": number + 1000}]


class User:
    def __init__(self, number):
        self.name = f"user {number}"
        self.orders = [Order(self, 10 * number + at) for at in range(1)]
        self.settings = {"theme": "dark", "visits": number + 5000}


def make_records(count):
    return [User(number) for number in range(count)]


class Strings:
    def __init__(self):
        self.number_by_text = {"": 0}
        self.texts = [b""]

    def add(self, text):
        number = self.number_by_text.get(text)
        if number is None:
            number = self.number_by_text[text] = len(self.texts)
            self.texts.append(text.encode("utf-8", "replace"))
        return number


def references_of(an_object, names):
    """What it refers to: lists of targets, kinds, names and indexes."""
    kind = type(an_object)
    if kind is dict:
        targets, kinds, labels, indexes = [], [], [], []
        for key, value in list(an_object.items()):  # other threads may change it
            label = names.add(repr(key)) if type(key) is str and len(key) < 40 else 0
            targets += (key, value)
            kinds += (KEY, VALUE)
            labels += (0, label)
            indexes += (0, 0)
        return targets, kinds, labels, indexes
    if kind is list or kind is tuple:
        count = len(an_object)
        return an_object, [ITEM] * count, [0] * count, range(count)
    targets = gc.get_referents(an_object)
    count = len(targets)
    return targets, [OTHER] * count, [0] * count, [0] * count


class Heap:
    """All objects in the order of their discovery, and the columns of the file."""

    def __init__(self, with_classes):
        self.with_classes = with_classes
        self.strings = Strings()
        self.number_by_id = {}
        self.type_by_id = {}
        self.types = []
        self.addresses = array.array("Q")
        self.node_types = array.array("I")
        self.sizes = array.array("Q")
        self.counts = array.array("Q")
        self.flags = array.array("B")
        self.begins = array.array("I", [0])
        self.targets = array.array("I")
        self.kinds = array.array("B")
        self.names = array.array("I")
        self.indexes = array.array("I")

    def collect(self, hidden):
        """`hidden`: ids of what belongs to this writer."""
        tracked = [one for one in gc.get_objects() if id(one) not in hidden]
        number_by_id = self.number_by_id
        objects = []
        for one in tracked:
            number_by_id[id(one)] = len(objects)
            objects.append(one)
        del tracked
        hidden.add(id(objects))
        at = 0
        while at < len(objects):
            one = objects[at]
            self.add_node(one)
            targets, kinds, labels, indexes = references_of(one, self.strings)
            for target, kind, label, index in zip(targets, kinds, labels, indexes):
                address = id(target)
                number = number_by_id.get(address)
                if number is None:
                    if address in hidden:
                        continue
                    number = number_by_id[address] = len(objects)
                    objects.append(target)
                self.targets.append(number)
                self.kinds.append(kind)
                self.names.append(label)
                self.indexes.append(index)
            if self.with_classes and not type(one).__flags__ & HEAP_TYPE:
                self.add_class(type(one), objects)
            self.begins.append(len(self.targets))
            at += 1
        return objects

    def add_class(self, kind, objects):
        number = self.number_by_id.get(id(kind))
        if number is None:
            number = self.number_by_id[id(kind)] = len(objects)
            objects.append(kind)
        self.targets.append(number)
        self.kinds.append(TYPE)
        self.names.append(0)
        self.indexes.append(0)

    def add_node(self, one):
        self.addresses.append(id(one))
        self.node_types.append(self.type_number(type(one)))
        try:
            size = object.__sizeof__(one) if isinstance(one, type) else sys.getsizeof(one)
        except Exception:  # a __sizeof__ of somebody's own
            size = 0
        self.sizes.append(size)
        # Of the references seen, our list, `one` here and in collect(), and getrefcount's own.
        self.counts.append(max(sys.getrefcount(one) - 4, 0))
        self.flags.append(TRACKED if gc.is_tracked(one) else 0)

    def type_number(self, kind):
        number = self.type_by_id.get(id(kind))
        if number is None:
            number = self.type_by_id[id(kind)] = len(self.types)
            module = kind.__dict__.get("__module__", "builtins")
            module = module if isinstance(module, str) else ""
            self.types.append((self.strings.add(kind.__name__), self.strings.add(module), kind))
        return number


def chunked(addresses):
    """The chunks of 1 MiB, and each address as its place in their row."""
    chunks = sorted({address >> 20 for address in addresses})
    number_by_chunk = {chunk: number << 17 for number, chunk in enumerate(chunks)}
    places = array.array(
        "I", (number_by_chunk[one >> 20] | (one & 0xFFFFF) >> 3 for one in addresses)
    )
    return array.array("Q", (chunk << 20 for chunk in chunks)), places


def narrow(values):
    """The column in its cheapest width, and its exceptions."""
    exceptions = [at for at, value in enumerate(values) if value >= 0xFFFF]
    if 12 * len(exceptions) > 2 * len(values):
        return array.array("Q", values), (), ()
    column = array.array("H", (min(value, 0xFFFF) for value in values))
    return column, array.array("I", exceptions), array.array("Q", (values[at] for at in exceptions))


class Writer:
    def __init__(self, path):
        self.path = path
        self.file = open(path + ".tmp", "wb")
        self.file.write(bytes(64))
        self.entries = []

    def add(self, name, values, width, role=0):
        data = values.tobytes() if isinstance(values, array.array) else bytes(values)
        if not data:
            return
        self.file.write(bytes(-self.file.tell() % 64))
        offset = self.file.tell()
        self.file.write(data)
        self.entries.append(
            struct.pack("<4sBBHQQQQ", name, width, role, 0, offset, len(data), len(data) // width,
                        zlib.crc32(data))
        )

    def add_narrow(self, name, values):
        column, positions, exceptions = narrow(values)
        self.add(name, column, column.itemsize)
        if len(positions):
            self.add(name, positions, 4, 1)
            self.add(name, exceptions, 8, 2)

    def finish(self, nodes, edges):
        self.file.write(bytes(-self.file.tell() % 64))
        table = b"".join(self.entries)
        offset = self.file.tell()
        self.file.write(table)
        header = struct.pack("<8sIIQQIIIIQ", MAGIC, 1, CRC32, offset + len(table), offset,
                             len(self.entries), nodes, edges, 0, zlib.crc32(table))
        self.file.seek(0)
        self.file.write(header + struct.pack("<Q", zlib.crc32(header)))
        self.file.close()
        os.replace(self.path + ".tmp", self.path)


def write(path, heap, roots):
    writer = Writer(path)
    chunks, places = chunked(heap.addresses)
    writer.add(b"chnk", chunks, 8)
    writer.add(b"addr", places, 4)
    writer.add_narrow(b"type", heap.node_types)
    writer.add_narrow(b"size", heap.sizes)
    writer.add_narrow(b"refc", heap.counts)
    writer.add(b"flag", heap.flags, 1)
    writer.add(b"ebeg", heap.begins, 4)
    writer.add(b"targ", heap.targets, 4)
    writer.add(b"kind", heap.kinds, 1)
    writer.add_narrow(b"name", heap.names)
    writer.add_narrow(b"indx", heap.indexes)
    rows = [(heap.strings.add("module " + name), node) for name, node in roots]
    writer.add(b"root", b"".join(struct.pack("<IIII", node, GLOBAL_ROOT, name, 0)
                                 for name, node in rows), 16)
    writer.add(b"tyrw", b"".join(
        struct.pack("<III", name, module, heap.number_by_id.get(id(kind), NO_NODE))
        for name, module, kind in heap.types), 12)
    facts = {"writer": "heap_of_cpython.py", "runtime": "cpython " + sys.version.split()[0],
             "pid": str(os.getpid()), "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    writer.add(b"fact", b"".join(struct.pack("<II", heap.strings.add(key), heap.strings.add(value))
                                 for key, value in facts.items()), 8)
    begins = array.array("Q", [0])
    total = 0
    for text in heap.strings.texts:
        total += len(text)
        begins.append(total)
    writer.add(b"sbeg", begins, 8)
    writer.add(b"sbyt", b"".join(heap.strings.texts), 1)
    writer.finish(len(heap.addresses), len(heap.targets))


def snapshot(path, with_classes):
    gc.collect()
    heap = Heap(with_classes)
    hidden = {id(one) for one in (heap, heap.__dict__, heap.number_by_id, heap.strings,
                                  heap.strings.__dict__, heap.strings.number_by_text,
                                  heap.strings.texts, heap.type_by_id, heap.types)}
    hidden.add(id(hidden))
    heap.collect(hidden)
    roots = [(name, heap.number_by_id[id(module)]) for name, module in list(sys.modules.items())
             if id(module) in heap.number_by_id]
    write(path, heap, roots)
    print("%s: %d objects, %d references" % (path, len(heap.addresses), len(heap.targets)))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output")
    parser.add_argument("--records", type=int, default=45_000)
    parser.add_argument("--no-library", action="store_true", help="do not import what there is")
    parser.add_argument("--classes", action="store_true",
                        help="also a reference from each object to its class, which nearly doubles "
                        "them")
    parser.add_argument("--grow", type=int, default=0, metavar="N",
                        help="add N records after the first snapshot, drop the first N / 10, and "
                        "write a second one")
    parser.add_argument("-o", dest="second", metavar="SECOND", help="the file of the second")
    arguments = parser.parse_args()
    if (arguments.grow > 0) != (arguments.second is not None):
        parser.error("--grow N and -o SECOND belong together")
    return arguments


def main():
    arguments = parse_arguments()
    if not arguments.no_library:
        import_standard_library()
    database = make_records(arguments.records)
    sys.modules["__main__"].database = database
    gc.disable()
    snapshot(arguments.output, arguments.classes)
    if arguments.grow:
        database += make_records(arguments.grow)
        del database[:arguments.grow // 10]
        snapshot(arguments.second, arguments.classes)


if __name__ == "__main__":
    main()
