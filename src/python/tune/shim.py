"""What `ouro tune` lets run in the program that it measures, as its module `sitecustomize`.

Python 3.8 to 3.15, nothing but the standard library's built-in parts. It takes itself out of the path
and the environment, sets the collector as OURO_TUNE says, times collections by gc.callbacks, and
imports the sitecustomize that would have been. The program's arguments, __main__ and streams are its
own; it has one file descriptor more, that of the memory.

    OURO_TUNE   fd=5;threshold=10000,10,10;disable=;freeze=imports | call:MODULE:NAME | after:SECONDS;
                collect=MODULE:NAME

What it counts goes to memory shared with `ouro tune`, so that no kind of end loses it: a slot for
each process, since children of fork() count for themselves (run_record.hpp draws it).
"""


def begin():
    import gc
    import os
    import sys

    text = os.environ.pop("OURO_TUNE", None)
    path = os.environ.pop("OURO_TUNE_PYTHONPATH", None)
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [one for one in sys.path if one != folder]
    if path is None:
        os.environ.pop("PYTHONPATH", None)
    else:
        os.environ["PYTHONPATH"] = path
    if text is None:
        return
    options = dict(word.split("=", 1) for word in text.split(";"))
    record = Record(int(options["fd"]))
    gc.callbacks.append(record.watch)
    if "threshold" in options:
        thresholds = tuple(map(int, options["threshold"].split(",")))
        gc.set_threshold(*thresholds)
        # Its own would take the place of what is tried here.
        gc.set_threshold = lambda *_: None
    if "disable" in options:
        gc.disable()
        gc.enable = lambda: None
    what, _, where = options.get("freeze", "").partition(":")
    if what == "imports":
        at_end_of_imports(record.freeze, record.miss)
    elif what == "call":
        patch(where, before=record.freeze, found=record.find)
    elif what == "after":
        import threading

        timer = threading.Timer(float(where), record.freeze)
        timer.daemon = True
        timer.start()
    if "collect" in options:
        patch(options["collect"], after=record.collect, found=record.find)


class Record:
    PROCESS, BEGUN, FROZEN, FREEZE_NS, FLAGS, ENDED, PEAK_KIB = range(7)
    AT_START, AT_END, IS_ENABLED, VERSION, HELD_BY_HAND = 7, 10, 13, 14, 15
    AT_EXIT, HAS_MISSED, HAS_FOUND = 1, 2, 4
    SLOT, MOST_SLOTS, FIRST = 4096, 255, 4096
    GENERATIONS, GENERATION, PLACES = 32, 1352, 1344
    COUNT, SUM, LONGEST, COLLECTED, UNCOLLECTABLE, HISTOGRAM = 0, 1, 2, 3, 4, 8

    def __init__(self, descriptor):
        import atexit
        import gc
        import mmap
        import os
        import time

        self.gc, self.os, self.clock = gc, os, time.perf_counter_ns
        self.processor_clock = time.thread_time_ns
        self.memory = mmap.mmap(descriptor, 0)
        os.close(descriptor)
        self.words = memoryview(self.memory).cast("q")
        self.begun = self.processor_begun = 0
        self.thresholds = gc.get_threshold()
        self.claim_slot()
        os.register_at_fork(after_in_child=self.claim_slot)
        atexit.register(self.end)

    def claim_slot(self):
        # A process forked in the same moment may take the same; each then tries the next.
        words, process = self.words, self.os.getpid()
        for slot in range(self.MOST_SLOTS):
            at = self.FIRST + slot * self.SLOT
            if words[at] == 0:
                words[at] = process
                if words[at] == process:
                    break
        else:
            at = self.FIRST + self.MOST_SLOTS * self.SLOT  # shared by all that are too many
            words[at] = process
        self.at = at
        words[at + self.BEGUN] = self.clock()
        words[at + self.VERSION] = self.version()
        for i, threshold in enumerate(self.thresholds):
            words[at + self.AT_START + i] = threshold

    @staticmethod
    def version():
        import sys

        return sys.hexversion

    def watch(self, phase, info):
        if phase == "start":
            self.processor_begun = self.processor_clock()
            self.begun = self.clock()
            return
        took = self.clock() - self.begun
        worked = self.processor_clock() - self.processor_begun
        words = self.words
        at = self.at + self.GENERATIONS + info["generation"] * self.GENERATION
        words[at] += 1
        words[at + self.SUM] += worked
        if took > words[at + self.LONGEST]:
            words[at + self.LONGEST] = took
        words[at + self.COLLECTED] += info["collected"]
        words[at + self.UNCOLLECTABLE] += info["uncollectable"]
        shift = took.bit_length() - 6
        place = took if shift < 0 else (shift << 5) + (took >> shift)
        words[at + self.HISTOGRAM + min(place, self.PLACES - 1)] += 1

    def freeze(self):
        begun = self.clock()
        self.gc.collect()
        self.gc.freeze()
        self.words[self.at + self.FROZEN] = 1 + self.gc.get_freeze_count()
        self.words[self.at + self.FREEZE_NS] = self.clock() - begun

    def collect(self):
        self.gc.collect()
        self.words[self.at + self.HELD_BY_HAND] += 1

    def miss(self):
        self.words[self.at + self.FLAGS] |= self.HAS_MISSED

    def find(self):
        self.words[self.at + self.FLAGS] |= self.HAS_FOUND

    def end(self):
        at, words = self.at, self.words
        words[at + self.FLAGS] |= self.AT_EXIT
        words[at + self.ENDED] = self.clock()
        words[at + self.IS_ENABLED] = self.gc.isenabled()
        for i, threshold in enumerate(self.gc.get_threshold()):
            words[at + self.AT_END + i] = threshold
        try:
            with open("/proc/self/status") as status:
                for line in status:
                    if line.startswith("VmHWM:"):
                        words[at + self.PEAK_KIB] = int(line.split()[1])
        except OSError:
            pass


