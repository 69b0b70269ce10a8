"""Write a paper as a MyST page, which the handbook or any Markdown editor can show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from putright.documents.paper import BLANK, TO_SUPPLY, Block, Chart, Gap, Paper, Section, Table, spell

CHARTS = "charts"


def chart_name(chart: Chart) -> str:
    """The file name of a chart's picture, next to the page."""
    return f"{CHARTS}/{chart.table}.png"


def page(paper: Paper) -> str:
    """The paper as a MyST page; charts are separate pictures at ``chart_name``."""
    parts = ["---", f"title: {_quoted(paper.title)}", "---", ""]
    for name, value in paper.facts:
        parts += [f"**{escaped(name)}:** {escaped(value or BLANK)}", ""]
    for section in paper.sections:
        parts += _section(section)
    return "\n".join(parts)


def _section(section: Section) -> Iterator[str]:
    yield f"{'#' * section.level} {escaped(section.heading)}"
    yield ""
    for block in section.blocks:
        yield from _block(block)
        yield ""


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Chart):
        yield f"![{escaped(block.alternative)}]({chart_name(block)})"
        yield ""
        yield f"*{escaped(block.alternative)}*"
    elif isinstance(block, Gap):
        yield f"**{TO_SUPPLY}** {escaped(block.text)}"
    else:
        yield escaped(block.text)


def _table(table: Table) -> Iterator[str]:
    yield f"~~~{{table}} {escaped(table.title)}"
    yield _row([column.heading for column in table.columns])
    yield "|".join(["", *("--:" if column.figures else ":--" for column in table.columns), ""])
    for row in table.rows:
        yield _row([spell(cell) for cell in row])
    yield "~~~"
    if table.note:
        yield ""
        yield f"*{escaped(table.note)}*"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(escaped(cell) for cell in cells)} |"


_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|$~@^&#])")
#: Matches text that would begin a list, a rule or a comment at the start of a line.
_BEGINS = re.compile(r"^(?:(?=[-+=:%])|(\d{1,9})(?=[.)](?:\s|$)))")


def escaped(text: str) -> str:
    """Text as MyST that shows just this text, on one line."""
    return _BEGINS.sub(lambda found: f"{found[1] or ''}\\", _SPECIAL.sub(r"\\\1", " ".join(text.split())))


def _quoted(text: str) -> str:
    """Text as a YAML scalar in quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
