"""The days of a count in words: each working day by its number, and why the others are skipped."""

from __future__ import annotations

import datetime as dt
from typing import Any

from putright.calendars.workingdays import Span

#: Days past the due date that are spelt out; a long overrun is summed up after them.
_OVER_SHOWN = 15


def long_day(day: dt.date) -> str:
    """A date as ``Wed 2026-11-18``."""
    return f"{day:%a} {day.isoformat()}"


def spelt(span: Span, due: dt.date | None) -> str:
    """Every day of a count: its number, or in brackets why it is skipped; 'due' where the time ends."""
    words = [f"0 {_short(span.zero)}"]
    over = 0
    for place, day in enumerate(span.days):
        if due and span.zero < due < day.date:
            over += 1
            if over > _OVER_SHOWN:
                last = span.days[-1]
                rest = sum(later.number is not None for later in span.days[place:])
                words.append(f"… {rest} more working days to {_short(last.date)}, day {span.counted}")
                break
        reason = "weekend" if day.date.weekday() >= 5 else day.skipped
        words.append(f"({_short(day.date)}: {reason})" if reason else f"{day.number} {_short(day.date)}")
        if day.date == due:
            words[-1] += " DUE"
    return "Counted: " + ", ".join(words)


def _short(day: dt.date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}" if (day.month, day.day) == (1, 1) else f"{day:%a} {day.day} {day:%b}"


def days_data(span: Span | None) -> list[dict[str, Any]]:
    """The days of a count as plain data: ``date``, ``number``, ``skipped``."""
    if span is None:
        return []
    return [{"date": day.date.isoformat(), "number": day.number, "skipped": day.skipped} for day in span.days]


def skipped(span: Span) -> str:
    """The days skipped in a count, by name; weekends together."""
    named = [
        f"{day.skipped.removesuffix(' (bank holiday)')} {day.date.day} {day.date:%b}"
        for day in span.days
        if day.skipped and day.date.weekday() < 5
    ]
    weekend = sum(day.skipped is not None and day.date.weekday() >= 5 for day in span.days)
    return ", ".join([*named, *([f"{weekend} weekend day{'s' * (weekend > 1)}"] if weekend else [])])
