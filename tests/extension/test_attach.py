"""Other processes, and files."""

import os
import subprocess
import sys
import time

import ouro
import pytest

PROGRAM = """
import sys, time
class Record:
    pass
RECORDS = [Record() for _ in range(300)]
print("ready", flush=True)
sys.stdin.readline()
print(len(RECORDS))
"""


@pytest.fixture
def program():
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"ready\n"
    yield process
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


@pytest.mark.parametrize("fork", [True, False])
def test_a_program_is_looked_at_and_runs_on(program, fork):
    try:
        heap = ouro.attach(program.pid, fork=fork)
    except ouro.Error as error:
        if not fork and "free-threaded" in str(error):
            pytest.skip("free-threaded")
        raise
    assert len(heap.find("Record")) == 300
    assert heap.why("Record").paths[0].labels.startswith(".RECORDS[")
    assert heap.facts["pid"] == str(program.pid)
    with pytest.raises(LookupError, match="not of this"):
        heap.node(program)
    with pytest.raises(LookupError, match=r"object number 5 is snapshot\[5\]"):
        heap.node(5)
    with pytest.raises(LookupError, match="not of this one"):
        heap["Record#1"].obj
    output, _ = program.communicate(b"\n")
    assert output == b"300\n"
    assert program.returncode == 0


def test_a_series_of_two_says_what_grew(program):
    before = ouro.attach(program.pid)
    diff = ouro.attach(program.pid).diff(before)
    assert diff.after.objects > 0


def test_this_process_is_a_snapshot():
    assert ouro.attach(os.getpid()).facts["pid"] == str(os.getpid())
    with pytest.raises(TypeError, match="integer"):
        ouro.attach("abc")


def test_what_is_no_python_is_said():
    process = subprocess.Popen(["sleep", "60"])
    try:
        time.sleep(0.1)
        with pytest.raises(ouro.Error, match="no CPython|not a Python|no Python"):
            ouro.attach(process.pid)
    finally:
        process.kill()
        process.wait()


def test_a_process_that_is_not_there_is_said():
    process = subprocess.Popen(["true"])
    process.wait()
    with pytest.raises(ouro.Error, match=str(process.pid)):
        ouro.attach(process.pid)


def test_files_that_are_none_are_said(tmp_path):
    with pytest.raises(ouro.Error) as caught:
        ouro.open(tmp_path / "nothing.ouro")
    assert caught.value.code == "not found"
    other = tmp_path / "other.ouro"
    other.write_bytes(b"not a heap" * 100)
    with pytest.raises(ouro.Error, match="other.ouro") as caught:
        ouro.open(other)
    assert caught.value.code == "corrupt"


def test_every_cut_of_a_file_is_an_error(tmp_path):
    path = tmp_path / "heap.ouro"
    ouro.snapshot().save(path)
    whole = path.read_bytes()
    for length in range(0, len(whole), max(len(whole) // 40, 1)):
        path.write_bytes(whole[:length])
        with pytest.raises(ouro.Error):
            ouro.open(path)


def test_a_full_disk_is_said():
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full")
    with pytest.raises(ouro.Error):
        ouro.snapshot().save("/proc/heap.ouro")
