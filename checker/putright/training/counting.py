"""Common mistakes in counting days, with a hint for each; used by every notebook that asks for a date."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from putright.calendars import Begins, Calendar, add_months
from putright.rulebooks.limits import Limit, Unit
from putright.training.questions import Hint

_DAY = dt.timedelta(days=1)


def hints(
    calendar: Calendar, start: dt.date, limit: Limit, begins: Begins = Begins.NEXT_WORKING_DAY
) -> tuple[Hint, ...]:
    """Hints for a due date that was counted from ``start``, the likeliest mistake first.

    ``begins``: what the start is in the count.
    """
    if limit.unit is Unit.WORKING_DAYS:
        return (
            _too_soon(start),
            _by_another_way(calendar, start, limit.count, begins),
            _day_off(calendar),
            _count(calendar, start, limit, begins),
        )
    if (length := limit.calendar_days) is not None:
        return _too_soon(start), _calendar_days(calendar, start, length, limit.end(calendar, start, begins))
    return _too_soon(start), _months(start, limit)


def _too_soon(start: dt.date) -> Hint:
    return lambda given: "That is before the count starts." if given < start else None


# --- working days ---------------------------------------------------------------------------------


def last(
    calendar: Calendar,
    start: dt.date,
    days: int,
    begins: Begins = Begins.NEXT_WORKING_DAY,
    *,
    bank_holidays: bool = False,
    closed: bool = False,
) -> dt.date:
    """The day on which a count ends that takes bank holidays, or days when the council is closed, as working days."""

    def works(day: dt.date) -> bool:
        if day.weekday() >= 5:
            return False
        if calendar.is_working_day(day):
            return True
        return closed if day in calendar.closures and day not in calendar.holidays.days else bank_holidays

    end = calendar.day_zero(start, begins)
    while days:
        end += _DAY
        days -= works(end)
    return end


def others(
    calendar: Calendar, start: dt.date, days: int, begins: Begins = Begins.NEXT_WORKING_DAY
) -> dict[dt.date, list[str]]:
    """The dates that other ways of counting give, each with the simplest ways that give it, in words."""
    right = calendar.add(start, days, begins)
    slips = _slips(calendar, start, begins, days)
    found: dict[dt.date, list[str]] = {right: []}
    for size in range(1, len(slips) + 1):
        simpler = set(found)
        for made in itertools.combinations(slips, size):
            way: dict[str, Any] = {"begins": begins, "days": days}
            for _, change in made:
                way |= change
            date = last(calendar, start, **way)
            if date not in simpler:
                found.setdefault(date, []).append(" and ".join(words for words, _ in made))
    del found[right]
    return found


def _slips(calendar: Calendar, start: dt.date, begins: Begins, days: int) -> list[tuple[str, dict[str, Any]]]:
    """The ways in which a count from this day can depart from the procedure's, in words and for ``last``."""
    slips: list[tuple[str, dict[str, Any]]] = [("counting bank holidays as working days", {"bank_holidays": True})]
    if calendar.closures:
        slips.append(("counting days on which the council is closed", {"closed": True}))
    if begins is Begins.DAY_ONE:
        return [*slips, ("taking the day it arrives as day zero", {"days": days + 1})]
    slips.append(("counting day zero as day 1", {"days": days - 1}))
    if not calendar.is_working_day(start):
        if begins is Begins.FROM_THE_DAY:
            slips.append(("taking the next working day as day zero", {"begins": Begins.NEXT_WORKING_DAY}))
        else:
            slips.append((f"taking {start:%A} itself as day zero", {"begins": Begins.FROM_THE_DAY}))
    return slips


def _by_another_way(calendar: Calendar, start: dt.date, days: int, begins: Begins) -> Hint:
    ways = others(calendar, start, days, begins)

    def hint(given: dt.date) -> str | None:
        said = ways.get(given, [])
        if len(said) > 1:
            return f"You would get this date by {', or by '.join(said)}. Which did you do?"
        return f"You would get this date by {said[0]}. Is that how days are counted here?" if said else None

    return hint


def _day_off(calendar: Calendar) -> Hint:
    def hint(given: dt.date) -> str | None:
        if calendar.is_working_day(given):
            return None
        return f"That is not a working day ({calendar.why_not(given)}), and a count of working days cannot end on one."

    return hint


def _count(calendar: Calendar, start: dt.date, limit: Limit, begins: Begins) -> Hint:
    def hint(given: dt.date) -> str | None:
        number = calendar.taken(start, given, begins)
        if number == 0:
            return "That is day zero. The count starts on the next working day."
        if number < limit.count:
            said = f"That is only working day {number} of {limit.count}."
            return f"{said} You may have counted a day that is not a working day, or stopped too early."
        return f"That is working day {number}, and there are {limit.count}. You may have left out a working day."

    return hint


# --- calendar days and months ---------------------------------------------------------------------


def _calendar_days(calendar: Calendar, start: dt.date, length: int, right: dt.date) -> Hint:
    def hint(given: dt.date) -> str | None:
        if given == right - _DAY:
            return "That is one day short. Which day is day 1?"
        if given == calendar.add(start, length):
            return "Those are working days. This limit is in calendar days: weekends and bank holidays count too."
        return f"Too {_which(given, right)}. Every day counts here, weekends and bank holidays too."

    return hint


def _months(start: dt.date, limit: Limit) -> Hint:
    inclusive = limit.unit is Unit.MONTHS_INCLUSIVE
    plain = add_months(start, limit.count)
    right = add_months(start, limit.count, inclusive=inclusive)

    def hint(given: dt.date) -> str | None:
        if inclusive and given == plain:
            return "You have counted from the day after. Here the first day is part of the time."
        if not inclusive and given == plain - _DAY:
            return "One day short: the time ends on the same date, not on the day before it."
        if plain.weekday() >= 5 and given == plain + dt.timedelta(days=7 - plain.weekday()):
            return "A limit in months is not moved when it ends on a weekend."
        if plain.day < start.day and given.month == plain.month % 12 + 1 and given.day <= 3:
            return f"{plain:%B} has no day {start.day}. The time still ends in {plain:%B}."
        if (given.year, given.month) == (right.year, right.month):
            return f"The right month, but too {_which(given, right)}. Look at the date it started on."
        return f"Too {_which(given, right)}. Go forward {limit.count} calendar months, however many days they have."

    return hint


def _which(given: dt.date, right: dt.date) -> str:
    return "early" if given < right else "late"
