"""The CPythons that tests of reading CPython run on: every one that is found, none assumed.

    for interpreter in find_interpreters():
        interpreter.command      # ["/usr/bin/python3.11"], ["scripts/with_sid", ..., "python3.14"]
        interpreter.label        # "3.11.2", "3.13.15t", "3.14.10d (scripts/with_sid)"

Found are python3.8 to python3.15 (also those named ...t, free-threaded, and ...d, debug) on PATH and
in /usr/bin, /usr/local/bin, and those of pyenv. The environment variable OURO_PYTHONS, commands
separated by ':', takes their place; a command may have several words. Two that are the same build
count once. `python3 interpreters.py` prints them.

Run as a script of a test, `run_on_all` prints a line for each interpreter that was left out, and why.
"""

import glob
import os
import re
import shlex
import subprocess
import sys
from typing import List, NamedTuple

OLDEST, NEWEST = (3, 8), (3, 15)

ASK = """
import sys, sysconfig
flag = sysconfig.get_config_var
print(sys.version_info[0], sys.version_info[1], sys.version_info[2],
      int(bool(flag("Py_GIL_DISABLED"))), int(hasattr(sys, "gettotalrefcount")),
      sys.implementation.name, flag("Py_ENABLE_SHARED") or 0)
"""


class Interpreter(NamedTuple):
    command: List[str]
    version: tuple  # (3, 11, 2)
    is_free_threaded: bool
    is_debug: bool
    is_shared: bool

    @property
    def label(self):
        text = ".".join(map(str, self.version))
        text += "t" * self.is_free_threaded + "d" * self.is_debug
        if len(self.command) > 1:
            text += " (%s)" % os.path.basename(self.command[0])
        return text

    @property
    def minor(self):
        return self.version[1]


def candidates():
    named = os.environ.get("OURO_PYTHONS")
    if named is not None:
        return [shlex.split(command) for command in named.split(":") if command.strip()]
    folders = os.environ.get("PATH", "").split(os.pathsep) + ["/usr/bin", "/usr/local/bin"]
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    folders += sorted(glob.glob(os.path.join(root, "versions", "*", "bin")))
    return [
        [path]
        for folder in folders
        for path in sorted(glob.glob(os.path.join(folder, "python3*")))
        if re.fullmatch(r"python3(\.\d+)?[td]*", os.path.basename(path))
        # A shim starts what it is told to, or nothing.
        and "shims" not in path
    ]


def ask(command):
    """The interpreter, or why it is none."""
    try:
        done = subprocess.run(command + ["-c", ASK], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    words = done.stdout.split()
    if done.returncode != 0 or len(words) != 7:
        return "it does not start: %s" % (done.stderr.strip().splitlines() or ["no message"])[-1]
    version = tuple(map(int, words[:3]))
    if words[5] != "cpython":
        return "it is %s, not CPython" % words[5]
    if not OLDEST <= version[:2] <= NEWEST:
        return "3.%d is not supported" % version[1]
    return Interpreter(command, version, words[3] == "1", words[4] == "1", words[6] == "1")


def find_interpreters(say_skipped=True):
    """By version; each build once."""
    found, seen = [], set()
    for command in candidates():
        path = command[-1] if len(command) > 1 else os.path.realpath(command[0])
        if path in seen:
            continue
        seen.add(path)
        interpreter = ask(command)
        if isinstance(interpreter, Interpreter):
            found.append(interpreter)
        elif say_skipped:
            print("skipped: %s: %s" % (" ".join(command), interpreter), file=sys.stderr)
    return sorted(found, key=lambda one: (one.version, one.is_free_threaded, one.is_debug))


if __name__ == "__main__":
    for one in find_interpreters():
        print(one.label, *one.command)
