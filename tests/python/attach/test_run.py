#!/usr/bin/env python3
"""`ouro run`: programs that one starts oneself, as if it were not there.

    test_run.py --command build/dev/bin/ouro --folder build/dev/...
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

from attached_program import find_interpreters, arguments_of_test

arguments = None
INTERPRETERS = find_interpreters()
# Its own words of the command stand behind --python, which takes one word.
PLAIN = [one for one in INTERPRETERS if len(one.command) == 1]

# In the folder of the test; a machine that is busy takes its time.
WAIT = """
import os, time
for _ in range(600):
    if os.path.exists("out-%d.ouro"): break
    time.sleep(0.05)
"""


class Run(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(dir=arguments.folder)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, text, name="script.py"):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def command(self, *words, python=None):
        python = python or PLAIN[-1].command[0]
        return [arguments.command, "run", "--python", python, "-o",
                os.path.join(self.folder, "out.ouro"), *words]

    def run_it(self, *words, python=None, **options):
        return subprocess.run(self.command(*words, python=python), capture_output=True, text=True,
                              timeout=120, cwd=self.folder, **options)

    def info(self, name="out.ouro"):
        done = subprocess.run([arguments.command, "info", os.path.join(self.folder, name), "--json"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def files(self):
        return sorted(os.path.basename(path) for path in glob.glob(self.folder + "/*.ouro*"))

    def test_at_exit_on_every_interpreter(self):
        script = self.write("import sys\nclass Kept: pass\nkept = [Kept() for _ in range(77)]\n"
                            "print(sys.argv[1:], sys.stdin.read())\nsys.exit(3)\n")
        for interpreter in PLAIN:
            with self.subTest(python=interpreter.label):
                done = self.run_it("--force", script, "a", "--json", python=interpreter.command[0],
                                   input="in")
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertEqual(done.stdout, "['a', '--json'] in\n")
                self.assertIn("(at exit)", done.stderr)
                top = subprocess.run([arguments.command, "top", self.folder + "/out.ouro", "--json",
                                      "-n", "1000"], capture_output=True, text=True, timeout=60)
                self.assertEqual(top.returncode, 0, top.stderr + done.stderr)
                kept = [row for row in json.loads(top.stdout)["types"]
                        if row["type"].endswith("Kept")]
                self.assertEqual([row["objects"] for row in kept], [77])
                os.unlink(self.folder + "/out.ouro")

    def test_code_modules_and_options_go_to_python(self):
        self.write("import sys; print('module', sys.argv[1:])", "of_mine.py")
        for words, out in ((["-c", "print(1 + 1)"], "2\n"), (["-m", "of_mine", "-x"], "module ['-x']\n"),
                           (["-X", "dev", "-c", "import sys; print(sys.flags.dev_mode)"], "True\n")):
            done = self.run_it("--force", *words)
            self.assertEqual((done.returncode, done.stdout), (0, out), done.stderr)

    def test_the_default_name_is_that_of_the_program(self):
        self.write("pass", "of_mine.py")
        self.write("pass", "serve")
        for words, name in ((["of_mine.py", "-m", "x.py"], "of_mine"), (["-um", "of_mine"], "of_mine"),
                            (["-X", "dev", "./serve", "a.py"], "serve"), (["-c", "pass", "a.py"], "python")):
            done = subprocess.run([arguments.command, "run", "--python", PLAIN[-1].command[0], *words],
                                  capture_output=True, text=True, timeout=120, cwd=self.folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            (file,) = self.files()
            self.assertRegex(file, "^%s-[0-9]+[.]ouro$" % name)
            os.unlink(os.path.join(self.folder, file))

    def test_an_exception_ends_it_as_ever(self):
        done = self.run_it("-c", "x = [1]\nraise ValueError('no')")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ValueError: no", done.stderr)
        self.assertEqual(self.files(), ["out.ouro"])

    def test_a_keyboard_interrupt_ends_it_as_ever(self):
        done = self.run_it("-c", "raise KeyboardInterrupt")
        self.assertEqual(done.returncode, -2, done.stderr)
        self.assertEqual(self.files(), ["out.ouro"])

    def test_os_exit_and_signals_leave_no_snapshot_and_are_said(self):
        done = self.run_it("-c", "import os; os._exit(7)")
        self.assertEqual(done.returncode, 7)
        self.assertIn("no snapshot at exit: the program ended (exit status 7)", done.stderr)
        done = self.run_it("-c", "import os; os.kill(os.getpid(), 15)")
        self.assertEqual(done.returncode, -15)
        self.assertIn("signal 15", done.stderr)
        self.assertEqual(self.files(), [])

    def test_the_environment_is_as_it_was(self):
        self.write("own = True\n", "sitecustomize.py")
        code = ("import os, sys, subprocess, sitecustomize, json\n"
                "child = subprocess.check_output([sys.executable, '-c', 'import os; "
                "print(sorted(os.environ.items()))'], text=True)\n"
                "print(json.dumps([sorted(os.environ.items()), sys.path, sitecustomize.own, child]))")
        environment = dict(os.environ, PYTHONPATH=self.folder)
        plain = subprocess.run([PLAIN[-1].command[0], "-c", code], capture_output=True, text=True,
                               env=environment, cwd=self.folder)
        done = self.run_it("-c", code, env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout), json.loads(plain.stdout))
        self.assertEqual(glob.glob(tempfile.gettempdir() + "/ouro-run-*"), [])

    def test_forked_children_end_as_ever(self):
        code = ("import multiprocessing as m, os, sys\n"
                "def work(n): return n * n\n"
                "if __name__ == '__main__':\n"
                "    print(m.get_context('fork').Pool(2).map(work, [1, 2, 3]))\n"
                "    child = os.fork()\n"
                "    if child == 0: sys.exit(4)\n"
                "    print(os.waitpid(child, 0)[1] >> 8)\n")
        done = self.run_it(self.write(code))
        self.assertEqual((done.returncode, done.stdout), (0, "[1, 4, 9]\n4\n"), done.stderr)
        self.assertEqual(self.files(), ["out.ouro"])

    def test_a_series_in_time(self):
        done = self.run_it("--every", "300ms", "--json", "-c", WAIT % 2)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotRegex(done.stderr, "(?m)^[^{]")
        said = [json.loads(line) for line in done.stderr.splitlines()]
        good = [line["file"] for line in said if "file" in line]
        self.assertGreaterEqual(len(good), 2, done.stderr)
        self.assertEqual(self.files(), sorted(map(os.path.basename, good)))

    def test_on_memory(self):
        code = "kept = [b'x' * (70 << 20)]\n%s\nkept.append(b'x' * (70 << 20))\n%s"
        done = self.run_it("--on-memory", "60MiB", "-c", code % (WAIT % 1, WAIT % 2))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("out-1.ouro", self.files())
        self.assertIn("out-2.ouro", self.files())

    def test_signals_are_passed_on_but_the_one_that_asks(self):
        code = ("import signal, sys, time\n"
                "signal.signal(signal.SIGTERM, lambda *a: (print('term', flush=True), sys.exit(5)))\n"
                "signal.signal(signal.SIGUSR1, lambda *a: print('usr1', flush=True))\n"
                "print('ready', flush=True)\n"
                "while True: time.sleep(0.05)")
        process = subprocess.Popen(self.command("--on-signal", "USR2", "-c", code),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(process.stdout.readline(), "ready\n")
        process.send_signal(signal.SIGUSR1)
        self.assertEqual(process.stdout.readline(), "usr1\n")
        for number in (1, 2):
            process.send_signal(signal.SIGUSR2)
            for _ in range(200):
                if os.path.exists(self.folder + "/out-%d.ouro" % number):
                    break
                time.sleep(0.05)
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        out, errors = process.communicate(timeout=30)
        self.assertEqual((out, process.returncode), ("term\n", 5), errors)
        self.assertEqual(self.files(), ["out-1.ouro", "out-2.ouro"], errors)

    def test_the_program_goes_on_where_ouro_is_killed(self):
        code = ("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(1)\n"
                "open('done', 'w').close()")
        process = subprocess.Popen(self.command("-c", code), stdout=subprocess.PIPE, text=True,
                                   cwd=self.folder)
        process.stdout.readline()
        process.kill()
        process.communicate()
        for _ in range(100):
            if os.path.exists(self.folder + "/done"):
                break
            time.sleep(0.05)
        self.assertTrue(os.path.exists(self.folder + "/done"))
        for folder in glob.glob(tempfile.gettempdir() + "/ouro-run-*"):
            shutil.rmtree(folder, ignore_errors=True)

    def test_what_cannot_be_run_is_said(self):
        for words, code, text in ((["not_there.py"], 3, "there is no such script"),
                                  (["no_such_program"], 3, "cannot be started"),
                                  ([], 2, "run what?")):
            done = self.run_it(*words)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(text, done.stderr)
        self.write("", "out.ouro")
        done = self.run_it("-c", "print('runs')")
        self.assertEqual((done.returncode, done.stdout), (4, ""), done.stderr)

    def test_no_values_leaves_no_text_of_the_program(self):
        code = "secret = 'hunter' + str(40 + 2)\npassword = {secret: 'x' + secret}"
        done = self.run_it("--no-values", self.write(code), "--token=hunter3")
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.folder + "/out.ouro", "rb") as file:
            content = file.read()
        self.assertNotIn(b"hunter", content)
        self.assertIn(b"password", content)
        self.assertEqual(os.stat(self.folder + "/out.ouro").st_mode & 0o777, 0o600)


if __name__ == "__main__":
    arguments, words = arguments_of_test("canary", "folder", needs=PLAIN, why="no interpreter that is one word")
    unittest.main(argv=words)
