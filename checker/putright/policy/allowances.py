"""Whether one time limit can ever end later than another, whatever event each counts from.

A limit's end grows with its start, so the worst case of two limits is known: where the second counts
from a later event, that event falls on the same day as the first one's; where the first counts from a
later event, that event comes on the last day that the first one's own rulebook allows. For these the
ends are compared on every day for which England's bank holidays are known.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from putright import calendars, fields
from putright.calendars import Calendar, month_table
from putright.rulebooks import Rulebook
from putright.rulebooks.rules import Limit, Timed, Unit


class Relation(StrEnum):
    """How the end of one limit lies to the end of another."""

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
    """How one allowance lies to another, with an example wherever it can end later."""

    relation: Relation
    example: Example | None = None


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
def _calendar() -> Calendar:
    return Calendar()


def _after(days: Iterable[int], limit: Limit) -> list[int]:
    """For each of these days, the day on which a limit that starts then ends."""
    if limit.unit is Unit.WORKING_DAYS:
        ceiling, day_of, count = _calendar().ceiling, _calendar().day_of, limit.count
        return [day_of[ceiling[day] + count] for day in days]
    if (length := limit.calendar_days) is not None:
        return [day + length for day in days]
    table = month_table(limit.count, limit.unit is Unit.MONTHS_INCLUSIVE)
    return [table[day] for day in days]


@lru_cache(maxsize=32)
def _after_each(limit: Limit) -> list[int]:
    """For each day there is, the day on which a limit that starts then ends."""
    return _after(_DAYS, limit)


def _is_working_day(place: int) -> bool:
    return _calendar().floor[place] == _calendar().ceiling[place]


def compare(one: Allowance, other: Allowance, book: Rulebook) -> Comparison:
    """Whether ``one`` ever ends later than ``other``; ``book`` is the rulebook of the first.

    Counted in England's working days, without any council's closure days.
    """
    starts: Iterable[int] = _DAYS
    if comes_before(other.start, one.start):
        run = run_to(one.start, other.start, book)
        if run is None:
            return Comparison(Relation.UNBOUNDED, _unbounded(one, other))
        for limit in run:
            starts = _after(starts, limit)
    elif one.start != other.start and not comes_before(one.start, other.start):
        return Comparison(Relation.UNORDERED)
    ends, others = _after_each(one.limit) if starts is _DAYS else _after(starts, one.limit), _after_each(other.limit)
    relation = _relation(any(map(operator.gt, ends, others)), any(map(operator.lt, ends, others)), one, other)
    if relation in NEVER_LATER:
        return Comparison(relation)
    later = [places for *places, end, limit in zip(starts, _DAYS, ends, others, strict=True) if end > limit]
    return Comparison(relation, _example(one, other, later))


def _relation(later: bool, sooner: bool, one: Allowance, other: Allowance) -> Relation:
    if later:
        return Relation.MIXED if sooner else Relation.LATER
    if sooner:
        return Relation.SOONER
    if one.start == other.start:
        return Relation.SAME
    # The same end in the worst case; in others the event that comes second moves one of the two.
    return Relation.WITHIN if comes_before(other.start, one.start) else Relation.SOONER


def _example(one: Allowance, other: Allowance, later: list[list[int]]) -> Example:
    """The first later case (both starts) from a plain working day on, or the first there is."""
    plain = (places for places in later if places[1] >= _PLAIN and _is_working_day(places[1]))
    start, base = next(plain, later[0])
    return _dated(one, start, other, base)


def _unbounded(one: Allowance, other: Allowance) -> Example:
    """The first working day on which the first one's start makes it later."""
    days = [place for place in range(_PLAIN, _END + 1) if _is_working_day(place)]
    [end] = _after(days[:1], other.limit)
    start = next(day for day, last in zip(days, _after(days, one.limit), strict=True) if last > end)
    return _dated(one, start, other, days[0])


def _dated(one: Allowance, start: int, other: Allowance, base: int) -> Example:
    def day(place: int) -> dt.date:
        date = calendars.date_at(place)
        assert date is not None
        return date

    def end(place: int, limit: Limit) -> dt.date:
        return day(_after([place], limit)[0])

    events = {other.start: day(base), one.start: day(start)}
    if comes_before(one.start, other.start):
        events = dict(reversed(events.items()))
    return Example(tuple(events.items()), end(start, one.limit), end(base, other.limit))
