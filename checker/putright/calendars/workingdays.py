"""Define working days, and count in working days and months.

The calendar is a table: every date has a working-day number, so a deadline is two look-ups and an addition, for one
case as for millions (which ``daytables`` counts, from these same tables). Nothing but Python is needed here, so that
days are counted in a browser too.

Source: contract 4.1 to 4.3.
"""

from __future__ import annotations

import datetime as dt
from array import array
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import accumulate, compress, repeat
from zoneinfo import ZoneInfo

from putright.calendars.bankholidays import BankHolidays, bank_holidays

#: The zone in which a time belongs to a date.
LONDON = "Europe/London"
#: The first date that a record may have.
FIRST = dt.date(1900, 1, 1)
#: The last date that a record may have.
LAST = dt.date(2199, 12, 31)

#: The months after the last closure day that a council names for which no other is expected: most close at Christmas.
CLOSURES_KNOWN = 11

#: How many dates there are, and so the length of every table here.
SIZE = (LAST - FIRST).days + 1
#: The day number that means 'no such date': later than every date there is, and every bit set,
#: so that one OR takes a date away.
FAR = (1 << 17) - 1
#: The day number of 1 January 1970, from which a polars Date counts; these tables count from 1900.
EPOCH = (dt.date(1970, 1, 1) - FIRST).days
#: Room past the last working day, so that adding a limit to FAR stays in the table and is FAR.
_ROOM = 4000


def today() -> dt.date:
    """Today's date in London, whatever the computer's time zone."""
    return dt.datetime.now(ZoneInfo(LONDON)).date()


def index(day: dt.date) -> int:
    """The day number of a date, its index in the tables; ValueError outside 1900 to 2199."""
    if not FIRST <= day <= LAST:
        raise ValueError(f"{day} is outside {FIRST.year} to {LAST.year}")
    return (day - FIRST).days


def date_at(place: int) -> dt.date | None:
    """The date of a day number; None for FAR."""
    return None if place >= FAR else FIRST + dt.timedelta(days=int(place))


class Begins(StrEnum):
    """What the day of the starting event is in a count (contract 4.1)."""

    NEXT_WORKING_DAY = "next_working_day"
    """Day zero; where it is not a working day, the next working day is day zero."""
    FROM_THE_DAY = "from_the_day"
    """Day zero, whatever day it is."""
    DAY_ONE = "day_one"
    """Day 1; where it is not a working day, the next working day is day 1."""


@dataclass(frozen=True)
class Day:
    """One day of a count: its number (1 is the first day after day zero), or why it is skipped."""

    date: dt.date
    number: int | None
    skipped: str | None = None


@dataclass(frozen=True)
class Span:
    """A count of working days: day zero, each day after it, and the day it ends."""

    start: dt.date
    zero: dt.date
    days: tuple[Day, ...]

    @property
    def counted(self) -> int:
        return sum(day.number is not None for day in self.days)


