"""Comparing limits: what is called never later is never later in any sequence of dates, and examples are true.

The sequences are run through one by one, with the calendar's counting of single dates; the examples
are put to the engine as cases.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from casemaking import as_records
from putright import plugins
from putright.auditing.audits import audit
from putright.calendars import Begins, Calendar, add_months
from putright.hookspecs import hookimpl
from putright.policy.allowances import NEVER_LATER, Allowance, Comparison, Relation, comes_before, compare, run_to
from putright.rulebooks import Rulebook
from putright.rulebooks.limits import Limit, StartDay, Unit, parse_limit
from putright.rulebooks.reading import read_rulebook

BOOK = """\
rulebook: {name}
title: Made up
authority: Testshire
edition: first
in_force: {{from: 2024-01-01}}
source: {{document: Made up for tests}}
governed_by: [lgsco]
owner: Tests
clauses:
  - id: "1"
    heading: Times
    text: Times.
    rules:
      - {{rule: respond-stage1, kind: deadline, from: {start}, to: stage1_responded, within: {within}}}
{more}
"""
ACKNOWLEDGE = (
    "      - {{rule: acknowledge-stage1, kind: {kind}, from: {start}, to: stage1_acknowledged, within: {within}}}"
)
TRIAGE = "      - {rule: triage, kind: deadline, from: received, to: triaged, within: 2 working days}"
#: Christmas and New Year, and Easter, lie within.
RECEIVED = [dt.date(2026, 12, 1) + dt.timedelta(days) for days in range(140)]
CALENDAR = Calendar()


def write(folder: Path, name: str, start: str, within: str, *more: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(BOOK.format(name=name, start=start, within=within, more="\n".join(more)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("books")


def acknowledging(within: str | None, kind: str = "deadline", start: str = "received") -> list[str]:
    return [ACKNOWLEDGE.format(kind=kind, start=start, within=within)] if within else []


# --- every sequence of dates ----------------------------------------------------------------------

STARTS = ("received", "stage1_acknowledged")
OURS = ["9 working days", "10 working days", "12 working days", "13 working days", "15 working days", "16 working days",
        "1 month", "1 month inclusive", "2 months"]  # fmt: skip
THEIRS = ["10 working days", "13 working days", "15 working days", "1 month", "1 month inclusive"]
ACKNOWLEDGED = [None, "1 working day", "3 working days", "5 working days"]


@cache
def end(start: dt.date, limit: Limit) -> dt.date:
    if limit.unit is Unit.WORKING_DAYS:
        return CALENDAR.add(start, limit.count)
    return add_months(start, limit.count, inclusive=limit.unit is Unit.MONTHS_INCLUSIVE)


def sequences(acknowledge: str | None) -> Iterator[dict[str, dt.date]]:
    """Every received day with every acknowledgement that the book lets follow (20 days where it sets no limit)."""
    for received in RECEIVED:
        last = end(received, parse_limit(acknowledge)) if acknowledge else received + dt.timedelta(20)
        for days in range((last - received).days + 1):
            yield {"received": received, "stage1_acknowledged": received + dt.timedelta(days)}


@pytest.mark.parametrize("acknowledge", ACKNOWLEDGED)
def test_never_later_means_in_no_sequence_of_dates(folder: Path, acknowledge: str | None) -> None:
    book = read_rulebook(
        write(folder, "testshire.corporate", "received", "9 working days", *acknowledging(acknowledge))
    )
    runs = list(sequences(acknowledge))
    seen = set()

    @cache
    def ends(start: str, limit: Limit) -> list[int]:
        """The day on which the limit ends in each of the sequences, by its number."""
        return [end(run[start], limit).toordinal() for run in runs]

    for start, within, other_start, other_within in product(STARTS, OURS, STARTS, THEIRS):
        one, other = Allowance(start, parse_limit(within)), Allowance(other_start, parse_limit(other_within))
        gaps = list(map(operator.sub, ends(start, one.limit), ends(other_start, other.limit)))
        relation = compare(one, other, book).relation
        seen.add(relation)
        told = f"{one} against {other}: {relation}"
        if relation is Relation.MIXED:  # which way depends on the time of the year
            assert one.limit.unit is not other.limit.unit, told
            continue
        assert (relation in NEVER_LATER) == (max(gaps) <= 0), told
        assert (relation is Relation.SAME) == (set(gaps) == {0}), told
        if relation is Relation.WITHIN:
            assert max(gaps) == 0, told
        if relation is Relation.SOONER:
            assert min(gaps) < 0, told
    # What a later start comes to depends on whether the book limits it.
    assert seen == set(Relation) - {Relation.UNORDERED, Relation.WITHIN if acknowledge is None else Relation.UNBOUNDED}


@pytest.mark.parametrize(
    ("ours", "theirs", "relation"),
    [
        (("received", "15 working days"), ("stage1_acknowledged", "10 working days"), Relation.LATER),
        (("received", "10 working days"), ("stage1_acknowledged", "10 working days"), Relation.SOONER),
        (("stage1_acknowledged", "10 working days"), ("received", "15 working days"), Relation.WITHIN),
        (("stage1_acknowledged", "10 working days"), ("received", "14 working days"), Relation.LATER),
        (("received", "6 months"), ("received", "6 months inclusive"), Relation.LATER),
        (("received", "6 months inclusive"), ("received", "6 months"), Relation.SOONER),
        (("received", "1 month"), ("received", "20 working days"), Relation.MIXED),
        # No month has more than 23 working days, and none fewer than 17 from one date to the next.
        (("received", "1 month"), ("received", "23 working days"), Relation.SOONER),
        (("received", "1 month"), ("received", "16 working days"), Relation.LATER),
        (("matter_known", "12 months"), ("matter_occurred", "12 months"), Relation.UNBOUNDED),
        (("matter_occurred", "12 months"), ("matter_known", "12 months"), Relation.SOONER),
        (("informal_referred", "5 working days"), ("triaged", "5 working days"), Relation.UNORDERED),
    ],
)
def test_limits_by_hand(folder: Path, ours: tuple[str, str], theirs: tuple[str, str], relation: Relation) -> None:
    book = read_rulebook(
        write(folder, "testshire.corporate", "received", "9 working days", *acknowledging("5 working days"))
    )
    one, other = (Allowance(start, parse_limit(within)) for start, within in (ours, theirs))
    assert compare(one, other, book).relation is relation


# --- examples, put to the engine ------------------------------------------------------------------


class Books:
    """A plugin that gives one rulebook."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @hookimpl
    def putright_rulebooks(self) -> list[Path]:
        return [self.path]


