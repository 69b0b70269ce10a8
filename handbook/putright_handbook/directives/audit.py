"""``putright-audit COUNCIL``: the latest audit in published figures, if the build has them."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

from docutils import nodes
from putright.api.figures import FiguresTable, Hidden, PublishedFigures, Ratio, Unreadable, Value, not_read
from putright.documents import paper
from putright.documents.paper import Cell, Share, Withheld
from putright.text.english import written_date
from sphinx.application import Sphinx

from putright_handbook import writing
from putright_handbook.writing import Content, grid, link, para, section


class Audit(writing.Directive):
    """Published figures, or word that there are none."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        found = self.site.figures.get(self.arguments[0])
        read = para([link("How to read an audit", "reading-an-audit"), "."])
        if found is None:
            said = "No audit's figures were given when this handbook was built, so there are none to show here."
            return [para(said), read]
        # Results come before definitions.
        tables = sorted(found.tables, key=lambda table: not any(column.figures for column in table.columns))
        return [para(_head(found)), read, *(_table(table) for table in tables if table.rows)]


def _head(found: PublishedFigures) -> str:
    days = (("from", found.period.start), ("to", found.period.end))
    period = " ".join(f"{word} {written_date(day)}" for word, day in days if day)
    counts = "receipt" if found.counts_by == "received" else "due date"
    said = f"Audited as at {written_date(found.as_at)}" + (f", for the period {period}" if period else "")
    most = found.threshold - 1
    held = f" Counts from 1 to {most} are withheld, and others that would give one back." if most > 0 else ""
    return " ".join([f"{said}, counted by {counts}.{held}", *_unreadable(found.unreadable)])


def _unreadable(found: Unreadable | None) -> Iterator[str]:
    """The records that could not be read, in the words of the papers."""
    if found:
        yield from not_read(found)


def _table(table: FiguresTable) -> nodes.section:
    headings = [column.heading for column in table.columns]
    rows: list[list[Content]] = [[paper.spell(_cell(value)) for value in row] for row in table.rows]
    note = [para(table.note, "pr-small")] if table.note else []
    many = ["pr-figures"] if len(headings) > 5 else []
    return section(f"table-{table.id}", table.title, grid(table.title, headings, rows, "pr-plain", *many), *note)


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


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-audit", Audit)
