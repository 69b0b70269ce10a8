"""List the open cases of an audit by their next due date, as tables, JSON or a calendar (.ics).

The dates are the audit's own; only the working days left are counted here. If an acknowledgement has no date yet, the
list shows the earliest date that the step can be due, and the latest next to it. A step is open while it is not done
and neither its case nor its stage has ended. A step that the file does not keep is not listed, since the file cannot
show whether it is done.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from putright import __version__, calendars, fields
from putright.auditing import findings
from putright.auditing.audits import Audit, common_calendar, judges
from putright.auditing.summary import unreadable, unreadable_figures
from putright.calendars import FAR, Calendar
from putright.engine.codes import CodedFindings, RuleFindings
from putright.engine.due import dues
from putright.engine.facts import Facts
from putright.engine.judging import counts_working_days
from putright.engine.verdicts import Why
from putright.fields import FIELDS
from putright.files.tables import ROW
from putright.plugins import Host
from putright.records.caserecords import REJECTED, Records
from putright.rulebooks import Ruling, short_doubt
from putright.rulebooks.phrases import KINDS
from putright.rulebooks.rules import Timed
from putright.text.english import counted, plural
from putright.text.plaintext import escape_markup, printable
from putright.text.shown import Display, Showing, printed_parts

if TYPE_CHECKING:
    from rich.console import RenderableType

GROUPS = ("overdue", "today", "this week", "later")
_UNREAD_SHOWN = 10
#: The reasons for which a step still has to be done; with any other it need not be, or this is not known.
_OPEN = (
    Why.RUNNING,
    Why.ON_HOLD,
    Why.OVERDUE,
    Why.BEYOND_CAP,
    Why.BEYOND_CAP_UNKNOWN,
    Why.NEW_DATE_NOT_RECORDED,
    Why.NOTICE_NOT_DATED,
    Why.OTHER_START,
    Why.OTHER_DAY_ZERO,
    Why.OTHER_LIMIT,
)
#: The namespace of the calendar's identifiers: the same step keeps its own from one list to the next.
_UIDS = uuid.uuid5(uuid.NAMESPACE_DNS, "watch.putright.invalid")


@dataclass(frozen=True)
class Deadline:
    """When one rule wants a step done; ``left`` is working days (or, ``in_days``, calendar days) after the audit date.

    ``due`` is None while a hold has stopped the clock; ``over`` counts once the due date has passed.
    ``also`` says in words what the rule wants where that is not the step itself.
    """

    rulebook: str
    edition: str
    rule: str
    clause: str
    kind: str
    verdict: str
    start: dt.date | None
    due: dt.date | None
    latest: dt.date | None
    """The latest it can be due, if the start has no date yet; ``due`` is then the earliest, or today."""
    left: int | None
    over: int | None
    in_days: bool
    marks: tuple[str, ...]
    doubts: tuple[str, ...]
    """What the source leaves unclear about the rule, a sentence for each."""
    also: str | None


@dataclass(frozen=True)
class Step:
    """A step still to be done in one case, with every rule that wants it, the earliest due first."""

    reference: str
    council: str | None
    procedure: str
    field: str
    deadlines: tuple[Deadline, ...]

    @property
    def due(self) -> dt.date | None:
        """The earliest due date; None if every clock is stopped."""
        return self.deadlines[0].due

    @property
    def name(self) -> str:
        """The step in words."""
        return fields.noun(self.field).removeprefix("the ")

    @property
    def provisional(self) -> bool:
        """Whether bank holidays so far ahead are not announced yet."""
        return "provisional" in self.deadlines[0].marks


# --- from the audit -------------------------------------------------------------------------------


def open_steps(audit: Audit, host: Host) -> list[Step]:
    """The steps still to be done in the cases of an audit."""
    facts = Facts(audit.cases, audit.as_at, audit.words, audit.kept)
    earliest = _Earliest(audit, host)
    found: dict[tuple[str, str], list[Deadline]] = {}
    about: dict[str, tuple[str | None, str]] = {}
    for rule in audit.found.by_rule:
        timed = rule.ruling.rule
        if not isinstance(timed, Timed):
            continue
        kept = rule.chosen(_still_open(rule, timed, facts))
        if not len(kept.case):
            continue
        calendar = None
        if counts_working_days(kept.ruling, kept.book.rulings()):
            calendar = host.calendar(kept.book)
        for row, case in zip(_rows(kept, audit), kept.case.tolist(), strict=True):
            about[row["reference"]] = row["council"], row["procedure"]
            first = earliest.of(kept, case) if "start_not_recorded" in row["marks"] else None
            deadline = _deadline(row, first, kept.ruling, calendar, audit.as_at)
            found.setdefault((row["reference"], _to_do(kept)), []).append(deadline)
    return [
        step for (reference, field), some in found.items() for step in _steps(reference, about[reference], field, some)
    ]


def _still_open(rule: RuleFindings, timed: Timed, facts: Facts) -> np.ndarray:
    """The row indexes of the findings whose step still has to be done."""
    if not facts.keeps(timed.step):
        return np.zeros(0, dtype=np.int64)
    facts = facts.beginning(when_asked=rule.book.asks_for_stage1)
    stage = fields.named(timed.step).stage
    over = np.minimum(facts.ended(stage), facts.closed(stage)).take(rule.case) <= facts.as_at
    wanted = np.isin(rule.why, [int(why) for why in _OPEN])
    return np.flatnonzero(wanted & (rule.done == FAR) & ~over)


def _to_do(rule: RuleFindings) -> str:
    """The field of the step to do; for a rule that the person must hear that a step is late, that step itself."""
    timed = rule.ruling.rule
    assert isinstance(timed, Timed)
    if timed.after_time_for is None:
        return timed.step
    late = rule.book.rulings()[timed.after_time_for].rule
    assert isinstance(late, Timed)
    return late.step


def _rows(rule: RuleFindings, audit: Audit) -> Iterator[dict[str, Any]]:
    return findings.frame(CodedFindings([rule]), audit.cases, audit.words, messages=False).iter_rows(named=True)


class _Earliest:
    """The earliest day that a step can be due, where its clock has only bounds; worked out when first asked for."""

    def __init__(self, audit: Audit, host: Host) -> None:
        self.audit = audit
        self.host = host

    def of(self, rule: RuleFindings, case: int) -> dt.date | None:
        """The earliest due date of a rule in a case, by the case's index in the audit."""
        days = self._days.get((rule.book.rulebook, rule.book.edition, rule.ruling.name), {})
        return calendars.date_at(days.get(case, FAR))

    @cached_property
    def _days(self) -> dict[tuple[str, str, str], dict[int, int]]:
        audit = self.audit
        records = Records(audit.cases, pl.DataFrame(), audit.cases.height, audit.words, kept=audit.kept)
        return {
            (each.book.rulebook, each.book.edition, each.ruling.name): dict(
                zip(each.case.tolist(), each.first.tolist(), strict=True)
            )
            for judge in judges(records, self.host, audit.as_at)
            for each in dues(judge)
            if each.before is not None
        }


