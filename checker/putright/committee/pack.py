"""The committee pack: the documents made from one audit and one set of figures.

A pack is built in memory and written whole or not at all. The same input gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from putright import __version__, calendars
from putright.auditing.audits import Audit, Period
from putright.auditing.audits import audit as audit_records
from putright.auditing.summary import Tally
from putright.committee import listing, papers, reporthtml
from putright.committee.findingsbook import CollectedFindings, workbook
from putright.committee.material import JudgedRulebook, Material, Rows
from putright.disclosure import earlier, publication
from putright.disclosure.earlier import FIGURES, Earlier
from putright.disclosure.figuresfile import PublishedFigures
from putright.disclosure.publication import Published
from putright.documents import paperpage, paperpdf, paperword
from putright.documents.paper import Chart, Paper, Table
from putright.files.originals import Originals
from putright.mistakes import Mistake
from putright.plugins import Host
from putright.records.caserecords import Records
from putright.rulebooks import Rulebook, Ruling, doubts
from putright.statistics import measures
from putright.statistics.finding_counts import national
from putright.statistics.sheets import everything
from putright.statistics.supplied import Supplied
from putright.statistics.tables import Counts, PeriodBy, asked
from putright.text.plaintext import json_file
from putright.writing import claims, receipts

THRESHOLD = publication.THRESHOLD
SOFTWARE = f"putright {__version__}"
#: Files of a pack: the public page names no case, the officer's files do.
PUBLIC = "figures.html"
RECEIPT = receipts.NAME
OFFICERS = ("report.html", "findings.xlsx")
WORD, PDF, PAGE = paperword.WORD, "committee-paper.pdf", paperpage.PAGE
#: The kinds of folder that a receipt describes, with the names of their files.
PACK = ("a committee pack", (FIGURES, *OFFICERS, WORD, PDF, PAGE, RECEIPT))
PUBLISHED = ("published figures", (FIGURES, PUBLIC, RECEIPT))
_FOOTERS = {
    True: "It names cases by their references: it is the council's own, and not for publication.",
    False: "It holds figures only; small counts are withheld.",
}


class PackError(Mistake):
    """A pack cannot be written; the text says why and what to do."""


# --- the order and the audit ------------------------------------------------------------------------


@dataclass(frozen=True)
class Order:
    """The pack to make: its cases, council, period and folder."""

    cases: Path
    folder: Path
    council: str | None
    as_at: dt.date
    period: Period
    period_by: PeriodBy = "received"
    threshold: int = THRESHOLD
    publish: bool = False
    supplied: Supplied = field(default_factory=Supplied)
    inputs: Mapping[Path, str] = field(default_factory=dict)
    """Other files that the figures depend on, with a description of each: a mapping, waivers and so on."""
    keep_readable: bool = False
    """Whether to keep cases with unreadable values, as in ``make_records``."""
    template: Path | None = None
    """The Word document whose styles and page setup the paper uses; None uses our own."""
    earlier: Mapping[Path, PublishedFigures] = field(default_factory=dict)
    """Earlier publications, which small counts are protected against; also among ``inputs``."""
    overwrite: bool = False
    """Whether to replace files that putright did not write, or that were changed since."""
    holds: tuple[str, tuple[str, ...]] | None = None
    """The kind of folder and the names of its files; None means ``PACK`` or ``PUBLISHED``."""

    @cached_property
    def contents(self) -> tuple[str, tuple[str, ...]]:
        """The kind of folder and the names of its files."""
        return self.holds or (PUBLISHED if self.publish else PACK)

    @cached_property
    def reads(self) -> Mapping[Path, str]:
        """Every file that is read, with a description."""
        return {self.cases: "the file of cases", **self.inputs}

    @cached_property
    def originals(self) -> Originals:
        """The files that are read, as they were at the start."""
        return Originals(self.reads, certified=True)

    def check(self, also: Collection[Path] = ()) -> None:
        """Check before a long audit that the pack can be written; raises a Mistake if not.

        ``also`` are other files that the run writes, which may not take the names of the folder's.
        """
        kind, names = self.contents
        if not self.folder.absolute().parent.is_dir():
            raise PackError(f"{self.folder.absolute().parent} is not there: make the folder that the pack goes into.")
        for path in also:
            if path.absolute().parent == self.folder.absolute() and path.name in names:
                raise PackError(f"{path} is a file of what goes into {self.folder}: keep it in another folder.")
        if self.publish and (held := [name for name in OFFICERS if (self.folder / name).exists()]):
            raise PackError(f"{self.folder} holds {' and '.join(held)}, which name cases: publish into another folder.")
        claims.check_folder("--output", self.folder, kind, names, self.reads, overwrite=self.overwrite)
        _ = self.originals
        if self.template:
            paperword.opened(self.template)


class Gathering:
    """Collects what a pack needs from an audit, batch by batch."""

    def __init__(self, order: Order, host: Host) -> None:
        self.order = order
        self.tally = Tally(order.as_at)
        cuts = earlier.cuts(order.earlier.values())
        self.counts = Counts(order.as_at, order.period_by, order.period, cuts=cuts)
        cuts |= self.counts.cuts
        dates = {each.as_at for each in order.earlier.values()} - {order.as_at}
        self._of_dates = {day: Counts(day, cuts=cuts, beside=True) for day in sorted(dates)}
        self.findings = CollectedFindings()
        self._host = host

    @property
    def period(self) -> Period:
        """The period to audit for the findings: by due date, every case may have some in the order's."""
        return Period() if self.order.period_by == "due" else self.order.period

    def add(self, audit: Audit, records: Records, findings: pl.DataFrame) -> None:
        """Add a batch, audited in ``period``; cases outside it are counted for the periods compared with it."""
        self.tally.add(audit, records)
        if not self.order.publish:
            self.findings.add(_in_period(findings, audit, self.order))
        self.counts.add(audit)
        for other in _outside(self.period):
            self.counts.add(audit_records(records, self._host, self.order.as_at, other, messages=False))
        for day, counts in self._of_dates.items():
            counts.add(audit_records(records, self._host, day, Period(), messages=False))

    @cached_property
    def earlier(self) -> list[Earlier]:
        """The earlier publications with today's records; only valid after the last batch."""
        counted = {self.order.as_at: self.counts, **self._of_dates}
        return [
            Earlier(path, each, counted[each.as_at].over(earlier.period_of(each), each.counts_by), self.order.supplied)
            for path, each in self.order.earlier.items()
        ]


