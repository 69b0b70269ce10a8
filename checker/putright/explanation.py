"""One case explained: its timeline, and for each rule every day counted and every day skipped, by name.

The verdicts come from the same engine as an audit's; only the days are spelt out here. The engine is imported where
it is asked, so that days can be spelt out where it cannot be had: in a browser.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from putright import anchors, calendars, fields
from putright.calendars import Calendar, Span, add_months
from putright.mistakes import Mistake
from putright.plugins import Host
from putright.rulebooks import Clause, Rulebook, Ruling
from putright.rules import Extension, Limit, Notice, Timed, Unit

if TYPE_CHECKING:
    from putright.records import Records

_WIDTH = 100
#: Days past the due date that are spelt out; a long overrun is summed up after them.
_OVER_SHOWN = 15


class NotFound(Mistake):
    """The case asked for is not there to explain; the text says why."""


@dataclass(frozen=True)
class Explained:
    """One rule in one case: the finding as an audit gives it, the clauses with where each stands, the days."""

    finding: dict[str, Any]
    clauses: tuple[Clause, ...]
    links: tuple[str, ...]
    """Where each of the clauses stands in the handbook."""
    counting: str
    span: Span | None = None


@dataclass(frozen=True)
class Explanation:
    """One case: what happened when, and what each rule makes of it."""

    reference: str
    as_at: dt.date
    timeline: list[tuple[dt.date, str]]
    rules: list[Explained] = field(default_factory=list)


def explain(
    records: Records, host: Host, reference: str, as_at: dt.date, *, every: bool = False, handbook: str = ""
) -> Explanation:
    """Explain one case of a file; NotFound where it is not among those that can be audited.

    Links lead to clauses in the ``handbook`` at this address; without one they begin at its root.
    """
    import polars as pl

    from putright.audit import audit
    from putright.records import Records

    case = records.frame.filter(pl.col("reference") == reference)
    if case.is_empty():
        raise NotFound(_why_not(records, reference))
    if case["received"][0] > as_at:
        raise NotFound(f"case {reference} was received on {case['received'][0]}, after the audit date {as_at}.")
    alone = Records(case, records.rejected.clear(), 1, records.words, kept=records.kept)
    found = audit(alone, host, as_at, every=every)
    row = case.row(0, named=True)
    explained = [_explained(finding, host, row, handbook) for finding in found.findings.iter_rows(named=True)]
    return Explanation(reference, as_at, list(_timeline(row, as_at)), explained)


def _why_not(records: Records, reference: str) -> str:
    import polars as pl

    rejected = records.rejected.filter(pl.col("reference") == reference)
    if rejected.is_empty():
        return f"no case has the reference {reference!r}."
    row = rejected.row(0, named=True)
    return f"case {reference} was rejected: row {row['row']}: {row['message']}."


def _timeline(row: Mapping[str, Any], as_at: dt.date) -> Iterator[tuple[dt.date, str]]:
    events = [(row[name], name) for name in fields.DATES if row.get(name)]
    for day, name in sorted(events, key=lambda event: (event[0], list(fields.FIELDS).index(event[1]))):
        noun = fields.noun(name)
        if not fields.FIELDS[name].event:
            noun += " (a date promised)"
        elif day > as_at:
            noun += " (after the audit date: not yet happened)"
        yield day, noun


# --- how a rule was counted -----------------------------------------------------------------------


def edition(host: Host, finding: Mapping[str, Any]) -> Rulebook:
    """The edition of the rulebook that a finding names."""
    return next(book for book in host.editions[finding["rulebook"]] if book.edition == finding["edition"])


def _explained(finding: dict[str, Any], host: Host, row: Mapping[str, Any], handbook: str) -> Explained:
    book = edition(host, finding)
    rulings = book.rulings()
    ruling = rulings[finding["rule"]]
    cited = anchors.cited(ruling.clause, book)
    clauses = tuple(clause for clause in book.clauses if clause.id in cited)
    links = tuple(anchors.link(book, clause.id, host, handbook) for clause in clauses)
    calendar = host.calendar(book)
    counting, span = _counting(finding, ruling, rulings, row, calendar, book.held_stages())
    return Explained(finding, clauses, links, counting, span)


def _counting(
    finding: Mapping[str, Any],
    ruling: Ruling,
    rulings: Mapping[str, Ruling],
    row: Mapping[str, Any],
    calendar: Calendar,
    held_stages: frozenset[int],
) -> tuple[str, Span | None]:
    """In words how the due date comes about, and the days themselves where working days are counted."""
    rule = rulings[ruling.rule.extends].rule if isinstance(ruling.rule, Extension) else ruling.rule
    start, due = finding["start"], finding["due"]
    if not isinstance(rule, Timed | Notice) or rule.within is None:
        return "", None
    if start is None:
        if "start_not_recorded" in finding["marks"]:
            return f"{_upper(fields.noun(rule.start))} has no date, so the clock is bounded; {_or_open(due)}", None
        return "", None
    if isinstance(rule, Notice):
        words = f"{rule.within} back from {fields.noun(rule.start)} on {_long(start)}: {_or_open(due)}"
        return words, calendar.span_back(start, due)
    held = _held(rule, row, held_stages) if due else frozenset()
    words = f"{rule.within} from {fields.noun(rule.start)} on {_long(start)}"
    if rule.within.unit is not Unit.WORKING_DAYS:
        inclusive = rule.within.unit is Unit.MONTHS_INCLUSIVE
        own = add_months(start, rule.within.count, inclusive=inclusive)
        how = "the day itself counts" if inclusive else "calendar months, from the date itself"
        return f"{words} ({how}): {_or_open(own)}{_moved(own, due)}", None
    own = calendar.add(start, rule.within.count)
    zero = calendar.day_zero(start)
    if zero != start:
        words += f" ({calendar.why_not(start)}, so day zero is {_long(zero)})"
    end = max(day for day in (due or own, finding["done"] or due or own) if day)
    return f"{words}: {_or_open(own)}{_moved(own, due)}", calendar.span(start, end, held)


def _or_open(due: dt.date | None) -> str:
    return f"due by {_long(due)}" if due else "no due date yet"


def _moved(own: dt.date, due: dt.date | None) -> str:
    if due is None or due == own:
        return ""
    return f"; moved to {_long(due)} by an extension or a hold"


def _held(rule: Timed, row: Mapping[str, Any], held_stages: frozenset[int]) -> frozenset[dt.date]:
    """The days on hold of a response's own stage, where the rulebook lets a hold stop its clock."""
    stage = fields.FIELDS[rule.step].stage
    places = row.get(f"stage{stage}_holds") or []
    if stage not in held_stages or not rule.step.endswith("_responded"):
        return frozenset()
    last = calendars.index(row[rule.step]) if row.get(rule.step) else calendars.FAR
    days: set[dt.date] = set()
    for begin, end in zip(places[::2], places[1::2], strict=True):
        stop = min(end, last)
        days |= {d for place in range(begin, stop) if (d := calendars.date_at(place)) and stop < calendars.FAR}
    return frozenset(days)


