"""The end of the interpreter with snapshots alive: nothing is said, nothing fails."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "code",
    [
        "import ouro; heap = ouro.snapshot()",
        "import ouro; heap = ouro.snapshot(); node = heap[0]; top = heap.top(); cycle = [top]; cycle.append(cycle)",
        "import ouro; growth = ouro.growth(); growth.__enter__()",
        "import ouro, sys; sys.heap = ouro.snapshot(); del sys.modules['ouro']",
        "import ouro, threading; threading.Thread(target=ouro.snapshot).start()",
    ],
)
def test_ends_quietly(code):
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"")
