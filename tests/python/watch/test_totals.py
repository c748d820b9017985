#!/usr/bin/env python3
"""A light capture says exactly what a snapshot says: objects and bytes of each class.

    test_totals.py --command build/dev/bin/ouro --folder build/dev/...

On every interpreter found, of a program that sleeps with a heap of many kinds: `ouro attach` and `ouro top
--json` beside `ouro watch --once --json`, before and after, from a clone and in place.
"""

import json
import os
import subprocess
import sys
import unittest

FOLDER = os.path.dirname(os.path.abspath(__file__))
for folder in (os.pardir, os.path.join(os.pardir, "attach"), os.path.join(*[os.pardir] * 2, "support")):
    sys.path.insert(0, os.path.join(FOLDER, folder))

import json_schema  # noqa: E402
from attached_program import attach, arguments_of_test  # noqa: E402
from interpreters import find_interpreters  # noqa: E402

arguments = None

# Odd ones above all: what is only found beside tp_traverse, what has a size of its own.
PROGRAM = """
import asyncio, collections, decimal, functools, gc, json, sys, threading, weakref

class Slots:
    __slots__ = ("a", "b", "__weakref__")
class Base:
    pass
class Meta(type):
    pass
class Made(Base, metaclass=Meta):
    class_attribute = "x" * 1000
class MyDict(dict): pass
class MyList(list): pass
class MyInt(int): pass
class Sized:
    def __sizeof__(self): return 12345
def closure():
    cell = [object()]
    def inner(): return cell
    return inner
@functools.lru_cache(maxsize=None)
def cached(x): return str(x)
def generator():
    local = "in a frame" * 3
    yield local
    yield 2
class Error(Exception): pass

kept = []
for i in range(300):
    s = Slots(); s.a = i * 10**12; s.b = str(i) * 3
    m = Made(); m.x = s; m.y = float(i)
    d = MyDict({i: m}); l = MyList([d, i]); o = collections.OrderedDict({str(i): l})
    e = collections.deque([o] * 70); b = bytearray(i); cached(i)
    g = generator(); next(g)
    kept.append((weakref.ref(m), e, b, g, closure(), MyInt(i), decimal.Decimal(i), {i, str(i)},
                 frozenset([i]), memoryview(b), range(i), slice(i), m.__init__, Sized()))
    z = Base(); z.me = z
    z.__dict__["extra"] = i
try:
    raise Error("kept")
except Error as error:
    kept.append(error)
many = [str(i) for i in range(70000)]
threading.Thread(target=threading.Event().wait, daemon=True).start()
loop = asyncio.new_event_loop()
kept.append(loop)
gc.collect()
gc.disable()
sys.stdout.write("ready\\n"); sys.stdout.flush()
sys.stdin.readline()
"""


def start(interpreter):
    program = subprocess.Popen(interpreter.command + ["-c", PROGRAM], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    assert program.stdout.readline() == "ready\n"
    return program


def totals_of_snapshot(pid):
    path = os.path.join(arguments.folder, "totals.ouro")
    done = attach(arguments.command, pid, path)
    if "Ouro does not" in done.stderr:
        return None
    assert done.returncode == 0, done.stderr
    top = json.loads(subprocess.run([arguments.command, "top", path, "--json", "-n", "0"],
                                    capture_output=True, text=True, check=True).stdout)
    sums = {}
    for row in top["types"]:
        objects, size = sums.get(row["type"], (0, 0))
        sums[row["type"]] = (objects + row["objects"], size + row["bytes"])
    return sums


def totals_of_look(pid, *words):
    done = subprocess.run([arguments.command, "watch", str(pid), "--once", "--json", "-n", "0", *words],
                          capture_output=True, text=True, timeout=120)
    if done.returncode == 3 and "without --no-fork" in done.stderr:
        return None
    assert done.returncode == 0, done.stderr
    look = json.loads(done.stdout)
    json_schema.check("watch", look)
    sums = {row["type"]: (row["objects"], row["bytes"]) for row in look["types"]}
    assert look["objects"] == sum(objects for objects, _ in sums.values())
    assert look["object_bytes"] == sum(size for _, size in sums.values())
    return sums


class Totals(unittest.TestCase):
    maxDiff = None

    def test_of_a_look_are_those_of_a_snapshot(self):
        for interpreter in find_interpreters():
            with self.subTest(python=interpreter.label):
                program = start(interpreter)
                try:
                    # A first look makes objects of its own: names that stay interned.
                    if totals_of_snapshot(program.pid) is None:
                        print("refused:", interpreter.label)
                        continue
                    look = totals_of_look(program.pid)
                    in_place = totals_of_look(program.pid, "--no-fork")
                    snapshot = totals_of_snapshot(program.pid)
                finally:
                    program.communicate("\n")
                self.assertGreater(snapshot["Made"][0], 299)
                self.assertEqual(look, snapshot)
                if in_place is not None:
                    self.assertEqual(in_place, snapshot)
                print("%s: %d objects of %d types" % (
                    interpreter.label, sum(n for n, _ in look.values()), len(look)))


if __name__ == "__main__":
    arguments, words = arguments_of_test("folder")
    unittest.main(argv=words)
