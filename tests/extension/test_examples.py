"""Programs and notebooks of examples/: what they print, and that they run."""

import os
import pathlib
import subprocess
import sys

import pytest

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
COMPARE = EXAMPLES.parent / "scripts" / "compare_output"


@pytest.mark.parametrize("name", ["from_inside"])
def test_programs_print_what_stands_beside_them(name):
    program = EXAMPLES / "python" / name
    done = subprocess.run(
        [sys.executable, str(COMPARE), f"{program}.expected", sys.executable, f"{program}.py"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=dict(os.environ, COLUMNS="80"),
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "path", sorted((EXAMPLES / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem
)
def test_notebooks_run_in_a_real_kernel(path, tmp_path):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    shown = [
        output
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type in ("display_data", "execute_result")
    ]
    assert any("text/html" in output.data for output in shown)
    assert not [c for c in notebook.cells if "Traceback" in str(c.get("outputs", ""))]