def _deadline(
    row: dict[str, Any], first: dt.date | None, ruling: Ruling, calendar: Calendar | None, as_at: dt.date
) -> Deadline:
    """A finding as a deadline; the calendar is the rulebook's, None where the rule counts in other days.

    ``first`` is the earliest that the step can be due, where its start has no date.
    """
    due, latest = row["due"], None
    left = over = None
    if due and due < as_at:
        over = row["days_over"]
    elif due:
        if first and first < due:
            due, latest = max(first, as_at), due
        left = (due - as_at).days if calendar is None else _working_days(calendar, as_at, due)
    return Deadline(
        **{name: row[name] for name in ("rulebook", "edition", "rule", "clause", "kind", "verdict", "start")},
        due=due,
        latest=latest,
        left=left,
        over=over,
        in_days=calendar is None,
        marks=tuple(row["marks"]),
        doubts=tuple(map(short_doubt, ruling.unclear)) if "source_unclear" in row["marks"] else (),
        also=fields.RULES[ruling.name] if ruling.rule.after_time_for else None,
    )


def _working_days(calendar: Calendar, as_at: dt.date, due: dt.date) -> int:
    """Working days after the audit date, the due date counted."""
    return int(calendar.floor[calendars.index(due)] - calendar.floor[calendars.index(as_at)])


