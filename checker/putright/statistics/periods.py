"""Quarters and financial years (April to March), for reporting figures.

A period consists of whole months, each named ``2026-04``. A month that the period audited or the audit date falls in
is cut in two, so that no figure counts part of a month as the whole.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import cache

_NAMES = tuple(calendar.month_name[1:])
_YEAR_BEGINS = 4


@dataclass(frozen=True, order=True)
class Months:
    """A number of months from the first day of one."""

    first: dt.date
    count: int

    @property
    def last(self) -> dt.date:
        """The last day."""
        return _on(self.first, self.count) - dt.timedelta(days=1)

    def before(self) -> Months:
        """The period of the same length that ends as this one begins."""
        return Months(_on(self.first, -self.count), self.count)

    def names(self) -> list[str]:
        """The months as figures name them, ``2026-04``."""
        return [*_names(self.first, self.count)]

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        if self.count == 12 and self.first.month == _YEAR_BEGINS:
            return f"{self.first.year}/{self.last.year % 100:02}"
        if self.count == 1:
            return month_name(f"{self.first:%Y-%m}")
        return f"{_NAMES[self.first.month - 1]} to {_NAMES[self.last.month - 1]} {self.last.year}"


@cache
def _names(first: dt.date, count: int) -> tuple[str, ...]:
    return tuple(f"{_on(first, place):%Y-%m}" for place in range(count))


def quarter(day: dt.date) -> Months:
    """The quarter that a day is in; the first begins in April."""
    return Months(day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), 3)


def year(day: dt.date) -> Months:
    """The financial year that a day is in."""
    begins = day.year if day.month >= _YEAR_BEGINS else day.year - 1
    return Months(dt.date(begins, _YEAR_BEGINS, 1), 12)


def quarters_to(day: dt.date) -> list[Months]:
    """The quarters of the financial year up to the one that a day is in."""
    found = [quarter(day)]
    while found[0].first > year(day).first:
        found.insert(0, found[0].before())
    return found


def month_name(month: str) -> str:
    """``2026-04`` as ``April 2026``."""
    number, name = month.split("-")
    return f"{_NAMES[int(name) - 1]} {number}"


def _on(first: dt.date, months: int) -> dt.date:
    place = first.year * 12 + first.month - 1 + months
    return dt.date(place // 12, place % 12 + 1, 1)
