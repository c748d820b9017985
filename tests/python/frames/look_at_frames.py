"""Runs in the CPython under test: compares what the agent says of threads, frames and generators
with what Python says of them.

    look_at_frames.py AGENT lines       each frame's line is f_lineno, at every step of odd_code.py
    look_at_frames.py AGENT holders     scenarios.py: names, values, and no count unexplained
"""

import ctypes
import inspect
import os
import sys
import threading
import time

import agent
import odd_code
import scenarios

IS_FREE_THREADED = bool(getattr(sys, "_is_gil_enabled", lambda: True)() is False)
IS_LOCAL_A_KEY = sys.version_info >= (3, 13)
CO_OPTIMIZED = 1

failures = []


def expect(condition, message, *arguments):
    if not condition:
        failures.append(message % arguments)


def frames_by_thread():
    """Python's account: {thread: [frame, ...]}, the newest first, without this thread."""
    found = {}
    for ident, frame in sys._current_frames().items():
        frames = found[ident] = []
        while frame is not None:
            frames.append(frame)
            frame = frame.f_back
    del found[threading.get_ident()]
    return found


def compare_frames(heap):
    """Functions and lines of all threads but this one, which goes on meanwhile."""
    numbers = {ident: number for number, _, ident, _ in heap.threads}
    seen = {}
    for thread, depth, code, line in heap.frames:
        expect(depth == len(seen.setdefault(thread, [])), "thread %d: depths skip", thread)
        seen[thread].append((heap.addresses[code], line))
    compared = 0
    for ident, frames in frames_by_thread().items():
        ours = seen.get(numbers[ident], [])
        theirs = [(id(frame.f_code), frame.f_lineno or 0) for frame in frames]
        compared += len(theirs)
        expect(len(ours) == len(theirs), "%d frames, not %d", len(ours), len(theirs))
        for our, their, frame in zip(ours, theirs, frames):
            name = frame.f_code.co_name
            expect(our == their, "%s: line %d, not %d (%s)", name, our[1], their[1], frame.f_lasti)
    return compared


# ---- lines


def look_at_lines(walker):
    steps = [0]

    def count():
        steps[0] += 1

    odd_code.everything(odd_code.Step(count))
    parked = threading.Semaphore(0)
    never = threading.Lock()
    never.acquire()

    def run(at):
        left = [at]

        def stop():
            if left[0] == 0:
                parked.release()
                never.acquire()
            left[0] -= 1

        odd_code.everything(odd_code.Step(stop))

    threading.stack_size(512 * 1024)
    for at in range(steps[0]):
        threading.Thread(target=run, args=(at,), daemon=True).start()
    for at in range(steps[0]):
        parked.acquire()
    time.sleep(0.05)
    heap = agent.Heap(walker.capture_here())
    expect(heap.is_whole, "the stream is not whole")
    return "%d frames in %d places" % (compare_frames(heap), steps[0])


# ---- holders


def reference_count_of(heap, node):
    return heap.counts[node]


# Where a C function that waits for Python holds references of its own, which no frame shows: sorted()
# the elements it took out of its list, max() the one it compares, a call by a dict of keywords or by
# type.__call__ its arguments and the object being made.
HELD_BY_C_FUNCTIONS = {
    "lambdas_and_partials",
    "arguments_of_a_c_function",
    "arguments_in_tuples",
    "sorting",
    "MadeInPython",
    "MadeByNew",
}


def compare_counts(heap):
    """What counts a planted object is all known."""
    owned = {}
    for edge in heap.edges:
        if edge.is_owned:
            owned[edge.target] = owned.get(edge.target, 0) + 1
    held = {}
    for node, _, _, references, _, _, _, _ in heap.roots:
        held[node] = held.get(node, 0) + references
    checked = 0
    for address, where in scenarios.planted:
        node = heap.node_of.get(address)
        if node is None or heap.addresses[heap.types[node]] not in PLANTED_TYPES:
            continue  # it is gone
        checked += 1
        residual = reference_count_of(heap, node) - owned.get(node, 0) - held.get(node, 0)
        expect(
            residual == 0 or (residual == 1 and where in HELD_BY_C_FUNCTIONS),
            "%s: count %d, edges %d, roots %d",
            where,
            heap.counts[node],
            owned.get(node, 0),
            held.get(node, 0),
        )
    expect(checked > 140, "only %d planted objects are there", checked)
    return checked


PLANTED_TYPES = {
    id(each)
    for each in (
        scenarios.Planted,
        scenarios.Parks,
        scenarios.ParksOnEntering,
        scenarios.MadeInPython,
        scenarios.MadeByNew,
        scenarios.Endless,
    )
}


