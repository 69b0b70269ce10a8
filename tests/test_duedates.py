"""Due dates that staff can rely on: ranges, second readings, months, editions (contract 4)."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from casefiles import case, council, run, write
from hypothesis import given, settings
from hypothesis import strategies as st
from putright import plugins
from putright.calendars import Calendar
from putright.casework import duedates

HOST = plugins.load()
DAY = dt.date.fromisoformat

HEAD = """
rulebook: barchester.corporate
title: Barchester complaints
authority: Barchester
edition: second
in_force: {from: 2026-01-01, to: 2026-12-31}
source: {document: Made up for tests}
owner: Tests
clauses:
  - id: "1"
    heading: Times
    who: Complaints team
    text: Times.
    rules:
"""
RULE = {"kind": "deadline", "from": "received", "to": "stage1_responded", "rule": "respond-stage1"}


def due(*arguments: str) -> dict[tuple[str, str], dict[str, Any]]:
    result = run("due", *arguments, "--format", "json")
    assert result.code == 0, result.err
    return {(each["rulebook"], each["rule"]): each for each in json.loads(result.out)}


def book(*rules: dict[str, Any], **more: Any) -> str:
    """A rulebook with these rules, and anything else said of it as a whole."""
    head = yaml.safe_load(HEAD.replace("    rules:\n", "    rules: []\n"))
    head["clauses"][0]["rules"] = list(rules)
    return yaml.safe_dump(head | more, sort_keys=False)


# --- a range where a step is still to come --------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (["--received", "2026-12-18"], ("2027-01-06", "2027-01-13", "2026-12-18", "2026-12-29")),
        (["--received", "2026-12-18", "--event", "stage1_acknowledged=2026-12-21"], ("2027-01-07", None, None, None)),
        (["--event", "stage2_requested=2026-12-18"], None),
    ],
)
def test_a_response_has_a_range_until_its_acknowledgement_has_a_date(
    events: list[str], expected: tuple[str | None, ...] | None
) -> None:
    found = due("--council", "coventry", *events)
    for name in ("coventry.corporate", "lgsco"):
        if expected is None:
            assert (name, "respond-stage1") not in found
            ranged = found[name, "respond-stage2"]
            assert ranged["due"] < ranged["latest"]
        else:
            date = found[name, "respond-stage1"]
            assert tuple(date[key] for key in ("due", "latest", "start_from", "start_by")) == expected


@pytest.mark.parametrize(
    ("requested", "expected", "within"),
    [
        ([], "2026-06-03", "2 working days from the stage 2 request, here the receipt"),
        (["2026-06-01"], "2026-06-03", "2 working days from the stage 2 request, here the receipt"),
        (["2026-06-02"], "2026-06-04", "2 working days from the stage 2 request"),
    ],
)
def test_what_goes_straight_to_stage_2_begins_on_receipt_and_has_its_own_time(
    requested: list[str], expected: str, within: str, tmp_path: Path
) -> None:
    at_stage_2 = {"kind": "deadline", "within": "5 working days", "within_if_first": "2 working days"}
    at_stage_2 |= {"rule": "acknowledge-stage2", "from": "stage2_requested", "to": "stage2_acknowledged"}
    given = [f"--event=stage2_requested={day}" for day in requested]
    with council(tmp_path, "barchester", [book({**RULE, "within": "5 working days"}, at_stage_2)]):
        found = due(
            *("--council", "barchester", "--received", "2026-06-01", "--flag", "straight_to_stage2"),
            *given,
        )
        plain = due("--council", "barchester", "--received", "2026-06-01", *given)
    own = {rule: date for (rulebook, rule), date in found.items() if rulebook == "barchester.corporate"}
    assert list(own) == ["acknowledge-stage2"]
    assert (own["acknowledge-stage2"]["due"], own["acknowledge-stage2"]["within"]) == (expected, within)
    assert ("barchester.corporate", "respond-stage1") in plain
    assert (("barchester.corporate", "acknowledge-stage2") in plain) == bool(requested)


def test_the_range_is_in_words_with_the_earlier_date_first() -> None:
    said = run("due", "--council", "coventry", "--received", "2026-12-18").out
    line = next(line for line in said.splitlines() if "respond at stage 1 (coventry" in line)
    assert line.startswith("Wed 2027-01-06 to Wed 2027-01-13")
    squeezed = " ".join(said.split())
    assert "Wed 2027-01-06 if that is on Fri 2026-12-18, Wed 2027-01-13 at the very latest" in squeezed


@settings(deadline=None, max_examples=80)
@given(day=st.dates(dt.date(2025, 3, 1), dt.date(2028, 6, 30)), wait=st.integers(0, 9))
def test_every_acknowledgement_in_time_gives_a_date_in_the_range(day: dt.date, wait: int) -> None:
    """Whatever day it is sent on, up to its own due date, the date is between the two ends."""
    open_dates = _dates({"received": day})
    acknowledged = day + dt.timedelta(wait)
    for key, date in _dates({"received": day, "stage1_acknowledged": acknowledged}).items():
        ranged = open_dates[key]
        if key[1] == "respond-stage1" and ranged.start_by and acknowledged <= ranged.start_by:
            assert ranged.latest is not None
            assert ranged.due <= date.due <= ranged.latest, (key, day, acknowledged)


def _dates(events: dict[str, dt.date]) -> dict[tuple[str, str], duedates.DueDate]:
    return {(each.rulebook, each.rule): each for each in duedates.due_dates(HOST, "coventry", "corporate", events)}


# --- a start on a day off -------------------------------------------------------------------------

#: What a rulebook says of a day off, the start, the due date of 5 working days, the date on the other reading
DAYS_OFF = [
    ("next_working_day", "2026-06-06", "2026-06-15", None),
    ("from_the_day", "2026-06-06", "2026-06-12", None),
    ("either", "2026-06-06", "2026-06-12", "2026-06-15"),
    ("either", "2026-06-05", "2026-06-12", None),
    ("either", "2026-05-25", "2026-06-01", "2026-06-02"),  # a bank holiday
    ("next_working_day", "2026-12-29", "2027-01-08", None),  # a closure day; the 30th is another
    ("either", "2026-12-29", "2027-01-07", "2027-01-08"),
]
CLOSED = {dt.date(2026, 12, 29): "Closed", dt.date(2026, 12, 30): "Closed"}


@pytest.mark.parametrize(("days_off", "start", "expected", "other"), DAYS_OFF)
def test_a_start_on_a_day_off_is_read_as_the_rulebook_says(
    tmp_path: Path, days_off: str, start: str, expected: str, other: str | None
) -> None:
    rules = [{**RULE, "within": "5 working days"}, {**RULE, "rule": "respond-stage1-limit", "within": "6 working days",
             "days_off": "from_the_day"}]  # fmt: skip
    with council(tmp_path, "barchester", [book(*rules, days_off=days_off)], CLOSED):
        date = due("--council", "barchester", "--received", start)["barchester.corporate", "respond-stage1"]
        assert (date["due"], date["other"]) == (expected, other)
        for done, verdict in _verdicts(expected, other):
            cases = write(tmp_path / "cases.csv", [case(f"received={start} stage1_responded={done}")])
            command = ("audit", cases, "--council", "barchester", "--as-at", "2027-03-31", "--format", "jsonl")
            lines = run(*command, "--output", "-").lines
            own = [each for each in lines if each["rulebook"] == "barchester.corporate"]
            (found,) = [each for each in own if each["rule"] == "respond-stage1"]
            assert (found["verdict"], found["due"]) == (verdict, expected), (done, found["message"])
            if verdict == "judgement":
                assert found["marks"] == ["source_unclear"]
                assert "the source does not say which" in found["message"]


def _verdicts(due_date: str, other: str | None) -> list[tuple[dt.date, str]]:
    """What a step comes to: on the due date, on the other reading's, on the working day after both."""
    calendar, last = Calendar(CLOSED), DAY(other or due_date)
    between = [(last, "judgement")] if other else []
    return [(DAY(due_date), "met"), *between, (calendar.add(last, 1), "breach")]


