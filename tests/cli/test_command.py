#!/usr/bin/env python3
"""Runs the command `ouro` as a user would, and compares what it prints with the files in expected/.

    test_command.py --command build/dev/bin/ouro --make-graph build/dev/tests/cli/ouro_make_graph
    test_command.py ... --approve     take over what it prints now, after looking at it

Every JSON document is checked against docs/reference/json.schema.json.
"""

import argparse
import gzip
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "support"))
import json_schema  # noqa: E402

arguments = None
folder = None

GRAPHS = {
    # A server that keeps every connection, and garbage that the collector has not found.
    "server.ouro": """
        module: module 72
        connections: list 856
        c1: Connection 64
        c2: Connection 64
        c3: Connection 64
        h1: Handler 48
        h2: Handler 48
        h3: Handler 48
        p1: bytes 100000
        p2: bytes 100000
        p3: bytes 100000
        module -> connections ._CONNECTIONS
        connections -> c1 [0]
        connections -> c2 [1]
        connections -> c3 [2]
        c1 -> h1 .handler
        c2 -> h2 .handler
        c3 -> h3 .handler
        h1 -> c1 .connection
        h2 -> c2 .connection
        h3 -> c3 .connection
        c1 -> p1 .packet
        c2 -> p2 .packet
        c3 -> p3 .packet
        lost: Handler 48
        lost2: Connection 64
        lost -> lost2 .connection
        lost2 -> lost .handler
        root module
    """,
    "dungeons.ouro": """
        player: Player 32
        d1: Dungeon 40
        d2: Dungeon 40
        m1: Monster 24
        m2: Monster 24
        m3: Monster 24
        player -> d1 .place
        d1 -> m1 .monsters[0]
        d1 -> m2 .monsters[1]
        d2 -> m3 .monsters[0]
        m1 -> d1 .dungeon
        m2 -> d1 .dungeon
        m3 -> d2 .dungeon
        m1 ~> player .target
        root player
    """,
    "lied.ouro": """
        a: Thing 16
        b: Thing 16
        a -> b .next
        a count 4
        root a
    """,
    "calm.ouro": """
        a: Thing 16
        b: Thing 16
        a -> b .next
        root a
    """,
    "grown.ouro": """
        module: module 72
        connections: list 856
        c1: Connection 64
        c2: Connection 64
        c3: Connection 64
        c4: Connection 64
        module -> connections ._CONNECTIONS
        connections -> c1 [0]
        connections -> c2 [1]
        connections -> c3 [2]
        connections -> c4 [3]
        root module
    """,
    "small.ouro": """
        module: module 72
        connections: list 856
        c1: Connection 64
        module -> connections ._CONNECTIONS
        connections -> c1 [0]
        root module
    """,
}


# Two hundred connections that a list keeps.
GRAPHS["leak.ouro"] = "\n".join(
    ["module: module 72", "connections: list 1700", "module -> connections ._CONNECTIONS",
     "root module"]
    + [f"c{n}: Connection 64\nconnections -> c{n} [{n}]" for n in range(200)])


def run(*words, columns=None, stdin=b"", **environment):
    variables = {**os.environ, **environment}
    variables.pop("COLUMNS", None)
    if columns is not None:
        variables["COLUMNS"] = str(columns)
    return subprocess.run([arguments.command, *words], cwd=folder, env=variables, input=stdin,
                          capture_output=True, timeout=120)


def output_of(*words, **options):
    done = run(*words, **options)
    if done.returncode != 0:
        raise AssertionError(f"ouro {' '.join(words)}: {done.stderr.decode()}")
    return done.stdout.decode()