def _long(day: dt.date) -> str:
    return f"{day:%a} {day.isoformat()}"


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


# --- as text --------------------------------------------------------------------------------------


def lines(explanation: Explanation) -> Iterator[str]:
    """The explanation as lines of plain text."""
    yield f"Case {explanation.reference}, as at {explanation.as_at}"
    yield ""
    for day, noun in explanation.timeline:
        yield f"  {_long(day)}  {noun}"
    book = None
    for item in explanation.rules:
        finding = item.finding
        if finding["rulebook"] != book:
            book = finding["rulebook"]
            yield ""
            yield f"{book} ({finding['edition']})"
        yield ""
        verdict = finding["verdict"].replace("_", " ").upper()
        yield f"  {fields.RULES[finding['rule']]} [{finding['rule']}], clause {finding['clause']}: {verdict}"
        yield from _wrapped(finding["message"])
        if item.counting:
            yield from _wrapped(item.counting)
        if item.span:
            yield from _wrapped(spelt(item.span, finding["due"]))
        for clause, link in zip(item.clauses, item.links, strict=True):
            yield from _wrapped(f"{clause.id} {clause.heading}: {clause.text.strip()}")
            yield f"      handbook: {link}"  # in one line, so that it can be followed


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="    ", subsequent_indent="      ")


