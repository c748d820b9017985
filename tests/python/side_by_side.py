"""Runs the tests of a file at the same time: those that watch programs wait more than they work."""

import concurrent.futures
import subprocess
import sys
import unittest

AT_ONCE = 4


def main(words, longest=""):
    """As unittest.main(argv=words), each test in a process of its own, which is given what this one was;
    `longest` begins first. With tests or options among the words it is unittest.main."""
    if len(words) > 1:
        unittest.main(argv=words)
    tests = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    names = [test.id().partition(".")[2] for test in tests_of(tests)]
    names.sort(key=lambda name: name != longest)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        failed = [name for name, passed in zip(names, pool.map(passes, names)) if not passed]
    print("%d tests, %d failed" % (len(names), len(failed)), *failed, sep="\n  ")
    sys.exit(bool(failed) or not names)


def tests_of(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from tests_of(test)
        else:
            yield test


def passes(name):
    done = subprocess.run([sys.executable, *sys.argv, name], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)  # fmt: skip
    # One write a test: the outputs of several are not to be mixed.
    sys.stdout.write("---- %s\n%s" % (name, done.stdout))
    sys.stdout.flush()
    return done.returncode == 0
