#!/usr/bin/env python3
"""`ouro watch` of live programs: verdicts, logs, metrics, and what goes wrong.

    test_watch.py --command build/dev/bin/ouro --folder build/dev/...

The verdicts of all programs are watched for at the same time; each needs the best part of a minute.
"""

import csv
import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, os.pardir))
sys.path.insert(0, os.path.join(HERE, os.pardir, "attach"))

import side_by_side  # noqa: E402
from attached_program import arguments_of_test  # noqa: E402
from interpreters import find_interpreters  # noqa: E402
from pypi import use_packages  # noqa: E402

arguments = None

LEAK = """
import time
class Connection: pass
kept = []
while True:
    for _ in range(15):
        c = Connection(); c.packets = [b"x" * 1000 + str(len(kept)).encode()]; kept.append(c)
    time.sleep(0.02)
"""
NATIVE = """
import ctypes, time
malloc = ctypes.CDLL(None).malloc
malloc.restype = ctypes.c_void_p
while True:
    ctypes.memset(malloc(100000), 1, 100000)
    time.sleep(0.02)
"""
GARBAGE = """
import gc, time
gc.disable()
class Node: pass
n = 0
while True:
    for _ in range(100):
        a = Node(); b = Node(); a.b = b; b.a = a; a.data = b"x" * 2000 + str(n).encode(); n += 1
    if n % 20000 == 0: gc.collect()
    time.sleep(0.02)
"""
QUIET = """
import time
kept = [str(i) for i in range(50000)]
while True: time.sleep(0.05)
"""


def start(code, python=sys.executable, **more):
    program = subprocess.Popen([python, "-c", "print('ready', flush=True)\n" + code],
                               stdout=subprocess.PIPE, text=True, **more)
    assert program.stdout.readline() == "ready\n"
    return program


def end(program):
    if program.poll() is None:
        program.kill()
    program.wait()
    for stream in (program.stdout, program.stderr):
        if stream is not None:
            stream.close()


def watch(pid, *words, **more):
    return subprocess.Popen([arguments.command, "watch", str(pid), *words], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, **more)


def watched(pid, *words, timeout=120, **more):
    process = watch(pid, *words, **more)
    out, errors = process.communicate(timeout=timeout)
    return subprocess.CompletedProcess(process.args, process.returncode, out, errors)


