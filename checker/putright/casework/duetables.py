"""Due dates for every day of a span, counted by the engine, for pages that only look them up.

A column has, for each day of an event, the number of days until a due date. Steps with the same time limit share a
column.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from putright import fields
from putright.auditing.audits import judges, rulebook_names
from putright.calendars import FAR, Begins, Calendar, index
from putright.calendars.daytables import Days
from putright.engine.due import Dues, dues
from putright.files.tables import ROW
from putright.plugins import Host
from putright.records.caserecords import Records
from putright.rulebooks import Rulebook, doubts, phrases
from putright.rulebooks.rules import Extension, Limit, Timed, Unit


@dataclass(frozen=True)
class Column:
    """For each day of the span, the days from it to the date that follows; -1 if there is none."""

    days: tuple[int, ...]
    heading: str
    """The time in words, as ``10 working days``."""


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


@dataclass(frozen=True)
class Tables:
    """The dates of one procedure: by kind of complaint, by event."""

    first: dt.date
    length: int
    kinds: dict[str, dict[str, list[Following]]]
    columns: list[Column]
    calendars: dict[str, Calendar]
    """By rulebook, for those whose days can be listed."""

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
        if key not in self.found:
            self.found[key] = Column(tuple(days.tolist()), heading), days_off
        return list(self.found).index(key)

    def columns(self) -> list[Column]:
        """The columns; two of one heading differ in the days that are left out, so their headings say which."""
        times = Counter(column.heading for column, _ in self.found.values())
        return [
            replace(column, heading=f"{column.heading}, {days_off}") if times[column.heading] > 1 else column
            for column, days_off in self.found.values()
        ]


#: The note on a time limit if an event on a day off counts as on the next working day.
_MOVED = ", a day off counting as the next working day"
#: The kinds of complaint with different national rulebooks, and the flag that distinguishes them.
ORDINARY, LANDLORD = "A council service", "The council as landlord"


def tables(host: Host, book: Rulebook, first: dt.date, last: dt.date) -> Tables:
    """Every date that follows from every event of a council's procedure, for each day of the span."""
    council, procedure = book.council, book.procedure
    assert council is not None and procedure is not None
    columns = _Columns()
    kinds = {}
    for name, flags in ((ORDINARY, ""), (LANDLORD, ";landlord;")):
        if flags and "housing" not in book.governed_by:
            continue
        names = [
            each for each in rulebook_names(host, council, procedure, landlord=bool(flags)) if each in host.editions
        ]
        kinds[name] = {
            event: following
            for event in _events(host, names)
            if (following := _following(host, council, procedure, flags, event, first, last, columns))
        }
    spelt = {f.rulebook for events in kinds.values() for each in events.values() for f in each if f.counted}
    return Tables(
        first=first,
        length=(last - first).days + 1,
        kinds=kinds,
        columns=columns.columns(),
        calendars={name: host.calendar(host.editions[name][-1]) for name in sorted(spelt)},
    )


def _events(host: Host, names: list[str]) -> list[str]:
    """The events that time limits count from, in the order of a record."""
    rules = [r.rule for name in names for book in host.editions[name] for r in book.rulings().values()]
    timed = [rule for rule in rules if isinstance(rule, Timed) and rule.within]
    starts = {
        start for rule in timed for start in (rule.start, *([rule.alternative.start] if rule.alternative else []))
    }
    own = host.vocabulary.fields_of(host.editions[names[0]][0].council) if names else fields.NO_OWN
    return [name for name in (*fields.DATES, *own) if name in starts or name == "received"]


def _following(
    host: Host,
    council: str,
    procedure: str,
    flags: str,
    event: str,
    first: dt.date,
    last: dt.date,
    columns: _Columns,
) -> list[Following]:
    """The dates that follow from one event: a case for each day with nothing else recorded."""
    records = _records(host, council, procedure, flags, event, first, last)
    start = np.arange(index(first), index(last) + 1, dtype=np.int32)
    following = [
        _one(each, event, start, columns, _left_out(host.calendar(each.book)))
        for judge in judges(records, host, last)
        for each in dues(judge)
        if _base(each, event) == event and (each.first < FAR).any()
    ]
    series = columns.columns()
    return sorted(following, key=lambda each: max(series[each.column].days))


def _records(
    host: Host, council: str, procedure: str, flags: str, event: str, first: dt.date, last: dt.date
) -> Records:
    days = pl.date_range(first, last, eager=True)
    frame = pl.DataFrame({"received": days, event: days}).with_row_index(ROW, offset=1)
    frame = frame.with_columns(
        pl.col(ROW).cast(pl.String).alias("reference"),
        pl.lit(council).alias("council"),
        pl.lit(procedure).alias("procedure"),
        pl.lit(flags).alias("flags"),
    )
    return Records(frame, pl.DataFrame(), frame.height, tuple(host.words))


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


def _left_out(calendar: Calendar) -> str:
    """What a count does with the days on which the council is closed."""
    return "the council's closure days left out" if calendar.closures else "the council's closure days counted"


def _one(found: Dues, event: str, start: Days, columns: _Columns, left_out: str) -> Following:
    book, ruling, rule = found.book, found.ruling, found.rule
    assert rule.within is not None
    before = found.before.within if found.before and _base(found, event) != rule.start else None
    more = book.extension_of(ruling.name)
    by = more.rule.by if more and isinstance(more.rule, Extension) and isinstance(more.rule.by, Limit) else None

    begins = book.begins(rule)[0]

    def column(due: Days, *limits: Limit | None, moved: bool = begins is Begins.NEXT_WORKING_DAY) -> int | None:
        """The index of a column; None if no day of the span has such a date."""
        whole = _whole(due, found.case, len(start))
        heading = _heading(*limits) + (_MOVED if moved and rule.within and _in_working_days(rule.within) else "")
        return columns.place(start, whole, heading, left_out) if (whole < FAR).any() else None

    other_limit = rule.alternative
    limit = other_limit.within if other_limit and other_limit.start == event else rule.within
    own = column(found.first, limit)
    assert own is not None
    other = None
    if (found.other < FAR).any():
        other = column(np.minimum(found.other, np.where(found.other < FAR, FAR, found.first)), rule.within, moved=True)
    return Following(
        rule=ruling.name,
        rulebook=book.rulebook,
        edition=book.edition,
        clause=ruling.clause,
        kind=ruling.kind,
        within=phrases.asked(ruling.rule),
        column=own,
        latest=column(found.last, before, rule.within),
        other=other,
        extended=column(found.furthest, rule.within, by),
        counted=_in_working_days(rule.within),
        begins=begins,
        doubts=tuple(doubts.cited(doubts.of_ruling(book, ruling))),
        national=book.is_national,
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
