"""What tests leave behind, in words."""

import textwrap
from typing import Dict, Iterable, List, Sequence, Tuple

from ouro._words import counted
from ouro.leaktest.found import Cycle, Found, Leak


def named_count(leak: Leak) -> str:
    """ "1 app.Connection" """
    return "{:,} {}".format(leak["objects"], leak["class"])


def place(leak: Leak) -> str:
    held_by = leak["held_by"]
    if not held_by:
        return "held by nothing that is known here: C code, perhaps"
    verb = "holds" if len(held_by) == 1 else "hold"
    return "%s %s %s" % (" and ".join(held_by), verb, "it" if leak["objects"] == 1 else "them")


def sentence(name: str, leaks: Sequence[Leak]) -> str:
    """ "test_x leaves 1 Connection alive each time it runs: app._CONNECTIONS[] holds it" """
    first = leaks[0]
    text = "leaves %s alive each time it runs: %s" % (named_count(first), place(first))
    text = ("%s %s" % (name, text)).strip()
    others = leaks[1:]
    held = [leak for leak in others if leak["depth"] > 0]
    if held:
        text += "; and with %s %s" % (
            "it" if first["objects"] == 1 else "them",
            ", ".join(named_count(leak) for leak in held[:4]) + (" and others" if len(held) > 4 else ""),
        )
    return text


def explanation(leaks: Sequence[Leak], runs: int, width: int) -> str:
    """What the failure of the test says."""
    lines = wrapped(sentence("", leaks) + ".", width) + [""] + table(leaks) + [""]
    lines += wrapped(
        "It was run again in a copy of the process, %s after a run to warm up; each left these alive, "
        "beyond the run that followed." % counted(runs, "time"),
        width,
        "",
    )
    lines += wrapped(
        "Let go of the first where the work ends, or hold it weakly. What is to stay: "
        "@pytest.mark.ouro_leaks(allow=%r), or ouro_leaks_allow in pytest's configuration."
        % _to_allow(leaks),
        width,
        "",
    )
    return "\n".join(lines)


def _to_allow(leaks: Sequence[Leak]) -> List[str]:
    """The classes of what no other leaking object is known to hold: with them all may stay."""
    held = [leak for leak in leaks if leak["depth"] == 0 or not leak["held_by"]]
    return list(dict.fromkeys(leak["class"].rpartition(".")[2] for leak in held or leaks[:1]))


def table(leaks: Sequence[Leak], most: int = 12) -> List[str]:
    widths = [
        max(len("{:,}".format(leak["objects"])) for leak in leaks),
        max(len(leak["class"]) for leak in leaks),
    ]
    lines = [
        "  {:>{}} {:<{}}  {}".format(
            "{:,}".format(leak["objects"]),
            widths[0],
            leak["class"],
            widths[1],
            ", ".join(leak["held_by"]) or "?",
        )
        for leak in leaks[:most]
    ]
    if len(leaks) > most:
        lines.append("  and %s more" % counted(len(leaks) - most, "class", "classes"))
    return lines


def cycle_line(shape: Cycle) -> str:
    return "%s  %s, %s; make weak: %s" % (
        shape["shape"],
        counted(shape["groups"], "group"),
        counted(shape["objects"], "object"),
        shape["make_weak"],
    )


def leak_lines(found: Iterable[Found], width: int, most: int = 20) -> List[str]:
    """By what leaks and who holds it: what many tests do is one line."""
    by_place: Dict[Tuple[str, ...], List[Found]] = {}
    for one in found:
        if "leaks" in one:
            first = one["leaks"][0]
            by_place.setdefault((first["class"], *first["held_by"]), []).append(one)
    lines: List[str] = []
    for tests in list(by_place.values())[:most]:
        lines += wrapped(sentence(tests[0]["test"], tests[0]["leaks"]), width)
        if len(tests) > 1:
            lines.append("    and so do %s more" % counted(len(tests) - 1, "test"))
    if len(by_place) > most:
        lines.append("and %s more; --ouro-leaks-json has all" % counted(len(by_place) - most, "leak"))
    return lines


def cycle_lines(found: Iterable[Found], width: int, most: int = 10) -> List[str]:
    """Of all tests together, by shape: most objects first, with the test that made most of them."""
    by_shape: Dict[str, Cycle] = {}
    tests_by_shape: Dict[str, List[Tuple[int, str]]] = {}
    for one in found:
        for shape in one.get("cycles", ()):
            text = shape["shape"]
            known = by_shape.setdefault(text, {**shape, "groups": 0, "objects": 0})
            known["groups"] += shape["groups"]
            known["objects"] += shape["objects"]
            tests_by_shape.setdefault(text, []).append((-shape["objects"], one["test"]))
    shapes = sorted(by_shape.values(), key=lambda shape: (-shape["objects"], shape["shape"]))
    lines = ["Cycles that only the collector could free:"] if shapes else []
    for shape in shapes[:most]:
        tests = sorted(tests_by_shape[shape["shape"]])
        where = tests[0][1]
        if len(tests) > 1:
            where += " and %s more" % counted(len(tests) - 1, "test")
        lines += wrapped("  " + cycle_line(shape), width)
        lines += wrapped("    in " + where, width, " " * 6)
    if len(shapes) > most:
        lines.append("  and %s more; --ouro-leaks-json has all" % counted(len(shapes) - most, "shape"))
    return lines


def wrapped(text: str, width: int, indent: str = "    ") -> List[str]:
    return textwrap.wrap(
        text, max(width, 40), subsequent_indent=indent, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