def compare_variables(heap):
    """Each variable Python shows is a root of that name on that thread and frame."""
    numbers = {ident: number for number, _, ident, _ in heap.threads}
    named = set()
    for node, _, what, _, thread, depth, name, _ in heap.roots:
        if what == agent.LOCAL:
            named.add((thread, depth, heap.texts.get(name), heap.addresses[node]))
    compared = 0
    for ident, frames in frames_by_thread().items():
        for depth, frame in enumerate(frames):
            if not frame.f_code.co_flags & CO_OPTIMIZED:
                continue  # a module or class body: its names are a dict
            for name, value in frame.f_locals.items():
                compared += 1
                key = (numbers[ident], depth, name, id(value))
                expect(key in named, "%s: no root for %s", frame.f_code.co_name, name)
    return compared


def edges_by_source(heap):
    found = {}
    for edge in heap.edges:
        found.setdefault(edge.source, []).append(edge)
    return found


def variables_of(heap, edges, node):
    return {
        (edge.name, heap.addresses[edge.target])
        for edge in edges.get(node, ())
        if edge.meaning == agent.VARIABLE
    }


def awaited_by(heap, edges, node):
    return [
        heap.addresses[edge.target]
        for edge in edges.get(node, ())
        if edge.name in ("awaits", "yields from")
    ]


def locals_of(made):
    if inspect.iscoroutine(made):
        return inspect.getcoroutinelocals(made), made.cr_frame, made.cr_await, made.cr_running
    if inspect.isasyncgen(made):
        frame = made.ag_frame
        return (frame.f_locals if frame else {}), frame, made.ag_await, made.ag_running
    return inspect.getgeneratorlocals(made), made.gi_frame, made.gi_yieldfrom, made.gi_running


def compare_generators(heap, made_of_all):
    """Variables of suspended generators and coroutines are names of their edges (up to 3.10: of
    their frame's edges)."""
    edges = edges_by_source(heap)
    compared = awaiting = 0
    for made in made_of_all:
        node = heap.node_of.get(id(made))
        if node is None:
            continue
        variables, frame, awaited, is_running = locals_of(made)
        if is_running or frame is None:
            continue
        if sys.version_info < (3, 11):
            node = heap.node_of[id(frame)]
        ours = variables_of(heap, edges, node)
        cells = set(frame.f_code.co_cellvars) | set(frame.f_code.co_freevars)
        name_of_made = made.__qualname__
        for name, value in variables.items():
            compared += 1
            if name in cells:
                expect(any(name == n for n, _ in ours), "%s: no cell %s", name_of_made, name)
            else:
                expect((name, id(value)) in ours, "%s: no %s", name_of_made, name)
        expect(len(ours) == len(variables), "%s: too many names: %s", name_of_made, sorted(ours))
        theirs = [] if awaited is None else [id(awaited)]
        awaiting += len(theirs)
        expect(
            awaited_by(heap, edges, node) == theirs,
            "%s awaits %s, not %s",
            name_of_made,
            awaited_by(heap, edges, node),
            awaited,
        )
    return compared, awaiting


def state_of(made, frame, is_running):
    if is_running:
        return "r"
    if frame is None:
        return "f"
    return "c" if frame.f_lasti < 0 or inspect_state(made).endswith("_CREATED") else "s"


def inspect_state(made):
    if inspect.iscoroutine(made):
        return inspect.getcoroutinestate(made)
    return "" if inspect.isasyncgen(made) else inspect.getgeneratorstate(made)


def compare_frame_texts(heap, made_of_all):
    """Which function a generator or coroutine is of, and at which line."""
    compared = 0
    for made in made_of_all:
        node = heap.node_of.get(id(made))
        if node is None:
            continue
        _, frame, _, is_running = locals_of(made)
        # An asynchronous generator says that it runs while it only waits.
        if inspect.isasyncgen(made) and is_running:
            continue
        code = frame.f_code if frame else None
        name, file, line, state = heap.frame_texts.get(node, ("", "", "", ""))
        compared += 1
        expect(name == made.__qualname__, "%s: text of %s", made.__qualname__, name)
        expect(
            state == state_of(made, frame, is_running),
            "%s: state %s, not %s",
            name,
            state,
            state_of(made, frame, is_running),
        )
        if code is not None:
            expect(file == code.co_filename, "%s: file %s", name, file)
            theirs = str(frame.f_lineno or code.co_firstlineno)
            # A function that has not begun is at its first line.
            expect(line == theirs or state == "c", "%s: line %s, not %s", name, line, theirs)
    return compared


