"""A second reader of heap graph files, written from docs/format/ouro-file.md alone.

    heap = ouro_file.read("heap.ouro")
    heap.node_count, heap.type_name(node), heap.edges(node), heap.facts

For tests: what the C++ reader and this one understand differently, the page says badly. It keeps all in
memory and checks the lengths it relies on, but no checksums of version 1's XXH3.
"""

import array
import struct
import sys
from collections import namedtuple

MAGIC = b"OURO\r\n\x1a\n"
NO_NODE = 0xFFFFFFFF
ATTRIBUTE, ITEM, KEY, VALUE, ELEMENT, VARIABLE, TYPE, OTHER = range(8)

Root = namedtuple("Root", "node kind name count")
Type = namedtuple("Type", "name module node")
Edge = namedtuple("Edge", "target meaning is_counted_only is_weak name index")


class Column:
    """A number for each node or edge: narrow elements, and the exceptions beside them."""

    def __init__(self, elements, exceptions):
        self.elements = elements
        self.exceptions = exceptions

    def __getitem__(self, place):
        if self.elements is None:
            return 0
        value = self.elements[place]
        largest = (1 << 8 * self.elements.itemsize) - 1
        return self.exceptions.get(place, value) if value == largest else value


class Heap:
    def __init__(self, data):
        if data[:8] != MAGIC:
            raise ValueError("no heap graph file")
        version, _, file_bytes, table, count, self.node_count, self.edge_count = struct.unpack_from(
            "<IIQQIII", data, 8)  # fmt: skip
        if version != 1 or file_bytes != len(data):
            raise ValueError("version %d, %d of %d bytes" % (version, len(data), file_bytes))
        self.sections = {}
        for number in range(count):
            name, width, role, _, offset, length, elements, _ = struct.unpack_from(
                "<4sBBHQQQQ", data, table + 40 * number)  # fmt: skip
            if offset + length > len(data) or elements * width != length:
                raise ValueError("section %r lies" % name)
            self.sections[name.decode(), role] = (width, data[offset : offset + length])
        self.edge_begins = self.numbers("ebeg")
        self.targets = self.numbers("targ")
        self.string_begins = self.numbers("sbeg")
        self.string_bytes = self.sections.get(("sbyt", 0), (1, b""))[1]
        self.previews = dict(zip(self.numbers("pvnd"), self.numbers("pvtx")))
        self.chunks = self.numbers("chnk")
        names = ("addr", "type", "size", "refc", "flag", "kind", "name", "indx")
        self.columns = {name: self.column(name) for name in names}
        self.roots = [Root(node, kind, self.string(name), count)
                      for node, kind, name, count in self.rows("root", "<IIII")]  # fmt: skip
        self.types = [Type(self.string(name), self.string(module), node)
                      for name, module, node in self.rows("tyrw", "<III")]  # fmt: skip
        self.facts = {self.string(key): self.string(value) for key, value in self.rows("fact", "<II")}

    def numbers(self, name, role=0):
        width, data = self.sections.get((name, role), (4, b""))
        values = array.array({1: "B", 2: "H", 4: "I", 8: "Q"}[width], data)
        if sys.byteorder == "big":
            values.byteswap()
        return values

    def column(self, name):
        if (name, 0) not in self.sections:
            return Column(None, {})
        return Column(self.numbers(name), dict(zip(self.numbers(name, 1), self.numbers(name, 2))))

    def rows(self, name, layout):
        return struct.iter_unpack(layout, self.sections.get((name, 0), (1, b""))[1])

    def string(self, number):
        begin, end = self.string_begins[number], self.string_begins[number + 1]
        return self.string_bytes[begin:end].decode("utf-8")

    def address(self, node):
        place = self.columns["addr"][node]
        return self.chunks[place >> 17] + (place & 131071) * 8 if self.chunks else place

    def size(self, node):
        return self.columns["size"][node]

    def count(self, node):
        return self.columns["refc"][node]

    def preview(self, node):
        return self.string(self.previews[node]) if node in self.previews else ""

    def type_name(self, node):
        """As Ouro prints it: with the module, unless it is builtins or __main__."""
        kind = self.types[self.columns["type"][node]]
        return kind.name if kind.module in ("", "builtins", "__main__") else kind.module + "." + kind.name

    def edges(self, node):
        for edge in range(self.edge_begins[node], self.edge_begins[node + 1]):
            kind = self.columns["kind"][edge]
            yield Edge(self.targets[edge], kind & 31, bool(kind & 32), bool(kind & 64),
                       self.string(self.columns["name"][edge]), self.columns["indx"][edge])  # fmt: skip

    def totals_by_type(self):
        totals = {}
        for node in range(self.node_count):
            name = self.type_name(node)
            objects, size = totals.get(name, (0, 0))
            totals[name] = (objects + 1, size + self.size(node))
        return totals

    def globals_of(self, module):
        """The values of a module's namespace, by name."""
        for root in self.roots:
            if root.kind == 2 and root.name == "module " + module and self.type_name(root.node) == "dict":
                return {edge.name.strip("'"): edge.target
                        for edge in self.edges(root.node) if edge.meaning == VALUE}  # fmt: skip
        return {}


def read(path):
    with open(path, "rb") as file:
        return Heap(file.read())