class Printed(unittest.TestCase):
    """What the command prints, against expected/NAME.txt."""

    def expect(self, name, *words, **options):
        self.maxDiff = None
        printed = output_of(*words, **options)
        path = HERE / "expected" / f"{name}.txt"
        if arguments.approve:
            path.parent.mkdir(exist_ok=True)
            path.write_text(printed)
        self.assertEqual(printed, path.read_text(), f"{path}; --approve takes it over")

    def test_top(self):
        self.expect("top", "top", "server.ouro")
        self.expect("top_retained", "top", "server.ouro", "--by", "retained", "-n", "3")

    def test_why(self):
        self.expect("why", "why", "server.ouro", "Connection#2")
        self.expect("why_garbage", "why", "server.ouro", "Connection#4")

    def test_cycles(self):
        self.expect("cycles", "cycles", "dungeons.ouro")
        self.expect("cycles_none", "cycles", "calm.ouro")

    def test_garbage(self):
        self.expect("garbage", "garbage", "server.ouro")
        self.expect("garbage_none", "garbage", "calm.ouro")
        self.expect("counts", "garbage", "--counts", "lied.ouro")
        self.expect("counts_none", "garbage", "--counts", "calm.ouro")

    def test_retained(self):
        self.expect("retained", "retained", "server.ouro", "-n", "5")
        self.expect("retained_by_one", "retained", "server.ouro", "list#1")
        self.expect("retained_together", "retained", "server.ouro", "Connection", "--together")

    def test_diff(self):
        self.expect("diff", "diff", "small.ouro", "grown.ouro")
        self.expect("diff_nothing", "diff", "small.ouro", "small.ouro")

    def test_report(self):
        self.expect("report", "report", "server.ouro")
        self.expect("report_of_a_leak", "report", "leak.ouro")
        self.expect("report_calm", "report", "calm.ouro")

    def test_unreachable(self):
        self.expect("unreachable", "unreachable", "edges.txt", "--root", "main")
        self.expect("unreachable_of_a_heap", "unreachable", "dungeons.ouro")
        self.expect("unreachable_json", "unreachable", "edges.txt", "-r", "main", "--json")

    def test_info(self):
        self.expect("info", "info", "server.ouro")

    def test_refs(self):
        self.expect("refs", "refs", "dungeons.ouro", "Dungeon#1")
        self.expect("backrefs", "backrefs", "server.ouro", "Connection#1")

    def test_tables_fit_a_narrow_terminal(self):
        for words in (["top", "server.ouro"], ["why", "server.ouro", "bytes"],
                      ["retained", "server.ouro"], ["diff", "small.ouro", "grown.ouro"]):
            for line in output_of(*words, columns=60).splitlines():
                self.assertLessEqual(len(line), 72, f"{words}: {line}")


class Unreachable(unittest.TestCase):
    """The exercise of the articles: a directed graph and a start, and what it does not lead to."""

    def names(self, *words, stdin=b""):
        return output_of("unreachable", *words, stdin=stdin).split()

    def test_it_reads_standard_input_and_compressed_files(self):
        text = (folder / "edges.txt").read_bytes()
        (folder / "edges.gz").write_bytes(gzip.compress(text))
        self.assertEqual(self.names("-", "-r", "main", stdin=text), ["lost", "other", "alone"])
        self.assertEqual(self.names("edges.gz", "-r", "main"), ["lost", "other", "alone"])
        self.assertEqual(self.names("-", "-r", "main", stdin=gzip.compress(text)),
                         ["lost", "other", "alone"])

    def test_it_reads_dot(self):
        self.assertEqual(self.names("-", "-r", "a", stdin=b"digraph { a -> b; c -> d -> c }"),
                         ["c", "d"])

    def test_several_roots_and_the_other_way_round(self):
        self.assertEqual(self.names("edges.txt", "-r", "main", "-r", "lost"), ["alone"])
        self.assertEqual(self.names("edges.txt", "-r", "main", "--reachable"), ["main", "a", "b"])
        self.assertEqual(self.names("edges.txt", "-r", "main", "--count"), ["3"])

    def test_an_unknown_root_has_suggestions(self):
        done = run("unreachable", "edges.txt", "--root", "mian")
        self.assertEqual(done.returncode, 1)
        self.assertIn("edges.txt: there is no node `mian`; did you mean `main`?",
                      done.stderr.decode())

    def test_a_line_of_three_names_is_an_error_with_its_number(self):
        done = run("unreachable", "-", "--root", "a", stdin=b"a b\na b c\n")
        self.assertEqual(done.returncode, 3)
        self.assertIn("standard input: line 2: expected one or two names, found more",
                      done.stderr.decode())

    def test_without_a_root_it_says_what_is_missing(self):
        done = run("unreachable", "edges.txt")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--root NAME", done.stderr.decode())


