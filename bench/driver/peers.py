"""The peers: which exist on this machine, what each can do, how each is started."""

import glob
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
CPYTHON_PROGRAM = BENCH / "peers" / "cpython" / "bench_cpython.py"


@dataclass
class Kind:
    """What one kind of peer can do. CPython is one kind, of which several versions may be found."""

    name: str
    ways: tuple  # of W1
    collects: bool  # W2 and W3
    counts: bool = True  # W4: a reference has a count
    threads: bool = False  # W4 a second time, after the process has started a thread
    package: str = ""  # what to install when it is missing


KINDS = {
    kind.name: kind
    for kind in (
        Kind("ouro", ("default", "threshold_10000", "manual", "weakref", "ids"), True),
        Kind("shared_ptr", ("manual", "weakref"), False, threads=True),
        Kind("intrusive", ("manual",), False, package="libboost1.81-dev"),
        Kind("intrusive_atomic", ("manual",), False, package="libboost1.81-dev"),
        Kind("raw", ("manual",), False, counts=False),
        Kind("raw_mimalloc", ("manual",), False, counts=False, package="libmimalloc-dev"),
        Kind("bdwgc", ("default",), True, counts=False, package="libgc-dev"),
        Kind("nim", ("default", "manual", "cursor"), True, package="nim"),
        Kind(
            "cpython", ("default", "threshold_10000", "manual", "weakref"), True, package="python3"
        ),
    )
}

LABELS = {
    "ouro": "Ouro",
    "shared_ptr": "std::shared_ptr",
    "intrusive": "boost::intrusive_ptr",
    "intrusive_atomic": "boost::intrusive_ptr, atomic",
    "raw": "new/delete, glibc",
    "raw_mimalloc": "new/delete, mimalloc",
    "bdwgc": "bdwgc",
    "nim": "Nim ORC",
}


@dataclass
class Peer:
    kind: Kind
    label: str
    command: list = field(default_factory=list)

    def run(self, work, arguments, timeout_seconds):
        """The lines the peer prints; CalledProcessError or TimeoutExpired when it fails."""
        words = ["%s=%s" % item for item in arguments.items()]
        done = subprocess.run(
            self.command + [work] + words,
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=timeout_seconds,
            universal_newlines=True,
        )
        return done.stdout.splitlines()


def find_programs(names, folder):
    """Peers that are programs of their own, and why each missing one is missing."""
    found, skipped = [], {}
    for name in names:
        program = folder / ("bench_" + name)
        if program.exists():
            found.append(Peer(KINDS[name], LABELS[name], [str(program)]))
        else:
            package = KINDS[name].package
            skipped[LABELS[name]] = "not built" + (" (package %s)" % package if package else "")
    return found, skipped


def cpython_candidates():
    """Interpreters by every name they go by: the system's, those on PATH, pyenv's."""
    yield "/usr/bin/python3"
    yield shutil.which("python3")
    yield sys.executable
    for minor in range(8, 30):
        yield shutil.which("python3.%d" % minor)
    for root in filter(None, (os.environ.get("PYENV_ROOT"), os.path.expanduser("~/.pyenv"))):
        yield from sorted(glob.glob(os.path.join(root, "versions", "*", "bin", "python")))


PROBE = (
    "import sys, sysconfig, gc, json, random, weakref;"
    "print(sys.implementation.name, '%d.%d.%d' % sys.version_info[:3],"
    " sysconfig.get_config_var('Py_GIL_DISABLED') or 0)"
)


def find_cpythons(system_only=False):
    """One peer for each version >= 3.8 that runs, oldest first."""
    by_version = {}
    for candidate in cpython_candidates():
        if not candidate or not os.path.exists(candidate):
            continue
        try:
            printed = subprocess.run(
                [candidate, "-c", PROBE],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=20,
                check=True,
            ).stdout.decode()
        except (OSError, subprocess.SubprocessError):
            continue  # a pyenv shim without a version behind it, or a broken installation
        match = re.match(r"cpython (3\.\d+\.\d+) (\d)", printed)
        if not match or int(match[1].split(".")[1]) < 8:
            continue
        version = match[1] + ("t" if match[2] == "1" else "")
        if version not in by_version:
            label = "CPython " + version
            by_version[version] = Peer(
                KINDS["cpython"], label, [candidate, "-I", str(CPYTHON_PROGRAM)]
            )
        if system_only:
            break
    order = sorted(
        by_version, key=lambda version: [int(part) for part in re.findall(r"\d+", version)]
    )
    return [by_version[version] for version in order]
