"""Contract 3: every row accounted for, every rejection explained, the audit date."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from casefiles import EVERY_FIELD, Audited, Record, audit, audit_whole, case, run, write

STEPS = [
    *(f"stage{n}_{step}" for n in (1, 2, 3) for step in ("acknowledged", "department_notified", "responded")),
    *(f"stage{n}_extension_notified" for n in (1, 2, 3)),
    *(f"stage{n}_request{how}" for n in (2, 3) for how in ("ed", "_refused")),
    "stage2_statement_agreed",
    *(f"stage3_panel_{step}" for step in ("invited", "met", "reported")),
]
GOOD = case("reference=GOOD received=2026-03-02 stage1_acknowledged=2026-03-04")


def whole(
    tmp_path: Path, records: list[Record], *options: str, as_at: str = "2026-06-30", kind: str = "csv"
) -> Audited:
    return audit_whole(write(tmp_path / f"cases.{kind}", records), "--council", "coventry", *options, as_at=as_at)


# --- rejected rows --------------------------------------------------------------------------------

# (what is wrong, the record, the field named, the value named)
REJECTED: list[tuple[str, dict[str, Any], str, str | None]] = [
    ("no reference", {"received": "2026-03-02"}, "reference", None),
    ("no received date", {"reference": "A1"}, "received", None),
    ("unknown procedure", case("received=2026-03-02 procedure=planning"), "procedure", "planning"),
    ("unknown council", case("received=2026-03-02 council=barchester"), "council", "barchester"),
    ("an impossible day", case("received=2026-02-29"), "received", "2026-02-29"),
    ("an impossible month", case("received=2026-13-01"), "received", "2026-13-01"),
    ("no date at all", case("received=2026-03-02 closed=soon"), "closed", "soon"),
    ("a promised date is a date too", case("received=2026-03-02 remedy_due=soon"), "remedy_due", "soon"),
    ("neither true nor false", case("received=2026-03-02 representative=perhaps"), "representative", "perhaps"),
    ("an unknown outcome", case("received=2026-03-02 stage1_outcome=sorted"), "stage1_outcome", "sorted"),
    ("an unknown word for a letter", case("received=2026-03-02 stage1_response_contains=decision;rhubarb"),
     "stage1_response_contains", "rhubarb"),
    ("a hold without a slash", case("received=2026-03-02 stage1_holds=2026-03-04"), "stage1_holds", "2026-03-04"),
    ("a hold with an impossible day", case("received=2026-03-02 stage1_holds=2026-03-04/2026-02-30"), "stage1_holds",
     "2026-02-30"),
    ("a hold that ends before it begins", case("received=2026-03-02 stage1_holds=2026-03-10/2026-03-09"),
     "stage1_holds", "2026-03-10/2026-03-09"),
    ("the second of two holds", case("received=2026-03-02 stage2_holds=2026-03-04/2026-03-05;2026-03-10/2026-03-09"),
     "stage2_holds", "2026-03-10/2026-03-09"),
    *(
        (f"{event} before received", case(f"received=2026-03-02 {event}=2026-03-01"), event, "2026-03-01")
        for event in (*STEPS, "refused", "withdrawn", "closed")
    ),
    *(
        (f"{step} before it was asked for",
         case(f"received=2026-03-02 stage{step[5]}_requested=2026-03-20 {step}=2026-03-19"), step, "2026-03-19")
        for step in STEPS
        if step[5] in "23" and not step.endswith("_requested")
    ),
    ("a report before the panel met",
     case("received=2026-03-02 stage3_panel_met=2026-03-20 stage3_panel_reported=2026-03-19"), "stage3_panel_reported",
     "2026-03-19"),
]  # fmt: skip


@pytest.fixture(scope="module")
def rejections(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """All of the rows above in one JSON Lines file, each with a reference of its own, a good row before each."""
    records: list[Record] = []
    for place, (_, record, _, _) in enumerate(REJECTED):
        named = record | {"reference": f"R{place}"} if "reference" in record else record
        records += [GOOD | {"reference": f"G{place}"}, named]
    return whole(tmp_path_factory.mktemp("rejections"), records, kind="jsonl")


@pytest.mark.parametrize("place", range(len(REJECTED)), ids=[says for says, *_ in REJECTED])
def test_a_rejected_row_names_row_reference_field_value_and_reason(rejections: Audited, place: int) -> None:
    says, record, field, value = REJECTED[place]
    line = 2 * place + 2  # the line of the file
    found = [each for each in rejections.rejected if each["row"] == line]
    assert len(found) == 1, says
    row = found[0]
    assert {"row", "reference", "field", "value", "message"} <= row.keys()
    assert row["reference"] == (f"R{place}" if "reference" in record else None)
    assert row["field"] == field
    if value is None:
        assert not row["value"]
    else:
        assert value in row["value"]
    assert re.search(r"[a-z]{2,} [a-z]{2,}", row["message"]), "a sentence in plain English"
    assert "Traceback" not in row["message"] and "Error" not in row["message"]


def test_rejected_rows_make_no_findings_and_the_others_all_do(rejections: Audited) -> None:
    assert len(rejections.rejected) == rejections.counts["rejected"] == len(REJECTED)
    assert rejections.references == {f"G{place}" for place in range(len(REJECTED))}
    assert rejections.counts["audited"] == len(REJECTED)


@pytest.mark.parametrize("field", ["matter_occurred", "matter_known"])
def test_a_matter_after_receipt_is_rejected(tmp_path: Path, field: str) -> None:
    """Either date may be the one named."""
    audited = whole(tmp_path, [case(f"received=2026-03-02 {field}=2026-03-03"), GOOD])
    (row,) = audited.rejected
    assert row["reference"] == "A1"
    assert row["field"] in ("received", field) and row["value"] in ("2026-03-02", "2026-03-03")
    assert "matter" in row["message"]


def test_every_row_with_a_duplicate_reference_is_rejected(tmp_path: Path) -> None:
    records = [case("received=2026-03-02"), GOOD, case("received=2026-03-03"), case("received=2026-12-01")]
    audited = whole(tmp_path, records, kind="jsonl")
    assert [(row["row"], row["reference"], row["field"]) for row in audited.rejected] == [
        (1, "A1", "reference"),
        (3, "A1", "reference"),
        (4, "A1", "reference"),
    ]
    assert audited.references == {"GOOD"}


def test_a_duplicate_of_a_row_rejected_for_something_else_is_a_duplicate(tmp_path: Path) -> None:
    audited = whole(tmp_path, [case("received=2026-03-02"), case("received=2026-02-30"), GOOD], kind="jsonl")
    assert {row["row"] for row in audited.rejected} == {1, 2}
    assert ("reference", 1) in {(row["field"], row["row"]) for row in audited.rejected}
    assert audited.references == {"GOOD"}


def test_every_rejected_row_goes_to_standard_error(tmp_path: Path) -> None:
    """However many: with JSON Lines on standard output nothing else tells of them."""
    records = [case("received=2026-02-30", reference=f"BAD-{n:03}") for n in range(150)]
    audited = whole(tmp_path, records)
    for record in records:
        assert record["reference"] in audited.result.err


@pytest.mark.parametrize("record", [
    case("received=2026-05-11 stage1_acknowledged=2026-05-08"),
    case("received=2026-03-02 stage2_requested=2026-05-11 stage2_acknowledged=2026-05-08"),
    case("received=2026-03-02 closed=2027-02-29"),
    case("received=2026-03-02 stage1_holds=2026-05-11/2026-05-08"),
], ids=["received later", "requested later", "an impossible day later", "a hold later"])  # fmt: skip
def test_rows_are_rejected_whatever_the_audit_date(tmp_path: Path, record: Record) -> None:
    audited = whole(tmp_path, [record, GOOD], as_at="2026-03-31")
    assert audited.counts["rejected"] == 1 and audited.counts["received_after_audit_date"] == 0
    assert [row["reference"] for row in audited.rejected] == ["A1"]


# Judged as recorded: any other order, the same day, promised dates, unknown flags.
KEPT = [
    "received=2026-03-02 stage1_acknowledged=2026-03-10 stage1_responded=2026-03-04",
    "received=2026-03-02 stage1_acknowledged=2026-03-04 stage1_responded=2026-03-20 stage2_requested=2026-03-10",
    "received=2026-03-02 stage2_acknowledged=2026-03-10 stage2_responded=2026-03-04",
    "received=2026-03-02 stage3_requested=2026-03-10 stage2_requested=2026-03-20",
    "received=2026-03-02 stage3_requested=2026-03-10 stage3_panel_invited=2026-04-20 stage3_panel_met=2026-04-17",
    "received=2026-03-02 withdrawn=2026-03-10 withdrawal_acknowledged=2026-03-09",
    "received=2026-03-02 remedy_offered=2026-03-10 remedy_completed=2026-03-09",
    "received=2026-03-02 closed=2026-03-10 stage1_responded=2026-03-20",
    "received=2026-03-02 matter_known=2024-03-01 matter_occurred=2025-03-01",
    "received=2026-03-02 matter_occurred=2026-03-02 matter_known=2026-03-02 stage1_acknowledged=2026-03-02",
    "received=2026-03-02 stage2_requested=2026-03-02 stage2_acknowledged=2026-03-02 closed=2026-03-02",
    "received=2026-03-02 stage3_requested=2026-03-02 stage3_panel_met=2026-03-09 stage3_panel_reported=2026-03-09",
    "received=2026-03-02 stage1_extended_to=2026-02-27",
    "received=2026-03-02 remedy_due=2026-02-27",
    "received=2026-03-02 stage2_requested=2026-03-20 stage2_extended_to=2026-03-19",
    "received=2026-03-02 consent_received=2026-02-27",
    "received=2026-03-02 proceedings_ended=2025-02-27",
    "received=2026-03-02 stage1_holds=2026-03-09/2026-03-09",
    "received=2026-03-02 stage1_holds=2026-03-09/..",
    "received=2026-03-02 flags=cse;a_flag_of_our_own",
]


def test_any_other_order_is_judged_as_recorded(tmp_path: Path) -> None:
    audited = whole(tmp_path, [case(text, reference=f"K{place}") for place, text in enumerate(KEPT)], kind="jsonl")
    assert audited.rejected == []
    assert audited.references == {f"K{place}" for place in range(len(KEPT))}


def test_an_unknown_flag_is_kept_and_reported_and_a_column_that_names_no_field_left_out_and_listed(
    tmp_path: Path,
) -> None:
    audited = whole(tmp_path, [GOOD | {"flags": "a_flag_of_our_own", "favourite_colour": "red"}])
    assert audited.counts["audited"] == 1
    assert "a_flag_of_our_own" in audited.result.err
    assert "favourite_colour" in audited.result.err


# --- reconciliation -------------------------------------------------------------------------------

MIXED: list[Record] = [
    case("reference=IN1 received=2026-04-01 stage1_acknowledged=2026-04-02"),
    case("reference=IN2 received=2026-05-05"),
    case("reference=EDGE received=2026-06-30"),
    case("reference=BEFORE received=2026-03-31"),
    case("reference=AFTER received=2026-07-01"),
    case("reference=LATER received=2026-08-03"),
    case("reference=BAD received=2026-04-31"),
    {"reference": None, "received": "2026-04-01"},
    case("reference=BADLATER received=2026-08-03 stage1_acknowledged=2026-08-02"),
]
# 9 rows read = 3 audited + 3 rejected + 2 received after 30 June + 1 received before 1 April
SENTENCE = r"9 rows? read = 3 audited \+ 3 rejected \+ 2 received after the audit date \+ 1 outside"


@pytest.mark.parametrize("kind", ["jsonl", "csv", "xlsx", "parquet"])
def test_the_counts_reconcile_in_every_output(tmp_path: Path, kind: str) -> None:
    cases = write(tmp_path / "cases.csv", MIXED)
    result = run("audit", cases, "--council", "coventry", "--as-at", "2026-06-30", "--from", "2026-04-01", "--to",
                 "2026-06-30", "--format", kind, "--output", tmp_path / f"out.{kind}")  # fmt: skip
    assert result.code == 0
    assert re.search(SENTENCE, result.said), result.said


def test_the_counts_reconcile_on_the_terminal_and_in_the_summary(tmp_path: Path) -> None:
    cases, summary = write(tmp_path / "cases.csv", MIXED), tmp_path / "summary.json"
    result = run("audit", cases, "--council", "coventry", "--as-at", "2026-06-30", "--from", "2026-04-01", "--to",
                 "2026-06-30", "--summary", summary)  # fmt: skip
    assert result.code == 0
    assert re.search(SENTENCE, result.out), result.said
    assert json.loads(summary.read_text("utf-8"))["reconciliation"] == {
        "rows_read": 9,
        "audited": 3,
        "rejected": 3,
        "received_after_audit_date": 2,
        "outside_period": 1,
    }


def test_from_and_to_keep_the_cases_received_in_the_period_both_days_included(tmp_path: Path) -> None:
    audited = whole(tmp_path, MIXED, "--from", "2026-04-01", "--to", "2026-06-30")
    assert audited.references == {"IN1", "IN2", "EDGE"}
    for option, date, references in [
        ("--from", "2026-05-05", {"IN2", "EDGE"}),
        ("--to", "2026-05-05", {"IN1", "IN2", "BEFORE"}),
    ]:
        assert whole(tmp_path, MIXED, option, date).references == references


def test_what_is_rejected_does_not_hang_on_the_period(tmp_path: Path) -> None:
    """Rejected is tested first, so a rejected row stays one outside the period."""
    audited = whole(tmp_path, MIXED, "--from", "2020-01-01", "--to", "2020-12-31")
    assert audited.counts["rejected"] == 3 and audited.counts["audited"] == 0
    assert audited.findings == []


# --- the audit date -------------------------------------------------------------------------------

# (says, a record with what is still to come, the record as the audit must see it), as at 31 March 2026
UNSEEN = [
    ("a response, its outcome and contents",
     "stage1_responded=2026-04-01 stage1_outcome=upheld stage1_response_contains=decision", "", 1),
    ("an acknowledgement and its contents", "stage2_requested=2026-03-20 stage2_acknowledged=2026-04-01 "
     "stage2_acknowledgement_contains=none", "stage2_requested=2026-03-20", 1),
    ("an extension, its contents and new date", "stage1_extension_notified=2026-04-01 stage1_extended_to=2026-04-30 "
     "stage1_extension_contains=reason", "", 1),
    ("a refusal and its contents", "refused=2026-04-01 refusal_contains=none", "", 1),
    ("a refused escalation and its contents", "stage2_requested=2026-03-20 stage2_request_refused=2026-04-01 "
     "stage2_refusal_contains=none", "stage2_requested=2026-03-20", 1),
    ("a whole stage", "stage2_requested=2026-04-01 stage2_acknowledged=2026-04-02 stage2_responded=2026-04-20", "", 3),
    ("a withdrawal, a closure", "withdrawn=2026-04-01 withdrawal_acknowledged=2026-04-02 closed=2026-04-03", "", 3),
    ("an informal resolution", "informal_offered=2026-03-03 informal_resolved=2026-04-01",
     "informal_offered=2026-03-03",
     1),
    ("a remedy completed", "stage1_responded=2026-03-13 stage1_outcome=upheld stage1_response_contains=decision "
     "remedy_offered=2026-03-12 remedy_completed=2026-04-01", "stage1_responded=2026-03-13 stage1_outcome=upheld "
     "stage1_response_contains=decision remedy_offered=2026-03-12", 1),
    ("consent", "representative=true consent_received=2026-04-01", "representative=true", 1),
    # Promised dates are no events: they are seen, and not counted.
    ("a new date promised in time", "stage1_extension_notified=2026-03-16 stage1_extended_to=2026-04-10",
     "stage1_extension_notified=2026-03-16 stage1_extended_to=2026-04-10", 0),
    ("a remedy promised", "remedy_due=2026-12-31", "remedy_due=2026-12-31", 0),
]  # fmt: skip


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> list[Audited]:
    """The records as they are, and as the audit must see them."""
    base = "received=2026-03-02 stage1_acknowledged=2026-03-04 "
    return [
        whole(
            tmp_path_factory.mktemp("side"),
            [{**EVERY_FIELD, **case(base + row[side], reference=row[0])} for row in UNSEEN],
            "--all", as_at="2026-03-31", kind="jsonl",
        )
        for side in (1, 2)
    ]  # fmt: skip


@pytest.mark.parametrize("says", [row[0] for row in UNSEEN])
def test_an_event_after_the_audit_date_has_not_happened(sides: list[Audited], says: str) -> None:
    found, expected = ([each for each in side.findings if each["reference"] == says] for side in sides)
    assert found == expected and found


def test_promised_dates_are_not_events(sides: list[Audited]) -> None:
    assert [side.summary["dates_after_audit_date"] for side in sides] == [sum(row[3] for row in UNSEEN), 0]


def test_the_number_of_dates_after_the_audit_date_is_reported(tmp_path: Path) -> None:
    records = [
        case("reference=A1 received=2026-03-02 stage1_responded=2026-04-01 closed=2026-04-02"),
        case("reference=A2 received=2026-03-02 closed=2026-04-02 remedy_due=2026-05-05"),
    ]
    audited = whole(tmp_path, records, as_at="2026-03-31")
    assert any(re.search(r"\b3\b.*audit date", line) for line in audited.result.err.splitlines())


def test_what_is_dated_on_the_audit_date_has_happened(tmp_path: Path) -> None:
    audited = whole(
        tmp_path,
        [case("received=2026-03-31 stage1_acknowledged=2026-03-31 stage1_responded=2026-03-31")],
        as_at="2026-03-31",
    )
    assert audited.counts["received_after_audit_date"] == 0
    assert audited.one("acknowledge-stage1")["verdict"] == "met"
    assert audited.one("respond-stage1")["verdict"] == "met"
    assert audited.summary["dates_after_audit_date"] == 0


# --- broken files and broken rows -----------------------------------------------------------------


def _file(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


UNREADABLE: list[tuple[str, str, bytes]] = [
    ("a missing file", "", b""),
    ("an empty workbook", "cases.xlsx", b""),
    ("an empty Parquet file", "cases.parquet", b""),
    ("text called a workbook", "cases.xlsx", b"reference,received\nA1,2026-03-02\n"),
    ("text called Parquet", "cases.parquet", b"reference,received\nA1,2026-03-02\n"),
    ("half a workbook", "cases.xlsx", b"PK\x03\x04\x14\x00\x06\x00"),
    ("half a Parquet file", "cases.parquet", b"PAR1\x15\x04"),
    ("a kind of file it does not read", "cases.docx", b"PK\x03\x04"),
]


@pytest.mark.parametrize(("name", "content"), [row[1:] for row in UNREADABLE], ids=[row[0] for row in UNREADABLE])
def test_a_file_that_cannot_be_read_is_one_clear_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    path = _file(tmp_path / name, content) if name else tmp_path / "missing.csv"
    result = audit(path, "--council", "coventry")
    assert (result.code, result.out) == (2, "")
    assert len(result.err.strip().splitlines()) == 1, result.err
    assert path.name in result.err
    assert "Traceback" not in result.err


def test_a_folder_is_not_a_case_file(tmp_path: Path) -> None:
    result = audit(tmp_path, "--council", "coventry")
    assert (result.code, result.out) == (2, "")
    assert len(result.err.strip().splitlines()) == 1, result.err


@pytest.mark.parametrize("name", ["cases.csv", "cases.jsonl"])
def test_an_empty_file_is_not_a_traceback(tmp_path: Path, name: str) -> None:
    """Whether it holds no rows or cannot be read, the contract leaves open."""
    result = audit(_file(tmp_path / name, ""), "--council", "coventry")
    assert result.code in (0, 2)
    assert result.out == "" and "Traceback" not in result.err


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_of_headings_alone_has_no_rows(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / f"cases.{kind}", [{"reference": None, "received": None}])
    if kind == "csv":
        _file(path, "reference,received\n")
    else:
        book = openpyxl.load_workbook(path)
        book["Sheet"].delete_rows(2, 9)
        book.save(path)
    audited = audit_whole(path, "--council", "coventry")
    assert audited.counts["rows_read"] == 0 and audited.findings == []


@pytest.mark.parametrize(
    "broken", ['{"reference": "B", "received": ', "not JSON", '["A9", "2026-03-02"]', '"A9"', "null"]
)
def test_a_broken_json_line_is_a_rejected_row(tmp_path: Path, broken: str) -> None:
    lines = [json.dumps(GOOD), broken, json.dumps(GOOD | {"reference": "GOOD2"})]
    audited = audit_whole(_file(tmp_path / "cases.jsonl", "\n".join(lines) + "\n"), "--council", "coventry")
    assert audited.references == {"GOOD", "GOOD2"}
    assert [row["row"] for row in audited.rejected] == [2]
    assert audited.counts["rows_read"] == 3


def test_ragged_rows_of_a_csv_file_are_all_accounted_for(tmp_path: Path) -> None:
    text = (
        "reference,received,stage1_acknowledged,stage1_responded\n"
        "A1,2026-03-02,2026-03-04,2026-03-16\n"
        "A2,2026-03-02\n"
        "A3,2026-03-02,2026-03-04,2026-03-16,2026-04-01,more\n"
        "A4,2026-03-02,2026-03-04,2026-03-16\n"
    )
    audited = audit_whole(_file(tmp_path / "cases.csv", text), "--council", "coventry")
    assert audited.counts["rows_read"] == 4
    assert {"A1", "A4"} <= audited.references
    assert audited.references | {row["reference"] for row in audited.rejected} == {"A1", "A2", "A3", "A4"}


@pytest.mark.parametrize("absent", ["reference", "received"])
def test_an_absent_column_is_the_same_as_blank_cells(tmp_path: Path, absent: str) -> None:
    """So each row is rejected for the field it lacks; the file itself can be read."""
    records = [GOOD | {"reference": name} for name in ("A1", "A2")]
    audited = whole(tmp_path, [{name: record[name] for name in record if name != absent} for record in records])
    assert [row["field"] for row in audited.rejected] == [absent, absent]
    assert audited.counts["rows_read"] == 2
