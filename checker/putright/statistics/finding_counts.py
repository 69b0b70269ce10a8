"""Count the findings of one batch: how many, never which cases.

``case_counts`` counts the cases and their letters. A time is a month, or part of one if a period begins or ends
within it, named by its first day: ``2026-04-01``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from putright import calendars
from putright.auditing import classes
from putright.auditing.audits import Audit, Period
from putright.auditing.classes import FindingClass, classify, labels
from putright.calendars import FAR
from putright.calendars.daytables import Days, month_table, pick
from putright.engine.codes import RuleFindings
from putright.engine.facts import Facts, Mask
from putright.fields import NATIONAL
from putright.rulebooks.limits import Limit, Unit
from putright.rulebooks.rules import Contents, Extension, Timed
from putright.statistics.combinations import Combinations, Numbers, named
from putright.statistics.cubes import COUNT

PeriodBy = Literal["received", "due"]

#: What figures call the complaints of each procedure; a corporate one about the council as landlord is a landlord's.
OF_PROCEDURE = {
    "corporate": "corporate",
    "housing": "housing landlord",
    "children": "children's social care",
    "adults": "adult social care",
    "public-health": "public health",
}
OTHER_PROCEDURES = "other procedures"
#: The procedures, separate in every figure.
GROUPS = (*OF_PROCEDURE.values(), OTHER_PROCEDURES)
_GROUP = {name: place for place, name in enumerate(OF_PROCEDURE)}

#: The labels of ``FindingClass``, in its order.
CLASSES = tuple(each.label for each in FindingClass)
MET = labels(classes.MET)
NOT_MET = labels(classes.BREACH)
NOT_SHOWN = labels(classes.NOT_SHOWN)
#: Every class whose time is up: the base of every share.
DUE = MET | NOT_MET | NOT_SHOWN
#: The classes in a few groups, by which a step under one rulebook is compared with the same step under another.
BANDS = {
    "in time": MET,
    "not in time": NOT_MET,
    "cannot be shown": NOT_SHOWN,
    "not due yet": labels([FindingClass.RUNNING]),
    "outside the edition": labels(classes.OUTSIDE_EDITION),
}
_BAND = np.array([next((i for i, of in enumerate(BANDS.values(), 1) if name in of), 0) for name in CLASSES])
NO_BAND = "no finding"
_BANDS = (NO_BAND, *BANDS)
#: How a response counts under its extension; the first means that there was no extension.
EXTENSION = ("", "in time", "not in time", "cannot be shown", "not due yet")

_DAYS = np.datetime64(calendars.FIRST) + np.arange(calendars.SIZE)
_MONTHS = np.flatnonzero(np.diff(_DAYS.astype("datetime64[M]").astype(np.int64), prepend=-1))


def is_inside(time: str, period: Period) -> bool:
    """Whether a time is in a period; the period's first and last day must be cuts of the times."""
    return not (period.start and time < period.start.isoformat()) and not (period.end and time > period.end.isoformat())


def cuts_of(period: Period, as_at: dt.date) -> set[dt.date]:
    """The days at which a month is cut in two, so that no figure counts part of a month as the whole."""
    next_days = (day + dt.timedelta(days=1) for day in (period.end, as_at) if day and day < calendars.LAST)
    return {*next_days, *([period.start] if period.start else [])}


@dataclass(frozen=True)
class Batch:
    """One batch of an audit, and what its counting needs to know."""

    audit: Audit
    cuts: Collection[dt.date] = ()
    """The days on which a time begins, in addition to the first of each month."""

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.audit.cases, self.audit.as_at, self.audit.words, self.audit.kept)

    @cached_property
    def received(self) -> Days:
        return self.facts.date("received")

    @cached_property
    def groups(self) -> Numbers:
        """Each case's index in ``GROUPS``."""
        procedure = self.audit.cases["procedure"].cast(pl.String)
        group = procedure.replace_strict(_GROUP, default=len(_GROUP), return_dtype=pl.Int64).to_numpy()
        return np.where((group == 0) & self.facts.flag("landlord"), 1, group)

    def division(self, field: str) -> pl.Series:
        """Each case's value of a field such as ``service``.

        It is '' if none is recorded, or if the case must not be broken down.
        """
        if field not in self.audit.cases.columns:
            return pl.repeat("", self.audit.cases.height, dtype=pl.String, eager=True)
        named = self.audit.cases[field].cast(pl.String).str.strip_chars().fill_null("")
        return named.set(pl.Series(self.facts.flag("cse")), "")

    def undivided(self) -> set[str]:
        """The procedures with cases that are never broken down."""
        return {GROUPS[place] for place in self.groups[self.facts.flag("cse")]}

    @cached_property
    def _starts(self) -> Numbers:
        """The first day of every time, as a calendar index."""
        return np.union1d(_MONTHS, [calendars.index(day) for day in self.cuts]).astype(np.int64)

    @cached_property
    def times(self) -> pl.Series:
        """The names of all times, in their order."""
        return pl.Series(_DAYS[self._starts].astype(str))

    def time(self, day: Days) -> Numbers:
        """The time that each day is in, as its index in ``times``."""
        return np.searchsorted(self._starts, day, side="right") - 1

    def time_name(self, day: Days) -> pl.Series:
        """The name of the time that each day is in."""
        return named(self.times, self.time(day))

    def frame(self, which: Mask, **columns: pl.Series | NDArray[np.object_] | str) -> pl.DataFrame:
        """How many of these cases there are of each group and each combination of the columns."""
        kept = {
            name: pl.lit(column) if isinstance(column, str) else pl.Series(column).filter(pl.Series(which))
            for name, column in columns.items()
        }
        group = named(GROUPS, self.groups[which])
        frame = pl.DataFrame({"group": group}).with_columns(**kept)
        return frame.group_by(frame.columns).agg(pl.len().alias(COUNT))


