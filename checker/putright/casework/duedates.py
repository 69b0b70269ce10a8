"""When each step is due, from the events that are known: a reliable date, or a range.

If an earlier step has no date yet, the range goes from the earliest day it could have been done to its own due date.
If the source can be read in two ways, the earlier date comes first. The dates come from the clocks of the audit
(``engine.due``), which are imported only when needed, since a browser cannot load them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from putright import calendars, fields
from putright.calendars import Begins, Span
from putright.calendars.spelling import days_data, long_day, skipped
from putright.casework.explanation import NotFound, plain, wrapped
from putright.plugins import Host
from putright.rulebooks import Rulebook, phrases, short_doubt
from putright.rulebooks.limits import Limit, Unit
from putright.rulebooks.phrases import KINDS
from putright.rulebooks.rules import Timed
from putright.text.shown import Display, Showing, say, table, together

if TYPE_CHECKING:
    from putright.engine.due import Dues
    from putright.engine.judging import Judge
    from putright.records.caserecords import Records

#: The reading of the source that gives ``other``.
OTHER_DAY_ZERO = "if the next working day is day zero: the source does not say, so keep to the earlier date"
OTHER_START_DAY = "if that day is day zero: the source does not say, so keep to the earlier date"
OTHER_READING = "on another reading of the source, so keep to the earlier date"
#: The flag of a case that begins at stage 2; with no request, that counts as made on the day of receipt (contract 5.7).
_STRAIGHT, _REQUEST = "straight_to_stage2", "stage2_requested"


@dataclass(frozen=True)
class DueDate:
    """A due date: the day by which one rule asks for a step."""

    rulebook: str
    """The rulebook that makes the rule."""
    edition: str
    """The edition of that rulebook."""
    rule: str
    """The name of the rule (contract 6.4)."""
    clause: str
    """The clause, or clauses, that make the rule."""
    kind: str
    """The kind of rule (contract 6.5)."""
    who: str | None
    """Who has to act; None if the rulebook does not say."""
    start: dt.date | None
    """The starting event; None if it has no date yet."""
    within: str
    """The time limit in words, with the event it runs from."""
    due: dt.date
    """The date to keep to: on the strictest reading, from the earliest start."""
    latest: dt.date | None
    """The latest possible due date; None if the start is known."""
    start_from: dt.date | None
    """The earliest that the start can be, if it has no date yet."""
    start_by: dt.date | None
    """The latest that the start can be, if it has no date yet."""
    other: dt.date | None
    """A later date under another reading of the source; None if there is none."""
    other_reading: str
    """Which reading gives ``other``, in words; empty if there is none."""
    extended: dt.date | None
    """The latest date of an extension, if the rulebook sets one."""
    provisional: bool
    """Whether the date is beyond the announced bank holidays (contract 4.2)."""
    outside: str
    """Why the edition may not apply: it was not in force on the day of receipt; otherwise empty."""
    doubts: tuple[str, ...]
    """What the source leaves unclear about the rule."""
    notes: tuple[str, ...]
    """What else is noted of the rule."""
    span: Span | None
    """The days that were counted, one by one; None where working days are not counted."""
    only_if: str = ""
    """What has to be so for the step to be asked for, in words, if the events do not show it; otherwise empty."""

    def as_data(self) -> dict[str, Any]:
        """Gives it as plain data for JSON: ``due`` is the date to keep to, ``latest`` the end of its range."""
        names = (
            *("rulebook", "edition", "rule", "clause", "kind", "who", "start", "within", "due", "latest"),
            *("start_from", "start_by", "other", "extended", "provisional", "outside"),
        )
        return {
            **{name: plain(getattr(self, name)) for name in names},
            "other_reading": self.other_reading if self.other else "",
            "only_if": self.only_if,
            "start_not_recorded": self.start is None,
            "doubts": list(self.doubts),
            "notes": list(self.notes),
            "days": days_data(self.span),
        }


class DueDates(list[DueDate], Showing):
    """A list of every date that follows from some events, the earliest first."""

    def as_data(self) -> list[dict[str, Any]]:
        """Gives them as plain data for JSON."""
        return [date.as_data() for date in self]

    def lines(self) -> Iterator[str]:
        """Gives them as lines of plain text."""
        if not self:
            yield "No time limit runs from what was given."
        for outside in dict.fromkeys(date.outside for date in self if date.outside):
            yield f"Note: {outside}; the dates are those of this edition all the same."
        for date in self:
            aim = f", {KINDS['aim'].name}" if date.kind == "aim" else ""
            yield f"{_when(date)}  {fields.RULES[date.rule]} ({date.rulebook} {date.clause}{aim})"
            yield from wrapped("; ".join(counted(date)))
            for doubt in dict.fromkeys(map(short_doubt, date.doubts)):
                yield from wrapped(f"In doubt: {doubt}.")

    def shown(self) -> Display:
        """Shows them as a table."""
        if not self:
            return say("No time limit runs from what was given.")
        rows = [
            (fields.RULES[date.rule], _when(date), "; ".join(counted(date)), f"{date.rulebook} {date.clause}")
            for date in self
        ]
        doubts = dict.fromkeys(short_doubt(doubt) for date in self for doubt in date.doubts)
        asides = [say(f"In doubt: {doubt}.") for doubt in doubts]
        return together(table(("What", "Due", "How it is counted", "Clause"), rows, "When each step is due"), *asides)


def due_dates(
    host: Host,
    council: str | None,
    procedure: str,
    events: Mapping[str, dt.date],
    flags: str = "",
    *,
    conditional: bool = False,
) -> DueDates:
    """Every date that follows from these events (field name to date), in the order of the dates.

    ``conditional``: also the dates of steps that are asked for only if something is so which the events do not show.
    """
    from putright.auditing.audits import judges
    from putright.engine.due import dues

    given = flags.split(";")
    if _STRAIGHT in given and "received" in events:
        events = {_REQUEST: events["received"]} | dict(events)
    records = _records(host, council, procedure, events, flags)
    found = [
        _due_date(each, judge, host, events, given)
        for judge in judges(records, host, max(events.values()))
        for each in dues(judge, conditional=conditional)
        if _follows(each, events)
    ]
    return DueDates(sorted(found, key=lambda date: date.due))


def _records(host: Host, council: str | None, procedure: str, events: Mapping[str, dt.date], flags: str) -> Records:
    """The events as a case record; the day of receipt, where it is not given, is the first of them."""
    import polars as pl

    from putright.files.tables import ROW, ROW_ERROR, Table
    from putright.records.caserecords import make_records

    record: dict[str, Any] = {"reference": "due", "council": council, "procedure": procedure, "flags": flags}
    record |= {"received": min(events.values())} | dict(events)
    table = {name: [plain(value)] for name, value in record.items()}
    frame = pl.DataFrame({ROW: [1], ROW_ERROR: [None], **table}, schema_overrides=dict.fromkeys(table, pl.String))
    records = make_records(Table(frame, day_first=False), host.vocabulary, None)
    if records.rejected.height:
        raise NotFound(f"{records.rejected['message'][0]}.")
    return records


def _follows(dues: Dues, events: Mapping[str, dt.date]) -> bool:
    """Whether a date follows for a step that is not among the events, from one that is."""
    if dues.rule.step in events or dues.first[0] >= calendars.FAR:
        return False
    return _base(dues, events) in events


def _base(dues: Dues, events: Mapping[str, dt.date]) -> str:
    """The event that the date follows from: the start, or what the acknowledgement that starts it answers."""
    rule = dues.rule
    if rule.rule == "complain-in-time" and rule.start not in events:
        return "matter_occurred"
    start = calendars.date_at(dues.start[0])
    if rule.alternative and events.get(rule.start) != start:
        return rule.alternative.start
    return dues.before.start if dues.before and rule.start not in events else rule.start


def _due_date(dues: Dues, judge: Judge, host: Host, events: Mapping[str, dt.date], flags: Container[str]) -> DueDate:
    book, rule = dues.book, dues.rule
    limit = rule.limit(flags)
    assert limit is not None
    calendar, day = host.calendar(book), calendars.date_at
    start, due, latest = day(dues.start[0]), day(dues.first[0]), day(dues.last[0])
    assert due is not None
    counted = limit.unit is Unit.WORKING_DAYS
    return DueDate(
        rulebook=book.rulebook,
        edition=book.edition,
        rule=dues.ruling.name,
        clause=dues.ruling.clause,
        kind=dues.ruling.kind,
        who=dues.ruling.who,
        start=start,
        within=_within(rule, limit, _start_field(dues, events)) + _here(dues, events, flags),
        due=due,
        latest=latest,
        start_from=day(dues.start_from[0]),
        start_by=day(dues.start_by[0]),
        other=day(dues.other[0]),
        other_reading=other_reading(book, rule),
        extended=day(dues.furthest[0]),
        provisional=counted and (latest or due) > calendar.horizon,
        outside=_outside(dues, events),
        doubts=dues.ruling.unclear,
        notes=dues.ruling.notes,
        span=calendar.span(start, due, begins=book.begins(rule)[0]) if start and counted else None,
        only_if="" if dues.arises[0] else phrases.arises_if(rule),
    )


def other_reading(book: Rulebook, rule: Timed) -> str:
    """Which reading of the source gives a later date."""
    if rule.has_second_reading:
        return OTHER_READING
    return OTHER_START_DAY if Begins.DAY_ONE in book.begins(rule) else OTHER_DAY_ZERO


def _start_field(dues: Dues, events: Mapping[str, dt.date]) -> str:
    base = _base(dues, events)
    return base if base == "matter_occurred" else dues.rule.start


def _here(dues: Dues, events: Mapping[str, dt.date], flags: Container[str]) -> str:
    """What the request for the stage is in a case that begins with it."""
    received = _STRAIGHT in flags and dues.rule.start == _REQUEST and events.get(_REQUEST) == events.get("received")
    return ", here the receipt" if received else ""


def _outside(dues: Dues, events: Mapping[str, dt.date]) -> str:
    book, received = dues.book, min(events.values())
    received = events.get("received", received)
    if book.in_force.start and received < book.in_force.start:
        return f"{received} is before the first edition of {book.rulebook}, in force from {book.in_force.start}"
    if book.last_day and received > book.last_day:
        return f"{received} is after the last day of {book.rulebook}, {book.last_day}"
    return ""


def _within(rule: Timed, limit: Limit, start: str) -> str:
    if rule.alternative:
        return phrases.asked(rule)
    if limit.unit is Unit.MONTHS_INCLUSIVE:
        return f"{Limit(limit.count, Unit.MONTHS)} from {fields.noun(start)}, that day counted"
    return f"{limit} from {fields.noun(start)}"


# --- as text --------------------------------------------------------------------------------------


def _when(date: DueDate) -> str:
    if date.latest and date.latest != date.due:
        return f"{long_day(date.due)} to {long_day(date.latest)}"
    return long_day(date.due) + (f" (or {long_day(date.other)})" if date.other else "")


def counted(date: DueDate) -> Iterator[str]:
    """How the date is counted, part by part."""
    words = date.within
    if date.latest and date.start_from and date.start_by:
        words += (
            f": {long_day(date.due)} if that is on {long_day(date.start_from)}, "
            f"{long_day(date.latest)} at the very latest, if it is on its own last day, {long_day(date.start_by)}"
        )
    yield words
    if date.only_if:
        yield f"only {date.only_if}"
    if date.other:
        yield f"{long_day(date.other)} {date.other_reading}"
    if date.span and (names := skipped(date.span)):
        yield f"skipping {names}"
    if date.extended:
        yield f"if extended, {long_day(date.extended)} at most" + (", from the earliest start" if date.latest else "")
    if date.provisional:
        yield "provisional, as the days off so far ahead are not all known"
