"""``--keep-readable``: a case is audited though a value of it cannot be read; the value is counted and listed apart."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lxml.html
import openpyxl
import polars as pl
import pytest
from casefiles import EVERY_FIELD, Audited, Record, audit_whole, case, run, write
from packmaking import host
from polars.testing import assert_frame_equal
from putright.auditing.batches import audit_batches, record_batches
from putright.auditing.summary import Tally, summarise
from putright.committee import annual, pack
from putright.committee.gathering import Gathering
from putright.documents.paper import Prose, Sentence
from putright.files.readers import read_table, read_tables
from putright.mapping.mappedtables import apply
from putright.mapping.reading import read_mapping
from putright.records.caserecords import make_records
from putright.statistics.supplied import Supplied

BASE = "received=2026-03-02 stage1_acknowledged=2026-03-04 stage1_responded=2026-03-20 "

#: What is wrong, the field, its value: the case is kept.
KEPT = [
    ("a day that is not there", "stage1_acknowledged", "31/02/2026"),
    ("a month that is not there", "stage1_responded", "2026-13-01"),
    ("a word for a date", "closed", "soon"),
    ("a year out of reach", "matter_known", "1066-10-14"),
    ("a promised date", "remedy_due", "next week"),
    ("neither true nor false", "representative", "perhaps"),
    ("an unknown outcome", "stage1_outcome", "sorted"),
    ("an unknown word for a letter", "stage1_response_contains", "decision;rhubarb"),
    ("none among other words", "refusal_contains", "none;reason"),
    ("not an interval", "stage1_holds", "January"),
    ("an interval with a day that is not there", "stage1_holds", "2026-03-04/2026-02-30"),
]
#: What is wrong, the case: its row is rejected all the same.
REJECTED = [
    ("no reference", case(BASE, reference=None)),
    ("no received date", case("stage1_acknowledged=2026-03-04")),
    ("a received date that cannot be read", case("received=soon")),
    ("an unknown procedure", case(BASE + "procedure=planning")),
    ("an unknown council", case(BASE + "council=barchester")),
    ("an event before receipt", case(BASE + "closed=2026-03-01")),
    ("a step before its request", case(BASE + "stage2_requested=2026-04-01 stage2_responded=2026-03-31")),
    ("a matter after receipt", case(BASE + "matter_occurred=2026-03-03")),
    ("a hold that ends before it begins", case(BASE + "stage1_holds=2026-03-10/2026-03-09")),
    ("a value that cannot be read as well", case(BASE + "closed=2026-03-01 stage1_outcome=sorted")),
]
KINDS = ["csv", "jsonl", "xlsx", "parquet"]


def whole(path: Path, records: Sequence[Record], *options: str) -> Audited:
    """An audit of a file that keeps every field."""
    return audit_whole(write(path, [EVERY_FIELD | dict(each) for each in records]), "--council", "coventry", *options)


# --- what is kept, and what is rejected all the same ------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("says", "field", "value"), KEPT, ids=[row[0] for row in KEPT])
def test_a_case_is_kept_as_if_the_value_were_not_recorded(
    tmp_path: Path, kind: str, says: str, field: str, value: str
) -> None:
    bad = case(BASE, **{field: value})
    plain = whole(tmp_path / f"plain.{kind}", [bad])
    assert plain.counts["rejected"] == 1 and plain.summary["unreadable"]["values"] == 0
    kept = whole(tmp_path / f"kept.{kind}", [bad], "--keep-readable")
    assert kept.counts["audited"] == 1 and kept.counts["rejected"] == 0
    blank = whole(tmp_path / f"blank.{kind}", [bad | {field: None}])
    assert kept.findings == blank.findings and kept.findings
    found = kept.summary["unreadable"]
    assert (found["cases"], found["audited"], found["values"], found["fields"]) == (1, 1, 1, {field: 1})
    (listed,) = found["listed"]
    assert (listed["reference"], listed["field"], listed["value"]) == ("A1", field, value)
    assert listed["row"] == plain.rejected[0]["row"] and listed["message"] == plain.rejected[0]["message"]
    assert f"A1: {listed['message']}" in " ".join(kept.result.err.split())


@pytest.mark.parametrize("kind", KINDS)
def test_what_rejects_a_row_all_the_same(tmp_path: Path, kind: str) -> None:
    records = [
        record | ({"reference": f"R{n}"} if record["reference"] else {}) for n, (_, record) in enumerate(REJECTED)
    ]
    records += [case(BASE, reference="twice"), case(BASE + "stage1_outcome=sorted", reference="twice")]
    plain, kept = (
        whole(tmp_path / f"cases{len(options)}.{kind}", records, *options) for options in ((), ("--keep-readable",))
    )
    assert kept.counts == plain.counts and kept.counts["rejected"] == len(records)
    assert [row["row"] for row in kept.rejected] == [row["row"] for row in plain.rejected]
    for ours, theirs in zip(kept.rejected, plain.rejected, strict=True):
        assert set(ours["message"].split("; also: ")) == set(theirs["message"].split("; also: "))
    assert kept.summary["unreadable"]["values"] == 0


def test_several_values_of_several_cases(tmp_path: Path) -> None:
    records = [
        case(BASE + "closed=soon stage1_outcome=sorted", reference="A"),
        case(BASE, reference="B"),
        case(
            BASE + "closed=soon", reference="C", received="2026-07-01", stage1_acknowledged=None, stage1_responded=None
        ),
        case(BASE + "closed=2026-03-01", reference="D"),
    ]
    found = whole(tmp_path / "cases.csv", records, "--keep-readable")
    assert found.counts == {
        "rows_read": 4, "audited": 2, "rejected": 1, "received_after_audit_date": 1, "outside_period": 0,
    }  # fmt: skip
    unread = found.summary["unreadable"]
    assert (unread["cases"], unread["audited"], unread["values"]) == (2, 1, 3)
    assert unread["fields"] == {"closed": 2, "stage1_outcome": 1}
    assert [row["reference"] for row in unread["listed"]] == ["A", "A", "C"]


# --- cells that are errors of the file itself -------------------------------------------------------------


def test_a_cell_with_an_error_in_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["reference", "received", "stage1_acknowledged", "stage1_responded", "our own note"])
    sheet.append(["A", "2026-03-02", "#N/A", "2026-03-10", None])
    sheet.append(["B", "#VALUE!", "2026-03-04", "2026-03-10", None])
    sheet.append(["C", "2026-03-02", "2026-03-04", "2026-03-10", "#REF!"])
    sheet.append(["D", "2026-03-02", "#N/A", "2026-03-10", None, "beyond the heading"])
    book.save(path)
    plain = audit_whole(path)
    assert plain.counts["rejected"] == 4
    kept = audit_whole(path, "--keep-readable")
    assert [row["row"] for row in kept.rejected] == [3, 5]
    listed = kept.summary["unreadable"]["listed"]
    assert [(row["row"], row["field"], row["message"]) for row in listed] == [
        (2, "stage1_acknowledged", "cell C2 holds the error '#N/A'"),
        (4, "our own note", "cell E4 holds the error '#REF!'"),
    ]
    assert kept.references == {"A", "C"}
    assert kept.one("acknowledge-stage1", "lgsco", "A")["done"] is None


@pytest.mark.parametrize("batch", [1, 2, 50])
def test_bytes_that_are_not_text_in_a_csv_file(tmp_path: Path, batch: int) -> None:
    path = tmp_path / "cases.csv"
    lines = [b"reference,received,service", b"A,2026-03-02,Caf\xff", b"B\xff,2026-03-02,Parks", b"C,2026-03-02,Parks"]
    lines += [b"D,2026-03-02,Caf\xff,and more", b"E,2026-03-02,Parks"]
    path.write_bytes(b"\n".join(lines) + b"\n")
    found = list(record_batches(lambda: read_tables(path, batch), host(), None, keep_readable=True))
    unread = pl.concat([each.unreadable for each in found])
    rejected = pl.concat([each.rejected for each in found])
    assert unread.select("row", "reference", "field").rows() == [(2, "A", "service")]
    assert rejected["row"].to_list() == [3, 5]
    cases = pl.concat([each.frame for each in found])
    assert cases.select("reference", "service").rows() == [("A", None), ("C", "Parks"), ("E", "Parks")]


def test_bytes_and_halves_of_characters_in_other_files(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(
        b'{"reference": "A", "received": "2026-03-02", "service": "Caf\xe9"}\n{"reference": "B", "bad\xff": 1}\n'
    )
    kept = audit_whole(path, "--keep-readable")
    assert [row["reference"] for row in kept.summary["unreadable"]["listed"]] == ["A"]
    assert [row["row"] for row in kept.rejected] == [2]
    pl.DataFrame(
        {"reference": ["A", "B"], "received": ["2026-03-02"] * 2, "service": [b"Caf\xe9", b"Parks"]}
    ).write_parquet(tmp_path / "cases.parquet")
    kept = audit_whole(tmp_path / "cases.parquet", "--keep-readable")
    assert [(row["row"], row["field"]) for row in kept.summary["unreadable"]["listed"]] == [(1, "service")]
    assert kept.references == {"A", "B"}


# --- through a mapping ------------------------------------------------------------------------------

CASE = """
layout: case
dates: [day-first]
fields:
  reference: Ref
  received: In
  procedure: {column: Kind, words: {Council: corporate}}
  flags: {column: Flags, words: {CSE: cse}}
  stage1_acknowledged: Ack
  stage1_holds: Held
  stage1_response_contains: {ticks: {Decision: decision, Why: reasons}}
