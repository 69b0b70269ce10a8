"""Whether one time limit can ever end later than another, whatever event each counts from.

A limit's end grows with its start, so the worst case of two limits is known: where the second counts
from a later event, that event falls on the same day as the first one's; where the first counts from a
later event, that event comes on the last day that the first one's own rulebook allows. For these the
ends are compared on every day for which England's bank holidays are known.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np

from putright import calendars, fields
from putright.calendars import Calendar, Days, month_table
from putright.rulebooks import Rulebook
from putright.rules import Limit, Timed, Unit


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
    """Months against working days: now sooner, now later, as the calendar falls."""
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
    return firm and rule.or_start is None and rule.when is None and rule.unless is None


# --- comparing ------------------------------------------------------------------------------------

_BEGIN = calendars.index(dt.date(calendars.FROZEN_YEARS.start, 1, 1))
#: Two years are left for the limits to run in.
_END = calendars.index(dt.date(calendars.FROZEN_YEARS.stop - 3, 12, 31))
#: Examples begin here where they can: a Monday with no bank holiday near it.
_PLAIN = calendars.index(dt.date(2026, 1, 12))


@cache
def _calendar() -> Calendar:
    return Calendar()


def _after(days: Days, limit: Limit) -> Days:
    if limit.unit is Unit.WORKING_DAYS:
        return _calendar().day_of[_calendar().ceiling[days] + limit.count]
    return month_table(limit.count, limit.unit is Unit.MONTHS_INCLUSIVE)[days]


def compare(one: Allowance, other: Allowance, book: Rulebook) -> Comparison:
    """Whether ``one`` ever ends later than ``other``; ``book`` is the rulebook of the first.

    Counted in England's working days, without any council's closure days.
    """
    days: Days = np.arange(_BEGIN, _END + 1, dtype=np.int32)
    if one.start == other.start or comes_before(one.start, other.start):
        starts = days
    elif comes_before(other.start, one.start):
        run = run_to(one.start, other.start, book)
        if run is None:
            return Comparison(Relation.UNBOUNDED, _unbounded(one, other))
        starts = days
        for limit in run:
            starts = _after(starts, limit)
    else:
        return Comparison(Relation.UNORDERED)
    gaps = _after(starts, one.limit) - _after(days, other.limit)
    relation = _relation(gaps, one, other)
    return Comparison(relation, None if relation in NEVER_LATER else _example(one, other, days, starts, gaps))


def _relation(gaps: Days, one: Allowance, other: Allowance) -> Relation:
    later, sooner = bool((gaps > 0).any()), bool((gaps < 0).any())
    if later:
        return Relation.MIXED if sooner else Relation.LATER
    if sooner:
        return Relation.SOONER
    if one.start == other.start:
        return Relation.SAME
    # The same end in the worst case; in others the event that comes second moves one of the two.
    return Relation.WITHIN if comes_before(other.start, one.start) else Relation.SOONER


def _example(one: Allowance, other: Allowance, days: Days, starts: Days, gaps: Days) -> Example:
    """The first later case from a plain working day on, or the first there is."""
    later = np.flatnonzero(gaps > 0)
    plain = later[(days[later] >= _PLAIN) & (_calendar().floor[days[later]] == _calendar().ceiling[days[later]])]
    place = int((plain if plain.size else later)[0])
    return _dated(one, int(starts[place]), other, int(days[place]))


def _unbounded(one: Allowance, other: Allowance) -> Example:
    """The first working day on which the first one's start makes it later."""
    days: Days = np.arange(_PLAIN, _END + 1, dtype=np.int32)
    days = days[_calendar().floor[days] == _calendar().ceiling[days]]
    end = _after(days[:1], other.limit)[0]
    start = days[np.flatnonzero(_after(days, one.limit) > end)[0]]
    return _dated(one, int(start), other, int(days[0]))


def _dated(one: Allowance, start: int, other: Allowance, base: int) -> Example:
    def day(place: int) -> dt.date:
        date = calendars.date_at(place)
        assert date is not None
        return date

    def end(place: int, limit: Limit) -> dt.date:
        return day(int(_after(np.array([place], dtype=np.int32), limit)[0]))

    events = {other.start: day(base), one.start: day(start)}
    if comes_before(one.start, other.start):
        events = dict(reversed(events.items()))
    return Example(tuple(events.items()), end(start, one.limit), end(base, other.limit))