class WithFolder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(dir=arguments.folder)
        self.addCleanup(shutil.rmtree, self.folder, True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def program(self, code, **more):
        program = start(code, **more)
        self.addCleanup(end, program)
        return program


class Verdicts(unittest.TestCase):
    def test_of_live_programs(self):
        expected = {
            LEAK: {"objects_grow", "partly_objects_grow"},
            NATIVE: {"native_grows"},
            QUIET: {"settled"},
        }
        codes = [LEAK, NATIVE, QUIET, GARBAGE]
        programs = [start(code) for code in codes]
        # The first second is a program's beginning, in which much is new.
        time.sleep(2)
        watches = [watch(program.pid, "--json", "--count", "24") for program in programs]
        try:
            looks = [[json.loads(line) for line in one.communicate(timeout=300)[0].splitlines()]
                     for one in watches]
        finally:
            for program in programs:
                end(program)
        # On a busy machine a leak may stand still for seconds: then its growth is not steady, and
        # is not called so for a look or two.
        said = {}
        for code, look in zip(codes, looks):
            for one in look[-8:]:
                if one["verdict"]["is"] in expected.get(code, ()):
                    said[code] = one["verdict"]
        for code in expected:
            sentences = [one["verdict"]["sentence"] for one in looks[codes.index(code)][-8:]]
            self.assertIn(code, said, sentences)
        self.assertEqual(said[LEAK]["grown"][0]["type"], "Connection")
        self.assertIn("and objects do not", said[NATIVE]["sentence"])
        # A saw with teeth of 4 s. From its third tooth on it is never called a leak.
        for look in looks[3][8:]:
            self.assertNotIn("grow", look["verdict"]["is"], look["verdict"]["sentence"])
        for one in looks:
            self.assertGreater(one[-1]["cost"]["share"], 0)  # that looks keep to it: tests/watch, Pace
            self.assertEqual(len(one), 24)
            collector = one[-1]["collector"]
            self.assertIsNotNone(collector)
            self.assertEqual(len(collector["generations"]), 3)


class Logs(WithFolder):
    def test_of_csv_is_whole_after_a_kill_and_is_gone_on_with(self):
        program = self.program(LEAK)
        log = self.path("log.csv")
        for _ in range(2):
            process = watch(program.pid, "--lines", "--log", log)
            time.sleep(5)
            process.kill()
            process.communicate()
        with open(log, newline="") as text:
            self.assertTrue(text.read().endswith("\n"))
        with open(log, newline="") as text:
            rows = list(csv.DictReader(text))
        self.assertGreaterEqual(len(rows), 8)
        self.assertTrue(all(None not in row and None not in row.values() for row in rows))
        looks = [row for row in rows if row["objects"]]
        self.assertGreaterEqual(len(looks), 4)
        self.assertTrue(all(int(row["rss_bytes"]) > int(row["uss_bytes"]) > 0 for row in rows))
        # The types of each look, with those that did not change, are its objects.
        with open(self.path("log.types.csv"), newline="") as text:
            types = list(csv.DictReader(text))
        self.check_types(looks[:2], types)

    def check_types(self, looks, changes):
        totals = {}
        for look in looks:
            for change in changes:
                if change["time"] == look["time"]:
                    totals[change["type"]] = int(change["objects"])
            self.assertEqual(sum(totals.values()), int(look["objects"]))

    def test_of_sqlite_is_whole_after_a_kill_and_is_gone_on_with(self):
        program = self.program(LEAK)
        log = self.path("log.sqlite")
        for _ in range(2):
            process = watch(program.pid, "--lines", "--log", log)
            time.sleep(5)
            process.kill()
            process.communicate()
        database = sqlite3.connect(log)
        self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        runs = database.execute("SELECT process FROM runs").fetchall()
        self.assertEqual(runs, [(program.pid,)] * 2)
        looks = database.execute("SELECT sample, objects, object_bytes FROM samples "
                                 "WHERE objects IS NOT NULL ORDER BY sample").fetchall()
        sums = database.execute("SELECT sample, sum(objects), sum(bytes) FROM totals "
                                "GROUP BY sample ORDER BY sample").fetchall()
        self.assertGreaterEqual(len(looks), 4)
        self.assertEqual(looks, sums)
        grows = [row[0] for row in database.execute(
            "SELECT objects FROM totals WHERE type = 'Connection' ORDER BY sample")]
        self.assertEqual(grows, sorted(grows))
        self.assertGreater(grows[-1], grows[0])
        database.close()

    def test_of_a_full_disk_says_so_and_goes_on(self):
        # As a full disk does, the limit lets the file be, and nothing more be added to it.
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

        program = self.program(LEAK)
        for name in ("log.csv", "log.sqlite"):
            with self.subTest(log=name):
                log = self.path(name)
                with open(log, "w") as text:
                    if name == "log.csv":
                        text.write("time,elapsed_s,process,rss_bytes,uss_bytes,pss_bytes,swap_bytes,"
                                   "objects,object_bytes,stood_still_s,verdict\n")
                        row = "2026-01-01T00:00:00.000Z,1.0,1,1,1,1,0,,,,\n"
                        text.write(row * ((40_000 - text.tell()) // len(row)))
                done = watched(program.pid, "--lines", "--count", "3", "--log", log,
                               preexec_fn=limit)
                if name == "log.csv":
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertIn("the watch goes on without the log", done.stderr)
                    self.assertEqual(done.stderr.count("goes on without"), 1)
                    self.assertEqual(len(done.stdout.splitlines()), 6)
                    with open(log) as text:
                        self.assertTrue(text.read().endswith("\n"))
                else:
                    self.assertIn("log.sqlite: cannot be written", done.stderr)
                self.assertIsNone(program.poll())

    def test_refuses_what_is_no_log(self):
        program = self.program(QUIET)
        for name, content in (("a.csv", "a,b\n1,2\n"), ("a.sqlite", "no database" * 100)):
            with open(self.path(name), "w") as text:
                text.write(content)
            done = watched(program.pid, "--once", "--log", self.path(name))
            self.assertEqual(done.returncode, 2)
            self.assertIn("is no log of ouro watch", done.stderr)
            with open(self.path(name)) as text:
                self.assertEqual(text.read(), content)
        done = watched(program.pid, "--once", "--log", self.path("a.txt"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("neither in .csv nor in .sqlite", done.stderr)
        done = watched(program.pid, "--once", "--log", self.path("no/a.csv"))
        self.assertEqual(done.returncode, 4)


class Metrics(WithFolder):
    def scrape(self, address):
        program = self.program(LEAK)
        process = watch(program.pid, "--lines", "--prometheus", address)
        self.addCleanup(end, process)
        place = re.search(r"http://\S+", process.stderr.readline())[0]
        time.sleep(1.5)
        with urllib.request.urlopen(place.replace("[::]", "127.0.0.1"), timeout=10) as answer:
            text = answer.read().decode()
            self.assertEqual(answer.headers["Content-Type"],
                             "text/plain; version=0.0.4; charset=utf-8")
        with self.assertRaises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(place.replace("[::]", "127.0.0.1") + "/no", timeout=10)
        self.assertEqual(error.exception.code, 404)
        error.exception.close()
        return program, text

    def test_are_what_prometheus_reads(self):
        program, text = self.scrape("127.0.0.1:0")
        use_packages()
        try:
            from prometheus_client.parser import text_string_to_metric_families
        except ImportError:
            self.skipTest("no prometheus_client (from PyPI)")
        families = {family.name: family for family in text_string_to_metric_families(text)}
        for family in families.values():
            self.assertTrue(family.documentation, family.name)
            self.assertIn(family.type, ("counter", "gauge"), family.name)
        memory = {one.labels["kind"]: one.value for one in families["ouro_memory_bytes"].samples}
        self.assertGreater(memory["rss"], memory["uss"])
        objects = {one.labels["type"]: one.value for one in families["ouro_objects"].samples}
        self.assertIn("(other)", objects)
        self.assertIn("dict", objects)
        self.assertEqual(sum(one.value for one in families["ouro_verdict"].samples), 1)
        info = families["ouro_target_info"].samples[0]
        self.assertEqual(info.labels["process"], str(program.pid))

    def test_at_all_addresses(self):
        self.assertIn("ouro_up 1\n", self.scrape(":0")[1])

    def test_complain_of_addresses(self):
        program = self.program(QUIET)
        for address in ("9123", "nowhere.example:9123", "127.0.0.1:99999", "127.0.0.1:"):
            done = watched(program.pid, "--once", "--prometheus", address)
            self.assertEqual(done.returncode, 2, address)
            self.assertIn("is no address and port", done.stderr)
        done = watched(program.pid, "--once", "--prometheus", "192.0.2.1:9123")
        self.assertEqual(done.returncode, 4)
        self.assertIn("cannot be listened at", done.stderr)


class Trouble(WithFolder):
    def test_a_program_that_ends_ends_the_watch(self):
        program = self.program(LEAK)
        log = self.path("log.csv")
        process = watch(program.pid, "--lines", "--log", log)
        time.sleep(3)
        end(program)
        out, errors = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 5)
        self.assertIn("has ended", errors)
        self.assertEqual(len(errors.splitlines()), 1)
        with open(log, newline="") as text:
            self.assertGreaterEqual(len(list(csv.DictReader(text))), 2)

    def test_a_program_that_becomes_another_python_is_watched_on(self):
        program = self.program(
            "import os, sys, time; time.sleep(3)\n"
            "os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(60)'])")
        done = watched(program.pid, "--lines", "--count", "4")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("replaced itself", done.stderr)

    def test_a_program_that_becomes_no_python_ends_the_watch(self):
        program = self.program("import os, time; time.sleep(3); os.execvp('sleep', ['sleep', '60'])")
        done = watched(program.pid, "--lines")
        self.assertEqual(done.returncode, 5)
        self.assertIn("has replaced itself by another program (exec)", done.stderr)

    def test_what_cannot_be_watched_is_said(self):
        done = watched(2**22 - 1, "--once")
        self.assertEqual(done.returncode, 3)
        self.assertIn("there is no process", done.stderr)
        sleeper = subprocess.Popen(["sleep", "60"])
        self.addCleanup(end, sleeper)
        done = watched(sleeper.pid, "--once")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        dead = subprocess.Popen([sys.executable, "-c", ""])
        time.sleep(0.5)  # it waits for its parent
        done = watched(dead.pid, "--once")
        dead.wait()
        self.assertEqual(done.returncode, 3)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def test_another_users_program_is_said_to_be_so(self):
        if os.getuid() != 0 or not shutil.which("setpriv"):
            self.skipTest("not root, or no setpriv: nobody to be")
        program = self.program(QUIET)
        # The command may lie where only root can read it.
        command = os.path.join(tempfile.mkdtemp(dir="/tmp"), "ouro")
        self.addCleanup(shutil.rmtree, os.path.dirname(command), True)
        shutil.copy(arguments.command, command)
        os.chmod(os.path.dirname(command), 0o755)
        done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                               command, "watch", str(program.pid), "--once"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertRegex(done.stderr, "user|root")

    def test_a_stopped_program_is_waited_for(self):
        program = self.program(QUIET)
        os.kill(program.pid, signal.SIGSTOP)
        done = watched(program.pid, "--once", "--timeout", "1s")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        os.kill(program.pid, signal.SIGCONT)
        self.assertEqual(watched(program.pid, "--once").returncode, 0)

    def test_ctrl_c_leaves_the_program_as_it_was(self):
        program = self.program(QUIET)
        process = watch(program.pid, "--lines")
        for line in process.stdout:
            if line.startswith("->"):
                break
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        self.assertEqual((process.returncode, errors), (0, ""))
        with open("/proc/%d/status" % program.pid) as status:
            text = status.read()
        self.assertIn("TracerPid:\t0\n", text)
        self.assertNotIn("State:\tT", text)

    def test_nothing_stays_in_the_program(self):
        for interpreter in find_interpreters(say_skipped=False):
            if len(interpreter.command) > 1:
                continue
            with self.subTest(python=interpreter.label):
                program = self.program(QUIET, python=interpreter.command[0])

                def state():
                    folder = "/proc/%d" % program.pid
                    with open(folder + "/maps") as maps:
                        executable = sorted(line.split()[0] for line in maps if " r-x" in line[:60]
                                            or "rwx" in line.split()[1])
                    return (sorted(os.listdir(folder + "/fd")), os.listdir(folder + "/task"),
                            executable)

                watched(program.pid, "--once")
                before = state()
                done = watched(program.pid, "--lines", "--count", "3")
                self.assertEqual(done.returncode, 0, done.stderr)
                for _ in range(50):
                    if state() == before:
                        break
                    time.sleep(0.05)
                self.assertEqual(state(), before)


if __name__ == "__main__":
    arguments, words = arguments_of_test("folder")
    side_by_side.main(words, longest="Verdicts.test_of_live_programs")