class Pictures(unittest.TestCase):
    def test_a_picture_is_written_whole_and_replaced_only_when_told(self):
        path = folder / "dungeon.dot"
        output_of("refs", "dungeons.ouro", "Dungeon#1", "-o", "dungeon.dot")
        self.assertTrue(path.read_text().startswith("digraph"))
        done = run("refs", "dungeons.ouro", "Dungeon#1", "-o", "dungeon.dot")
        self.assertEqual(done.returncode, 4)
        self.assertIn("dungeon.dot: exists; --force replaces it", done.stderr.decode())
        output_of("backrefs", "dungeons.ouro", "Dungeon#1", "-o", "dungeon.dot", "--force")

    def test_only_files_are_replaced(self):
        os.mkfifo(folder / "fifo.dot")
        (folder / "folder.dot").mkdir()
        for name, why in (("fifo.dot", "is no regular file"), ("folder.dot", "is a folder")):
            done = run("refs", "dungeons.ouro", "Dungeon#1", "-o", name, "--force")
            self.assertEqual(done.returncode, 4)
            self.assertIn(f"{name}: {why}", done.stderr.decode())
        self.assertTrue((folder / "fifo.dot").is_fifo())

    def test_a_file_that_is_whole_is_said_to_be(self):
        sentence = "The file is whole: every byte and number was checked.\n"
        self.assertTrue(output_of("info", "server.ouro", "--verify").endswith(sentence))
        self.assertNotIn(sentence, output_of("info", "server.ouro"))

    def test_other_endings_are_refused(self):
        done = run("refs", "dungeons.ouro", "Dungeon#1", "-o", "dungeon.pdf")
        self.assertEqual(done.returncode, 2)
        self.assertIn("dungeon.pdf: the ending says the format: .svg, .png or .dot",
                      done.stderr.decode())

    @unittest.skipUnless(shutil.which("dot"), "Graphviz is not installed")
    def test_graphviz_draws_svg_and_png(self):
        output_of("refs", "dungeons.ouro", "Dungeon#1", "-o", "d.svg")
        self.assertIn("<svg", (folder / "d.svg").read_text())
        output_of("refs", "dungeons.ouro", "Dungeon#1", "-o", "d.png")
        self.assertTrue((folder / "d.png").read_bytes().startswith(b"\x89PNG"))

    def test_without_graphviz_the_text_stands_beside(self):
        done = output_of("refs", "dungeons.ouro", "Dungeon#1", "-o", "e.svg", PATH="/nonexistent")
        self.assertIn("e.dot (Graphviz is not installed", done)
        self.assertFalse((folder / "e.svg").exists())


class Names(unittest.TestCase):
    def test_an_unknown_type_suggests_others(self):
        done = run("why", "server.ouro", "Conection")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.decode(),
                         "ouro: no object fits 'Conection'; did you mean `Connection`?\n")

    def test_a_rank_beyond_the_last_says_which_that_is(self):
        done = run("why", "server.ouro", "Connection#99")
        self.assertEqual(done.stderr.decode(),
                         "ouro: no object fits 'Connection#99'; the last is Connection#4\n")

    def test_queries_select(self):
        self.assertIn("bytes#1", output_of("why", "server.ouro", "size>50KiB"))
        self.assertIn("Connection#1", output_of("why", "server.ouro", ".handler=Handler"))

    def test_a_flag_that_no_object_has_is_no_misspelt_type(self):
        done = run("why", "server.ouro", "frozen")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.decode(), "ouro: no object fits 'frozen'\n")

    def test_a_query_that_makes_no_sense_is_bad_usage(self):
        done = run("why", "server.ouro", "weight>3")
        self.assertEqual(done.returncode, 2)
        self.assertIn("there are size, count", done.stderr.decode())