words: {booleans: {Y: "true", N: "false"}}
"""
EXPORT = """\
Ref,In,Kind,Flags,Ack,Held,Decision,Why
A,02/03/2026,Council,,soon,,Y,N
B,02/03/2026,Council,,04/03/2026,,Y,unsure
C,soon,Council,,04/03/2026,,,
D,02/03/2026,Parks,,04/03/2026,,,
E,02/03/2026,Council,VIP,04/03/2026,,,
F,02/03/2026,Council,,04/03/2026,2026-03-10/2026-03-09,,
G,02/03/2026,Council,,04/03/2026,January,,
"""


def test_through_a_mapping(tmp_path: Path) -> None:
    mapping, cases = tmp_path / "m.yaml", tmp_path / "export.csv"
    mapping.write_text(CASE, "utf-8")
    cases.write_text(EXPORT, "utf-8")
    plain = audit_whole(cases, "--mapping", mapping)
    assert plain.counts["rejected"] == 7
    kept = audit_whole(cases, "--mapping", mapping, "--keep-readable")
    assert [row["reference"] for row in kept.rejected] == ["C", "D", "E", "F"]
    listed = [(row["reference"], row["field"], row["value"]) for row in kept.summary["unreadable"]["listed"]]
    assert listed == [
        ("A", "stage1_acknowledged", "soon"),
        ("B", "stage1_response_contains", "unsure"),
        ("G", "stage1_holds", "January"),
    ]
    assert kept.summary["unreadable"]["listed"][0]["message"].startswith("column 'Ack', value 'soon': ")
    assert kept.references == {"A", "B", "G"}
    table = apply(read_mapping(mapping), read_table(cases))
    records = make_records(table, host().vocabulary, None, keep_readable=True)
    letters = dict(records.frame.select("reference", "stage1_response_contains").rows())
    assert letters["B"] is None, "one box that cannot be read leaves open what the letter held"
    assert letters["A"] is not None


STAGES = """
layout: stage
case: Ref
dates: [day-first]
stage: {column: Stage, words: {One: 1, Two: 2}}
fields:
  received: In
  stageN_acknowledged: Ack
  stageN_responded: Reply
