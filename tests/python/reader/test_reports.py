#!/usr/bin/env python3
"""Attaches to programs that leak, each in its own way (tests/python/programs), and reads what the command
says of them, as the person whose program grows.

    test_reports.py --command build/dev/bin/ouro --folder build/dev/...
"""

import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "attach")]

import ouro_file  # noqa: E402
from attached_program import arguments_of_test  # noqa: E402
from interpreters import find_interpreters  # noqa: E402

arguments = None

# What `ouro report` says, whatever blanks and lines are between the words.
REPORTS = {
    "async_server": [r"There are 30\d asyncio tasks: 300 like ", r"Hub.handle async_server.py:\d+",
                     r"300 Session .* hub.sessions"],
    "web_app": [r"The dict `profile.<closure answers>` of module `__main__` alone holds 2,000 objects of type "
                r"Response: ", r"make weak: (Response.request|Request.response)"],
    "growing_caches": [r"holds 3,000 objects of type Page: .*It is an lru_cache",
                       r"The deque `statistics.recent` of module `__main__` alone holds 3,000 objects of type "
                       r"Event", r"The set `statistics.visitors` of module `__main__` alone holds 3,000 objects of type "
                       r"Visitor",
                       r"The dict `statistics.count_by_hour` of module `__main__` alone holds 3,000 objects of "
                       r"type list"],
    "kept_errors": [r"The list `errors` of module `__main__` alone holds 300 objects of type BadUpload: .*"
                    r"An exception keeps its traceback, .* Each keeps an object of type Upload alive"],
    "callbacks": [r"The list `theme_changed.listeners` of module `__main__` alone holds 500 functions: .*"
                  r"open_window.<locals>.<lambda>. Each keeps an object of type Window alive",
                  r"`resized.listeners` .* 500 bound methods: .* Window.on_resize. Each keeps an object of type "
                  r"Window alive", r"`closed.listeners` .* 500 objects of type functools.partial: "],
    "class_registry": [r"The list `Plugin.registry` of module `__main__` alone holds 300 classes: .*"
                       r"serializer_for.<locals>.Serializer. Classes made while the program runs stay"],
    "threads_never_joined": [r"1\. 60 threads stand at the same place, work threads_never_joined.py:17, in .*"
                             r"what their frames alone keep is \d.\d MiB"],
    "generators": [r"The list `unfinished` of module `__main__` alone holds \d+ unfinished generators: .*"
                   r"All stand in doubled generators.py:1[78]. Each keeps an object of type Cursor alive"],
    "held_from_c": [r"1\. 200 objects of type Image are held from C code alone, nothing in Python refers to "
                    r"them: 5.\d MiB"],
    "exit_functions": [r"1\. (module `atexit`|The list `callbacks` of module `atexit`) alone holds 300 (bound "
                       r"methods|objects of type tuple): 5.\d MiB, .* What atexit.register\(\) is given stays until "
                       r"the program ends. .* Each keeps an object of type Session alive"],
    "scattered": [r"2,000 (__main__\.)?Request [\d.]+ KiB 200 of type list, such as plugin",
                  r"The dict `Logger.manager.loggerDict` of module `logging` alone holds 1,7\d\d objects of type "
                  r"logging.Logger: |1,7\d\d logging.Logger [\d.]+ KiB logging.Logger.manager.loggerDict",
                  r"120 threads stand at the same place, (Timer.)?run threading.py:\d+, in "],
    "garbage": [r"1\. [\d,]+ objects are cyclic garbage that the collector has not freed yet",
                r"make weak: Node.document"],
}  # fmt: skip


