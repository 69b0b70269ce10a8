"""What is due: which steps are listed, in which group, as tables, JSON and a calendar; nothing finished."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import icalendar
import pytest
from casefiles import EVERY_FIELD, audit_whole, case, council, run, write
from putright.casework.opensteps import Deadline
from putright.casework.watchtables import left_or_over

BOOK = (Path(__file__).parent / "books" / "testshire.yaml").read_text("utf-8")
WEDNESDAY = "2026-06-10"


@pytest.fixture(autouse=True)
def testshire(tmp_path: Path) -> Iterator[None]:
    with council(tmp_path, "testshire", [BOOK], closure_days={dt.date(2026, 6, 12): "Fair day"}):
        yield


def stage1(reference: str, acknowledged: str, **more: str) -> dict[str, Any]:
    """A case with nothing left to do but to answer at stage 1."""
    done = dict.fromkeys(("received", "triaged", "stage1_acknowledged", "stage1_department_notified"), acknowledged)
    return case(reference=reference, council="testshire", **(done | more))


def saved(folder: Path, *cases: dict[str, Any]) -> Path:
    """The cases in a file that keeps every field."""
    return write(folder / "cases.jsonl", [{**EVERY_FIELD, **each} for each in cases])


def watched(folder: Path, *cases: dict[str, Any], as_at: str = WEDNESDAY) -> dict[str, Any]:
    path = saved(folder, *cases)
    done = run("watch", path, "--as-at", as_at, "--format", "json")
    assert done.code == 0, done.err
    data: dict[str, Any] = json.loads(done.out)
    counts = data["counts"]
    assert sum(counts.values()) == len(data["due"]) + len(data["held"])
    return data


def answers(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The deadlines of the answer itself: no outer limit, and nothing about the delay."""
    return [each for each in entry["deadlines"] if each["rule"] in ("respond-stage1", "respond-stage2")]


def entries(data: dict[str, Any]) -> list[tuple[str, ...]]:
    """Group, case, step, earliest due date."""
    return [(each["when"], each["reference"], each["step"], each["due"]) for each in data["due"]]


# --- which steps, in which group ------------------------------------------------------------------

#: what the case is, and as at Wednesday 10 June 2026 the group and due date of its stage 1 response; Spring bank
#: holiday was on 25 May, and Testshire closes on 12 June. Ten working days under both rulebooks.
GROUPED = [
    ("acknowledged 19 May", stage1("A", "2026-05-19"), "overdue", "2026-06-03"),
    ("due yesterday", stage1("A", "2026-05-26"), "overdue", "2026-06-09"),
    ("due today", stage1("A", "2026-05-27"), "today", "2026-06-10"),
    ("due tomorrow", stage1("A", "2026-05-28"), "this_week", "2026-06-11"),
    ("due on Friday by the Code", stage1("A", "2026-05-29"), "this_week", "2026-06-12"),
    ("due on Monday", stage1("A", "2026-06-01"), "later", "2026-06-15"),
]


@pytest.mark.parametrize(("record", "group", "due"), [row[1:] for row in GROUPED], ids=[row[0] for row in GROUPED])
def test_the_group_of_a_step(tmp_path: Path, record: dict[str, Any], group: str, due: str) -> None:
    assert entries(watched(tmp_path, record)) == [(group, "A", "stage 1 response", due)]


def test_each_rulebook_has_its_date_and_days(tmp_path: Path) -> None:
    """Testshire's closure day moves its own date, not the Code's; the earliest comes first."""
    (entry,) = watched(tmp_path, stage1("A", "2026-05-29"))["due"]
    shown = [(d["rulebook"], d["due"], d["days_left"], d["days_over"], d["days_in"]) for d in entry["deadlines"]]
    assert shown == [
        ("lgsco", "2026-06-12", 2, None, "working days"),
        ("testshire.corporate", "2026-06-15", 2, None, "working days"),
        ("testshire.corporate", "2026-07-10", 30, None, "days"),
    ]


