"""A case drawn to scale, from the top down: what happened, what is due, the days between and the days off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from putright.documents.pictures import svg, text_at
from putright.text.english import counted
from putright.text.shown import Display, day, picture

Event = tuple[dt.date, str]

_WIDTH, _AXIS, _TOP = 700, 210, 44
#: The space between two lines of text, and the greatest and least height of a day.
_LINE, _MOST, _LEAST = 17, 12, 1
#: The height that the picture aims at, however long the case took.
_HIGH = 520
#: The least height of a day at which days off are drawn and named.
_SEEN = 4
#: The most days without an event that are drawn to scale, and the height of a longer time.
_LONG, _BREAK = 100, 40


@dataclass(frozen=True)
class _Label:
    """Words next to the axis: the day they are about, what they say, and how they look."""

    date: dt.date
    what: str
    kind: str


def timeline(
    events: Sequence[Event],
    title: str,
    off: Mapping[dt.date, str],
    due: Iterable[Event] = (),
    *,
    every_day_off: bool = False,
) -> Display:
    """The picture, with the same in words.

    ``off`` are days that are not working days, each with its name; a weekend is drawn and not named. If they are all of
    them, the working days from one event to the next are counted. ``due`` are due dates, which a question leaves out.
    """
    counting = off if every_day_off else None
    dues = sorted(set(due))
    dates = sorted({date for date, _ in (*events, *dues)})
    heading = text_at(4, 18, title, bold=True)
    if not dates:
        return picture(svg(_WIDTH, _TOP, title, "nothing is recorded", [heading]), "nothing is recorded")
    scale = _Scale(dates)
    between = {date: name for date, name in off.items() if dates[0] < date < dates[-1]}
    labels = [_Label(date, what, "event") for date, what in events]
    labels += [_Label(date, f"due: {what}", "due") for date, what in dues]
    named = {date: name for date, name in sorted(between.items()) if date.weekday() < _SATURDAY}
    labels += [_Label(date, name, "off") for date, name in named.items() if scale.shows(date)]
    labels += [_Label(one, _apart(one, other, counting), "days") for one, other in pairwise(dates)]
    drawn, height = _labelled(labels, scale)
    sentences = [f"{day(date)}: {what}" for date, what in (*events, *((date, f"due: {what}") for date, what in dues))]
    sentences += [f"from {day(one)} to {day(other)}: {_apart(one, other, counting)}" for one, other in pairwise(dates)]
    sentences += [f"{day(date)} is a day off: {name}" for date, name in named.items()]
    words = "; ".join(sentences)
    return picture(svg(_WIDTH, height, title, words, [heading, *_axis(between, scale), *drawn]), f"{words}.")


class _Scale:
    """How far down each day is; a long time without an event is cut short, and the axis broken there."""

    def __init__(self, dates: Sequence[dt.date]) -> None:
        gaps = [(one, other, (other - one).days) for one, other in pairwise(dates)]
        self.broken = [(one, other) for one, other, days in gaps if days > _LONG]
        shown = sum(days for *_, days in gaps if days <= _LONG)
        self.tall = min(_MOST, max(_LEAST, _HIGH // max(shown, 1)))
        self._at = {dates[0]: _TOP}
        for one, other, days in gaps:
            self._at[other] = self._at[one] + (_BREAK if days > _LONG else days * self.tall)
        self.dates = dates

    def y(self, date: dt.date) -> int:
        """Where a day is that is not in a break."""
        before = max(known for known in self.dates if known <= date)
        return self._at[before] + (date - before).days * self.tall

    def shows(self, date: dt.date) -> bool:
        """Whether there is room to show one day."""
        return self.tall >= _SEEN and not any(one < date < other for one, other in self.broken)


_SATURDAY = 5


def _apart(one: dt.date, other: dt.date, off: Mapping[dt.date, str] | None) -> str:
    """How far two days are apart; with the days off, also in working days after the first."""
    days = counted((other - one).days, "day")
    if off is None:
        return days
    after = (one + dt.timedelta(days=number) for number in range(1, (other - one).days + 1))
    return f"{days}, {counted(sum(date not in off for date in after), 'working day')}"


def _axis(off: Iterable[dt.date], scale: _Scale) -> Iterator[str]:
    for date in off:
        if scale.shows(date):
            y, tall = scale.y(date) - scale.tall // 2, scale.tall
            yield f'<rect x="{_AXIS - 9}" y="{y}" width="18" height="{tall}" fill="currentColor" fill-opacity="0.18"/>'
    for one, other in pairwise(scale.dates):
        dashes = ' stroke-dasharray="2 5"' if (one, other) in scale.broken else ""
        line = f"M {_AXIS} {scale.y(one)} V {scale.y(other)}"
        yield f'<path d="{line}" stroke="currentColor" stroke-opacity="0.6" fill="none"{dashes}/>'


def _labelled(labels: Sequence[_Label], scale: _Scale) -> tuple[list[str], int]:
    """Each label at its day or, where another is in the way, as near below it as there is room; and the height."""
    parts: list[str] = []
    reached = 0
    for label in sorted(labels, key=lambda each: (each.date, _KINDS.index(each.kind))):
        at = scale.y(label.date)
        reached = y = max(at, reached + _LINE)
        if label.kind == "days":
            parts.append(text_at(_AXIS + 28, y + 4, label.what, faint=True, small=True))
            continue
        faint = label.kind == "off"
        parts += [] if faint else [_mark(at, label.kind)]
        if y != at:
            line = f"M {_AXIS + 7} {at} L {_AXIS + 22} {y}"
            parts.append(f'<path d="{line}" stroke="currentColor" stroke-opacity="0.4"/>')
        parts.append(text_at(4, y + 4, day(label.date), faint=faint, small=faint))
        parts.append(text_at(_AXIS + 26, y + 4, label.what, bold=label.kind == "due", faint=faint, small=faint))
    return parts, reached + 20


def _mark(y: int, kind: str) -> str:
    """A dot for an event, a square for a due date."""
    colour, round_ = ("#00703c", 0) if kind == "due" else ("#1d70b8", 5)
    return (
        f'<rect x="{_AXIS - 5}" y="{y - 5}" width="10" height="10" rx="{round_}" fill="{colour}" '
        'stroke="currentColor"/>'
    )


#: Labels of one day are in this order.
_KINDS = ("event", "due", "off", "days")
