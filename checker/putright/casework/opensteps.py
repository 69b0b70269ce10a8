"""The steps still to be done in the open cases of an audit, with every rule that wants each.

The dates are the audit's own; only the working days left are counted here. If an acknowledgement has no date yet, a
step has the earliest date that it can be due, and the latest next to it. A step is open while it is not done and
neither its case nor its stage has ended. A step that the file does not keep is left out, since the file cannot show
whether it is done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from putright import calendars, fields
from putright.auditing import findings
from putright.auditing.audits import Audit, judges
from putright.calendars import FAR, Calendar
from putright.engine.codes import CodedFindings, RuleFindings
from putright.engine.due import dues
from putright.engine.facts import Facts
from putright.engine.judging import counts_working_days
from putright.engine.verdicts import Why
from putright.plugins import Host
from putright.records.caserecords import Records
from putright.rulebooks import Ruling, short_doubt
from putright.rulebooks.phrases import length
from putright.rulebooks.rules import Timed

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
    limit: str
    """The time that the rule allows, for example ``10 working days``; blank where it names no number."""
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
    service: str | None = None
    team: str | None = None

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


def open_steps(audit: Audit, host: Host) -> list[Step]:
    """The steps still to be done in the cases of an audit."""
    facts = Facts(audit.cases, audit.as_at, audit.words, audit.kept)
    earliest = _Earliest(audit, host)
    found: dict[tuple[str, str], list[Deadline]] = {}
    about: dict[str, dict[str, Any]] = {}
    whose = {name: audit.cases[name] for name in ("service", "team") if name in audit.cases.columns}
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
            about[row["reference"]] = {
                **{name: row[name] for name in ("council", "procedure")},
                **{name: texts[case] for name, texts in whose.items()},
            }
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
        limit=_limit(ruling),
        marks=tuple(row["marks"]),
        doubts=tuple(map(short_doubt, ruling.unclear)) if "source_unclear" in row["marks"] else (),
        also=fields.RULES[ruling.name] if ruling.rule.after_time_for else None,
    )


def _limit(ruling: Ruling) -> str:
    within = ruling.rule.within if isinstance(ruling.rule, Timed) else None
    return length(within) if within else ""


def _working_days(calendar: Calendar, as_at: dt.date, due: dt.date) -> int:
    """Working days after the audit date, the due date counted."""
    return int(calendar.floor[calendars.index(due)] - calendar.floor[calendars.index(as_at)])


def _steps(reference: str, about: dict[str, Any], field: str, deadlines: list[Deadline]) -> Iterator[Step]:
    """A step's dated rules, and separately those whose clock is stopped."""
    ordered = sorted(deadlines, key=lambda each: (each.also or "", each.rulebook, each.rule))
    dated = sorted((each for each in ordered if each.due), key=lambda each: each.due or dt.date.max)
    held = [each for each in ordered if not each.due]
    for some in filter(None, (dated, held)):
        yield Step(reference, field=field, deadlines=tuple(some), **about)
