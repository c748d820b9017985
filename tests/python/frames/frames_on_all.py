"""frames_on_all.py AGENT: look_at_frames.py in every CPython found, each a process of its own; the
scenarios with CPython's debugging allocator, which makes a walker that reads freed memory crash."""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from interpreters import find_interpreters  # noqa: E402

SKIPPED = 77
RUNS = (("lines", {}), ("holders", {"PYTHONMALLOC": "debug"}))


def look(interpreter, agent, what, environment):
    command = interpreter.command + ["-W", "ignore", os.path.join(HERE, "look_at_frames.py")]
    done = subprocess.run(
        command + [agent, what],
        env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1", **environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        timeout=240,
    )
    print("%s %s %s:" % (interpreter.label, what, " ".join(environment)), done.stdout.strip())
    if done.returncode != 0:
        print("  exit status %d" % done.returncode)
    return done.returncode == 0


def main():
    agent = os.path.abspath(sys.argv[1])
    found = find_interpreters()
    if not found:
        print("no CPython 3.8 to 3.15 found")
        return SKIPPED
    results = [look(each, agent, *run) for each in found for run in RUNS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
