"""No terminal, pipe or full disk is a reason for a traceback or for an exit code that means something else."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from casefiles import run
from putright import cli
from putright.policy import catalogue
from putright.text import plaintext

CASES = "reference,received,service\nA1,2026-03-02,Housing é 住\n"
AUDIT = ("--council", "coventry", "--as-at", "2026-06-30")
#: One that prints, one that draws tables, one that writes bytes.
COMMANDS = {
    "due": ("due", "--council", "coventry", "--received", "2026-12-18"),
    "rules": ("rules", "--council", "coventry"),
    "audit": ("audit", "cases.csv", *AUDIT, "--format", "csv", "--output", "-"),
}


def putright(folder: Path, command: str, *, after: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a shell, with what stands after it."""
    (folder / "cases.csv").write_text(CASES)
    line = " ".join((sys.executable, "-m", "putright", *COMMANDS[command], after))
    names = {"PUTRIGHT_PLUGINS": "coventry", **environment}
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, env=os.environ | names, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("after", "why"), [("> /dev/full", "No space left on device"), (">&-", "Bad file descriptor")])
def test_an_output_that_cannot_be_written_is_a_sentence(tmp_path: Path, command: str, after: str, why: str) -> None:
    done = putright(tmp_path, command, after=after)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [f"putright: standard output cannot be written: {why}."]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_who_goes_ends_a_command(tmp_path: Path, command: str) -> None:
    done = putright(tmp_path, command, after="| head -c 1; exit ${PIPESTATUS[0]}")
    assert done.returncode == 0
    assert "putright:" not in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_that_knows_few_letters_shows_the_others_as_escapes(
    tmp_path: Path, command: str, encoding: str
) -> None:
    done = putright(tmp_path, command, PYTHONIOENCODING=encoding, PYTHONUTF8="0", LC_ALL="C")
    assert done.returncode == 0, done.stderr


def test_no_one_to_tell(tmp_path: Path) -> None:
    """Both outputs closed: the exit code still says what came of it."""
    assert putright(tmp_path, "rules", after=">&- 2>&-").returncode == 2
    assert putright(tmp_path, "rules", after="--no-such-option > /dev/full 2>&1").returncode == 2


@pytest.mark.parametrize("name", ["--output", "--summary", "--rejected"])
def test_a_full_disk_is_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "cases.csv").write_text("reference,received\nA1,\nA2,2026-03-02\n")  # each has something to say
    options = ("--format", "jsonl", "--all") if name == "--output" else ()
    full = run("audit", tmp_path / "cases.csv", *AUDIT, *options, name, "/dev/full")
    assert full.code == 2 and "/dev/full cannot be written: No space left on device." in full.err


def test_json_is_json_whatever_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(CASES)
    line = [sys.executable, "-m", "putright", "explain", "cases.csv", "A1", *AUDIT, "--format", "json"]
    environment = os.environ | {"PUTRIGHT_PLUGINS": "coventry", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    said = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, check=True).stdout
    assert json.loads(said.decode("ascii"))["reference"] == "A1"


# --- what is shown --------------------------------------------------------------------------------

#: Letters that clear a screen, turn a line round, hide themselves or end a line.
BAD = "\x1b[2J\u202e\u200b\x9b31m\u2028\u2066"


def test_what_cannot_be_seen_is_a_sign_and_in_json_an_escape() -> None:
    assert plaintext.printable(f"A{BAD}1") == "A\ufffd[2J\ufffd\ufffd\ufffd31m\ufffd\ufffd1"
    shown = plaintext.json_text({"reference": f"A{BAD}1é"})
    assert shown.replace("\n", "").isprintable() and "é" in shown
    assert json.loads(shown) == {"reference": f"A{BAD}1é"}
    assert json.loads(plaintext.json_text([BAD, "é"], plain=True)) == [BAD, "é"]


def test_nothing_of_a_file_or_its_name_moves_the_cursor(tmp_path: Path) -> None:
    """In every way of showing cases, findings and mistakes."""
    cases = tmp_path / f"cases{BAD.replace('/', '')}.jsonl"
    case = {"reference": f"A{BAD}1", "received": "2026-03-02", "service": f"S{BAD}", "flags": f"f{BAD}"}
    broken = {"reference": f"B{BAD}2", "received": f"2026{BAD}"}
    cases.write_text(json.dumps(case) + "\n" + json.dumps(broken) + "\n", encoding="utf-8")
    findings = tmp_path / f"found{BAD}.jsonl"
    runs = [
        run("audit", cases, *AUDIT),
        run("audit", cases, *AUDIT, "--output", findings),
        run("explain", cases, case["reference"], *AUDIT),
        run("explain", cases, case["reference"], *AUDIT, "--format", "json"),
        run("explain", cases, "none", *AUDIT),
        run("watch", cases, *AUDIT),
        run("watch", cases, *AUDIT, "--format", "json"),
        run("changes", findings, findings),
        run("changes", findings, findings, "--format", "json"),
        run("changes", findings, tmp_path / f"none{BAD}.jsonl"),
        run("map", cases, "--output", tmp_path / f"mapping{BAD}.yaml"),
        run("audit", cases, "--council", f"c{BAD}"),
        run("audit", cases, *AUDIT, "--output", cases),
        run("handcheck", findings, "--output", tmp_path / f"sheet{BAD}.xlsx"),
    ]
    assert [done.code for done in runs] == [0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 2, 2, 0]
    for done in runs:
        for line in done.said.splitlines():
            assert line.isprintable(), line


