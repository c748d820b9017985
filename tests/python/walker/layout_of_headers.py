"""Compares the walker's tables of offsets with what the headers of each CPython found say.

    layout_of_headers.py PRINT_LAYOUT COMPILER

Headers are those of the interpreters (interpreters.py) and the folders that the environment variable
OURO_PYTHON_HEADERS names, separated by ':'. From 3.13 on, each is also compiled as a free-threaded
build (Py_GIL_DISABLED), whether or not there is such an interpreter to run. Nothing is linked: the
offsets are in the compiler's assembly. Status 77 where there are no headers.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import interpreters  # noqa: E402

SOURCE = r"""
#include <Python.h>
#include <stddef.h>
#if PY_MINOR_VERSION <= 10
#include <frameobject.h>
#endif
#define SAY(name, value) __asm__ volatile("\n#@ " #name " %c0" :: "i"((long)(value)));
#define AT(name, type, member) SAY(name, offsetof(type, member))
void say(void) {
  SAY(header, sizeof(PyObject))
  SAY(type_object_size, sizeof(PyTypeObject))
  AT(heap_type_name, PyHeapTypeObject, ht_name)
  AT(heap_type_slots, PyHeapTypeObject, ht_slots)
  AT(heap_type_qualname, PyHeapTypeObject, ht_qualname)
  AT(heap_type_cached_keys, PyHeapTypeObject, ht_cached_keys)
#if PY_MINOR_VERSION >= 9
  AT(heap_type_module, PyHeapTypeObject, ht_module)
#endif
  SAY(ascii_size, sizeof(PyASCIIObject))
  SAY(compact_size, sizeof(PyCompactUnicodeObject))
  AT(utf8_length, PyCompactUnicodeObject, utf8_length)
  AT(utf8, PyCompactUnicodeObject, utf8)
  AT(tuple_items, PyTupleObject, ob_item)
  AT(list_items, PyListObject, ob_item)
  AT(list_allocated, PyListObject, allocated)
#if PY_MINOR_VERSION >= 12
  AT(int_digits, struct _longobject, long_value.ob_digit)
#endif
  AT(dict_keys, PyDictObject, ma_keys)
  AT(dict_values, PyDictObject, ma_values)
  AT(set_mask, PySetObject, mask)
  AT(set_table, PySetObject, table)
  AT(set_small_table, PySetObject, smalltable)
  AT(function_code, PyFunctionObject, func_code)
  AT(function_qualname, PyFunctionObject, func_qualname)
  AT(function_closure, PyFunctionObject, func_closure)
  AT(code_filename, PyCodeObject, co_filename)
  AT(code_name, PyCodeObject, co_name)
  AT(code_first_line, PyCodeObject, co_firstlineno)
#if PY_MINOR_VERSION >= 11
  AT(code_qualname, PyCodeObject, co_qualname)
  AT(code_localsplus_names, PyCodeObject, co_localsplusnames)
  AT(code_localsplus_kinds, PyCodeObject, co_localspluskinds)
#else
  AT(code_freevars, PyCodeObject, co_freevars)
#endif
#if defined(Py_GIL_DISABLED) && PY_MINOR_VERSION >= 14
  AT(type_unique_id, PyHeapTypeObject, unique_id)
  AT(code_unique_id, PyCodeObject, _co_unique_id)
  AT(dict_unique_id, PyDictObject, _ma_watcher_tag)
#endif
}
"""


def folders_of_headers():
    folders = []
    for interpreter in interpreters.find_interpreters(say_skipped=False):
        ask = "import sysconfig; print(sysconfig.get_paths()['include'])"
        done = subprocess.run(interpreter.command + ["-c", ask], capture_output=True, text=True)
        folders.append(done.stdout.strip())
    folders += os.environ.get("OURO_PYTHON_HEADERS", "").split(":")
    found = []
    for folder in folders:
        if folder and folder not in found:
            found.append(folder)
    return found


def minor_of(folder):
    header = Path(folder, "patchlevel.h")
    if not header.exists():
        return None
    return int(re.search(r"define PY_MINOR_VERSION\s+(\d+)", header.read_text()).group(1))


def offsets_of(compiler, folder, defines):
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary, "say.c")
        source.write_text(SOURCE)
        # A folder of another system has its pyconfig.h of this architecture beside it.
        beside = [f"-I{folder}/..", f"-I{folder}/../x86_64-linux-gnu"] if "/usr/" in folder else []
        command = [compiler, "-x", "c", "-std=gnu11", "-w", "-S", "-o", "-", f"-I{folder}"]
        done = subprocess.run(command + beside + defines + [str(source)], capture_output=True,
                              text=True)
    if done.returncode != 0:
        return None, done.stderr.strip().splitlines()[0]
    return dict(re.findall(r"^#@ (\w+) \$?(-?\d+)", done.stdout, re.M)), None


def main():
    print_layout, compiler = sys.argv[1:]
    compared = failed = 0
    for folder in folders_of_headers():
        minor = minor_of(folder)
        if minor is None or not 8 <= minor <= 15:
            print(f"skipped: {folder} has no headers")
            continue
        for free_threaded in (False, True) if minor >= 13 else (False,):
            is_own = "#define Py_GIL_DISABLED 1" in Path(folder, "pyconfig.h").read_text()
            if is_own and not free_threaded:
                continue
            defines = ["-DPy_GIL_DISABLED=1"] if free_threaded and not is_own else []
            label = f"3.{minor}{'t' * free_threaded} of {folder}"
            theirs, problem = offsets_of(compiler, folder, defines)
            if problem:
                print(f"skipped: {label} does not compile: {problem}")
                continue
            words = [print_layout, str(minor)] + ["free-threaded"] * free_threaded
            ours = dict(line.split() for line in
                        subprocess.check_output(words, text=True).splitlines())
            wrong = {name: (value, ours[name]) for name, value in theirs.items()
                     if ours[name] != value}
            print(f"{label}: {len(theirs)} offsets, {len(wrong)} differ")
            for name, (value, own) in wrong.items():
                print(f"    {name}: the headers say {value}, the walker {own}")
            compared += 1
            failed += bool(wrong)
    if not compared:
        print("skipped: no headers of any CPython")
        return 77
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
