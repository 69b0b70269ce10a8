"""List the open cases of an audit by their next due date, as tables, JSON or a calendar (.ics)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from putright import __version__, fields
from putright.auditing.audits import Audit, common_calendar
from putright.auditing.summary import unreadable, unreadable_figures
from putright.calendars import Calendar
from putright.casework.opensteps import Deadline, Step, open_steps
from putright.casework.watchtables import Tables
from putright.fields import FIELDS
from putright.files.tables import ROW, key
from putright.mistakes import Mistake
from putright.plugins import Host
from putright.records.caserecords import Records
from putright.records.rejections import REJECTED
from putright.rulebooks.rules import Timed
from putright.text.english import counted, listed, plural
from putright.text.plaintext import escape_markup
from putright.text.shown import Display, Showing, printed_parts

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["GROUPS", "Deadline", "Step", "Watch", "open_steps", "watch"]

GROUPS = ("overdue", "today", "this week", "later")
_UNREAD_SHOWN = 10


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
            yield (
                f"{counted(later, 'case was', 'cases were')} received after the audit date and "
                f"{plural(later, 'is', 'are')} not on this list"
            )
        for name, cases in self.without.items():
            yield (
                f"{counted(cases, 'case is', 'cases are')} not watched by {name}: "
                "it is not installed, or it is not for such cases"
            )
        yield from unreadable(self.unreadable, most=_UNREAD_SHOWN)
        if self.not_kept:
            steps = ", ".join(map(fields.noun, self.not_kept))
            yield f"The file has no field for these steps, so they are not on this list: {steps}"

    def only(self, *, services: Collection[str] = (), teams: Collection[str] = ()) -> Watch:
        """Gives the list of some services, and of some teams, only. Capitals do not matter.

        Raises a Mistake where no open case has such a service or team; it lists those that there are.
        """
        wanted = {
            "service": _known("service", services, {step.service for step in (*self.due, *self.held)}),
            "team": _known("team", teams, {step.team for step in (*self.due, *self.held)}),
        }

        def chosen(steps: list[Step]) -> list[Step]:
            return [
                step
                for step in steps
                if all(not names or key(getattr(step, part) or "") in names for part, names in wanted.items())
            ]

        return replace(self, due=chosen(self.due), held=chosen(self.held))

    def as_calendar(self) -> bytes:
        """Makes an iCalendar file (RFC 5545): one whole-day entry for each step, on its earliest due date.

        A step that is overdue is on the audit date. It holds nothing of a case but its reference and its steps. The
        same list gives the same bytes; a step keeps its UID when its date moves, so that a calendar which reads the
        file again moves the entry.
        """
        from putright.casework.watchcalendar import make_calendar

        return make_calendar(self.due, self.as_at, self.calendar)

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
        tables = Tables()
        for name, steps in self.groups().items():
            if steps:
                yield tables.table(headings[name], steps)
        if self.held:
            yield tables.table("On hold: the clock is stopped", self.held)
        yield from map(escape_markup, tables.doubts())

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


def _known(what: str, asked: Collection[str], there: Collection[str | None]) -> set[str]:
    """The names asked for, in small letters; a Mistake if an open case has no such one."""
    known = {key(name): name for name in sorted(filter(None, there), reverse=True)}
    for name in asked:
        if key(name) not in known:
            names = sorted(known.values(), key=str.casefold)
            said = f"the {what}s of open cases are {listed(names)}" if names else f"no open case has a {what}"
            raise Mistake(f"--{what} {name}: {said}.", field=what, value=name)
    return {key(name) for name in asked}


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
        "service": step.service,
        "team": step.team,
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
        "limit": deadline.limit,
        "days_in": "days" if deadline.in_days else "working days",
        "marks": list(deadline.marks),
        "doubts": list(deadline.doubts),
        "also": deadline.also,
    }
