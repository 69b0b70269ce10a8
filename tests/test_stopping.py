"""A command that is killed leaves nothing that looks whole, one that is asked to end leaves nothing at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import psutil
import pytest
from casefiles import run
from putright.writing import receipts

AUDIT = ("audit", "cases.csv", "--council", "coventry", "--as-at", "2026-09-30", "--output")
#: Runs a command that sends itself a signal before it touches the files of a folder for the nth time.
STOPPED = """
import os, sys, tempfile
from putright import cli

tempfile.gettempdir()  # which writes a file of its own to see whether it can

number, left, place = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
sys.argv = ["putright", *sys.argv[4:]]
writing = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "tempfile.mkstemp"}

def count(event, arguments):
    global left
    is_write = event in writing or (event == "open" and arguments[1] and set(arguments[1]) & set("wax"))
    if is_write and str(arguments[0]).startswith(place):
        left -= 1
        if left == -1:
            os.kill(os.getpid(), number)

sys.addaudithook(count)
sys.exit(cli.program())
"""


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("cases") / "cases.csv"
    made = run("sample", "--council", "coventry", "--cases", "12", "--year-ending", "2026-09-30", "--output", path)
    assert made.code == 0
    return path.read_bytes()


@pytest.fixture
def place(cases: bytes, tmp_path: Path) -> Path:
    """A folder with cases and an empty folder for what is temporary."""
    (tmp_path / "work").mkdir()
    (tmp_path / "temporary").mkdir()
    (tmp_path / "work" / "cases.csv").write_bytes(cases)
    return tmp_path


def stopped(place: Path, number: int, moment: int, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"TMPDIR": str(place / "temporary"), "PUTRIGHT_PLUGINS": "coventry"}
    script = [sys.executable, "-c", STOPPED, str(int(number)), str(moment), str(place), *words]
    return subprocess.run(script, cwd=place / "work", env=environment, capture_output=True, text=True, check=False)


def outputs(output: str) -> tuple[str, ...]:
    """What a command is called with: the quicker of the folders, whose files are written in the same way."""
    return (*AUDIT, str(output), *(["--publish", "--threshold", "1"] if output.endswith("/") else []))


@pytest.mark.slow
@pytest.mark.parametrize(("output", "moment"), [("found.csv", 0), ("found.csv", 2), ("found.xlsx", 1),
                                                ("pack/", 0), ("pack/", 3), ("pack/", 7)])  # fmt: skip
def test_a_command_that_is_killed_leaves_nothing_that_looks_whole(place: Path, output: str, moment: int) -> None:
    command = outputs(f"{place}/work/{output}")
    done = stopped(place, signal.SIGKILL, moment, *command)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not (place / "work" / output / receipts.NAME).exists()
    assert not (place / "work" / output).is_file()
    again = stopped(place, signal.SIGKILL, 10**6, *command)
    assert again.returncode == 0, again.stderr
    assert {path.name for path in (place / "work").iterdir()} == {"cases.csv", output.rstrip("/")}
    assert list((place / "temporary").iterdir()) == []


@pytest.mark.parametrize(("output", "moment"), [("found.csv", 2), ("pack/", 5)])
def test_a_command_that_is_asked_to_end_leaves_nothing(place: Path, output: str, moment: int) -> None:
    done = stopped(place, signal.SIGTERM, moment, *outputs(f"{place}/work/{output}"))
    assert (done.returncode, done.stderr) == (143, "putright: stopped.\n")
    assert [path.name for path in (place / "work").iterdir()] == ["cases.csv"]
    assert list((place / "temporary").iterdir()) == []


def of_this_run(mark: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("PUTRIGHT_TESTS_MARK") == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_programs_that_a_command_began_end_with_it(tmp_path: Path, number: int) -> None:
    """Notebooks run in a program of their own."""
    mark = uuid.uuid4().hex
    environment = os.environ | {"PUTRIGHT_TESTS_MARK": mark, "TMPDIR": str(tmp_path), "PUTRIGHT_PLUGINS": "coventry"}
    words = ["notebooks", "--council", "coventry", "--notebook", "1-day-zero", "--output", str(tmp_path / "training")]
    with subprocess.Popen([sys.executable, "-m", "putright", *words], env=environment) as process:
        began = time.monotonic()
        while len(of_this_run(mark)) < 2:
            assert time.monotonic() - began < 60, "the notebook's program does not begin"
            time.sleep(0.1)
        process.send_signal(number)
        assert process.wait(30) == (143 if number == signal.SIGTERM else 130)
    began = time.monotonic()
    while left := of_this_run(mark):
        assert time.monotonic() - began < 20, [each.cmdline() for each in left]
        time.sleep(0.1)
    assert not (tmp_path / "training").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("putright-")] == []
