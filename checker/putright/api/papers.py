"""What is made of an audit for others: published figures, the committee pack, the annual report."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from putright import extras
from putright.api.audits import accepted
from putright.auditing import summary
from putright.auditing.audits import Audit as Batch
from putright.auditing.casefile import CaseFile
from putright.committee import annual, pack
from putright.committee.gathering import Gathering, Scope
from putright.committee.otherfigures import read_others
from putright.disclosure import earlier, publication
from putright.disclosure.earlier import read_published
from putright.disclosure.figuresfile import PublishedFigures, read_figures
from putright.disclosure.publication import Withhold
from putright.mistakes import Mistake
from putright.records.caserecords import Records
from putright.statistics.supplied import Supplied, read_supplied
from putright.statistics.tables import PeriodBy
from putright.text.shown import Display, Showing, bullets, say, together

if TYPE_CHECKING:
    from rich.console import RenderableType

    from putright.api.audits import Audit, Progress

__all__ = [
    "Annual",
    "Pack",
    "PublishedFigures",
    "Supplied",
    "figures",
    "make_annual_report",
    "make_pack",
    "read_figures",
    "read_published",
    "read_supplied",
]

Place = str | os.PathLike[str]
#: What a receipt calls each file given as published before.
_PUBLISHED = "a file of published figures"
_OTHERS = "a file of another council's figures"


@dataclass(frozen=True)
class Pack(Showing):
    """A pack that was written: its files, the audit's own figures, and warnings about earlier publications."""

    files: list[Path]
    """The files that were written."""
    summary: dict[str, Any]
    """As in ``Audit``."""
    rejected: pl.DataFrame
    """As in ``Audit``."""
    found_something: bool
    """Whether there is a breach or a rejected row."""
    warnings: list[str]
    """Which small counts earlier publications put at risk, in sentences."""
    waivers: Place | None = None
    """The file of waivers, where one was given."""

    def render(self) -> Iterator[RenderableType]:
        """Gives what became of every row, and of the waivers, as a command prints it."""
        yield from summary.reconciliation(self.summary, self.rejected)
        yield from accepted(self.summary, self.waivers)

    def shown(self) -> Display:
        """Shows its files and its warnings."""
        return together(say("Written:"), bullets(map(str, self.files)), *map(say, self.warnings))


@dataclass(frozen=True)
class Annual(Pack):
    """An annual report that was written."""

    gaps: list[str] = field(default_factory=list)
    """What somebody must still supply by hand."""


def figures(
    audit: Audit,
    *,
    council: str | None = None,
    threshold: int | None = None,
    withhold: Withhold = "breakdowns",
    period_by: PeriodBy = "received",
    supplied: Place | Supplied | None = None,
    published: Iterable[Place] = (),
) -> dict[str, Any]:
    """Gives the figures to publish, small counts withheld: what ``figures.json`` of a pack holds.

    ``council`` is whose they are: where it is not given, that of the cases. Counts below ``threshold`` (5 where it is
    not given) are withheld, except in figures of the council's own conduct; ``withhold`` "everywhere" withholds them in
    those too. ``period_by`` places a finding by the day its case was received or by its due date.
    ``supplied`` is what records cannot show, and its file. ``published`` are folders of figures published before:
    nothing is shown that gives a small count together with them.
    """
    extras.need("the figures to publish", "paper")
    whose = council or _council(audit.cases)
    scope = Scope(
        council=None if whose is None else audit.host.named(whose),
        as_at=audit.as_at,
        period=audit.period,
        period_by=period_by,
        threshold=pack.THRESHOLD if threshold is None else threshold,
        withhold=withhold,
        publish=True,
        supplied=_supplied(supplied),
        earlier=read_published(map(Path, published), whose),
    )
    gathering = _gathered(audit, scope)
    found = summary.summarise(gathering.tally, audit.host)
    tables = publication.published(
        gathering.counts, scope.supplied, scope.threshold, gathering.earlier, withhold=withhold
    )
    return pack.figures_data(gathering, found, tables)


