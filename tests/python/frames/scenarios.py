"""Where Python code can hold an object: each scenario runs in a thread of its own, plants objects,
and waits for ever with them in its hands.

plant() remembers an object's address and where it was planted, not the object.
"""

import asyncio
import contextlib
import contextvars
import functools
import sys
import threading
import types


class Planted:
    """Nothing but itself: what counts it is what a scenario did with it."""


planted = []  # (address, the function that planted it)
scenarios = []
_parked = threading.Semaphore(0)
_never = threading.Lock()
_never.acquire()


def plant():
    made = Planted()
    planted.append((id(made), sys._getframe(1).f_code.co_name))
    return made


def remember(made):
    planted.append((id(made), sys._getframe(1).f_code.co_name))
    return made


def park(*arguments, **named):
    """Here the thread stays."""
    _parked.release()
    _never.acquire()


def scenario(function):
    scenarios.append(function)
    return function


def start_all(only=None):
    """Starts them and waits until each is parked. The threads are daemons."""
    chosen = [each for each in scenarios if only is None or each.__name__ in only]
    for each in chosen:
        threading.Thread(target=each, name=each.__name__, daemon=True).start()
    for _ in chosen:
        _parked.acquire()
    return [each.__name__ for each in chosen]


# ---- variables


@scenario
def local_variables():
    one = plant()
    same = also = one
    two = plant()
    none = None
    park()


@scenario
def nested_calls():
    first = plant()
    _middle(first, plant())


def _middle(argument, passed, *more, keyword=None):
    again = argument
    _innermost([argument], key=passed)


def _innermost(listed, **keywords):
    here = plant()
    park()


@scenario
def deep_recursion():
    _recurse(plant(), 200)


def _recurse(argument, left):
    if left == 0:
        park()
    _recurse(argument, left - 1)


@scenario
def closures():
    shared = plant()
    argument_too = plant()

    def inner(argument=plant()):
        nonlocal shared
        own = plant()

        def innermost():
            return shared, own, argument_too, park(), argument

        innermost()

    inner()


@scenario
def an_argument_that_is_a_cell():
    _cell_argument(plant(), plant())


def _cell_argument(argument, *rest):
    def inner():
        park()
        return argument, rest

    inner()


@scenario
def class_bodies():
    class Body:
        field = plant()
        other = field
        park()


@scenario
def comprehensions():
    outer = plant()
    return [
        {key: [park() for last in (plant(), outer)] for key in (plant(), outer)}
        for value in (plant(), outer)
    ]


@scenario
def executed():
    scope = {"plant": plant, "park": park}
    exec(
        "top = plant()\n"
        "def function():\n"
        "    local = plant()\n"
        "    eval('[park() for x in [local, one]]', {'park': park, 'local': local, 'one': plant()})\n"
        "function()\n",
        scope,
    )


@scenario
def lambdas_and_partials():
    a = plant()
    call = functools.partial(lambda x, y: (x, y, park()), plant(), y=a)
    call()


# ---- values of expressions in the midst of evaluation


class Parks:
    """Whose operators wait."""

    def __init__(self, at=None):
        self.at = at

    def __add__(self, other):
        park()

    __getitem__ = __lt__ = __contains__ = __add__

    def __setitem__(self, key, value):
        park()

    def __setattr__(self, name, value):
        if value is not None:
            park()

    @property
    def attribute(self):
        park()

    def __enter__(self):
        return plant()

    def __exit__(self, *exception):
        park()

    def __iter__(self):
        return self

    def __next__(self):
        park()


def parks():
    made = Parks()
    planted.append((id(made), sys._getframe(1).f_code.co_name))
    return made


@scenario
def arguments_of_a_call():
    park(plant(), plant(), key=plant())


@scenario
def arguments_of_a_c_function():
    max([plant(), plant()], key=park)


@scenario
def arguments_in_tuples():
    park(*[plant()], plant(), **{"key": plant()})


@scenario
def elements_of_a_display():
    return [plant(), plant(), (plant(), {"key": plant(), "other": park()})]


@scenario
def results_of_calls():
    return plant(), [plant()].append(plant()), park(plant()), plant()


@scenario
def operands_of_an_operator():
    return parks() + plant()


@scenario
def operands_of_a_subscript():
    return parks()[plant()]


