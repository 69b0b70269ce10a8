"""Contract 6 and contract 7 from outside: the command line, its exit codes, and a finding in every format.

The rest of the contract is in test_contract_*.py: reading, nothing_lost, counting, verdicts, letters, council.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from casefiles import COLUMNS, VERDICTS, Record, audit, audit_whole, case, run, write
from putright import calendars
from putright.calendars import workingdays

AS_AT = "2026-03-31"
#: Acknowledged in time, answered late; overdue; a row that is refused.
CLEAN = case(
    "reference=CLEAN received=2026-03-02 matter_known=2026-02-02 triaged=2026-03-03 stage1_acknowledged=2026-03-04 "
    "stage1_acknowledgement_contains=understanding;outcomes_sought;handler;reply_date stage1_responded=2026-03-13 "
    "stage1_outcome=not_upheld stage1_response_contains=issues_investigated;decision;reasons;escalation"
)
LATE = case("reference=LATE received=2026-03-02 stage1_acknowledged=2026-03-12 stage1_responded=2026-03-27")
OPEN = case("reference=OPEN received=2026-03-02", stage1_acknowledged=None)
BAD = case("reference=BAD received=2026-02-30")
BASE: list[Record] = [CLEAN, LATE, OPEN, BAD]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return write(tmp_path / "cases.csv", BASE)


COMMAND = [sys.executable, "-c", "import sys; from putright.cli import main; sys.exit(main())"]


def command(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
        env=os.environ | {"PYTHONIOENCODING": "utf-8", **environment},
    )  # fmt: skip


# --- a finding ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same audit written in every format."""
    folder = tmp_path_factory.mktemp("outputs")
    cases = write(folder / "cases.csv", BASE)
    found = {}
    for name, kind, options in [
        ("jsonl", "jsonl", []), ("csv", "csv", []), ("xlsx", "xlsx", []), ("parquet", "parquet", []),
        ("messages", "parquet", ["--messages"]),
    ]:  # fmt: skip
        found[name] = folder / f"{name}.{kind}"
        result = run("audit", cases, "--council", "coventry", "--as-at", AS_AT, "--all", "--format", kind, "--output",
                     found[name], *options)  # fmt: skip
        assert result.code == 0, result.err
    return found


def _jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_finding_in_json_lines(outputs: dict[str, Path]) -> None:
    findings = _jsonl(outputs["jsonl"])
    for finding in findings:
        assert set(COLUMNS) <= finding.keys()
        for name in ("reference", "council", "procedure", "rulebook", "rule", "clause", "kind", "edition", "message"):
            assert isinstance(finding[name], str) and finding[name], name
        assert finding["verdict"] in VERDICTS
        for name in ("start", "due", "done"):
            assert finding[name] is None or dt.date.fromisoformat(finding[name]), name
        for name in ("days_taken", "days_over"):
            assert finding[name] is None or type(finding[name]) is int, name
        for name in ("marks", "missing"):
            assert isinstance(finding[name], list) and all(isinstance(word, str) for word in finding[name])
    assert {finding["reference"] for finding in findings} == {"CLEAN", "LATE", "OPEN"}
    keys = [(finding["reference"], finding["rulebook"], finding["rule"]) for finding in findings]
    assert len(keys) == len(set(keys)), "one finding for each case and rule"
    assert {finding["kind"] for finding in findings} <= {
        "deadline", "aim", "window", "notice", "contents", "extension", "independence", "question",
    }  # fmt: skip


def test_a_message_is_one_plain_sentence_with_the_dates(outputs: dict[str, Path]) -> None:
    late = [f for f in _jsonl(outputs["jsonl"]) if (f["reference"], f["rule"]) == ("LATE", "acknowledge-stage1")]
    assert len(late) == 2
    for finding in late:
        assert finding["verdict"] == "breach"
        for date in ("2026-03-02", "2026-03-09", "2026-03-12"):
            assert date in finding["message"]
        assert "\n" not in finding["message"] and finding["message"].endswith(".")


def test_a_finding_in_csv(outputs: dict[str, Path]) -> None:
    rows = list(csv.DictReader(io.StringIO(outputs["csv"].read_text("utf-8-sig"))))
    findings = _jsonl(outputs["jsonl"])
    assert len(rows) == len(findings)
    for row, finding in zip(rows, findings, strict=True):
        for name in COLUMNS:
            value = finding[name]
            expected = ";".join(value) if isinstance(value, list) else "" if value is None else str(value)
            assert row[name] == expected, name


