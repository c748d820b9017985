"""Prints what this CPython's instructions do to the stack, as rows of walker/opcode_effects.cpp.

Run by CPython 3.8 ... 3.13, from its own dis and opcode modules; with --check FILE it only compares.
The rows group operation codes of the same effect: {effect, {{first, last}, ...}}.
"""

import dis
import opcode
import sys

MINOR = sys.version_info[1]

FORMS = [
    ("kConstant", lambda a: 0),
    ("kMinusArgument", lambda a: -a),
    ("kMinusTwice", lambda a: -2 * a),
    ("kPlusArgument", lambda a: a),
    ("kPlusLowBit", lambda a: a & 1),
    ("kMinusLowBit", lambda a: -(a & 1)),
    ("kUnpackEx", lambda a: (a & 255) + (a >> 8)),
    ("kMakeFunction", lambda a: -bin(a & 15).count("1")),
    ("kSlice", lambda a: -(a == 3)),
    ("kFormat", lambda a: -((a >> 2) & 1)),
]
SAMPLES = list(range(16)) + [256, 257, 512]

# dis says the deepest the stack becomes; a `finally` block of 3.8 has two depths, and what is asked
# here is the smaller. 3.10's generators begin with a value; PRECALL takes nothing off, CALL does.
REALLY = {
    (8, "BEGIN_FINALLY"): 1,
    (8, "END_FINALLY"): -1,
    (8, "POP_FINALLY"): -1,
    (8, "WITH_CLEANUP_START"): 1,
    (8, "WITH_CLEANUP_FINISH"): -2,
    (10, "GEN_START"): 0,
    (11, "PRECALL"): 0,
    (11, "RETURN_GENERATOR"): 1,
    (12, "RETURN_GENERATOR"): 1,
    (13, "RETURN_GENERATOR"): 1,
}

# Behind a `with` that swallows, where its body never ends normally, 3.8 comes only from the handler,
# and WITH_CLEANUP_FINISH has taken off what that began with: it is as if entered normally.
REALLY_JUMPS = {(8, "SETUP_WITH"): 1, (8, "SETUP_ASYNC_WITH"): 0}

ENDS = {
    "RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE", "JUMP_FORWARD", "JUMP_ABSOLUTE",
    "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT", "INTERPRETER_EXIT",
}  # fmt: skip
CALLS = {
    "CALL", "CALL_KW", "CALL_FUNCTION", "CALL_FUNCTION_KW", "CALL_FUNCTION_EX", "CALL_METHOD",
    "PRECALL",
}  # fmt: skip
# What these work on stays on the stack while a function written in Python runs for them.
KEEPS = (
    "FOR_ITER", "SEND", "YIELD_FROM", "BINARY_", "INPLACE_", "COMPARE_OP", "CONTAINS_OP",
    "STORE_SUBSCR", "STORE_ATTR", "STORE_SLICE", "IMPORT_NAME", "LIST_EXTEND", "SET_UPDATE",
    "DICT_UPDATE", "DICT_MERGE", "LOAD_SUPER_ATTR", "FORMAT_",
)  # fmt: skip
# What `with` works on is given back before its __enter__ is called.
TAKES_FIRST = {(v, name) for v in (12, 13) for name in ("BEFORE_WITH", "BEFORE_ASYNC_WITH")}
NEVER_RUN = {"CACHE", "RESERVED", "ENTER_EXECUTOR", "INSTRUMENTED_LINE", "INSTRUMENTED_INSTRUCTION"}


def effect_of(code, argument, jump):
    takes = code in dis.hasarg if MINOR >= 12 else code >= opcode.HAVE_ARGUMENT
    return dis.stack_effect(code, argument if takes else None, jump=jump)


def form_of(name, code):
    for form, added in FORMS:
        rest = {effect_of(code, a, False) - added(a) for a in SAMPLES}
        if len(rest) == 1:
            return form, rest.pop()
    raise SystemExit("no form fits %s" % name)


def caches_of(name):
    counts = getattr(opcode, "_inline_cache_entries", None)
    if counts is None:
        return 0
    return counts.get(name, 0) if isinstance(counts, dict) else counts[opcode.opmap[name]]


def row_of(name, code):
    form, effect = form_of(name, code)
    if (MINOR, name) in REALLY:
        form, effect = "kConstant", REALLY[MINOR, name]
    if MINOR == 11 and name == "CALL":
        form, effect = "kMinusArgument", -1
    text = "row(%d)" % effect
    if form != "kConstant":
        text += ".with(EffectForm::%s)" % form
    if code in opcode.hasjabs or code in opcode.hasjrel:
        how = "kForward"
        if code in opcode.hasjabs:
            how = "kAbsolute"
        elif "BACKWARD" in name:
            how = "kBackward"
        jump_effect = REALLY_JUMPS.get((MINOR, name), effect_of(code, 1, True))
        text += ".jumps(JumpForm::%s, %d)" % (how, jump_effect)
    if caches_of(name):
        text += ".cached(%d)" % caches_of(name)
    if name in ENDS:
        text += ".ends()"
    if name in CALLS:
        text += ".calls()"
    elif name.startswith(KEEPS):
        text += ".keeps()"
    if (MINOR, name) in TAKES_FIRST:
        text += ".takes_first()"
    if name == "PRECALL":
        text += ".before_call()"
    if name == "EXTENDED_ARG":
        text += ".extends()"
    return text


def other_forms():
    """Code -> name of the instruction whose effect it has: specialized forms stand for their base,
    two in one for the first, the instrumented for what they instrument."""
    forms = {}
    if MINOR in (11, 12):
        codes = dis._all_opmap
        for name in opcode._specialized_instructions:
            forms[codes[name]] = name.split("__")[0]
        for base, names in opcode._specializations.items():
            for name in names:
                if base in opcode.opmap:
                    forms[codes[name]] = base
        for name, code in codes.items():
            for ending in ("_ADAPTIVE", "_QUICK"):
                if name.endswith(ending):
                    forms[code] = name[: -len(ending)]
    if MINOR == 13:
        import _opcode_metadata

        for base, names in _opcode_metadata._specializations.items():
            for name in names:
                forms[_opcode_metadata._specialized_opmap[name]] = base
    if MINOR >= 12:
        for name, code in opcode.opmap.items():
            if name.startswith("INSTRUMENTED_") and name[13:] in opcode.opmap:
                forms[code] = name[13:]
    return forms


def rows():
    names = {
        code: name
        for name, code in opcode.opmap.items()
        if code < 256 and not name.startswith("INSTRUMENTED_")
    }
    names.update(other_forms())
    codes_by_row = {}
    for code, name in sorted(names.items()):
        if name not in NEVER_RUN:
            codes_by_row.setdefault(row_of(name, opcode.opmap[name]), []).append(code)
    lines = ["constexpr EffectRow kRows3_%d[] = {" % MINOR]
    for row, codes in codes_by_row.items():
        ranges = []
        for code in codes:
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
        lines.append("    {%s, {%s}}," % (row, ", ".join("{%d, %d}" % tuple(r) for r in ranges)))
    return "\n".join(lines + ["};"])


def main():
    if sys.argv[1:2] == ["--check"]:
        with open(sys.argv[2]) as source:
            if "".join(rows().split()) not in "".join(source.read().split()):
                raise SystemExit("%s has not the rows that opcode_effects.py prints" % sys.argv[2])
    else:
        print(rows())


if __name__ == "__main__":
    main()
