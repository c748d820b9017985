"""opcode_effects_on_all.py FILE: opcode_effects.py --check FILE in each CPython 3.8 ... 3.13."""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from interpreters import find_interpreters  # noqa: E402

SKIPPED = 77


def main():
    found = [each for each in find_interpreters() if each.minor <= 13]
    if not found:
        print("no CPython 3.8 to 3.13 found")
        return SKIPPED
    failed = 0
    for each in found:
        script = os.path.join(HERE, "opcode_effects.py")
        done = subprocess.run(each.command + [script, "--check", os.path.abspath(sys.argv[1])])
        print("%s: %s" % (each.label, "differs" if done.returncode else "the same"))
        failed += done.returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