@scenario
def operands_of_a_comparison():
    return 1 < 2 and parks() < plant() < plant()


@scenario
def operands_of_a_store():
    parks()[plant()] = plant()


@scenario
def an_attribute_that_is_set():
    parks().name = plant()


@scenario
def a_property():
    return [plant(), parks().attribute, plant()]


@scenario
def parts_of_a_string():
    return "%s %s" % (plant(), "{!r}{}".format(plant(), park(plant())))


@scenario
def conditions():
    return plant() and (plant() or park()) and plant() and park(plant())


@scenario
def loops_around():
    for outer in [plant(), plant()]:
        for inner in iter((plant(),)):
            while outer is not None:
                park(inner)


@scenario
def an_iterator_that_waits():
    for one in parks():
        pass


@scenario
def a_lock_in_c():
    keep = plant()
    for one in (plant(),):
        (keep, _parked.release(), _never.acquire(True), plant())


@scenario
def sorting():
    return sorted([plant(), plant()], key=park)


@scenario
def unpacking():
    a, (b, *c) = plant(), [plant(), plant(), park()]


# ---- with, try


@scenario
def entered():
    with parks() as value, contextlib.suppress(KeyError):
        park(plant())


class ParksOnEntering:
    def __init__(self):
        remember(self)

    def __enter__(self):
        park()

    def __exit__(self, *exception):
        pass


@scenario
def entering():
    kept = plant()
    with ParksOnEntering():
        pass


@scenario
def leaving():
    with parks() as value:
        inside = plant()


@scenario
def leaving_by_an_exception():
    with parks() as value:
        raise LookupError(plant())


@scenario
def behind_a_with_that_swallowed():
    with contextlib.suppress(LookupError):
        raise LookupError(plant())
    return [plant(), park(plant())]


class ParksWhenGone:
    def __enter__(self):
        pass

    def __exit__(self, *exception):
        pass

    def __del__(self):
        park()


class Endless:
    def __iter__(self):
        return self

    def __next__(self):
        return None


@scenario
def unwinding():
    """An exception has taken the iterators off the stack, and takes off the exit function."""
    steps = remember(Endless())
    with ParksWhenGone():
        for _ in steps:
            for _ in steps:
                for _ in steps:
                    for _ in steps:
                        for _ in steps:
                            with contextlib.nullcontext():
                                raise LookupError


@contextlib.contextmanager
def _managed(argument):
    inside = plant()
    try:
        yield inside
    finally:
        after = plant()


@scenario
def context_managers():
    with _managed(plant()) as value:
        park(value)


@scenario
def handled_exceptions():
    try:
        raise LookupError(plant())
    except LookupError as error:
        try:
            raise KeyError(plant()) from error
        except KeyError as another:
            for each in [plant()]:
                try:
                    raise OSError(plant())
                except OSError:
                    park(plant())


@scenario
def handled_in_callers():
    try:
        raise LookupError(remember(Planted()))
    except LookupError:
        _handles_too(plant())


def _handles_too(argument):
    try:
        {}[argument]
    except KeyError:
        park()


@scenario
def finally_after_an_exception():
    try:
        try:
            raise LookupError(plant())
        finally:
            inside = plant()
            park(inside)
    except LookupError:
        pass


@scenario
def finally_without_one():
    for each in (plant(),):
        try:
            inside = plant()
            continue
        finally:
            park(inside)


@scenario
def kept_tracebacks():
    kept = []
    try:
        _raises(plant())
    except LookupError as error:
        kept.append(error)
    park(kept)


def _raises(argument):
    local = plant()
    try:
        raise KeyError(argument)
    except KeyError as error:
        raise LookupError(local) from error


@scenario
def kept_frames():
    frame = _gives_its_frame(plant())
    mine = sys._getframe()
    park()
    del mine


def _gives_its_frame(argument):
    local = plant()
    return sys._getframe()


# ---- generators, coroutines


def _generator(argument):
    local = plant()
    for each in [plant()]:
        yield each
    yield park(argument)


@scenario
def generators_suspended():
    made = _generator(plant())
    next(made)
    unstarted = _generator(plant())
    done = (each for each in [plant()])
    list(done)
    half = (each for each in (plant(), plant()))
    next(half)
    park(made)