"""
ROWS = """\
Ref,Stage,In,Ack,Reply
A,One,02/03/2026,soon,20/03/2026
A,Two,02/03/2026,08/04/2026,
B,One,02/03/2026,04/03/2026,
B,Three,02/03/2026,04/03/2026,
C,One,02/03/2026,04/03/2026,
C,One,02/03/2026,05/03/2026,
"""


@pytest.mark.parametrize("error", [False, True])
def test_a_case_of_several_rows(tmp_path: Path, error: bool) -> None:
    mapping, cases = tmp_path / "m.yaml", tmp_path / f"export.{'xlsx' if error else 'csv'}"
    mapping.write_text(STAGES, "utf-8")
    text = ROWS.replace("soon", "#N/A") if error else ROWS
    if error:
        write(
            cases,
            [dict(zip(text.split("\n")[0].split(","), line.split(","), strict=True)) for line in text.split()[1:]],
        )
    else:
        cases.write_text(text, "utf-8")
    plain = audit_whole(cases, "--mapping", mapping)
    assert plain.counts["rejected"] == 3
    kept = audit_whole(cases, "--mapping", mapping, "--keep-readable")
    assert [row["reference"] for row in kept.rejected] == ["B", "C"], "an unknown stage; two dates for one step"
    (listed,) = kept.summary["unreadable"]["listed"]
    assert (listed["row"], listed["reference"], listed["field"]) == (2, "A", "stage1_acknowledged")
    assert listed["message"].startswith("in row 2: ")
    assert kept.one("acknowledge-stage1", "lgsco", "A")["done"] is None
    assert kept.one("respond-stage1", "lgsco", "A")["done"] == "2026-03-20"


EVENTS = """
layout: event
case: Ref
event: What
date: When
dates: [day-first]
events: {Came in: received, Thanked: stage1_acknowledged, Closed: closed}
"""


@pytest.mark.parametrize("error", [False, True])
def test_a_log_of_events(tmp_path: Path, error: bool) -> None:
    mapping, cases = tmp_path / "m.yaml", tmp_path / "log.xlsx"
    mapping.write_text(EVENTS, "utf-8")
    rows = [
        ("A", "Came in", "02/03/2026"), ("A", "Thanked", "#N/A" if error else "soon"), ("A", "Closed", "01/04/2026"),
        ("B", "Came in", "02/03/2026"), ("B", "Thanked", None),
    ]  # fmt: skip
    write(cases, [dict(zip(("Ref", "What", "When"), row, strict=True)) for row in rows])
    kept = audit_whole(cases, "--mapping", mapping, "--keep-readable")
    assert [row["reference"] for row in kept.rejected] == ["B"], (
        "an event without a date is not a value that cannot be read"
    )
    (listed,) = kept.summary["unreadable"]["listed"]
    assert (listed["reference"], listed["field"]) == ("A", "stage1_acknowledged")


# --- in any batch -----------------------------------------------------------------------------------

MANY = [
    case(BASE, reference=f"R{number}", **({"closed": "soon"} if number % 3 == 0 else {}))
    | ({"stage1_outcome": "sorted", "received": "never"} if number % 7 == 0 else {})
    | ({"reference": "twice", "representative": "perhaps"} if number in (4, 17) else {})
    for number in range(20)
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch", [1, 3, 7])
def test_batches_make_no_difference(tmp_path: Path, kind: str, batch: int) -> None:
    path = write(tmp_path / f"cases.{kind}", [EVERY_FIELD | each for each in MANY])

    def told(size: int) -> tuple[dict[str, Any], pl.DataFrame]:
        tally = Tally(dt.date(2026, 6, 30))
        findings = []
        for records, found, made in audit_batches(
            lambda: read_tables(path, size), host(), "coventry", tally.as_at, make=lambda each: each.findings,
            keep_readable=True,
        ):  # fmt: skip
            tally.add(found, records)
            findings.append(made)
        return summarise(tally, host()), pl.concat(findings)

    (summary, findings), (expected, whole_findings) = told(batch), told(1000)
    assert summary == expected
    assert_frame_equal(findings, whole_findings)
    assert summary["unreadable"]["cases"] == len([n for n in range(20) if n % 3 == 0 and n % 7 and n not in (4, 17)])
    assert summary["reconciliation"]["rejected"] == 5, "three never received, one reference twice"


# --- the commands -----------------------------------------------------------------------------------


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    records = [
        case(BASE, reference="GOOD"),
        case(BASE + "stage1_outcome=sorted closed=soon", reference="KEPT"),
        case(BASE + "closed=2026-03-01", reference="BAD"),
    ]
    return write(tmp_path / "cases.csv", [EVERY_FIELD | each for each in records])


OPTIONS = ("--council", "coventry", "--as-at", "2026-06-30", "--keep-readable")


def test_the_terminal_says_so(cases: Path) -> None:
    said = " ".join(run("audit", cases, *OPTIONS).out.split())
    assert "3 rows read = 2 audited + 1 rejected + 0 received after the audit date + 0 outside the period" in said
    assert "One case kept though 2 values could not be read and count as not recorded; 1 of them audited" in said
    assert "not read: row 3, KEPT: closed 'soon': not a date" in said
    assert "kept though" not in run("audit", cases, *OPTIONS[:-1]).out


def test_a_long_list_is_cut_and_says_where_all_are(tmp_path: Path) -> None:
    records = [case(BASE + "closed=soon", reference=f"R{number}") for number in range(12)]
    said = " ".join(run("audit", write(tmp_path / "cases.csv", records), *OPTIONS).out.split())
    assert said.count("not read: row") == 10
    assert "… and 2 more values not read: --summary FILE lists them all" in said


def test_explain(cases: Path) -> None:
    assert "was rejected" in run("explain", cases, "KEPT", *OPTIONS[:-1]).err
    text = run("explain", cases, "KEPT", *OPTIONS)
    assert text.code == 0, text.err
    said = " ".join(text.out.split())
    assert "Could not be read, so it counts as not recorded: closed 'soon': not a date" in said
    data = json.loads(run("explain", cases, "KEPT", *OPTIONS, "--format", "json").out)
    assert [value["field"] for value in data["unreadable"]] == ["closed", "stage1_outcome"]
    assert json.loads(run("explain", cases, "GOOD", *OPTIONS, "--format", "json").out)["unreadable"] == []


def test_watch(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.csv", [EVERY_FIELD | case("received=2026-06-29 stage1_acknowledged=soon")])
    assert "A1" not in run("watch", path, *OPTIONS[:-1]).out
    said = " ".join(run("watch", path, *OPTIONS).out.split())
    assert "One case kept though one value could not be read and counts as not recorded" in said
    data = json.loads(run("watch", path, *OPTIONS, "--format", "json").out)
    assert data["unreadable"]["fields"] == {"stage1_acknowledged": 1}
    assert "counts as not recorded" in run("watch", path, *OPTIONS, "--format", "ics").err


def test_the_pack(cases: Path, tmp_path: Path) -> None:
    result = run("audit", cases, *OPTIONS, "--output", f"{tmp_path}/pack/")
    assert result.code == 0, result.err
    folder = tmp_path / "pack"
    receipt = json.loads((folder / "receipt.json").read_text("utf-8"))
    assert receipt["keep_readable"] is True
    assert receipt["unreadable"] == {"cases": 1, "audited": 1, "values": 2}
    assert receipt["counts"]["audited"] == 2 and receipt["counts"]["rejected"] == 1
    page = lxml.html.fromstring((folder / "report.html").read_text("utf-8"))
    rows = [[cell.text_content() for cell in row] for row in page.get_element_by_id("unread").xpath(".//tbody/tr")]
    assert [row[:2] for row in rows] == [["KEPT", "3"], ["KEPT", "3"]]
    assert [row[0] for row in page.get_element_by_id("rejected").xpath(".//tbody/tr")[0].xpath("th/text()")] == ["B"]
    book = openpyxl.load_workbook(folder / "findings.xlsx")
    listed = list(book["unreadable values"].iter_rows(min_row=2, values_only=True))
    assert [row[1:4] for row in listed] == [("KEPT", "closed", "soon"), ("KEPT", "stage1_outcome", "sorted")]
    published = json.loads((folder / "figures.json").read_text("utf-8"))
    assert published["unreadable"] == {"rows": 1, "values": 2}
    assert "KEPT" not in json.dumps(published)
    paper = (folder / pack.PAGE).read_text("utf-8")
    assert "One case record could not be read and is in no figure." in paper
    assert "2 values in the case records could not be read; they count as not recorded." in paper


def test_the_public_page_and_the_annual_report(cases: Path, tmp_path: Path) -> None:
    assert run("audit", cases, *OPTIONS, "--output", f"{tmp_path}/open/", "--publish").code == 0
    page = (tmp_path / "open" / "figures.html").read_text("utf-8")
    assert "2 values in the case records could not be read; they count as not recorded." in page
    order = annual.order(cases, tmp_path / "year", "coventry", 2025, dt.date(2026, 6, 30), Supplied(), {},
                         keep_readable=True)  # fmt: skip
    gathering = Gathering(order, host())
    for records, found, made in audit_batches(
        lambda: read_tables(cases), host(), "coventry", order.as_at, gathering.period, make=lambda each: each.findings,
        keep_readable=order.keep_readable,
    ):  # fmt: skip
        gathering.add(found, records, made)
    paper = annual.paper(gathering, host(), summarise(gathering.tally, host()))
    said = [block.text for part in paper.sections for block in part.blocks if isinstance(block, Sentence | Prose)]
    assert "2 values in the case records could not be read; they count as not recorded." in said
    assert "One case record could not be read and is in no figure." in said
