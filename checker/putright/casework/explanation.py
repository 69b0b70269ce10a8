"""Explain one case: its timeline, and for each rule every day counted and every day skipped, by name.

The verdicts come from the audit's own engine; this module only lists the days. The engine is imported only when
needed, since a browser cannot load it.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from putright import calendars, fields
from putright.calendars import Begins, Calendar, Span
from putright.calendars.spelling import days_data, long_day, spelt
from putright.documents.timelines import timeline
from putright.mistakes import Mistake
from putright.plugins import Host
from putright.policy import anchors
from putright.rulebooks import Clause, Rulebook, Ruling
from putright.rulebooks.limits import Limit, Unit
from putright.rulebooks.rules import Notice, Timed
from putright.text.english import capital
from putright.text.shown import Display, Showing, say, table, together
from putright.text.shown import day as day_in_words

if TYPE_CHECKING:
    from putright.engine.due import Dues
    from putright.records.caserecords import Records

_WIDTH = 80


class NotFound(Mistake):
    """The case cannot be explained; the text says why."""


@dataclass(frozen=True)
class Explained:
    """One rule in one case: the audit's finding, the clauses with their links, the days."""

    finding: dict[str, Any]
    clauses: tuple[Clause, ...]
    links: tuple[str, ...]
    """The address of each clause in the handbook."""
    counting: str
    span: Span | None = None
    who: str | None = None
    """Who has to act."""
    doubts: tuple[str, ...] = ()
    """What the source leaves unclear about the rule, in full."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation(Showing):
    """One case: what happened when, and what each rule makes of it."""

    reference: str
    """The case."""
    as_at: dt.date
    """The audit date."""
    timeline: list[tuple[dt.date, str]]
    """What happened, with its day, the earliest first."""
    rules: list[Explained] = field(default_factory=list)
    """What each rule makes of the case."""
    unreadable: list[dict[str, Any]] = field(default_factory=list)
    """The values of the case that could not be read and count as not recorded, as in ``Records``."""

    def shown(self) -> Display:
        """Shows its timeline as a picture, then what each rule makes of it."""
        rows = [
            (
                fields.RULES[item.finding["rule"]],
                item.finding["verdict"].replace("_", " "),
                item.finding["message"],
                f"{item.finding['rulebook']} {item.finding['clause']}",
            )
            for item in self.rules
        ]
        dues = {(item.finding["due"], item.finding["rule"]) for item in self.rules if item.finding["due"]}
        doubts = dict.fromkeys(doubt for item in self.rules for doubt in item.doubts)
        return together(
            self.drawn([(due, fields.RULES[rule]) for due, rule in sorted(dues)]),
            table(("What", "Verdict", "Why", "Clause"), rows, f"Case {self.reference} by each rule"),
            *(say(f"Could not be read, so it counts as not recorded: {each['message']}") for each in self.unreadable),
            *(say(f"In doubt: {doubt}") for doubt in doubts),
        )

    def drawn(self, due: Iterable[tuple[dt.date, str]] = (), off: Mapping[dt.date, str] | None = None) -> Display:
        """Draws its timeline to scale, as a picture with the same in words.

        ``due`` are due dates, each with what is due. ``off`` are all days that are not working days, each by name: with
        them the working days between are counted. Without, the days off are those that its rules counted over.
        """
        title = f"Case {self.reference}, as at {day_in_words(self.as_at)}"
        if off is not None:
            return timeline(self.timeline, title, off, due, every_day_off=True)
        counted = [each for item in self.rules if item.span for each in item.span.days]
        known = {each.date: each.skipped for each in counted if each.skipped}
        return timeline(self.timeline, title, known, due)

    def as_data(self) -> dict[str, Any]:
        """Gives it as plain data for JSON."""
        return {
            "reference": self.reference,
            "as_at": self.as_at.isoformat(),
            "timeline": [{"date": day.isoformat(), "event": noun} for day, noun in self.timeline],
            "unreadable": self.unreadable,
            "rules": [
                {
                    **{key: plain(value) for key, value in item.finding.items()},
                    "clauses": [
                        {"id": clause.id, "heading": clause.heading, "text": clause.text.strip(), "link": link}
                        for clause, link in zip(item.clauses, item.links, strict=True)
                    ],
                    "counting": item.counting,
                    "who": item.who,
                    "doubts": list(item.doubts),
                    "notes": list(item.notes),
                    "days": days_data(item.span),
                }
                for item in self.rules
            ],
        }

    def lines(self) -> Iterator[str]:
        """Gives it as lines of plain text."""
        yield f"Case {self.reference}, as at {self.as_at}"
        yield ""
        for day, noun in self.timeline:
            yield f"  {long_day(day)}  {noun}"
        for value in self.unreadable:
            yield from wrapped(f"Could not be read, so it counts as not recorded: {value['message']}")
        book = None
        for item in self.rules:
            finding = item.finding
            if finding["rulebook"] != book:
                book = finding["rulebook"]
                yield ""
                yield f"{book} ({finding['edition']})"
            yield ""
            verdict = finding["verdict"].replace("_", " ").upper()
            yield f"  {fields.RULES[finding['rule']]} [{finding['rule']}], clause {finding['clause']}: {verdict}"
            yield from wrapped(finding["message"])
            if item.counting:
                yield from wrapped(item.counting)
            if item.span:
                yield from wrapped(spelt(item.span, finding["due"]))
            if item.who:
                yield from wrapped(f"Who acts: {item.who}")
            for doubt in item.doubts:
                yield from wrapped(f"In doubt: {doubt}")
            for note in item.notes:
                yield from wrapped(f"Note: {note}")
            for clause, link in zip(item.clauses, item.links, strict=True):
                yield from wrapped(f"{clause.id} {clause.heading}: {clause.text.strip()}")
                yield f"      handbook: {link}"  # in one line, so that it can be followed


def explain(
    records: Records,
    host: Host,
    reference: str,
    as_at: dt.date,
    *,
    include_not_applicable: bool = False,
    handbook: str = "",
) -> Explanation:
    """Explain one case of a file; NotFound if it is not among the cases that can be audited.

    Links lead to clauses in the ``handbook`` at this address; without one they begin at its root.
    """
    import polars as pl

    from putright.auditing.audits import audit, judges
    from putright.engine.due import dues
    from putright.records.caserecords import Records

    case = records.frame.filter(pl.col("reference") == reference)
    if case.is_empty():
        raise _why_not(records, reference)
    if case["received"][0] > as_at:
        raise NotFound(f"case {reference} was received on {case['received'][0]}, after the audit date {as_at}.")
    alone = Records(case, records.rejected.clear(), 1, records.words, kept=records.kept)
    found = audit(alone, host, as_at, include_not_applicable=include_not_applicable)
    row = case.row(0, named=True)
    found_dues = [each for judge in judges(alone, host, as_at) for each in dues(judge)]
    known = {(each.book.rulebook, each.ruling.name): each for each in found_dues}
    explained = [_explained(finding, host, row, known, handbook) for finding in found.findings.iter_rows(named=True)]
    unreadable = records.unreadable.filter(pl.col("reference") == reference).to_dicts()
    return Explanation(reference, as_at, list(_timeline(row, as_at)), explained, unreadable)


def _why_not(records: Records, reference: str) -> NotFound:
    import polars as pl

    rejected = records.rejected.filter(pl.col("reference") == reference)
    if rejected.is_empty():
        return NotFound(f"no case has the reference {reference!r}.", field="reference", value=reference)
    row = rejected.row(0, named=True)
    where = {name: row[name] for name in ("row", "field", "value")}
    return NotFound(f"case {reference} was rejected: row {row['row']}: {row['message']}.", **where)


def _timeline(row: Mapping[str, Any], as_at: dt.date) -> Iterator[tuple[dt.date, str]]:
    order = (*fields.DATES, *(name for name in row if name not in fields.FIELDS))  # a council's own last
    events = [(row[name], name) for name in order if isinstance(row.get(name), dt.date)]
    for day, name in sorted(events, key=lambda event: event[0]):
        noun = fields.noun(name)
        if not fields.named(name).event:
            noun += " (a date promised)"
        elif day > as_at:
            noun += " (after the audit date: not yet happened)"
        yield day, noun


# --- how a rule was counted -----------------------------------------------------------------------


def edition(host: Host, finding: Mapping[str, Any]) -> Rulebook:
    """The edition of the rulebook that a finding names."""
    return next(book for book in host.editions[finding["rulebook"]] if book.edition == finding["edition"])


def _explained(
    finding: dict[str, Any],
    host: Host,
    row: Mapping[str, Any],
    dues: Mapping[tuple[str, str], Dues],
    handbook: str,
) -> Explained:
    book = edition(host, finding)
    ruling = book.rulings()[finding["rule"]]
    cited = anchors.cited(ruling.clause, book)
    clauses = tuple(clause for clause in book.clauses if clause.id in cited)
    links = tuple(anchors.link(book, clause.id, host, handbook) for clause in clauses)
    counting, span = _counting(finding, ruling, book, row, host.calendar(book), dues)
    return Explained(finding, clauses, links, counting, span, ruling.who, ruling.unclear, ruling.notes)


def _counting(
    finding: Mapping[str, Any],
    ruling: Ruling,
    book: Rulebook,
    row: Mapping[str, Any],
    calendar: Calendar,
    dues: Mapping[tuple[str, str], Dues],
) -> tuple[str, Span | None]:
    """How the due date is counted, in words, and the days themselves if working days are counted."""
    rule = book.timed_by(ruling)
    start, due = finding["start"], finding["due"]
    if not isinstance(rule, Timed | Notice) or rule.within is None:
        return "", None
    known = dues.get((book.rulebook, rule.rule))
    if start is None:
        return _bounded(finding, rule, known), None
    if isinstance(rule, Notice):
        words = f"{rule.within} back from {fields.noun(rule.start)} on {long_day(start)}: {_or_open(due)}"
        return words, calendar.span_back(start, due)
    held = _held(rule, row, book.held_stages()) if due else frozenset()
    event, limit = _run(rule, row, finding)
    words = f"{limit} from {fields.noun(event)} on {long_day(start)}"
    other = _other(known, calendar.why_not(start))
    if rule.within.unit is not Unit.WORKING_DAYS:
        begins = book.begins(rule, limit)[0]
        own = limit.end(calendar, start, begins)
        return f"{words} ({_how_counted(limit, begins)}): {_or_open(own)}{_moved(own, due)}{other}", None
    begins = book.begins(rule)[0]
    own = limit.end(calendar, start, begins)
    words += _begun(calendar, start, begins)
    end = max(day for day in (due or own, finding["done"] or due or own) if day)
    span = calendar.span(start, end, held, begins)
    return f"{words}: {_or_open(own)}{_moved(own, due)}{other}", span


def _bounded(finding: Mapping[str, Any], rule: Timed | Notice, dues: Dues | None) -> str:
    """The range of a due date whose start has no date."""
    if "start_not_recorded" not in finding["marks"]:
        return ""
    words = f"{capital(fields.noun(rule.start))} has no date, so the due date has a range"
    first, last = (calendars.date_at(days[0]) for days in (dues.first, dues.last)) if dues else (None, None)
    if first and last and first != last:
        return f"{words}: {long_day(first)} from the earliest day it can have been, {long_day(last)} from the latest"
    return f"{words}; at the latest {_or_open(finding['due'])}"


def _run(rule: Timed, row: Mapping[str, Any], finding: Mapping[str, Any]) -> tuple[str, Limit]:
    """The starting event that gives the due date, and the limit from it: of two limits, the one that counts."""
    limit, other = rule.limit((row.get("flags") or "").split(";")), rule.alternative
    assert limit is not None
    own = _started_by(rule, row), limit
    if other is None or finding["start"] != row.get(other.start):
        return own
    theirs = (other.start, other.within)
    if finding["start"] != row.get(own[0]):
        return theirs
    ends = [limit.end(Calendar(), finding["start"]) for _, limit in (own, theirs)]
    return theirs if (ends[1] > ends[0]) == bool(rule.or_if_later) else own


def _started_by(rule: Timed, row: Mapping[str, Any]) -> str:
    """The field with the starting event, which for a complaint's own window can be the day the matter arose."""
    if rule.rule == "complain-in-time" and rule.start == "matter_known" and not row.get("matter_known"):
        return "matter_occurred"
    return rule.start