def spelt(span: Span, due: dt.date | None) -> str:
    """Every day of a count: its number, or in brackets why it is skipped; 'due' where the time ends."""
    words = [f"0 {_short(span.zero)}"]
    over = 0
    for place, day in enumerate(span.days):
        if due and span.zero < due < day.date:
            over += 1
            if over > _OVER_SHOWN:
                last = span.days[-1]
                rest = sum(later.number is not None for later in span.days[place:])
                words.append(f"… {rest} more working days to {_short(last.date)}, day {span.counted}")
                break
        reason = "weekend" if day.date.weekday() >= 5 else day.skipped
        words.append(f"({_short(day.date)}: {reason})" if reason else f"{day.number} {_short(day.date)}")
        if day.date == due:
            words[-1] += " DUE"
    return "Counted: " + ", ".join(words)


def _short(day: dt.date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}" if (day.month, day.day) == (1, 1) else f"{day:%a} {day.day} {day:%b}"


def as_data(explanation: Explanation) -> dict[str, Any]:
    """The explanation as plain data for JSON."""
    return {
        "reference": explanation.reference,
        "as_at": explanation.as_at.isoformat(),
        "timeline": [{"date": day.isoformat(), "event": noun} for day, noun in explanation.timeline],
        "rules": [
            {
                **{key: _plain(value) for key, value in item.finding.items()},
                "clauses": [
                    {"id": clause.id, "heading": clause.heading, "text": clause.text.strip(), "link": link}
                    for clause, link in zip(item.clauses, item.links, strict=True)
                ],
                "counting": item.counting,
                "days": _days(item.span),
            }
            for item in explanation.rules
        ],
    }


def _days(span: Span | None) -> list[dict[str, Any]]:
    if span is None:
        return []
    return [{"date": day.date.isoformat(), "number": day.number, "skipped": day.skipped} for day in span.days]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


# --- due dates ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DueDate:
    """A date that follows from an event: the rule, its clause, how long, by when, the days."""

    rulebook: str
    rule: str
    clause: str
    kind: str
    start: dt.date | None
    within: str
    due: dt.date
    extended: dt.date | None
    """The furthest an extension may reach, where the rulebook sets an end to it."""
    latest_start: bool
    """The start is not known yet: counted from the last day it may have."""
    provisional: bool
    span: Span | None


def due_dates(
    host: Host, council: str | None, procedure: str, events: Mapping[str, dt.date], flags: str = ""
) -> list[DueDate]:
    """Every date that follows from these events (field name to date), in the order of the dates."""
    import polars as pl

    from putright.audit import audit
    from putright.files.tables import ROW, SPOILT, Table
    from putright.records import make_records

    record: dict[str, Any] = {"reference": "due", "council": council, "procedure": procedure, "flags": flags}
    record |= {"received": min(events.values())} | dict(events)
    table = {name: [_plain(value)] for name, value in record.items()}
    frame = pl.DataFrame({ROW: [1], SPOILT: [None], **table}, schema_overrides=dict.fromkeys(table, pl.String))
    records = make_records(Table(frame, day_first=False), host.councils, host.words, None)
    if records.rejected.height:
        raise NotFound(f"{records.rejected['message'][0]}.")
    found = audit(records, host, max(events.values()), every=True, messages=False)
    dates = [date for finding in found.findings.iter_rows(named=True) if (date := _due_date(finding, host, events))]
    return sorted(dates, key=lambda date: date.due)