def compare_tasks(heap):
    """Which field of a task or future in C is which."""
    import _asyncio
    import gc

    edges = edges_by_source(heap)
    compared = 0
    for each in gc.get_objects():
        if not isinstance(each, _asyncio.Future) or id(each) not in heap.node_of:
            continue
        named = {
            edge.name: heap.addresses[edge.target]
            for edge in edges.get(heap.node_of[id(each)], ())
            if edge.name is not None
        }
        theirs = {"_loop": each.get_loop()}
        if isinstance(each, _asyncio.Task):
            theirs.update(_fut_waiter=each._fut_waiter, _coro=each.get_coro())
            expect("_name" in named and "_context" in named, "a task has %s", sorted(named))
        if each.done() and not each.cancelled() and each.exception() is None:
            theirs["_result"] = each.result()
        for name, value in theirs.items():
            compared += 1
            ours = named.get(name)
            expect(value is None or ours == id(value), "%s: %s is %s", each, name, ours)
    return compared


def compare_tracebacks(heap):
    """Frames that only tracebacks keep name their variables."""
    import gc

    edges = edges_by_source(heap)
    elsewhere = {id(frame) for frames in frames_by_thread().values() for frame in frames}
    # From 3.11 on the variables of a generator that is suspended are its own.
    elsewhere.update(id(each.gi_frame) for each in gc.get_objects() if inspect.isgenerator(each))
    compared = 0
    for each in gc.get_objects():
        if type(each).__name__ != "traceback" or id(each.tb_frame) in elsewhere:
            continue
        frame = each.tb_frame
        node = heap.node_of.get(id(frame))
        if node is None or frame is sys._getframe():
            continue
        ours = {name for name, _ in variables_of(heap, edges, node)}
        for name in frame.f_locals if frame.f_code.co_flags & CO_OPTIMIZED else ():
            compared += 1
            expect(name in ours, "frame of %s: no %s", frame.f_code.co_name, name)
    return compared


def compare_thread_states(heap):
    names_of_threads = {each.ident: each.name for each in threading.enumerate()}
    numbers = {number: names_of_threads.get(ident) for number, _, ident, _ in heap.threads}
    said = {}
    for node, _, what, _, thread, _, _, text in heap.roots:
        if what == agent.THREAD_STATE:
            said.setdefault(numbers[thread], set()).add(text)
    for thread, text in (
        ("handled_exceptions", "handled exception"),
        ("handled_in_callers", "handled exception"),
        ("generators_that_handle", "handled exception of a generator"),
        ("thread_locals", "key of threading.local" if IS_LOCAL_A_KEY else "threading dictionary"),
        ("context_variables", "context"),
        ("profiled", "profile function"),
        ("traced", "trace function"),
        ("hooks_of_async_generators", "hook of async generators: firstiter"),
        ("hooks_of_async_generators", "hook of async generators: finalizer"),
    ):
        expect(text in said.get(thread, ()), "%s: no %s", thread, text)


def look_at_holders(walker):
    import gc

    only = set(sys.argv[3:]) or None
    started = scenarios.start_all(only)
    time.sleep(0.2)
    heap = agent.Heap(walker.capture_here())
    expect(heap.is_whole, "the stream is not whole")
    generators = [
        each
        for each in gc.get_objects()
        if inspect.isgenerator(each) or inspect.iscoroutine(each) or inspect.isasyncgen(each)
    ]
    frames = compare_frames(heap)
    counted = compare_counts(heap)
    compare_thread_states(heap)
    variables = compare_variables(heap)
    of_generators, awaiting = compare_generators(heap, generators)
    of_tracebacks = compare_tracebacks(heap)
    texts = compare_frame_texts(heap, generators)
    of_tasks = compare_tasks(heap)
    return (
        "%d scenarios, %d frames, %d planted objects, %d variables, %d of generators (%d await), "
        "%d of tracebacks, %d texts, %d fields of tasks"
    ) % (
        len(started),
        frames,
        counted,
        variables,
        of_generators,
        awaiting,
        of_tracebacks,
        texts,
        of_tasks,
    )


def main():
    walker = agent.Agent(sys.argv[1])
    look = {"lines": look_at_lines, "holders": look_at_holders}[sys.argv[2]]
    said = look(walker)
    for failure in failures[:40]:
        print("  " + failure)
    print("%s: %s, %d wrong" % (sys.version.split()[0], said, len(failures)))
    sys.stdout.flush()
    # The threads are parked for ever.
    os._exit(1 if failures else 0)


if __name__ == "__main__":
    main()