class Errors(unittest.TestCase):
    def expect(self, code, message, *words, **options):
        done = run(*words, **options)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        self.assertIn(message, done.stderr.decode())
        self.assertEqual(done.stdout, b"")

    def test_words_that_a_command_has_no_use_for(self):
        self.expect(2, "`ouro top` has no option --limt; did you mean `--limit`?",
                    "top", "a.ouro", "--limt=3", "--jsno")  # fmt: skip
        self.expect(2, "`ouro watch` has no option --every\n", "watch", "1", "--every", "1s")
        self.expect(2, "`ouro top` has no use for `b`", "top", "a.ouro", "b", "c")

    def test_a_missing_file(self):
        self.expect(3, "ouro: no.ouro: cannot be read: No such file", "top", "no.ouro")

    def test_a_file_of_something_else(self):
        (folder / "text").write_text("x" * 100)
        self.expect(3, "does not begin like a heap graph", "top", "text")

    def test_a_damaged_file(self):
        whole = (folder / "server.ouro").read_bytes()
        (folder / "cut.ouro").write_bytes(whole[:-1])
        self.expect(3, "it was cut off", "cycles", "cut.ouro")
        for at in range(64, len(whole), 7):
            (folder / "bad.ouro").write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1:])
            done = run("cycles", "bad.ouro")
            self.assertIn(done.returncode, (0, 3), f"byte {at}: {done.stderr}")

    def test_unknown_options_and_commands(self):
        self.expect(2, "`ouro --help` lists commands", "top", "server.ouro", "--frobnicate")
        self.expect(2, "`ouro --help` lists commands", "frobnicate")
        self.expect(2, "there is no command `tpo`; did you mean `top`?", "tpo")
        self.expect(2, "which command? `ouro report FILE`")
        self.expect(2, "--by: 'size' is none of bytes, count, retained", "top", "server.ouro",
                    "--by", "size")
        self.expect(2, "--nodes: must be 1 or more", "refs", "server.ouro", "list", "--nodes", "0")
        self.expect(2, "--nodes: must not be negative", "refs", "server.ouro", "list", "--nodes", "-1")
        self.expect(2, "--limit: must not be negative", "top", "server.ouro", "-n", "-1")
        self.expect(2, "--limit: 'all' is no whole number", "top", "server.ouro", "-n", "all")
        self.expect(2, "--count: must not be negative", "attach", "1", "--every", "1s", "--count", "-1")
        self.expect(2, "--count: must not be negative", "watch", "1", "--count", "-1")
        self.expect(2, "`ouro --help` lists commands")
        self.expect(2, "--dot and --json", "refs", "server.ouro", "list", "--dot", "--json")
        self.expect(2, "app.png: the picture is SVG", "tune", "-o", "app.png", "--", "app.py")

    def test_a_full_disk(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([arguments.command, "top", "server.ouro"], cwd=folder,
                                  stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 4)
        self.assertIn(b"standard output cannot be written: No space left", done.stderr)

    def test_a_reader_who_leaves_early_is_no_error(self):
        script = f"'{arguments.command}' top server.ouro | head -n 1"
        done = subprocess.run(["bash", "-o", "pipefail", "-c", script], cwd=folder,
                              capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, b""))


