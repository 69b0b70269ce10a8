"""Dates as people in the UK write them."""

from __future__ import annotations

import datetime as dt

#: The styles that are read; the first two are named where a date cannot be read.
_STYLES = ("%d/%m/%Y", "%d %B %Y", "%d %b %Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d")


class UnreadableDate(ValueError):
    """A text is not a date; the text says what to write."""


def read_date(text: str) -> dt.date:
    """The day that a text names, ``30/9/2026`` or ``30 September 2026``; UnreadableDate if it names none."""
    plain = " ".join(text.split())
    for style in _STYLES:
        try:
            day = dt.datetime.strptime(plain, style).date()
        except ValueError:
            continue
        if 1900 <= day.year < 2200:
            return day
    raise UnreadableDate(f"{plain!r:.40} is not a date between 1900 and 2199: write it as 30/9/2026.")