def _steps(reference: str, about: tuple[str | None, str], field: str, deadlines: list[Deadline]) -> Iterator[Step]:
    """A step's dated rules, and separately those whose clock is stopped."""
    ordered = sorted(deadlines, key=lambda each: (each.also or "", each.rulebook, each.rule))
    dated = sorted((each for each in ordered if each.due), key=lambda each: each.due or dt.date.max)
    held = [each for each in ordered if not each.due]
    for some in filter(None, (dated, held)):
        yield Step(reference, *about, field, tuple(some))


@dataclass
class Watch(Showing):
    """The open steps of a whole file, in the order in which they fall due, and what became of every row."""

    as_at: dt.date
    """The audit date."""
    due: list[Step]
    """The steps with a due date, the earliest first."""
    held: list[Step]
    """The steps whose clock an open hold has stopped."""
    counts: dict[str, int]
    """What became of every row, as ``Audit.reconciliation``."""
    without: dict[str, int]
    """For each local rulebook that is not there, how many cases it would judge."""
    not_kept: list[str]
    """The steps with a time limit that the file has no field for."""
    unreadable: dict[str, Any]
    """The values that count as not recorded since they could not be read, as in the summary of an audit."""
    calendar: Calendar
    """The working days that the week is counted in."""
    calendar_version: str
    """The calendars that the due dates are counted by, as in the summary of an audit."""

    def group(self, step: Step) -> str:
        """Says to which group a step with a due date belongs: overdue, today, this week or later."""
        assert step.due is not None
        if step.due <= self.as_at:
            return "overdue" if step.due < self.as_at else "today"
        return "this week" if step.due <= self.week_ends else "later"

    @cached_property
    def week_ends(self) -> dt.date:
        """The Sunday of this working week. On a weekend or a bank holiday, that of the week of the next working day."""
        first = self.calendar.day_zero(self.as_at)
        return first + dt.timedelta(6 - first.weekday())

    def groups(self) -> dict[str, list[Step]]:
        """Gives the steps of each group, in the order in which they fall due."""
        return {name: [step for step in self.due if self.group(step) == name] for name in GROUPS}

    def left_out(self) -> Iterator[str]:
        """Says in sentences what is not on the list."""
        if rejected := self.counts.get("rejected"):
            yield (
                f"{counted(rejected, 'row')} could not be read and {plural(rejected, 'is', 'are')} not on this list: "
                f"an audit names {plural(rejected, 'it', 'them')}"
            )
        if later := self.counts.get("received_after_audit_date"):
            yield f"{later:,} cases were received after the audit date and are not on this list"
        for name, cases in self.without.items():
            yield f"{cases:,} cases are not watched by {name}: it is not installed, or it is not for such cases"
        yield from unreadable(self.unreadable, most=_UNREAD_SHOWN)
        if self.not_kept:
            steps = ", ".join(map(fields.noun, self.not_kept))
            yield f"The file has no field for these steps, so they are not on this list: {steps}"

    def as_calendar(self) -> bytes:
        """Makes an iCalendar file (RFC 5545): one whole-day entry for each step, on its earliest due date.

        It holds nothing of a case but its reference and its steps. The same list gives the same bytes; a
        step keeps its UID when its date moves, so that a calendar which reads the file again moves the entry.
        """
        import icalendar

        whole = icalendar.Calendar()
        whole.add("prodid", f"-//putright//putright {__version__}//EN")
        whole.add("version", "2.0")
        whole.add("calscale", "GREGORIAN")
        whole.add("x-wr-calname", "Complaints: what is due")
        for step in self.due:
            whole.add_component(_event(step, self))
        content: bytes = whole.to_ical()
        return content

    def shown(self) -> Display:
        """Shows it as the command prints it."""
        return printed_parts(self.render())

    def render(self) -> Iterator[RenderableType]:
        """Gives the list as a person reads it, the most urgent first."""

        counts = {name: len(steps) for name, steps in self.groups().items()}
        yield f"[bold]What is due, as at {self.as_at:%a} {self.as_at}[/bold] (putright {__version__})"
        yield ", ".join(f"{count:,} {name}" for name, count in counts.items()) + f", {len(self.held):,} on hold"
        yield from map(escape_markup, self.left_out())
        headings = {
            "overdue": "Overdue",
            "today": "Due today",
            "this week": f"Due this week, up to {self.week_ends}",
            "later": "Due later",
        }
        for name, steps in self.groups().items():
            if steps:
                yield _table(headings[name], steps)
        if self.held:
            yield _table("On hold: the clock is stopped", self.held)

    def as_data(self) -> dict[str, Any]:
        """Gives the list as plain data for JSON.

        ``due`` has an entry for each step with a due date, in that order: ``when`` is overdue, today, this_week or
        later, ``due`` the earliest of its ``deadlines``. Each deadline has ``days_left`` or ``days_over``, counted
        in ``days_in``.
        ``held`` has the clocks that a hold has stopped.
        """
        return {
            "software": f"putright {__version__}",
            "calendar": self.calendar_version,
            "as_at": self.as_at.isoformat(),
            "this_week_ends": self.week_ends.isoformat(),
            "reconciliation": self.counts,
            "without_rulebook": self.without,
            "steps_not_kept": self.not_kept,
            "unreadable": self.unreadable,
            "counts": {_word(name): len(steps) for name, steps in (self.groups() | {"held": self.held}).items()},
            "due": [{"when": _word(self.group(step)), **_step_data(step)} for step in self.due],
            "held": [_step_data(step) for step in self.held],
        }