class Json(unittest.TestCase):
    COMMANDS = [
        ["top", "server.ouro"],
        ["top", "server.ouro", "--retained"],
        ["why", "server.ouro", "Connection"],
        ["why", "server.ouro", "Connection#4"],
        ["cycles", "dungeons.ouro"],
        ["garbage", "server.ouro"],
        ["garbage", "--counts", "lied.ouro"],
        ["retained", "server.ouro"],
        ["retained", "server.ouro", "list#1"],
        ["retained", "server.ouro", "Connection", "--together"],
        ["diff", "small.ouro", "grown.ouro"],
        ["refs", "dungeons.ouro", "Dungeon#1"],
        ["backrefs", "server.ouro", "Connection"],
        ["report", "server.ouro"],
        ["report", "dungeons.ouro"],
        ["unreachable", "server.ouro"],
        ["unreachable", "edges.txt", "--root", "main"],
        ["info", "server.ouro"],
    ]

    def test_every_command_prints_what_the_schema_says(self):
        if json_schema.jsonschema is None:
            self.skipTest("no jsonschema (package python3-jsonschema)")
        for words in self.COMMANDS:
            with self.subTest(command=" ".join(words)):
                document = json.loads(output_of(*words, "--json"))
                json_schema.check(words[0], document)

    def test_it_says_what_the_text_says(self):
        cycles = json.loads(output_of("cycles", "dungeons.ouro", "--json"))
        self.assertEqual(cycles["shapes"][0]["cut"]["reference"], "Monster.dungeon")
        why = json.loads(output_of("why", "server.ouro", "Connection#2", "--json"))
        self.assertEqual([step["label"] for step in why["paths"][0]["steps"]],
                         ["", "._CONNECTIONS", "[1]"])
        top = json.loads(output_of("top", "server.ouro", "--json"))
        self.assertEqual(top["types"][0], {"type": "bytes", "objects": 3, "bytes": 300000})


class Help(unittest.TestCase):
    def test_every_command_has_help_with_examples(self):
        top = output_of("--help")
        commands = re.findall(r"^  (\w+)", top.split("Commands:")[1].split("\n\n")[0], re.MULTILINE)
        self.assertGreaterEqual(len(commands), 8)
        for command in commands:
            text = output_of(command, "--help")
            self.assertIn("Examples:", text, command)
            self.assertIn(f"ouro {command}", text)
            for line in (top + text).splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_help_is_a_command_too(self):
        self.assertEqual(output_of("help"), output_of("--help"))
        self.assertEqual(output_of("help", "diff"), output_of("diff", "--help"))
        self.assertEqual(output_of("help", "run", "/bin/echo", "hello"), output_of("run", "--help"))
        for words in (("help", "tpo"), ("tpo", "--help")):
            done = run(*words)
            self.assertEqual(done.returncode, 2)
            self.assertEqual(done.stderr.decode().splitlines(), [
                "ouro: there is no command `tpo`; did you mean `top`?",
                "`ouro --help` lists commands, `ouro COMMAND --help` options."])

    def test_completion_knows_every_command_and_option(self):
        for shell in ("bash", "zsh", "fish"):
            script = output_of("completion", shell)
            for word in ("cycles", "retained", "json", "together"):
                self.assertIn(word, script, shell)

    def test_bash_takes_the_completion(self):
        script = output_of("completion", "bash") + """
            COMP_WORDS=(ouro cy); COMP_CWORD=1; _ouro; echo "${COMPREPLY[@]}"
            COMP_WORDS=(ouro top --re); COMP_CWORD=2; _ouro; echo "${COMPREPLY[@]}"
        """
        done = subprocess.run(["bash", "-c", script], capture_output=True, check=True)
        self.assertEqual(done.stdout.decode().split(), ["cycles", "--retained"])


def main():
    global arguments, folder
    parser = argparse.ArgumentParser()
    parser.add_argument("--command", required=True)
    parser.add_argument("--make-graph", required=True)
    parser.add_argument("--approve", action="store_true")
    arguments, rest = parser.parse_known_args()
    arguments.command = os.path.abspath(arguments.command)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "edges.txt").write_text(
            "main a  # a comment\na\tb\nb,main\n\nlost other\nother lost\nalone\n")
        for file, text in GRAPHS.items():
            subprocess.run([arguments.make_graph, folder / file], input=text.encode(), check=True)
        unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
