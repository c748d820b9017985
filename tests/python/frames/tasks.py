"""tasks.py OURO: attaches to a program of many asyncio tasks, in every CPython found, and compares
what `ouro info` says of them with what Python itself says.

    tasks.py program    is that program: it prints a line of JSON, then its loop sleeps
"""

import asyncio
import collections
import gc
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SKIPPED = 77


# ---- the program


async def leaf(seconds):
    await asyncio.sleep(seconds)


async def handler(number):
    return await leaf(1000)


async def numbers():
    yield 1
    await asyncio.sleep(1000)


async def over_numbers():
    async for _ in numbers():
        pass


async def getter(queue):
    return await queue.get()


async def waits_for(other):
    await other


async def entered():
    async with asyncio.Lock():
        await asyncio.Event().wait()


async def deep(left):
    if left:
        await deep(left - 1)
    await asyncio.sleep(1000)


async def nothing():
    pass


async def begin_all():
    tasks = [asyncio.ensure_future(handler(number)) for number in range(30)]
    for made in (over_numbers(), getter(asyncio.Queue()), waits_for(tasks[0]), entered(), deep(20)):
        tasks.append(asyncio.ensure_future(made))
    done = asyncio.ensure_future(nothing())
    await asyncio.sleep(0.1)
    tasks.append(asyncio.ensure_future(waits_for(asyncio.gather(*tasks[3:6]))))
    asyncio.get_running_loop().call_later(0.1, tell)
    await asyncio.wait([done] + tasks)


def behind(awaited):
    """What is between a coroutine and the generator it really waits for has no attribute."""
    if type(awaited).__name__ in ("async_generator_asend", "coroutine_wrapper"):
        return gc.get_referents(awaited)[0]
    return awaited


def stack_of(made):
    """A line for each function that waits, the innermost first."""
    lines = []
    while made is not None:
        for kind in ("cr", "gi", "ag"):
            frame = getattr(made, kind + "_frame", None)
            if frame is None:
                continue
            place = "%s %s:%d" % (made.__qualname__, frame.f_code.co_filename, frame.f_lineno)
            lines.insert(0, place)
            awaited = kind + ("_yieldfrom" if kind == "gi" else "_await")
            made = behind(getattr(made, awaited))
            break
        else:
            made = None
    return "\n".join(lines)


def tell():
    tasks = [task for task in asyncio.all_tasks() if not task.done()]
    stacks = [stack_of(task.get_coro()) for task in tasks]
    print(json.dumps([collections.Counter(stacks), sorted(task.get_name() for task in tasks)]))
    sys.stdout.flush()


# ---- the test


def facts_of(ouro, process, folder):
    path = os.path.join(folder, "tasks.ouro")
    subprocess.run([ouro, "attach", "--force", str(process.pid), "-o", path], check=True,
                   stdout=subprocess.DEVNULL)
    said = subprocess.run([ouro, "info", "--json", path], check=True, stdout=subprocess.PIPE)
    return json.loads(said.stdout.decode())["facts"]


def ours(facts):
    """{stack: tasks} of the tasks that are not done, and the name of one of each."""
    stacks, names = collections.Counter(), []
    for key, text in facts.items():
        if not key.startswith("tasks "):
            continue
        count, like, rest = text.partition(" like ")
        if text.endswith(", finished"):
            continue
        stacks[facts["stack of " + key]] += int(count) if like else 1
        names.append((rest or text).partition(":")[0])
    return stacks, names


def compare(ouro, interpreter, folder):
    command = interpreter.command + ["-W", "ignore", os.path.abspath(__file__), "program"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        theirs, names = json.loads(process.stdout.readline().decode())
        facts = facts_of(ouro, process, folder)
        stacks, our_names = ours(facts)
        problems = []
        if stacks != theirs:
            problems.append("Python: %s\nOuro: %s" % (theirs, stacks))
        if not set(our_names) <= set(names):
            problems.append("no names of tasks: %s" % sorted(set(our_names) - set(names)))
        if process.poll() is not None:
            problems.append("the program has ended: %s" % process.returncode)
        print("%s: %d tasks, %d stacks" % (interpreter.label, sum(stacks.values()), len(stacks)))
        for problem in problems:
            print("  " + problem)
        return not problems
    finally:
        process.kill()
        process.wait()


def main():
    sys.path.insert(0, os.path.dirname(HERE))
    from interpreters import find_interpreters

    found = find_interpreters()
    if not found:
        print("no CPython 3.8 to 3.15 found")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        results = [compare(os.path.abspath(sys.argv[1]), each, folder) for each in found]
    return 0 if all(results) else 1


if __name__ == "__main__":
    if sys.argv[1] == "program":
        asyncio.run(begin_all())
    else:
        sys.exit(main())