def make_pack(
    audit: Audit,
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
    """Writes the committee pack into a folder, whole or not at all; with ``publish`` the published figures alone.

    ``template`` is a Word document whose styles the paper takes. ``compare`` are ``figures.json`` files of other
    councils, which the paper shows next to ours. ``overwrite`` replaces files that putright did not write. ``also`` are
    other files that the program writes, which must not have the names of the pack's. The others are
    those of ``putright.api.papers.figures``. Raises a Mistake where other files are in the way, or what is read is
    changed meanwhile. The audit has to be of a file opened with ``open_cases``, which the receipt names.
    """
    extras.need("a committee pack", "paper")
    cases = _case_file(audit)
    before = read_published(map(Path, published), cases.council)
    others = read_others(map(Path, compare), cases.council)
    order = pack.Order(
        cases=cases.path,
        folder=Path(folder),
        council=cases.council,
        as_at=audit.as_at,
        period=audit.period,
        period_by=period_by,
        threshold=pack.THRESHOLD if threshold is None else threshold,
        withhold=withhold,
        publish=publish,
        supplied=_supplied(supplied),
        inputs=_inputs(audit, supplied, template, before, others),
        keep_readable=cases.keep_readable,
        template=None if template is None else Path(template),
        earlier=before,
        others=others,
        overwrite=overwrite,
    )
    order.check(also=also)
    waivers = audit.waivers()
    gathering = _gathered(audit, order, waivers, progress)
    found = summary.summarise(gathering.tally, audit.host)
    if waivers:
        found["waivers"] = waivers.figures(found["rules"])
    papers = pack.Papers(gathering, audit.host, found)
    written = pack.write(pack.documents(order, gathering, audit.host, found, papers), order)
    warnings = list(_at_risk(order, gathering, papers.published.exposed))
    tally = gathering.tally
    return Pack(written, found, tally.rejected_rows(), tally.found_something, warnings, audit.waivers_file)


def make_annual_report(
    audit: Audit,
    folder: Place,
    year: int,
    *,
    threshold: int | None = None,
    withhold: Withhold = "breakdowns",
    supplied: Place | Supplied | None = None,
    published: Iterable[Place] = (),
    compare: Iterable[Place] = (),
    template: Place | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Annual:
    """Writes the yearly complaints performance and service improvement report into a folder.

    ``year`` is the year in which the financial year begins. The other arguments are those of ``make_pack``. Raises a
    Mistake where the year is not over on the audit date.
    """
    extras.need("an annual report", "paper")
    cases = _case_file(audit)
    if cases.council is None:
        raise Mistake("an annual report is a council's: name the council whose cases these are.", field="council")
    before = read_published(map(Path, published), cases.council)
    others = read_others(map(Path, compare), cases.council)
    order = annual.order(
        cases.path,
        Path(folder),
        cases.council,
        year,
        audit.as_at,
        _supplied(supplied),
        _inputs(audit, supplied, template, before, others),
        threshold=pack.THRESHOLD if threshold is None else threshold,
        withhold=withhold,
        codes=annual.codes_of(audit.host, cases.council),
        keep_readable=cases.keep_readable,
        template=None if template is None else Path(template),
        earlier=before,
        others=others,
        overwrite=overwrite,
    )
    order.check()
    gathering = _gathered(audit, order, progress=progress)
    found = summary.summarise(gathering.tally, audit.host)
    made = annual.make(order, gathering, audit.host, found)
    written = pack.write(made.files, order)
    warnings = list(_at_risk(order, gathering, made.exposed))
    tally = gathering.tally
    gaps = [gap.text for gap in made.gaps]
    return Annual(written, found, tally.rejected_rows(), tally.found_something, warnings, gaps=gaps)


# --- what they are made of --------------------------------------------------------------------------


def _council(cases: Records | CaseFile) -> str | None:
    return cases.council if isinstance(cases, CaseFile) else None


def _case_file(audit: Audit) -> CaseFile:
    """The file that a pack's receipt is about."""
    if not isinstance(audit.cases, CaseFile):
        raise Mistake("a paper's receipt names the file of cases: audit a file that was opened with open_cases.")
    return audit.cases


def _supplied(given: Place | Supplied | None) -> Supplied:
    if given is None or isinstance(given, Supplied):
        return given or Supplied()
    return read_supplied(Path(given))


def _inputs(
    audit: Audit,
    supplied: Place | Supplied | None,
    template: Place | None,
    published: Mapping[Path, PublishedFigures],
    others: Mapping[Path, PublishedFigures],
) -> dict[Path, str]:
    """Every file that the figures depend on, with what it is."""
    inputs = dict(audit.reads)
    if supplied is not None and not isinstance(supplied, Supplied):
        inputs[Path(supplied)] = "what was supplied by hand"
    if template is not None:
        inputs[Path(template)] = "the Word template"
    return inputs | dict.fromkeys(published, _PUBLISHED) | dict.fromkeys(others, _OTHERS)


def _gathered(audit: Audit, scope: Scope, waivers: Any = None, progress: Progress | None = None) -> Gathering:
    """The cases audited for what is asked."""

    def table(batch: Batch) -> pl.DataFrame:
        if scope.publish and waivers is None:
            return pl.DataFrame()
        return audit.linked(batch.findings)

    gathering = Gathering(scope, audit.host)
    for records, batch, made in audit.batches(table, messages=not scope.publish, period=gathering.period):
        if waivers:
            made = waivers.mark(made, batch.cases["reference"], records.rejected["reference"])
        gathering.add(batch, records, made)
        if progress:
            progress(gathering.tally.counts["rows_read"])
    return gathering


def _at_risk(order: pack.Order, gathering: Gathering, lost: int) -> Iterator[str]:
    """What figures published before put at risk, in sentences."""
    if order.threshold < 2:
        return
    for path, each in earlier.other_publications(order.folder, order.council, order.earlier):
        yield earlier.risk(path, each)
    for found in gathering.earlier:
        if found.changed:
            yield (
                f"{found.path}: the records now give {found.changed:,} of its {found.shown:,} figures otherwise. What "
                "these tell of the cases behind them is not withheld here."
            )
    if lost:
        counts = "a small count" if lost == 1 else f"{lost:,} small counts"
        yield (
            f"What was published before may give {counts} away to somebody who takes figures from one another. "
            "Whatever touches them is withheld here; nothing published now can do more."
        )
