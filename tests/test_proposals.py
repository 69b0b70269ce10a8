"""Proposed mappings: what is plain is proposed with its reason, what is not is asked, and an officer gets through."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
import yaml
from casefiles import run, write
from mapmaking import EXAMPLES, NAMES, OWN, findings, keeping, records, table
from putright import cli
from putright.files.readers import read_table
from putright.files.tables import ROW, ROW_ERROR, Table
from putright.mapping.mappedtables import apply
from putright.mapping.mappingfile import MappingError
from putright.mapping.proposing import proposal, propose
from putright.mapping.questions import Answers
from putright.mapping.reading import read_mapping
from putright.mistakes import Mistake

# --- the examples ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_proposal_for_an_example_is_a_mapping_with_the_same_findings(name: str, tmp_path: Path) -> None:
    export = read_table(EXAMPLES / f"{name}.csv")
    proposed = proposal(export)
    text = proposed.text
    open_questions = {
        "event-log": ["event Phone call from customer"],
        "tick-boxes": ["column received (contact centre)"],
    }
    assert [question.about for question in proposed.questions] == open_questions.get(name, [])
    assert not proposed.left
    path = tmp_path / "proposed.yaml"
    path.write_text(text, encoding="utf-8")
    theirs = apply(read_mapping(path), export)
    found = records(theirs)
    assert found.rejected.is_empty()
    assert findings(found).equals(findings(records(keeping(read_table(OWN / f"{name}.csv"), theirs))))
    assert propose(export) == proposed.text


# --- columns and words ----------------------------------------------------------------------------

_WORDS = """Case ref,Date received,Reply sent,Outcome,Customer
C-1,2026-01-05,2026-01-19,Justified,Ann Example
C-2,2026-01-06,2026-01-20,Not upheld,Bob Example
"""
_BY_STAGE = """Case ref,Stage,Date received,Reply sent
C-1,Stage 1,2026-01-05,2026-01-19
C-1,Stage 2,2026-02-02,2026-02-27
"""


def _proposed(tmp_path: Path, text: str, answers: dict[str, str] | None = None) -> Any:
    (tmp_path / "export.csv").write_text(text, "utf-8")
    return proposal(read_table(tmp_path / "export.csv"), answers=Answers(answers or {}))


def test_every_column_is_told_with_what_it_holds(tmp_path: Path) -> None:
    uses = {each.name: each for each in _proposed(tmp_path, _WORDS).columns}
    assert {name: (each.use, each.holds) for name, each in uses.items()} == {
        "case ref": ("reference", "text"),
        "date received": ("received", "dates"),
        "reply sent": ("stage1_responded", "dates"),
        "outcome": ("stage1_outcome", "words"),
        "customer": ("", "text"),
    }
    assert uses["date received"].samples == ("2026-01-05", "2026-01-06")
    assert uses["customer"].samples == ("Aaa Aaaaaaa",), "of text that may be about a person, only the shape"
    assert uses["outcome"].values == 2


def test_a_word_with_a_plain_meaning_can_be_changed(tmp_path: Path) -> None:
    plain = _proposed(tmp_path, _WORDS)
    assert [(each.about, each.ours) for each in plain.words] == [
        ("outcome Justified", "upheld"),
        ("outcome Not upheld", "not_upheld"),
    ]
    changed = _proposed(tmp_path, _WORDS, {"outcome justified": "partly_upheld", "outcome not upheld": "ignore"})
    assert [each.ours for each in changed.words] == ["partly_upheld", "ignore"]
    words = yaml.safe_load(changed.text)["words"]["outcomes"]
    assert words == {"justified": "partly_upheld", "not upheld": None}


def test_a_stage_can_be_changed(tmp_path: Path) -> None:
    assert [each.ours for each in _proposed(tmp_path, _BY_STAGE).words] == ["1", "2"]
    changed = _proposed(tmp_path, _BY_STAGE, {"stage stage 2": "3"})
    assert yaml.safe_load(changed.text)["stage"]["words"] == {"Stage 1": 1, "Stage 2": 3}


def test_a_word_is_changed_only_to_one_of_ours(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="'yes' is not an answer to 'outcome Justified': use upheld, partly_upheld"):
        _proposed(tmp_path, _WORDS, {"outcome justified": "yes"})


# --- the command line -----------------------------------------------------------------------------


def test_map_writes_over_nothing_unless_forced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "mapping.yaml"
    target.write_text("mine", encoding="utf-8")
    arguments = ["map", str(EXAMPLES / "tick-boxes.csv"), "--output", str(target)]
    assert cli.main(arguments) == 2
    assert "is there already" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "mine"
    assert cli.main([*arguments, "--overwrite"]) == 0
    assert "question (column received (contact centre)): " in capsys.readouterr().out
    assert "layout: case" in target.read_text(encoding="utf-8")


def test_map_to_standard_output_is_yaml_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["map", str(EXAMPLES / "event-log.csv"), "--output", "-"]) == 0
    shown = capsys.readouterr()
    assert shown.out == propose(read_table(EXAMPLES / "event-log.csv"))
    assert "Phone call" in shown.err


# --- proposals ------------------------------------------------------------------------------------


def test_an_order_of_day_and_month_that_nothing_decides_is_asked(tmp_path: Path) -> None:
    export = table(case_ref=["1", "2"], date_received=["01/02/2026", "03/04/2026"])
    found = proposal(export)
    assert [question.about for question in found.questions] == ["dates"]
    path = tmp_path / "m.yaml"
    path.write_text(found.text, encoding="utf-8")
    with pytest.raises(MappingError, match=r"answer this first.* Is the day or the month first"):
        read_mapping(path)
    answered = proposal(export, answers=Answers({"dates": "month-first"}))
    assert not answered.questions
    path.write_text(answered.text, encoding="utf-8")
    assert apply(read_mapping(path), export).frame["received"].to_list() == ["2026-01-02", "2026-03-04"]
    decided = proposal(table(case_ref=["1", "2"], date_received=["01/02/2026", "13/04/2026"]))
    assert "dates: day-first" in decided.text


PROPOSED = [
    ({"case_ref": "1", "recd": "46348"}, "dates: excel"),
    (
        {"case_ref": "1", "recd": "13/02/2026", "crm_notes": "text"},
        "- crm notes  # names no field: text, 1",
    ),
    ({"case_ref": "1", "recd": "13/02/2026", "stage_2_response_sent": "14/02/2026"}, "stage2_responded: stage 2"),
    ({"case_ref": "1", "recd": "13/02/2026", "s2_ack": "14/02/2026"}, "stage2_acknowledged: s2 ack"),
    ({"case_ref": "1", "recd": "13/02/2026", "ack_date": "n/a"}, "stage1_acknowledged: ack date"),
    ({"case_ref": "1", "recd": "13/02/2026", "withdrawel": "14/02/2026"}, "withdrawn: withdrawel"),
    ({"case_ref": "1", "recd": "13/02/2026", "outcome": "Justified"}, "justified: upheld"),
    ({"case_ref": "1", "recd": "13/02/2026", "outcome": "Mystery"}, "Mystery:  # asked below"),
    (
        {"case_ref": "1", "recd": "13/02/2026", "response_due": "13/03/2026"},
        "- response due  # putright works",
    ),
    ({"something": "1", "recd": "13/02/2026"}, "name the column with the case number"),
    ({"case_ref": "1", "thing": "x"}, "name what holds the day the complaint was received"),
]


@pytest.mark.parametrize(("row", "line"), PROPOSED)
def test_what_is_proposed(row: dict[str, str], line: str, tmp_path: Path) -> None:
    text = propose(table(**{name: [value] for name, value in row.items()}))
    assert line in text
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    if "Left to do:\n#   name" not in text:
        read_mapping(path)


def test_two_styles_of_date_in_one_column_are_both_proposed(tmp_path: Path) -> None:
    days = ["2026-01-05", "13/02/2026", "14/02/2026", "nonsense"]
    found = proposal(table(case_ref=list("1234"), recd=days))
    assert "dates: [day-first, iso]" in found.text
    assert "1 value cannot be read, for example 'nonsense'" in " ".join(found.left)


def test_free_text_is_never_quoted_in_a_proposal() -> None:
    people = ["A Person", "B Person"]
    text = propose(table(case_ref=["1", "2"], recd=["13/02/2026"] * 2, complainant=people, investigator=people))
    assert "Person" not in text


def test_a_proposal_survives_any_column_name(tmp_path: Path) -> None:
    names = [
        "case ref",
        "recd",
        "a: b",
        "#",
        "x\ny",
        "{",
        '"',
        "null",
        "ack: [sent]",
        "stage 1 response, date",
        "'",
        "%",
    ]
    frame = {name: pl.Series(["13/02/2026"] if place else ["1"]) for place, name in enumerate(names)}
    rows = {ROW: pl.Series([2], dtype=pl.UInt32), ROW_ERROR: pl.Series([None], dtype=pl.String)}
    export = Table(pl.DataFrame({**rows, **frame}), day_first=True)
    path = tmp_path / "m.yaml"
    path.write_text(propose(export), encoding="utf-8")
    assert apply(read_mapping(path), export).frame["received"].to_list() == ["2026-02-13"]


def test_an_empty_table_is_proposed_for() -> None:
    assert "layout: case" in propose(table(case_ref=[], recd=[]))


# --- exports nobody here designed -----------------------------------------------------------------

#: The cases: reference, received, acknowledged, extension, new date, responded, outcome, handler; stage 2 the same.
CASES = [
    "SYNTHETIC-1 2026-03-02 2026-03-09 - - 2026-03-16 upheld Officer 2026-04-01 2026-04-10 - - 2026-05-06 upheld Head",
    "SYNTHETIC-2 2026-03-03 2026-03-12 2026-03-16 2026-04-13 2026-04-14 partly_upheld Officer-2 - - - - - - -",
    "SYNTHETIC-3 2026-03-24 2026-03-30 - - - - - - - - - - - -",
    "SYNTHETIC-4 2026-02-27 - - - 2026-03-27 not_upheld Officer-1 2026-04-30 2026-05-01 - - - - -",
]
STEPS = ("received", "acknowledged", "extension_notified", "extended_to", "responded", "outcome", "handler")
FIELD_NAMES = ["reference", *(f"stage{n}_{step}" for n in (1, 2) for step in STEPS)]
OURS = {"stage1_received": "received", "stage2_received": "stage2_requested"}
THEIRS = {"upheld": "Upheld", "partly_upheld": "Partially Upheld", "not_upheld": "NOT UPHELD", "": ""}


def invented() -> list[dict[str, str]]:
    """The cases, with our fields' names."""
    rows = []
    for line in CASES:
        cells = ["" if cell == "-" else cell for cell in line.split()]
        rows.append({OURS.get(name, name): cell for name, cell in zip(FIELD_NAMES, cells, strict=True)})
    return rows


