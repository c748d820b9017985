"""at_random.py OURO [ATTACHES]: attaches to two programs at random moments, in every CPython found.

The programs are varied.py and callable_results.py. Nothing may be refused, they must go on, and each
frame that has called another one must be at a line that says so. No object may have fewer counts
than references; of varied.py one attach, and one in fifty, is forgiven: whether the newest frame of
a thread is in its call or behind it can only be guessed up to 3.10 (src/python/walker/running_stack.cpp).
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from interpreters import find_interpreters  # noqa: E402

SKIPPED = 77
ATTACHES_A_MISCOUNT = 50
PROGRAM = os.path.join(HERE, "varied.py")
CALLABLE_RESULTS = os.path.join(HERE, "callable_results.py")

with open(PROGRAM) as source:
    LINES = source.read().splitlines()


def called_in(line):
    """Names that the line of the program says it calls."""
    return LINES[line - 1].partition("# calls ")[2].split()


def wrong_lines(stack):
    """`stack`: "qualified.name file:line", the newest first."""
    frames = []
    for text in stack.splitlines():
        name, _, place = text.partition(" ")
        file, _, line = place.rpartition(":")
        frames.append((name.rpartition(".")[2], file, int(line)))
    compared, wrong = 0, []
    for (name, file, _), (caller, its_file, line) in zip(frames, frames[1:]):
        if its_file != PROGRAM or file != PROGRAM or name in ("__del__", "run_for_ever"):
            continue
        compared += 1
        said = called_in(line)
        if name not in said and said != ["*"]:
            wrong.append("%s at line %d does not call %s: %s" % (caller, line, name, LINES[line - 1]))
    return compared, wrong


def attach(ouro, process, path):
    done = subprocess.run([ouro, "attach", "--force", str(process.pid), "-o", path],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        return 0, [], ["refused: " + done.stdout.decode().strip()]
    said = subprocess.run([ouro, "info", "--json", path], stdout=subprocess.PIPE)
    facts = json.loads(said.stdout.decode())["facts"]
    compared, miscounts, problems = 0, [], []
    if int(facts.get("counts below known references", 0)) > 0:
        counts = subprocess.run([ouro, "garbage", "--counts", "-n", "0", path], stdout=subprocess.PIPE)
        for line in counts.stdout.decode().splitlines():
            words = line.split(None, 2)
            if len(words) == 3 and words[1].startswith("-") and words[1][1:].isdigit():
                miscounts.append("count %s, unexplained %s: %s" % tuple(words))
    for key, stack in facts.items():
        if key.startswith("stack ") and "task" not in key:
            lines, wrong = wrong_lines(stack)
            compared += lines
            problems += wrong
    return compared, miscounts, problems


def look_at(ouro, interpreter, program, attaches, folder):
    forgiven = 1 + attaches // ATTACHES_A_MISCOUNT if program == PROGRAM else 0
    process = subprocess.Popen(interpreter.command + ["-W", "ignore", program],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    compared, miscounted, problems = 0, 0, []
    try:
        process.stdout.readline()
        for _ in range(attaches):
            time.sleep(random.random() * 0.02)
            lines, miscounts, wrong = attach(ouro, process, os.path.join(folder, "heap.ouro"))
            compared += lines
            problems += wrong
            miscounted += bool(miscounts)
            if miscounted > forgiven:
                problems += miscounts
        out, _ = process.communicate(timeout=60)
        if out.strip() != b"whole" or process.returncode != 0:
            problems.append("the program ends with %s: %s" % (process.returncode, out))
    finally:
        process.kill()
        process.wait()
    print("%s: %s: %d attaches, %d with a miscount, %d lines compared, %d problems"
          % (interpreter.label, os.path.basename(program), attaches, miscounted, compared, len(problems)))
    for problem in sorted(set(problems))[:10]:
        print("  %d x %s" % (problems.count(problem), problem))
    sys.stdout.flush()
    return not problems


def main():
    found = find_interpreters()
    if not found:
        print("no CPython 3.8 to 3.15 found")
        return SKIPPED
    attaches = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        results = [look_at(os.path.abspath(sys.argv[1]), each, program, attaches, folder)
                   for each in found for program in (PROGRAM, CALLABLE_RESULTS)]  # fmt: skip
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
