"""Control groups: processes that have so much memory and no more, pages of files included.

    group = MemoryGroup.make()          # None where this user may not
    with group:
        seconds = group.run(["ouro", "top", "heap.ouro"], 64 << 20)

What RLIMIT_DATA does not limit, the pages of mapped files, counts here: the kernel drops them when
the limit is met, and reads them again from the disk.
"""

import os
import subprocess
import time
from pathlib import Path

ROOTS = (
    (Path("/sys/fs/cgroup"), "memory.max"),  # version 2
    (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"),  # version 1
)


class MemoryGroup:
    def __init__(self, folder, limit_file):
        self.folder = folder
        self.limit_file = limit_file

    @classmethod
    def make(cls):
        for root, limit_file in ROOTS:
            folder = root / ("ouro_bench_%d" % os.getpid())
            try:
                folder.mkdir()
            except OSError:
                continue
            if (folder / limit_file).exists():
                return cls(folder, limit_file)
            folder.rmdir()
        return None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.rmdir()

    def run(self, command, limit_bytes, files=()):
        """Seconds, or None where it failed. Of the files nothing is in memory when it begins."""
        for path in files:
            with open(path, "rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        (self.folder / self.limit_file).write_text("%d" % limit_bytes)

        def enter():
            (self.folder / "cgroup.procs").write_text("%d" % os.getpid())

        begin = time.perf_counter()
        done = subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False, preexec_fn=enter)  # fmt: skip
        return time.perf_counter() - begin if done.returncode == 0 else None
