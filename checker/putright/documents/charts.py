"""Charts drawn from a table as SVG: bars with their numbers, one row of the table below the other.

A chart shows nothing that its table does not; where a count is withheld, no bar is drawn. In a web page
bars grow with the page and text does not shrink; on paper (``width`` given) all is in fixed units.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from putright.documents.paper import Cell, Chart, Share, Table, Withheld, spell

_ROW = 46
_BAR = 18
_LEGEND = 24
_FONT = 15
#: Room to the right of the longest bar, for its number.
_LONGEST = 80.0
_LABEL = 60
#: The colours differ in lightness as well as hue, and each bar has an outline.
_PAPER = ("#1f5fa8", "#f2a33a", "#c9d3dc", "#7a2e52", "#ffffff")
_PAGE = tuple(f"var(--bar{place})" for place in range(1, len(_PAPER) + 1))


@dataclass(frozen=True)
class _Style:
    width: int | None
    """In pixels; None stretches over the page."""

    @property
    def ink(self) -> str:
        return "currentColor" if self.width is None else "#111111"

    @property
    def fills(self) -> tuple[str, ...]:
        return _PAGE if self.width is None else _PAPER

    @property
    def font(self) -> str:
        return "" if self.width is None else ' font-family="Source Sans Pro, sans-serif"'

    def across(self, percent: float) -> str:
        return f"{percent:.2f}%" if self.width is None else f"{percent * self.width / 100:.1f}"


def svg(chart: Chart, table: Table, width: int | None = None) -> str:
    """The chart as an SVG element with a text alternative; ``width`` is in pixels."""
    style = _Style(width)
    parts: list[str] = []
    top = 0
    if chart.kind == "stacked bars":
        for place, column in enumerate(chart.columns):
            parts += _legend(table.columns[column].heading, style.fills[place % len(style.fills)], top, style)
            top += _LEGEND
        top += 8
    scale = max((sum(sizes) for row in table.rows if (sizes := _sizes(row, chart.columns))), default=0.0)
    for row in table.rows:
        parts += _bar(row, chart, scale, top, style)
        top += _ROW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(chart.alternative)}" '
        f'width="{style.across(100)}" height="{top}" font-size="{_FONT}"{style.font}>{"".join(parts)}</svg>'
    )


def _legend(heading: str, fill: str, top: int, style: _Style) -> Iterator[str]:
    yield f'<rect x="1" y="{top + 2}" width="16" height="16" fill="{fill}" stroke="{style.ink}"/>'
    yield _text("26", top + 16, heading, style)


def _bar(row: Sequence[Cell], chart: Chart, scale: float, top: int, style: _Style) -> Iterator[str]:
    label = spell(row[0])
    yield _text("0", top + 15, label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…", style)
    sizes = _sizes(row, chart.columns)
    at = 0.0
    if sizes is not None and scale:
        for place, size in enumerate(sizes):
            width = size / scale * _LONGEST
            if width:
                fill = style.fills[place % len(style.fills)]
                yield (
                    f'<rect x="{style.across(at)}" y="{top + 21}" width="{style.across(width)}" height="{_BAR}" '
                    f'fill="{fill}" stroke="{style.ink}"/>'
                )
            at += width
    yield _text(style.across(at + 1), top + 35, _number(row, chart, sizes), style)


def _number(row: Sequence[Cell], chart: Chart, sizes: list[float] | None) -> str:
    cells = [row[column] for column in chart.columns]
    if len(cells) == 1:
        return spell(cells[0])
    if sizes is None:
        return spell(next(cell for cell in cells if not isinstance(cell, int)))
    return spell(sum(cell for cell in cells if isinstance(cell, int)))


def _sizes(row: Sequence[Cell], columns: Sequence[int]) -> list[float] | None:
    """The length of each part of a row's bar; None if any of them is withheld."""
    sizes: list[float] = []
    for column in columns:
        cell = row[column]
        if isinstance(cell, Share):
            sizes.append(cell.count / cell.base)
        elif isinstance(cell, int):
            sizes.append(float(cell))
        else:
            return None
    return sizes


def _text(x: str, y: int, text: str, style: _Style) -> str:
    return f'<text x="{x}" y="{y}" fill="{style.ink}">{escape(text)}</text>'


def drawable(chart: Chart, table: Table) -> bool:
    """Whether there is a bar to draw: some row whose numbers are all shown and not all zero."""
    return any(sum(_sizes(row, chart.columns) or [0.0]) for row in table.rows) and not all(
        isinstance(row[column], Withheld) for row in table.rows for column in chart.columns
    )