def _due_date(finding: dict[str, Any], host: Host, events: Mapping[str, dt.date]) -> DueDate | None:
    book = edition(host, finding)
    ruling = book.rulings()[finding["rule"]]
    rule, due, done = ruling.rule, finding["due"], finding["done"]
    if not isinstance(rule, Timed) or rule.within is None or due is None or done is not None:
        return None
    calendar = host.calendar(book)
    latest = "start_not_recorded" in finding["marks"] or finding["start"] is None
    base = _bounded_by(rule, book) if latest else rule.start
    if base not in events:
        return None
    start = finding["start"]
    extension = next(
        (r.rule for r in book.rulings().values() if isinstance(r.rule, Extension) and r.rule.extends == rule.rule), None
    )
    extended = None
    if extension and isinstance(extension.by, Limit):
        extended = calendar.add(start, rule.within.count + extension.by.count) if start else None
        if start is None:
            extended = calendar.add(due, extension.by.count)
    counted = rule.within.unit is Unit.WORKING_DAYS
    return DueDate(
        rulebook=book.rulebook,
        rule=ruling.name,
        clause=ruling.clause,
        kind=ruling.kind,
        start=start,
        within=_within(rule),
        due=due,
        extended=extended,
        latest_start=latest,
        provisional="provisional" in finding["marks"] or (counted and due > calendars.HORIZON),
        span=calendar.span(start, due) if start and counted else None,
    )


def _within(rule: Timed) -> str:
    assert rule.within is not None
    if rule.within.unit is Unit.MONTHS_INCLUSIVE:
        return f"{Limit(rule.within.count, Unit.MONTHS)} from {fields.noun(rule.start)}, that day counted"
    return f"{rule.within} from {fields.noun(rule.start)}"


def _bounded_by(rule: Timed, book: Rulebook) -> str | None:
    """The event behind an acknowledgement that is still to come."""
    timed = book.rulings().get(f"acknowledge-{rule.start.partition('_')[0]}")
    return timed.rule.start if timed and isinstance(timed.rule, Timed) else None


def skipped(span: Span) -> str:
    """The days skipped in a count, by name; weekends together."""
    named = [
        f"{day.skipped.removesuffix(' (bank holiday)')} {day.date.day} {day.date:%b}"
        for day in span.days
        if day.skipped and day.date.weekday() < 5
    ]
    weekend = sum(day.skipped is not None and day.date.weekday() >= 5 for day in span.days)
    return ", ".join([*named, *([f"{weekend} weekend days"] if weekend else [])])


def due_data(date: DueDate) -> dict[str, Any]:
    """A due date as plain data for JSON."""
    plain = {
        name: _plain(getattr(date, name))
        for name in ("rulebook", "rule", "clause", "kind", "start", "within", "due", "extended")
    }
    return {
        **plain,
        "start_not_recorded": date.latest_start,
        "provisional": date.provisional,
        "days": _days(date.span),
    }


def due_lines(dates: list[DueDate]) -> Iterator[str]:
    """Due dates as lines of plain text, in the order of the dates."""
    if not dates:
        yield "No time limit runs from what was given."
    for date in dates:
        aim = ", an aim" if date.kind == "aim" else ""
        yield f"{_long(date.due)}  {fields.RULES[date.rule]} ({date.rulebook} {date.clause}{aim})"
        counted = date.within + (", if that comes on its own last day" if date.latest_start else "")
        if date.span and (names := skipped(date.span)):
            counted += f"; skipping {names}"
        if date.extended:
            counted += f"; if extended, {_long(date.extended)} at most"
        if date.provisional:
            counted += "; provisional, as bank holidays so far ahead are not announced"
        yield from _wrapped(counted)
