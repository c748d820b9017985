"""A program to attach to, which watches itself.

    target.py STATE CANARY STOP      until the file STOP exists; then a line of JSON on standard output

STATE is what its main thread does: see STATES. CANARY is the library of canary.cpp. It says "ready" when it
has begun. At the end it says what attaching must not have changed and did: results of computations, contents
of registers and memory, signals (each one that was sent came, once), children, open files, threads, memory
that can be executed, the signal mask and the handlers. Runs on CPython 3.8 and later.
"""

import ctypes
import gc
import hashlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time

STATE, CANARY, STOP = sys.argv[1:4]
problems = []
canary = ctypes.CDLL(CANARY)


def problem(text, *values):
    problems.append(text % values)


def goes_on():
    return not os.path.exists(STOP)


# ---- what must not change

def own_files():
    files = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            files.add((int(name), os.readlink("/proc/self/fd/" + name)))
        except OSError:  # the one that lists them
            pass
    return files


def status():
    wanted = ("SigBlk", "SigIgn", "SigCgt", "Name", "TracerPid")
    with open("/proc/self/status") as lines:
        pairs = (line.split(":", 1) for line in lines)
        return {key: value.strip() for key, value in pairs if key in wanted}


def executable_memory():
    with open("/proc/self/maps") as lines:
        words = (line.split() for line in lines)
        return sorted(word[0] for word in words if "x" in word[1] and len(word) < 6)


def tasks():
    return len(os.listdir("/proc/self/task"))


def children():
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name) as text:
                    after = text.read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(after[1]) == os.getpid():
                found.append((int(name), after[0]))
    return found


def settled(ask, wanted):
    """What is asked for, once it is as it was or three seconds have gone."""
    for _ in range(60):
        if ask() == wanted:
            break
        time.sleep(0.05)
    return ask()


class Before:
    def __init__(self):
        self.files = own_files()
        self.status = status()
        self.memory = executable_memory()
        self.tasks = 1  # that which sends signals has ended by then

    def compare(self):
        for name, ask, before in (
            ("files", own_files, self.files),
            ("status", status, self.status),
            ("executable memory", executable_memory, self.memory),
            ("threads", tasks, self.tasks),
            ("children", children, []),
        ):
            now = settled(ask, before)
            if now != before:
                problem("%s: %s before, %s now", name, before, now)
        try:
            problem("os.waitpid found a child: %s", os.waitpid(-1, os.WNOHANG))
        except ChildProcessError:
            pass


# ---- signals: one at a time, so that each must be seen

class Signals:
    def __init__(self):
        self.sent = self.seen = 0
        self.ends = threading.Event()
        signal.signal(signal.SIGUSR1, self.handle)
        self.thread = threading.Thread(target=self.send)

    def handle(self, number, frame):
        self.seen += 1

    def send(self):
        while not self.ends.wait(0.007):
            if self.seen == self.sent:
                self.sent += 1
                os.kill(os.getpid(), signal.SIGUSR1)

    def start(self):
        self.thread.start()

    def stop(self):
        self.ends.set()
        self.thread.join()
        for _ in range(100):
            if self.seen == self.sent:
                break
            time.sleep(0.01)
        if self.seen != self.sent:
            problem("signals: %d sent, %d seen", self.sent, self.seen)
        if self.sent == 0:
            problem("no signal was sent")


# ---- states

def expected_sum():
    total, digest = 0.0, hashlib.sha256()
    for i in range(2000):
        total += (i * 0.37) ** 0.5
        digest.update(b"%d" % i)
    return total, digest.hexdigest()


EXPECTED = expected_sum()


def compute():
    if expected_sum() != EXPECTED:
        problem("a computation gave another result")


def busy():
    while goes_on():
        for _ in range(10):
            compute()


def registers():
    while goes_on():
        changed = canary.canary_keep_registers(60)
        if changed:
            problem("registers: %d changed", changed)


def allocating():
    def allocate():
        changed = canary.canary_allocate(60)
        if changed:
            problem("memory: %d blocks changed", changed)

    while goes_on():
        threads = [threading.Thread(target=allocate) for _ in range(2)]
        for thread in threads:
            thread.start()
        allocate()
        for thread in threads:
            thread.join()