def watch(as_at: dt.date, host: Host, batches: Iterable[tuple[Records, Audit, list[Step]]]) -> Watch:
    """Combine the batches of a file: the records of each, its audit and its open steps."""
    steps: list[Step] = []
    unread = [pl.DataFrame(schema=REJECTED)]
    cases_unread = 0
    counts: dict[str, int] = {}
    without: dict[str, int] = {}
    not_kept: dict[str, None] = {}
    books: dict[str, None] = {}
    used: dict[str, Calendar] = {}
    for records, audit, found in batches:
        steps += found
        books |= dict.fromkeys(audit.books)
        used.update({each.holidays.name: each for each in audit.calendars})
        unread.append(records.unreadable)
        cases_unread += audit.cases.join(records.unreadable, on=ROW, how="semi").height
        not_kept |= dict.fromkeys(_not_kept(audit))
        for total, more in ((counts, vars(audit.reconciliation)), (without, audit.without)):
            for name, count in more.items():
                total[name] = total.get(name, 0) + count
    order = {name: place for place, name in enumerate(FIELDS)}
    steps.sort(
        key=lambda step: (step.due or dt.date.max, step.reference, order.get(step.field, len(order)), step.field)
    )
    return Watch(
        as_at=as_at,
        due=[step for step in steps if step.due],
        held=[step for step in steps if not step.due],
        counts=counts,
        without=without,
        not_kept=list(not_kept),
        unreadable=unreadable_figures(pl.concat(unread), cases_unread),
        calendar=common_calendar(used.values()),
        calendar_version=host.calendar_versions(books),
    )


def _not_kept(audit: Audit) -> Iterator[str]:
    """The steps that rules of an audit time, and its file has no field for."""
    for rule in audit.found.by_rule:
        timed = rule.ruling.rule
        if isinstance(timed, Timed) and timed.within and timed.kind != "window" and timed.step not in audit.kept:
            yield timed.step


# --- as data --------------------------------------------------------------------------------------


