"""Due dates for every day of a span, counted by the engine, for pages that only look them up.

A column has, for each day of an event, the number of days until a due date. Steps with the same time limit share a
column. The dates are those of ``due``, with the steps that are asked for only if something is so.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from putright import fields
from putright.auditing.audits import judges, rulebook_names
from putright.calendars import FAR, Begins, Calendar, index
from putright.calendars.daytables import Days
from putright.casework.duedates import other_reading
from putright.engine.due import Dues, End, dues
from putright.files.tables import ROW
from putright.plugins import Host
from putright.records.caserecords import Records
from putright.rulebooks import Rulebook, doubts, phrases
from putright.rulebooks.limits import Limit, Unit
from putright.rulebooks.rules import Extension, Timed


@dataclass(frozen=True)
class Column:
    """For each day of the span, the days from it to the date that follows; -1 if there is none."""

    days: tuple[int, ...]
    heading: str
    """The time in words, for example ``10 working days``."""


@dataclass(frozen=True)
class Following:
    """One date that follows from an event."""

    rule: str
    rulebook: str
    edition: str
    clause: str
    kind: str
    within: str
    column: int
    """The date to keep to: on the strictest reading, from the earliest start."""
    latest: int | None
    """The column of the latest date, if the start has no date yet; None if the start is the event itself."""
    other: int | None
    """The column of a later date under another reading of the source; None if there is none."""
    extended: int | None
    """The column of the latest date of an extension; None if there is none, or no limit."""
    counted: bool
    """In working days, so that each day can be listed."""
    begins: Begins
    """What the event is in the count, on the strictest reading."""
    doubts: tuple[str, ...]
    """The doubts, a sentence each; doubts about the whole document are at the top of the page."""
    national: bool
    step: str
    """The field with the step; a date is not looked for once the step is done."""
    only_if: str
    """What has to be so for the step to be asked for, in words; empty if the event is enough."""
    awaited: str
    """The field of the start that has no date yet; empty if the start is the event itself."""
    starts_from: int | None
    """The column of the earliest day of a start with no date yet; None as for ``latest``."""
    starts_by: int | None
    """The column of the latest day that it can be."""
    other_reading: str
    """Which reading of the source gives ``other``, in words."""


@dataclass(frozen=True)
class Ending:
    """Where one time limit ends: a column by the day of one of the events."""

    event: str
    column: int
    extended: int | None
    """The column of the latest date of an extension; None if there is none, or no limit."""


@dataclass(frozen=True)
class Paired:
    """One date that follows from two events, for example the complaint and its acknowledgement."""

    date: Following
    """The date as it follows from the event that its limit counts from, by itself."""
    event: str
    """That event."""
    since: int
    """The first day of the first event for which it is so, as a day of the span: editions differ."""
    until: int
    """The last one."""
    readings: tuple[tuple[Ending, ...], ...]
    """By reading, the strictest first: where the limit ends and, if the rule has a second limit, where that ends. The
    due date is that of the first; the latest of all is a later date under another reading."""
    combined: str
    """Which of two ends counts: ``later`` or ``earlier``; empty if there is one."""


@dataclass(frozen=True)
class Tables:
    """The dates of one procedure: by kind of complaint, by event."""

    first: dt.date
    length: int
    kinds: dict[str, dict[str, list[Following]]]
    columns: list[Column]
    calendars: dict[str, Calendar]
    """By rulebook, for those whose days can be listed."""
    pairs: dict[str, dict[tuple[str, str], list[Paired]]]
    """By kind of complaint, by the event that is acknowledged and the acknowledgement: the dates that follow from both.
    """

    @cached_property
    def by_event(self) -> list[int]:
        """The columns that follow from one event alone, the shortest time first."""
        found = {
            place
            for events in self.kinds.values()
            for dates in events.values()
            for each in dates
            for place in (each.column, each.latest, each.other, each.extended)
            if place is not None
        }
        return sorted(found, key=lambda place: max(self.columns[place].days))

    @cached_property
    def dates(self) -> list[dt.date]:
        """Every day of the span."""
        return [self.first + dt.timedelta(days=offset) for offset in range(self.length)]


class _Columns:
    """Columns as they are found, each once."""

    def __init__(self) -> None:
        self.found: dict[bytes, tuple[Column, str]] = {}

    def place(self, start: Days, due: Days, heading: str, days_off: str) -> int:
        days = np.where(due < FAR, due - start, -1).astype(np.int32)
        key = days.tobytes()
        if key not in self.found or not self.found[key][0].heading:
            self.found[key] = Column(tuple(days.tolist()), heading), days_off
        return list(self.found).index(key)

    def place_if_any(self, start: Days, due: Days) -> int | None:
        """The index of a column that is not for reading; None if it has no date."""
        return self.place(start, due, "", "") if (due < FAR).any() else None

    def columns(self) -> list[Column]:
        """The columns; two of one heading differ in the days that are left out, so their headings say which."""
        times = Counter(column.heading for column, _ in self.found.values() if column.heading)
        return [
            replace(column, heading=f"{column.heading}, {days_off}") if times[column.heading] > 1 else column
            for column, days_off in self.found.values()
        ]


#: The note on a time limit if an event on a day off counts as on the next working day.
_MOVED = ", a day off counting as the next working day"
#: The kinds of complaint with different national rulebooks or time limits, and the flag that distinguishes them.
ORDINARY, LANDLORD = "A council service", "The council as landlord"
STRAIGHT = "A council service, straight to stage 2"
_FLAGS = {ORDINARY: "", STRAIGHT: ";straight_to_stage2;", LANDLORD: ";landlord;"}
#: What the times of a complaint that goes straight to stage 2 count from.
_STRAIGHT_FROM = ("stage2_requested", "stage2_acknowledged")


def tables(host: Host, book: Rulebook, first: dt.date, last: dt.date) -> Tables:
    """Every date that follows from every event of a procedure, for each day of the span.

    ``book`` is a council's rulebook, or a national one for a council that has none of its own.
    """
    columns = _Columns()
    kinds, pairs = {}, {}
    for name in _kinds(host, book):
        cases = _Cases(host, book.council, book.procedure or _procedure_of(book), _FLAGS[name], first, last)
        events, answered = _events(host, cases.books), _pairs(host, cases.books)
        if name == STRAIGHT:
            events = [event for event in events if event in _STRAIGHT_FROM]
            answered = (pair for pair in answered if pair[0] in _STRAIGHT_FROM)
        kinds[name] = {event: following for event in events if (following := _following(cases, event, columns))}
        pairs[name] = {pair: paired for pair in answered if (paired := _paired(cases, pair, kinds[name], columns))}
    spelt = {f.rulebook for events in kinds.values() for each in events.values() for f in each if f.counted}
    return Tables(
        first=first,
        length=(last - first).days + 1,
        kinds=kinds,
        columns=columns.columns(),
        calendars={name: host.calendar(host.editions[name][-1]) for name in sorted(spelt)},
        pairs=pairs,
    )


def _kinds(host: Host, book: Rulebook) -> Iterator[str]:
    """The kinds of complaint that have dates of their own."""
    yield ORDINARY
    rules = [ruling.rule for each in host.editions[book.rulebook] for ruling in each.rulings().values()]
    if any(isinstance(rule, Timed) and rule.within_if_first for rule in rules):
        yield STRAIGHT
    if "housing" in book.governed_by:
        yield LANDLORD


def _procedure_of(national: Rulebook) -> str:
    """The procedure that a national rulebook is for."""
    return next(procedure for procedure, name in fields.NATIONAL.items() if name == national.rulebook)


@dataclass(frozen=True)
class _Cases:
    """The cases that dates are worked out for: those of one procedure and of one kind, one for each day of a span."""

    host: Host
    council: str | None
    procedure: str
    flags: str
    first: dt.date
    last: dt.date

    @property
    def books(self) -> list[str]:
        """The rulebooks that judge them."""
        names = rulebook_names(self.host, self.council, self.procedure, landlord=self.flags == _FLAGS[LANDLORD])
        return [name for name in names if name in self.host.editions]

    @cached_property
    def start(self) -> Days:
        """Every day of the span, as places in the calendar."""
        return np.arange(index(self.first), index(self.last) + 1, dtype=np.int32)

    @cached_property
    def days(self) -> list[dt.date]:
        """Every day of the span."""
        return [self.first + dt.timedelta(days=place) for place in range(len(self.start))]

    def dues(self, events: dict[str, list[dt.date]]) -> Iterator[Dues]:
        """When each step is due in cases with these events; the first is the day of receipt where that is not given."""
        known = {"received": next(iter(events.values())), **events}
        frame = pl.DataFrame(known).with_row_index(ROW, offset=1)
        frame = frame.with_columns(
            pl.col(ROW).cast(pl.String).alias("reference"),
            pl.lit(self.council, pl.String).alias("council"),
            pl.lit(self.procedure).alias("procedure"),
            pl.lit(self.flags).alias("flags"),
        )
        records = Records(frame, pl.DataFrame(), frame.height, tuple(self.host.words))
        for judge in judges(records, self.host, self.last):
            yield from dues(judge, conditional=True)


def _events(host: Host, names: list[str]) -> list[str]:
    """The events that time limits count from, in the order of a record."""
    rules = [r.rule for name in names for book in host.editions[name] for r in book.rulings().values()]
    timed = [rule for rule in rules if isinstance(rule, Timed) and rule.within]
    starts = {
        start for rule in timed for start in (rule.start, *([rule.alternative.start] if rule.alternative else []))
    }
    own = host.vocabulary.fields_of(host.editions[names[0]][0].council) if names else fields.NO_OWN
    return [name for name in (*fields.DATES, *own) if name in starts or name == "received"]


def _following(cases: _Cases, event: str, columns: _Columns) -> list[Following]:
    """The dates that follow from one event: a case for each day with nothing else recorded."""
    following = [
        _one(each, event, cases, columns)
        for each in cases.dues({event: cases.days})
        if _base(each, event) == event and (each.first < FAR).any()
    ]
    series = columns.columns()
    return sorted(following, key=lambda each: max(series[each.column].days))


def _base(found: Dues, event: str) -> str:
    """The event a date follows from: the start, or what the acknowledgement that starts the clock answers.

    The time limit for complaining runs from the matter itself if only that is known.
    """
    if found.rule.rule == "complain-in-time" and event == "matter_occurred":
        return event
    other = found.rule.alternative
    if other and event == other.start and found.rule.start != "received":  # every case here has a day of receipt
        return event
    open_start = found.before is not None and bool((found.start == FAR).all())
    return found.before.start if found.before and open_start else found.rule.start


# --- two events -----------------------------------------------------------------------------------


def _pairs(host: Host, names: list[str]) -> Iterator[tuple[str, str]]:
    """Each event that is acknowledged, with its acknowledgement, where a time limit counts from that."""
    rules = [r.rule for name in names for book in host.editions[name] for r in book.rulings().values()]
    timed = [rule for rule in rules if isinstance(rule, Timed) and rule.within]
    starts = {start for rule in timed for start in rule.starts}
    found = {
        (rule.start, rule.step)
        for rule in timed
        if rule.entry.act is fields.Act.ACKNOWLEDGE and rule.stage and rule.step in starts
    }
    yield from sorted(found)


def _paired(cases: _Cases, pair: tuple[str, str], alone: dict[str, list[Following]], columns: _Columns) -> list[Paired]:
    """The dates that follow from two events, edition by edition: the first event chooses the edition."""
    return [date for segment in _segments(cases) for date in _of_segment(cases, pair, segment, alone, columns)]


def _segments(cases: _Cases) -> Iterator[tuple[int, int]]:
    """The first and last day of the span, as places in it, of each time in which the editions do not change."""
    size = (cases.last - cases.first).days + 1
    begun = {0}
    for name in cases.books:
        for book in cases.host.editions[name][1:]:
            if book.in_force.start is not None:
                begun.add((book.in_force.start - cases.first).days)
    inside = sorted(place for place in begun if 0 <= place < size)
    yield from zip(inside, [*(place - 1 for place in inside[1:]), size - 1], strict=True)


def _of_segment(
    cases: _Cases,
    pair: tuple[str, str],
    segment: tuple[int, int],
    alone: dict[str, list[Following]],
    columns: _Columns,
) -> Iterator[Paired]:
    """The second event is on each day from the first of the segment; the first event on that day too, or the last."""
    opening, answer = pair
    since, until = segment
    span, second = cases.start, cases.days[since:]
    first = [min(day, cases.days[until]) for day in second]
    for found in cases.dues({opening: first, answer: second}):
        event = _paired_base(found, pair)
        if event not in pair or found.rule.step in pair or not (found.first < FAR).any():
            continue
        name = (found.book.rulebook, found.book.edition, found.ruling.name)
        date = next(each for each in alone[event] if (each.rulebook, each.edition, each.rule) == name)

        def column(event: str, due: Days, case: NDArray[np.int64] = found.case) -> int | None:
            whole = np.full(len(span), FAR, dtype=np.int32)
            whole[since:][case] = due
            if event == opening:
                whole[until + 1 :] = FAR
            return columns.place_if_any(span, whole)

        yield Paired(
            date=replace(date, only_if=_only_if(found)),
            event=event,
            since=since,
            until=until,
            readings=tuple(filter(None, (_reading(ends, pair, column) for ends in found.ends))),
            combined="" if found.rule.alternative is None else "later" if found.rule.or_if_later else "earlier",
        )


def _paired_base(found: Dues, pair: tuple[str, str]) -> str:
    """The event that a date follows from, as for one event."""
    rule = found.rule
    strictest = (rule.start, rule.alternative.start) if rule.alternative else (rule.start,)
    if start := next((start for start in strictest if start in pair), ""):
        return start
    return found.before.start if found.before else ""


def _reading(
    ends: tuple[End, ...], pair: tuple[str, str], column: Callable[[str, Days], int | None]
) -> tuple[Ending, ...]:
    """The ends of one reading that start with one of the events: the first, if there is no day of receipt."""
    found = []
    for end in ends:
        event = pair[0] if end.start == "received" else end.start
        place = column(event, end.due) if event in pair else None
        if place is not None:
            found.append(Ending(event, place, column(event, end.furthest)))
    return tuple(found)


def _only_if(found: Dues) -> str:
    """What has to be so for the step to be asked for, where the events are not enough."""
    return "" if found.arises[found.first < FAR].all() else phrases.arises_if(found.rule)


# --- one date -------------------------------------------------------------------------------------


def _left_out(calendar: Calendar) -> str:
    """What a count does with the days on which the council is closed."""
    return "the council's closure days left out" if calendar.closures else "the council's closure days counted"


def _one(found: Dues, event: str, cases: _Cases, columns: _Columns) -> Following:
    book, ruling, rule = found.book, found.ruling, found.rule
    flags, start, left_out = cases.flags.split(";"), cases.start, _left_out(cases.host.calendar(found.book))
    within = rule.limit(flags)
    assert within is not None
    before = found.before.limit(flags) if found.before and _base(found, event) != rule.start else None
    more = book.extension_of(ruling.name)
    by = more.rule.by if more and isinstance(more.rule, Extension) and isinstance(more.rule.by, Limit) else None

    begins = book.begins(rule)[0]

    def column(due: Days, *limits: Limit | None, moved: bool = begins is Begins.NEXT_WORKING_DAY) -> int | None:
        """The index of a column; None if no day of the span has such a date."""
        whole = _whole(due, found.case, len(start))
        heading = _heading(*limits) + (_MOVED if moved and _in_working_days(within) else "")
        return columns.place(start, whole, heading, left_out) if (whole < FAR).any() else None

    other_limit = rule.alternative
    limit = other_limit.within if other_limit and other_limit.start == event else within
    own = column(found.first, limit)
    assert own is not None
    other = None
    if (found.other < FAR).any():
        other = column(np.minimum(found.other, np.where(found.other < FAR, FAR, found.first)), within, moved=True)
    return Following(
        rule=ruling.name,
        rulebook=book.rulebook,
        edition=book.edition,
        clause=ruling.clause,
        kind=ruling.kind,
        within=phrases.asked(ruling.rule),
        column=own,
        latest=column(found.last, before, within),
        other=other,
        extended=column(found.furthest, within, by),
        counted=_in_working_days(within),
        begins=begins,
        doubts=tuple(doubts.cited(doubts.of_ruling(book, ruling))),
        national=book.is_national,
        step=rule.step,
        only_if=_only_if(found),
        awaited=found.before.step if found.before and before else "",
        starts_from=columns.place_if_any(start, _whole(found.start_from, found.case, len(start))),
        starts_by=columns.place_if_any(start, _whole(found.start_by, found.case, len(start))),
        other_reading=other_reading(book, rule),
    )


def _in_working_days(limit: Limit) -> bool:
    return limit.unit is Unit.WORKING_DAYS


def _whole(due: Days, case: NDArray[np.int64], size: int) -> Days:
    """By day; FAR on those that another edition judges."""
    whole = np.full(size, FAR, dtype=np.int32)
    whole[case] = due
    return whole


def _heading(*limits: Limit | None) -> str:
    """Limits end to end in words: working days add up, since each ends on a working day."""
    run = [limit for limit in limits if limit]
    if all(limit.unit is Unit.WORKING_DAYS for limit in run):
        return phrases.length(Limit(sum(limit.count for limit in run), Unit.WORKING_DAYS))
    return ", then ".join(phrases.length(limit) for limit in run)
