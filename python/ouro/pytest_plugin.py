"""pytest --ouro-leaks: tests that leave objects behind fail.

After each test the plugin looks at what has come to the heap since it began. A test under suspicion is
run again in a copy of the process (ouro.leaktest.copies): what each run leaves alive is a leak, what
only the first leaves is a cache that has filled. The failure says which classes, how many, and who
holds them; the section "ouro leaks" of the summary says which cycles tests made for the collector.

The guide: docs/guide/leak-tests.md.
"""

# Annotations stay text: older versions of pytest have not all the classes they name.
from __future__ import annotations

import gc
import json
import os
import shutil
import time
from types import CodeType
from typing import Any, List, Optional, Sequence

import pytest
from _pytest._code.code import ReprEntryNative, ReprExceptionInfo, ReprFileLocation, ReprTraceback
from _pytest.runner import runtestprotocol

from ouro._words import counted
from ouro.leaktest import words
from ouro.leaktest.caches import BoundedCaches
from ouro.leaktest.containers import Containers
from ouro.leaktest.copies import NotKnown, leaks_of
from ouro.leaktest.cycles import collect_cycles
from ouro.leaktest.found import Cycle, Found
from ouro.leaktest.holders import is_of_framework
from ouro.leaktest.marks import Mark, reachable_among
from ouro.leaktest.rules import RuleError, Rules

_MARKER = (
    "ouro_leaks(limit=0, allow=(), types=(), cycles=None, skip=False): fail the test when it leaks. "
    "limit: objects of a class that may stay; allow: classes that may; types: only these are "
    "looked at; cycles: 'tell', 'fail' or 'ignore'; skip: do not look at this test."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("ouro", "leaks (ouro)")
    group.addoption(
        "--ouro-leaks", action="store_true", help="fail tests that leave objects alive each time they run"
    )
    group.addoption(
        "--ouro-leaks-runs",
        type=int,
        default=3,
        metavar="N",
        help="a leak is what each of N repeated runs leaves (3)",
    )
    group.addoption(
        "--ouro-leaks-cycles",
        choices=("tell", "fail", "ignore"),
        default="tell",
        help="what becomes of cycles that the collector had to find (tell)",
    )
    group.addoption("--ouro-leaks-json", metavar="FILE", help="write what was found to FILE, too")
    parser.addini("ouro_leaks_allow", "classes whose objects tests may leave alive", type="linelist")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)
    if not _IS_KNOWN:
        if config.getoption("ouro_leaks"):
            raise pytest.UsageError("--ouro-leaks needs pytest 7 or newer")
        return
    if config.getoption("ouro_leaks_runs") < 1:
        raise pytest.UsageError("--ouro-leaks-runs takes a number from 1 on")
    path = config.getoption("ouro_leaks_json")
    if path and not os.path.isdir(os.path.dirname(path) or "."):
        raise pytest.UsageError("--ouro-leaks-json %s: there is no such folder" % path)
    if config.getoption("collectonly", False):
        return
    config.pluginmanager.register(LeakTests(config), "ouro_leak_tests")


@pytest.fixture
def ouro_leaks(request: pytest.FixtureRequest) -> Rules:
    """Looks at this test also without --ouro-leaks; `ouro_leaks.limit = 2`, `ouro_leaks.allow("Symbol")`
    say what may stay."""
    rules: Rules = request.node.stash.setdefault(_RULES, Rules())
    return rules


# Every session of pytest loads this file; before version 7 it has nothing to keep things in.
_IS_KNOWN = hasattr(pytest, "StashKey")
if _IS_KNOWN:
    _RULES = pytest.StashKey[Rules]()
    _WRONG_MARKER = pytest.StashKey[str]()


