"""Quarters and financial years by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from putright.statistics.periods import Months, month_name, quarter, quarters_to, year

D = dt.date

DAYS = [
    (D(2026, 4, 1), D(2026, 4, 1), D(2026, 4, 1), "April to June 2026", "2026/27"),
    (D(2026, 3, 31), D(2026, 1, 1), D(2025, 4, 1), "January to March 2026", "2025/26"),
    (D(2024, 2, 29), D(2024, 1, 1), D(2023, 4, 1), "January to March 2024", "2023/24"),
    (D(2026, 12, 31), D(2026, 10, 1), D(2026, 4, 1), "October to December 2026", "2026/27"),
    (D(1999, 7, 5), D(1999, 7, 1), D(1999, 4, 1), "July to September 1999", "1999/00"),
]


@pytest.mark.parametrize(("day", "quarter_begins", "year_begins", "quarter_name", "year_name"), DAYS)
def test_a_day_is_in_its_quarter_and_year(
    day: dt.date, quarter_begins: dt.date, year_begins: dt.date, quarter_name: str, year_name: str
) -> None:
    assert (quarter(day), str(quarter(day))) == (Months(quarter_begins, 3), quarter_name)
    assert (year(day), str(year(day))) == (Months(year_begins, 12), year_name)
    assert day in quarter(day) and day in year(day)


def test_a_year_is_its_four_quarters_and_twelve_months() -> None:
    last = D(2027, 3, 31)
    quarters = quarters_to(last)
    assert [str(each) for each in quarters] == [
        "April to June 2026",
        "July to September 2026",
        "October to December 2026",
        "January to March 2027",
    ]
    assert [name for each in quarters for name in each.names()] == year(last).names()
    assert year(last).names()[0] == "2026-04" and year(last).names()[-1] == "2027-03"
    assert year(last).last == last
    assert quarters_to(D(2026, 4, 2)) == [quarter(D(2026, 4, 2))]


def test_the_period_before_ends_the_day_before() -> None:
    for day in (D(2026, 5, 1), D(2026, 1, 31), D(2024, 3, 1)):
        for period in (quarter(day), year(day)):
            assert period.before().last == period.first - dt.timedelta(days=1)
            assert period.before().count == period.count
            assert period.last not in period.before()


def test_a_month_has_a_name() -> None:
    assert month_name("2026-04") == "April 2026"
    assert str(Months(D(2026, 4, 1), 1)) == "April 2026"
