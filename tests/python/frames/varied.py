"""Code of many kinds that runs for ever in several threads, to be looked at at any moment.

Whatever calls a function of this file says so in its line: "# calls NAME ...". So the line of every
frame but the newest one can be told to be right by the name of the next frame.
"""

import asyncio
import contextlib
import functools
import re
import sys
import threading
import types


def work(amount):
    total = 0
    for i in range(amount % 7 + 1):
        total += i * amount
    return total


def rank(item):
    value = work(item)  # calls work
    return -value


def sorting(n):
    return sorted(range(n), key=rank)  # calls rank


def replace(match):
    return str(work(len(match.group())))  # calls work


def substituting(n):
    return re.sub("a+", replace, "aab" * n)  # calls replace


def mapping(n):
    doubled = list(map(lambda i: work(i) * 2, range(n)))  # calls work <lambda>
    return [rank(i) for i in doubled]  # calls rank <listcomp>


def numbers(n):
    for i in range(n):
        work(i)  # calls work
        yield i


def delegating(n):
    total = yield from numbers(n)  # calls numbers
    return total


def generators(n):
    for i in delegating(n):  # calls delegating
        work(i)  # calls work
    return sum(rank(i) for i in numbers(n))  # calls rank <genexpr> numbers


def fails(n):
    if n == 0:
        work(n)  # calls work
        raise LookupError(n)
    fails(n - 1)  # calls fails


def exceptions(n):
    try:
        fails(n)  # calls fails
    except LookupError as error:
        try:
            work(n)  # calls work
            raise ValueError(n) from error
        except ValueError:
            work(n)  # calls work
        finally:
            work(n)  # calls work


class Managed:
    def __init__(self, n):
        self.n = n
        work(n)  # calls work

    def __enter__(self):
        work(self.n)  # calls work
        return self

    def __exit__(self, *exception):
        work(self.n)  # calls work
        return True

    @property
    def value(self):
        return work(self.n)  # calls work

    def __lt__(self, other):
        return work(self.n) < other.n  # calls work

    def __del__(self):
        work(3)  # calls work


def managers(n):
    with Managed(n) as managed:  # calls __init__ __enter__ __exit__
        managed.value  # calls value
        raise KeyError(n)  # calls __exit__


def comparing(n):
    made = [Managed(i) for i in range(n)]  # calls __init__ <listcomp>
    return min(made) is made[0]  # calls __lt__


@contextlib.contextmanager
def around(n):
    work(n)  # calls work
    try:
        yield n
    finally:
        work(n)  # calls work


def contexts(n):
    with around(n) as kept, contextlib.suppress(KeyError):
        fails_by(kept)  # calls fails_by


def fails_by(n):
    raise KeyError(work(n))  # calls work


def class_bodies(n):
    class Body:  # calls Body
        field = work(n)  # calls work
        other = [work(i) for i in range(3)]  # calls work <listcomp>

    return Body  # calls Body


def executed(n):
    exec("def inner():\n    return work(n)\ninner()", {"work": work, "n": n})  # calls <module>


def cached_part(a, b, c=0):
    return work(a + b + c)  # calls work


def partials(n):
    return functools.partial(cached_part, n, c=2)(3)  # calls cached_part


def recursion(n):
    if n > 0:
        return recursion(n - 1) + work(n)  # calls recursion work
    return 0


@types.coroutine
def switch():
    yield


async def leaf(n):
    work(n)  # calls work
    await switch()  # calls switch
    return n


async def inner(n):
    async with Lock():  # calls __aenter__ __aexit__
        return await leaf(n)  # calls leaf __aexit__


class Lock:
    async def __aenter__(self):
        await leaf(1)  # calls leaf

    async def __aexit__(self, *exception):
        await leaf(2)  # calls leaf


async def steps(n):
    for i in range(n):
        await leaf(i)  # calls leaf
        yield i


async def over_steps(n):
    async for i in steps(n):  # calls steps
        work(i)  # calls work
    return [i async for i in steps(n)]  # calls steps <listcomp>


def coroutines(n):
    for made in (inner(n), over_steps(n)):
        with contextlib.suppress(StopIteration):
            while True:
                made.send(None)  # calls inner over_steps


async def ticks():
    while True:
        await asyncio.sleep(0.001)
        await asyncio.gather(leaf_task(1), leaf_task(2))


async def leaf_task(n):
    work(n)  # calls work
    await asyncio.sleep(0)


ALL = (
    sorting, substituting, mapping, generators, exceptions, managers, comparing, contexts,
    class_bodies, executed, partials, recursion, coroutines,
)  # fmt: skip


def run_for_ever(first):
    n = first
    while True:
        n += 1
        ALL[n % len(ALL)](n % 20 + 1)  # calls *


def main():
    sys.setswitchinterval(0.0005)
    for first in range(3):
        threading.Thread(target=run_for_ever, args=(first,), daemon=True).start()
    threading.Thread(target=lambda: asyncio.run(ticks()), daemon=True).start()
    print("begun", flush=True)
    sys.stdin.read()
    print("whole", flush=True)


if __name__ == "__main__":
    main()  # calls main
