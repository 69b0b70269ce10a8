"""The committee pack: the documents made from one audit and one set of figures.

A pack is built in memory and written whole or not at all. The same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from putright import __version__
from putright.committee import listing, otherfigures, papers, reporthtml
from putright.committee.findingsbook import workbook
from putright.committee.gathering import Gathering, Scope
from putright.committee.material import JudgedRulebook, Material, Rows
from putright.disclosure import publication
from putright.disclosure.earlier import FIGURES
from putright.disclosure.publication import Published
from putright.documents import paperpage, paperpdf, paperword
from putright.documents.paper import Chart, Paper, Table, spell
from putright.files.originals import Originals
from putright.mistakes import Mistake
from putright.plugins import Host
from putright.rulebooks import Rulebook, Ruling, doubts
from putright.rulebooks.rules import Timed
from putright.statistics import handtables, measures
from putright.statistics.sheets import everything
from putright.statistics.supplied import Cover
from putright.statistics.tables import Counts, asked
from putright.text.english import listed
from putright.text.plaintext import json_file
from putright.writing import claims, receipts

THRESHOLD = publication.THRESHOLD
SOFTWARE = f"putright {__version__}"
#: Files of a pack: the public page names no case, the officer's files do.
PUBLIC = "figures.html"
RECEIPT = receipts.NAME
OFFICERS = ("report.html", "findings.xlsx")
#: The committee paper and its appendices, each as Word, PDF and a page.
PAPERS = ("committee-paper", "committee-appendices")
_KINDS = ("docx", "pdf", "md")
WORD, PDF, PAGE = (f"{PAPERS[0]}.{kind}" for kind in _KINDS)
#: The kinds of folder that a receipt describes, with the names of their files.
PACK = (
    "a committee pack",
    (FIGURES, *OFFICERS, *(f"{name}.{kind}" for name in PAPERS for kind in _KINDS), RECEIPT),
)
PUBLISHED = ("published figures", (FIGURES, PUBLIC, RECEIPT))
_FOOTERS = {
    True: "It names cases by their references: it is the council's own, and not for publication.",
    False: "It holds figures only; small counts are withheld.",
}


class PackError(Mistake):
    """A pack cannot be written; the text says why and what to do."""


# --- what is asked --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Order(Scope):
    """What pack to make: of which cases and what scope, where to."""

    cases: Path
    folder: Path
    inputs: Mapping[Path, str] = field(default_factory=dict)
    """Other files that the figures depend on, with what each is: a mapping, waivers, earlier figures and so on."""
    keep_readable: bool = False
    """Whether to keep cases with unreadable values, as in ``make_records``."""
    template: Path | None = None
    """The Word document whose styles and page the paper takes; ours where None."""
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


# --- the documents --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Papers:
    """The papers of a pack, each made when it is asked for: the officer's has every figure, the others the published.

    ``figures`` are those of ``summary.summarise``.
    """

    gathering: Gathering
    host: Host
    figures: Mapping[str, Any]

    @cached_property
    def published(self) -> Published:
        """The published tables."""
        scope = self.gathering.scope
        return publication.published(
            self.gathering.counts, scope.supplied, scope.threshold, self.gathering.earlier, withhold=scope.withhold
        )

    @cached_property
    def report(self) -> Paper:
        """The officer's report."""
        return papers.report(self._whole, self.figures, self.gathering.tally.rejected_rows().to_dicts())

    @cached_property
    def committee(self) -> Paper:
        """The committee paper."""
        found = handtables.improvements(self.gathering.scope.supplied)
        return papers.committee(self._public, [found] if found.rows else [])

    @cached_property
    def appendices(self) -> Paper:
        """What is behind the committee paper."""
        return papers.appendices(self._public)

    @cached_property
    def public(self) -> Paper:
        """The public page."""
        return papers.public(self._public)

    @property
    def rules(self) -> Sequence[Table]:
        """The officer's tables of rules."""
        return [table for judged in self._whole.judged for table in self._whole.table(judged.rules)]

    @cached_property
    def _whole(self) -> Material:
        tables = everything(self.gathering.counts, self.gathering.scope.supplied)
        return material_of(self.gathering, self.host, self.figures, tables, None)

    @cached_property
    def _public(self) -> Material:
        threshold = self.gathering.scope.threshold
        least = threshold if threshold > 1 else None
        return material_of(self.gathering, self.host, self.figures, self.published.tables, least)