def audited(path: Path, *options: str | Path) -> list[dict[str, Any]]:
    result = run("audit", path, "--council", "coventry", "--as-at", "2026-06-30", "--format", "jsonl", "--output", "-",
                 *options)  # fmt: skip
    assert result.code == 0, result.err
    return sorted(result.lines, key=lambda found: (found["reference"], found["rulebook"], found["rule"]))


def mapped_by_the_how_to(export: Path, finish: Callable[[str], str] = str) -> list[dict[str, Any]]:
    """The findings of an export whose mapping was proposed, and finished as the proposal asks."""
    mapping = export.with_suffix(".yaml")
    assert run("map", export, "--output", mapping).code == 0
    mapping.write_text(finish(mapping.read_text(encoding="utf-8")), encoding="utf-8")
    return audited(export, "--mapping", mapping)


def day(text: str, pattern: str) -> str:
    return text and dt.date.fromisoformat(text).strftime(pattern)


def test_a_western_export_with_semicolons_times_and_a_status(tmp_path: Path) -> None:
    cases = invented()
    lines = [["Complaints £ report", "", ""], ["Run 30-Jun-26"], [
        "Enquiry No", "Date Logged", "Acknowledgement Sent", "Ext. Letter Sent", "Revised Response Date",
        "Stage 1 Target", "Full Response Sent", "S1 Decision", "S1 Responding Officer", "Stage Two Requested On",
        "Stage Two Acknowledgement", "Stage Two Response", "S2 Decision", "S2 Responding Officer", "Paid (£)",
        "Current Status", "Status Changed",
    ]]  # fmt: skip
    for number, case in enumerate(cases):
        case["closed"] = "2026-05-07" if number == 0 else ""
        names = ("received", "acknowledged", "extension_notified", "extended_to", "", "responded", "outcome", "handler")
        one = [case.get("received" if name == "received" else f"stage1_{name}", "") for name in names]
        two = [case[f"stage2_{name}"] for name in ("requested", "acknowledged", "responded", "outcome", "handler")]
        cells = [THEIRS.get(cell, day(cell, "%d-%b-%y 14:05") if cell[:2] == "20" else cell) for cell in (*one, *two)]
        status = (
            ["Closed \u2013 Complete", day(case["closed"], "%d-%b-%y 09:00")]
            if case["closed"]
            else ["With Service", ""]
        )
        lines.append([case["reference"], *cells, "£50", *status])
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(lines)
    export = tmp_path / "a.csv"
    export.write_bytes(text.getvalue().encode("cp1252"))
    proposed = proposal_of(export)
    assert "heading: 3" in proposed and "encoding: windows-1252  # the file is not in UTF-8; read so, it" in proposed
    assert "With Service:" in proposed and "a state, not an event" in proposed
    assert 'about: "status Closed \u2013 Complete"' in proposed
    kept = [{name: cell for name, cell in case.items() if not name.startswith("stage2_ext")} for case in cases]
    assert mapped_by_the_how_to(export) == audited(write(tmp_path / "own.csv", kept))