def test_days_over_are_the_findings_own(tmp_path: Path) -> None:
    cases = [stage1("A", "2026-05-19")]
    (entry,) = watched(tmp_path, *cases)["due"]
    findings = audit_whole(saved(tmp_path, *cases), as_at=WEDNESDAY)
    assert [each["rule"] for each in entry["deadlines"]] == [
        *("respond-stage1", "respond-stage1", "explain-delay-stage1", "explain-delay-stage1", "respond-stage1-limit")
    ]
    for deadline in entry["deadlines"][:-1]:
        finding = findings.one(deadline["rule"], deadline["rulebook"], "A")
        assert deadline["days_over"] == finding["days_over"] == 5
        assert (deadline["due"], deadline["verdict"]) == (finding["due"], finding["verdict"])


#: the audit date, and the last day of 'this week'
WEEKS = [
    ("2026-06-08", "2026-06-14"),
    ("2026-06-12", "2026-06-14"),
    ("2026-06-13", "2026-06-21"),  # a Saturday: the week to come
    ("2026-06-14", "2026-06-21"),
    ("2026-08-31", "2026-09-06"),  # a bank holiday Monday
    ("2026-12-24", "2026-12-27"),
    ("2026-12-25", "2027-01-03"),  # after Boxing Day's substitute the next working day is the 29th
]


@pytest.mark.parametrize(("as_at", "ends"), WEEKS)
def test_the_working_week(tmp_path: Path, as_at: str, ends: str) -> None:
    assert watched(tmp_path, stage1("A", "2026-05-29"), as_at=as_at)["this_week_ends"] == ends


def test_days_left_from_a_weekend(tmp_path: Path) -> None:
    """On Saturday a step due on Monday has one working day left."""
    (entry,) = watched(tmp_path, stage1("A", "2026-06-01"), as_at="2026-06-13")["due"]
    assert [(d["due"], d["days_left"]) for d in answers(entry)] == [("2026-06-15", 1), ("2026-06-16", 2)]


#: a case with an overdue answer, and what makes an end of it
FINISHED = [
    {"stage1_responded": "2026-06-09"},
    {"closed": "2026-06-09"},
    {"closed": "2026-05-26"},
    {"withdrawn": "2026-05-26"},
    {"withdrawn": "2026-06-09"},
    {"refused": "2026-06-09"},
    {"informal_resolved": "2026-06-10"},
    {"received": "2026-06-11", "triaged": "", "stage1_acknowledged": "", "stage1_department_notified": ""},
]


@pytest.mark.parametrize("more", FINISHED)
def test_nothing_of_what_is_finished(tmp_path: Path, more: dict[str, str]) -> None:
    assert entries(watched(tmp_path, stage1("A", "2026-05-19", **more))) == []


@pytest.mark.parametrize(
    "more", [{"closed": "2026-06-11"}, {"withdrawn": "2026-06-11"}, {"stage1_responded": "2026-06-11"}]
)
def test_what_ends_tomorrow_is_open_today(tmp_path: Path, more: dict[str, str]) -> None:
    assert [entry[0] for entry in entries(watched(tmp_path, stage1("A", "2026-05-19", **more)))] == ["overdue"]


def test_stage_2_of_a_case_closed_after_stage_1_is_open(tmp_path: Path) -> None:
    again = {"stage1_responded": "2026-05-20", "closed": "2026-05-20", "stage2_requested": "2026-06-09"}
    found = entries(watched(tmp_path, stage1("A", "2026-05-19", **again)))
    assert [entry[2] for entry in found] == ["stage 2 acknowledgement", "stage 2 response"]


def test_a_later_step_leaves_nothing_to_chase(tmp_path: Path) -> None:
    """Stage 2 is under way: whether stage 1 was answered is a question of evidence, not of what to do next."""
    again = {"stage2_requested": "2026-06-09", "stage2_acknowledged": "2026-06-09"}
    found = entries(watched(tmp_path, stage1("A", "2026-04-20", **again)))
    assert {entry[2] for entry in found} == {"stage 2 response"}


def test_telling_the_person_of_a_delay_is_listed_with_the_answer(tmp_path: Path) -> None:
    """Answering and telling the person are one entry: no second overdue step, and none once the person was told."""
    told = {"stage1_extension_notified": "2026-06-08"}
    alone, after = (watched(tmp_path, stage1("A", "2026-05-19", **more))["due"] for more in ({}, told))
    also = [[d["also"] for d in entry["deadlines"] if d["rulebook"] == "lgsco"] for (entry,) in (alone, after)]
    assert also == [[None, "say at stage 1 that the response will be late"], [None]]
    text = run("watch", saved(tmp_path, stage1("A", "2026-05-19")), "--as-at", WEDNESDAY).out
    assert "1 overdue" in text and "the response will be late too" in " ".join(text.split())


