#!/usr/bin/env python3
"""Checks that docs/reference/command.md says something about every command and every option.

    test_reference.py --command build/dev/bin/ouro

A command has a heading of its own (or shares one: "ouro refs and ouro backrefs"), and below it stand
its options; those that all commands share may stand under "What all commands share" instead.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import unittest

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "reference" / "command.md"
SHARED = "What all commands share"

arguments = None


def output_of(*words):
    return subprocess.run([arguments.command, *words], capture_output=True, check=True,
                          text=True, timeout=120).stdout


def options_in(lines):
    """ "-n" and "--limit" of a line such as "  -n,--limit N=20    Show at most N types"."""
    matches = (re.match(r"\s+(-[\w,-]+)", line) for line in lines)
    return [option for match in matches if match for option in match[1].split(",")]


def options_by_command():
    """Of `ouro --help-all`: a command's name stands alone at the start of a line, its options are
    indented below. What stands before the first is of `ouro` itself: command ""."""
    text = output_of("--help-all")
    options, command = {"": []}, ""
    for line in text.splitlines():
        if re.fullmatch(r"[a-z]+", line):
            command = line
            options[command] = []
        options[command] += options_in([line])
    return options


def sections():
    """The text below each heading, by the heading without its backticks."""
    found, heading = {}, None
    for line in PAGE.read_text().splitlines():
        if line.startswith("## "):
            heading = line[3:].replace("`", "")
            found[heading] = ""
        elif heading is not None:
            found[heading] += line + "\n"
    return found


def mentions(text, option):
    return re.search(r"(?<![\w-])" + re.escape(option) + r"(?![\w-])", text) is not None


class Reference(unittest.TestCase):
    def test_every_option_of_every_command_is_mentioned(self):
        text_by_heading = sections()
        options = options_by_command()
        self.assertGreaterEqual(len(options), 12)
        self.assertIn("--together", options["retained"])
        for command, names in options.items():
            of_command = "".join(text for heading, text in text_by_heading.items()
                                 if command and f"ouro {command}" in heading)
            with self.subTest(command=command):
                self.assertTrue(of_command or not command, f"no heading `ouro {command}`")
                missing = [name for name in names
                           if not mentions(of_command + text_by_heading[SHARED], name)]
                self.assertEqual(missing, [], f"{PAGE.name} does not mention them")

    def test_no_option_is_mentioned_that_is_not_there(self):
        known = {name for names in options_by_command().values() for name in names} | {"--help"}
        known |= {"--records"}  # of bench/analysis/heap_of_cpython.py
        mentioned = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", PAGE.read_text()))
        self.assertEqual(sorted(mentioned - known), [])


def main():
    global arguments
    parser = argparse.ArgumentParser()
    parser.add_argument("--command", required=True)
    parser.add_argument("--make-graph", help="not used: all tests of the command are given it")
    arguments, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
