"""An audit: case records judged by their rulebooks, and everything that can be asked of what was found."""

from __future__ import annotations

import datetime as dt
import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from putright import calendars
from putright.auditing import findings as tables
from putright.auditing import summary
from putright.auditing.audits import Audit as Batch
from putright.auditing.audits import Period
from putright.auditing.audits import audit as audit_records
from putright.auditing.casefile import CaseFile
from putright.auditing.summary import Tally
from putright.casework import waivers, watch
from putright.casework.explanation import Explanation, explain
from putright.casework.waivers import ReadWaiver, Waivers, read_waivers
from putright.casework.waivers import render as render_waivers
from putright.casework.watch import Watch
from putright.data_quality.report import sentences as quality_sentences
from putright.files.originals import Originals
from putright.mistakes import Mistake
from putright.plugins import Host
from putright.policy import anchors
from putright.records.caserecords import Records
from putright.statistics.periods import Months, quarter, year
from putright.text.shown import Display, Showing, printed_parts
from putright.writing import outputs

if TYPE_CHECKING:
    from rich.console import RenderableType

    from putright.api.papers import Pack, Place
    from putright.disclosure.publication import Withhold
    from putright.statistics.supplied import Supplied
    from putright.statistics.tables import PeriodBy

__all__ = [
    "FINDING",
    "WAIVED",
    "Audit",
    "Batch",
    "Months",
    "Period",
    "audit",
    "quality_sentences",
    "quarter",
    "year",
]

#: The columns of a finding, each with its type.
FINDING = tables.COLUMNS
#: The columns that waivers add to findings, each with its type.
WAIVED = waivers.COLUMNS

_Made = TypeVar("_Made")
#: Told how many rows have been judged so far.
Progress = Callable[[int], None]


def audit(
    cases: Records | CaseFile,
    host: Host,
    *,
    as_at: dt.date | None = None,
    start: dt.date | None = None,
    end: dt.date | None = None,
    include_not_applicable: bool = False,
    waivers: str | os.PathLike[str] | None = None,
    handbook: str = "",
) -> Audit:
    """Judges case records by their rulebooks, as at the audit date: today where ``as_at`` is not given.

    ``start`` and ``end`` keep the cases received from one day to another, both included. ``include_not_applicable``
    keeps the findings of rules that do not arise. ``waivers`` is a file of accepted findings, which are marked among
    the findings. ``handbook`` is the address of the handbook: each finding then has a link to its clause. Raises a
    Mistake where the period ends before it begins, or a file cannot be read. A ``CaseFile`` is read only when something
    is asked of the audit.
    """
    if start and end and end < start:
        raise Mistake(f"the period ends on {end}, before it begins on {start}.", field="end", value=end)
    return Audit(cases, host, as_at or calendars.today(), Period(start, end), include_not_applicable, waivers, handbook)


def accepted(figures: dict[str, Any], waivers: str | os.PathLike[str] | None) -> Iterator[RenderableType]:
    """What became of the waivers of a summary, where any were given."""
    if "waivers" in figures:
        yield from render_waivers(figures["waivers"], str(waivers))