def test_a_missed_aim_is_still_to_be_done(tmp_path: Path) -> None:
    data = watched(tmp_path, case(reference="A", council="testshire", received="2026-06-08"))
    assert entries(data)[0] == ("overdue", "A", "triage", "2026-06-09")
    (aim,) = data["due"][0]["deadlines"]
    assert (aim["kind"], aim["verdict"], aim["days_over"]) == ("aim", "judgement", 1)


def test_an_extension_moves_it(tmp_path: Path) -> None:
    notice = {"stage1_extension_notified": "2026-06-01", "stage1_extended_to": "2026-06-11"}
    assert entries(watched(tmp_path, stage1("A", "2026-05-19", **notice)))[0][3] == "2026-06-11"


#: what a notice of a date beyond both caps held, and what the verdict then is
BEYOND = [("", "no_evidence"), ("reason;ombudsman", "judgement"), ("progress", "breach")]


@pytest.mark.parametrize(("held", "verdict"), BEYOND)
def test_an_answer_promised_beyond_the_cap_is_still_to_come(tmp_path: Path, held: str, verdict: str) -> None:
    more = {
        "stage1_extension_notified": "2026-05-08",
        "stage1_extended_to": "2026-06-30",
        "stage1_extension_contains": held,
    }
    (entry,) = watched(tmp_path, stage1("A", "2026-05-01", **more))["due"]
    assert (entry["when"], entry["step"]) == ("overdue", "stage 1 response")
    assert {d["verdict"] for d in answers(entry)} == {verdict}


STAGE2 = {"stage1_responded": "2026-04-01", "stage2_requested": "2026-05-01", "stage2_acknowledged": "2026-05-01"}
#: an overdue answer of which the record leaves open whether more time saves it: the case, and the step
OPEN_QUESTIONS = [
    (stage1("A", "2026-05-19", stage1_extended_to="2026-06-12"), "stage 1 response"),
    (stage1("A", "2026-03-31", **STAGE2, stage2_extension_notified="2026-05-08"), "stage 2 response"),
]


@pytest.mark.parametrize(("record", "step"), OPEN_QUESTIONS)
def test_what_depends_on_a_notice_is_still_to_be_done(tmp_path: Path, record: dict[str, Any], step: str) -> None:
    (entry,) = watched(tmp_path, record)["due"]
    local = [d for d in answers(entry) if d["rulebook"] == "testshire.corporate"]
    assert (entry["step"], entry["when"], [d["verdict"] for d in local]) == (step, "overdue", ["no_evidence"])


def test_late_from_one_start_only_is_still_to_be_done(tmp_path: Path) -> None:
    """The children's stage 2: late from the request, not yet from the agreed statement."""
    more = {"stage2_requested": "2026-04-20", "stage2_statement_agreed": "2026-05-20"}
    data = watched(tmp_path, case(council="coventry", procedure="children", received="2026-02-02", **more))
    found = [d for each in data["due"] for d in each["deadlines"] if each["step"] == "stage 2 response"]
    assert {(d["rulebook"], d["verdict"]) for d in found} >= {("children-2006", "judgement")}


def test_a_stopped_clock_is_listed_apart(tmp_path: Path) -> None:
    """The Code has no holds, and an outer limit is none of the clock's: they run on while Testshire's clock stops."""
    data = watched(tmp_path, stage1("A", "2026-06-01", stage1_holds="2026-06-05/.."))
    (held,), (due,) = data["held"], data["due"]
    assert [(d["rulebook"], d["due"], d["days_left"]) for d in held["deadlines"]] == [
        ("testshire.corporate", None, None)
    ]
    assert (held["reference"], held["due"]) == ("A", None)
    assert [(d["rulebook"], d["rule"], d["due"]) for d in due["deadlines"]] == [
        ("lgsco", "respond-stage1", "2026-06-15"),
        ("testshire.corporate", "respond-stage1-limit", "2026-07-13"),
    ]


def test_provisional_dates_are_marked(tmp_path: Path) -> None:
    """Bank holidays are announced up to the end of 2028."""
    data = watched(tmp_path, stage1("A", "2028-12-01"), stage1("B", "2028-12-20"), as_at="2028-12-20")
    assert [(each["reference"], each["provisional"]) for each in data["due"]] == [("A", False), ("B", True)]


