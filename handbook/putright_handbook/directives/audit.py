"""``putright-audit COUNCIL``: the latest audit in published figures, where the build was given them."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from putright.committee import paper, statements
from putright.committee.paper import Cell, Share, Withheld
from sphinx.application import Sphinx

from putright_handbook import wording, writing
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
        # What is counted comes before how it is defined.
        tables = sorted(found["tables"], key=lambda table: not any(column["figures"] for column in table["columns"]))
        return [para(_head(found)), read, *(_table(table) for table in tables if table["rows"])]


def _head(found: dict[str, Any]) -> str:
    begin, end = (found["period"][name] for name in ("from", "to"))
    period = " ".join(
        f"{word} {wording.plain_day(dt.date.fromisoformat(day))}" for word, day in (("from", begin), ("to", end)) if day
    )
    counts = "receipt" if found["counts_by"] == "received" else "due date"
    as_at = wording.plain_day(dt.date.fromisoformat(found["as_at"]))
    said = f"Audited as at {as_at}" + (f", for the period {period}" if period else "")
    most = found["threshold"] - 1
    held = f" Counts from 1 to {most} are withheld, and others that would give one back." if most > 0 else ""
    return " ".join([f"{said}, counted by {counts}.{held}", *_unreadable(found.get("unreadable") or {})])


def _unreadable(found: dict[str, int]) -> Iterator[str]:
    """What could not be read of the case records, in the words of the papers."""
    rejected, values = found.get("rows", 0), found.get("values", 0)
    for sentence in statements.first(*(each.say(None, rejected) for each in statements.ROWS)) if found else ():
        yield sentence.text
    for sentence in statements.first(statements.UNREAD.say(values)):
        yield sentence.text


def _table(table: dict[str, Any]) -> nodes.section:
    headings = [column["heading"] for column in table["columns"]]
    rows: list[list[Content]] = [[paper.spell(_cell(cell)) for cell in row] for row in table["rows"]]
    note = [para(table["note"], "pr-small")] if table["note"] else []
    many = ["pr-figures"] if len(headings) > 5 else []
    return section(
        f"table-{table['id']}", table["title"], grid(table["title"], headings, rows, "pr-plain", *many), *note
    )


def _cell(found: Any) -> Cell:
    """A cell as the paper that was published had it."""
    if isinstance(found, dict):
        return Withheld() if found.get("withheld") else Share(found["count"], found["base"])
    if isinstance(found, str):
        with contextlib.suppress(ValueError):
            return dt.date.fromisoformat(found)
        return found
    return None if found is None else int(found)


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-audit", Audit)