@pytest.mark.parametrize("acknowledge", [None, "3 working days"])
@pytest.mark.parametrize(("start", "within"), list(product(STARTS, ["12 working days", "16 working days", "2 months"])))
@pytest.mark.parametrize("other", STARTS)
def test_an_example_is_what_the_engine_counts(
    folder: Path, start: str, within: str, other: str, acknowledge: str | None
) -> None:
    own = write(folder, "testshire.corporate", start, within, *acknowledging(acknowledge))
    code = write(folder, "lgsco", other, "10 working days")
    book = read_rulebook(own)
    found = compare(Allowance(start, parse_limit(within)), Allowance(other, parse_limit("10 working days")), book)
    assert found.relation not in NEVER_LATER and found.example
    events = dict(found.example.events)
    if acknowledge and start == "stage1_acknowledged" != other:
        assert events[start] <= end(events[other], parse_limit(acknowledge))
    received = events.get("received", min(events.values()))
    case = {"received": received, "matter_occurred": received} | events
    made = plugins.build([("national", Books(code), "0"), ("testshire", Books(own), "0")])
    judged = audit(as_records([case], made.councils, "testshire"), made, dt.date(2027, 1, 1)).findings
    due = {row["rulebook"]: row["due"] for row in judged.iter_rows(named=True) if row["rule"] == "respond-stage1"}
    assert due == {"testshire.corporate": found.example.one, "lgsco": found.example.other}
    assert found.example.one > found.example.other


# --- what bounds an event -------------------------------------------------------------------------


