"""Whether one time limit can ever end later than another, whatever event each counts from.

A limit's end grows with its start, so the worst case of two limits is known: where the second counts
from a later event, that event falls on the same day as the first one's; where the first counts from a
later event, that event comes on the last day that the first one's own rulebook allows. For these the
ends are compared on every day for which bank holidays are known.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import chain

from putright import calendars, fields
from putright.calendars import Calendar, month_table
from putright.rulebooks import Rulebook
from putright.rulebooks.limits import Limit, StartDay, Unit
from putright.rulebooks.rules import Timed


class Relation(StrEnum):
    """How the end of one limit compares with the end of another."""

    SAME = "same"
    """The same day, always."""
    WITHIN = "within"
    """Never later, and the same day where every step before took all its time."""
    SOONER = "sooner"
    """Never later, and sooner in some cases."""
    LATER = "later"
    """Later in some cases."""
    MIXED = "mixed"
    """Months, weeks or calendar days against working days: now sooner, now later, as the calendar falls."""
    UNBOUNDED = "unbounded"
    """Later in some cases, since nothing limits the event that the first counts from."""
    UNORDERED = "unordered"
    """The two count from events that come in no fixed order."""


#: One never ends later than the other.
NEVER_LATER = (Relation.SAME, Relation.WITHIN, Relation.SOONER)


@dataclass(frozen=True)
class Allowance:
    """A length of time and the event it counts from (a date field of a case record)."""

    start: str
    limit: Limit
    start_is_day: StartDay = 0
    """Whether the day of the event is day zero or day 1 (contract 4.1)."""

    @property
    def has_first_day(self) -> bool:
        """Whether the day of the event is one that the limit counts at all: months say so themselves."""
        return self.limit.unit not in (Unit.MONTHS, Unit.MONTHS_INCLUSIVE)

    def __str__(self) -> str:
        return f"{self.limit} from {fields.noun(self.start)}"


@dataclass(frozen=True)
class Example:
    """Dates on which one limit ends after the other: the events, earliest first, and both ends."""

    events: tuple[tuple[str, dt.date], ...]
    one: dt.date
    other: dt.date


@dataclass(frozen=True)
class Comparison:
    """How one allowance compares with another, with an example wherever it can end later."""

    relation: Relation
    example: Example | None = None


def allowance(book: Rulebook, rule: Timed) -> Allowance:
    """What a rule with a limit allows."""
    assert rule.within is not None
    return Allowance(rule.start, rule.within, start_day(book, rule))


def start_day(book: Rulebook, rule: Timed) -> StartDay:
    """Whether the day of the event is day zero or day 1 in a rule's count."""
    return book.start_is_day if rule.start_is_day is None else rule.start_is_day


def first_days(one: Allowance, other: Allowance) -> tuple[bool, bool]:
    """Whether each counts the day of its event as day 1; where a source does not say, it counts as the other does."""
    firsts = [each.start_is_day if each.has_first_day else 0 for each in (one, other)]
    known = [first for first in firsts if first != "either"]
    ours, theirs = ((known[0] if known else 0) if first == "either" else first for first in firsts)
    return ours == 1, theirs == 1


# --- the order of events --------------------------------------------------------------------------

_TO_RECEIPT = ("matter_occurred", "matter_known", "received")
_AFTER_RECEIPT = frozenset(
    name
    for name, field in fields.FIELDS.items()
    if field.stage is not None or name.startswith(("triaged", "informal_", "refused", "withdrawn"))
)


def comes_before(event: str, other: str) -> bool:
    """Whether an event comes before the other, or on the same day, in every case; an event never before itself."""
    if event in _TO_RECEIPT:
        rest = _TO_RECEIPT[_TO_RECEIPT.index(event) + 1 :]
        return other in rest or other in _AFTER_RECEIPT
    return other in fields.later_steps(event)


def run_to(event: str, base: str, book: Rulebook) -> tuple[Limit, ...] | None:
    """The book's own limits that take ``base`` to ``event``, end to end; None where nothing limits the event."""
    if event == base:
        return ()
    for ruling in book.rulings().values():
        rule = ruling.rule
        if not isinstance(rule, Timed) or rule.step != event or not _binds(rule):
            continue
        assert rule.within is not None
        if rule.start == base or comes_before(rule.start, base):
            return (rule.within,)
        earlier = run_to(rule.start, base, book) if comes_before(rule.start, event) else None
        if earlier is not None:
            return (*earlier, rule.within)
    return None


def _binds(rule: Timed) -> bool:
    """Whether the council must keep to it in every case."""
    firm = rule.kind == "deadline" and rule.late == "breach" and rule.within is not None
    simple = not rule.has_second_reading and rule.alternative is None
    return firm and simple and rule.when is None and rule.unless is None


# --- comparing ------------------------------------------------------------------------------------

_BEGIN = calendars.index(dt.date(calendars.FROZEN_YEARS.start, 1, 1))
#: Two years are left for the limits to run in.
_END = calendars.index(dt.date(calendars.FROZEN_YEARS.stop - 3, 12, 31))
_DAYS = range(_BEGIN, _END + 1)
#: Examples begin here where they can: a Monday with no bank holiday near it.
_PLAIN = calendars.index(dt.date(2026, 1, 12))


@cache
def england() -> Calendar:
    """England's working days, without any council's closure days."""
    return Calendar()


@lru_cache(maxsize=64)
def without_closures(calendar: Calendar) -> Calendar:
    """The calendar of a council if it kept no days of its own."""
    return Calendar(holidays=calendar.holidays) if calendar.closures or calendar.opened else calendar