def proposal_of(export: Path) -> str:
    return run("map", export, "--output", "-").out


def test_a_workbook_with_titles_groups_of_columns_serial_dates_and_a_total(tmp_path: Path) -> None:
    cases = invented()
    export = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(str(export)) as book:
        sheet = book.add_worksheet("Return")
        sheet.merge_range("A1:J1", "Testshire - complaints")
        sheet.write("A2", "Run by Performance")
        for place, name in {"A4:A5": "Case Number", "B4:B5": "Stage", "C4:E4": "Dates", "F4:G4": "Extension",
                            "H4:I4": "Result", "J4:J5": "Days taken"}.items():  # fmt: skip
            sheet.merge_range(place, name)
        sheet.write_row("C5", ["Received", "Acknowledged", "Replied", "Letter sent", "New date", "Finding", "Officer"])
        row = 5
        for case in cases:
            for n, word in ((1, "Stage I"), (2, "Stage II")):
                begun = case["received"] if n == 1 else case["stage2_requested"]
                if begun:
                    names = ("acknowledged", "responded", "extension_notified", "extended_to", "outcome", "handler")
                    values = [begun, *(case[f"stage{n}_{name}"] for name in names)]
                    sheet.write_row(row, 0, [case["reference"], word, *map(cell, values), 3])
                    row += 1
        sheet.write_row(row, 0, ["Total", "", len(cases)])
        sheet.set_column("I:I", None, None, {"hidden": True})
        book.add_worksheet("Lookups").write("A1", "Stage I")
    proposed = proposal_of(export)
    assert "heading: [4, 5]" in proposed and "dates: excel" in proposed and "sheet 'Lookups' was not read" in proposed
    assert f"row {row + 1} is a total, not a case: 'Total {len(cases)}'" in proposed
    assert mapped_by_the_how_to(export) == audited(write(tmp_path / "own.csv", cases))


