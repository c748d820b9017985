"""Runs a script of this folder in every CPython there is (interpreters.py), and says which failed.

    run_on_interpreters.py AGENT exactness.py [ARGUMENT ...]
    run_on_interpreters.py --debug-malloc 20 AGENT exactness.py few

Each runs as `PYTHON SCRIPT AGENT ARGUMENT ...`, two at a time. With --debug-malloc N, N times, each
with another PYTHONHASHSEED, and PYTHONMALLOC=debug: freed memory is overwritten, so that who reads
it gets no object. With --sanitizer LIBRARY, a libasan, which is preloaded, and PYTHONMALLOC=malloc,
in one CPython of each version, as it takes long. Status 77 where nothing could run.
"""

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

import interpreters  # noqa: E402


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--debug-malloc", type=int, default=0, metavar="N")
    parser.add_argument("--sanitizer", metavar="LIBRARY")
    parser.add_argument("--seconds", type=int, default=300, help="each may take")
    parser.add_argument("agent")
    parser.add_argument("script")
    parser.add_argument("arguments", nargs="*")
    return parser.parse_args()


def has_ctypes(interpreter):
    return subprocess.run(interpreter.command + ["-c", "import ctypes"],
                          capture_output=True).returncode == 0


def version_of(interpreter):
    return interpreter.minor, interpreter.is_free_threaded, interpreter.is_debug


def run(interpreter, arguments, seed):
    """What went wrong, or None; and what it printed."""
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    command = [str(FOLDER / arguments.script), arguments.agent] + arguments.arguments
    if arguments.debug_malloc:
        environment.update(PYTHONMALLOC="debug", PYTHONHASHSEED=str(seed))
    if arguments.sanitizer:
        environment.update(PYTHONMALLOC="malloc", LD_PRELOAD=arguments.sanitizer,
                           ASAN_OPTIONS="detect_leaks=0:handle_segv=1")
    try:
        done = subprocess.run(interpreter.command + ["-W", "ignore"] + command, env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=arguments.seconds)
    except subprocess.TimeoutExpired:
        return "more than %d s" % arguments.seconds, ""
    return None if done.returncode == 0 else "status %d" % done.returncode, done.stdout


def main():
    arguments = parse_arguments()
    runs = []
    versions = set()
    for interpreter in interpreters.find_interpreters():
        if not has_ctypes(interpreter):
            print("skipped: %s: has no ctypes" % interpreter.label)
        elif arguments.sanitizer and len(interpreter.command) > 1:
            print("skipped: %s: with another C library than the sanitizer's" % interpreter.label)
        elif arguments.sanitizer and version_of(interpreter) in versions:
            print("skipped: %s: another of this version is looked at" % interpreter.label)
        else:
            versions.add(version_of(interpreter))
            runs += [(interpreter, seed) for seed in range(1, max(2, arguments.debug_malloc + 1))]
    if not runs:
        print("skipped: no CPython to run on")
        return 77
    failed = 0
    with ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda one: run(one[0], arguments, one[1]), runs)
        for (interpreter, seed), (problem, output) in zip(runs, results):
            seeded = ", PYTHONHASHSEED=%d" % seed if arguments.debug_malloc else ""
            print("%s%s: %s" % (interpreter.label, seeded, problem or "as it should be"))
            if problem or not arguments.debug_malloc:
                print("\n".join(output.splitlines()[-40:]))
            failed += problem is not None
            sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
