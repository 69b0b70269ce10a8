"""Odd values in good files: each row is read or rejected with its field, value and reason, and none is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from casefiles import run
from filemaking import put
from mapmaking import host
from putright.records import Records, read_records

HEAD = "reference,received,stage1_acknowledged,service\n"


def records(path: Path, content: bytes | str) -> Records:
    found = read_records(put(path, content), host().councils, host().words, None)
    assert found.rows_read == found.frame.height + found.rejected.height
    return found


#: A row, and for one that is rejected: the field, the value, what the reason says.
ROWS: list[tuple[bytes, tuple[str, str | None, str] | None]] = [
    (b"A,02/03/2026,2026-03-04,x", None),  # two styles of date, each plain
    (b"A,2026-03-03,03/13/2026,x", ("stage1_acknowledged", "03/13/2026", "no such day")),
    (b"A,46083,,x", ("received", "46083", "only mean one day")),
    (b"A,46083.75,,x", ("received", "46083.75", "only mean one day")),
    (b"A,02/03/26,,x", ("received", "02/03/26", "only mean one day")),
    (b"A,29/02/2025,,x", ("received", "29/02/2025", "no such day")),
    (b"A,29/02/2024,,x", None),
    (b"A,0206-03-02,,x", ("received", "0206-03-02", "between 1900 and 2199")),
    (b"A,02/03/0206,,x", ("received", "02/03/0206", "between 1900 and 2199")),
    (b"A,2999-01-01,,x", ("received", "2999-01-01", "between 1900 and 2199")),
    (b"A,10000-01-01,,x", ("received", "10000-01-01", "only mean one day")),
    (b"A,2026-03-02,2198-01-01,x", None),  # far off, and the summary says so
    (b"A,2026-03-02,,caf\xe9", ("service", "caf\ufffd", "column 'service' holds bytes that are not UTF-8 text")),
    (b"A,2026\0-03-02,,x", ("received", "2026\0-03-02", "only mean one day")),
    (b"A,2026-03-02,,x,y", ("", None, "it has 5 cells, the heading 4")),
    (b"A", ("received", None, "no received date")),
    (b",,,", ("reference", None, "the row has no reference")),
    (b"A,2026-03-02,," + b"x" * 100_000, None),
    (b"A," + b"9" * 100_000 + b",,x", ("received", "9" * 100_000, "9" * 80 + "\u2026")),
]


@pytest.mark.parametrize("place", range(len(ROWS)))
def test_a_row(tmp_path: Path, place: int) -> None:
    line, expected = ROWS[place]
    found = records(tmp_path / "cases.csv", HEAD.encode() + b"Z,2026-03-02,,x\n" + line + b"\n")
    assert "Z" in found.frame["reference"].to_list()
    if expected is None:
        assert found.rejected.is_empty()
        return
    row, reference, field, value, message = found.rejected.row(0)
    assert (row, reference or "A", field, value) == (3, "A", *expected[:2])
    assert expected[2] in message


def test_references_are_kept_as_they_are_written(tmp_path: Path) -> None:
    written = ["00123", "123", "1.23E+05", "a1", "A1", "A 1", "=1+1", "\U0001f600", "A\x07"]
    lines = "".join(f"{reference},2026-03-02,,\n" for reference in written)
    assert records(tmp_path / "cases.csv", HEAD + lines).frame["reference"].to_list() == written
    twice = records(tmp_path / "cases.csv", HEAD + "A1,2026-03-02,,\n A1\u00a0,2026-03-02,,\n")
    assert twice.rejected["reference"].to_list() == ["A1", "A1"]
    lines = '{"reference":123,"received":"2026-03-02"}\n{"reference":"0123","received":"2026-03-02"}\n'
    assert records(tmp_path / "cases.jsonl", lines).frame["reference"].to_list() == ["123", "0123"]


def test_one_bad_byte_in_json_names_its_field(tmp_path: Path) -> None:
    line = b'{"reference":"A","received":"2026-03-02","service":"caf\xe9"}\n'
    assert records(tmp_path / "cases.jsonl", line).rejected.select("field", "value").row(0) == ("service", "caf\ufffd")


def test_a_file_with_no_line_that_can_be_read_says_why(tmp_path: Path) -> None:
    found = run("audit", put(tmp_path / "cases.jsonl", '{"reference": NaN}\n'))
    assert found.code == 2 and "No line of the file can be read; line 1: the line is not JSON: NaN" in found.err


def test_control_characters_reach_no_terminal(tmp_path: Path) -> None:
    path = put(tmp_path / "cases.csv", HEAD + "A\x07\x1b[31m,2026-03-02,,\x1b]0;x\x07\n")
    for command in (["audit", path], ["explain", path, "A\x07\x1b[31m"], ["map", path, "--output", "-"]):
        found = run(*command)
        assert found.code == 0 and not {"\x1b", "\x07"} & set(found.said), found.said


def test_columns_of_the_names_that_rejected_rows_have_are_none_of_ours(tmp_path: Path) -> None:
    found = records(tmp_path / "cases.csv", b"reference,received,field,value\nA,2026-03-02,\xff,v\n")
    assert found.rejected.select("field", "value").row(0) == ("field", "\ufffd")
    assert found.left_out == ("field", "value")