def _begun(calendar: Calendar, start: dt.date, begins: Begins) -> str:
    """What the start is in a count of working days, where that is not plain."""
    why_not, first = calendar.why_not(start), calendar.add(start, 0)
    if begins is Begins.DAY_ONE:
        return f" ({why_not}; so day 1 is {long_day(first)})" if why_not else " (that day is day 1)"
    if not why_not:
        return ""
    itself = begins is Begins.FROM_THE_DAY
    return f" ({why_not}; {'it is day zero all the same' if itself else f'so day zero is {long_day(first)}'})"


def _how_counted(limit: Limit, begins: Begins) -> str:
    if limit.calendar_days is not None:
        counted = "that day counted" if begins is Begins.DAY_ONE else "from the date itself"
        return f"calendar days, {counted}"
    return "the day itself counts" if limit.unit is Unit.MONTHS_INCLUSIVE else "calendar months, from the date itself"


def _other(dues: Dues | None, why_not: str | None) -> str:
    """The later date that another reading of the source gives."""
    other = calendars.date_at(dues.other[0]) if dues else None
    if other is None or dues is None:
        return ""
    if why_not and not dues.rule.has_second_reading:
        return f"; {long_day(other)} if the next working day is day zero, as the source does not say which"
    return f"; {long_day(other)} on another reading of the source"


