"""The latest audit in published figures, if the build has them.

What it comes to is first, then the three tables that most readers want; every other table is folded.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

from docutils import nodes
from putright.api.figures import FiguresTable, Hidden, PublishedFigures, Ratio, Unreadable, Value, not_read
from putright.documents import paper
from putright.documents.paper import Cell, Share, Withheld
from putright.text.english import capital, written_date

from putright_handbook import writing
from putright_handbook.site import Site
from putright_handbook.writing import Content, bullets, fold, grid, link, para, section

#: The tables that stay open, by the beginning of their names: times by stage, by service, and the measures.
_FIRST = ("stages", "services", "measures-corporate")
#: In the table of stages, what each row's cells say.
_STAGE, _PROCEDURE, _RULEBOOK, _MET = 0, 1, 2, -1


def content(site: Site, docname: str, council: str) -> list[nodes.Node]:
    """Published figures, or word that there are none."""
    found = site.figures.get(council)
    read = para([link("How to read an audit", "reading-an-audit"), "."])
    if found is None:
        return [para("No audit has been published yet."), read]
    tables = {table.id: table for table in found.tables if table.rows}
    first = [tables[name] for name in _FIRST if name in tables]
    # Results come before definitions.
    others = sorted(
        (table for table in tables.values() if table not in first),
        key=lambda table: not any(column.figures for column in table.columns),
    )
    return [
        *_headline(tables),
        para(_head(found)),
        read,
        *(section(f"table-{table.id}", table.title, *_table(table)) for table in first),
        *_others(others),
    ]


def _headline(tables: dict[str, FiguresTable]) -> Iterator[nodes.Node]:
    """What was kept in time at each stage by the council's own procedure, a line for each kind of complaint."""
    stages = tables.get("stages")
    if stages is None or len(stages.columns) < len(("stage", "procedure", "rulebook", "met")):
        return
    own: dict[str, str] = {}
    said: dict[str, list[str]] = {}
    for row in stages.rows:
        kind, book, met = str(row[_PROCEDURE]), str(row[_RULEBOOK]), row[_MET]
        if own.setdefault(kind, book) == book and met is not None:
            said.setdefault(kind, []).append(f"{row[_STAGE]}: {_share(met)}")
    if said:
        lines: list[Content] = [
            [writing.strong(f"{capital(kind)} complaints. "), "; ".join(parts), "."] for kind, parts in said.items()
        ]
        yield section("headline", "What was done in time", bullets(lines))


def _share(met: Value) -> str:
    match met:
        case Ratio(percent=int()):
            return f"{met.percent}% ({met.count} of {met.base})"
        case Ratio():
            return f"{met.count} of {met.base}"
    return "withheld" if isinstance(met, Hidden) else str(met)


def _others(tables: list[FiguresTable]) -> Iterator[nodes.Node]:
    if tables:
        said = para("Open a table to read it. Printing the page opens them all.")
        yield section("more", "More figures", said, *(fold(table.title, *_table(table)) for table in tables))


def _head(found: PublishedFigures) -> str:
    days = (("from", found.period.start), ("to", found.period.end))
    period = " ".join(f"{word} {written_date(day)}" for word, day in days if day)
    counts = "the day of receipt" if found.counts_by == "received" else "due date"
    said = f"Audited as at {written_date(found.as_at)}" + (f", for the period {period}" if period else "")
    most = found.threshold - 1
    held = f" We do not show counts of 1 to {most}, or any figure that would let you work one out." if most > 0 else ""
    if held and found.withhold == "breakdowns":
        held = f"{held[:-1]}, except for what the whole council received and did."
    return " ".join([f"{said}. Complaints are counted by {counts}.{held}", *_unreadable(found.unreadable)])


def _unreadable(found: Unreadable | None) -> Iterator[str]:
    """The records that could not be read, in the words of the papers."""
    if found:
        yield from not_read(found)


def _table(table: FiguresTable) -> Iterator[nodes.Node]:
    headings = [column.heading for column in table.columns]
    rows: list[list[Content]] = [[paper.spell(_cell(value)) for value in row] for row in table.rows]
    many = ["pr-figures"] if len(headings) > 5 else []
    yield grid(table.title, headings, rows, "pr-plain", *many)
    if table.note:
        yield para(table.note, "pr-small")


def _cell(value: Value) -> Cell:
    """A cell as the paper that was published had it."""
    match value:
        case Hidden():
            return Withheld()
        case Ratio():
            return Share(value.count, value.base)
        case str():
            with contextlib.suppress(ValueError):
                return dt.date.fromisoformat(value)
    return value