def test_the_order(tmp_path: Path) -> None:
    cases = [stage1(name, day) for name, day in (("C", "2026-06-01"), ("B", "2026-05-19"), ("A", "2026-06-01"))]
    assert [entry[1] for entry in entries(watched(tmp_path, *cases))] == ["B", "A", "C"]


@pytest.mark.parametrize("as_at", ["2026-01-15", "2026-05-30", "2026-08-03"])
def test_the_list_is_the_audit_s_open_findings(tmp_path: Path, as_at: str) -> None:
    """Held against the findings and the records themselves, case by case, in a synthetic year."""
    path = tmp_path / "cases.jsonl"
    made = run(
        "sample",
        "--council",
        "coventry",
        "--cases",
        "400",
        "--seed",
        "3",
        "--year-ending",
        "2026-09-30",
        "--output",
        path,
    )
    assert made.code == 0, made.err
    records = {each["reference"]: each for each in map(json.loads, path.read_text("utf-8").splitlines())}
    over = {
        reference
        for reference, record in records.items()
        if any((record.get(name) or "9") <= as_at for name in ("closed", "withdrawn", "refused", "informal_resolved"))
    }
    found = audit_whole(path, as_at=as_at).findings
    running = {(f["reference"], f["rulebook"], f["rule"], f["due"]) for f in found if f["verdict"] == "running"}
    missed = {
        (f["reference"], f["rulebook"], f["rule"], f["due"])
        for f in found
        if f["verdict"] == "breach"
        and f["done"] is None
        and "not_recorded" in f["marks"]
        and f["reference"] not in over
    }
    assert running
    assert missed
    done = run("watch", path, "--as-at", as_at, "--format", "json")
    data = json.loads(done.out)
    listed = [
        (each["reference"], d["rulebook"], d["rule"], d["latest"] or d["due"], d["verdict"])
        for each in [*data["due"], *data["held"]]
        for d in each["deadlines"]
    ]
    assert len(listed) == len(set(listed))
    by_verdict = {verdict: {row[:4] for row in listed if row[4] == verdict} for verdict in ("running", "breach")}
    assert by_verdict["running"] == running
    assert by_verdict["breach"] - {row for row in by_verdict["breach"] if row[0] in over} == missed
    for reference in {row[0] for row in listed} & over:  # a stage begun after the ending
        assert any((records[reference].get(f"stage{n}_requested") or "") for n in (2, 3))


# --- what is not on the list ----------------------------------------------------------------------


def test_rejected_rows_are_reported(tmp_path: Path) -> None:
    cases = saved(tmp_path, stage1("A", "2026-05-19"), case(reference="B", received="soon"))
    for form in ("text", "ics"):
        done = run("watch", cases, "--as-at", WEDNESDAY, "--format", form)
        assert done.code == 0, done.err
        assert "1 row could not be read and is not on this list" in (done.out if form == "text" else done.err)


def test_the_text(tmp_path: Path) -> None:
    cases = [stage1("A[b]", "2026-05-19"), stage1("C", "2026-06-01", stage1_holds="2026-06-05/..")]
    done = run("watch", saved(tmp_path, *cases), "--as-at", WEDNESDAY)
    assert done.code == 0, done.err
    assert "1 overdue, 0 today, 0 this week, 1 later, 1 on hold" in done.out
    rows = [line.split() for line in done.out.splitlines()]
    assert [row for row in rows if row[:1] == ["A[b]"] and "stage" in row]
    assert {"working", "calendar", "over", "left"} <= {word for row in rows for word in row}
    assert "On hold: the clock is stopped (1)" in done.out


# --- the calendar ---------------------------------------------------------------------------------


def ics(folder: Path, *cases: dict[str, Any], as_at: str = WEDNESDAY) -> str:
    output = folder / "due.ics"
    path = saved(folder, *cases)
    done = run("watch", path, "--as-at", as_at, "--format", "ics", "--output", output)
    assert done.code == 0, done.err
    assert run("watch", path, "--as-at", as_at, "--format", "ics").out.encode() == output.read_bytes()
    return output.read_bytes().decode("utf-8")