def _after(days: Iterable[int], limit: Limit, calendar: Calendar, is_first: bool = False) -> list[int]:
    """For each of these days, the day on which a limit that starts then ends; ``is_first``: the day itself is day 1."""
    if limit.unit is Unit.WORKING_DAYS:
        ceiling, day_of, count = calendar.ceiling, calendar.day_of, limit.count - is_first
        return [day_of[ceiling[day] + count] for day in days]
    if (length := limit.calendar_days) is not None:
        return [day + length - is_first for day in days]
    table = month_table(limit.count, limit.unit is Unit.MONTHS_INCLUSIVE)
    return [table[day] for day in days]


@lru_cache(maxsize=64)
def _after_each(limit: Limit, calendar: Calendar, is_first: bool) -> list[int]:
    """For each day there is, the day on which a limit that starts then ends."""
    return _after(_DAYS, limit, calendar, is_first)


def _is_working_day(place: int, calendar: Calendar) -> bool:
    return calendar.floor[place] == calendar.ceiling[place]


def compare(
    one: Allowance,
    other: Allowance,
    book: Rulebook,
    calendar: Calendar | None = None,
    other_calendar: Calendar | None = None,
) -> Comparison:
    """Whether ``one`` ever ends later than ``other``; ``book`` is the rulebook of the first.

    Each is counted in the working days of its own calendar: England's, if none is given.
    """
    run: tuple[Limit, ...] | None = ()
    if comes_before(other.start, one.start):
        run = run_to(one.start, other.start, book)
    elif one.start != other.start and not comes_before(one.start, other.start):
        return Comparison(Relation.UNORDERED)
    return _compared(one, other, run, calendar or england(), other_calendar or england())


@lru_cache(maxsize=1024)
def _compared(
    one: Allowance, other: Allowance, run: tuple[Limit, ...] | None, ours: Calendar, theirs: Calendar
) -> Comparison:
    """The comparison on every day there is, where ``run`` takes the start of the other to that of the first.

    It is kept: councils have the same limits, and one assessment looks at the same two several times.
    """
    if run is None:
        return Comparison(Relation.UNBOUNDED, _unbounded(one, other, ours, theirs))
    first, their_first = first_days(one, other)
    starts: Iterable[int] = _DAYS
    for limit in run:
        starts = _after(starts, limit, ours, first)
    ends = _after_each(one.limit, ours, first) if starts is _DAYS else _after(starts, one.limit, ours, first)
    others = _after_each(other.limit, theirs, their_first)
    relation = _relation(any(map(operator.gt, ends, others)), any(map(operator.lt, ends, others)), one, other)
    if relation in NEVER_LATER:
        return Comparison(relation)
    later = ((start, day) for start, day, end, limit in zip(starts, _DAYS, ends, others, strict=True) if end > limit)
    return Comparison(relation, _example(one, other, later, ours, theirs))


def later_by_closures(
    one: Allowance, other: Allowance, book: Rulebook, calendar: Calendar, other_calendar: Calendar
) -> Comparison | None:
    """How ``one`` compares with ``other`` if only the closure days of its calendar make it end later; otherwise None.

    Closure days do not lengthen a limit that is not in working days.
    """
    if not calendar.closures or one.limit.unit is not Unit.WORKING_DAYS:
        return None
    found = compare(one, other, book, calendar, other_calendar)
    return found if found.relation not in NEVER_LATER and found.example else None


def _relation(later: bool, sooner: bool, one: Allowance, other: Allowance) -> Relation:
    if later:
        return Relation.MIXED if sooner else Relation.LATER
    if sooner:
        return Relation.SOONER
    if one.start == other.start:
        return Relation.SAME
    # The same end in the worst case; in others the event that comes second moves one of the two.
    return Relation.WITHIN if comes_before(other.start, one.start) else Relation.SOONER


def _example(
    one: Allowance, other: Allowance, later: Iterator[tuple[int, int]], ours: Calendar, theirs: Calendar
) -> Example:
    """The first later case (both starts) from a plain working day on, or the first there is."""
    first = next(later)
    plain = (places for places in chain([first], later) if places[1] >= _PLAIN and _is_working_day(places[1], theirs))
    start, base = next(plain, first)
    return _dated(one, start, other, base, ours, theirs)


def _unbounded(one: Allowance, other: Allowance, ours: Calendar, theirs: Calendar) -> Example:
    """The first working day on which the first one's start makes it later."""
    days = [place for place in range(_PLAIN, _END + 1) if _is_working_day(place, theirs)]
    first, their_first = first_days(one, other)
    [end] = _after(days[:1], other.limit, theirs, their_first)
    start = next(day for day, last in zip(days, _after(days, one.limit, ours, first), strict=True) if last > end)
    return _dated(one, start, other, days[0], ours, theirs)


def _dated(one: Allowance, start: int, other: Allowance, base: int, ours: Calendar, theirs: Calendar) -> Example:
    def day(place: int) -> dt.date:
        date = calendars.date_at(place)
        assert date is not None
        return date

    def end(place: int, limit: Limit, calendar: Calendar, is_first: bool) -> dt.date:
        return day(_after([place], limit, calendar, is_first)[0])

    events = {other.start: day(base), one.start: day(start)}
    if comes_before(one.start, other.start):
        events = dict(reversed(events.items()))
    first, their_first = first_days(one, other)
    ends = end(start, one.limit, ours, first), end(base, other.limit, theirs, their_first)
    return Example(tuple(events.items()), *ends)