class LeakTests:
    """Runs the tests, on a worker of xdist too, and tells what it found, on the one that reports."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.found: List[Found] = []  # what reports brought, by test
        self.seconds = 0.0  # spent on looking, beyond the tests themselves
        self.tests = self.copies = 0
        self._caches = BoundedCaches()
        self._containers = Containers()
        self._is_marked = False
        self._unwritten = ""  # why there is no JSON

    # ---- running a test

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: Optional[pytest.Item]
    ) -> Optional[bool]:
        try:
            rules = self._rules_for(item)
        except RuleError as error:
            item.stash[_WRONG_MARKER] = "@pytest.mark.ouro_leaks: %s" % error
            return None
        if rules is None:
            return None
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        began = time.perf_counter()
        if not self._is_marked:
            self._caches.look_through(gc.get_objects())
            self._containers.look()
            self._is_marked = True
        mark = Mark()
        ran = time.perf_counter()
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
        took = time.perf_counter() - ran
        found = None
        if _have_passed(reports):
            rules = rules.joined(item.stash.get(_RULES, None))
            found = self._judge(item, nextitem, rules, mark, reports, took)
        if found is not None:
            _tell(item, found, reports)
        self._lift_at_end_of_module(item, nextitem)
        spent = time.perf_counter() - began - took
        told: Found = {**(found or {}), "test": item.nodeid, "seconds": spent}
        setattr(reports[-1], "ouro_leaks", told)
        for report in reports:
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A marker that is wrong is an error of its test alone."""
        if _WRONG_MARKER in item.stash:
            pytest.fail(item.stash[_WRONG_MARKER], pytrace=False)

    def _rules_for(self, item: pytest.Item) -> Optional[Rules]:
        """None where the test is not to be looked at. Raises RuleError."""
        rules = Rules(
            allow=self.config.getini("ouro_leaks_allow"),
            cycles=self.config.getoption("ouro_leaks_cycles"),
        )
        is_wanted = self.config.getoption("ouro_leaks") or "ouro_leaks" in getattr(
            item, "fixturenames", ()
        )
        for marker in reversed(list(item.iter_markers("ouro_leaks"))):
            is_wanted = True
            rules = rules.joined(Rules.from_marker(*marker.args, **marker.kwargs))
        return rules if is_wanted and not rules.skip else None

    def _judge(
        self,
        item: pytest.Item,
        nextitem: Optional[pytest.Item],
        rules: Rules,
        mark: Mark,
        reports: List[pytest.TestReport],
        took: float,
    ) -> Optional[Found]:
        """What is to be said of the test, or None."""
        found: Found = {}
        cycles = self._cycles(item, rules)
        if cycles:
            found["cycles"] = cycles
            found["fail_on_cycles"] = rules.cycles == "fail"
        if self._is_suspect(item, mark, reports, cycles, found):
            found["copied"] = True
            self._run_again(item, nextitem, rules, took, found)
        return found or None

    def _run_again(
        self,
        item: pytest.Item,
        nextitem: Optional[pytest.Item],
        rules: Rules,
        took: float,
        found: Found,
    ) -> None:
        runs = self.config.getoption("ouro_leaks_runs")
        try:
            test = CopiedTest(item, nextitem, rules)
            leaks = leaks_of(test, runs, took, self._caches, self._containers)
        except NotKnown as reason:
            found["unknown"] = str(reason)
            return
        leaks = [leak for leak in leaks if rules.forbids(leak)]
        if leaks:
            found["leaks"] = leaks
            found["runs"] = runs

    def _cycles(self, item: pytest.Item, rules: Rules) -> List[Cycle]:
        if rules.cycles == "ignore":
            return []
        test_file = str(item.path)
        _, shapes = collect_cycles(lambda code: _is_of_test(code, test_file))
        return [
            {
                "shape": shape.text,
                "make_weak": shape.make_weak,
                "groups": shape.groups,
                "objects": shape.objects,
            }
            for shape in shapes
        ]

    def _is_suspect(self, item: pytest.Item, mark: Mark, *ours: Any) -> bool:
        # Asked for in any case: the next test's growth is counted from here.
        if self._containers.growth():
            return True
        framework = framework_objects(item, self, *ours)
        new = mark.new_objects()
        if mark.was_disturbed(new):
            return True
        self._caches.look_through_new(new)
        known = reachable_among(framework, new)
        known.update(map(id, (new, framework, ours, *ours)))
        # No generator: its frame and cells would be new, too.
        for one in new:
            if id(one) not in known and not is_of_framework(one):
                return True
        return False

    def _lift_at_end_of_module(self, item: pytest.Item, nextitem: Optional[pytest.Item]) -> None:
        """Old garbage is found once a module."""
        if nextitem is None or nextitem.getparent(pytest.Module) is not item.getparent(pytest.Module):
            Mark.lift()
            self._is_marked = False

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._is_marked:
            Mark.lift()
        path = self.config.getoption("ouro_leaks_json")
        if path and not hasattr(self.config, "workerinput"):
            self._write_json(path)
            if self._unwritten:
                session.exitstatus = pytest.ExitCode.USAGE_ERROR

    # ---- telling

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        found: Optional[Found] = getattr(report, "ouro_leaks", None)
        if found is None or hasattr(self.config, "workerinput"):
            return
        self.tests += 1
        self.copies += bool(found.get("copied"))
        self.seconds += found["seconds"]
        if found.keys() & {"leaks", "cycles", "unknown"}:
            self.found.append(found)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.tests and not self._unwritten:
            return
        width = terminalreporter._tw.fullwidth
        terminalreporter.section("ouro leaks")
        for line in self._summary(width):
            terminalreporter.write_line(line)

    def _summary(self, width: int) -> List[str]:
        lines = words.wrapped(self._unwritten, width) if self._unwritten else []
        lines += words.leak_lines(self.found, width)
        lines += words.cycle_lines(self.found, width)
        for found in self.found:
            if "unknown" in found:
                text = "%s: nobody knows whether it leaks: %s" % (found["test"], found["unknown"])
                lines += words.wrapped(text, width)
        leaky = sum("leaks" in found for found in self.found)
        lines += words.wrapped(
            "%s of %s %s; {:,} {} run again in a copy; looking took {:.2f} s".format(
                self.copies, "was" if self.copies == 1 else "were", self.seconds
            )
            % (
                leaky or "none",
                counted(self.tests, "test"),
                "leaks" if leaky < 2 else "leak",
            ),
            width,
        )
        return lines

    def _write_json(self, path: str) -> None:
        document = {
            "format": "ouro leaks 1",
            "tests": self.tests,
            "run_again": self.copies,
            "seconds": round(self.seconds, 3),
            "found": [
                {key: found[key] for key in ("test", "leaks", "cycles", "unknown") if key in found}
                for found in self.found
            ],
        }
        try:
            with open(path, "w", encoding="utf-8") as file:
                json.dump(document, file, indent=2)
                file.write("\n")
        except OSError as error:
            # The results of the run are still to come.
            self._unwritten = "--ouro-leaks-json %s: %s" % (path, error.strerror)


