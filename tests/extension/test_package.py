"""The package itself: what it exports, documents and annotates."""

import inspect
import os
import pathlib
import subprocess
import sys

import ouro
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PUBLIC = [name for name in ouro.__all__ if name != "__version__"]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_documented(name):
    thing = getattr(ouro, name)
    assert inspect.getdoc(thing)
    if inspect.isclass(thing) and not issubclass(thing, Exception):
        for member_name, member in vars(thing).items():
            if member_name.startswith("_"):
                continue
            if inspect.isfunction(member) or isinstance(member, property):
                assert inspect.getdoc(member), f"{name}.{member_name}"


def test_a_name_that_is_none_is_an_attribute_error():
    with pytest.raises(AttributeError):
        ouro.snapshots
    assert set(ouro.__all__) <= set(dir(ouro))


def test_functions_are_not_hidden_by_modules():
    code = "import ouro; ouro.snapshot(); import ouro.answers; ouro.snapshot(); ouro.open; ouro.top"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_importing_it_loads_next_to_nothing():
    code = "import sys, ouro; print(*(m for m in sys.modules if m in ('numpy', 'ouro._ouro')))"
    done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE)
    assert done.stdout.split() == []


def test_it_and_the_command_are_of_one_version():
    command = os.environ.get("OURO_COMMAND") or os.path.join(os.path.dirname(sys.executable), "ouro")
    if not os.path.exists(command):
        pytest.skip("no command here")
    done = subprocess.run([command, "--version"], check=True, stdout=subprocess.PIPE, text=True)
    assert done.stdout.strip() == f"ouro {ouro.__version__}"


def test_types_are_accepted_by_mypy(tmp_path):
    pytest.importorskip("mypy")
    user = tmp_path / "user.py"
    user.write_text(
        "import ouro\n"
        "heap: ouro.Snapshot = ouro.snapshot()\n"
        "for path in heap.why('list').paths:\n"
        "    name: str = path.root.name\n"
        "with ouro.growth() as growth:\n"
        "    pass\n"
        "rows: int = growth.diff.types[0].growth_objects\n"
        "heap.top(by=3)  # type: ignore[arg-type]\n"
    )
    package = os.path.dirname(ouro.__file__)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"),
         "--cache-dir", str(tmp_path), str(user), package],
        stdout=subprocess.PIPE, text=True, cwd=str(tmp_path), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_pages_are_made_of_the_docstrings(tmp_path):
    pytest.importorskip("pdoc")
    modules = ["ouro", "ouro.answers", "ouro.columns", "ouro.node", "ouro.picture", "ouro.objgraph"]
    done = subprocess.run(
        [sys.executable, "-m", "pdoc", "--output-directory", str(tmp_path), *modules],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "warn" not in done.stdout.lower(), done.stdout
    page = (tmp_path / "ouro.html").read_text()
    for name in PUBLIC:
        assert f'id="{name}"' in page, name