def test_a_finding_in_xlsx(outputs: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(outputs["xlsx"])
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    findings = _jsonl(outputs["jsonl"])
    assert len(rows) == len(findings) + 1
    for cells, finding in zip(rows[1:], findings, strict=True):
        row = dict(zip(rows[0], cells, strict=True))
        for name in COLUMNS:
            value, expected = row[name], finding[name]
            if name in ("start", "due", "done"):
                assert value is None or isinstance(value, dt.datetime), "a real Excel date"
                value = value and value.date().isoformat()
            elif isinstance(expected, list):
                expected = ";".join(expected) or None
            assert value == expected, name


@pytest.mark.parametrize("name", ["parquet", "messages"])
def test_a_finding_in_parquet(outputs: dict[str, Path], name: str) -> None:
    frame = pl.read_parquet(outputs[name])
    assert ("message" in frame.columns) is (name == "messages")
    assert set(COLUMNS) - {"message"} <= set(frame.columns)
    for column in ("start", "due", "done"):
        assert frame.schema[column] == pl.Date
    for column in ("days_taken", "days_over"):
        assert frame.schema[column].is_integer()
    for column in ("marks", "missing"):
        assert frame.schema[column] == pl.List(pl.String)
    for row, finding in zip(frame.iter_rows(named=True), _jsonl(outputs["jsonl"]), strict=True):
        for column in set(COLUMNS) & set(frame.columns):
            value = row[column]
            assert (value.isoformat() if isinstance(value, dt.date) else value) == finding[column], column


def test_not_applicable_findings_only_on_request(cases: Path) -> None:
    few, everything = (audit(cases, "--council", "coventry", *more, as_at=AS_AT).lines for more in ([], ["--all"]))
    assert [each for each in everything if each["verdict"] != "not_applicable"] == few
    assert len(everything) > len(few)


@pytest.mark.parametrize(("received", "due", "provisional"), [
    ("2028-12-15", "2028-12-22", False),
    ("2028-12-20", "2028-12-29", False),  # 21, 22, 27, 28, 29
    ("2028-12-22", "2029-01-03", True),  # past the bank holidays announced
])  # fmt: skip
def test_a_due_date_past_the_known_calendar_is_marked_provisional(
    tmp_path: Path, received: str, due: str, provisional: bool
) -> None:
    cases = write(tmp_path / "cases.csv", [case(f"received={received}")])
    finding = audit_whole(cases, "--council", "coventry", as_at="2028-12-31").one("acknowledge-stage1")
    assert finding["due"] == due
    assert ("provisional" in finding["marks"]) is provisional


RULES = re.compile(
    r"triage|resolve-informally|(acknowledge|respond|extend)-stage[123]|respond-stage[12]-limit|request-stage[23]"
    r"|start-at-stage2|informal-first|complete-stage1|explain-delay-stage[123]|complete-remedy"
    r"|request-stage2-limit|resubmit-in-time|invite-to-panel|convene-panel|report-panel|complain-in-time"
    r"|notify-department|agree-action-plan|(acknowledgement|extension|response)-stage[123]-contents"
    r"|refusal-contents|refusal-stage2-contents|independence-stage2|consent|acknowledge-withdrawal"
)


def test_rule_names_are_the_contracts_own(tmp_path: Path) -> None:
    records = [case(f"received=2026-03-02 procedure={name}", reference=name)
               for name in ("corporate", "children", "adults", "housing")]  # fmt: skip
    audited = audit_whole(write(tmp_path / "cases.csv", records), "--council", "coventry", "--all")
    rules = {finding["rule"] for finding in audited.findings}
    assert len(rules) > 20
    assert not {rule for rule in rules if not RULES.fullmatch(rule)}


def test_what_a_source_leaves_unclear_is_marked(cases: Path) -> None:
    """2.2 of the Code and 9.2 of the policy name two starting points; 6.2 and 13.6 are clear."""
    for finding in audit(cases, "--council", "coventry", "--all", as_at=AS_AT).lines:
        if finding["rule"] in ("complain-in-time", "acknowledge-stage1"):
            assert ("source_unclear" in finding["marks"]) is (finding["rule"] == "complain-in-time")


# --- exit codes and streams -----------------------------------------------------------------------

# (records, options, exit code)
EXITS: list[tuple[str, list[Record], list[str], int]] = [
    ("nothing wrong", [CLEAN], [], 0),
    ("nothing wrong, strict", [CLEAN], ["--strict"], 0),
    ("a breach", [LATE], [], 0),
    ("a breach, strict", [LATE], ["--strict"], 1),
    ("overdue and not recorded, strict", [OPEN], ["--strict"], 1),
    ("a rejected row", [CLEAN, BAD], [], 0),
    ("a rejected row, strict", [CLEAN, BAD], ["--strict"], 1),
    ("a judgement only, strict", [{**CLEAN, "matter_known": "2024-01-02"}], ["--strict"], 0),
    ("no evidence only, strict", [{**CLEAN, "stage1_response_contains": None}], ["--strict"], 0),
    ("a breach of a case outside the period, strict", [CLEAN, {**LATE, "received": "2026-02-27"}],
     ["--strict", "--from", "2026-03-01"], 0),
    ("a breach after the audit date, strict", [CLEAN, {**OPEN, "received": "2026-03-25",
      "triaged": "2026-03-26"}], ["--strict"], 0),
    ("no rows but rejected ones", [BAD], [], 0),
]  # fmt: skip


@pytest.mark.parametrize(("records", "options", "code"), [row[1:] for row in EXITS], ids=[row[0] for row in EXITS])
def test_exit_codes(tmp_path: Path, records: list[Record], options: list[str], code: int) -> None:
    path = write(tmp_path / "cases.jsonl", records)
    assert audit(path, "--council", "coventry", *options, as_at=AS_AT).code == code


COULD_NOT_RUN: list[list[str]] = [
    ["missing.csv"],
    ["CASES", "--council", "barchester"],
    ["CASES", "--as-at", "2026-02-30"],
    ["CASES", "--as-at", "soon"],
    ["CASES", "--from", "2026-02-30"],
    ["CASES", "--to", "soon"],
    ["CASES", "--format", "pdf"],
    ["CASES", "--rhubarb"],
    ["CASES", "--output", "no/such/folder/findings.csv", "--format", "csv"],
    [],
]


@pytest.mark.parametrize("arguments", COULD_NOT_RUN, ids=" ".join)
def test_exit_code_2_where_it_could_not_run(cases: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.chdir(cases.parent)
    result = run("audit", *(str(cases) if word == "CASES" else word for word in arguments))
    assert (result.code, result.out) == (2, "")
    assert result.err.strip() and "Traceback" not in result.err


@pytest.mark.parametrize("arguments", [
    ["explain", "CASES", "NOBODY", "--council", "coventry"],
    ["explain", "missing.csv", "LATE", "--council", "coventry"],
    ["due", "--council", "barchester", "--received", "2026-12-18"],
    ["due", "--council", "coventry", "--procedure", "planning", "--received", "2026-12-18"],
    ["due", "--council", "coventry", "--received", "2026-02-30"],
    ["rhubarb"],
], ids=" ".join)  # fmt: skip
def test_other_commands_that_could_not_run(cases: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.chdir(cases.parent)
    result = run(*(str(cases) if word == "CASES" else word for word in arguments))
    assert (result.code, result.out) == (2, "")
    assert result.err.strip() and "Traceback" not in result.err


def test_json_lines_on_standard_output_are_findings_alone(cases: Path) -> None:
    done = command("audit", cases, "--council", "coventry", "--as-at", AS_AT, "--format", "jsonl", "--output", "-")
    assert done.returncode == 0
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    assert findings and all(set(COLUMNS) <= finding.keys() for finding in findings)
    assert done.stdout.endswith("\n")
    # The reconciliation and the rejected row go to standard error.
    assert re.search(r"4 rows read = 3 audited \+ 1 rejected \+ 0 .* \+ 0 ", done.stderr)
    assert "BAD" in done.stderr and "2026-02-30" in done.stderr


@pytest.mark.parametrize("output", [None, "findings.jsonl"])
def test_with_json_lines_asked_for_standard_output_never_holds_the_summary(cases: Path, output: str | None) -> None:
    path = cases.parent / str(output)
    result = run("audit", cases, "--council", "coventry", "--as-at", AS_AT, "--format", "jsonl",
                 *(["--output", path] if output else []))  # fmt: skip
    assert result.code == 0
    assert (len(result.lines) > 0) is (output is None)
    assert len(result.lines or _jsonl(path)) > 0
    assert re.search(r"4 rows read = 3 audited", result.err)


def test_a_process_exits_with_1_and_2(cases: Path, tmp_path: Path) -> None:
    strict = command(
        "audit", cases, "--council", "coventry", "--as-at", AS_AT, "--strict", "--format", "jsonl", "--output", "-"
    )
    assert strict.returncode == 1 and strict.stdout
    (tmp_path / "cases.parquet").write_text("rhubarb")
    broken = command("audit", tmp_path / "cases.parquet", "--council", "coventry")
    assert (broken.returncode, broken.stdout) == (2, "")
    assert len(broken.stderr.strip().splitlines()) == 1 and "Traceback" not in broken.stderr


def test_findings_with_letters_beyond_ascii_survive_any_locale(tmp_path: Path) -> None:
    cases = write(tmp_path / "cases.csv", [case("reference=Café-№1 received=2026-03-02")])
    done = command("audit", cases, "--council", "coventry", "--as-at", AS_AT, "--format", "jsonl", "--output", "-",
                   PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {json.loads(line)["reference"] for line in done.stdout.splitlines()} == {"Café-№1"}


FULL_DISK = [Path("/dev/full")] if Path("/dev/full").exists() else []


@pytest.mark.parametrize("disk", FULL_DISK, ids=str)
@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_findings_that_cannot_be_written_are_not_a_success(cases: Path, disk: Path, kind: str) -> None:
    """Exit code 1 says that it ran and found a breach, 0 that it ran: here it could not."""
    arguments = ["audit", cases, "--council", "coventry", "--as-at", AS_AT, "--format", kind, "--output"]
    with disk.open("w") as full:
        done = subprocess.run(
            [*COMMAND, *map(str, arguments), "-"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert run(*arguments, disk).code == 2


def test_a_reader_that_stops_early_brings_no_traceback(cases: Path) -> None:
    """As in ``putright audit … | head``; 1 would say that there was a breach."""
    with subprocess.Popen(
        [*COMMAND, "audit", str(cases), "--as-at", AS_AT, "--format", "jsonl", "--output", "-"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert "Traceback" not in said
    assert process.returncode != 1


# --- options --------------------------------------------------------------------------------------


def test_today_is_london_s_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """An audit at half past midnight in summer is of that day, on a server that keeps the time of Greenwich too."""

    class HalfPastMidnight(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC).astimezone(tz)

    monkeypatch.setattr(workingdays.dt, "datetime", HalfPastMidnight)
    assert calendars.today() == dt.date(2026, 7, 2)


def test_as_at_defaults_to_today(tmp_path: Path) -> None:
    today = calendars.today()
    records = [case(f"reference=TODAY received={today}"), case(f"reference=LATER received={today + dt.timedelta(40)}")]
    path = write(tmp_path / "cases.csv", records)
    result = run("audit", path, "--council", "coventry", "--format", "jsonl", "--output", "-")
    assert {finding["reference"] for finding in result.lines} == {"TODAY"}
    assert re.search(r"1 received after the audit date", result.err)


def test_without_format_and_output_the_terminal_shows_the_summary(cases: Path) -> None:
    result = run("audit", cases, "--council", "coventry", "--as-at", AS_AT)
    assert result.code == 0
    assert re.search(r"4 rows read = 3 audited \+ 1 rejected", result.out)
    for word in ("coventry.corporate", "lgsco", "met", "late", "BAD"):
        assert word in result.out


def test_the_summary_as_json(cases: Path, tmp_path: Path) -> None:
    """The reconciliation, and for each rule its counts by verdict and by mark."""
    audited = audit_whole(cases, "--council", "coventry", as_at=AS_AT)
    assert audited.counts == {
        "rows_read": 4, "audited": 3, "rejected": 1, "received_after_audit_date": 0, "outside_period": 0,
    }  # fmt: skip
    for rule in audited.summary["rules"]:
        mine = [f for f in audited.findings if (f["rulebook"], f["rule"]) == (rule["rulebook"], rule["rule"])]
        verdicts = [finding["verdict"] for finding in mine]
        assert {name: count for name, count in rule["verdicts"].items() if count} == {
            verdict: verdicts.count(verdict) for verdict in verdicts
        }
        marked = [(mark, finding["verdict"]) for finding in mine for mark in finding["marks"]]
        assert {
            (mark, verdict): count for mark, by in rule["marks"].items() for verdict, count in by.items() if count
        } == {pair: marked.count(pair) for pair in marked}
    counted = {(rule["rulebook"], rule["rule"]) for rule in audited.summary["rules"]}
    assert counted >= {(finding["rulebook"], finding["rule"]) for finding in audited.findings}
    (ack,) = [
        r
        for r in audited.summary["rules"]
        if (r["rulebook"], r["rule"]) == ("coventry.corporate", "acknowledge-stage1")
    ]
    assert ack["verdicts"] == {"met": 1, "breach": 2}
    assert ack["marks"] == {"not_recorded": {"breach": 1}}  # counted apart from the late one


def test_rejected_rows_as_json_lines(cases: Path, tmp_path: Path) -> None:
    path = tmp_path / "rejected.jsonl"
    result = audit(cases, "--council", "coventry", "--rejected", path, as_at=AS_AT)
    assert result.code == 0
    (row,) = _jsonl(path)
    assert {"row", "reference", "field", "value", "message"} <= row.keys()
    assert (row["reference"], row["field"], row["value"]) == ("BAD", "received", "2026-02-30")
    assert isinstance(row["row"], int)


@pytest.mark.parametrize("kind", ["jsonl", "csv", "xlsx", "parquet"])
def test_an_audit_without_findings_has_all_columns(tmp_path: Path, kind: str) -> None:
    cases, output = write(tmp_path / "cases.csv", [BAD]), tmp_path / f"out.{kind}"
    assert (
        run("audit", cases, "--council", "coventry", "--as-at", AS_AT, "--format", kind, "--output", output).code == 0
    )
    match kind:
        case "jsonl":
            assert output.read_text("utf-8").strip() == ""
        case "csv":
            assert set(COLUMNS) <= set(output.read_text("utf-8-sig").strip().split(","))
        case "xlsx":
            assert set(COLUMNS) <= {cell.value for cell in openpyxl.load_workbook(output).worksheets[0][1]}
        case "parquet":
            frame = pl.read_parquet(output)
            assert frame.height == 0 and set(COLUMNS) - {"message"} <= set(frame.columns)


def test_the_same_audit_gives_the_same_bytes(cases: Path) -> None:
    first, second = (audit(cases, "--council", "coventry", as_at=AS_AT).out for _ in range(2))
    assert first == second


def test_one_case_is_judged_as_among_many(tmp_path: Path) -> None:
    """Each case alone has the findings that it has among all the others."""
    records = [
        {**record, "reference": f"{record['reference']}{n}"} for n in range(100) for record in (CLEAN, LATE, OPEN)
    ]
    many = audit_whole(write(tmp_path / "many.csv", records), "--council", "coventry", as_at=AS_AT)
    alone = audit_whole(write(tmp_path / "alone.csv", [LATE]), "--council", "coventry", as_at=AS_AT)
    for n in (0, 57, 99):
        mine = [{**finding, "reference": "LATE"} for finding in many.findings if finding["reference"] == f"LATE{n}"]
        assert mine == alone.findings


# --- explain and due ------------------------------------------------------------------------------


def test_explain_shows_the_rules_days_and_verdicts_of_one_case(cases: Path) -> None:
    done = command("explain", cases, "LATE", "--council", "coventry", "--as-at", AS_AT)
    assert (done.returncode, done.stderr) == (0, "")
    assert "LATE" in done.stdout and "CLEAN" not in done.stdout
    for text in ("coventry.corporate", "lgsco", "13.6", "6.2", "acknowledge-stage1", "respond-stage1"):
        assert text in done.stdout
    assert re.search(r"2026-03-09", done.stdout) and re.search(r"breach", done.stdout, re.IGNORECASE)
    assert re.search(r"Sat\s+7\s+Mar:\s+weekend", done.stdout)


def test_explain_says_why_a_rejected_case_was_not_audited(cases: Path) -> None:
    result = run("explain", cases, "BAD", "--council", "coventry", "--as-at", AS_AT)
    assert "Traceback" not in result.said
    assert "2026-02-30" in result.said


def test_due_gives_the_dates_that_follow(cases: Path) -> None:
    """The example of contract 4.1: Fri 18 December 2026, with two bank holidays before day 5."""
    done = command("due", "--council", "coventry", "--procedure", "corporate", "--received", "2026-12-18")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2026-12-29" in done.stdout and "13.6" in done.stdout
    assert "Christmas Day" in done.stdout and "Boxing Day" in done.stdout


def test_due_agrees_with_the_audit(tmp_path: Path) -> None:
    cases = write(tmp_path / "cases.csv", [case("received=2026-12-18")])
    audited = audit_whole(cases, "--council", "coventry", as_at="2026-12-18")
    said = run("due", "--council", "coventry", "--procedure", "corporate", "--received", "2026-12-18").out
    for finding in audited.findings:
        if finding["verdict"] == "running":
            assert finding["due"] in said, finding["rule"]
