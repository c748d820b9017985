"""The packages of tests/requirements.txt for the interpreter that runs the test, if they can be had."""

import os
import subprocess
import sys

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), *[os.pardir] * 3, "scripts",
                      "test_packages")


def use_packages():
    """Behind what is installed. Where they cannot be had, importing them fails."""
    version = "%d.%d" % sys.version_info[:2]
    done = subprocess.run([sys.executable, SCRIPT, version], capture_output=True, text=True, timeout=300)
    if done.returncode == 0:
        sys.path.append(done.stdout.strip())
    else:
        print(done.stderr.strip(), file=sys.stderr)