class Calendar:
    """The working days of a national rulebook, or of a council with days of its own.

    ``floor[d]`` is the number of the last working day on or before day ``d``, ``ceiling[d]`` of the
    first on or after it, ``day_of[n]`` the day of working day ``n``; all indexed by ``index(date)``.

    ``closures`` are a council's closure days with their names, ``opened`` the bank holidays on which it works.
    """

    def __init__(
        self,
        closures: Mapping[dt.date, str] | None = None,
        holidays: BankHolidays | None = None,
        opened: Collection[dt.date] = (),
    ) -> None:
        self.holidays = holidays or bank_holidays()
        self.closures = dict(closures or {})
        self.opened = frozenset(opened)
        self.floor, self.ceiling, self.day_of = _tables(tuple(self.days_off()))

    def days_off(self) -> dict[dt.date, str]:
        """Every bank holiday and closure day with its name, the earliest first."""
        kept = {day: name for day, name in self.holidays.days.items() if day not in self.opened}
        return dict(sorted({**self.closures, **kept}.items()))

    @property
    def horizon(self) -> dt.date:
        """The last day for which the days off are known; a due date after it is provisional (contract 4.2)."""
        if not self.closures:
            return self.holidays.horizon
        return min(self.holidays.horizon, add_months(max(self.closures), CLOSURES_KNOWN))

    # --- one date -------------------------------------------------------------------------------

    def is_working_day(self, day: dt.date) -> bool:
        place = index(day)
        return self.floor[place] == self.ceiling[place]

    def why_not(self, day: dt.date) -> str | None:
        """Why a day is not a working day, by name; None if it is one."""
        if day.weekday() >= 5:
            return "Saturday" if day.weekday() == 5 else "Sunday"
        if day not in self.opened and (name := self.holidays.days.get(day)):
            return name if "bank holiday" in name else f"{name} (bank holiday)"
        if name := self.closures.get(day):
            return f"{name} (council closed)"
        return None

    def day_zero(self, start: dt.date, begins: Begins = Begins.NEXT_WORKING_DAY) -> dt.date:
        """The day before day 1 of a count: the start itself, the next working day, or the day before that."""
        if begins is Begins.FROM_THE_DAY:
            return start
        first = self.add(start, 0)
        return first if begins is Begins.NEXT_WORKING_DAY else first - dt.timedelta(days=1)

    def add(self, start: dt.date, working_days: int, begins: Begins = Begins.NEXT_WORKING_DAY) -> dt.date:
        """The n-th working day of a count; ValueError past the end of the calendar."""
        day = date_at(self.day_of[self._zero(start, begins) + working_days])
        if day is None:
            raise ValueError(f"{working_days} working days after {start} is past {LAST}")
        return day

    def back(self, meeting: dt.date, working_days: int) -> dt.date:
        """The n-th working day before a meeting."""
        return FIRST + dt.timedelta(days=self.day_of[self.ceiling[index(meeting)] - working_days])

    def _zero(self, start: dt.date, begins: Begins) -> int:
        """The number of the last working day before day 1."""
        table = self.floor if begins is Begins.FROM_THE_DAY else self.ceiling
        return table[index(start)] - (begins is Begins.DAY_ONE)

    def taken(self, start: dt.date, done: dt.date, begins: Begins = Begins.NEXT_WORKING_DAY) -> int:
        """Working days counted up to ``done``, a day off counting as the next working day; never below 0."""
        return max(0, self.ceiling[index(done)] - self._zero(start, begins))

    def span(
        self,
        start: dt.date,
        end: dt.date,
        held: frozenset[dt.date] = frozenset(),
        begins: Begins = Begins.NEXT_WORKING_DAY,
    ) -> Span:
        """Every day after day zero to ``end``, numbered or named as skipped; ``held`` days are skipped."""
        zero = self.day_zero(start, begins)
        after = (zero + dt.timedelta(days=offset) for offset in range(1, (end - zero).days + 1))
        return Span(start, zero, self._numbered(after, held))

    def span_back(self, meeting: dt.date, end: dt.date) -> Span:
        """Every day before a meeting back to ``end``, numbered or named as skipped; the meeting is day zero."""
        before = (meeting - dt.timedelta(days=offset) for offset in range(1, (meeting - end).days + 1))
        return Span(meeting, meeting, self._numbered(before, frozenset()))

    def _numbered(self, dates: Iterable[dt.date], held: frozenset[dt.date]) -> tuple[Day, ...]:
        days, number = [], 0
        for day in dates:
            reason = self.why_not(day) or ("on hold" if day in held else None)
            number += reason is None
            days.append(Day(day, None if reason else number, reason))
        return tuple(days)


@lru_cache(maxsize=32)
def _tables(days_off: tuple[dt.date, ...]) -> tuple[array[int], array[int], array[int]]:
    """The tables of a calendar, which most rulebooks of a council share."""
    week = bytes((FIRST.weekday() + days) % 7 < 5 for days in range(7))
    working = bytearray(week * (SIZE // 7 + 1))[:SIZE]
    for day in days_off:
        working[index(day)] = False
    last = sum(working) + 1
    floor = _to_far(accumulate(working), last)
    ceiling = _to_far(accumulate(working[:-1], initial=1), last)
    return floor, ceiling, array("i", [0, *compress(range(SIZE), working), *repeat(FAR, _ROOM)])


def add_months(start: dt.date, months: int, *, inclusive: bool = False) -> dt.date:
    """The same date this number of calendar months later, or that month's last day if it has no such date.

    ``inclusive`` is the Regulations' 'commencing on the day': the period's last day is the day
    before that date (or the last day of a month that does not have it).
    """
    day = date_at(month_table(months, inclusive)[index(start)])
    if day is None:
        raise ValueError(f"{months} months after {start} is past {LAST}")
    return day


@cache
def month_table(months: int, inclusive: bool) -> array[int]:
    """For each day, the day this number of calendar months later; FAR past the end and for FAR itself."""
    table: list[int] = []
    for number in range(12 * (LAST.year - FIRST.year + 1)):
        (_, own), (begin, length) = _month(number), _month(number + months)
        same = min(own, length)
        table.extend(range(begin - inclusive, begin - inclusive + same))
        table.extend(repeat(begin + length - 1, own - same))
    within = table[: bisect_left(table, SIZE)]
    return _to_far([*within, *repeat(FAR, SIZE - len(within))], FAR)


def _to_far(table: Iterable[int], beyond: int) -> array[int]:
    """A table of every day, lengthened to FAR."""
    return array("i", [*table, *repeat(beyond, FAR + 1 - SIZE)])


@cache
def _month(number: int) -> tuple[int, int]:
    """The first day of a month, by how many months it is after the first of all, and how many days it has."""
    years, month = divmod(number, 12)
    year = FIRST.year + years
    return (dt.date(year, month + 1, 1) - FIRST).days, monthrange(year, month + 1)[1]