def cell(text: str) -> Any:
    """A date as Excel counts it; any other text in their words."""
    return (dt.date.fromisoformat(text) - dt.date(1899, 12, 30)).days if text[:2] == "20" else THEIRS.get(text, text)


def test_a_log_whose_letters_are_distinguished_by_a_second_column(tmp_path: Path) -> None:
    cases = invented()
    kinds = {
        "received": ("Complaint came in", ""), "stage1_acknowledged": ("Letter sent", "Acknowledgement"),
        "stage1_extension_notified": ("Letter sent", "Holding letter"),
        "stage1_responded": ("Letter sent", "Stage 1 reply"),
        "stage2_requested": ("Customer wants stage 2", ""), "stage2_acknowledged": ("Letter sent", "Stage 2 ack"),
        "stage2_responded": ("Letter sent", "Stage 2 reply"),
    }  # fmt: skip
    events = [(case[name], case["reference"], *said) for case in cases for name, said in kinds.items() if case[name]]
    lines = [
        [day(on, "%d/%m/%Y 10:15:00"), ref, (str.upper, str.title, str)[number % 3](what), kind]
        for number, (on, ref, what, kind) in enumerate(sorted(events))
    ]
    lines.append(["30/06/2026 11:00:00", "SYNTHETIC-1", "Rang customer", ""])
    text = io.StringIO()
    csv.writer(text).writerows([["Timestamp", "Complaint ID", "Action", "Type"], *lines])
    export = tmp_path / "c.csv"
    export.write_text(text.getvalue(), encoding="utf-8-sig")
    left = run("map", export, "--output", tmp_path / "c.left.yaml").out
    assert "question (event Rang customer): " in left and left.count("question (") == 1
    known = [{"reference": case["reference"], **{name: case[name] for name in kinds}} for case in cases]
    found = mapped_by_the_how_to(export)
    assert found == audited(write(tmp_path / "own.csv", known))


