"""Code whose lines are hard to tell: every step of it can be stopped at.

`everything(step)` runs it all. Whatever it does with `step`, an operator, a call, an iteration, a
`with`, goes through Step.step(), which may wait there.
"""


class Step:
    """Whatever is done with it is a step."""

    def __init__(self, stop):
        self.__dict__["stop"] = stop

    def _step(self, *arguments, **named):
        self.__dict__["stop"]()
        return self

    __call__ = __add__ = __radd__ = __mul__ = __matmul__ = __and__ = __neg__ = __getitem__ = _step
    __iadd__ = __lshift__ = __enter__ = __iter__ = __getattr__ = _step

    def __setitem__(self, key, value):
        self._step()

    def __delitem__(self, key):
        self._step()

    def __setattr__(self, name, value):
        self._step()

    def __delattr__(self, name):
        self._step()

    def __eq__(self, other):
        self._step()
        return True

    def __lt__(self, other):
        self._step()
        return True

    def __contains__(self, other):
        self._step()
        return True

    def __bool__(self):
        self._step()
        return True

    def __format__(self, how):
        self._step()
        return "step"

    def __exit__(self, *exception):
        self._step()
        return True

    def __next__(self):
        self._step()
        left = self.__dict__.setdefault("left", [3])
        left[0] -= 1
        if left[0] < 0:
            left[0] = 3
            raise StopIteration
        return self

    def __await__(self):
        self._step()
        return iter(())

    async def __aenter__(self):
        return self._step()

    async def __aexit__(self, *exception):
        self._step()
        return True

    def __aiter__(self):
        return self._step()

    async def __anext__(self):
        self._step()
        left = self.__dict__.setdefault("left", [2])
        left[0] -= 1
        if left[0] < 0:
            left[0] = 2
            raise StopAsyncIteration
        return self


def calls(step):
    step(
        step(1),

        step
        (2),
        *
        step,
        key=step(
            3),
        **{"a": step(4)}

    )
    (step
     .attribute
     .other(

         step + 1)
     )
    return (
        step
        + step *
        step
        @ -step
    )


def operators(step):
    step[
        step()
    ] = step[1:
             step()]
    step.x = \
        step.y
    del step[0], \
        step.z
    step += \
        1
    assert (step
            < step), \
        step()
    a = (step ==
         step in
         step)
    b = (step and
         step and
         not
         step)
    text = f"{step}" \
           f"{step:>10}" \
           "%s" % step()
    (a, b), *c = (step(), step()), \
        step(), \
        step()
    return a, b, c, text


def loops(step):
    for i in (
        step
    ):
        if (step and
                step()):
            continue
        else:
            step()
    else:
        step()
    n = 2
    while (
        step and
        n
    ):
        n -= 1
        step()
    return [
        x()
        for x in
        step
        if x
    ], {
        id(x):
            x()
        for x in step
    }, sum(1 for x in step
           if x and
           x())


def blocks(step):
    try:
        step()
        raise ValueError(
            step())
    except (
        KeyError,
        step() and ValueError
    ) as error:
        step()
        try:
            raise KeyError(
            ) from error
        except KeyError:
            step()
        finally:
            step(
            )
    else:
        step()
    finally:
        with step as a, \
                step() as b:
            step(a,
                 b)
        try:
            return step()
        finally:
            step()


def nested(step):
    with step:
        raise RuntimeError(
            step())
    for _ in step:
        try:
            with step:
                step()
                continue
        finally:
            step()
    try:
        try:
            1 / 0
        finally:
            step()
    except ZeroDivisionError:
        step()


def definitions(step):
    @step
    @step(
        1)
    def function(a=step(),
                 *,
                 b=step(

                 )) -> step():
        return step

    function()

    @step
    class Class:
        field = step(

        )

        @step
        def method(self):
            pass

        other: step() = step()
        more = [
            step() for i in range(2)]

    long = lambda a, \
        b=step(): (
            a(),

            b())
    long(step)
    return (lambda: step(

    ))()


def generators(step):
    def generator():
        received = yield (
            step())
        step(
            received)
        yield from (
            step() for i in range(2))
        try:
            yield step
        finally:
            step()

    for x in generator():
        x
    one = generator()
    next(one)
    one.send(
        step)
    del one


async def awaiting(step):
    async with step as a, \
            step:
        step(a)
    async for x in step:
        x()
    async def one():
        await step
        yield step(

        )
        yield step()

    async for y in one():
        y(
        )
    return [z() async for z in
            one()
            if z]


def coroutines(step):
    coroutine = awaiting(step)
    try:
        while True:
            coroutine.send(None)
    except StopIteration:
        pass


def far_lines(step):
    """Lines far apart, forwards and backwards; a line of many bytes."""
    blank = "\n" * 300
    source = "def far(step):\n    step(" + blank + "step()," + blank + "step(\n))\n    step()" + blank
    source += "    return step()\n"
    source += "def wide(step):\n"
    source += "    return [" + ", ".join(["step.a"] * 40) + "," + blank + "step(), step()]\n"
    source += "def back(step):\n    return (step" + "\n" * 130 + "+ step(\n)" + "\n" * 127 + "+ step)\n"
    source += "def table():\n    return {" + ",\n".join("%d: %d" % (i, i) for i in range(400)) + "}\n"
    scope = {}
    exec(compile(source, "<far>", "exec"), scope)
    scope["far"](step)
    scope["wide"](step)
    scope["back"](step)
    eval(compile("\n\nstep(\n) + (\nstep)", "<eval>", "eval"), {"step": step})
    exec("step()\n\n\nfor i in (1,\n step()): step()\nclass A:\n  x = step(\n)\n  y = [step() for i in (1,)]", {"step": step})
    scope["table"]()


def everything(step):
    calls(step)
    operators(step)
    loops(step)
    blocks(step)
    nested(step)
    definitions(step)
    generators(step)
    coroutines(step)
    far_lines(step)
