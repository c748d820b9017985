"""The header of every table: the machine, the compilers, the versions of the peers."""

import os
import platform
import re
import shutil
import subprocess


def first_line(command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20)
        return done.stdout.decode().splitlines()[0].strip()
    except (OSError, subprocess.SubprocessError, IndexError):
        return ""


def grep(path, pattern):
    try:
        with open(path) as lines:
            return next(
                (
                    match[1].strip()
                    for match in (re.match(pattern, line) for line in lines)
                    if match
                ),
                "",
            )
    except OSError:
        return ""


def processor():
    family = grep("/proc/cpuinfo", r"cpu family\s*:\s*(.*)")
    model = grep("/proc/cpuinfo", r"model\s*:\s*(.*)")
    return "%s (family %s, model %s)" % (
        grep("/proc/cpuinfo", r"model name\s*:\s*(.*)"),
        family,
        model,
    )


def package_version(package):
    printed = (
        first_line(["dpkg-query", "-W", "-f", "${Version}", package])
        if shutil.which("dpkg-query")
        else ""
    )
    match = re.match(r"(?:\d+:)?(\d[\w.]*)", printed)
    return match[1] if match else ""


def describe(build):
    """Facts by name, in the order in which they are printed."""
    compiler = grep(str(build / "CMakeCache.txt"), r"CMAKE_CXX_COMPILER:\w+=(.*)") or "c++"
    facts = {
        "machine": "%s, %d CPUs, %.0f GiB"
        % (
            processor(),
            os.cpu_count() or 1,
            os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30,
        ),
        "system": "Linux %s, glibc %s" % (platform.release(), platform.libc_ver()[1]),
        "C++": first_line([compiler, "--version"]),
        "Nim": re.sub(r"Nim Compiler Version (\S+).*", r"\1", first_line(["nim", "--version"])),
        "Boost": package_version("libboost1.81-dev"),
        "mimalloc": package_version("libmimalloc-dev"),
        "bdwgc": package_version("libgc-dev"),
    }
    return {name: value for name, value in facts.items() if value}


def header_lines(facts):
    versions = [
        "%s %s" % (name, facts[name])
        for name in ("Nim", "Boost", "mimalloc", "bdwgc")
        if name in facts
    ]
    yield "%s; %s" % (facts["machine"], facts["system"])
    yield "; ".join([facts["C++"]] + versions) + "; thread CPU time, medians"
    yield ""