def _outside(period: Period) -> Iterator[Period]:
    """The periods before and after a period."""
    if period.start:
        yield Period(end=period.start - dt.timedelta(days=1))
    if period.end:
        yield Period(start=period.end + dt.timedelta(days=1))


def _in_period(findings: pl.DataFrame, audit: Audit, order: Order) -> pl.DataFrame:
    """By due date, the findings in the period; otherwise all, since the audit was limited to the period."""
    start, end = order.period.start, order.period.end
    if order.period_by == "received" or (start is None and end is None):
        return findings
    received = findings.select("reference").join(
        audit.cases.select("reference", "received"), on="reference", how="left", maintain_order="left"
    )["received"]
    day = pl.coalesce("due", "done", pl.lit(received))
    return findings.filter(day >= (start or calendars.FIRST), day <= (end or calendars.LAST))


# --- the documents --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Papers:
    """The papers of a pack: the officer's has every figure, the others the published ones."""

    report: Paper
    committee: Paper
    public: Paper
    published: Published
    rules: Sequence[Table]
    """The officer's tables of rules."""


def make_papers(gathering: Gathering, host: Host, figures: Mapping[str, Any]) -> Papers:
    """Every paper; ``figures`` are those of ``summary.summarise``."""
    order, counts = gathering.order, gathering.counts
    published = publication.published(counts, order.supplied, order.threshold, gathering.earlier)
    whole = material_of(gathering, host, figures, everything(counts, order.supplied), None)
    public = material_of(gathering, host, figures, published.tables, order.threshold if order.threshold > 1 else None)
    improvements = [table for table in measures.hand_tables(order.supplied) if table.id == "improvements"]
    return Papers(
        report=papers.report(whole, figures, gathering.tally.rejected_rows().to_dicts()),
        committee=papers.committee(public, improvements),
        public=papers.public(public),
        published=published,
        rules=[table for judged in whole.judged for table in whole.table(judged.rules)],
    )


def documents(gathering: Gathering, host: Host, figures: Mapping[str, Any], made: Papers) -> dict[str, bytes]:
    """Every file of the pack by its name; ``figures`` are those of ``summary.summarise``, ``made`` the papers."""
    order = gathering.order
    files = {FIGURES: figures_file(gathering, figures, made.published)}
    if order.publish:
        files[PUBLIC] = reporthtml.page(made.public, SOFTWARE, _FOOTERS[False]).encode()
    else:
        files |= officers_files(gathering, host, figures, made)
        files |= committee_files(made.committee, order)
    return files | {RECEIPT: receipt(gathering, host, figures, files)}


def figures_file(gathering: Gathering, figures: Mapping[str, Any], published: Published) -> bytes:
    """The published figures as data."""
    data = publication.as_data(
        published.tables,
        gathering.counts,
        council=gathering.order.council,
        threshold=gathering.order.threshold,
        unreadable={"rows": figures["reconciliation"]["rejected"], "values": figures["unreadable"]["values"]},
    )
    return json_file(data)


def officers_files(gathering: Gathering, host: Host, figures: Mapping[str, Any], made: Papers) -> dict[str, bytes]:
    """The files that name cases: the report and the workbook."""
    listed = listing.make(gathering.findings, host, gathering.tally.books)
    rows = ((name.replace("_", " "), f"{count:,}") for name, count in figures["reconciliation"].items())
    facts = [*made.report.facts, *rows]
    return {
        "report.html": reporthtml.page(made.report, SOFTWARE, _FOOTERS[True], listed).encode(),
        "findings.xlsx": workbook(
            gathering.findings,
            gathering.tally.rejected_rows(),
            facts,
            made.rules,
            gathering.tally.unreadable_values(),
        ),
    }