def documents(
    order: Order, gathering: Gathering, host: Host, figures: Mapping[str, Any], made: Papers
) -> dict[str, bytes]:
    """Every file of the pack by its name; ``figures`` are those of ``summary.summarise``, ``made`` the papers."""
    files = {FIGURES: figures_file(gathering, figures, made.published)}
    if order.publish:
        files[PUBLIC] = reporthtml.page(made.public, SOFTWARE, _FOOTERS[False]).encode()
    else:
        files |= officers_files(gathering, host, figures, made)
        for name, paper in zip(PAPERS, (made.committee, made.appendices), strict=True):
            files |= committee_files(paper, order, name)
    return files | {RECEIPT: receipt(order, gathering, host, figures, files)}


def figures_file(gathering: Gathering, figures: Mapping[str, Any], published: Published) -> bytes:
    """The published figures as a file."""
    return json_file(figures_data(gathering, figures, published))


def figures_data(gathering: Gathering, figures: Mapping[str, Any], published: Published) -> dict[str, Any]:
    """The published figures as data; ``figures`` are those of ``summary.summarise``."""
    return publication.as_data(
        published.tables,
        gathering.counts,
        council=gathering.scope.council,
        threshold=gathering.scope.threshold,
        withhold=gathering.scope.withhold,
        unreadable={"rows": figures["reconciliation"]["rejected"], "values": figures["unreadable"]["values"]},
    )


def officers_files(gathering: Gathering, host: Host, figures: Mapping[str, Any], made: Papers) -> dict[str, bytes]:
    """The files that name cases: the report and the workbook."""
    listed = listing.make(gathering.findings, host, gathering.tally.books)
    rows = ((name.replace("_", " "), f"{count:,}") for name, count in figures["reconciliation"].items())
    facts = [*made.report.facts, *rows]
    return {
        "report.html": reporthtml.page(
            made.report, SOFTWARE, _FOOTERS[True], listed, gathering.findings.cases()
        ).encode(),
        "findings.xlsx": workbook(
            gathering.findings,
            gathering.tally.rejected_rows(),
            facts,
            made.rules,
            gathering.tally.unreadable_values(),
        ),
    }


def committee_files(paper: Paper, order: Order, name: str = PAPERS[0]) -> dict[str, bytes]:
    """A paper as a page with its charts, as Word and as PDF: files that begin with ``name``."""
    tables = paper.tables()
    charts = [block for section in paper.sections for block in section.blocks if isinstance(block, Chart)]
    with ThreadPoolExecutor(1) as other:  # Typst sets the PDF on one core while Word is written on another
        pdf = other.submit(paperpdf.pdf, paper)
        pictures = {chart.table: paperpdf.png(chart, tables[chart.table]) for chart in charts}
        return {
            f"{name}.md": paperpage.page(paper).encode(),
            **{paperpage.chart_name(chart): pictures[chart.table] for chart in charts},
            f"{name}.docx": paperword.word(paper, pictures, order.as_at, order.template),
            f"{name}.pdf": pdf.result(),
        }


def material_of(
    gathering: Gathering, host: Host, figures: Mapping[str, Any], tables: Sequence[Table], threshold: int | None
) -> Material:
    """What a paper of these tables is made of; ``threshold`` is None where nothing is withheld."""
    scope, counts = gathering.scope, gathering.counts
    return Material(
        council=_name(host, scope.council),
        start=scope.period.start,
        end=scope.period.end,
        as_at=scope.as_at,
        period_by=scope.period_by,
        software=f"{SOFTWARE}, calendar {host.calendar_versions(gathering.tally.books)}",
        bank_holidays=_bank_holidays(host, gathering.tally.books),
        editions=[
            f"{host.editions[name][0].title} ({', '.join(editions)})"
            for name, editions in gathering.tally.books.items()
        ],
        judged=list(_judged(counts, host)),
        tables=_with_copied(tables, scope, host),
        gaps=measures.gaps(scope.supplied),
        rows=_rows(figures, published=threshold is not None),
        without=list(figures["without_rulebook"]),
        threshold=threshold,
        cover=_cover(scope.supplied.cover),
        targets={str(name): percent for name, percent in scope.supplied.targets.items()},
        conduct_shown=scope.withhold == "breakdowns",
    )


