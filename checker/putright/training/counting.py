"""Common mistakes in counting days, with a hint for each; used by every notebook that asks for a date."""

from __future__ import annotations

import datetime as dt
import itertools

from putright.calendars import Begins, Calendar, add_months
from putright.calendars.alternative_counts import Convention, explain
from putright.rulebooks.rules import Limit, Unit
from putright.training.questions import Hint

_UNEXPLAINED = "not explained"


def hints(
    calendar: Calendar, start: dt.date, limit: Limit, begins: Begins = Begins.NEXT_WORKING_DAY
) -> tuple[Hint, ...]:
    """Hints for a due date that was counted from ``start``, the likeliest mistake first.

    ``begins``: what the start is in the count.
    """
    if limit.unit is Unit.WORKING_DAYS:
        return (
            _too_soon(start),
            *([_next_working_day(calendar, start, limit)] if begins is Begins.FROM_THE_DAY else []),
            _by_another_way(start, limit.count),
            _day_off(calendar),
            _count(calendar, start, limit, begins),
        )
    if (length := limit.calendar_days) is not None:
        return _too_soon(start), _calendar_days(calendar, start, length)
    return _too_soon(start), _months(start, limit)


def others(start: dt.date, limit: Limit) -> dict[Convention, dt.date]:
    """The due date by each of the other ways of counting working days that people use."""
    weekends = (False, True) if start.weekday() >= 5 else (False,)
    ways = [Convention(*way) for way in itertools.product((False, True), (False, True), weekends)]
    return {way: last(way, start, limit.count) for way in ways[1:]}


def last(way: Convention, start: dt.date, days: int) -> dt.date:
    """The working day by which so many days have been counted, by a way of counting."""
    end = start
    while way.count(start, end) < days or not way.works(end):
        end += dt.timedelta(days=1)
    return end


def _too_soon(start: dt.date) -> Hint:
    def hint(given: dt.date) -> str | None:
        return "That is before the clock has even begun to run." if given < start else None

    return hint


def _by_another_way(start: dt.date, days: int) -> Hint:
    def hint(given: dt.date) -> str | None:
        # No way of counting ends on a weekend, and none takes so long.
        if given.weekday() >= 5 or (given - start).days > 4 * days + 30:
            return None
        way = explain(start, given, days)
        if way.startswith(_UNEXPLAINED) or not way:
            return None
        return f"You come to this date with {way}. Is that how working days are counted here?"

    return hint


def _day_off(calendar: Calendar) -> Hint:
    def hint(given: dt.date) -> str | None:
        if calendar.is_working_day(given):
            return None
        return f"That is not a working day ({calendar.why_not(given)}), and a count of working days cannot end on one."

    return hint


def _next_working_day(calendar: Calendar, start: dt.date, limit: Limit) -> Hint:
    def hint(given: dt.date) -> str | None:
        if calendar.is_working_day(start) or given != calendar.add(start, limit.count):
            return None
        return "That takes the next working day as day zero. What does the clause say of a start on a day off?"

    return hint


def _count(calendar: Calendar, start: dt.date, limit: Limit, begins: Begins) -> Hint:
    def hint(given: dt.date) -> str | None:
        number = calendar.taken(start, given, begins)
        which = "too early" if number < limit.count else "too late"
        return f"That is working day {number} as the checker counts, so {which}. Which days did you skip?"

    return hint


def _calendar_days(calendar: Calendar, start: dt.date, length: int) -> Hint:
    def hint(given: dt.date) -> str | None:
        if given == start + dt.timedelta(days=length - 1):
            return "You have counted the first day as well. The day after it is day 1."
        if given == calendar.add(start, length):
            return "Those are working days. This limit is in calendar days: weekends and bank holidays count too."
        return "Every day counts here, weekends and bank holidays too. Count again from the day after the first."

    return hint


def _months(start: dt.date, limit: Limit) -> Hint:
    def hint(given: dt.date) -> str | None:
        plain = add_months(start, limit.count)
        if limit.unit is Unit.MONTHS_INCLUSIVE and given == plain:
            return "The period begins with the first day itself, and you have counted from the day after it."
        if limit.unit is Unit.MONTHS and given == plain - dt.timedelta(days=1):
            return "One day short: the period ends with the same date, not with the day before."
        if given > plain and (given - plain).days <= 4:
            return "Months are calendar months and are not moved: not off a weekend, nor into the next month."
        if (given.year, given.month) == (plain.year, plain.month):
            return "The right month. Which day of it has the same number, or is the last there is?"
        return f"Go forward {limit.count} calendar months, whatever number of days they have."

    return hint