def sleeping():
    while goes_on():
        begin = time.monotonic()
        time.sleep(0.1)
        if time.monotonic() - begin < 0.099:
            problem("sleep: only %.3f s", time.monotonic() - begin)


def selecting():
    reading, writing = os.pipe()
    poll = select.poll()
    poll.register(reading, select.POLLIN)
    epoll = select.epoll()
    epoll.register(reading, select.EPOLLIN)
    while goes_on():
        begin = time.monotonic()
        for found in (select.select([reading], [], [], 0.05)[0], poll.poll(50), epoll.poll(0.05)):
            if found:
                problem("select: found %s", found)
        if time.monotonic() - begin < 0.14:
            problem("select: only %.3f s", time.monotonic() - begin)
    epoll.close()
    os.close(reading)
    os.close(writing)


def reading():
    ends, pipe = threading.Event(), os.pipe()

    def write():
        number = 0
        while not ends.wait(0.03):
            os.write(pipe[1], b"%08d" % number)
            number += 1
        os.close(pipe[1])

    thread = threading.Thread(target=write)
    thread.start()
    number = 0
    while True:
        text = os.read(pipe[0], 8)
        if not text:
            break
        if text != b"%08d" % number:
            problem("read: %r instead of %d", text, number)
        number += 1
        if not goes_on():
            ends.set()
    thread.join()
    os.close(pipe[0])


def locked():
    lock, ends = threading.Lock(), threading.Event()
    lock.acquire()

    def release():
        while not ends.wait(0.05):
            if lock.locked():
                lock.release()

    thread = threading.Thread(target=release)
    thread.start()
    while goes_on():
        lock.acquire()
    ends.set()
    thread.join()


def locked_with_timeout():
    lock = threading.Lock()
    lock.acquire()
    while goes_on():
        begin = time.monotonic()
        if lock.acquire(timeout=0.1):
            problem("lock: acquired twice")
        if time.monotonic() - begin < 0.099:
            problem("lock: only %.3f s", time.monotonic() - begin)


def collecting():
    class Node:
        pass

    def cycle():
        a, b = Node(), Node()
        a.b, b.a = b, a

    kept = [[i] for i in range(100000)]
    while goes_on():
        for _ in range(100):
            cycle()
        gc.collect()
    if len(kept) != 100000 or any(one != [i] for i, one in enumerate(kept)):
        problem("kept objects changed")


def four_threads():
    def work():
        while goes_on():
            compute()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    work()
    for thread in threads:
        thread.join()


def event_loop():
    import asyncio

    ticks = []

    async def tick():
        while goes_on():
            begin = time.monotonic()
            await asyncio.sleep(0.02)
            if time.monotonic() - begin < 0.019:
                problem("asyncio: only %.3f s", time.monotonic() - begin)
            ticks.append(None)

    async def all_of_them():
        await asyncio.gather(*(tick() for _ in range(3)))

    asyncio.run(all_of_them())


def forking():
    while goes_on():
        done = subprocess.run(["/bin/sh", "-c", "echo out; exit 7"], stdout=subprocess.PIPE)
        if done.returncode != 7 or done.stdout != b"out\n":
            problem("subprocess: %s", done)
        child = os.fork()
        if child == 0:
            os._exit(5)
        ended, how = os.waitpid(child, 0)
        if (ended, how) != (child, 5 << 8):
            problem("fork: %s", (child, ended, how))


STATES = {
    "busy": busy,
    "registers": registers,
    "allocating": allocating,
    "sleeping": sleeping,
    "selecting": selecting,
    "reading": reading,
    "locked": locked,
    "locked_with_timeout": locked_with_timeout,
    "collecting": collecting,
    "four_threads": four_threads,
    "event_loop": event_loop,
    "forking": forking,
}


def main():
    signals = Signals()
    signals.start()
    # After the first thread, with which the C library sets up what it needs for threads.
    before = Before()
    print("ready", flush=True)
    STATES[STATE]()
    signals.stop()
    before.compare()
    print(json.dumps({"problems": problems, "signals": signals.seen}), flush=True)


if __name__ == "__main__":
    main()
