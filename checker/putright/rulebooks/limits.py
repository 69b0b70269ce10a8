"""Limits of time: how long one is, how it is written, and what the day of its start is in the count."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, PlainSerializer

from putright.calendars import Begins, Calendar, add_months


class Unit(StrEnum):
    """What a limit is counted in; inclusive months count the starting day itself."""

    WORKING_DAYS = "working days"
    CALENDAR_DAYS = "calendar days"
    WEEKS = "weeks"
    MONTHS = "months"
    MONTHS_INCLUSIVE = "months inclusive"


@dataclass(frozen=True)
class Limit:
    """A length of time: ``10 working days``, ``12 months``, ``6 months inclusive``."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        unit = str(self.unit)
        if self.count == 1:
            unit = unit.replace("days", "day").replace("weeks", "week").replace("months", "month")
        return f"{self.count} {unit}"

    def adds_up_with(self, other: Limit) -> bool:
        """Whether both are counted in working days, or neither is."""
        return (self.unit is Unit.WORKING_DAYS) == (other.unit is Unit.WORKING_DAYS)

    @property
    def calendar_days(self) -> int | None:
        """Its length in calendar days, for a limit in these or in weeks; None for any other."""
        return {Unit.CALENDAR_DAYS: self.count, Unit.WEEKS: 7 * self.count}.get(self.unit)

    def end(self, calendar: Calendar, start: dt.date, begins: Begins = Begins.NEXT_WORKING_DAY) -> dt.date:
        """The last day of the limit; what the start is in the count matters for days and weeks alone."""
        if self.unit is Unit.WORKING_DAYS:
            return calendar.add(start, self.count, begins)
        if self.calendar_days is not None:
            return start + dt.timedelta(days=self.calendar_days - (begins is Begins.DAY_ONE))
        return add_months(start, self.count, inclusive=self.unit is Unit.MONTHS_INCLUSIVE)


_LIMIT = re.compile(r"(\d{1,3}) (working day|calendar day|week|month)s?( inclusive)?")


def parse_limit(text: object) -> Limit:
    """Read ``10 working days`` and the like; ValueError says what was expected."""
    if isinstance(text, Limit):
        return text
    match = _LIMIT.fullmatch(str(text))
    unit = f"{match[2]}s{match[3] or ''}" if match else ""
    if match is None or int(match[1]) == 0 or unit not in set(Unit):
        raise ValueError(
            "expected a number from 1 to 999 and a unit, for example '10 working days', '28 calendar days', '2 weeks', "
            f"'12 months' or '6 months inclusive'{_meant(str(text))}"
        )
    return Limit(int(match[1]), Unit(unit))


def _meant(text: str) -> str:
    """What a limit that cannot be read may mean."""
    if match := re.fullmatch(r"\W*(\d{1,3})\W*(days?)?\W*", text, re.IGNORECASE):
        return f"; did you mean '{match[1]} working days' or '{match[1]} calendar days'?"
    if match := re.fullmatch(r"\W*(\d{1,3})\W*(working|calendar)\W*days?\W*", text, re.IGNORECASE):
        return f"; did you mean '{match[1]} {match[2].lower()} days'?" if int(match[1]) else ""
    return ""


LimitText = Annotated[Limit, BeforeValidator(parse_limit), PlainSerializer(str, return_type=str)]


DaysOff = Literal["next_working_day", "from_the_day", "either"]
"""What an event on a day that is not a working day means for a limit in working days.

``next_working_day``: the next working day is day zero. ``from_the_day``: the day itself is day zero, so the next
working day is day 1. ``either``: the source does not say; late only where both readings say so.
"""


# A rulebook's file is read with every number as text.
StartDay = Annotated[Literal[0, 1, "either"], BeforeValidator(lambda text: {"0": 0, "1": 1}.get(text, text))]
"""The number of the day of the starting event in a count of days or weeks.

``0``: it is day zero, so that day 1 comes after it. ``1``: it is day 1; where it is not a working day, a count of
working days has the next working day for day 1. ``either``: the source does not say; late only where both readings say
so.
"""


def begins(days_off: DaysOff, start_is_day: StartDay, unit: Unit) -> tuple[Begins, ...]:
    """Every way to read what the start is in a count of this unit, the one with the earliest end first."""
    if unit in (Unit.MONTHS, Unit.MONTHS_INCLUSIVE):
        return (Begins.FROM_THE_DAY,)  # these run from the event's own date, and say themselves whether it counts
    zero: tuple[Begins, ...] = (Begins.FROM_THE_DAY,)
    if unit is Unit.WORKING_DAYS and days_off != "from_the_day":
        zero = (Begins.FROM_THE_DAY, Begins.NEXT_WORKING_DAY) if days_off == "either" else (Begins.NEXT_WORKING_DAY,)
    return {0: zero, 1: (Begins.DAY_ONE,), "either": (Begins.DAY_ONE, *zero)}[start_is_day]