def _word(group: str) -> str:
    return group.replace(" ", "_")


def _step_data(step: Step) -> dict[str, Any]:
    return {
        "reference": step.reference,
        "council": step.council,
        "procedure": step.procedure,
        "step": step.name,
        "field": step.field,
        "due": step.due and step.due.isoformat(),
        "provisional": step.provisional,
        "deadlines": [_deadline_data(deadline) for deadline in step.deadlines],
    }


def _deadline_data(deadline: Deadline) -> dict[str, Any]:
    names = ("rulebook", "edition", "rule", "clause", "kind", "verdict")
    return {
        **{name: getattr(deadline, name) for name in names},
        "start": deadline.start and deadline.start.isoformat(),
        "due": deadline.due and deadline.due.isoformat(),
        "latest": deadline.latest and deadline.latest.isoformat(),
        "days_left": deadline.left,
        "days_over": deadline.over,
        "days_in": "days" if deadline.in_days else "working days",
        "marks": list(deadline.marks),
        "doubts": list(deadline.doubts),
        "also": deadline.also,
    }


# --- for the terminal -----------------------------------------------------------------------------


def _table(title: str, steps: list[Step]) -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(title=f"{title} ({len(steps):,})", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("case", "to do", "due", "days", "by", "note"):
        whole = name in ("due", "days", "by")
        table.add_column(name, overflow="fold", justify="right" if name == "days" else "left", no_wrap=whole)
    for step in steps:
        for place, each in enumerate(step.deadlines):
            first = (escape_markup(step.reference), step.name) if place == 0 else ("", "")
            due = f"{each.due:%a} {each.due}" if each.due else "no date"
            table.add_row(*first, due, _days(each), f"{each.rulebook} {each.clause}", ", ".join(_notes(each)))
    return table


def _days(deadline: Deadline) -> str:
    unit = "calendar " if deadline.in_days else ""
    if deadline.over is not None:
        return f"{deadline.over:,} {unit}over"
    return "" if deadline.left is None else f"{deadline.left:,} {unit}left"


def _notes(deadline: Deadline) -> Iterator[str]:
    if deadline.also:
        yield f"{deadline.also} too"
    if deadline.kind == "aim":
        yield KINDS["aim"].name
    if deadline.verdict == "judgement" and deadline.kind != "aim":
        yield "for a person to judge"
    if deadline.verdict == "no_evidence":
        yield "depends on an extension not fully recorded"
    said = {
        "provisional": "provisional",
        "before_edition": "older than the edition",
        "after_edition": "newer than the edition",
    }
    yield from (words for mark, words in said.items() if mark in deadline.marks)
    if deadline.latest:
        yield f"earliest date, as the start has no date; at the very latest {deadline.latest}"
    elif "start_not_recorded" in deadline.marks:
        yield "latest date, as the start has no date"
    yield from (f"in doubt: {doubt}" for doubt in deadline.doubts)


# --- as a calendar --------------------------------------------------------------------------------


def _event(step: Step, watch: Watch) -> Any:
    import icalendar

    assert step.due is not None
    event = icalendar.Event()
    name = f"{step.council or ''}\n{step.reference}\n{step.field}"
    event.add("uid", f"{uuid.uuid5(_UIDS, name)}@putright.invalid")
    event.add("dtstamp", dt.datetime.combine(watch.as_at, dt.time(), dt.UTC))
    event.add("dtstart", step.due)
    urgent = "Overdue: " if step.due < watch.as_at else ""
    doubt = " (provisional)" if step.provisional else ""
    event.add("summary", f"{urgent}{printable(step.reference)}: {step.name}{doubt}")
    event.add("description", "\n".join(_line(each) for each in step.deadlines))
    event.add("status", "TENTATIVE" if step.provisional else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def _line(deadline: Deadline) -> str:
    notes = ", ".join(_notes(deadline))
    words = f"{deadline.rulebook} {deadline.clause}: due {deadline.due}"
    return f"{words} ({notes})" if notes else words
