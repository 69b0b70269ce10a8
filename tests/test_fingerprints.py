"""What an export held when its mapping was made: an audit says where next month's file differs, before any verdict."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from casefiles import run
from mapmaking import table
from putright.files.readers import read_tables
from putright.mapping.fingerprints import Differences, kind_of
from putright.mapping.mappedtables import mapped
from putright.mapping.proposing import propose
from putright.mapping.reading import read_mapping

EXPORTS = Path(__file__).parent / "exports"

KINDS = [
    ([None, " ", "n/a", "TBC"], "empty"),
    (["02/04/2026", "2026-04-02 09:14:55", None, "by phone"], "dates"),
    (["02/04/2026", "by phone", "by post"], "text"),
    (["46114", "46115"], "dates"),
    (["Stage 1", "Stage 2", "Enquiry"], "stages"),
    (["Complaint - Standard"], "text"),
    (["1", "2"], "text"),
    (["Missed bin on 02/04/2026, and the week before that too"], "text"),
]


@pytest.mark.parametrize(("values", "kind"), KINDS)
def test_what_a_column_holds(values: list[str | None], kind: str) -> None:
    assert kind_of(pl.Series(values, dtype=pl.String)) == kind


MADE = {
    "case_ref": ["1", "2"],
    "date_received": ["13/02/2026", "14/02/2026"],
    "date_responded": ["16/02/2026", None],
    "outcome": ["Upheld", "Not upheld"],
    "type": ["Complaint", "Enquiry"],
    "reason_for_late_response": [None, None],
    "notes": ["Rang", "Wrote"],
}
#: What another file has otherwise, and what is said of it.
LATER = [
    ({}, None),
    ({"date_received": ["13/03/2026", "2026-03-14"], "outcome": [None, "Upheld"], "type": ["Request", None]}, None),
    ({"notes": [None, None]}, None),
    ({"reason_for_late_response": ["Leave", None]}, "column 'reason for late response' was empty and has text"),
    ({"type": ["Stage 1", "Stage 2"]}, "column 'type' had text and has stages"),
    ({"type": ["01/01/2026", "02/01/2026"]}, "column 'type' had text and has dates"),
    ({"date_responded": ["by phone", "by post"]}, "column 'date responded' had dates and has text"),
    ({"date_responded": [None, "n/a"]}, "column 'date responded' had dates and is empty"),
    ({"date_sent": ["15/03/2026", None]}, "column 'date sent' is new"),
    ({"type": None}, "column 'type' has gone"),
    ({"type": None, "kind": ["a", "b"]}, "column 'kind' is new; column 'type' has gone"),
]


@pytest.mark.parametrize(("changes", "said"), LATER)
def test_where_a_later_file_differs(
    changes: dict[str, list[str | None] | None], said: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(propose(table(**MADE)), encoding="utf-8")  # type: ignore[arg-type]
    columns = {name: values for name, values in (MADE | changes).items() if values is not None}
    differences = Differences(read_mapping(path))
    differences.add(table(**columns).frame)  # type: ignore[arg-type]
    begin = "the file differs from the one that the mapping was made for: "
    end = ". Check the mapping, or propose it again with putright map"
    assert differences.notes() == ([] if said is None else [begin + said + end])


def test_a_mapping_written_by_hand_says_nothing_of_other_files(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("layout: case\nfields: {reference: case ref, received: date received}\n", encoding="utf-8")
    differences = Differences(read_mapping(path))
    differences.add(table(**MADE).frame)  # type: ignore[arg-type]
    assert differences.notes() == []


def test_many_differences_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(propose(table(**MADE)), encoding="utf-8")  # type: ignore[arg-type]
    differences = Differences(read_mapping(path))
    differences.add(table(**MADE, **{f"more_{n}": ["x", None] for n in range(20)}).frame)  # type: ignore[arg-type]
    assert "column 'more 11' is new; and 8 more." in differences.notes()[0]


@pytest.mark.parametrize("size", [1, 2, 50])
def test_the_batches_of_a_file_are_judged_together(size: int, tmp_path: Path) -> None:
    """The only reason given is in the last row: no batch before it makes the column empty."""
    path, export = tmp_path / "m.yaml", tmp_path / "later.csv"
    path.write_text(propose(table(**MADE)), encoding="utf-8")  # type: ignore[arg-type]
    heading = "case ref,date received,date responded,outcome,type,reason for late response,notes\n"
    export.write_text(heading + "1,13/03/2026,,,Request,,\n2,14/03/2026,17/03/2026,,,,\n3,16/03/2026,,,,Leave,\n")
    found = [note for part in mapped(read_mapping(path), read_tables(export, size)) for note in part.notes]
    said = "column 'reason for late response' was empty and has text; column 'outcome' had text and is empty"
    (note,) = [note for note in found if note.startswith("the file differs")]
    assert all(part in note for part in said.split("; "))
    assert "date responded" not in note


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("24_moj.csv", "24b_moj_next_month.csv", "column 'business unit responsible for late response' was empty"),
        ("F6_emptycol.csv", "F6b_nextmonth.csv", "column 'reason for late response' was empty and has text"),
    ],
)
def test_next_month_s_file_says_so_before_any_verdict(before: str, after: str, said: str, tmp_path: Path) -> None:
    mapping = tmp_path / "m.yaml"
    assert run("map", EXPORTS / before, "--output", mapping).code == 0
    same = run("audit", EXPORTS / before, "--mapping", mapping, "--council", "coventry", "--as-at", "2026-09-30")
    assert "differs from the one" not in same.out
    shown = run("audit", EXPORTS / after, "--mapping", mapping, "--council", "coventry", "--as-at", "2026-09-30").out
    shown = " ".join(shown.split())
    assert 0 < shown.index(said) < shown.index("breach")
