"""What the published figures and the papers say of records that could not be read, or cannot show what was done."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from casefiles import EVERY_FIELD, case, run, write
from packmaking import host
from putright.committee import pack
from putright.documents.paper import Share
from putright.files.readers import read_table
from putright.records.caserecords import make_records
from putright.statistics import finding_counts

OPTIONS = ("--council", "coventry", "--as-at", "2026-06-30")
#: The commonest layout of all: twelve closed cases with an outcome and nothing else.
CLOSED_ONLY = """\
Ref,Date received,Date closed,Outcome
N00,07/04/2026,23/04/2026,Upheld
N01,13/04/2026,29/04/2026,Upheld
N02,15/04/2026,01/05/2026,Upheld
N03,20/04/2026,07/05/2026,Upheld
N04,23/04/2026,12/05/2026,Upheld
N05,27/04/2026,14/05/2026,Upheld
N06,01/05/2026,20/05/2026,Upheld
N07,05/05/2026,21/05/2026,Upheld
N08,11/05/2026,28/05/2026,Upheld
N09,13/05/2026,01/06/2026,Upheld
N10,18/05/2026,04/06/2026,Upheld
N11,21/05/2026,09/06/2026,Upheld
"""
MAPPING = """\
layout: case
dates: [day-first]
fields: {reference: Ref, received: Date received, closed: Date closed, stage1_outcome: Outcome}
"""


@pytest.fixture(scope="module")
def closed_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole pack of the twelve closed cases, and the published figures alone."""
    folder = tmp_path_factory.mktemp("closed")
    (folder / "cases.csv").write_text(CLOSED_ONLY, "utf-8")
    (folder / "m.yaml").write_text(MAPPING, "utf-8")
    for name, more in (("pack", ()), ("open", ("--publish",))):
        done = run("audit", folder / "cases.csv", "--mapping", folder / "m.yaml", *OPTIONS, "--output",
                   f"{folder / name}/", *more)  # fmt: skip
        assert done.code == 0, done.err
    return folder


def figures(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "figures.json").read_text("utf-8"))
    return found


def rows(data: dict[str, Any], table: str) -> Iterator[dict[str, Any]]:
    (found,) = [each for each in data["tables"] if each["id"] == table]
    headings = [column["heading"] for column in found["columns"]]
    yield from (dict(zip(headings, row, strict=True)) for row in found["rows"])


def words(path: Path) -> str:
    return " ".join(lxml.html.fromstring(path.read_text("utf-8")).text_content().split())


@pytest.mark.parametrize("name", ["pack", "open"])
def test_figures_json_says_what_the_records_cannot_show(closed_only: Path, name: str) -> None:
    data = figures(closed_only / name)
    for book in ("lgsco", "coventry-corporate"):
        (row,) = [row for row in rows(data, f"rules-corporate-{book}") if row["Step"] == "Acknowledge stage 1"]
        assert (row["Due"], row["No evidence"]) == (12, 12)
        assert all(row[heading] == 0 for heading in ("Met", "Late", "Lacking", "Not recorded", "For judgement"))
    measures = list(rows(data, "measures-corporate"))
    (place,) = [n for n, row in enumerate(measures) if row["Measure"].startswith("Stage 1 acknowledged in time")]
    for heading, cell in measures[place + 1].items():
        if isinstance(cell, dict):
            assert cell == {"count": 12, "base": 12, "percent": 100}, heading
    assert measures[place + 1]["Measure"] == "of these, what the records cannot show"
    assert any(isinstance(cell, dict) for cell in measures[place + 1].values())
    for table in data["tables"]:
        if table["id"].startswith("rules-"):
            assert not any(row["Late"] or row["Lacking"] or row["Not recorded"] for row in rows(data, table["id"]))


@pytest.mark.parametrize("file", ["pack/report.html", f"pack/{pack.PAGE}", "open/figures.html"])
def test_the_papers_say_what_the_records_cannot_show(closed_only: Path, file: str) -> None:
    said = words(closed_only / file)
    for step in ("acknowledged any of 12 corporate", "sent any of 12 stage 1 responses to corporate"):
        assert f"Our records do not show whether we {step} complaints on time." in said
    assert not re.search(r"We (sent|acknowledged) none", said)
    assert "12 corporate complaints were received up to 30 June 2026." in said
    assert "All case records could be read." in said


