"""Accumulate the counts of an audit, batch by batch.

Only counts are kept, so a million cases take no more memory than a thousand. Cases flagged ``cse`` count in each
procedure's totals and are never broken down. Figures never add up different procedures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from copy import copy

from putright.auditing.audits import Audit, Period
from putright.records.spellings import Spellings
from putright.rulebooks import Rulebook, Ruling
from putright.statistics import case_counts, division_counts, finding_counts
from putright.statistics.cubes import Cube, Figure, Ratio, Values
from putright.statistics.finding_counts import DUE, GROUPS, MET, Batch, PeriodBy, cuts_of, national

_RECEIVED = "Counts cases by the day they were received."
_DUE_DATE = (
    "Counts by due date; what has none by the day the letter was sent or the step taken, and failing that by the "
    "day of receipt."
)


#: The dimensions of each cube, in addition to the procedure.
_CUBES = {
    "findings": ("rulebook", "rule", "class", "other", "extension", "received", "due"),
    "cases": ("time", "state"),
    "answers": ("stage", "time", "outcome", "next", "change", "learning", "last", "ombudsman"),
    "letters": ("letter", "time", "state"),
    "remedies": ("time", "state"),
    "paths": ("time", "path", "days"),
    "durations": ("time", "measure", "days"),
    "amounts": ("time", "pence"),
    **dict.fromkeys(division_counts.CUBES.values(), division_counts.DIMENSIONS),
}


class Counts:
    """The counts of an audit.

    ``period`` limits the tables to complaints received (or, by due date, steps due) from its start to its end; the
    measures, which compare quarters and years, count everything that is added. ``cuts`` are further days at which
    months are cut, for the periods of other figures. ``beside`` is for counts of another audit date: it gives their
    cubes names of their own.
    """

    def __init__(
        self,
        as_at: dt.date,
        period_by: PeriodBy = "received",
        period: Period | None = None,
        *,
        cuts: Collection[dt.date] = (),
        beside: bool = False,
    ) -> None:
        self.as_at = as_at
        self.period_by = period_by
        self.period = period or Period()
        self.cuts = {*cuts, *cuts_of(self.period, as_at)}
        self.books: dict[str, Rulebook] = {}
        self.rulings: dict[str, dict[str, Ruling]] = {}
        """The rules of each rulebook that have findings, by name and clause, as the cube of findings names them."""
        self.first: dt.date | None = None
        """The earliest day of receipt."""
        self.undivided: set[str] = set()
        """The procedures with cases that are never broken down."""
        self._spellings = {name: Spellings() for name in division_counts.CUBES}
        when = f" as at {as_at}" if beside else ""
        self.cubes = {name: Cube(name + when, ("group", *dimensions)) for name, dimensions in _CUBES.items()}
        self.by_name = {cube.name: cube for cube in self.cubes.values()}
        self._times: dict[tuple[str, str, tuple[str, ...]], Values] = {}
        self._nationals: dict[str, str] = {}

    def over(self, period: Period, period_by: PeriodBy) -> Counts:
        """The same counts with tables for another period; its days must be cuts of these."""
        found = copy(self)
        found.period, found.period_by, found._times = period, period_by, {}
        return found

    def add(self, audit: Audit) -> None:
        """Count one batch."""
        if not audit.cases.height:
            return
        self._times, self._nationals = {}, {}
        batch = Batch(audit, self.cuts)
        for found in audit.found.by_rule:
            self.books.setdefault(found.book.rulebook, found.book)
            known = self.rulings.setdefault(found.book.rulebook, {})
            known.setdefault(f"{found.ruling.name} {found.ruling.clause}", found.ruling)
        self.undivided |= batch.undivided()
        first = audit.cases["received"].min()
        assert isinstance(first, dt.date)
        self.first = first if self.first is None else min(first, self.first)
        self.cubes["findings"].add([finding_counts.findings(batch)])
        for name in ("cases", "answers", "letters", "remedies", "paths", "durations", "amounts"):
            self.cubes[name].add(getattr(case_counts, name)(batch))
        lots = list(division_counts.lots(batch))
        for field, name in division_counts.CUBES.items():
            values = batch.division(field)
            self._spellings[field].add(values)
            self.cubes[name].add([division_counts.divided(batch, lots, values)])
            self.cubes[name].rename("value", self._spellings[field].mains())

    # --- figures --------------------------------------------------------------------------------

    def count(self, figure: Figure) -> int:
        """How many a figure counts."""
        return self.by_name[figure.cube].count(figure)

    def groups(self) -> list[str]:
        """The procedures that there are cases of."""
        found = self.cubes["cases"].values("group")
        return [group for group in GROUPS if group in found]

    def placed(self, cube: str) -> str:
        """The dimension that places the counts of a cube inside or outside the period."""
        return self.period_by if "due" in self.cubes[cube].dimensions else "time"

    def inside(self, cube: str, months: Collection[str] = ()) -> Values:
        """The times within the period; of months such as ``2026-04`` if any are named."""
        asked = ("", cube, tuple(months))
        if asked not in self._times:
            times = self.cubes[cube].values(self.placed(cube))
            inside = (time for time in times if finding_counts.is_inside(time, self.period))
            self._times[asked] = frozenset(time for time in inside if not months or time[:7] in months)
        return self._times[asked]

    def so_far(self, cube: str, dimension: str, months: Collection[str]) -> Values:
        """The times of these months up to the audit date, whatever the period."""
        asked = (dimension, cube, tuple(months))
        if asked not in self._times:
            times, last = self.cubes[cube].values(dimension), self.as_at.isoformat()
            self._times[asked] = frozenset(time for time in times if time[:7] in months and time <= last)
        return self._times[asked]

    def figure(self, cube: str, months: Collection[str] = (), /, **where: Collection[str]) -> Figure:
        """A figure for the period, or for months of it."""
        return self.cubes[cube].figure(**({self.placed(cube): self.inside(cube, months)} | where))

    def step(
        self, group: str, names: Collection[str], months: Collection[str] = (), /, **where: Collection[str]
    ) -> Ratio | None:
        """In time by the national rulebook, of all that were due; None if it has no such step."""
        rules = self.rules_of(group, names)
        if not rules:
            return None
        at = {"group": [group], "rulebook": [self.national(group)], "rule": rules, **where}
        met, due = (self.figure("findings", months, **at, **{"class": of}) for of in (MET, DUE))
        return Ratio(met, due)

    def national(self, group: str) -> str:
        """The national rulebook of a procedure: its own, or the one by which its cases were judged instead."""
        if group not in self._nationals:
            usual = national(group)
            cube = self.cubes["findings"]
            judged = cube.values("rulebook", cube.figure(group=[group]))
            others = sorted(name for name in judged if self.books[name].is_national)
            self._nationals[group] = usual if usual in others or not others else others[0]
        return self._nationals[group]

    def rules_of(self, group: str, names: Collection[str]) -> list[str]:
        """The national rulebook's rules of these names, as the cube names them."""
        return [rule for rule, ruling in self.rulings.get(self.national(group), {}).items() if ruling.name in names]

    def names_of(self, rules: Collection[str]) -> set[str]:
        """The names of rules that the cube names by name and clause."""
        return {known[rule].name for known in self.rulings.values() for rule in rules if rule in known}

    @property
    def counted_by(self) -> str:
        """A sentence that says which date the tables count by."""
        return _RECEIVED if self.period_by == "received" else _DUE_DATE