# --- stages that are closed -----------------------------------------------------------------------


@pytest.mark.parametrize("closing", ["Date Closed", "Status date"])
def test_a_stage_that_is_closed_hides_no_breach_of_a_later_one(closing: str, tmp_path: Path) -> None:
    """Stage 1 was closed in time; stage 2 was due on 12 June and is open."""
    export = tmp_path / "stages.csv"
    heading = ["Case Ref", "Stage", "Date Received", "Date Acknowledged", "Date Responded", "Status", closing]
    rows = [
        ["A", "Stage 1", "02/04/2026", "07/04/2026", "20/04/2026", "Closed", "20/04/2026"],
        ["A", "Stage 2", "13/05/2026", "14/05/2026", "", "Open", ""],
    ]
    export.write_text("\n".join(",".join(row) for row in [heading, *rows]) + "\n", encoding="utf-8")
    found = {(each["rulebook"], each["rule"]): each["verdict"] for each in mapped_by_the_how_to(export)}
    assert found["lgsco", "respond-stage1"] == "met"
    assert found["lgsco", "respond-stage2"] == "breach"


# --- which of two columns, and unknown outcomes ---------------------------------------------------

TWICE: dict[str, list[str]] = {
    "case_ref": ["1", "2"],
    "date_received": ["13/02/2026", "14/02/2026"],
    "service": ["Waste", "Roads"],
    "responsible_service": ["Bins", "Potholes"],
}


def test_a_second_column_of_words_for_a_field_is_asked_about(tmp_path: Path) -> None:
    export = table(**TWICE)
    found = proposal(export)
    question = next(each for each in found.questions if each.about == "column responsible service")
    assert "may both be" in question.ask and question.until == "ignore" and not question.samples
    assert "  service: service   " in found.text and "- responsible service  #" in found.text
    other = proposal(export, answers=Answers({"column responsible service": "service"}))
    assert "  service: responsible service  # your answer" in other.text and not other.questions
    path = tmp_path / "m.yaml"
    path.write_text(other.text, "utf-8")
    assert apply(read_mapping(path), export).frame["service"].to_list() == ["Bins", "Potholes"]
    kept = proposal(export, answers=Answers({"column responsible service": "ignore"}))
    assert "  service: service   " in kept.text and not kept.questions


def test_two_columns_of_outcomes_are_never_merged() -> None:
    found = proposal(
        table(case_ref=["1"], date_received=["13/02/2026"], outcome=["Upheld"], stage_1_decision=["Not upheld"])
    )
    assert [each.about for each in found.questions] == ["column stage 1 decision"]


def test_outcomes_in_words_that_are_all_unknown_are_asked_for_and_reject_nothing(tmp_path: Path) -> None:
    export = table(case_ref=["1", "2"], date_received=["13/02/2026", "14/02/2026"], outcome=["Sorted", "Apology made"])
    found = proposal(export)
    assert {each.about for each in found.questions} == {"outcome Sorted", "outcome Apology made"}
    path = tmp_path / "m.yaml"
    path.write_text(found.text, "utf-8")
    made = apply(read_mapping(path), export)
    assert made.frame["stage1_outcome"].to_list() == [None, None]
    assert made.frame[ROW_ERROR].null_count() == 2


def test_a_column_of_stages_is_asked_about_whatever_its_heading(tmp_path: Path) -> None:
    """With a column for a date of each stage, a row is a case, and "S2" is where the case has got to."""
    export = table(
        case_ref=["1", "2", "3"], received=["13/02/2026"] * 3, stage_1_ack=["16/02/2026"] * 3,
        where_is_it_now=["S1", "S2", "Review"],
    )  # fmt: skip
    found = proposal(export)
    assert "layout: case" in found.text
    question = next(each for each in found.questions if "where is it now" in each.ask)
    assert question.default is not None
    path = tmp_path / "m.yaml"
    path.write_text(found.text, "utf-8")
    assert apply(read_mapping(path), export).frame["stage1_acknowledged"].to_list() == ["2026-02-16"] * 3