def test_limits_run_end_to_end(folder: Path) -> None:
    chain = [TRIAGE, *acknowledging("3 working days", start="triaged")]
    book = read_rulebook(write(folder, "testshire.corporate", "stage1_acknowledged", "10 working days", *chain))
    assert run_to("stage1_acknowledged", "received", book) == (
        parse_limit("2 working days"),
        parse_limit("3 working days"),
    )
    one = Allowance("stage1_acknowledged", parse_limit("10 working days"))
    for days, relation in ((14, Relation.LATER), (15, Relation.WITHIN), (16, Relation.SOONER)):
        assert compare(one, Allowance("received", parse_limit(f"{days} working days")), book).relation is relation


@pytest.mark.parametrize("acknowledge", [[], acknowledging("3 working days", kind="aim")])
def test_an_intention_bounds_nothing(folder: Path, acknowledge: list[str]) -> None:
    book = read_rulebook(write(folder, "testshire.corporate", "stage1_acknowledged", "1 working day", *acknowledge))
    found = compare(
        Allowance("stage1_acknowledged", parse_limit("1 working day")),
        Allowance("received", parse_limit("60 working days")),
        book,
    )
    assert found.relation is Relation.UNBOUNDED
    assert found.example and found.example.one > found.example.other


def test_a_limit_that_runs_from_before_bounds_too(folder: Path) -> None:
    book: Rulebook = read_rulebook(
        write(folder, "testshire.corporate", "stage1_acknowledged", "5 working days", *acknowledging("5 working days"))
    )
    found: Comparison = compare(
        Allowance("stage1_acknowledged", parse_limit("5 working days")),
        Allowance("triaged", parse_limit("10 working days")),
        book,
    )
    # Five days from receipt are never more than five days from triage.
    assert found.relation is Relation.WITHIN


def test_events_come_in_the_order_of_a_case() -> None:
    order = ["matter_occurred", "matter_known", "received", "triaged", "stage1_acknowledged", "stage1_responded",
             "stage2_requested", "stage2_acknowledged", "stage2_statement_agreed", "stage2_responded",
             "stage3_requested", "stage3_panel_met", "stage3_panel_reported", "stage3_responded"]  # fmt: skip
    for place, event in enumerate(order):
        for other_place, other in enumerate(order):
            assert comes_before(event, other) == (place < other_place), (event, other)


#: Our first day, theirs, our limit, theirs, how ours lies to theirs; "either" counts as the other does.
FIRST_DAYS: list[tuple[StartDay, StartDay, str, str, Relation]] = [
    (0, 0, "5 working days", "5 working days", Relation.SAME),
    (1, 0, "5 working days", "5 working days", Relation.SOONER),
    (0, 1, "5 working days", "5 working days", Relation.LATER),
    (1, 0, "6 working days", "5 working days", Relation.SAME),
    (1, 1, "5 working days", "5 working days", Relation.SAME),
    (0, 1, "28 calendar days", "28 calendar days", Relation.LATER),
    (1, 0, "29 calendar days", "4 weeks", Relation.SAME),
    ("either", 1, "5 working days", "5 working days", Relation.SAME),
    (0, "either", "5 working days", "5 working days", Relation.SAME),
    ("either", "either", "5 working days", "5 working days", Relation.SAME),
    (1, 0, "6 months", "6 months", Relation.SAME),
]


@pytest.mark.parametrize(("ours", "theirs", "own", "asked", "relation"), FIRST_DAYS)
def test_whether_the_first_day_is_day_1_is_compared(
    ours: StartDay, theirs: StartDay, own: str, asked: str, relation: Relation, folder: Path
) -> None:
    book = read_rulebook(write(folder, "firstshire.corporate", "received", own))
    one, other = Allowance("received", parse_limit(own), ours), Allowance("received", parse_limit(asked), theirs)
    found = compare(one, other, book)
    assert found.relation is relation
    if found.example:
        days = {1: Begins.DAY_ONE, 0: Begins.NEXT_WORKING_DAY, "either": None}
        start = found.example.events[0][1]
        assert found.example.one == parse_limit(own).end(CALENDAR, start, days[ours])
        assert found.example.other == parse_limit(asked).end(CALENDAR, start, days[theirs])