def test_a_rule_can_say_otherwise_than_its_rulebook(tmp_path: Path) -> None:
    rule = {**RULE, "within": "5 working days", "days_off": "from_the_day"}
    with council(tmp_path, "barchester", [book(rule, days_off="next_working_day")]):
        date = due("--council", "barchester", "--received", "2026-06-06")["barchester.corporate", "respond-stage1"]
    assert (date["due"], date["other"]) == ("2026-06-12", None)


# --- limits that are not in working days ----------------------------------------------------------


@pytest.mark.parametrize(
    ("within", "more", "start", "expected", "extended"),
    [
        ("1 month", "1 month", "2026-05-08", "2026-06-08", "2026-07-08"),
        ("1 month", "1 month", "2026-01-31", "2026-02-28", "2026-03-31"),
        ("28 calendar days", "28 calendar days", "2026-05-09", "2026-06-06", "2026-07-04"),
        ("2 weeks", "1 week", "2026-05-09", "2026-05-23", "2026-05-30"),
    ],
)
def test_an_extension_adds_in_its_own_unit(
    tmp_path: Path, within: str, more: str, start: str, expected: str, extended: str
) -> None:
    extension = {"rule": "extend-stage1", "kind": "extension", "extends": "respond-stage1", "by": more, "cap": "hard"}
    with council(tmp_path, "barchester", [book({**RULE, "within": within}, extension)]):
        date = due("--council", "barchester", "--received", start)["barchester.corporate", "respond-stage1"]
    assert (date["due"], date["extended"], date["other"]) == (expected, extended, None)


