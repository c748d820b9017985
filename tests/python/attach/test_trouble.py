#!/usr/bin/env python3
"""What may go wrong while a program is attached to, each tried: the program goes on, and the command says why.

    test_trouble.py --command build/dev/bin/ouro --canary libouro_canary.so --folder build/dev/...

OURO_ATTACH_ALL=1 takes all interpreters and more times; else the newest one.
"""

import ctypes
import os
import random
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from attached_program import Program, attach, find_interpreters, arguments_of_test

arguments = None
ALL = os.environ.get("OURO_ATTACH_ALL") == "1"
INTERPRETERS = find_interpreters(say_skipped=False)
if not ALL:
    INTERPRETERS = ([one for one in INTERPRETERS if not one.is_debug] or INTERPRETERS)[-1:]
STEPS = ("seized", "stopped", "frames", "registers", "call-begins", "call-ends", "mapped",
         "mapped-and-known", "written", "entered", "agent-calls", "pipe", "left", "vectors-back",
         "mask-back", "registers-back", "detached", "hello", "read", "file")
BIG = "kept = [[str(i)] for i in range(700000)]\nprint('ready', flush=True)\n%s"


class Trouble(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(dir=arguments.folder)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.output = os.path.join(self.folder, "out.ouro")

    def program(self, interpreter, state):
        return Program(interpreter, state, arguments.canary, arguments.folder)

    def big_program(self, rest="input()", prefix=()):
        process = subprocess.Popen([*prefix, *INTERPRETERS[-1].command, "-c", BIG % rest],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.assertEqual(process.stdout.readline(), "ready\n")
        self.addCleanup(process.communicate, "\n")
        return process

    def refusal(self, pid, *words, prefix=()):
        done = attach(arguments.command, pid, self.output, *words, prefix=prefix)
        self.assertIn(done.returncode, (1, 2, 3), done.stderr)
        self.assertEqual(os.listdir(self.folder), [])
        return done.stderr

    def succeeds(self, pid, *words):
        done = attach(arguments.command, pid, self.output, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        os.unlink(self.output)

    def test_ouro_killed_at_each_step(self):
        for interpreter in INTERPRETERS:
            for state in ("busy", "sleeping", "locked", "event_loop") if ALL else ("busy", "sleeping"):
                with self.subTest(python=interpreter.label, state=state):
                    with self.program(interpreter, state) as program:
                        for step in STEPS:
                            done = attach(arguments.command, program.pid, self.output, kill_at=step)
                            self.assertEqual(done.returncode, -signal.SIGKILL, step + done.stderr)
                            time.sleep(0.02)
                            self.assertIsNone(program.process.poll(), "ended by step " + step)
                        self.succeeds(program.pid)
                        # Between mmap() and the note of what to unmap, nobody knows of it.
                        problems = [one for one in program.finish()
                                    if not one.startswith("executable memory")]
                        self.assertEqual(problems, [])

    def test_interrupted_at_any_moment(self):
        seed = random.Random(4)
        for state in ("busy", "sleeping"):
            with self.program(INTERPRETERS[-1], state) as program:
                for _ in range(60 if ALL else 12):
                    process = subprocess.Popen(
                        [arguments.command, "attach", str(program.pid), "-o", self.output, "--force"],
                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
                    time.sleep(seed.uniform(0.002, 0.12))
                    process.send_signal(signal.SIGINT)
                    _, errors = process.communicate(timeout=30)
                    # By the signal itself where it came before the command could catch it.
                    self.assertIn(process.returncode, (0, 130, -signal.SIGINT), errors)
                    left = set(os.listdir(self.folder)) - {"out.ouro"}
                    self.assertEqual(left, set())
                self.assertEqual(program.finish(), [])

    def test_several_at_once(self):
        with self.program(INTERPRETERS[-1], "busy") as program:
            processes = [subprocess.Popen(
                [arguments.command, "attach", str(program.pid), "-o", self.output + str(i)],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for i in range(4)]
            for process in processes:
                _, errors = process.communicate(timeout=60)
                if process.returncode != 0:
                    self.assertRegex(errors, "traced|cannot be attached to")
            self.succeeds(program.pid)
            self.assertEqual(program.finish(), [])

    def test_a_full_disk_leaves_no_half_file(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))

        with self.program(INTERPRETERS[-1], "sleeping") as program:
            done = subprocess.run(
                [arguments.command, "attach", str(program.pid), "-o", self.output],
                preexec_fn=limit, capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertEqual(os.listdir(self.folder), [])
            self.succeeds(program.pid)
            self.assertEqual(program.finish(), [])

    def test_the_clone_is_killed_as_where_memory_runs_out(self):
        big = self.big_program()
        before = set(filter(str.isdigit, os.listdir("/proc")))
        process = subprocess.Popen([arguments.command, "attach", str(big.pid), "-o", self.output],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        clone = None
        while clone is None and process.poll() is None:
            for name in set(filter(str.isdigit, os.listdir("/proc"))) - before:
                try:
                    with open("/proc/%s/stat" % name) as stat:
                        text, rest = stat.read().rsplit(")", 1)
                    # Others on this machine may be attaching too.
                    if text.endswith("(ouro snapshot") and int(rest.split()[1]) == big.pid:
                        clone = int(name)
                except OSError:
                    pass
        if clone is not None:
            os.kill(clone, signal.SIGKILL)
        _, errors = process.communicate(timeout=60)
        if process.returncode == 0:
            self.skipTest("the walk was faster")
        self.assertEqual(process.returncode, 3, errors)
        self.assertRegex(errors, "ended|killed|memory")
        self.assertEqual(os.listdir(self.folder), [])
        self.succeeds(big.pid)

    def control_group(self):
        """A new one that limits memory: its folder, the names of its limit and of its usage."""
        for root, limit, usage in (
                ("/sys/fs/cgroup", "memory.max", "memory.current"),
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes")):
            folder = os.path.join(root, "ouro-test-%d" % os.getpid())
            try:
                os.mkdir(folder)
            except OSError:
                continue
            if os.path.exists(os.path.join(folder, limit)):
                self.addCleanup(os.rmdir, folder)
                return folder, os.path.join(folder, limit), os.path.join(folder, usage)
            os.rmdir(folder)
        self.skipTest("no control group for memory can be made here")

    def test_the_memory_of_the_control_group_runs_out(self):
        folder, limit, usage = self.control_group()
        enter = ["sh", "-c", 'echo $$ > "$0/cgroup.procs"; exec "$@"', folder]
        big = self.big_program(prefix=enter)
        with open(usage) as text:
            used = int(text.read())
        with open(limit, "w") as text:
            text.write(str(used + (4 << 20)))
        message = self.refusal(big.pid)
        self.assertRegex(message, "its clone was ended.*memory.*--no-fork")
        check = attach(arguments.command, big.pid, self.output, "--check")
        self.assertRegex(check.stdout, "left for it by its control group /ouro-test-")
        with open(limit, "w") as text:
            text.write(str(used + (400 << 20)))
        self.succeeds(big.pid)

    def test_the_program_ends_meanwhile(self):
        for _ in range(10 if ALL else 3):
            big = self.big_program("import time; time.sleep(.05)")
            done = attach(arguments.command, big.pid, self.output)
            self.assertIn(done.returncode, (0, 3), done.stderr)
            self.assertEqual(set(os.listdir(self.folder)) - {"out.ouro"}, set())

    def test_what_is_no_running_python(self):
        sleeper = subprocess.Popen(["sleep", "60"])
        self.addCleanup(sleeper.communicate)
        self.addCleanup(sleeper.kill)
        zombie = subprocess.Popen(["true"])
        time.sleep(0.2)
        self.assertIn("has no CPython in it", self.refusal(sleeper.pid))
        self.assertIn("has ended", self.refusal(zombie.pid))
        zombie.wait()
        self.assertIn("there is no process 4194303", self.refusal(4194303))
        self.assertIn("no Python program is called by `no such words`", self.refusal("no such words"))

    def test_a_stopped_program_stays_stopped(self):
        big = self.big_program()
        big.send_signal(signal.SIGSTOP)
        time.sleep(0.1)
        try:
            self.assertIn("kill -CONT %d" % big.pid, self.refusal(big.pid))
            with open("/proc/%d/stat" % big.pid) as stat:
                self.assertEqual(stat.read().rsplit(")", 1)[1].split()[0], "T")
        finally:
            big.send_signal(signal.SIGCONT)
        self.succeeds(big.pid)

    def test_a_program_that_is_traced(self):
        big = self.big_program()
        ptrace = ctypes.CDLL(None, use_errno=True).ptrace
        ptrace.argtypes = [ctypes.c_long] * 2 + [ctypes.c_void_p] * 2
        seize, detach = 0x4206, 17
        tracer = os.fork()
        if tracer == 0:
            os._exit(ptrace(seize, big.pid, None, None) != 0 or time.sleep(60) is not None)
        try:
            time.sleep(0.3)
            self.assertIn("is being traced by %d" % tracer, self.refusal(big.pid))
        finally:
            os.kill(tracer, signal.SIGKILL)
            os.waitpid(tracer, 0)
        self.succeeds(big.pid)

    @unittest.skipIf(os.geteuid() != 0 or not shutil.which("setpriv"), "needs root and setpriv")
    def test_other_users_and_root_without_rights(self):
        big = self.big_program()
        nobody = ["setpriv", "--reuid=65534", "--clear-groups"]
        self.assertIn("it belongs to another user; run it as root: sudo ouro attach",
                      self.refusal(big.pid, "--check", prefix=nobody))
        weak = ["setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace"]
        text = attach(arguments.command, big.pid, self.output, "--check", prefix=weak)
        if text.returncode != 0:
            self.assertIn("CAP_SYS_PTRACE", text.stderr)

    @unittest.skipIf(os.geteuid() != 0 or not shutil.which("unshare"), "needs root and unshare")
    def test_a_program_with_process_numbers_of_its_own(self):
        if subprocess.run(["unshare", "--pid", "--fork", "--mount-proc", "true"],
                          stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("this machine allows no namespaces")
        process = subprocess.Popen(
            ["unshare", "--pid", "--fork", "--mount-proc"] + INTERPRETERS[-1].command +
            ["-c", "import os; print(os.getpid(), flush=True); input()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.assertEqual(process.stdout.readline(), "1\n")
        with open("/proc/%d/task/%d/children" % (process.pid, process.pid)) as text:
            child = int(text.read().split()[0])
        for _ in range(3):
            self.succeeds(child)
        self.succeeds(child, "--no-fork")
        process.communicate("\n")
        self.assertEqual(process.returncode, 0)

    def test_the_list_of_programs(self):
        with self.program(INTERPRETERS[-1], "sleeping") as program:
            done = subprocess.run([arguments.command, "attach"], capture_output=True, text=True,
                                  timeout=60)
            self.assertIn(str(program.pid), done.stdout)
            words = attach(arguments.command, program.stop_file, self.output)  # an argument of it
            self.assertEqual(words.returncode, 0, words.stderr)


if __name__ == "__main__":
    arguments, words = arguments_of_test("canary", "folder", needs=INTERPRETERS)
    unittest.main(argv=words)