def _with_copied(tables: Iterable[Table], scope: Scope, host: Host) -> dict[str, Table]:
    """The tables by id, with what is copied from other figures: of earlier periods, and of other councils."""
    found = {table.id: table for table in otherfigures.with_earlier(tables, scope.earlier.values())}
    others = {_name(host, str(each.council)): each for each in scope.others.values()}
    return found | {table.id: table for table in otherfigures.compared(found, others)}


def _cover(given: Cover) -> tuple[tuple[str, str], ...]:
    """The head of a council's report; what was not supplied is empty."""
    return (
        ("Committee", given.committee or ""),
        ("Date of meeting", spell(given.date) if given.date else ""),
        ("Report of", given.author or ""),
        ("Wards affected", given.wards or ""),
        ("Exempt from publication", given.exempt or ""),
    )


def _bank_holidays(host: Host, books: Iterable[str]) -> str:
    """Whose bank holidays the rulebooks leave out, in words."""
    places = {host.calendar(host.editions[name][-1]).holidays.place for name in books}
    return listed(sorted(places)) or "England"


def _rows(figures: Mapping[str, Any], *, published: bool) -> Rows:
    read = figures["reconciliation"]["rows_read"]
    return Rows(
        read=None if published and read else read,
        rejected=figures["reconciliation"]["rejected"],
        unread=figures["unreadable"]["values"],
    )


def _name(host: Host, council: str | None) -> str:
    books = [book for book, *_ in host.of_council(council).values()]
    if books:
        return books[0].authority
    return council.replace("-", " ").title() if council else "as the records name them"


def _judged(counts: Counts, host: Host) -> Iterator[JudgedRulebook]:
    """Each procedure's rulebooks, the council's own first."""
    for group in counts.groups():
        names = counts.cubes["findings"].values("rulebook", counts.figure("findings", group=[group]))
        for name in sorted(names, key=lambda name: counts.books[name].is_national):
            book, above = counts.books[name], host.editions.get(counts.national(group))
            yield JudgedRulebook(
                group,
                name,
                book.title,
                book.authority,
                book.standing,
                above[0].title if above else counts.national(group),
                tuple(doubts.shorts(doubts.of_book(book))),
                _limits(counts.rulings[name].values()),
                dict(_in_doubt(counts.rulings[name].values(), host.editions[name])),
            )


def _limits(rulings: Iterable[Ruling]) -> dict[str, str]:
    """The time limits that are the same in all editions, in words."""
    found: dict[str, set[str]] = {}
    for ruling in rulings:
        if isinstance(ruling.rule, Timed) and ruling.rule.within is not None:
            found.setdefault(ruling.name, set()).add(str(ruling.rule.within))
    return {name: limits.pop() for name, limits in found.items() if len(limits) == 1}


def _in_doubt(
    rulings: Iterable[Ruling], editions: Sequence[Rulebook]
) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """What is in doubt about each rule, in its own edition; rules with nothing in doubt are left out."""
    for ruling in rulings:
        book = next(book for book in editions if book.rulings().get(ruling.name) == ruling)
        if said := doubts.shorts(doubts.of_ruling(book, ruling)):
            yield (asked(ruling), ruling.clause), tuple(said)


def receipt(
    order: Order, gathering: Gathering, host: Host, figures: Mapping[str, Any], made: Mapping[str, bytes]
) -> bytes:
    """What the files were made by and of: enough to make them again and to see that they are the same.

    With published figures it neither names a file of the council's nor has a count. Raises a Mistake where a
    file was changed while it was read.
    """
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
            "calendar": host.calendar_versions(gathering.tally.books),
            "as_at": order.as_at.isoformat(),
            "from": publication.iso(order.period.start),
            "to": publication.iso(order.period.end),
            "period_by": order.period_by,
            "threshold": order.threshold,
            "withhold": order.withhold,
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
