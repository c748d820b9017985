"""pytest --ouro-leaks on every CPython that is found: what it says of the tests in program/leaky.py.

    python3 test_plugin.py           all of them; OURO_PYTHONS names others (tests/python/interpreters.py)

What hangs on the plugin alone, its options, what it prints and the processes of xdist, is tested on
the oldest and the newest.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "python"))
import interpreters  # noqa: E402

CONNECTION = "app.Connection"
#: test: classes and numbers that leak first, and who holds them
LEAKS = {
    "test_leaves_a_connection": (CONNECTION, 1, "app._CONNECTIONS[]"),
    "test_leaves_a_dict": ("dict", 1, "app._CONNECTIONS[]"),
    "test_leaves_text": ("str", 1, "app._LOG[]"),
    "test_leaves_a_record": ("dict", 1, "app._LOG[]"),
    "test_leaves_numbers_in_an_object": ("int", 1, "app.registry.ages[]"),
    "test_leaves_names_in_a_class": ("str", 1, "app.Registry.names[]"),
    "test_leaves_it_in_a_class_attribute": (CONNECTION, 1, "app.Connection.instances[]"),
    "test_cache_that_grows": (CONNECTION, 1, "app._TEMPLATES[]"),
    "test_cache_without_limit": (CONNECTION, 1, "app.unbounded[]"),
    "test_error_that_is_kept": ("ValueError", 1, "app._ERRORS[]"),
    "test_leaves_one_for_two[2]": (CONNECTION, 1, "app._CONNECTIONS[]"),
    "TestOfUnittest::test_leaves_a_connection": (CONNECTION, 1, "app._CONNECTIONS[]"),
    "test_asynchronous_leak": (CONNECTION, 1, "app._CONNECTIONS[]"),
    "test_leaves_more_than_it_may": (CONNECTION, 2, "app._CONNECTIONS[]"),
}
CYCLES = {
    "test_makes_a_cycle": {"app.Connection.handler", "app.Handler._connection"},
    "test_fails_for_cycles": {"app.Connection.handler", "app.Handler._connection"},
    "test_makes_a_cycle_of_slots": {"app.Slotted.peer"},
}
UNKNOWN = {
    "test_runs_once": "it fails when it is run again",
    "test_unfreezes": "it calls gc.unfreeze()",
}
MAKE_CLASSES = frozenset({"test_class_of_its_own", "test_generic_of_its_own", "test_mocks"})
FAILED = set(LEAKS) | {"test_fails", "test_fails_for_cycles"}


class Done:
    def __init__(self, status, output, document):
        self.status, self.output, self.document = status, output, document

    def by_test(self, what):
        return {
            found["test"].partition("::")[2]: found[what]
            for found in (self.document or {}).get("found", ())
            if what in found
        }

    def failed(self):
        return set(re.findall(r"^FAILED [^:]*?\.py::(\S+)", self.output, re.MULTILINE))

    def section(self):
        return self.output.partition("= ouro leaks =")[2].partition("\n===")[0]


def of_the_plugin_alone(test):
    """Marks a test that is the same, or nearly, whatever looks at the heap."""
    test.is_of_the_plugin_alone = True
    return test


class PluginTest:
    """One for each interpreter, below."""

    interpreter = None
    packages = None

    @classmethod
    def setUpClass(cls):
        version = "%d.%d" % cls.interpreter.version[:2]
        done = subprocess.run(
            [sys.executable, str(ROOT / "scripts" / "test_packages"), version],
            stdout=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise unittest.SkipTest("no pytest for %s" % version)
        cls.packages = done.stdout.strip()

    def pytest(self, *options, width=80, folder=HERE / "program", in_ci=False):
        """`in_ci`: as pytest prints where CI runs it, with whole messages in its short summary."""
        where = folder
        # Of all folders, an interpreter behind scripts/with_sid sees those of the checkout.
        (ROOT / "build").mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
            report = pathlib.Path(folder) / "leaks.json"
            environment = dict(
                os.environ,
                PYTHONPATH=os.pathsep.join([self.packages, str(ROOT / "python"), str(where)]),
                PYTHONDONTWRITEBYTECODE="1",
                COLUMNS=str(width),
            )
            for name in ("CI", "BUILD_NUMBER"):
                environment.pop(name, None)
            if in_ci:
                environment["CI"] = "1"
            done = subprocess.run(
                self.interpreter.command
                + ["-m", "pytest", "-p", "ouro.pytest_plugin", "-p", "no:cacheprovider", "-q", "-rf",
                   "-c", os.devnull, "--rootdir", str(where),
                   "--ouro-leaks-json", str(report), *options],
                cwd=where, env=environment, text=True, timeout=300,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            )  # fmt: skip
            document = json.loads(report.read_text()) if report.exists() else None
        return Done(done.returncode, done.stdout, document)

    def check_findings(self, done, immortal=frozenset()):
        """`immortal`: tests whose classes this interpreter never frees."""
        found = done.by_test("leaks")
        self.assertLessEqual(immortal, set(found), done.output)
        firsts = {test: leaks[0] for test, leaks in found.items() if test not in immortal}
        self.assertEqual(
            {test: (leak["class"], leak["objects"], *leak["held_by"]) for test, leak in firsts.items()},
            LEAKS,
            done.output,
        )
        self.assertEqual(done.by_test("unknown"), UNKNOWN, done.output)
        cycles = {
            test: {step.strip() for shape in shapes for step in shape["shape"].split("->")} - {""}
            for test, shapes in done.by_test("cycles").items()
        }
        self.assertEqual(cycles, CYCLES, done.output)
        self.assertEqual(done.failed() - immortal, FAILED, done.output)
        self.assertEqual(done.status, 1)

    def test_tells_leaks_from_what_looks_so(self):
        self.check_findings(self.pytest("--ouro-leaks", "leaky.py"))

    @of_the_plugin_alone
    def test_works_with_xdist(self):
        # xdist starts a thread, and once there is one CPython 3.13t makes all classes immortal.
        python = self.interpreter
        has_immortal_classes = python.is_free_threaded and python.version[:2] == (3, 13)
        self.check_findings(
            self.pytest("--ouro-leaks", "-n", "2", "leaky.py"),
            MAKE_CLASSES if has_immortal_classes else frozenset(),
        )

    def test_looks_at_tests_that_ask_for_it(self):
        done = self.pytest("leaky.py")
        self.assertEqual(set(done.by_test("leaks")), {"test_leaves_more_than_it_may"})
        self.assertEqual(done.document["tests"], 7)

    @of_the_plugin_alone
    def test_reads_what_may_stay_from_the_configuration(self):
        allow = "ouro_leaks_allow=Connection dict ValueError str int"
        some = ["-k", "leaves or cache"]
        done = self.pytest("--ouro-leaks", "-o", allow.replace(" ", "\n"), "leaky.py", *some)
        self.assertEqual(done.by_test("leaks"), {}, done.output)

    @of_the_plugin_alone
    def test_gives_the_short_summary_a_sentence_in_ci(self):
        for options in ([], ["-n", "2"]):
            done = self.pytest("--ouro-leaks", *options, "leaky.py", "-k", "cache_with", in_ci=True)
            summary = [line for line in done.output.splitlines() if line.startswith("FAILED ")]
            self.assertEqual(set(done.by_test("leaks")), {"test_cache_without_limit"}, done.output)
            self.assertEqual(len(summary), 1, done.output)
            for line in summary:
                self.assertRegex(line, r" - leaves .* alive each time it runs: .*\.$", done.output)
            self.assertEqual(done.output.count("It was run again"), len(summary), done.output)

    @of_the_plugin_alone
    def test_ignores_cycles_where_that_is_wanted(self):
        done = self.pytest("--ouro-leaks", "--ouro-leaks-cycles=ignore", "leaky.py", "-k", "cycle")
        self.assertEqual(set(done.by_test("cycles")), {"test_fails_for_cycles"}, done.output)

    @of_the_plugin_alone
    def test_fits_the_width(self):
        done = self.pytest("--ouro-leaks", "leaky.py", "-k", "connection or record", width=72)
        words = [line for line in done.section().splitlines() if len(line) > 72]
        self.assertEqual([line for line in words if " " in line.strip()], [], done.output)
        self.assertIn("app._CONNECTIONS[] holds it", " ".join(done.section().split()))

    @of_the_plugin_alone
    def test_prints_what_the_guide_shows(self):
        if self.interpreter.is_free_threaded:
            self.skipTest("a collector without lists meets a cycle at another of its objects")
        folder = ROOT / "examples" / "python" / "leak_tests"
        done = self.pytest("--ouro-leaks", width=100, folder=folder)
        expected = (folder / "test_shop.expected").read_text()
        # What follows is pytest's, and not the same in all its versions.
        ours = re.search("leaves 1.*?looking took [^\n]*\n", expected, re.DOTALL)
        wanted = re.escape(ours.group()).replace(re.escape("{{number}}"), r"[0-9.]+")
        printed = "\n".join(line.rstrip() for line in done.output.splitlines()) + "\n"
        self.assertRegex(printed, wanted)

    @of_the_plugin_alone
    def test_takes_marks_as_pytest_does(self):
        for options in ([], ["-n", "2"]):
            done = self.pytest("--ouro-leaks", *options, "marked.py")
            self.assertRegex(done.output, r"2 failed, 2 passed, 2 xfailed, 2 errors", done.output)
            self.assertIn("@pytest.mark.ouro_leaks: limit='a' is no number", done.output)
            self.assertIn("allow=5 is no class and no list of classes", done.output)
            self.assertEqual(
                done.failed(),
                {"test_has_to_leak_and_does_not", "test_is_to_raise_and_leaks"},
                done.output,
            )

    @of_the_plugin_alone
    def test_advises_what_to_allow(self):
        done = self.pytest("--ouro-leaks", "background.py")
        leaks = done.by_test("leaks")
        firsts = {test: found[0]["class"] for test, found in leaks.items()}
        self.assertEqual(
            firsts,
            {
                "test_leaves_a_thread": "threading.Thread",
                "test_leaves_a_task": "_asyncio.Task",
                "test_leaves_an_entry_of_a_cache": "background.Owner",
            },
            done.output,
        )
        advised = re.findall(r"allow=\[(.*?)\]", done.output, re.DOTALL)
        self.assertEqual(len(advised), 3, done.output)
        allow = {name.strip().strip("'") for names in advised for name in names.split(",")}
        # What C code keeps of a thread's arguments from 3.14 on shows when all else may stay.
        if self.interpreter.version >= (3, 14):
            allow.add("dict")
        done = self.pytest(
            "--ouro-leaks", "-o", "ouro_leaks_allow=" + "\n".join(sorted(allow)), "background.py"
        )
        self.assertEqual(done.by_test("leaks"), {}, done.output)

    @of_the_plugin_alone
    def test_ends_with_an_error_where_no_json_can_be_written(self):
        done = self.pytest("--ouro-leaks", "--ouro-leaks-json=/", "leaky.py", "-k", "cache_with")
        self.assertEqual(done.status, 4, done.output)
        self.assertIn("--ouro-leaks-json /: Is a directory", done.output)
        self.assertIn("run again in a copy", done.output)

    @of_the_plugin_alone
    def test_says_what_is_wrong_with_an_option(self):
        done = self.pytest("--ouro-leaks", "--ouro-leaks-json=/nowhere/x.json", "leaky.py")
        self.assertEqual(done.status, 4)
        self.assertIn("--ouro-leaks-json /nowhere/x.json: there is no such folder", done.output)
        done = self.pytest("--ouro-leaks", "--ouro-leaks-runs=0", "leaky.py")
        self.assertEqual(done.status, 4)
        self.assertIn("--ouro-leaks-runs takes a number from 1 on", done.output)


def load_tests(loader, _tests, _pattern):
    suite = unittest.TestSuite()
    found = interpreters.find_interpreters()
    # Debug builds take several times as long.
    fast = [one for one in found if not one.is_debug] or found
    for one in found:
        name = "PluginTest_" + re.sub(r"\W", "_", one.label)
        case = type(name, (PluginTest, unittest.TestCase), {"interpreter": one})
        is_at_an_end = one in (fast[0], fast[-1])
        for test in loader.getTestCaseNames(case):
            if is_at_an_end or not hasattr(getattr(case, test), "is_of_the_plugin_alone"):
                suite.addTest(case(test))
    return suite


if __name__ == "__main__":
    unittest.main()
