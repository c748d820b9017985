#!/usr/bin/env python3
"""Runs every command on heap graphs that lack what a file may leave out: the columns of sizes,
types, counts and flags, the roots, the names; a graph of nothing.

    test_sparse_files.py --command build/dev/bin/ouro

The files are written here, from docs/format/ouro-file.md alone.
"""

import argparse
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import json_schema  # noqa: E402

arguments = None
folder = None


def numbers(*values, code="I"):
    return struct.pack(f"<{len(values)}{code}", *values)


def graph_file(edges, node_count, **more):
    """The bytes of a file of these edges and, by id, other sections: (bytes of an element, data)."""
    targets = [[] for _ in range(node_count)]
    for source, target in edges:
        targets[source].append(target)
    begins = [0]
    for of_node in targets:
        begins.append(begins[-1] + len(of_node))
    sections = {"ebeg": (4, numbers(*begins)), "targ": (4, numbers(*sum(targets, []))), **more}
    body = b""
    table = b""
    for name, (width, data) in sections.items():
        table += struct.pack("<4sBBHQQQQ", name.encode(), width, 0, 0, 64 + len(body), len(data),
                             len(data) // width, zlib.crc32(data))
        body += data + bytes(-len(data) % 64)
    header = b"OURO\r\n\x1a\n" + struct.pack(
        "<IIQQIIIIQ", 1, 2, 64 + len(body) + len(table), 64 + len(body), len(sections),
        node_count, len(edges), 0, zlib.crc32(table))
    return header + struct.pack("<Q", zlib.crc32(header)) + body + table


def strings(*texts):
    begins = [0]
    for text in texts:
        begins.append(begins[-1] + len(text.encode()))
    return {"sbeg": (8, numbers(*begins, code="Q")), "sbyt": (1, "".join(texts).encode())}


EDGES = [(0, 1), (1, 0), (1, 2), (2, 2), (3, 4), (4, 3)]
NO_TYPE_NODE = 0xFFFFFFFF
FILES = {
    "edges.ouro": graph_file(EDGES, 5),
    "roots.ouro": graph_file(EDGES, 5, root=(16, numbers(0, 2, 0, 0))),
    "sizes.ouro": graph_file(EDGES, 5, root=(16, numbers(0, 2, 0, 0)), size=(1, bytes(range(5)))),
    "tracked.ouro": graph_file(EDGES, 5, flag=(1, b"\1" * 5)),
    # A type, but no node says which it has; and a type that is none.
    "table.ouro": graph_file(EDGES, 5, tyrw=(12, numbers(1, 0, NO_TYPE_NODE)),
                             **strings("", "Thing")),
    "lost_types.ouro": graph_file(EDGES, 5, type=(1, bytes([0, 1, 2, 3, 255])),
                                  tyrw=(12, numbers(1, 0, NO_TYPE_NODE)), **strings("", "Thing")),
    "lost_names.ouro": graph_file(EDGES, 5, name=(1, b"\x09" * 6), root=(16, numbers(1, 5, 77, 0)),
                                  tyrw=(12, numbers(88, 99, 0)), fact=(8, numbers(55, 66))),
    "no_edges.ouro": graph_file([], 3),
    "nothing.ouro": graph_file([], 0),
}

# {0} is the file.
COMMANDS = [
    ["top", "{0}"],
    ["top", "{0}", "--retained"],
    ["top", "{0}", "--by", "retained"],
    ["why", "{0}", "refs>=0"],
    ["why", "{0}", "refs>=0", "--each", "roots"],
    ["why", "{0}", "refs>=0", "--each", "kinds", "-n", "0"],
    ["why", "{0}", "*#1"],
    ["why", "{0}", "0x0"],
    ["why", "{0}", ".field"],
    ["cycles", "{0}"],
    ["cycles", "{0}", "-n", "0"],
    ["garbage", "{0}"],
    ["garbage", "{0}", "--counts"],
    ["retained", "{0}"],
    ["retained", "{0}", "refs>=0"],
    ["retained", "{0}", "refs>=0", "--together"],
    ["diff", "{0}", "{0}"],
    ["diff", "{0}", "edges.ouro"],
    ["diff", "edges.ouro", "{0}", "-n", "0"],
    ["unreachable", "{0}"],
    ["unreachable", "{0}", "--root", "refs>=0"],
    ["unreachable", "{0}", "--count"],
    ["refs", "{0}", "refs>=0", "--starts", "9"],
    ["refs", "{0}", "refs>=0", "--dot"],
    ["backrefs", "{0}", "refs>=0", "--starts", "9"],
    ["report", "{0}"],
    ["info", "{0}"],
    ["info", "{0}", "--verify"],
]


def run(*words):
    return subprocess.run([arguments.command, *words], cwd=folder, capture_output=True, timeout=120)


def output_of(*words):
    done = run(*words)
    if done.returncode != 0:
        raise AssertionError(f"ouro {' '.join(words)}: {done.returncode} {done.stderr.decode()}")
    return done.stdout.decode()


class SparseFiles(unittest.TestCase):
    def test_every_command_takes_every_file(self):
        for file in FILES:
            for command in COMMANDS:
                # --dot has standard output for itself.
                for options in [[]] if "--dot" in command else [[], ["--json"]]:
                    words = [word.format(file) for word in command] + options
                    with self.subTest(command=" ".join(words)):
                        self.check(words, run(*words))

    def check(self, words, done):
        errors = done.stderr.decode()
        self.assertIn(done.returncode, (0, 1), errors)  # 1: nothing was found, and it says so
        if done.returncode == 1:
            self.assertRegex(errors, r"^ouro: (no object fits|no root leads to)[^\n]*\n$")
            self.assertEqual(done.stdout, b"")
        elif "--json" in words:
            json_schema.check(words[0], json.loads(done.stdout))
        else:
            self.assertEqual(errors, "")
            if words[0] != "unreachable":  # whose answer may be that there are none
                self.assertNotEqual(done.stdout, b"")

    def test_edges_alone_say_what_is_reached(self):
        self.assertEqual(output_of("unreachable", "edges.ouro", "--root", "node#1"),
                         "node#4\nnode#5\n")
        self.assertEqual(output_of("unreachable", "roots.ouro"), "node#4\nnode#5\n")

    def test_edges_alone_say_which_cycles_there_are(self):
        cycles = json.loads(output_of("cycles", "edges.ouro", "--json"))
        self.assertEqual(cycles["groups"], 3)
        self.assertEqual(sum(shape["all"]["objects"] for shape in cycles["shapes"]), 5)

    def test_a_root_explains_a_path_without_names(self):
        why = json.loads(output_of("why", "roots.ouro", "node#3", "--json"))
        self.assertEqual([step["object"]["name"] for step in why["paths"][0]["steps"]],
                         ["node#1", "node#2", "node#3"])


class DamagedFiles(unittest.TestCase):
    """Whatever is missing or cut, it is bad input, named in one line."""

    def test_files_without_what_every_graph_has(self):
        whole = FILES["roots.ouro"]
        for wanted in (b"ebeg", b"targ"):
            at = whole.index(wanted, 64)
            header = whole[:48]
            table_at = struct.unpack_from("<Q", whole, 24)[0]
            table = bytearray(whole[table_at:])
            table[at - table_at:at - table_at + 4] = b"none"
            header += struct.pack("<Q", zlib.crc32(table))
            damaged = header + struct.pack("<Q", zlib.crc32(header)) + whole[64:table_at] + table
            (folder / "damaged.ouro").write_bytes(damaged)
            done = run("top", "damaged.ouro")
            self.assertEqual(done.returncode, 3)
            self.assertRegex(done.stderr.decode(), r"^ouro: damaged.ouro: [^\n]*has 0 elements, "
                                                   r"expected \d+\n$")

    def test_cut_off_files(self):
        whole = FILES["lost_types.ouro"]
        for length in range(0, len(whole), 37):
            (folder / "cut.ouro").write_bytes(whole[:length])
            done = run("top", "cut.ouro")
            self.assertEqual(done.returncode, 3, f"{length} bytes")
            self.assertEqual(done.stderr.count(b"\n"), 1)


def main():
    global arguments, folder
    parser = argparse.ArgumentParser()
    parser.add_argument("--command", required=True)
    arguments, rest = parser.parse_known_args()
    arguments.command = os.path.abspath(arguments.command)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for file, data in FILES.items():
            (folder / file).write_bytes(data)
        unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