def committee_files(paper: Paper, order: Order) -> dict[str, bytes]:
    """The committee paper as a page with its charts, as Word and as PDF."""
    tables = paper.tables()
    charts = [block for section in paper.sections for block in section.blocks if isinstance(block, Chart)]
    pictures = {chart.table: paperpdf.png(chart, tables[chart.table]) for chart in charts}
    return {
        PAGE: paperpage.page(paper).encode(),
        **{paperpage.chart_name(chart): pictures[chart.table] for chart in charts},
        WORD: paperword.word(paper, pictures, order.as_at, order.template),
        PDF: paperpdf.pdf(paper),
    }


def material_of(
    gathering: Gathering, host: Host, figures: Mapping[str, Any], tables: Sequence[Table], threshold: int | None
) -> Material:
    """The material of a paper with these tables; ``threshold`` is None if nothing is withheld."""
    order, counts = gathering.order, gathering.counts
    return Material(
        council=_name(host, order.council),
        start=order.period.start,
        end=order.period.end,
        as_at=order.as_at,
        period_by=order.period_by,
        software=f"{SOFTWARE}, calendar {calendars.VERSION}",
        editions=[
            f"{host.editions[name][0].title} ({', '.join(editions)})"
            for name, editions in gathering.tally.books.items()
        ],
        judged=list(_judged(counts, host)),
        tables={table.id: table for table in tables},
        gaps=measures.gaps(order.supplied),
        rows=_rows(figures, published=threshold is not None),
        without=list(figures["without_rulebook"]),
        threshold=threshold,
    )


def _rows(figures: Mapping[str, Any], *, published: bool) -> Rows:
    read = figures["reconciliation"]["rows_read"]
    return Rows(
        read=None if published and read else read,
        rejected=figures["reconciliation"]["rejected"],
        unread=figures["unreadable"]["values"],
    )


def _name(host: Host, council: str | None) -> str:
    books = [book for book, *_ in host.of_council(council).values()]
    return books[0].authority if books else "as the records name them"


def _judged(counts: Counts, host: Host) -> Iterator[JudgedRulebook]:
    """Each procedure's rulebooks, the council's own first."""
    for group in counts.groups():
        names = counts.cubes["findings"].values("rulebook", counts.figure("findings", group=[group]))
        for name in sorted(names, key=lambda name: counts.books[name].is_national):
            book, above = counts.books[name], host.editions.get(national(group))
            yield JudgedRulebook(
                group,
                name,
                book.title,
                book.authority,
                book.standing,
                above[0].title if above else national(group),
                tuple(doubts.shorts(doubts.of_book(book))),
                dict(_in_doubt(counts.rulings[name].values(), host.editions[name])),
            )


def _in_doubt(
    rulings: Iterable[Ruling], editions: Sequence[Rulebook]
) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """What is in doubt about each rule, in its own edition; rules with nothing in doubt are left out."""
    for ruling in rulings:
        book = next(book for book in editions if book.rulings().get(ruling.name) == ruling)
        if said := doubts.shorts(doubts.of_ruling(book, ruling)):
            yield (asked(ruling), ruling.clause), tuple(said)


def receipt(gathering: Gathering, host: Host, figures: Mapping[str, Any], made: Mapping[str, bytes]) -> bytes:
    """What the files were made by and of: enough to make them again and to see that they are the same.

    With published figures it neither names a file of the council's nor has a count. Raises a Mistake where a
    file was changed while it was read.
    """
    order = gathering.order
    order.originals.check()
    digests = order.originals.digests
    own = {
        "inputs": [{"file": path.name, "sha256": digest} for path, digest in digests.items()],
        "counts": figures["reconciliation"] | {"findings": gathering.findings.count},
        "unreadable": {name: figures["unreadable"][name] for name in ("cases", "audited", "values")},
    }
    public = {"inputs": [{"sha256": digest} for digest in digests.values()]}
    return receipts.receipt(
        made,
        {
            "software": SOFTWARE,
            "kind": order.contents[0],
            "calendar": calendars.VERSION,
            "as_at": order.as_at.isoformat(),
            "from": publication.iso(order.period.start),
            "to": publication.iso(order.period.end),
            "period_by": order.period_by,
            "threshold": order.threshold,
            "council": order.council,
            "published": [
                {
                    "as_at": each.as_at.isoformat(),
                    "from": publication.iso(each.period.start),
                    "to": publication.iso(each.period.end),
                }
                | {"sha256": digests[path]}
                for path, each in order.earlier.items()
            ],
            "keep_readable": order.keep_readable,
            "rulebooks": [
                {"rulebook": book.rulebook, "edition": book.edition, "sha256": book.digest}
                for name, editions in gathering.tally.books.items()
                for book in host.editions[name]
                if book.edition in editions
            ],
            **(public if order.publish else own),
        },
    )


# --- into the folder ------------------------------------------------------------------------------


def write(made: Mapping[str, bytes], order: Order) -> list[Path]:
    """Write the files, all or none, and return their paths. Other files in the folder stay."""
    folder = order.folder
    claims.check_folder("--output", folder, order.contents[0], made, order.reads, overwrite=order.overwrite)
    receipts.replace(folder, made, private=OFFICERS)
    return [folder / name for name in made]
