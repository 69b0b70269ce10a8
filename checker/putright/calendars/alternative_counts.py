"""The ways in which people count working days, each by how it departs from ours, and which of them explains a count."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from functools import cache

from putright.calendars import Calendar


@dataclass(frozen=True)
class Convention:
    """A way of counting working days, by how it departs from ours (contract 4.1 and contract 4.2)."""

    bank_holidays: bool = False
    """Bank holidays are counted as working days."""
    first_day: bool = False
    """The day that the count begins on is counted as well."""
    weekend: bool = False
    """A weekend day of receipt is itself day zero, and the Monday after it day 1."""

    def count(self, start: dt.date, end: dt.date) -> int:
        """Days from one date to another, counted so; an end on a day off counts as the next working day."""
        zero, last = start, end
        while not (self.works(zero) or (self.weekend and zero.weekday() >= 5)):
            zero += dt.timedelta(days=1)
        while not self.works(last):
            last += dt.timedelta(days=1)
        after = (zero + dt.timedelta(days=days) for days in range(1, (last - zero).days + 1))
        return self.first_day + sum(map(self.works, after))

    def works(self, day: dt.date) -> bool:
        """Whether a day is counted."""
        return calendar().is_working_day(day) or (self.bank_holidays and day.weekday() < 5)

    def describe(self, start: dt.date) -> str:
        """The departures in words, for a count from this date."""
        said = {
            "bank holidays counted as working days": self.bank_holidays,
            "the first day counted as well": self.first_day,
            f"counted from the {start:%A} itself": self.weekend,
        }
        return " and ".join(words for words, departs in said.items() if departs)


@cache
def calendar() -> Calendar:
    """England's working days, without any council's closure days."""
    return Calendar()


def explain(start: dt.date, end: dt.date, count: int) -> str:
    """The way of counting that gives this figure: the nearest to ours, and every one as near."""
    weekends = (False, True) if start.weekday() >= 5 else (False,)
    ways = [Convention(*way) for way in itertools.product((False, True), (False, True), weekends)]
    found = [way for way in ways if way.count(start, end) == count]
    if not found:
        return "not explained by any convention tried"
    nearest = min(map(_departures, found))
    return "; or ".join(way.describe(start) for way in found if _departures(way) == nearest)


def _departures(way: Convention) -> int:
    return way.bank_holidays + way.first_day + way.weekend
