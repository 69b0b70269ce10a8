"""What the findings of the officer's report are chosen by."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from putright.committee.casefilters import Filters
from putright.committee.listing import Group, ListedRule, Listing, Row
from putright.documents.paper import Column, Table

#: reference, day received, procedure, flags, service
CASES = [
    ("A", dt.date(2026, 4, 1), "corporate", ";landlord;", "Repairs"),
    ("B", dt.date(2025, 12, 31), "corporate", ";", "Parks "),
    ("C", dt.date(2026, 3, 31), "children", None, None),
]
COLUMNS = ("reference", "received", "procedure", "flags", "service")
VERDICTS = ["breach, late", "breach, late; accepted until 1 May 2026 (Head): x", "met", "no evidence, not recorded"]


def listing(*rules: ListedRule) -> Listing:
    return Listing("Findings", (), (Group("lgsco", "The Code", rules),), ())


def rule(heading: str, *rows: tuple[str, str]) -> ListedRule:
    return ListedRule(heading, "", tuple(Row(case, verdict, (), "", "", "", "") for case, verdict in rows))


RULE = rule("Respond at stage 1", ("A", VERDICTS[0]), ("B", VERDICTS[1]), ("C", VERDICTS[2]), ("B", VERDICTS[3]))
LIMIT = rule("Respond at stage 1, outer limit", ("B", "met"))


@pytest.fixture(name="filters")
def made() -> Filters:
    return Filters(listing(RULE, LIMIT), pl.DataFrame(CASES, schema=list(COLUMNS), orient="row"))


def test_the_choices(filters: Filters) -> None:
    assert filters.choices["verdict"] == ("late", "met", "no evidence")
    assert filters.choices["complaints"] == ("housing landlord", "corporate", "children's social care")
    assert filters.choices["service"] == ("Parks", "Repairs", "not recorded")
    assert filters.choices["quarter"] == ("October to December 2025", "January to March 2026", "April to June 2026")
    assert filters.choices["stage"] == ("stage 1",)
    assert "stage" not in filters.labels, "there is nothing to choose"


#: the table, the step, the column, the figure, and whether it leads anywhere
FIGURES = [
    ("rules-corporate-lgsco", "Respond at stage 1", "Late", 1, True),
    ("rules-corporate-lgsco", "Respond at stage 1 (an aim)", "Late", 1, True),
    ("rules-corporate-lgsco", "Respond at stage 1, outer limit", "Met", 1, True),
    ("rules-housing-landlord-lgsco", "Respond at stage 1", "Late", 1, True),
    ("rules-corporate-lgsco", "Respond at stage 1", "Late", 2, False),  # more than are listed
    ("rules-corporate-lgsco", "Respond at stage 1", "Met", 0, False),
    ("rules-corporate-lgsco", "Respond at stage 1", "Due", 1, False),  # no verdict
    ("rules-corporate-lgsco", "Respond at stage 2", "Late", 1, False),
    ("services", "Respond at stage 1", "Late", 1, False),
]


@pytest.mark.parametrize(("table", "step", "column", "count", "leads"), FIGURES)
def test_a_figure_leads_only_to_the_findings_it_counts(
    filters: Filters, table: str, step: str, column: str, count: int, leads: bool
) -> None:
    row = (step, count)
    found = filters.figure(Table(table, "", (Column("Step"), Column(column)), (row,)), 1, row)
    assert bool(found) is leads
    if found:
        chosen = {name: filters.choices[name][int(place)] for name, place in (e.split("=") for e in found[1].split())}
        assert chosen["verdict"] == column.lower()
        assert step.startswith(chosen["rule"])
        assert found[0].startswith("rule-lgsco-respond-at-stage-1")


def test_without_cases_there_is_still_the_verdict() -> None:
    filters = Filters(listing(RULE), None)
    assert filters.choices["service"] == ("not recorded",)
    assert list(filters.labels) == ["verdict"]
