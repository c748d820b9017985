"""Objects of all kinds that lay out their references in a way of their own."""

import array
import asyncio
import atexit
import collections
import contextlib
import contextvars
import ctypes
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import importlib
import io
import itertools
import operator
import re
import sqlite3
import struct
import sys
import threading
import types
import typing
import weakref

MODULES = """argparse ast base64 bisect calendar cmd codecs configparser copy csv difflib dis email
    email.message glob gzip hashlib heapq html html.parser http.client inspect ipaddress json
    keyword linecache locale logging logging.handlers lzma mimetypes multiprocessing numbers
    optparse pathlib pickle platform pprint queue random selectors shlex shutil signal socket
    sqlite3 ssl statistics string subprocess tarfile tempfile textwrap token tokenize traceback
    unittest unittest.mock urllib.parse urllib.request uuid xml.dom.minidom xml.etree.ElementTree
    zipfile zlib zoneinfo""".split()


def import_modules():
    for name in MODULES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


class Plain:
    """A class variable, and attributes inline or in a dict with shared keys."""

    kind = "plain"

    def __init__(self, number):
        self.number = number
        self.text = "text %d" % number
        self.me = self

    def method(self):
        return self.number


class Slots:
    __slots__ = ("first", "second", "__private", "__weakref__")

    def __init__(self):
        self.first = [1]
        self.__private = {"a": 1}


class MoreSlots(Slots):
    __slots__ = ("third",)

    def __init__(self):
        super().__init__()
        self.third = self


class SlotsAndDict(Slots):
    def __init__(self):
        super().__init__()
        self.extra = object()


class IntWithDict(int):
    pass


class TupleWithDict(tuple):
    pass


class BytesWithDict(bytes):
    pass


class StrWithSlots(str):
    __slots__ = ()


class ListWithDict(list):
    pass


class SetWithDict(set):
    pass


class DictWithSlots(dict):
    __slots__ = ("slot",)


class CallableSize:
    def __sizeof__(self):
        return 1 << 20


class Meta(type):
    def __new__(cls, name, bases, space):
        made = super().__new__(cls, name, bases, space)
        made.registry = [name]
        return made


class WithMeta(metaclass=Meta):
    pass


class Colour(enum.Enum):
    RED = 1
    GREEN = "green"


class Flags(enum.IntFlag):
    A = 1
    B = 2


@dataclasses.dataclass
class Data:
    x: int
    y: typing.List[int] = dataclasses.field(default_factory=list)


Point = collections.namedtuple("Point", "x y")


class Structure(ctypes.Structure):
    _fields_ = [("a", ctypes.c_int), ("b", ctypes.py_object)]


class Node:
    def __init__(self):
        self.children = weakref.WeakSet()
        self.by_name = weakref.WeakValueDictionary()


def closure(argument):
    other = [argument]

    def inner(default=(1, 2), *, keyword=None):
        nonlocal other
        return argument, other, default, keyword

    return inner


def generate(value):
    local = [value]
    try:
        received = yield local
        yield received
    finally:
        del local


async def coroutine(value):
    await asyncio.sleep(value)


async def asynchronous_generator(value):
    yield value


def exception_with_traceback():
    try:
        try:
            raise ValueError("first", [1])
        except ValueError as error:
            raise KeyError("second") from error
    except KeyError as error:
        return error