class Program:
    """A program of tests/python/programs in an interpreter, where it waits for the test."""

    def __init__(self, interpreter, name):
        script = TESTS / "programs" / (name + ".py")
        self.process = subprocess.Popen([*interpreter.command, str(script)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)  # fmt: skip

    def __enter__(self):
        line = self.process.stdout.readline()
        if line != "ready\n":
            raise RuntimeError("the program did not get ready: " + line)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


def ouro(*words):
    return subprocess.run([arguments.command, *map(str, words)], capture_output=True, text=True,
                          env={**os.environ, "COLUMNS": "80"})  # fmt: skip


def fits(interpreter, name):
    # Classes of a free-threaded interpreter are immortal; one without ctypes has no way to C.
    if name == "class_registry":
        return not interpreter.is_free_threaded
    if name == "held_from_c":
        return subprocess.run([*interpreter.command, "-c", "import ctypes"], capture_output=True).returncode == 0
    return True


class Reports(unittest.TestCase):
    def snapshot(self, interpreter, name, *options):
        output = Path(arguments.folder) / (name + ".ouro")
        with Program(interpreter, name) as program:
            done = ouro("attach", program.process.pid, "-o", output, "--force", *options)
        if "Ouro does not" in done.stderr:  # the interpreter, refused by name
            self.skipTest(done.stderr.strip())
        self.assertEqual(done.returncode, 0, done.stderr)
        return output

    def test_the_leak_is_named(self):
        for interpreter in chosen:
            for name in REPORTS:
                if not fits(interpreter, name):
                    continue
                with self.subTest(python=interpreter.label, program=name):
                    self.expect_report(self.snapshot(interpreter, name), REPORTS[name])

    def expect_report(self, output, patterns):
        text = ouro("report", output).stdout
        self.assertTrue(all(len(line) <= 80 for line in text.splitlines()), text)
        words = " ".join(text.split())
        for pattern in patterns:
            self.assertTrue(re.search(pattern, words), "%s\nis not in\n%s" % (pattern, text))

    def test_functions_of_atexit_are_its_modules(self):
        for interpreter in chosen:
            with self.subTest(python=interpreter.label):
                output = self.snapshot(interpreter, "exit_functions")
                why = json.loads(ouro("why", output, "Session#1", "--json").stdout)
                (path,) = why["paths"]
                self.assertEqual(path["root"]["name"], "module atexit")
                self.assertRegex(path["steps"][1]["label"], r"\[\d+\]|\.callbacks")
                counts = json.loads(ouro("garbage", output, "--counts", "--json").stdout)
                differences = [row["unexplained"] for row in counts["examples"]]
                self.assertEqual([one for one in differences if one < 0], [])

    def test_a_second_reader_reads_the_same(self):
        """The reader of ouro_file.py was written from docs/format/ouro-file.md alone."""
        output = self.snapshot(chosen[-1], "web_app")
        heap = ouro_file.read(output)
        info = json.loads(ouro("info", output, "--json").stdout)
        self.assertEqual(heap.node_count, info["objects"])
        self.assertEqual(heap.edge_count, info["references"])
        self.assertEqual(heap.facts, info["facts"])
        top = json.loads(ouro("top", output, "--json", "-n", "0").stdout)
        expected = {row["type"]: (row["objects"], row["bytes"]) for row in top["types"]}
        self.assertEqual(heap.totals_by_type(), expected)
        listed = heap.globals_of("__main__")
        self.assertEqual(heap.type_name(listed["app"]), "App")

    def test_values_are_left_out_where_asked(self):
        if "--no-values" not in ouro("attach", "--help").stdout:
            self.skipTest("the command has no option for it")
        output = self.snapshot(chosen[-1], "web_app", "--no-values")
        data = output.read_bytes()
        for text in (b"user-17", b"example.org", b"<h1>", b"session="):
            self.assertNotIn(text, data)
        self.assertIn(b"Response", data)
        self.assertEqual(json.loads(ouro("info", output, "--json").stdout)["facts"]["values left out"], "yes")
        self.assertIn("profile", ouro("report", output).stdout)

    def test_snapshots_are_read_by_their_owner_alone(self):
        output = self.snapshot(chosen[-1], "garbage")
        self.assertEqual(output.stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    chosen = find_interpreters()
    arguments, words = arguments_of_test("folder", needs=chosen, why="no CPython found")
    unittest.main(argv=words)
