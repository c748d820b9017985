#!/usr/bin/env python3
"""`ouro tune`: programs under several settings of their collector.

    test_tune.py --command build/dev/bin/ouro
"""

import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

FOLDER = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(FOLDER, *[os.pardir] * 3)
sys.path.insert(0, os.path.join(FOLDER, os.pardir, "attach"))
sys.path.insert(0, os.path.join(ROOT, "tests", "support"))

import json_schema  # noqa: E402
from attached_program import find_interpreters, arguments_of_test  # noqa: E402

arguments = None
DUNGEON = os.path.join(ROOT, "examples", "python", "dungeon.py")
INTERPRETERS = [one for one in find_interpreters()
                if len(one.command) == 1 and "pythons" not in one.command[0]]


def running(text):
    """Processes whose command line has the text."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                if text.encode() in file.read():
                    found.append(path)
        except OSError:
            pass
    return found


class Tune(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, text, name="app.py"):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)
        return name

    def words(self, *words):
        return [arguments.command, "tune", "--python", INTERPRETERS[-1].command[0], *words]

    def tune(self, *words, **options):
        return subprocess.run(self.words(*words), capture_output=True, text=True, timeout=300,
                              cwd=self.folder, **options)

    def json(self, *words):
        done = self.tune("--json", *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        document = json.loads(done.stdout)
        json_schema.check("tune", document)
        return document

    def setting(self, document, name):
        return next(one for one in document["settings"] if one["name"] == name)

    def test_it_finds_what_the_dungeon_is_known_for(self):
        for interpreter in INTERPRETERS:
            with self.subTest(interpreter.label):
                said = self.json("--runs", "1", "--force", "--", *interpreter.command, DUNGEON,
                                 "cycles", "60")
                self.assertEqual(said["python"], ".".join(map(str, interpreter.version)))
                self.assertEqual(said["unit"], "frames")
                self.assertEqual(said["failed"], [])
                self.assertEqual(len(said["settings"]), 6)
                default, higher = (self.setting(said, name)
                                   for name in ("default", "threshold 10,000"))
                # Rarer, and each of them longer.
                self.assertGreater(default["collections"], 2 * higher["collections"])
                if not interpreter.is_free_threaded:
                    self.assertGreater(higher["p50_seconds"], default["p50_seconds"])
                self.assertEqual(self.setting(said, "disabled")["collections"], 0)
                if interpreter.is_free_threaded:
                    continue
                cut = said["cycles"]["cuts"][0]
                self.assertEqual(cut["cut"], "Monster._dungeon")
                self.assertGreater(cut["part"], 0.95)
                self.assertIn("Cut Monster._dungeon", said["cut_advice"][0])

    def test_a_program_without_cycles_is_told_to_stay(self):
        said = self.json("--runs", "3", "--", DUNGEON, "unlink", "5")
        self.assertIsNone(said["cycles"])
        self.assertEqual(said["cut_advice"], [])
        self.assertEqual(said["rounds"], 3)

    def test_the_picture_is_svg_and_replaces_nothing_unasked(self):
        self.write("x = [[] for _ in range(10000)]\nprint('hello')\n")
        done = self.tune("--runs", "1", "--no-cycles", "app.py")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("setting", done.stdout)
        self.assertNotIn("hello", done.stdout)
        xml.etree.ElementTree.parse(os.path.join(self.folder, "app-tune.svg"))
        done = self.tune("--runs", "1", "app.py")
        self.assertEqual(done.returncode, 4)
        self.assertIn("--force replaces it", done.stderr)

    def test_what_was_measured_is_said_also_where_it_cannot_be_drawn(self):
        self.write("import os, sys\nif os.path.exists('out'): os.rmdir('out')\n")
        os.mkdir(os.path.join(self.folder, "out"))
        done = self.tune("--runs", "1", "-o", "out/picture.svg", "app.py")
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("out/picture.svg", done.stderr)
        self.assertIn("freeze + threshold 10,000", done.stdout)

    def test_own_settings_are_tried(self):
        self.write("import time\ndef serve(): time.sleep(0.01)\n"
                   "def frame(): return [[]]\nserve()\n[frame() for _ in range(10)]\n")
        said = self.json("--runs", "1", "--threshold", "5000,5,5", "--freeze-at", "__main__:serve",
                         "--freeze-after", "1ms", "--collect-after", "__main__:frame",
                         "--no-cycles", "--", "app.py")
        names = [one["name"] for one in said["settings"]]
        for name in ("thresholds 5,000 5 5", "freeze at __main__:serve", "freeze after 0.001 s",
                     "collect after __main__:frame"):
            self.assertIn(name, names)
        self.assertGreaterEqual(self.setting(said, "collect after __main__:frame")["collections"],
                                10)
        said = self.json("--runs", "1", "--force", "--freeze-at", "nowhere:f", "--no-cycles", "--",
                         "app.py")
        self.assertIn("did not come to the place to freeze at", said["failed"][0]["trouble"])

    def test_a_program_that_runs_for_ever_is_ended(self):
        self.write("import time\nwhile True:\n    a = []; a.append(a); time.sleep(0.0001)\n"
                   "    print('ouro: 1 turns', flush=True)\n")
        said = self.json("--runs", "1", "--time-limit", "500ms", "app.py")
        self.assertEqual(said["unit"], "turns")
        self.assertGreater(self.setting(said, "default")["units_per_second"]["median"], 100)
        self.assertIsNotNone(said["cycles"])
        self.assertEqual(running(self.folder), [])

    def test_one_that_does_not_listen_is_ended_all_the_same(self):
        self.write("import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
                   "while True: time.sleep(1)")
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(os.path.join(self.folder, "app.py"), folder)
            begun = time.monotonic()
            watch = subprocess.Popen(self.words("--runs", "1", "--time-limit", "100ms", "app.py"),
                                     cwd=folder, stdout=subprocess.DEVNULL,
                                     stderr=subprocess.PIPE, text=True)
            time.sleep(1)
            watch.send_signal(signal.SIGINT)
            _, errors = watch.communicate(timeout=60)
            self.assertEqual(watch.returncode, 130, errors)
            self.assertLess(time.monotonic() - begun, 60)

    def test_a_load_drives_a_server_and_ends_the_run(self):
        self.write("""