def _or_open(due: dt.date | None) -> str:
    return f"due by {long_day(due)}" if due else "no due date yet"


def _moved(own: dt.date, due: dt.date | None) -> str:
    if due is None or due == own:
        return ""
    return f"; moved to {long_day(due)} by an extension or a hold"


def _held(rule: Timed, row: Mapping[str, Any], held_stages: frozenset[int]) -> frozenset[dt.date]:
    """The days on hold of a response's own stage, if the rulebook lets a hold stop its clock."""
    stage = fields.named(rule.step).stage
    places = row.get(f"stage{stage}_holds") or []
    if stage not in held_stages or not rule.is_response:
        return frozenset()
    last = calendars.index(row[rule.step]) if row.get(rule.step) else calendars.FAR
    days: set[dt.date] = set()
    for begin, end in zip(places[::2], places[1::2], strict=True):
        stop = min(end, last)
        days |= {d for place in range(begin, stop) if (d := calendars.date_at(place)) and stop < calendars.FAR}
    return frozenset(days)


# --- as text --------------------------------------------------------------------------------------


def wrapped(text: str) -> list[str]:
    """Text as indented lines."""
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent="    ",
        subsequent_indent="      ",
        break_on_hyphens=False,
        break_long_words=False,
    )


def plain(value: Any) -> Any:
    """A value as JSON can have it."""
    return value.isoformat() if isinstance(value, dt.date) else value