#: How pytest begins the failure of what was to fail.
_STRICT = "[XPASS(strict)]"


def _tell(item: pytest.Item, found: Found, reports: Sequence[pytest.TestReport]) -> None:
    """A leak fails the test: it has run, and what it left is what is wrong with it."""
    text = ""
    if "leaks" in found:
        width = min(shutil.get_terminal_size().columns, 100)
        text = words.explanation(found["leaks"], found["runs"], width)
    elif found.get("fail_on_cycles"):
        shapes = "\n".join("  " + words.cycle_line(shape) for shape in found["cycles"])
        text = "makes cycles for the collector to find:\n\n%s" % shapes
    if text:
        report = next((one for one in reports if one.when == "call"), reports[-1])
        expects_error = any("raises" in mark.kwargs for mark in item.iter_markers("xfail"))
        if _is_unexpected_pass(report) and not expects_error:
            # The leak is the failure that xfail expects.
            reason = str(report.longrepr or "").replace(_STRICT, "", 1).strip()
            report.outcome = "skipped"
            report.wasxfail = getattr(report, "wasxfail", "") or reason or "it leaks"
        else:
            report.outcome = "failed"
            if hasattr(report, "wasxfail"):
                del report.wasxfail
        report.longrepr = _failure(report, text)


def _failure(report: pytest.TestReport, text: str) -> ReprExceptionInfo:
    """With a sentence for the short summary: of a bare text that shows the whole, in CI."""
    path, line, _ = report.location
    sentence = " ".join(text.split("\n\n", 1)[0].split()).rstrip(":")
    return ReprExceptionInfo(
        reprtraceback=ReprTraceback([ReprEntryNative([text + "\n"])], None, "native"),
        reprcrash=ReprFileLocation(path, (line or 0) + 1, sentence),
    )


def _have_passed(reports: Sequence[pytest.TestReport]) -> bool:
    return all(report.passed or _is_unexpected_pass(report) for report in reports)


def _is_unexpected_pass(report: pytest.TestReport) -> bool:
    """Of a test that is marked xfail."""
    return report.when == "call" and (
        (report.passed and hasattr(report, "wasxfail"))
        or (report.failed and str(report.longrepr).startswith(_STRICT))
    )


def _is_of_test(code: CodeType, test_file: str) -> bool:
    return code.co_filename == test_file or "_pytest" in code.co_filename


def framework_objects(item: pytest.Item, *others: Any) -> List[Any]:
    """What pytest keeps of a test beyond it, such as records, reports and values of fixtures."""
    plugins = item.config.pluginmanager
    fixtures = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    logging = plugins.getplugin("logging-plugin")
    owners = [item, item.stash, item.parent, item.session, item.session._setupstate, item.config, logging]
    for handler in (getattr(logging, name, None) for name in ("caplog_handler", "report_handler")):
        owners.append(handler)
        if handler is not None:
            # Up to 3.11 a StringIO keeps lists that it does not show to the collector, until it is
            # read from.
            handler.stream.readline()
    for fixture in (one for alternatives in fixtures.values() for one in alternatives):
        # Those of a wider scope collect what is to be done at the end of each test.
        owners += [fixture, getattr(fixture, "_finalizers", None)]
    owners += others
    return owners + [getattr(owner, "__dict__", None) for owner in owners]


class CopiedTest:
    """The test in a copy of the process: what ouro.leaktest.copies runs."""

    def __init__(self, item: pytest.Item, nextitem: Optional[pytest.Item], rules: Rules) -> None:
        self._item, self._nextitem = item, nextitem
        self.allows = rules.allows
        self._is_first = True

    def run(self) -> bool:
        """Whether it passed."""
        if self._is_first:
            self._is_first = False
            self._capture_anew()
        del self._item.user_properties[:]
        reports = runtestprotocol(self._item, log=False, nextitem=self._nextitem)
        return _have_passed(reports)

    def framework_objects(self) -> List[Any]:
        return framework_objects(self._item, self)

    def _capture_anew(self) -> None:
        """The files that output is captured in are shared with the process this is a copy of."""
        capture = self._item.config.pluginmanager.getplugin("capturemanager")
        if capture is not None:
            capture.stop_global_capturing()
            capture.start_global_capturing()
            capture.suspend_global_capture()


def pytest_report_header(config: pytest.Config) -> Optional[str]:
    if config.getoption("ouro_leaks"):
        return "ouro leaks: on; a test under suspicion runs up to %d times more, in a copy" % (
            config.getoption("ouro_leaks_runs") + 2
        )
    return None
