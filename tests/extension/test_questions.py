"""The questions of the command: answers are objects, and complete."""

import dataclasses
import enum

import ouro
import pytest
from ouro import answers


def test_why_names_what_holds_it(connections):
    why = ouro.why(connections[7])
    held_by = [str(path.root.name) + path.labels for path in why.paths]
    # The list is a local variable here, too: as near, and of a frame.
    assert held_by and all(name.endswith("onnections[7]") for name in held_by)
    assert why.is_held
    assert "onnections" in str(why)


def test_why_leaves_the_askers_frames_out(connections):
    def ask():
        mine = object.__new__(type(connections[0]))
        return ouro.why(mine, limit=0)

    why = ask()
    # Up to 3.10 a frame is an object, and one more way to its variables.
    paths = [path for path in why.paths if path.steps[0].object.type != "frame"]
    assert [path.root.name for path in paths if "local mine" not in path.root.name] == []
    assert len(paths) == 1
    assert not any("ouro" in path.root.name for path in why.paths)


def test_why_in_place_is_the_same(connections):
    try:
        here = ouro.why(connections[0], fork=False)
    except ouro.Error as error:
        pytest.skip(str(error))
    assert [p.labels for p in here.paths] == [p.labels for p in ouro.why(connections[0]).paths]


@pytest.mark.parametrize("each", ["holders", "roots", "kinds"])
def test_why_by_each(heap, connections, each):
    why = heap.why(heap.node(connections[2]), each=each)
    assert all(path.steps[-1].object == why.object for path in why.paths)


def test_cycles_say_what_to_cut(heap):
    shape = next(s for s in heap.cycles(limit=0) if s.steps[0].type.startswith("conftest."))
    assert shape.all.groups == 20
    assert shape.all.objects == 40 or shape.all.objects == 80  # with their dicts
    assert shape.cut.reference in ("conftest.Handler.connection", "conftest.Connection.handler")
    assert shape.cut.freed.groups == 20


def test_garbage_is_what_the_collector_would_free():
    import gc

    gc.collect()
    gc.disable()
    try:
        import conftest

        for i in range(10):
            conftest.Connection(i)
        garbage = ouro.garbage(limit=0)
        rows = {row.type: row.objects for row in garbage}
        assert rows["conftest.Connection"] == rows["conftest.Handler"] == 10
        assert garbage
        assert gc.collect() >= 20
        assert "conftest.Connection" not in {row.type for row in ouro.garbage(limit=0)}
    finally:
        gc.enable()


def test_top_sums_to_the_whole(heap):
    top = heap.top(limit=0)
    assert sum(row.bytes for row in top) == top.bytes
    assert sum(row.objects for row in top) == top.objects == len(heap)
    assert top.type_count == len(top.types)
    assert heap.top(by="count", limit=1).types[0].objects == max(r.objects for r in top)
    assert heap.top(retained=True, limit=1).types[0].retained_bytes is not None
    assert heap.top(limit=1).types[0].retained_bytes is None
    assert "; limit=0 shows all" in str(heap.top(limit=1))
    with pytest.raises(ValueError, match="limit must be 0 .all. or more, not -1"):
        heap.top(limit=-1)
    with pytest.raises(TypeError):
        heap.top(limit="many")


def test_retained_of_one_of_all_and_of_a_set(heap, connections):
    import conftest

    whole = heap.retained(limit=3)
    assert whole.held_bytes <= heap.top().bytes
    assert len(whole.objects) == 3
    held = heap.node(conftest.CONNECTIONS).retained()
    assert held.object == heap.node(conftest.CONNECTIONS)
    together = heap.retained_together("conftest.Connection")
    assert together.set_size == 20
    assert together.retained_objects >= 40


def test_diff_says_what_grew_and_where(connections):
    import conftest

    before = ouro.snapshot()
    connections.extend(conftest.Connection(i) for i in range(30))
    diff = ouro.snapshot().diff(before)
    row = next(row for row in diff.own_types if row.type == "conftest.Connection")
    assert row.growth_objects == 30
    assert row.place.endswith("onnections")  # the module's or this frame's: as near


def test_growth_is_of_the_block_alone(connections):
    import conftest

    with ouro.growth() as growth:
        connections.extend(conftest.Connection(i) for i in range(30))
    grown = {row.type: row.growth_objects for row in growth.diff}
    assert grown["conftest.Connection"] == grown["conftest.Handler"] == 30
    assert not [name for name in grown if name.startswith("ouro.")]
    assert "onnections" in str(growth)