def line_after_imports(tree):
    """Of the first statement that does something; None: there is none. Imports, definitions and
    values that call nothing only prepare, also under `if` and `try`."""

    def prepares(node):
        kind = type(node).__name__
        if kind in ("Import", "ImportFrom", "FunctionDef", "AsyncFunctionDef", "ClassDef", "Pass",
                    "TypeAlias"):
            return True
        if kind == "If":
            # `if __name__ == "__main__":` is where a program begins.
            return not names_main(node.test) and not calls(node.test) and all(
                map(prepares, node.body + node.orelse))
        if kind == "Try":
            return all(map(prepares, node.body + node.orelse + node.finalbody)) and all(
                prepares(one) for handler in node.handlers for one in handler.body)
        if kind in ("Assign", "AnnAssign", "AugAssign", "Expr"):
            return node.value is None or not calls(node.value)
        return False

    def children(node):
        for field in node._fields:
            value = getattr(node, field, None)
            for one in value if isinstance(value, list) else (value,):
                if hasattr(one, "_fields"):
                    yield one

    def calls(node):
        kind = type(node).__name__
        return kind in ("Call", "Await", "Yield", "YieldFrom", "ListComp", "SetComp", "DictComp",
                        "GeneratorExp") or any(map(calls, children(node)))

    def names_main(node):
        return getattr(node, "id", None) == "__name__" or any(map(names_main, children(node)))

    for node in tree.body:
        if not prepares(node):
            return node.lineno
    return None


def at_end_of_imports(do, miss):
    """Calls `do` once, before the main module's first statement that does something."""
    import sys

    if sys.gettrace() is not None:
        return miss()
    line = None

    def trace_lines(frame, event, _):
        if line is not None and (frame.f_lineno >= line or event == "return"):
            frame.f_trace = None
            sys.settrace(None)
            do()
            return None
        return trace_lines

    def trace_calls(frame, *_):
        nonlocal line
        code = frame.f_code
        if code.co_name != "<module>" or frame.f_globals.get("__name__") != "__main__":
            return None
        try:
            if code.co_filename == "<string>":
                with open("/proc/self/cmdline", "rb") as words:
                    words = words.read().split(b"\0")
                source = words[words.index(b"-c") + 1]
            else:
                with open(code.co_filename, "rb") as file:
                    source = file.read()
            only_ast = 0x400
            line = line_after_imports(compile(source, code.co_filename, "exec", only_ast))
        except (OSError, SyntaxError, ValueError):
            sys.settrace(None)
            miss()
            return None
        if line is None:
            line = 1 << 30  # at its end
        return trace_lines

    sys.settrace(trace_calls)


def patch(where, before=None, after=None, found=None):
    """Puts `before`, once, or `after`, each time, around MODULE:NAME or MODULE:CLASS.NAME; as soon as
    the module is there, or where it is the main one, after its imports."""
    import sys

    module_name, _, name = where.partition(":")
    is_patched = False

    def patch_in(namespace):
        nonlocal is_patched
        owner, attributes = namespace, name.split(".")
        for attribute in attributes[:-1]:
            owner = getattr(owner, attribute, None)
        function = getattr(owner, attributes[-1], None)
        if function is None or is_patched:
            return
        raw = vars(owner).get(attributes[-1], function)
        kind = type(raw) if isinstance(raw, (staticmethod, classmethod)) else None
        function = raw.__func__ if kind else raw
        has_run = False

        def around(*arguments, **named):
            nonlocal has_run
            if before is not None and not has_run:
                has_run = True
                before()
            try:
                return function(*arguments, **named)
            finally:
                if after is not None:
                    after()

        around.__dict__.update(getattr(function, "__dict__", {}))
        for own in ("__name__", "__qualname__", "__doc__", "__module__", "__defaults__",
                    "__annotations__"):
            try:
                setattr(around, own, getattr(function, own))
            except (AttributeError, TypeError):
                pass
        around.__defaults__ = None
        around.__wrapped__ = function
        setattr(owner, attributes[-1], kind(around) if kind else around)
        main = sys.modules.get("__main__")
        if owner is not main and getattr(main, attributes[-1], None) is function:
            setattr(main, attributes[-1], around)
        is_patched = True
        found()

    class Finder:
        """Of the one module that is waited for."""

        @staticmethod
        def find_spec(fullname, path=None, target=None):
            if fullname != module_name:
                return None
            for finder in sys.meta_path:
                if finder is Finder or not hasattr(finder, "find_spec"):
                    continue
                spec = finder.find_spec(fullname, path, target)
                if spec is not None and spec.loader is not None:
                    execute = spec.loader.exec_module

                    def exec_module(module):
                        execute(module)
                        patch_in(module)

                    spec.loader.exec_module = exec_module
                    sys.meta_path.remove(Finder)
                    return spec
            return None

    if module_name == "__main__":
        at_end_of_imports(lambda: patch_in(sys.modules["__main__"]), lambda: None)
    elif module_name in sys.modules:
        patch_in(sys.modules[module_name])
    else:
        sys.meta_path.insert(0, Finder)


def import_the_one_that_would_have_been():
    import sys

    own = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
    finally:
        sys.modules.setdefault("sitecustomize", own)


begin()
import_the_one_that_would_have_been()
