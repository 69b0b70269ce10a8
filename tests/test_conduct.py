"""What is published however small, what never is, and how tables full of gaps get less detail (docs/publishing.md)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from casefiles import case
from putright.disclosure import publication
from putright.documents.paper import Share, Table, Withheld
from putright.statistics.cubes import Money
from test_counts import counted

AS_AT = dt.date(2026, 9, 30)
DAYS = [dt.date(2026, 4, 1) + dt.timedelta(days=day) for day in range(0, 84, 2)]


def _cases(procedure: str, flags: str = "") -> list[dict[str, Any]]:
    """42 complaints of two services: three acknowledged late, two of them upheld, one refused."""
    found = []
    for number, day in enumerate(DAYS):
        sent = day + dt.timedelta(days=40 if number < 3 else 1)
        steps = {"stage1_acknowledged": sent, "stage1_responded": day + dt.timedelta(days=3)}
        if number == 41:
            steps = {"refused": day + dt.timedelta(days=1)}
        outcome = {"stage1_outcome": "upheld" if number < 2 else "not_upheld"} if number < 41 else {}
        service = "Parking" if number % 2 else "Libraries"
        dates = {name: step.isoformat() for name, step in {"received": day, **steps}.items()}
        found.append(case(procedure=procedure, service=service, flags=flags, **dates, **outcome))
    return found


def _tables(cases: list[dict[str, Any]], withhold: publication.Withhold = "breakdowns") -> dict[str, Table]:
    made = publication.published(counted(cases, as_at=AS_AT), withhold=withhold).tables
    return {table.id: table for table in made}


def _cell(table: Table, heading: str, *words: str) -> Any:
    (row,) = [row for row in table.rows if row[: len(words)] == words]
    return row[[column.heading for column in table.columns].index(heading)]


@pytest.fixture(scope="module")
def corporate() -> dict[str, Table]:
    return _tables(_cases("corporate"))


def test_what_the_council_did_is_shown_however_small(corporate: dict[str, Table]) -> None:
    rules = corporate["rules-corporate-lgsco"]
    assert _cell(rules, "Late", "Acknowledge stage 1") == 3
    assert _cell(corporate["services"], "Stage 1 acknowledged in time", "All", "corporate") == Share(38, 41)
    assert "shown, however small" in rules.note


def test_refusals_outcomes_and_parts_of_the_council_are_not(corporate: dict[str, Table]) -> None:
    for name in ("rules-corporate-lgsco", "rules-corporate-coventry-corporate"):
        rows = [row for row in corporate[name].rows if str(row[0]).startswith("What the refusal")]
        assert rows and all(isinstance(cell, Withheld) for row in rows for cell in row[2:4] if cell != 0)
    outcomes = corporate["outcomes-corporate"]
    assert isinstance(_cell(outcomes, "2026/27 (to 30 September 2026)", "Stage 1 outcome: upheld"), Withheld)
    assert isinstance(_cell(outcomes, "2026/27 (to 30 September 2026)", "Complaints refused"), Withheld)
    late = [row[3] for row in corporate["services"].rows if row[0] in ("Parking", "Libraries")]
    assert late and any(isinstance(cell, Withheld) for cell in late)


@pytest.mark.parametrize(("procedure", "flags", "shown"), [("housing", "", True), ("corporate", "landlord", True),
                                                           ("adults", "", False), ("children", "", False)])  # fmt: skip
def test_which_procedures_it_holds_for(procedure: str, flags: str, shown: bool) -> None:
    found = _tables(_cases(procedure, flags))
    small = [
        cell
        for name, table in found.items()
        if name.startswith("rules-")
        for row in table.rows
        for cell in row
        if isinstance(cell, int) and 0 < cell < 5
    ]
    assert bool(small) == shown


def test_a_council_may_withhold_small_numbers_everywhere() -> None:
    rules = _tables(_cases("corporate"), "everywhere")["rules-corporate-lgsco"]
    assert isinstance(_cell(rules, "Late", "Acknowledge stage 1"), Withheld)
    assert "however small" not in rules.note


def test_outcomes_too_few_by_quarter_are_shown_by_year() -> None:
    outcomes = ("upheld", "partly_upheld", "not_upheld", "no_finding", "resolved")
    spread = [
        case(received=str(day), stage1_responded=str(day + dt.timedelta(days=7)), stage1_outcome=outcomes[number % 5])
        for number in range(30)
        for day in [dt.date(2026, 1, 1) + dt.timedelta(days=8 * number)]
    ]
    found = _tables(spread)
    headings = [column.heading for column in found["outcomes-corporate"].columns if column.figures]
    assert headings == ["2026/27 (to 30 September 2026)", "2025/26"]
    assert "Quarters are left out" in found["outcomes-corporate"].note
    assert len([column for column in found["measures-corporate"].columns if column.figures]) == 5


def test_the_months_of_few_complaints_become_quarters() -> None:
    adults = _tables([*_cases("corporate"), *_cases("adults")[:20:2]])["months"]
    names = [row[0] for row in adults.rows if row[1] == "adult social care"]
    assert "April 2026" not in names and names[-1] == "All"
    assert "April 2026" in [row[0] for row in adults.rows if row[1] == "corporate"]
    assert "adult social care" in adults.note


def test_a_sum_that_is_mostly_one_payment_is_withheld() -> None:
    def paid(*amounts: int) -> Any:
        paid = [
            {**each, "remedy_completed": "2026-05-01", "remedy_amount": str(amount)}
            for each, amount in zip(_cases("corporate"), amounts, strict=False)
        ]
        found = counted([*paid, *_cases("corporate")[len(paid) :]], as_at=AS_AT)
        (table,) = [each for each in publication.published(found).tables if each.id == "outcomes-corporate"]
        amounts_of = found.cubes["amounts"].figure(group=["corporate"])
        assert Money(amounts_of, "pence", "sum").total(found.cubes) == 100 * sum(amounts)
        return _cell(table, "2026/27 (to 30 September 2026)", "Remedies paid: sum")

    assert paid(100, 100, 150, 200, 250, 50) == "£850"
    assert isinstance(paid(100, 100, 100, 100, 100, 5000), Withheld)
    assert isinstance(paid(100, 100), Withheld)