def test_growth_asked_too_early_says_so():
    growth = ouro.growth()
    with pytest.raises(ValueError, match="not ended"):
        growth.diff
    with growth, pytest.raises(ValueError, match="not ended"):
        growth.diff


def test_growth_may_be_left_by_an_exception():
    growth = ouro.growth()
    with pytest.raises(ZeroDivisionError), growth:
        1 / 0
    assert growth.diff.after.objects > 0


def test_report_and_unexplained(heap):
    report = heap.report()
    assert report.top.objects == len(heap)
    assert heap.unexplained().objects == report.unexplained_objects


def every_answer(heap, connections):
    node = heap.node(connections[0])
    yield heap.top(retained=True)
    yield heap.why(node)
    yield heap.cycles(all=True)
    yield heap.garbage()
    yield heap.unexplained()
    yield heap.retained()
    yield heap.retained(node)
    yield heap.retained_together("conftest.Connection")
    yield heap.diff(ouro.snapshot())
    yield heap.report()
    yield heap.backrefs(node)


def assert_same(value, raw):
    """`value` has all that the JSON has, and nothing else."""
    if isinstance(value, ouro.Node):
        assert value.index == raw["node"]
        assert value.name == raw["name"]
    elif isinstance(raw, dict):
        names = {field.name for field in dataclasses.fields(value)}
        assert set(raw) <= names
        for name in names:
            if name in raw:
                assert_same(getattr(value, name), raw[name])
            else:
                assert getattr(value, name) is None
    elif isinstance(raw, list):
        assert len(value) == len(raw)
        for one, other in zip(value, raw):
            assert_same(one, other)
    else:
        assert value == raw


def test_answers_have_all_that_the_json_has(heap, connections):
    for answer in every_answer(heap, connections):
        if isinstance(answer, ouro.Picture):
            continue
        assert_same(answer, answer.to_dict())


def test_answers_print_within_a_width_and_show_themselves_in_notebooks(heap, connections):
    for answer in every_answer(heap, connections):
        text = answer.to_text(60)
        # A word alone, the path of a program say, is not broken.
        wide = [line for line in text.splitlines() if len(line) > 60 and " " in line.strip()]
        assert text and not wide, wide
        html = answer._repr_html_()
        assert html.startswith("<"), html
        assert isinstance(answer, answers.Answer)


def test_rows_are_limited(heap):
    assert len(heap.top(limit=2).types) == 2
    assert len(heap.retained(limit=4).objects) == 4


@pytest.mark.parametrize("ask", [lambda h: h.top(by="size"), lambda h: h.why(0, each="path")])
def test_words_that_are_none_say_which_there_are(heap, ask):
    with pytest.raises(ValueError, match="is none of"):
        ask(heap)


def test_names_of_classes_are_escaped_in_html(connections):
    evil = type("<script>alert(1)</script>", (), {})
    keep = [evil() for _ in range(3)]
    html = ouro.snapshot().top(limit=0)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    del keep


def test_what_is_no_number_is_an_object_to_be_asked_of():
    class Colour(enum.IntEnum):
        RED = 1

    class Indexed:
        def __index__(self):
            raise AssertionError("nothing of the asker's is run")

    mine = Indexed()
    snapshot = ouro.snapshot()
    assert snapshot.why(mine).object.type.endswith("Indexed")
    assert snapshot.why(Colour.RED).object.type.endswith("Colour")
    assert snapshot.why(1).object.index == 1


def test_a_wrong_name_of_an_object_says_what_is_wrong(heap):
    for wrong in (-1, len(heap), 10**30):
        with pytest.raises(IndexError, match=r"there is no object -?\d+; there are"):
            heap.why(wrong)
        with pytest.raises(IndexError, match="there is no object"):
            heap[wrong]
    for wrong in (None, 3.5, slice(3)):
        with pytest.raises(TypeError, match="words or a number name an object, not"):
            heap[wrong]
    with pytest.raises(TypeError, match="an older Snapshot is needed, not NoneType"):
        heap.diff(None)
    assert heap.why(0, limit=10**30).object.index == 0


def test_growth_shows_itself_in_a_notebook_before_the_block_has_ended():
    assert "the block has not ended" in ouro.growth()._repr_html_()