class Audit(Showing):
    """One audit. Make it with ``audit``. Each result is worked out when it is first asked for, and kept."""

    def __init__(
        self,
        cases: Records | CaseFile,
        host: Host,
        as_at: dt.date,
        period: Period,
        include_not_applicable: bool = False,
        waivers: str | os.PathLike[str] | None = None,
        handbook: str = "",
    ) -> None:
        self.cases, self.host, self.as_at, self.period = cases, host, as_at, period
        self.include_not_applicable, self.handbook = include_not_applicable, handbook
        self.reads = dict(cases.reads) if isinstance(cases, CaseFile) else {}
        """The files that the audit rests on, with what each is."""
        if waivers is not None:
            self.reads[Path(waivers)] = "the file of waivers"
        self.waivers_file = waivers
        self._originals = Originals(self.reads)
        self._accepted = None if waivers is None else read_waivers(Path(waivers))
        self._waivers: Waivers | None = None
        self._tally: Tally | None = None
        self._summary: dict[str, Any] | None = None

    # --- what was found ---------------------------------------------------------------------------

    @cached_property
    def findings(self) -> pl.DataFrame:
        """Every finding, a row each with its ``message``: case by case in the file's order, then by rulebook and rule.

        Columns as in the contract: text, dates as Date, ``days_taken`` and ``days_over`` in working days (calendar days
        where the limit is in months, weeks or calendar days), lists of text; ``message`` is one sentence.
        """
        return pl.concat(list(self.passed(self._table)))

    @property
    def summary(self) -> dict[str, Any]:
        """The audit in figures, as ``putright audit --summary`` writes it: plain data, ready for JSON."""
        tally = self.tally
        if self._summary is None:
            self._summary = summary.summarise(tally, self.host)
            if self._waivers:
                self._summary["waivers"] = self._waivers.figures(self._summary["rules"])
        return self._summary

    @property
    def reconciliation(self) -> dict[str, int]:
        """What became of every row: ``rows_read`` is the sum of the other four."""
        return dict(self.tally.counts)

    @property
    def rejected(self) -> pl.DataFrame:
        """The rows that could not be audited, a row each: ``row``, ``reference``, ``field``, ``value``, ``message``."""
        return self.tally.rejected_rows()

    @property
    def found_something(self) -> bool:
        """Whether there is a breach or a rejected row."""
        return self.tally.found_something

    @property
    def tally(self) -> Tally:
        """What the summary is made of. Asking for it judges the cases, if they have not been judged."""
        if self._tally is None:
            self.count()
        assert self._tally is not None
        return self._tally

    def count(self, progress: Progress | None = None) -> None:
        """Judges the cases for the summary alone, with no table of findings."""

        def table(batch: Batch) -> pl.DataFrame:  # made only where something in it may be accepted
            return pl.DataFrame() if self._accepted is None else batch.findings

        deque(self.passed(table, messages=False, progress=progress), maxlen=0)
        self._originals.check()

    def explain(self, reference: str, *, include_not_applicable: bool | None = None) -> Explanation:
        """Explains one case, every day by name. Raises a Mistake (``NotFound``) where it is not among the audited ones.

        ``include_not_applicable`` adds the rules that do not arise; where it is not given, the audit's own is used.
        """
        records = self.cases.records() if isinstance(self.cases, CaseFile) else self.cases
        return explain(
            records,
            self.host,
            reference.strip(),
            self.as_at,
            include_not_applicable=(
                self.include_not_applicable if include_not_applicable is None else include_not_applicable
            ),
            handbook=self.handbook,
        )

    def watch(self) -> Watch:
        """Lists the steps still to be done in the open cases, by their due date."""
        batches = self.batches(lambda batch: watch.open_steps(batch, self.host), messages=False)
        return watch.watch(self.as_at, self.host, batches)

    @cached_property
    def enums(self) -> dict[str, pl.DataType]:
        """The Enum of each column of findings that has few different texts, as ``Batch.coded`` takes them."""
        return tables.enums(self.host, tuple(self.host.words))

    # --- what is written ----------------------------------------------------------------------------

    def write(
        self,
        output: str | os.PathLike[str],
        form: str | None = None,
        *,
        messages: bool | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Writes the findings to a file (``-``: standard output). ``messages=None``: with messages, but not in Parquet.

        ``form`` is jsonl, csv, xlsx or parquet. Where it is not given, the file's ending says it. ``messages`` says
        whether the column ``message`` is written. Raises a Mistake where the file
        cannot be written or what is read was changed meanwhile.
        """
        name = os.fspath(output)
        kind = outputs.format_of(name, form)
        assert kind is not None
        wanted = messages if messages is not None else kind != "parquet"
        outputs.write_batches(self._checked(wanted, progress), name, kind, private=True)

    def figures(
        self,
        *,
        council: str | None = None,
        threshold: int | None = None,
        withhold: Withhold = "breakdowns",
        period_by: PeriodBy = "received",
        supplied: Place | Supplied | None = None,
        published: Iterable[Place] = (),
    ) -> dict[str, Any]:
        """Gives the figures to publish, small counts withheld; see ``putright.api.papers.figures``."""
        from putright.api import papers

        return papers.figures(
            self,
            council=council,
            threshold=threshold,
            withhold=withhold,
            period_by=period_by,
            supplied=supplied,
            published=published,
        )

    def pack(
        self,
        folder: Place,
        *,
        publish: bool = False,
        threshold: int | None = None,
        withhold: Withhold = "breakdowns",
        period_by: PeriodBy = "received",
        supplied: Place | Supplied | None = None,
        published: Iterable[Place] = (),
        compare: Iterable[Place] = (),
        template: Place | None = None,
        overwrite: bool = False,
        also: Collection[Path] = (),
        progress: Progress | None = None,
    ) -> Pack:
        """Writes the committee pack into a folder; see ``make_pack``."""
        from putright.api import papers

        return papers.make_pack(
            self,
            folder,
            publish=publish,
            threshold=threshold,
            withhold=withhold,
            period_by=period_by,
            supplied=supplied,
            published=published,
            compare=compare,
            template=template,
            overwrite=overwrite,
            also=also,
            progress=progress,
        )

    # --- a pass over the cases ----------------------------------------------------------------------

    def passed(
        self, make: Callable[[Batch], _Made], *, messages: bool = True, progress: Progress | None = None
    ) -> Iterator[_Made]:
        """Gives what ``make`` makes of each batch of the cases, and counts all cases on the way."""
        tally, self._waivers = Tally(self.as_at), self.waivers()
        for records, batch, made in self.batches(make, messages=messages):
            tally.add(batch, records)
            if self._waivers and isinstance(made, pl.DataFrame):
                made = self._waivers.mark(  # type: ignore[assignment]
                    made, batch.cases["reference"], records.rejected["reference"]
                )
            if progress:
                progress(tally.counts["rows_read"])
            yield made
        self._tally, self._summary = tally, None

    def batches(
        self, make: Callable[[Batch], _Made], *, messages: bool = True, period: Period | None = None
    ) -> Iterator[tuple[Records, Batch, _Made]]:
        """Gives every batch of the cases with what ``make`` makes of it; records in memory are one batch."""
        period = period or self.period
        if isinstance(self.cases, CaseFile):
            yield from self.cases.audits(
                self.as_at, period, include_not_applicable=self.include_not_applicable, messages=messages, make=make
            )
            return
        batch = audit_records(
            self.cases,
            self.host,
            self.as_at,
            period,
            include_not_applicable=self.include_not_applicable,
            messages=messages,
        )
        yield self.cases, batch, make(batch)

    def waivers(self) -> Waivers | None:
        """Gives the waivers, to be counted in a pass of their own; None where no file of them was given."""
        if self._accepted is None:
            return None
        return Waivers([ReadWaiver(each.waiver, each.line) for each in self._accepted], self.as_at)

    def _checked(self, messages: bool, progress: Progress | None) -> Iterator[pl.DataFrame]:
        """The findings batch by batch; at the end, before they take their name, nothing that was read has changed."""

        def table(batch: Batch) -> pl.DataFrame:
            return self.linked(batch.findings if messages else batch.coded(self.enums))

        yield from self.passed(table, messages=messages, progress=progress)
        self._originals.check()

    def _table(self, batch: Batch) -> pl.DataFrame:
        return self.linked(batch.findings)

    def linked(self, found: pl.DataFrame) -> pl.DataFrame:
        """Adds links to clauses to findings, if the audit has the address of the handbook."""
        return anchors.with_links(found, self.host, self.handbook) if self.handbook else found

    # --- as it shows itself -------------------------------------------------------------------------

    def render(self, *, rows_only: bool = False) -> Iterator[RenderableType]:
        """Gives the summary as a command prints it; with ``rows_only`` only what became of every row."""
        figures, rejected = self.summary, self.rejected
        if rows_only:
            yield from summary.reconciliation(figures, rejected, all_rows=True)
        else:
            yield from summary.render(figures, rejected)
        yield from accepted(figures, self.waivers_file)

    def shown(self) -> Display:
        """Shows the summary."""
        return printed_parts(self.render())
