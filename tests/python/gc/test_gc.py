#!/usr/bin/env python3
"""`ouro gc`: what it says of a collector from outside, beside what the program says of itself.

    test_gc.py --command build/dev/bin/ouro
"""

import json
import os
import signal
import subprocess
import sys
import time
import unittest

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(FOLDER, "..", "attach"))
sys.path.insert(0, os.path.join(FOLDER, "..", "..", "support"))

import json_schema  # noqa: E402
from attached_program import find_interpreters, arguments_of_test  # noqa: E402

arguments = None
INTERPRETERS = find_interpreters()
PROGRAM = os.path.join(FOLDER, "collecting_program.py")


class Program:
    """Of `collecting_program.py`; the interpreter may be a chroot's, and reads it from stdin."""

    def __init__(self, interpreter, *words):
        with open(PROGRAM) as file:
            text = file.read()
        self.process = subprocess.Popen(
            interpreter.command + ["-c", text, *words], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def line(self):
        return self.process.stdout.readline().strip()

    def go_on(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()


def watched(program):
    """What `ouro gc` says, and what the program says."""
    assert program.line() == "ready"
    watch = subprocess.Popen(
        [arguments.command, "gc", str(program.process.pid), "--for", "120s", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(0.5)
    program.go_on()
    assert program.line() == "done"
    own = json.loads(program.line())
    time.sleep(0.1)
    watch.send_signal(signal.SIGINT)
    out, errors = watch.communicate(timeout=60)
    assert watch.returncode == 0, errors
    return json.loads(out), own


class Gc(unittest.TestCase):
    def command(self, *words, **options):
        return subprocess.run([arguments.command, "gc", *map(str, words)], capture_output=True,
                              text=True, timeout=60, **options)

    def check_shape(self, document):
        json_schema.check("gc", document)

    def compare(self, interpreter):
        with Program(interpreter, "20000") as program:
            said, own = watched(program)
        self.check_shape(said)
        self.assertTrue(said["enabled"])
        self.assertEqual(said["free_threaded"], interpreter.is_free_threaded)
        generations = said["generations"]
        self.assertEqual([one["threshold"] for one in generations], own["threshold"])
        for number, one in enumerate(generations):
            stats, here = own["stats"][number], one["watched"]
            for name in ("collections", "collected", "uncollectable"):
                self.assertEqual(one[name], stats[name], (number, name))
            seen = [each for each in own["seen"] if each[0] == number]
            self.assertEqual(here["collections"], len(seen), number)
            self.assertEqual(here["collected"], sum(each[2] for each in seen), number)
            if not seen:
                continue
            # Of a busy machine neither knows for sure how long it kept the other waiting.
            took = sum(each[1] for each in seen)
            slack = 0.3 * took + 0.001 + 2 * said["longest_period_seconds"]
            self.assertAlmostEqual(here["paused_seconds"], took, delta=slack, msg=number)
            if here["max_seconds"] is not None:
                longest = max(each[1] for each in seen)
                self.assertAlmostEqual(here["max_seconds"], longest,
                                       delta=0.3 * longest + 0.001 + 2 * said["longest_period_seconds"])
        self.assertEqual(generations[2]["watched"]["collections"], 12)
        if interpreter.is_free_threaded:
            self.assertIsNone(said["frozen_objects"])
            return
        self.assertEqual(said["frozen_objects"], own["frozen"])
        for number, one in enumerate(generations):
            self.assertAlmostEqual(one["objects"], own["tracked"][number], delta=50, msg=number)

    def test_it_says_what_the_program_says_of_itself(self):
        for interpreter in INTERPRETERS:
            with self.subTest(interpreter.label):
                self.compare(interpreter)

    def test_a_disabled_collector_is_called_so(self):
        with Program(INTERPRETERS[-1], "10", "disabled") as program:
            said, own = watched(program)
            self.assertFalse(said["enabled"])
            text = self.command(program.process.pid, "--for", "100ms").stdout
        self.assertIn("Automatic collection is disabled", text)
        self.assertFalse(own["enabled"])

    def test_it_is_of_the_main_interpreter_where_there_are_others(self):
        code = ("import gc, json, sys\n"
                "try:\n    import _interpreters as sub\n"
                "except ImportError:\n    import _xxsubinterpreters as sub\n"
                "others = [sub.create(), sub.create()]\n"
                "gc.disable()\nfor _ in range(7): gc.collect()\n"
                "print(json.dumps(gc.get_stats()), flush=True)\nsys.stdin.read()")
        for interpreter in INTERPRETERS:
            with self.subTest(interpreter.label), subprocess.Popen(
                    interpreter.command + ["-c", code], stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE, text=True) as it:
                stats = json.loads(it.stdout.readline())
                done = self.command(it.pid, "--for", "50ms", "--json")
                it.stdin.close()
                self.assertEqual(done.returncode, 0, done.stderr)
                said = json.loads(done.stdout)
                self.assertEqual([one["collections"] for one in said["generations"]],
                                 [one["collections"] for one in stats])
                self.assertEqual(said["other_interpreters"], 2 if interpreter.minor >= 13 else 0)

    def test_full_collections_in_vain_are_advised_on(self):
        code = ("import gc\nalive = [[i] for i in range(300000)]\nprint('ready', flush=True)\n"
                "while True: gc.collect()")
        with subprocess.Popen(INTERPRETERS[0].command + ["-c", code], stdout=subprocess.PIPE) as it:
            it.stdout.readline()
            done = self.command(it.pid, "--for", "1s")
            it.kill()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Full collections take", done.stdout)
        self.assertIn("freed anything", done.stdout)
        self.assertIn("gc.freeze()", done.stdout)

    def test_a_program_that_ends_is_watched_to_its_end(self):
        code = ("import gc, time\nprint('ready', flush=True)\n"
                "for _ in range(40): gc.collect(); time.sleep(0.02)")
        with subprocess.Popen(INTERPRETERS[0].command + ["-c", code], stdout=subprocess.PIPE) as it:
            it.stdout.readline()
            done = self.command(it.pid, "--for", "60s", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(json.loads(done.stdout)["generations"][2]["watched"]["collections"], 5)

    def test_what_cannot_be_watched_is_said_in_one_line(self):
        with subprocess.Popen(["sleep", "60"]) as other:
            for words, code, text in (([other.pid], 3, "has no CPython in it"),
                                      ([99999999], 3, "there is no process"),
                                      (["no such program"], 1, "no Python program is called"),
                                      ([other.pid, "--for", "soon"], 2, "is no time"),
                                      ([other.pid, "--every", "1us"], 2, "is no time"),
                                      ([other.pid, "--for", "1s", "--every", "1s"], 2,
                                       "at most once"),
                                      ([], 2, "PROGRAM is required")):
                done = self.command(*words)
                self.assertEqual(done.returncode, code, (words, done.stderr))
                self.assertIn(text, done.stderr)
                self.assertEqual(done.stdout, "")
            other.kill()

    def test_output_that_cannot_be_written_is_said(self):
        with Program(INTERPRETERS[-1], "10") as program, open("/dev/full", "w") as full:
            self.assertEqual(program.line(), "ready")
            done = subprocess.run([arguments.command, "gc", str(program.process.pid), "--for",
                                   "100ms"], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 4, done.stderr)


if __name__ == "__main__":
    arguments, words = arguments_of_test(needs=INTERPRETERS)
    unittest.main(argv=words)