def national(group: str) -> str:
    """The national rulebook of a procedure; blank for councils' own procedures, which have none."""
    return NATIONAL.get(next((name for name, of in OF_PROCEDURE.items() if of == group), ""), "")


# --- findings -------------------------------------------------------------------------------------


def findings(batch: Batch) -> pl.DataFrame:
    """The findings by rulebook, rule, class and times, and by what else is known of each."""
    rules = batch.audit.found.by_rule
    counts = Combinations(
        {
            "rulebook": [found.book.rulebook for found in rules],
            "rule": [f"{found.ruling.name} {found.ruling.clause}" for found in rules],
            "group": GROUPS,
            "class": CLASSES,
            "other": _BANDS,
            "extension": EXTENSION,
            "received": batch.times,
            "due": batch.times,
        }
    )
    bands = _bands(batch)
    extensions = _extensions(batch)
    received = batch.time(batch.received)
    for place, found in enumerate(rules):
        code, which = classes_of(found), found.arises
        name, case = found.ruling.name, found.case[which]
        counterpart = bands.get((name, not found.book.is_national))
        counts.add(
            rulebook=place,
            rule=place,
            group=batch.groups.take(case),
            other=0 if counterpart is None else counterpart.take(case),
            extension=_extension(extensions.get((found.book.rulebook, name)), found, code)[which],
            received=received.take(case),
            due=batch.time(day_due(found, batch)[which]),
            **{"class": code[which]},
        )
    return counts.frame()


def classes_of(found: RuleFindings) -> Numbers:
    """The ``FindingClass`` of each finding of a rule, which is its index in ``CLASSES``."""
    verdict, marks = found.verdict, found.marks
    lacks = False if found.missing is None else found.missing > 0
    return classify(verdict, marks, found.ruling.kind, lacks, _only_as_extended(found))


def _only_as_extended(found: RuleFindings) -> Mask:
    """Steps done in time, but not within the limit itself."""
    rule = found.ruling.rule
    known = (found.start < FAR) & (found.done < FAR)
    if not isinstance(rule, Timed) or rule.within is None:
        return np.zeros(len(known), dtype=np.bool_)
    if rule.within.unit is Unit.WORKING_DAYS:
        beyond = found.taken > rule.within.count
    else:
        beyond = found.done > _months_after(found.start, rule.within)
    return known & beyond & found.moved


def _months_after(start: Days, limit: Limit) -> Days:
    return month_table(limit.count, limit.unit is Unit.MONTHS_INCLUSIVE).take(start)


def day_due(found: RuleFindings, batch: Batch) -> Days:
    """The due date; for a letter and for the person's own step the day it was taken; else the day of receipt."""
    has_due = not isinstance(found.ruling.rule, Contents) and found.ruling.kind != "window"
    due = found.due if has_due else np.full_like(found.due, FAR)
    day = pick(due < FAR, due, found.done)
    return pick(day < FAR, day, batch.received.take(found.case))


def _bands(batch: Batch) -> dict[tuple[str, bool], Numbers]:
    """For each timed step and kind of rulebook (national or not), the state of every case; 0 without a finding."""
    bands: dict[tuple[str, bool], Numbers] = {}
    for found in batch.audit.found.by_rule:
        if found.ruling.kind in ("deadline", "aim", "notice"):
            key = found.ruling.name, found.book.is_national
            array = bands.setdefault(key, np.zeros(batch.audit.cases.height, dtype=np.int64))
            arises = found.arises
            array[found.case[arises]] = _BAND[classes_of(found)[arises]]
    return bands


def _extensions(batch: Batch) -> dict[tuple[str, str], Numbers]:
    """For each step that a rulebook lets be extended, the band of the extension in every case; 0 if there is none."""
    bands: dict[tuple[str, str], Numbers] = {}
    for found in batch.audit.found.by_rule:
        if isinstance(found.ruling.rule, Extension):
            key = found.book.rulebook, found.ruling.rule.extends
            array = bands.setdefault(key, np.zeros(batch.audit.cases.height, dtype=np.int64))
            arises = found.arises
            array[found.case[arises]] = _BAND[classes_of(found)[arises]]
    return bands


def _extension(bands: Numbers | None, found: RuleFindings, code: Numbers) -> Numbers:
    """How a response counts under its extension, as an index in ``EXTENSION``; an invalid one gives no more time."""
    if bands is None:
        return np.zeros(len(code), dtype=np.int64)
    extension, answer = bands.take(found.case), _BAND[code]
    both = np.where(extension == 1, answer, np.where((answer == 1) & (extension == 3), 3, np.maximum(answer, 2)))
    both = np.where((extension == 0) | (extension > 3) | (both > 4), 0, both)
    return both.astype(np.int64)
