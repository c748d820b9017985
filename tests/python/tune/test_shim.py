#!/usr/bin/env python3
"""The module that `ouro tune` lets run in programs: what it counts, and that they notice nothing.

    test_shim.py
"""

import json
import mmap
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(FOLDER, os.pardir))

from interpreters import find_interpreters  # noqa: E402

SHIM = os.path.join(FOLDER, *[os.pardir] * 3, "src", "python", "tune", "shim.py")
PROGRAM = os.path.join(FOLDER, "measured_program.py")
INTERPRETERS = find_interpreters()
# Those of another root see other folders.
PLAIN = [one for one in INTERPRETERS if len(one.command) == 1 and "pythons" not in one.command[0]]

SLOT, FIRST = 4096, 4096
GENERATIONS, GENERATION, PLACES = 32, 1352, 1344


class Record:
    def __init__(self, words):
        self.words = words

    def slots(self):
        return [at for at in range(FIRST, len(self.words), SLOT) if self.words[at]]

    def generation(self, number, slot=FIRST):
        at = slot + GENERATIONS + number * GENERATION
        return self.words[at:at + GENERATION]


class Shim(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        os.mkdir(self.folder + "/shim")
        shutil.copy(SHIM, self.folder + "/shim/sitecustomize.py")

    def write(self, text, name="script.py"):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)
        return os.path.join(self.folder, name)

    def run_it(self, interpreter, words, setting="", environment=None, code=0):
        """What was counted, and what the program printed."""
        with tempfile.TemporaryFile() as file:
            file.truncate(257 * SLOT * 8)
            value = "fd=%d" % file.fileno() + (";" + setting if setting else "")
            done = subprocess.run(
                interpreter.command + words, pass_fds=[file.fileno()], capture_output=True,
                text=True, timeout=120, cwd=self.folder,
                env={**os.environ, "OURO_TUNE": value, "PYTHONPATH": self.folder + "/shim",
                     **(environment or {})})
            self.assertEqual(done.returncode, code, done.stderr)
            with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as memory:
                words = struct.unpack("%dq" % (len(memory) // 8), memory[:])
        return Record(words), done

    def said(self):
        with open(self.folder + "/out") as file:
            return json.load(file)

    def test_it_counts_what_callbacks_of_the_program_see(self):
        for interpreter in PLAIN:
            with self.subTest(interpreter.label):
                record, done = self.run_it(interpreter, [PROGRAM, "out", "a", "--b"])
                said = self.said()
                self.assertEqual(done.stdout, "ouro: 20 works\n")
                self.assertEqual(done.stderr, "")
                self.assertEqual(record.slots(), [FIRST])
                self.assertGreater(len(said["counted"]), 3)
                for number in range(3):
                    words = record.generation(number)
                    seen = [one for one in said["counted"] if one[0] == number]
                    # Others came before the program, and after it.
                    self.assertGreaterEqual(words[0], len(seen))
                    self.assertGreaterEqual(words[3], sum(one[1] for one in seen))
                    self.assertEqual(sum(words[8:8 + PLACES]), words[0])
                    self.assertGreaterEqual(words[2] * words[0], 0)

    def test_the_program_sees_what_it_saw_without(self):
        for interpreter in PLAIN:
            with self.subTest(interpreter.label):
                plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
                subprocess.run(interpreter.command + [PROGRAM, "out", "a"], check=True, env=plain,
                               cwd=self.folder, stdout=subprocess.DEVNULL)
                before = self.said()
                self.run_it(interpreter, [PROGRAM, "out", "a"], "freeze=imports")
                after = self.said()
                for name in ("argv", "name", "file", "path", "environment", "trace",
                             "enabled", "threshold"):
                    if name == "environment":
                        before[name].pop("PYTHONPATH", None), after[name].pop("PYTHONPATH", None)
                    self.assertEqual(after[name], before[name], name)
                # mmap keeps one.
                self.assertEqual(len(after["descriptors"]), len(before["descriptors"]) + 1)

    def test_path_and_sitecustomize_of_the_user_stay(self):
        os.mkdir(self.folder + "/own")
        self.write("import os\nos.environ['SEEN'] = __file__\n", "own/sitecustomize.py")
        self.run_it(PLAIN[0], [PROGRAM, "out"],
                    environment={"PYTHONPATH": self.folder + "/shim:" + self.folder + "/own",
                                 "OURO_TUNE_PYTHONPATH": self.folder + "/own"})
        said = self.said()
        self.assertEqual(said["environment"]["PYTHONPATH"], self.folder + "/own")
        self.assertEqual(said["environment"]["SEEN"], self.folder + "/own/sitecustomize.py")
        self.assertNotIn("OURO_TUNE", said["environment"])
        self.assertEqual(said["sitecustomize"], self.folder + "/own/sitecustomize.py")

    def test_settings_take_effect(self):
        for interpreter in PLAIN:
            with self.subTest(interpreter.label):
                record, _ = self.run_it(interpreter, [PROGRAM, "out"], "threshold=12345,6,7")
                said = self.said()
                self.assertEqual(said["threshold"][0], 12345)
                record, _ = self.run_it(interpreter, [PROGRAM, "out"], "disable=1")
                said = self.said()
                self.assertFalse(said["enabled"])
                self.assertEqual(len(said["counted"]), 1, "the one by hand")

    def test_it_freezes_after_the_imports(self):
        for interpreter in PLAIN:
            for words in ([PROGRAM, "out"], ["-m", "measured_program", "out"]):
                with self.subTest(interpreter.label, words=words[0]):
                    shutil.copy(PROGRAM, self.folder)
                    record, _ = self.run_it(interpreter, words, "freeze=imports")
                    said = self.said()
                    self.assertGreater(said["frozen"], 500)
                    self.assertEqual(record.words[FIRST + 2], said["frozen"] + 1)
                    self.assertFalse(said["trace"])

    def test_it_freezes_at_functions_and_after_a_time(self):
        code = "import gc, time, later\nlater.begin()\nprint(gc.get_freeze_count() > 100)"
        self.write("def begin():\n    pass\nclass A:\n    @staticmethod\n    def make(): pass\n"
                   "    def go(self): pass\n", "later.py")
        for interpreter in PLAIN:
            with self.subTest(interpreter.label):
                record, done = self.run_it(interpreter, ["-c", code], "freeze=call:later:begin")
                self.assertEqual(done.stdout, "True\n")
                self.assertEqual(record.words[FIRST + 4] & 4, 4)
        for setting, line in (("freeze=call:later:A.make", "later.A.make()"),
                              ("freeze=call:later:A.go", "later.A().go()"),
                              ("freeze=call:__main__:begin", "begin()"),
                              ("freeze=after:0.01", "time.sleep(0.5)")):
            code = ("import gc, time, later\ndef begin(): pass\nbefore = gc.get_freeze_count()\n"
                    "%s\nprint(before, gc.get_freeze_count() > 100)" % line)
            _, done = self.run_it(PLAIN[-1], [self.write(code)], setting)
            self.assertEqual(done.stdout, "0 True\n", setting)

    def test_it_collects_after_calls(self):
        shutil.copy(PROGRAM, self.folder)
        record, _ = self.run_it(PLAIN[-1], [PROGRAM, "out"],
                                "disable=1;collect=__main__:work")
        self.assertEqual(len(self.said()["counted"]), 21)
        self.assertEqual(record.words[FIRST + 15], 20)

    def test_forked_children_count_for_themselves(self):
        code = ("import gc, os\nfor _ in range(3):\n    if os.fork() == 0:\n"
                "        gc.collect(); os._exit(0)\n    os.wait()\ngc.collect()")
        record, _ = self.run_it(PLAIN[-1], ["-c", code])
        slots = record.slots()
        self.assertEqual(len(slots), 4)
        self.assertEqual([record.generation(2, slot)[0] for slot in slots[1:]], [1, 1, 1])

    def test_children_that_are_other_programs_are_not_measured(self):
        code = "import subprocess, sys\nsubprocess.check_call([sys.executable, '-c', ''])"
        record, _ = self.run_it(PLAIN[-1], ["-c", code])
        self.assertEqual(len(record.slots()), 1)

    def test_a_killed_program_has_been_counted(self):
        code = "import gc, os\ngc.collect()\nos.kill(os.getpid(), 9)"
        record, _ = self.run_it(PLAIN[-1], ["-c", code], code=-9)
        self.assertGreaterEqual(record.generation(2)[0], 1)


class EndOfImports(unittest.TestCase):
    def setUp(self):
        self.space = {"__file__": SHIM}
        with open(SHIM) as file:
            text = file.read()
        exec(text[:text.index("\nbegin()\n")], self.space)

    def line(self, text):
        return self.space["line_after_imports"](compile(text, "x", "exec", 0x400))

    def test_imports_definitions_and_plain_values_prepare(self):
        for text, line in (("'doc'\nimport a\nfrom b import c\nA = 5\n\ndef f(): g()\n\nf()", 8),
                           ("import a\nif __name__ == '__main__':\n    a.b()", 2),
                           ("try:\n    import a\nexcept ImportError:\n    a = None\na()", 5),
                           ("import a\nif a.b:\n    import c\nelse:\n    d = 1\nx = a.b()", 6),
                           ("import a\napp = a.Flask(__name__)", 2),
                           ("import a\na.b: int = 3\nwith a: pass", 3),
                           ("import a\nnames = [b for b in a]", 2),
                           ("import a", None), ("", None)):
            with self.subTest(text):
                self.assertEqual(self.line(text), line)


if __name__ == "__main__":
    if not PLAIN:
        print("skipped: no interpreter")
        sys.exit(77)
    unittest.main()