def alarms(event: icalendar.Event) -> list[dt.timedelta]:
    """When its reminders are, from the first moment of its day."""
    found = event.walk("VALARM")
    for alarm in found:  # what RFC 5545, 3.6.6, asks of a reminder that is shown
        assert (alarm["action"], alarm["description"], alarm.errors) == ("DISPLAY", event["summary"], [])
    return [alarm.decoded("trigger") for alarm in found]


def events(text: str) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


#: A reference with all that iCalendar gives a meaning to, and one that needs folding.
AWKWARD = ["A;1,2\\n:\"x'", "é" * 120, "BEGIN:VEVENT"]


def test_the_calendar_is_valid(tmp_path: Path) -> None:
    """RFC 5545: lines end in CRLF and have 75 octets at most; what an entry must have, once."""
    text = ics(tmp_path, *(stage1(name, "2026-05-19") for name in AWKWARD))
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in lines) <= 75
    calendar = icalendar.Calendar.from_ical(text)
    assert (calendar["version"], "putright" in calendar["prodid"]) == ("2.0", True)
    found = events(text)
    assert {
        str(event["summary"]).removeprefix("Overdue: ").removesuffix(": stage 1 response") for event in found
    } == set(AWKWARD)
    assert len({str(event["uid"]) for event in found}) == 3
    for event in found:
        assert event.decoded("dtstart") == dt.date(2026, 6, 10), "what is overdue is for today"
        assert str(event["description"]).startswith("lgsco 6.3: due 2026-06-03")
        assert event.decoded("dtstamp") == dt.datetime(2026, 6, 10, tzinfo=dt.UTC)
        assert not event.errors


def test_a_control_character_does_not_break_it(tmp_path: Path) -> None:
    (event,) = events(ics(tmp_path, stage1("A\u0007\u2028B", "2026-05-19")))
    assert "A\ufffd\ufffdB" in event["summary"]


def test_an_entry_keeps_its_identity_when_its_date_moves(tmp_path: Path) -> None:
    notice = {"stage1_extension_notified": "2026-06-01", "stage1_extended_to": "2026-06-11"}
    (before,), (after,) = (events(ics(tmp_path, stage1("A", "2026-05-19", **more))) for more in ({}, notice))
    assert before["uid"] == after["uid"]
    assert before.decoded("dtstart") != after.decoded("dtstart")


def test_the_calendar_holds_nothing_else_of_a_case(tmp_path: Path) -> None:
    private = {
        "service": "Bereavement",
        "category": "Grief",
        "stage1_handler": "Officer Q",
        "channel": "Pigeon",
        "flags": "cse",
    }
    text = ics(tmp_path, stage1("A", "2026-05-19", **private)).replace("\r\n ", "")
    assert not [value for value in private.values() if value in text]
    assert "CLASS:PRIVATE" in text


def test_provisional_and_held_in_the_calendar(tmp_path: Path) -> None:
    (event,) = events(ics(tmp_path, stage1("B", "2028-12-20"), as_at="2028-12-20"))
    assert event["status"] == "TENTATIVE"
    assert event["summary"].endswith("(provisional)")
    path = saved(tmp_path, stage1("A", "2026-06-01", stage1_holds="2026-06-05/.."))
    done = run("watch", path, "--as-at", WEDNESDAY, "--format", "ics")
    assert "1 step is on hold and has no date" in done.err
    (event,) = events(done.out)
    assert event["description"] == "lgsco 6.3: due 2026-06-15\ntestshire.corporate 2: due 2026-07-13"


#: a case, and when somebody is reminded of its answer as at Wednesday 10 June 2026, in days from its due date at 9:00
REMINDED = [
    ("overdue, so it is for today", stage1("A", "2026-05-19"), [0]),
    ("due today", stage1("A", "2026-05-27"), [0]),
    ("due tomorrow", stage1("A", "2026-05-28"), [-1, 0]),
    (
        "due on Monday, so on Friday too",
        stage1("A", "2026-06-01"),
        [-3, 0],
    ),
]


@pytest.mark.parametrize(("record", "days"), [row[1:] for row in REMINDED], ids=[row[0] for row in REMINDED])
def test_the_reminders_of_a_step(tmp_path: Path, record: dict[str, Any], days: list[int]) -> None:
    (event,) = events(ics(tmp_path, record))
    assert alarms(event) == [dt.timedelta(days=each, hours=9) for each in days]


