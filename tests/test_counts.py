"""Counts by hand: small sets of cases through the real audit, every table compared with what a person counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from casefiles import case
from casemaking import as_records
from hypothesis import given
from hypothesis import strategies as st
from putright import plugins
from putright.auditing.audits import Audit, Period, audit
from putright.auditing.summary import Tally
from putright.documents.paper import Share, Table
from putright.fields import RULES
from putright.statistics import division_tables, tables
from putright.statistics.combinations import Combinations
from putright.statistics.tables import Counts, PeriodBy

HOST = plugins.load(["coventry"])
AS_AT = dt.date(2026, 6, 30)


def audited(cases: list[dict[str, Any]], as_at: dt.date = AS_AT, period: Period | None = None) -> Audit:
    """The cases, numbered, through the real audit."""
    rows = [{"received": "2026-04-01", **each, "reference": f"R{number}"} for number, each in enumerate(cases)]
    records = as_records(rows, HOST.councils, "coventry")
    assert not records.rejected.height, records.rejected
    return audit(records, HOST, as_at, period, messages=False)


def counted(
    cases: list[dict[str, Any]], by: PeriodBy = "received", period: Period | None = None, as_at: dt.date = AS_AT
) -> Counts:
    found = Counts(as_at, by, period)
    found.add(audited(cases, as_at))
    return found


def row(table: Table, *names: str) -> dict[str, Any]:
    """The figures of the one row that begins so."""
    (found,) = [each for each in table.rows if each[: len(names)] == names]
    columns = [column.heading for column in table.columns]
    return dict(list(zip(columns, found, strict=True))[len(names) :])


def rules(found: Counts, id: str) -> Table:
    (table,) = [each for each in tables.rule_tables(found) if each.id == id]
    return table


#: Received on Wednesday 1 April 2026. Good Friday is the 3rd, Easter Monday the 6th: day 5 is 10 April.
IN_TIME = case("stage1_acknowledged=2026-04-10 stage1_responded=2026-04-24", service="Parking")
LATE = case("stage1_acknowledged=2026-04-13 stage1_responded=2026-04-20", service="Parking")
NEVER = case("", service="Libraries")
NOT_ENTERED = case("stage1_responded=2026-04-20", service="Libraries")
NEW = case("received=2026-06-29", service="Parking")
REFUSED = case("refused=2026-04-02 refusal_contains=explanation")

CASES = [IN_TIME, LATE, NEVER, NOT_ENTERED, NEW, REFUSED]


@given(st.lists(st.tuples(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4))), st.integers(0, 1))))
def test_combinations_are_counted_lot_by_lot(lots: list[tuple[list[tuple[int, int]], int]]) -> None:
    counts = Combinations({"stage": [*"012"], "kind": [*"01234"], "lot": [*"01"]})
    for members, lot in lots:
        stages, kinds = (np.array([each[place] for each in members], dtype=np.int64) for place in (0, 1))
        counts.add(lot=lot, kind=kinds, stage=stages)
    found: Counter[tuple[int, ...]] = Counter()
    for *each, many in counts.frame().iter_rows():
        found[tuple(map(int, each))] += many
    assert found == Counter((*member, lot) for members, lot in lots for member in members)


def test_a_rule_is_counted_as_a_person_counts_it() -> None:
    table = rules(counted(CASES), "rules-corporate-lgsco")
    acknowledge = row(table, "Acknowledge stage 1", "6.2")
    assert acknowledge == {
        "Due": 4,
        "Met": 1,
        "Late": 1,
        "Lacking": 0,
        "Not recorded": 1,
        "Not due yet": 1,
        "No evidence": 1,
        "For judgement": 0,
        "Percentage met": Share(1, 4),
    }
    refusal = row(table, "What the refusal holds", "2.4")
    assert (refusal["Due"], refusal["Lacking"], refusal["Percentage met"]) == (1, 1, Share(0, 1))


def test_the_terminal_and_the_table_count_alike() -> None:
    found = audited(CASES)
    tally = Tally(AS_AT)
    tally.add(found, as_records([{"received": dt.date(2026, 4, 1)}]))
    tables = Counts(AS_AT)
    tables.add(found)
    for rule in tally.rules():
        table = rules(tables, f"rules-corporate-{rule['rulebook'].replace('.', '-')}")
        (mine,) = [each for each in table.rows if each[1] == rule["clause"] and _same_rule(each[0], rule)]
        names = [column.heading.lower() for column in table.columns]
        shown = dict(zip(names, mine, strict=True))
        theirs = rule["table"]
        assert shown["met"] == theirs["met"]
        assert shown["late"] + shown["lacking"] == theirs["late"] + theirs["lacking"]
        assert shown["not due yet"] == theirs["running"]
        assert [shown[name] for name in ("not recorded", "no evidence", "for judgement")] == [
            theirs[name] for name in ("not recorded", "no evidence", "for judgement")
        ]


def _same_rule(label: object, rule: dict[str, Any]) -> bool:
    return str(label).lower().startswith(RULES[rule["rule"]].lower())


def test_by_service_stage_and_month() -> None:
    found = counted(CASES)
    services = division_tables.service_table(found)
    parking = row(services, "Parking", "corporate")
    assert parking["Complaints"] == 3
    assert parking["Stage 1 acknowledged in time"] == Share(1, 2)
    assert row(services, "Other, or not recorded", "corporate")["Complaints"] == 1, "the refused one names no service"
    assert row(services, "All", "corporate")["Complaints"] == row(services, "All", "all procedures")["Complaints"] == 6
    stage = row(
        tables.stage_table(found),
        "Stage 1",
        "corporate",
        "Complaint Handling Code (Local Government and Social Care Ombudsman)",
    )
    # acknowledgements: met, late, not recorded, no evidence; answers: met, met, not recorded, and no evidence, since
    # 20 April is late counted from the first day the acknowledgement can have been sent and in time from the last
    assert (stage["Due"], stage["Met"], stage["Late"]) == (8, 3, 1)
    assert (stage["Not recorded"], stage["No evidence"]) == (2, 2)
    months = tables.month_table(found)
    assert row(months, "April 2026", "corporate")["Complaints"] == 5
    assert row(months, "June 2026", "corporate") == {
        "Complaints": 1,
        "Stage 1 acknowledged in time": None,
        "Stage 1 answered in time": None,
        "Stage 2 acknowledged in time": None,
        "Stage 2 answered in time": None,
    }


def test_what_cannot_be_shown_lowers_the_percentage_and_what_is_not_due_does_not() -> None:
    share = row(rules(counted([IN_TIME, NOT_ENTERED, NEW]), "rules-corporate-lgsco"), "Acknowledge stage 1", "6.2")
    assert share["Percentage met"] == Share(1, 2)
    nothing = row(rules(counted([NEW]), "rules-corporate-lgsco"), "Acknowledge stage 1", "6.2")
    assert (nothing["Due"], nothing["Not due yet"], nothing["Percentage met"]) == (0, 1, None)


def test_procedures_stand_apart() -> None:
    cases = [
        IN_TIME,
        case("flags=landlord"),
        case("procedure=housing"),
        case("procedure=children"),
        case("procedure=adults"),
    ]
    found = counted(cases)
    complaints = {r[1]: r[2] for r in division_tables.service_table(found).rows if r[0] == "All"}
    assert complaints == {
        "corporate": 1,
        "housing landlord": 2,
        "children's social care": 1,
        "adult social care": 1,
        "all procedures": 5,
    }
    ids = {table.id for table in tables.rule_tables(found)}
    assert {"rules-housing-landlord-housing", "rules-housing-landlord-coventry-corporate"} <= ids
    assert row(rules(found, "rules-corporate-lgsco"), "Acknowledge stage 1", "6.2")["Due"] == 1


def test_an_extension_notified_late_and_one_handler_for_both_stages() -> None:
    both = case(
        "stage1_acknowledged=2026-04-01 stage1_responded=2026-04-10 stage1_handler=Officer-1 "
        "stage2_requested=2026-04-13 stage2_acknowledged=2026-04-14 stage2_responded=2026-04-20 "
        "stage2_handler=Officer-1"
    )
    extended = case(
        "stage1_acknowledged=2026-04-01 stage1_extension_notified=2026-04-20 stage1_extended_to=2026-04-27 "
        "stage1_responded=2026-04-27"
    )
    table = rules(counted([both, extended]), "rules-corporate-lgsco")
    same = row(table, "Somebody else considers stage 2", "6.13")
    assert (same["Due"], same["Lacking"], same["Late"]) == (1, 1, 0), "nothing is late about it"
    extension = row(table, "Stage 1 extension allowed and notified", "6.4/6.5")
    assert (extension["Due"], extension["Late"]) == (1, 1), "due by 17 April, notified on the 20th"


def test_cases_older_than_the_edition_stand_apart() -> None:
    old = case("received=2024-01-10")  # the Code: February 2024
    table = rules(counted([old, NEVER]), "rules-corporate-lgsco")
    shown = row(table, "Acknowledge stage 1", "6.2")
    assert (shown["Due"], shown["Not recorded"], shown["Before the edition"]) == (1, 1, 1)
    assert shown["Percentage met"] == Share(0, 1)


def test_cases_never_broken_down_by_service() -> None:
    children = [case("procedure=children", service=name) for name in ("Leaving care", "Leaving care", "Fostering")]
    plain = division_tables.service_table(counted(children))
    assert [r[0] for r in plain.rows if r[1] == "children's social care"] == ["Fostering", "Leaving care", "All"]
    marked = case("procedure=children flags=cse", service="Leaving care")
    one = counted([*children, marked])
    table = division_tables.service_table(one)
    assert row(table, "All", "children's social care")["Complaints"] == 4
    assert row(table, "Leaving care", "children's social care")["Complaints"] == 2, "as if it were not there"
    assert row(table, "Other, or not recorded", "children's social care")["Complaints"] == 2, "and not by itself"
    for service in ("Fostering", None):
        other = counted([*children, marked | {"service": service}])
        assert division_tables.service_table(other) == table, "its service makes no difference to anything"


def test_by_due_date_a_step_counts_in_the_month_it_fell_due() -> None:
    late_march = case("received=2026-03-27 stage1_acknowledged=2026-04-02")  # day 5 is Wednesday 8 April
    by_receipt = tables.month_table(counted([late_march]))
    assert row(by_receipt, "March 2026", "corporate")["Stage 1 acknowledged in time"] == Share(1, 1)
    by_due = tables.month_table(counted([late_march], "due"))
    assert row(by_due, "March 2026", "corporate")["Stage 1 acknowledged in time"] is None
    assert row(by_due, "March 2026", "corporate")["Complaints"] == 1, "complaints always by receipt"
    assert row(by_due, "April 2026", "corporate")["Stage 1 acknowledged in time"] == Share(1, 1)
    assert "by due date" in by_due.note and "by the day they were received" in by_receipt.note


def test_the_period_keeps_the_tables_to_itself_day_by_day() -> None:
    cases = [case(f"received=2026-04-{day:02}") for day in (13, 14, 15, 16)]
    found = counted(cases, period=Period(dt.date(2026, 4, 14), dt.date(2026, 4, 15)))
    assert row(division_tables.service_table(found), "All", "corporate")["Complaints"] == 2
    assert row(rules(found, "rules-corporate-lgsco"), "Acknowledge stage 1", "6.2")["Due"] == 2
    assert row(tables.month_table(found), "April 2026", "corporate")["Complaints"] == 2


def test_in_time_locally_and_under_the_code() -> None:
    beyond = case(
        "stage1_acknowledged=2026-04-01 stage1_extension_notified=2026-04-10 stage1_extended_to=2026-05-20 "
        "stage1_extension_contains=reason stage1_responded=2026-05-20"
    )
    (table,) = tables.two_way_tables(counted([IN_TIME, LATE, beyond, NEW]))
    late = row(table, "Respond at stage 1", "not in time")
    assert (late["Cannot be shown"], late["All"]) == (1, 1), (
        "past Coventry's cap; under the Code the reason is for a person"
    )
    assert row(table, "Respond at stage 1", "in time")["In time"] == 2
    assert row(table, "Respond at stage 1", "not due yet")["Not due yet"] == 1
    every = row(table, "Respond at stage 1", "all")
    assert (every["In time"], every["Cannot be shown"], every["Not due yet"], every["All"]) == (2, 1, 1, 4)


def test_the_whole_path_next_to_the_stage() -> None:
    table = tables.path_table(counted([IN_TIME, LATE, NEVER]))
    whole = row(table, "Receipt to stage 1 answer", "corporate")
    # 1 April to 24 April: 15 working days; to 20 April: 11
    assert (whole["Answers"], whole["11 to 15"], whole["Median"]) == (2, 2, 11)
    stage = row(table, "Stage 1 as its rule counts", "corporate")
    # from 10 April to the 24th: 10; from the 13th to the 20th: 5
    assert (stage["Answers"], stage["10 or fewer"], stage["Median"]) == (2, 2, 5)


@pytest.mark.parametrize("by", ["received", "due"])
def test_batches_make_no_difference(by: PeriodBy) -> None:
    cases = [
        *CASES,
        case("procedure=children flags=cse", service="Fostering"),
        case("flags=landlord", service="Repairs"),
    ]
    together, apart = counted(cases, by), Counts(AS_AT, by)
    for number, each in enumerate(cases):
        apart.add(audited([each]))
        assert apart.first is not None, number
    made: list[Callable[[Counts], Any]] = [
        tables.rule_tables,
        tables.stage_table,
        division_tables.service_table,
        tables.month_table,
        tables.two_way_tables,
        tables.path_table,
    ]
    for make in made:
        assert make(apart) == make(together)


def test_ten_times_the_cases_take_no_more_room() -> None:
    few, many = counted(CASES), counted(CASES * 10)
    assert {name: len(cube) for name, cube in few.cubes.items()} == {
        name: len(cube) for name, cube in many.cubes.items()
    }
    assert row(division_tables.service_table(many), "All", "corporate")["Complaints"] == 60


def test_no_cases_no_rows() -> None:
    empty = Counts(AS_AT)
    empty.add(audited([IN_TIME], period=Period(dt.date(2030, 1, 1), None)))
    assert tables.rule_tables(empty) == []
    assert division_tables.service_table(empty).rows == (("All", "all procedures", 0, *[None] * 6),)
