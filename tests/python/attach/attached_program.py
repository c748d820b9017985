"""A running target.py for the tests of attaching, and the command that attaches to it."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from interpreters import find_interpreters  # noqa: E402,F401  (for the tests)

TARGET = os.path.join(os.path.dirname(os.path.abspath(__file__)), "target.py")
STATES = ("busy", "registers", "allocating", "sleeping", "selecting", "reading", "locked",
          "locked_with_timeout", "collecting", "four_threads", "event_loop", "forking")


class Program:
    """target.py in a state; with `finish()` says what it found wrong."""

    def __init__(self, interpreter, state, canary, folder):
        # A target in another root sees the folder of the build by its own path.
        self.folder = tempfile.mkdtemp(dir=folder)
        self.stop_file = os.path.join(self.folder, "stop")
        self.errors = open(os.path.join(self.folder, "errors"), "w+")
        self.process = subprocess.Popen(
            interpreter.command + [TARGET, state, canary, self.stop_file],
            stdout=subprocess.PIPE, stderr=self.errors, text=True)
        line = self.process.stdout.readline()
        if line != "ready\n":
            raise AssertionError("the target did not start: %r %s" % (line, self.error_text()))

    @property
    def pid(self):
        return self.process.pid

    def error_text(self):
        self.errors.seek(0)
        return self.errors.read()[-2000:]

    def finish(self):
        """Problems: an empty list, if all is well."""
        with open(self.stop_file, "w"):
            pass
        try:
            out, _ = self.process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            return ["it hangs"]
        finally:
            self.errors.close()
        if self.process.returncode != 0:
            with open(os.path.join(self.folder, "errors")) as text:
                return ["exit status %d: %s" % (self.process.returncode, text.read()[-2000:])]
        shutil.rmtree(self.folder, ignore_errors=True)
        return json.loads(out)["problems"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        self.errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def attach(command, pid, output, *words, kill_at=None, timeout=60, prefix=()):
    """What the command did. `kill_at`: the step at which it kills itself."""
    environment = dict(os.environ)
    if kill_at:
        environment["OURO_TEST_KILL_AT"] = kill_at
    return subprocess.run([*prefix, command, "attach", str(pid), "-o", output, "--force", *words],
                          env=environment, capture_output=True, text=True, timeout=timeout)


def may_attach(command):
    """Whether this machine lets us; containers without CAP_SYS_PTRACE do not."""
    sleeper = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        for _ in range(100):
            done = subprocess.run([command, "attach", str(sleeper.pid), "--check"],
                                  capture_output=True, text=True, timeout=60)
            if done.returncode == 0 or "may not be attached to" in done.stderr:
                break
            time.sleep(0.05)
        return done.returncode == 0, done.stderr.strip()
    finally:
        sleeper.communicate(b"\n")


def arguments_of_test(*names, needs=True, why="no interpreter"):
    """What CMake gives a test (--command FILE and others), and what is unittest's. Ends the test as
    skipped where this machine lets nobody attach, or has not what it `needs`."""
    parser = argparse.ArgumentParser()
    for name in ("command", *names):
        parser.add_argument("--" + name, required=True)
    arguments, rest = parser.parse_known_args()
    possible, reason = may_attach(arguments.command)
    if not possible or not needs:
        print("skipped:", reason or why)
        sys.exit(77)
    return arguments, [sys.argv[0], *rest]
