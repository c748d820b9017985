"""greenlets.py OURO: attaches to a program whose functions wait in greenlets, in every CPython found
for which PyPI has the package greenlet, and compares what Ouro says of them with what Python itself
says.

    greenlets.py program    is that program: it prints a line, waits for one, and prints the stacks
"""

import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
SKIPPED = 77


# ---- the program: what is Held is held by a variable of that name, in a function of that name


class Held:
    pass


def begin_all():
    import greenlet

    main = greenlet.getcurrent()

    def waits(given):
        in_waits = Held()
        main.switch()
        return in_waits, given

    def called_by_c(given):
        in_called_by_c = Held()
        list(map(waits, [given]))
        return in_called_by_c

    def generator(given):
        in_generator = Held()
        yield called_by_c(given)
        return in_generator

    def serve():
        in_serve = Held()
        for _ in generator(in_serve):
            pass

    def deep(left):
        if left:
            deep(left - 1)
        else:
            main.switch()

    def makes_another():
        # Only this variable leads to it, and it has the stack that is copied away.
        other = greenlet.greenlet(serve)
        other.switch()

    class Greenlet(greenlet.greenlet):
        """gevent's is a subclass, too."""

    greenlets = [Greenlet(serve) for _ in range(22)] + [greenlet.greenlet(makes_another)]
    for each in greenlets:
        each.switch()
    greenlets.append(greenlet.greenlet(deep))
    greenlets[-1].switch(40)
    never, over = greenlet.greenlet(serve), greenlet.greenlet(lambda: None)
    over.switch()
    print("ready", flush=True)
    sys.stdin.readline()
    other = greenlets[22].gr_frame.f_locals.get("other")
    waiting = greenlets + ([other] if other is not None and other.gr_frame is not None else [])
    print(json.dumps([stack_of(each.gr_frame) for each in waiting]), flush=True)
    sys.stdin.readline()
    return never, over


def stack_of(frame):
    lines = []
    while frame is not None:
        name = getattr(frame.f_code, "co_qualname", frame.f_code.co_name)
        lines.append("%s %s:%d" % (name, frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back
    return "\n".join(lines)


# ---- the test


def answer(ouro, *words):
    done = subprocess.run([ouro] + list(words) + ["--json"], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout.decode())


def roots_of_held(ouro, path):
    """The names of what holds the objects of class Held directly."""
    names = set()
    for number in range(1, 17):
        why = answer(ouro, "why", path, "Held#%d" % number, "-n", "0")
        names |= {each["root"]["name"] for each in why["paths"] if len(each["steps"]) == 1}
        names |= {each["name"] for each in why["other_roots"]}
    return names


def problems_of(ouro, path, stacks):
    facts = answer(ouro, "info", path)["facts"]
    ours = sorted(facts["stack" + key[6:]] for key, text in facts.items()
                  if key.startswith("thread ") and text.startswith("greenlet"))  # fmt: skip
    if ours != sorted(stacks):
        yield "stacks: Python says %s, Ouro %s" % (sorted(stacks), ours)
    if facts["greenlets"] != str(len(stacks)) or facts["threads"] != "1":
        yield "%s greenlets, %s threads" % (facts["greenlets"], facts["threads"])
    if "counts below known references" in facts:
        yield "counts below known references: %s" % facts["counts below known references"]
    unexplained = answer(ouro, "garbage", path, "--counts")
    for row in unexplained["types"]:
        if row["type"] in ("Held", "__main__.Held", "frame", "generator", "function"):
            yield "not explained: %s" % row
    report = subprocess.run([ouro, "report", path], check=True, stdout=subprocess.PIPE)
    said = rb"\n1\. 23 greenlets wait at the same place, \S*waits greenlets.py:\d+: "
    if not re.search(said, report.stdout):
        yield "the report does not name the greenlets:\n%s" % report.stdout.decode()
    roots = roots_of_held(ouro, path)
    for name in ("in_waits", "in_called_by_c", "in_generator", "in_serve"):
        root = r"thread \d+ \(greenlet\), frame \S*%s greenlets.py:\d+, local %s"
        if not any(re.fullmatch(root % (name[3:], name), each) for each in roots):
            yield "nothing is held by %s: %s" % (name, sorted(roots))


def compare(ouro, interpreter, packages, folder):
    command = interpreter.command + ["-W", "ignore", os.path.abspath(__file__), "program"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               env=dict(os.environ, PYTHONPATH=packages))  # fmt: skip
    path = os.path.join(folder, "greenlets.ouro")
    try:
        if process.stdout.readline().strip() != b"ready":
            print("%s: greenlet cannot be imported" % interpreter.label)
            return None
        subprocess.run([ouro, "attach", "--force", str(process.pid), "-o", path], check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        process.stdin.write(b"\n")
        process.stdin.flush()
        stacks = json.loads(process.stdout.readline().decode())
        problems = list(problems_of(ouro, path, stacks))
        process.stdin.write(b"\n")
        process.stdin.close()
        if process.wait(30) != 0:
            problems.append("the program has ended: %s" % process.returncode)
        print("%s: %d greenlets, %d functions" % (interpreter.label, len(stacks),
              sum(stack.count("\n") + 1 for stack in stacks)))  # fmt: skip
        for problem in problems:
            print("  " + problem)
        return not problems
    finally:
        process.kill()
        process.wait()


def packages_for(interpreter):
    """The folder with greenlet, or None: there are wheels for ordinary builds alone."""
    if interpreter.is_debug or interpreter.is_free_threaded:
        return None
    done = subprocess.run([sys.executable, os.path.join(ROOT, "scripts", "test_packages"),
                           "3.%d" % interpreter.minor, "--compiled"],
                          stdout=subprocess.PIPE)  # fmt: skip
    return done.stdout.decode().strip() if done.returncode == 0 else None


def main():
    sys.path.insert(0, os.path.dirname(HERE))
    from interpreters import find_interpreters

    results = []
    with tempfile.TemporaryDirectory() as folder:
        for interpreter in find_interpreters():
            if interpreter.minor >= 15:
                print("%s: left out, there frames are objects of their own" % interpreter.label)
                continue
            packages = packages_for(interpreter)
            if packages is None:
                print("%s: left out, PyPI has no greenlet for it" % interpreter.label)
                continue
            results.append(compare(os.path.abspath(sys.argv[1]), interpreter, packages, folder))
    results = [result for result in results if result is not None]
    if not results:
        print("no CPython 3.8 to 3.15 with greenlet found")
        return SKIPPED
    return 0 if all(results) else 1


if __name__ == "__main__":
    if sys.argv[1] == "program":
        begin_all()
    else:
        sys.exit(main())