@scenario
def generators_running():
    for each in _generator(plant()):
        pass


@scenario
def generators_that_run_python():
    for each in _calls_python(plant()):
        pass


def _calls_python(argument):
    local = plant()
    _middle(argument, plant())
    yield local


@scenario
def generators_that_delegate():
    for each in _delegates(plant()):
        pass


def _delegates(argument):
    mine = plant()
    yield from _generator(argument)


@scenario
def generators_that_handle():
    for each in _handles(plant()):
        pass


def _handles(argument):
    try:
        raise LookupError(argument)
    except LookupError:
        yield
        try:
            raise KeyError(plant())
        except KeyError:
            park()


@scenario
def suspended_while_handling():
    made = _handles(plant())
    next(made)
    try:
        raise OSError(plant())
    except OSError:
        park()


@types.coroutine
def _suspend(value):
    here = plant()
    yield value


async def _awaits(argument, depth):
    local = plant()
    if depth:
        return await _awaits(argument, depth - 1)
    await _suspend(plant())
    return local


async def _async_generator(argument):
    local = plant()
    yield argument
    await _suspend(local)
    yield local


async def _over_async_generator(argument):
    async for each in _async_generator(argument):
        kept = each


@scenario
def coroutines_suspended():
    chain = _awaits(plant(), 3)
    chain.send(None)
    through = _over_async_generator(plant())
    through.send(None)
    with contextlib.closing(_awaits(plant(), 0)) as unstarted:
        park(chain)


class AwaitsAndParks:
    def __await__(self):
        local = plant()
        park()
        yield


@scenario
def coroutines_running():
    async def outer(argument):
        return await inner(argument)

    async def inner(argument):
        async with AsyncManager():
            await AwaitsAndParks()

    outer(plant()).send(None)


class AsyncManager:
    def __init__(self):
        self.mine = plant()

    async def __aenter__(self):
        return plant()

    async def __aexit__(self, *exception):
        return plant()


@scenario
def asyncio_tasks():
    async def leaf(argument):
        local = plant()
        await asyncio.sleep(3600)

    async def middle(argument):
        await asyncio.gather(leaf(argument), leaf(plant()))

    async def main():
        task = asyncio.ensure_future(middle(plant()))
        queue = asyncio.Queue()
        waiting = asyncio.ensure_future(queue.get())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        park(task)

    loop = asyncio.new_event_loop()
    loop.run_until_complete(main())


# ---- what threads hold


@scenario
def thread_locals():
    mine = _thread_local
    mine.value = plant()
    mine.more = [plant()]
    park()


_thread_local = threading.local()
_variable = contextvars.ContextVar("_variable")


@scenario
def context_variables():
    _variable.set(plant())
    contextvars.copy_context().run(_in_context, plant())


def _in_context(argument):
    _variable.set(argument)
    token = _variable.set(plant())
    park()


@scenario
def profiled():
    sys.setprofile(functools.partial(_profile, plant()))
    park()


@scenario
def traced():
    sys.settrace(functools.partial(_profile, plant()))
    _traced(plant())


def _traced(argument):
    local = plant()
    park()


def _profile(kept, *arguments):
    return None


@scenario
def hooks_of_async_generators():
    sys.set_asyncgen_hooks(
        firstiter=functools.partial(_profile, plant()),
        finalizer=functools.partial(_profile, plant()),
    )
    park()


# ---- objects being made


class MadeInPython:
    def __init__(self, argument):
        if argument is not None:
            planted.append((id(self), "MadeInPython"))
            self.argument = argument
            self.local = local = plant()
            park()


@scenario
def objects_being_made():
    # Often enough for the interpreter to run __init__ without a C function in between.
    for left in range(60, -1, -1):
        MadeInPython(None if left else plant())


class MadeByNew:
    def __new__(cls, argument):
        made = super().__new__(cls)
        planted.append((id(made), "MadeByNew"))
        park()
        return made


@scenario
def objects_made_by_new():
    return [plant(), MadeByNew(plant())]


@scenario
def finalizers():
    _finalized(plant())


def _finalized(argument):
    for each in [plant()]:
        WithFinalizer(argument)


class WithFinalizer:
    def __init__(self, argument):
        self.argument = argument

    def __del__(self):
        park()