# --- faults of our own ----------------------------------------------------------------------------


def test_a_fault_of_our_own_says_where_and_nothing_of_the_records(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fault(*_: object) -> int:
        raise KeyError("Mrs Jones, 1 High Street")

    monkeypatch.setattr(catalogue, "catalogue", fault)
    monkeypatch.setattr(sys, "argv", ["putright", "rules"])
    monkeypatch.setattr("putright.writing.processes.heed_the_system", lambda: None)  # not for the tests that follow
    monkeypatch.delenv("PUTRIGHT_TRACEBACK", raising=False)
    assert cli.program() == 2
    said = capsys.readouterr().err
    assert "this is a fault in putright" in said and "KeyError in " in said
    assert "Jones" not in said and len(said.splitlines()) == 1


BLANK = [
    ["sample", "--council", "", "--output", "x.csv"],
    ["notebooks", "--council", " ", "--output", "x"],
    ["annual", "cases.csv", "--council", "", "--year", "2024-25", "--output", "x"],
    ["rules", "--council", ""],
    ["assess", ""],
    ["compare", ""],
    ["handbook", "--council", "", "--output", "x"],
    ["reviews", "--council", ""],
    ["audit", "cases.csv", "--council", ""],
    ["audit", ""],
    ["audit", "cases.csv", "--output", ""],
    ["audit", "cases.csv", "--summary", ""],
    ["map", "cases.csv", "--output", " "],
    ["explain", "cases.csv", "", *AUDIT],
    ["due", "--received", "2026-12-18", "--procedure", ""],
    ["handcheck", "--read", ""],
    ["changes", "", ""],
]


@pytest.mark.parametrize("words", BLANK, ids=" ".join)
def test_a_blank_is_said_to_be_one(tmp_path: Path, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases.csv").write_text(CASES)
    refused = run(*words)
    assert refused.code == 2 and "Traceback" not in refused.err
    assert [path.name for path in tmp_path.iterdir()] == ["cases.csv"]


# --- the width of a terminal ----------------------------------------------------------------------

WIDE = {
    "audit": ("audit", "cases.csv", *AUDIT),
    "watch": ("watch", "cases.csv", *AUDIT),
    "explain": ("explain", "cases.csv", "A1", *AUDIT, "--all"),
    "due": ("due", "--council", "coventry", "--procedure", "children", "--event", "stage2_requested=2026-12-18"),
    "rules": ("rules", "--council", "coventry"),
    "assess": ("assess", "coventry", "--procedure", "corporate"),
    "compare": ("compare", "coventry", "runnymede", "brighton-hove"),
    "plugins": ("plugins",),
    "ombudsman": ("ombudsman",),
}


def seen(words: tuple[str, ...], folder: Path, columns: int = 80) -> str:
    """What a command shows at a terminal of so many columns."""
    (folder / "cases.csv").write_text(CASES)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"} | {"NO_COLOR": "1"}
    line = [sys.executable, "-m", "putright", *words]
    with subprocess.Popen(line, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as running:
        os.close(theirs)
        parts = []
        with contextlib.suppress(OSError):  # Linux says so when the other side has gone
            while part := os.read(ours, 65536):
                parts.append(part)
    os.close(ours)
    assert running.returncode == 0
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", b"".join(parts).decode()).replace("\r", "")


@pytest.mark.parametrize("words", WIDE.values(), ids=WIDE)
def test_what_a_command_shows_fits_a_terminal_of_80_columns(tmp_path: Path, words: tuple[str, ...]) -> None:
    text = seen(words, tmp_path)
    # A link is one word, and may be longer than a line.
    assert not [line for line in text.splitlines() if len(line.rstrip()) > 80 and len(line.split()) > 1]
    assert "…" not in text, "a column that has no room"
    piped = run(*(str(tmp_path / word) if word == "cases.csv" else word for word in words)).out
    assert set(piped.split()) <= set(text.split()), "a word is cut at a terminal"


def test_a_program_gets_a_sentence_in_one_line_and_a_table_in_80_columns(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(CASES)
    lines = run("audit", tmp_path / "cases.csv", *AUDIT).out.splitlines()
    assert [line for line in lines if line.startswith("1 row read = ") and line.endswith("outside the period")]
    assert max(len(line) for line in lines if "─" in line) <= 80


def test_putright_alone_says_what_to_try_first() -> None:
    greeted = run()
    assert (greeted.code, greeted.err) == (0, "")
    tried = re.findall(r"^  putright (\w+)", greeted.out, re.MULTILINE)
    assert tried == ["desk", "audit", "watch", "explain", "due"]
    assert "putright --help" in greeted.out
