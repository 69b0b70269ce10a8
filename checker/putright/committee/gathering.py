"""What the figures of an audit are gathered from: the cases that are asked about, batch by batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl

from putright import calendars
from putright.auditing.audits import Audit, Period
from putright.auditing.audits import audit as audit_records
from putright.auditing.summary import Tally
from putright.committee.findingsbook import CollectedFindings
from putright.disclosure import earlier, publication
from putright.disclosure.earlier import Earlier
from putright.disclosure.figuresfile import PublishedFigures
from putright.plugins import Host
from putright.records.caserecords import Records
from putright.statistics.supplied import Supplied
from putright.statistics.tables import Counts, PeriodBy


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What figures are asked for: whose cases, of which period, as they stood when, and what is withheld."""

    council: str | None
    as_at: dt.date
    period: Period = field(default_factory=Period)
    period_by: PeriodBy = "received"
    """What places a finding in a period: the day its case was received, or its own due date."""
    threshold: int = publication.THRESHOLD
    """Counts below it are withheld; 0 or 1 withholds none."""
    withhold: publication.Withhold = "breakdowns"
    """Where small counts are withheld: not in figures of the council's own conduct, or everywhere."""
    publish: bool = False
    """Whether only what is published is wanted, so that no case need be kept."""
    supplied: Supplied = field(default_factory=Supplied)
    """What case records cannot show, supplied by hand."""
    earlier: Mapping[Path, PublishedFigures] = field(default_factory=dict)
    """What was published before, which small counts are withheld against."""
    others: Mapping[Path, PublishedFigures] = field(default_factory=dict)
    """Figures of other councils, shown next to ours."""


class Gathering:
    """What the figures and the papers need of an audit, gathered batch by batch."""

    def __init__(self, scope: Scope, host: Host) -> None:
        self.scope = scope
        self.tally = Tally(scope.as_at)
        cuts = earlier.cuts(scope.earlier.values())
        self.counts = Counts(scope.as_at, scope.period_by, scope.period, cuts=cuts)
        cuts |= self.counts.cuts
        dates = {each.as_at for each in scope.earlier.values()} - {scope.as_at}
        self._of_dates = {day: Counts(day, cuts=cuts, beside=True) for day in sorted(dates)}
        self.findings = CollectedFindings()
        self._host = host

    @property
    def period(self) -> Period:
        """The period to audit for the findings: by due date, every case may have some in the scope's."""
        return Period() if self.scope.period_by == "due" else self.scope.period

    def add(self, audit: Audit, records: Records, findings: pl.DataFrame) -> None:
        """Take a batch, audited in ``period``. Its other cases are counted too, for the periods that are compared."""
        self.tally.add(audit, records)
        if not self.scope.publish:
            self.findings.add(_in_period(findings, audit, self.scope))
            self.findings.add_cases(audit.cases)
        self.counts.add(audit)
        for other in _outside(self.period):
            self.counts.add(audit_records(records, self._host, self.scope.as_at, other, messages=False))
        for day, counts in self._of_dates.items():
            counts.add(audit_records(records, self._host, day, Period(), messages=False))

    @cached_property
    def earlier(self) -> list[Earlier]:
        """What was published before, with the records as they are; asked for when all of them are here."""
        counted = {self.scope.as_at: self.counts, **self._of_dates}
        return [
            Earlier(path, each, counted[each.as_at].over(earlier.period_of(each), each.counts_by), self.scope.supplied)
            for path, each in self.scope.earlier.items()
        ]


def _outside(period: Period) -> Iterator[Period]:
    """What comes before and after a period."""
    if period.start:
        yield Period(end=period.start - dt.timedelta(days=1))
    if period.end:
        yield Period(start=period.end + dt.timedelta(days=1))


def _in_period(findings: pl.DataFrame, audit: Audit, scope: Scope) -> pl.DataFrame:
    """By due date, the findings that count in the period; otherwise all: the audit kept to it."""
    start, end = scope.period.start, scope.period.end
    if scope.period_by == "received" or (start is None and end is None):
        return findings
    received = findings.select("reference").join(
        audit.cases.select("reference", "received"), on="reference", how="left", maintain_order="left"
    )["received"]
    day = pl.coalesce("due", "done", pl.lit(received))
    return findings.filter(day >= (start or calendars.FIRST), day <= (end or calendars.LAST))
