#!/usr/bin/env python3
"""Attaches to programs that watch themselves (target.py): versions x states x times.

    test_attach.py --command build/dev/bin/ouro --canary libouro_canary.so --folder build/dev/...

OURO_ATTACH_TIMES says how often each is attached to (2), OURO_ATTACH_ALL=1 takes all states on all
versions; else the oldest and the newest go through all of them and the others through two. No target may
be harmed, and each attach must give a snapshot.
"""

import json
import os
import unittest

from attached_program import STATES, Program, attach, find_interpreters, arguments_of_test

arguments = None
TIMES = int(os.environ.get("OURO_ATTACH_TIMES", "2"))
ALL = os.environ.get("OURO_ATTACH_ALL") == "1"
FEW = ("busy", "sleeping")


def cases():
    interpreters = find_interpreters()
    for interpreter in interpreters:
        is_edge = interpreter in (interpreters[0], interpreters[-1])
        for state in STATES if ALL or is_edge else FEW:
            yield interpreter, state


class Attach(unittest.TestCase):
    def test_targets_are_as_they_were(self):
        pauses = {}  # by interpreter
        for interpreter, state in cases():
            with self.subTest(python=interpreter.label, state=state):
                output = os.path.join(arguments.folder, "attached.ouro")
                with Program(interpreter, state, arguments.canary, arguments.folder) as program:
                    for time in range(TIMES):
                        in_place = time % 5 == 4
                        done = attach(arguments.command, program.pid, output, "--json",
                                      *(["--no-fork"] if in_place else []))
                        if in_place and interpreter.is_free_threaded:
                            # Its threads would change what is read.
                            self.assertEqual(done.returncode, 3, done.stderr)
                            self.assertIn("without --no-fork", done.stderr)
                            continue
                        if "Ouro does not" in done.stderr:  # the interpreter, refused by name
                            print("refused: %s: %s" % (interpreter.label, done.stderr.strip()))
                            break
                        self.assertEqual(done.returncode, 0, done.stderr)
                        said = json.loads(done.stdout)
                        self.assertGreater(said["objects"], 0)
                        if not said["walked_in_place"]:
                            pauses.setdefault(interpreter.label, []).append(said["pause_ms"])
                    self.assertEqual(program.finish(), [])
        for label, times in pauses.items():
            times.sort()
            print("%s: %d attaches; pause: median %.1f ms, longest %.1f ms"
                  % (label, len(times), times[len(times) // 2], times[-1]))


if __name__ == "__main__":
    arguments, words = arguments_of_test("canary", "folder")
    unittest.main(argv=words)
