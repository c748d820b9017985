"""objgraph's own source distribution, from PyPI into the build folder: it is no part of this tree."""

import glob
import os
import subprocess
import sys
import tarfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(ROOT, "build", "objgraph")
WANTED = "objgraph>=3.6,<4"


def unpacked():
    found = glob.glob(os.path.join(FOLDER, "objgraph-*", "tests.py"))
    return os.path.dirname(max(found)) if found else None


def find_sdist():
    """The folder with objgraph.py and tests.py, or None where PyPI or pip are not to be had."""
    if unpacked() is None:
        os.makedirs(FOLDER, exist_ok=True)
        for python in (sys.executable, "python3"):
            download = [python, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:",
                        "--dest", FOLDER, WANTED]  # fmt: skip
            try:
                done = subprocess.run(download, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL, timeout=120)  # fmt: skip
            except (OSError, subprocess.TimeoutExpired):
                continue
            if done.returncode == 0:
                break
        for archive in glob.glob(os.path.join(FOLDER, "objgraph-*.tar.gz")):
            with tarfile.open(archive) as files:
                files.extractall(FOLDER)
    return unpacked()
