"""Pictures drawn from the checker's own counts, as inline SVG; each has the same in words.

They take their colour from the text around them, so they are readable in a light and in a dark theme.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Mapping, Sequence
from html import escape

from putright.calendars import Span
from putright.calendars.spelling import spelt
from putright.text import rounding
from putright.text.english import day_and_month
from putright.text.shown import Display, picture

_FONTS = "Arial, Liberation Sans, DejaVu Sans, sans-serif"
_CELL = (98, 56)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: The look of a calendar cell: border and fill; a word in the cell says the same.
_LOOKS = {
    "zero": 'stroke="#1d70b8" stroke-width="3" fill="#1d70b8" fill-opacity="0.15"',
    "due": 'stroke="#00703c" stroke-width="3" fill="#00703c" fill-opacity="0.2"',
    "day": 'stroke="currentColor" stroke-opacity="0.5" fill="none"',
    "over": 'stroke="#d4351c" stroke-dasharray="4 2" fill="#d4351c" fill-opacity="0.12"',
    "skipped": 'stroke="currentColor" stroke-opacity="0.2" fill="currentColor" fill-opacity="0.12"',
    "outside": 'stroke="currentColor" stroke-opacity="0.1" fill="none"',
}


def month_sheet(span: Span, due: dt.date | None, start_is: str = "received") -> Display:
    """A count of working days as a sheet of a calendar, a week a row, each day with its number or why it has none."""
    cells = _cells(span, due, start_is)
    first = min(cells) - dt.timedelta(days=min(cells).weekday())
    weeks = (max(cells) - first).days // 7 + 1
    width, height = 7 * _CELL[0] + 2, weeks * _CELL[1] + 24
    parts = [text_at(column * _CELL[0] + 6, 16, name, bold=True) for column, name in enumerate(_WEEKDAYS)]
    for offset in range(7 * weeks):
        date = first + dt.timedelta(days=offset)
        x, y = offset % 7 * _CELL[0] + 1, offset // 7 * _CELL[1] + 23
        look, word = cells.get(date, ("outside", ""))
        parts.append(f'<rect x="{x}" y="{y}" width="{_CELL[0] - 4}" height="{_CELL[1] - 4}" rx="3" {_LOOKS[look]}/>')
        parts.append(text_at(x + 5, y + 15, day_and_month(date), faint=look in ("outside", "skipped")))
        parts += [
            text_at(x + 5, y + 31 + 13 * line, piece, bold=look in ("zero", "due"), small=True)
            for line, piece in enumerate(textwrap.wrap(word, 15)[:2])
        ]
    words = spelt(span, due)
    return picture(svg(width, height, "The days counted, week by week", words, parts), words)


def _cells(span: Span, due: dt.date | None, start_is: str) -> dict[dt.date, tuple[str, str]]:
    """How each day of a count looks, and the word in it."""
    cells = {}
    waited = (span.zero - span.start).days
    for offset in range(waited):
        cells[span.start + dt.timedelta(days=offset)] = ("skipped", start_is if offset == 0 else "not counted")
    cells[span.zero] = ("zero", "day 0" if waited else f"{start_is}: day 0")
    for each in span.days:
        over = due is not None and each.date > due
        word = _why(each.date, each.skipped) if each.skipped else f"day {each.number}"
        look = "skipped" if each.skipped else "over" if over else "day"
        if each.date == due:
            look, word = "due", f"{word}: due"
        cells[each.date] = (look, word)
    return cells


def _why(date: dt.date, reason: str) -> str:
    return (
        "weekend" if date.weekday() >= 5 else reason.removesuffix(" (bank holiday)").removesuffix(" (substitute day)")
    )


#: The letters that fit a line of a step's name and of its time.
_NAME, _TIME = 30, 62


def stages(boxes: Sequence[tuple[str, str]], words: str) -> Display:
    """Steps one after another, each a box with its name and its time."""
    width, lines = 700, []
    y = 4
    for place, (name, time) in enumerate(boxes):
        texts = (
            [(14, line, True) for line in textwrap.wrap(name, _NAME)],
            [(250, line, False) for line in textwrap.wrap(time, _TIME)],
        )
        high = 24 + 18 * max(map(len, texts))
        lines.append(
            f'<rect x="2" y="{y}" width="{width - 4}" height="{high}" rx="6" stroke="currentColor" '
            'stroke-opacity="0.6" fill="#1d70b8" fill-opacity="0.12"/>'
        )
        for column in texts:
            lines += [text_at(x, y + 26 + 18 * row, line, bold=bold) for row, (x, line, bold) in enumerate(column)]
        if place + 1 < len(boxes):
            lines.append(f'<path d="M 40 {y + high} v 14 m -5 -6 l 5 6 l 5 -6" stroke="currentColor" fill="none"/>')
        y += high + 16
    return picture(svg(width, y - 8, "The steps in order", words, lines), words)


def bars(values: Mapping[str, float], unit: str, words: str) -> Display:
    """A bar for each value, with its figure."""
    most = max(values.values(), default=0) or 1
    lines = []
    for place, (name, value) in enumerate(values.items()):
        y = place * 30 + 4
        long = int(rounding.number(360 * value / most))
        lines.append(f'<rect x="230" y="{y}" width="{long}" height="20" fill="#1d70b8" fill-opacity="0.6"/>')
        lines += [text_at(4, y + 15, name), text_at(238 + long, y + 15, f"{value:g} {unit}")]
    return picture(svg(700, 30 * len(values) + 8, f"A bar for each, in {unit}", words, lines), words)


def svg(width: int, height: int, title: str, words: str, parts: Sequence[str]) -> str:
    """The picture with its title and description, which a screen reader reads."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}" style="max-width: 100%; height: auto" font-family="{_FONTS}">'
        f"<title>{escape(title)}</title><desc>{escape(words)}</desc>{''.join(parts)}</svg>"
    )


def text_at(x: int, y: int, text: str, *, bold: bool = False, faint: bool = False, small: bool = False) -> str:
    """A line of text that begins at a place."""
    weight = ' font-weight="bold"' if bold else ""
    opacity = ' fill-opacity="0.75"' if faint else ""
    size = 11 if small else 13
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="currentColor"{weight}{opacity}>{escape(text)}</text>'