def test_the_last_day_to_complain_follows_from_knowing_of_the_matter() -> None:
    found = due("--council", "coventry", "--event", "matter_known=2026-01-05")
    assert found["coventry.corporate", "complain-in-time"]["due"] == "2027-01-05"
    assert "becoming aware" in found["lgsco", "complain-in-time"]["within"]
    arose = due("--council", "coventry", "--event", "matter_occurred=2026-01-05")["lgsco", "complain-in-time"]
    assert (arose["due"], "the matter arising" in arose["within"]) == ("2027-01-05", True)


# --- editions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "mark", "said"),
    [
        ("2025-12-31", "before_edition", "2025-12-31 is before the first edition of barchester.corporate"),
        ("2026-01-01", None, ""),
        ("2026-12-31", None, ""),
        ("2027-01-01", "after_edition", "2027-01-01 is after the last day of barchester.corporate, 2026-12-31"),
    ],
)
def test_due_and_audit_choose_the_same_edition_and_say_so(
    tmp_path: Path, received: str, mark: str | None, said: str
) -> None:
    with council(tmp_path, "barchester", [book({**RULE, "within": "5 working days"})]):
        date = due("--council", "barchester", "--received", received)["barchester.corporate", "respond-stage1"]
        assert date["outside"].startswith(said) if said else date["outside"] == ""
        text = run("due", "--council", "barchester", "--received", received).out
        assert (said in text) if said else ("Note:" not in text)
        cases = write(tmp_path / "cases.csv", [case(f"received={received}")])
        lines = run("audit", cases, "--council", "barchester", "--as-at", "2027-03-31", "--format", "jsonl",
                    "--output", "-").lines  # fmt: skip
        (found,) = [each for each in lines if each["rulebook"] == "barchester.corporate"]
    assert (found["edition"], found["due"]) == (date["edition"], date["due"])
    outside = {"before_edition", "after_edition"} & set(found["marks"])
    assert outside == ({mark} if mark else set())


def test_a_procedure_that_ends_marks_what_comes_after(tmp_path: Path) -> None:
    with council(tmp_path, "barchester", [book({**RULE, "within": "5 working days"}, ends=dt.date(2026, 6, 30),
                                               superseded_by="the policy of July 2026")]):  # fmt: skip
        cases = write(tmp_path / "cases.csv", [case("received=2026-07-01")])
        lines = run("audit", cases, "--council", "barchester", "--as-at", "2027-03-31", "--format", "jsonl",
                    "--output", "-").lines  # fmt: skip
    (found,) = [each for each in lines if each["rulebook"] == "barchester.corporate"]
    assert {"after_edition", "source_unclear"} <= set(found["marks"])
    assert "superseded by the policy of July 2026" in found["message"]