def make():
    """All of them, in one dict. Kept alive by the caller."""
    kept = {}
    plains = [Plain(number) for number in range(300)]
    vars(plains[1])  # its dict is made
    del plains[2].text
    plains[3].late = "late"
    plains[4].__dict__ = {"other": 1}
    plains[5].__dict__[7] = "key that is no str"
    for number in range(40):
        setattr(plains[6], "attribute_%d" % number, [number])
    kept["plains"] = plains
    for one in (IntWithDict(10**30), TupleWithDict((1, [2])), BytesWithDict(b"bytes"),
                ListWithDict([1, "two", [3]]), SetWithDict({1, "two"})):
        one.attribute = [type(one).__name__]
        kept[type(one).__name__] = one
    slot = DictWithSlots({"key": [1], 3: "three"})
    slot.slot = slot
    kept["slots"] = [Slots(), MoreSlots(), SlotsAndDict(), StrWithSlots("str"), slot]
    kept["sized"] = [CallableSize(), Meta, WithMeta, WithMeta(), Colour.RED, Flags.A | Flags.B]
    kept["data"] = [Data(1), Point(1, [2]), Structure(1, "object"), Node()]
    nodes = [Node() for _ in range(3)]
    nodes[0].children.add(nodes[1])
    nodes[0].by_name["two"] = nodes[2]
    kept["nodes"] = nodes
    kept["functions"] = [closure(n) for n in range(5)] + [lambda x=kept: x, Plain(1).method, len,
                         [].append, "".join, str.join, int.__add__, Plain.method, type.__call__]
    # They refer to the exceptions of their module without counting.
    kept["connections"] = [sqlite3.connect(":memory:") for _ in range(3)]
    started = generate("value")
    next(started)
    finished = generate("value")
    list(finished)
    awaiting = coroutine(1)
    kept["generators"] = [generate("new"), started, finished, awaiting,
                          asynchronous_generator(1)]
    thousand = list(range(1000, 2000))
    kept["deques"] = [collections.deque(range(200, 1200)), collections.deque(["a"], maxlen=3),
                      collections.deque(),
                      # More references than one record takes, and than two take.
                      collections.deque(70 * thousand), collections.deque(140 * thousand)]
    kept["deques"][0].rotate(37)
    ordered = collections.OrderedDict((str(number), [number]) for number in range(50))
    del ordered["7"]
    ordered[8] = "general"
    kept["dicts"] = [ordered, collections.OrderedDict(a=1), collections.OrderedDict(),
                     collections.defaultdict(list, a=[1]), collections.Counter("abracadabra"),
                     collections.ChainMap({1: 2}, {"a": []}), types.MappingProxyType({"k": "v"}),
                     {number: str(number) for number in range(3000)},
                     {str(number): number for number in range(3000)}, {}, {(): ()},
                     types.SimpleNamespace(a=1, b=[2])]
    for number in range(0, 3000, 3):
        del kept["dicts"][7][number]
    kept["sets"] = [set(range(100, 200)), frozenset({"a", (1, 2)}), set(), {1.5}]
    kept["sets"][0].discard(150)
    cached = functools.lru_cache(maxsize=4)(lambda x, y=1: [x, y])
    for number in range(6):
        cached(number, y=number)
    unbounded = functools.lru_cache(None)(str)
    unbounded(12345)
    kept["functools"] = [cached, unbounded, functools.partial(print, 1, sep=[2]),
                         functools.cmp_to_key(lambda a, b: 0)]
    kept["iterators"] = [iter([1, 2]), iter({"a": 1}), iter({"a": 1}.items()), iter((1, 2)),
                         iter("text"), map(str, [1]), filter(None, [1]), zip([1], "a"),
                         enumerate([1]), reversed([1, 2]), itertools.chain([1], [2]),
                         itertools.count(5), itertools.cycle([1, 2]), itertools.repeat([1]),
                         itertools.groupby([1, 1, 2]), itertools.tee([1, 2, 3])[0],
                         itertools.product([1], [2]), itertools.islice([1, 2], 1),
                         itertools.accumulate([1, 2]), range(5), range(10**20), slice(1, [2], "3")]
    kept["numbers"] = [0, -1, 255, 256, 257, -10**40, 10**400, 2**30, 2**60, -2**90, 1.5, -0.0,
                       1 + 2j, True, fractions.Fraction(1, 3), decimal.Decimal("1.5")]
    kept["texts"] = ["", "a", "ascii text", "é", "naïve", "€uro", "𝄞 clef", "x" * 1000, "\udc80",
                     b"", b"bytes", bytearray(b"array"), bytearray(), "a" * 99 + "é" * 10]
    kept["texts"][3].encode()
    "caché".encode("utf-8")
    kept["buffers"] = [memoryview(b"view"), array.array("d", [1.0, 2.0]), struct.Struct("<IHB"),
                       io.BytesIO(b"bytes"), io.StringIO("text"), ctypes.create_string_buffer(10),
                       ctypes.c_int(5), ctypes.py_object([1]), (ctypes.c_int * 3)(1, 2, 3),
                       ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 1), ctypes.pointer(ctypes.c_int(1))]
    zone = datetime.timezone(datetime.timedelta(hours=1), "name")
    kept["dates"] = [datetime.datetime(2020, 1, 1, tzinfo=zone), datetime.date(2020, 1, 1),
                     datetime.time(1, 2, tzinfo=zone), datetime.timedelta(1), zone]
    kept["re"] = [re.compile("(?P<name>a+)"), re.compile(b"b"), re.match("(a)", "ab"),
                  re.finditer("a", "aaa")]
    target = Plain(7)
    kept["weak"] = [target, weakref.ref(target), weakref.ref(target, lambda one: None),
                    weakref.proxy(target), weakref.WeakMethod(target.method),
                    weakref.WeakKeyDictionary({target: [1]}), weakref.finalize(target, id, [1])]
    kept["operators"] = [operator.itemgetter(1, "two"), operator.attrgetter("a.b"),
                         operator.methodcaller("m", [1], k=2)]
    kept["descriptors"] = [property(len, None, doc="doc"), classmethod(closure), staticmethod(len),
                           Slots.__dict__["first"], Plain.__dict__["__dict__"],
                           super(MoreSlots, MoreSlots())]
    kept["exceptions"] = [exception_with_traceback(), OSError(2, "text", "file"), StopIteration(1),
                          UnicodeDecodeError("utf-8", b"\xff", 0, 1, "why"), SystemExit([1]),
                          ImportError("text", name="name", path="path")]
    lock = threading.Lock()
    local = threading.local()
    local.value = [1]
    kept["threads"] = [lock, threading.RLock(), local, threading.Event(), threading.Thread()]
    # More than the array has room for at first, and one taken back.
    for number in range(40):
        atexit.register(id, plains[number])
    atexit.register(dict, [], key=[number])
    atexit.register(vars)
    atexit.unregister(vars)
    variable = contextvars.ContextVar("variable", default=[1])
    token = variable.set({"k": [2]})
    kept["context"] = [variable, token, contextvars.copy_context()]
    loop = asyncio.new_event_loop()
    future = loop.create_future()
    future.add_done_callback(print)
    kept["asyncio"] = [loop, future, asyncio.Event() if sys.version_info >= (3, 10) else None]
    kept["typing"] = [typing.Dict[str, int], typing.Optional[int], typing.TypeVar("T")]
    if sys.version_info >= (3, 9):
        kept["typing"] += [list[int], dict[str, "Plain"]]
    if sys.version_info >= (3, 10):
        kept["typing"] += [int | str]
    module = types.ModuleType("made")
    module.value = [1]
    kept["types"] = [module, types.CellType([1]), types.CellType(), sys.implementation,
                     types.GetSetDescriptorType, sys.flags, struct, object(), None, Ellipsis,
                     NotImplemented, (lambda: (yield)).__code__, sys._getframe()]
    kept["frozen"] = [getattr(sys.modules["builtins"], "frozendict", dict)(a=[1], b="2")]
    cycle = [{}]
    cycle[0]["self"] = cycle
    kept["cycle"] = cycle
    big = list(range(200000, 240000))
    kept["big"] = [big, tuple(big), {"all": tuple(big[:5])}]
    return kept
