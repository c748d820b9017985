"""Builds the peers: the C++ ones by CMake's preset `release`, Nim's by its own compiler."""

import shutil
import subprocess
from pathlib import Path

from driver.peers import BENCH

ROOT = BENCH.parent
BUILD = ROOT / "build" / "release"


def log_of(command, **options):
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        **options,
    )
    return done.returncode, done.stdout


def build_programs(names, build=BUILD):
    """Builds what can be built, and returns the complaints.

    A peer that cannot be built is skipped later, by its missing program.
    """
    complaints = []
    code, log = log_of(["cmake", "--preset", "release", "-DOURO_BUILD_BENCH=ON"], cwd=ROOT)
    if code != 0:
        return ["cmake --preset release failed:\n" + log[-2000:]]
    _, targets = log_of(["cmake", "--build", str(build), "--target", "help"])
    known = [name for name in names if "bench_%s:" % name in targets]
    # One build a peer, so that one that does not compile takes no other with it.
    for name in known:
        code, log = log_of(["cmake", "--build", str(build), "--target", "bench_" + name])
        if code != 0:
            (build / "bench" / ("bench_" + name)).unlink(missing_ok=True)
            complaints.append("bench_%s does not build:\n%s" % (name, log[-2000:]))
    return complaints


def build_nim(build=BUILD):
    compiler = shutil.which("nim")
    sources = list((BENCH / "peers" / "nim").glob("*.nim"))
    program = Path(build) / "bench" / "bench_nim"
    if not compiler:
        program.unlink(missing_ok=True)
        return []
    if program.exists() and program.stat().st_mtime > max(
        source.stat().st_mtime for source in sources
    ):
        return []
    program.parent.mkdir(parents=True, exist_ok=True)
    command = [
        compiler,
        "c",
        "--gc:orc",
        "-d:danger",
        "--hints:off",
        "--nimcache:%s" % (program.parent / "nimcache"),
    ]
    code, log = log_of(
        command + ["-o:%s" % program, str(BENCH / "peers" / "nim" / "bench_nim.nim")]
    )
    return ["bench_nim does not build:\n" + log[-2000:]] if code != 0 else []