def test_the_terminal_says_it_too(closed_only: Path) -> None:
    done = run("audit", closed_only / "cases.csv", "--mapping", closed_only / "m.yaml", *OPTIONS)
    assert re.search(r"acknowledge stage 1 +· +· +· +· +· +12 +·\s+\(6\.2\)", done.out)
    assert "so it cannot show them for any case" in done.out


# --- rows that could not be read --------------------------------------------------------------------

UNREAD = [case("received=soon", reference=f"R{number}") for number in range(3)]
GOOD = [case("received=2026-04-01 stage1_acknowledged=2026-04-02", reference=f"G{number}") for number in range(6)]
#: The rows, what every paper must say, what none may say, and the rows that figures.json names.
RECEIVED = [
    (
        UNREAD,
        ["The case records that could be read show no complaint received up to 30 June 2026; 3 could not be read, so "
         "that we cannot say that none was received.", "3 case records could not be read and are in no figure."],
        ["o complaint was received", "3 of 3 case records"],
        3,
    ),
    (
        [*GOOD, UNREAD[0]],
        ["6 corporate complaints were received up to 30 June 2026, counting only the case records that could be read.",
         "One case record could not be read and is in no figure."],
        ["One of 7"],
        1,
    ),
    (GOOD, ["6 corporate complaints were received up to 30 June 2026.", "All case records could be read."],
     ["could not be read and"], 0),
]  # fmt: skip


@pytest.mark.parametrize(("records", "says", "never", "count"), RECEIVED, ids=["all unread", "one unread", "all read"])
def test_received_counts_the_records_that_could_be_read(
    tmp_path: Path, records: list[dict[str, Any]], says: list[str], never: list[str], count: int
) -> None:
    path = write(tmp_path / "cases.csv", [EVERY_FIELD | each for each in records])
    for name, more in (("pack", ()), ("open", ("--publish",))):
        assert run("audit", path, *OPTIONS, "--output", f"{tmp_path / name}/", *more).code == 0
        assert figures(tmp_path / name)["unreadable"] == {"rows": count, "values": 0}
    for file in (f"pack/{pack.PAGE}", "open/figures.html"):
        said = words(tmp_path / file)
        assert all(each in said for each in says), file
        assert not any(each in said for each in never), file
    report = words(tmp_path / "pack" / "report.html")
    assert says[0] in report
    if count:
        of = f"{'One' if count == 1 else count} of {len(records)} case records could not be read"
        assert of in report, "the officer's own says of how many"
    assert not any(each in report for each in never if " of " not in each)


def test_how_many_rows_were_read_gives_no_withheld_number_away(tmp_path: Path) -> None:
    """Six corporate complaints, and three of a procedure whose number is withheld: nine rows would tell it."""
    children = [case("procedure=children received=2026-04-01", reference=f"C{number}") for number in range(3)]
    path = write(tmp_path / "cases.csv", [EVERY_FIELD | each for each in (*GOOD, *children, UNREAD[0])])
    assert run("audit", path, *OPTIONS, "--output", f"{tmp_path}/pack/").code == 0
    for file in (pack.PAGE, "figures.json"):
        said = (tmp_path / "pack" / file).read_text("utf-8")
        assert not re.search(r"\b(9|10|nine|ten) (case records|rows|complaints)", said), file
    data = figures(tmp_path / "pack")
    assert {"withheld": True} in [row["Complaints"] for row in rows(data, "services")]


# --- cases that the edition was not in force for ----------------------------------------------------


def test_the_bands_hold_every_class() -> None:
    held = [name for of in finding_counts.BANDS.values() for name in of]
    assert sorted(held) == sorted(name for name in finding_counts.CLASSES if name != "not applicable")


def test_an_unread_record_is_in_no_share(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.csv", [EVERY_FIELD | each for each in (*GOOD, *UNREAD)])
    records = make_records(read_table(path), host().vocabulary, "coventry")
    assert (records.frame.height, records.rejected.height, records.unreadable.height) == (6, 3, 0)
    assert run("audit", path, *OPTIONS, "--output", f"{tmp_path}/open/", "--publish").code == 0
    (row,) = [
        row for row in rows(figures(tmp_path / "open"), "rules-corporate-lgsco") if row["Step"] == "Acknowledge stage 1"
    ]
    assert row["Percentage met"] == {"count": 6, "base": 6, "percent": Share(6, 6).percent}