import http.server

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        cycle = []
        cycle.append(cycle)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
with open("port", "w") as file:
    file.write(str(server.server_port))
print("listening", flush=True)
server.serve_forever()
""", "server.py")
        self.write("""
import urllib.request
with open("port") as file:
    port = file.read()
for _ in range(100):
    urllib.request.urlopen("http://127.0.0.1:%s/" % port).read()
print("ouro: 100 requests")
""", "load.py")
        said = self.json("--runs", "1", "--ready", "listening", "--load",
                         INTERPRETERS[-1].command[0] + " load.py", "server.py")
        self.assertEqual(said["unit"], "requests")
        self.assertGreater(self.setting(said, "default")["units_per_second"]["median"], 1)
        done = self.tune("--runs", "1", "--force", "--ready", "listening", "--load", "exit 7",
                         "server.py")
        self.assertEqual(done.returncode, 3)
        self.assertIn("the load ended with exit status 7", done.stderr)

    def test_memory_has_a_limit(self):
        self.write("import time\nkept = []\nfor _ in range(60000):\n    a = [0] * 500\n"
                   "    a.append(a)\ntime.sleep(0.3)\n")
        said = self.json("--runs", "1", "--memory-limit", "100MiB", "app.py")
        self.assertEqual([one["name"] for one in said["failed"]][-1:], ["disabled"])
        self.assertIn("was stopped at 100", said["failed"][-1]["trouble"])
        self.write("kept = [[] for _ in range(10**6)]\nimport time\ntime.sleep(1)\n")
        done = self.tune("--runs", "1", "--force", "--memory-limit", "30MiB", "app.py")
        self.assertEqual(done.returncode, 3)
        self.assertIn("--memory-limit allows more", done.stderr)

    def test_interruption_ends_it_with_the_rounds_that_are_done(self):
        self.write("import time\ntime.sleep(0.05)\n")
        watch = subprocess.Popen(self.words("--runs", "1000", "--json", "app.py"), cwd=self.folder,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(5)
        watch.send_signal(signal.SIGINT)
        out, errors = watch.communicate(timeout=60)
        if watch.returncode == 130:  # a busy machine
            self.assertIn("interrupted", errors)
            return
        self.assertEqual(watch.returncode, 0, errors)
        self.assertGreaterEqual(json.loads(out)["rounds"], 1)

    def test_what_cannot_be_measured_is_said(self):
        self.write("import sys\nprint('it is broken', file=sys.stderr)\nsys.exit(3)\n", "broken.py")
        self.write("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n", "dead.py")
        self.write("pass\n")
        for words, code, texts in (
                (["broken.py"], 3, ["ended with exit status 3", "it is broken"]),
                (["dead.py"], 3, ["ended with signal 11"]),
                (["no_such.py"], 3, ["there is no such script"]),
                (["--", "no_such_program"], 3, ["no_such_program: cannot be started"]),
                (["--", "true"], 3, ["nothing could be measured"]),
                (["--", INTERPRETERS[-1].command[0], "-I", "app.py"], 3,
                 ["nothing could be measured", "-I"]),
                ([], 2, ["tune what?"]),
                (["--threshold", "many", "app.py"], 2, ["are no thresholds"]),
                (["--freeze-at", "main", "app.py"], 2, ["is no function"]),
                (["--input", "no_such_file", "app.py"], 3, ["--input"]),
                (["-o", "no/such/folder.svg", "app.py"], 4, ["there is no such folder"])):
            with self.subTest(words=words):
                done = self.tune("--runs", "1", *words)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertEqual(done.stdout, "")
                for text in texts:
                    self.assertIn(text, done.stderr)

    def test_nothing_is_left_behind(self):
        self.write("pass\n")
        environment = {**os.environ, "TMPDIR": self.folder}
        self.tune("--runs", "1", "app.py", env=environment)
        self.assertEqual(sorted(os.listdir(self.folder)), ["app-tune.svg", "app.py"])
        done = self.tune("--runs", "1", "--force", "app.py",
                         env={**os.environ, "TMPDIR": self.folder + "/none"})
        self.assertEqual(done.returncode, 4)
        self.assertIn("none/ouro-tune", done.stderr)


if __name__ == "__main__":
    arguments, words = arguments_of_test(needs=INTERPRETERS)
    arguments.command = os.path.abspath(arguments.command)
    unittest.main(argv=words)