def test_nothing_in_the_calendar_is_before_the_audit_date(tmp_path: Path) -> None:
    cases = [stage1(f"A{day}", f"2026-{month}-{day}") for month in ("04", "05", "06") for day in ("01", "08")]
    for event in events(ics(tmp_path, *cases)):
        day = event.decoded("dtstart")
        assert day >= dt.date(2026, 6, 10)
        for trigger in alarms(event):
            assert dt.datetime.combine(day, dt.time()) + trigger >= dt.datetime(2026, 6, 10)


def test_an_empty_list_is_a_calendar_too(tmp_path: Path) -> None:
    assert events(ics(tmp_path, stage1("A", "2026-05-19", stage1_responded="2026-06-01"))) == []


def test_the_records_are_never_written_over(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.jsonl", [stage1("A", "2026-05-19")])
    before = path.read_bytes()
    done = run("watch", path, "--format", "ics", "--output", path)
    assert (done.code, path.read_bytes()) == (2, before)
    assert "the file of cases itself" in done.err


# --- by service and team --------------------------------------------------------------------------

SHARED = [
    stage1("A", "2026-05-19", service="Housing", team="Repairs"),
    stage1("B", "2026-05-28", service="housing ", team="Lettings"),
    stage1("C", "2026-06-01", service="Parks"),
    stage1("D", "2026-06-01", stage1_holds="2026-06-05/..", team="Repairs"),
]


@pytest.mark.parametrize(
    ("options", "references"),
    [
        ((), ["A", "B", "C", "D"]),
        (("--service", "HOUSING"), ["A", "B"]),
        (("--service", "Housing", "--service", "parks"), ["A", "B", "C"]),
        (("--team", "repairs"), ["A", "D"]),
        (("--service", "Housing", "--team", "Repairs"), ["A"]),
    ],
)
def test_the_list_of_a_service_or_a_team(tmp_path: Path, options: tuple[str, ...], references: list[str]) -> None:
    path = saved(tmp_path, *SHARED)
    data = json.loads(run("watch", path, "--as-at", WEDNESDAY, "--format", "json", *options).out)
    steps = [*data["due"], *data["held"]]
    assert list(dict.fromkeys(each["reference"] for each in steps)) == references
    assert sum(data["counts"].values()) == len(steps)
    text = run("watch", path, "--as-at", WEDNESDAY, *options).out
    assert sorted(set(re.findall("^([A-D]) ", text, re.MULTILINE))) == references


def test_a_service_that_no_open_case_has(tmp_path: Path) -> None:
    path = saved(tmp_path, *SHARED, stage1("E", "2026-05-19", service="Tax", stage1_responded="2026-06-01"))
    done = run("watch", path, "--as-at", WEDNESDAY, "--service", "Tax")
    assert (done.code, done.out) == (2, "")
    assert "--service Tax: the services of open cases are Housing and Parks" in " ".join(done.err.split())
    none = run("watch", saved(tmp_path, stage1("A", "2026-05-19")), "--as-at", WEDNESDAY, "--team", "X")
    assert "--team X: no open case has a team" in none.err


@pytest.mark.parametrize(
    ("left", "over", "in_days", "text"),
    [
        (None, 5, False, "5 working days over"),
        (None, 1, True, "1 calendar day over"),
        (1, None, False, "1 working day left"),
        (0, None, True, "0 calendar days left"),
        (None, None, False, ""),
    ],
)
def test_the_days_of_a_deadline_in_words(left: int | None, over: int | None, in_days: bool, text: str) -> None:
    days = {"left": left, "over": over, "in_days": in_days, "limit": "10 working days"}
    rest = dict.fromkeys(
        ("rulebook", "edition", "rule", "clause", "kind", "verdict", "start", "due", "latest", "also"), ""
    )
    assert left_or_over(Deadline(**rest, **days, marks=(), doubts=())) == text  # type: ignore[arg-type]


def test_each_number_has_its_unit_and_its_limit(tmp_path: Path) -> None:
    data = watched(tmp_path, stage1("A", "2026-05-29"))
    limits = [(each["limit"], each["days_left"], each["days_in"]) for each in data["due"][0]["deadlines"]]
    assert limits == [
        ("10 working days", 2, "working days"),
        ("10 working days", 2, "working days"),
        ("6 weeks", 30, "days"),
    ]
