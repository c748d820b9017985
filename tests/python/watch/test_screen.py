#!/usr/bin/env python3
"""The screen of `ouro watch` on an emulated terminal: what it shows, what keys do, how it ends.

    test_screen.py --command build/dev/bin/ouro --folder build/dev/...

Needs pyte, from PyPI (tests/requirements.txt).
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, os.pardir))
sys.path.insert(0, os.path.join(HERE, os.pardir, "attach"))

import side_by_side  # noqa: E402
from attached_program import arguments_of_test  # noqa: E402
from pypi import use_packages  # noqa: E402

use_packages()
try:
    from emulated_terminal import Terminal
except ImportError:
    print("skipped: no pyte (from PyPI)")
    sys.exit(77)

arguments = None

LEAK = """
import time
class Connection: pass
kept = []
print("ready", flush=True)
while True:
    for _ in range(10):
        c = Connection(); c.packets = [b"x" * 1000 + str(len(kept)).encode()]; kept.append(c)
    time.sleep(0.02)
"""


class Screen(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(dir=arguments.folder)
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.program = subprocess.Popen([sys.executable, "-c", LEAK], stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end_program)
        self.assertEqual(self.program.stdout.readline(), "ready\n")

    def end_program(self):
        self.program.kill()
        self.program.wait()
        self.program.stdout.close()

    def screen(self, *words, **more):
        terminal = Terminal([arguments.command, "watch", str(self.program.pid), *words], **more)
        self.addCleanup(terminal.close)
        return terminal

    def check_left(self, terminal, code=0):
        self.assertEqual(terminal.wait(), code)
        self.assertTrue(terminal.is_as_before())

    def test_shows_memory_types_and_a_verdict(self):
        terminal = self.screen()
        terminal.wait_for("looks: ")
        for text in ("(python", "CPython 3.", "rss", "uss", "pss", "Too early to say", "Connection",
                     "ago", "now", "q quit", "collector:"):
            self.assertIn(text, terminal.text)
        # Curves in Braille.
        self.assertTrue(any(0x2801 <= ord(letter) <= 0x28FF for letter in terminal.text))
        terminal.wait_for("Memory has grown for", 90)
        words = " ".join(terminal.text.split())
        self.assertIn("and objects with it", words)
        self.assertIn("Connection (+", words)
        terminal.type("q")
        self.check_left(terminal)

    def test_sorts_and_filters(self):
        terminal = self.screen()
        terminal.wait_for("looks: ")

        def types():
            lines = terminal.text.split("\n")
            begin = next(at for at, line in enumerate(lines) if line.startswith(" type"))
            return [line.split()[0] for line in lines[begin + 1:-1] if line.split()]

        terminal.type("b")
        self.assertNotEqual(types()[0], "Connection")
        terminal.type("o")
        self.assertIn("str", types()[:4])
        terminal.type("/")
        self.assertIn('type with "_', terminal.text)
        terminal.type("conn")
        self.assertEqual(types(), ["Connection"])
        terminal.type("\r")
        self.assertIn('type with "conn"', terminal.text)
        terminal.type("\x1b", 1)
        self.assertGreater(len(types()), 3)
        terminal.type("/zzz")
        self.assertIn("no type has this in its name", terminal.text)
        terminal.type("\x7f\x7f\x7f\r")
        self.assertGreater(len(types()), 3)
        first = types()[0]
        terminal.type("\x1b[B")
        self.assertNotEqual(types()[0], first)
        terminal.type("\x1b[A")
        self.assertEqual(types()[0], first)
        terminal.type("q")
        self.check_left(terminal)

    def test_says_why_the_fastest_grower_is_alive(self):
        terminal = self.screen(rows=45, columns=100)
        terminal.wait_for("looks: ")
        terminal.read(5)
        terminal.type("w")
        terminal.wait_for("Why is an object of type Connection alive?")
        self.assertIn(".kept", terminal.text)
        terminal.type("\x1b[6~" * 3)
        terminal.type("\x1b", 1)
        terminal.wait_for("since start")
        terminal.wait_for("The list `kept` of", 90)
        terminal.type("q")
        self.check_left(terminal)

    def test_writes_a_snapshot(self):
        folder = os.path.join(self.folder, "a-path-wider-than-the-screen" * 3)
        os.mkdir(folder)
        terminal = self.screen("-o", os.path.join(folder, "%p.ouro"))
        terminal.wait_for("looks: ")
        terminal.type("s")
        terminal.wait_for("look at it by", 30)
        path = os.path.join(folder, "%d.ouro" % self.program.pid)
        self.assertIn(path, terminal.text.replace("\n ", "").replace("\n", ""))
        info = subprocess.run([arguments.command, "info", path], capture_output=True, text=True)
        self.assertEqual(info.returncode, 0)
        self.assertIn("key s of ouro watch", info.stdout)
        terminal.type("s")
        terminal.wait_for("exists already")
        terminal.type("q")
        self.check_left(terminal)
        self.assertEqual(os.listdir(folder), [os.path.basename(path)])

    def test_resets_pauses_helps(self):
        terminal = self.screen()
        terminal.wait_for("looks: ")
        terminal.type("?")
        self.assertIn("count growth from now on", terminal.text)
        terminal.type("x")
        self.assertNotIn("count growth from now on", terminal.text)
        terminal.type("r")
        self.assertIn("growth is counted from now on", terminal.text)
        terminal.type(" ")
        self.assertIn("paused", terminal.text)
        terminal.type(" ")
        self.assertNotIn("paused", terminal.text)
        terminal.type("q")
        self.check_left(terminal)

    def test_fits_any_size(self):
        terminal = self.screen()
        terminal.wait_for("looks: ")
        for rows, columns in ((50, 200), (12, 40), (11, 39), (5, 20), (2, 8), (1, 1), (24, 80)):
            terminal.resize(rows, columns)
            terminal.read(1.3)
            if rows > 1:
                self.assertIn("rss", terminal.text)
        self.assertIn("q quit", terminal.text)
        terminal.type("q")
        self.check_left(terminal)

    def test_takes_ascii_where_the_locale_knows_no_more(self):
        terminal = self.screen(LC_ALL="C")
        terminal.wait_for("looks: ")
        terminal.read(3)
        self.assertTrue(terminal.text.isascii(), terminal.text)
        self.assertIn("uuu", terminal.text)
        terminal.type("q")
        self.check_left(terminal)

    def test_takes_a_terminal_without_colours(self):
        terminal = self.screen(TERM="vt100")
        terminal.wait_for("looks: ")
        self.assertNotRegex(terminal.bytes, rb"\x1b\[[0-9;]*3[0-7]m")
        terminal.type("q")
        self.check_left(terminal)

    def test_writes_lines_on_a_terminal_that_is_not_known(self):
        for name in ("no-such-terminal", "dumb", None):
            terminal = self.screen(TERM=name)
            terminal.wait_for("->")
            self.assertIn("is not known here: lines instead", terminal.text.replace("\n", ""))
            terminal.signal(signal.SIGINT)
            self.check_left(terminal)

    def test_ends_with_the_program(self):
        terminal = self.screen()
        terminal.wait_for("looks: ")
        self.end_program()
        self.check_left(terminal, 5)
        self.assertIn(b"has ended", terminal.bytes)

    def test_ctrl_c_and_signals_leave_the_terminal_as_it_was(self):
        terminal = self.screen()
        terminal.wait_for("looks: ")
        terminal.type("\x03")
        self.check_left(terminal)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            terminal = self.screen()
            terminal.wait_for("looks: ")
            terminal.signal(number)
            self.check_left(terminal)
        with open("/proc/%d/status" % self.program.pid) as status:
            self.assertIn("TracerPid:\t0\n", status.read())

    def test_q_ends_it_while_the_program_lets_nobody_look(self):
        terminal = self.screen()
        terminal.wait_for("looks: ")
        os.kill(self.program.pid, signal.SIGSTOP)
        terminal.read(4)  # the next look begins, and waits
        terminal.type("q")
        self.assertEqual(terminal.wait(10), 0)
        self.assertTrue(terminal.is_as_before())
        os.kill(self.program.pid, signal.SIGCONT)

    def test_ctrl_z_stops_it_and_gives_the_terminal_back(self):
        terminal = self.screen()
        terminal.wait_for("looks: ")
        terminal.type("\x1a", 2)
        with open("/proc/%d/stat" % terminal.pid) as stat:
            self.assertEqual(stat.read().rsplit(")", 1)[1].split()[0], "T")
        self.assertTrue(terminal.is_as_before())
        terminal.signal(signal.SIGCONT)
        terminal.read(2)
        self.assertIn("looks: ", terminal.text)
        terminal.type("q")
        self.check_left(terminal)


if __name__ == "__main__":
    arguments, words = arguments_of_test("folder")
    side_by_side.main(words)
