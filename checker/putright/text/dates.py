"""Dates as people in the UK write them."""

from __future__ import annotations

import datetime as dt

#: What to write instead of a text that is not a date.
USE = "Use 22/11/2026 or 2026-11-22"
#: No text fits two of them. Rulebooks use the first.
_STYLES = ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y", "%d.%m.%Y", "%d-%m-%Y")
_YEARS = range(1900, 2200)


class UnreadableDate(ValueError):
    """A text is not a date; the message says what to write."""


def read_date(text: str) -> dt.date:
    """The day that a text names: ``22/11/2026``, ``22 November 2026`` or ``2026-11-22``.

    Raises UnreadableDate where it names none, or one that is not from 1900 to 2199.
    """
    plain = " ".join(text.split())
    for style in _STYLES:
        try:
            day = dt.datetime.strptime(plain, style).date()
        except ValueError:
            continue
        if day.year not in _YEARS:
            raise UnreadableDate(f"{plain!r} is not between {_YEARS[0]} and {_YEARS[-1]}. {USE}.")
        return day
    shown = plain if len(plain) <= 40 else f"{plain[:40]}…"
    raise UnreadableDate(f"{shown!r} is not a date we can read. {USE}.")


def as_date(value: object) -> dt.date:
    """A value of a file that people write: a date, or a text that ``read_date`` reads."""
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else read_date(str(value))
