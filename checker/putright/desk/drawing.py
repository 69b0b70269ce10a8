"""A case drawn to scale: what happened, and each time limit from its start to its due date, with days off and holds.

The page says the same in words below the drawing.
"""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import Any

from markupsafe import Markup

from putright import fields
from putright.api.casework import Explained, Explanation
from putright.text.english import capital, day_and_month, written_date

_WIDTH, _LEFT, _RIGHT = 760, 12, 90
_ROW = 44
#: Fewer days than this are drawn as if they were so many, so that a short case is not all of one day.
_LEAST = 20


def timeline(case: Explanation) -> Markup:
    """The drawing, with its words."""
    limits = [each for each in case.rules if each.finding["start"] and each.finding["due"]]
    days = [day for day, _ in case.timeline]
    days += [each.finding[name] for each in limits for name in ("start", "due", "done") if each.finding[name]]
    if not days:
        return Markup("")
    scale = _Scale(min(days), max([*days, min(case.as_at, max(days))]))
    parts = [*_events(case, scale)]
    top = 74
    for each in limits:
        parts += _limit(each, scale, top, case.as_at)
        top += _ROW
    words = "; ".join(f"{written_date(day)}: {what}" for day, what in case.timeline)
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="timeline" viewBox="0 0 {_WIDTH} {top}" '
        f'aria-label="{escape(f"Case {case.reference}, drawn to scale. {words}")}">{"".join(parts)}</svg>'
    )


class _Scale:
    def __init__(self, first: dt.date, last: dt.date) -> None:
        self.first, self.days = first, max((last - first).days, _LEAST)
        self.last = first + dt.timedelta(days=self.days)

    def x(self, day: dt.date) -> int:
        """Where a day is drawn."""
        place = min(max((day - self.first).days, 0), self.days)
        return _LEFT + place * (_WIDTH - _LEFT - _RIGHT) // self.days


def _events(case: Explanation, scale: _Scale) -> list[str]:
    """The line of days with a dot for each event, and its months."""
    parts = [f'<line x1="{_LEFT}" y1="46" x2="{scale.x(scale.last)}" y2="46" class="axis"/>']
    month = dt.date(scale.first.year, scale.first.month, 1)
    last = -_WIDTH
    while month <= scale.last:
        x = scale.x(month)
        if month >= scale.first and x - last > 56:
            parts.append(f'<line x1="{x}" y1="38" x2="{x}" y2="54" class="axis"/>')
            parts.append(f'<text x="{x}" y="30">{month:%b %Y}</text>')
            last = x
        month = (month + dt.timedelta(days=32)).replace(day=1)
    for day, what in case.timeline:
        parts.append(
            f'<circle cx="{scale.x(day)}" cy="46" r="6" class="event"><title>{_said(day, what)}</title></circle>'
        )
    return parts


def _limit(each: Explained, scale: _Scale, top: int, as_at: dt.date) -> list[str]:
    """One time limit: its bar, its days off and holds, and when it was done."""
    finding = each.finding
    start, due = finding["start"], finding["due"]
    first, last = sorted((scale.x(start), scale.x(due)))
    parts = [
        f'<text x="{_LEFT}" y="{top + 12}">{escape(_title(finding))}</text>',
        f'<rect x="{first}" y="{top + 18}" width="{max(last - first, 2)}" height="12" class="limit"/>',
    ]
    for day in each.span.days if each.span else ():
        if day.skipped and day.date.weekday() < 5 and day.date <= due:
            look = "hold" if day.skipped == "on hold" else "off"
            parts.append(
                f'<rect x="{scale.x(day.date) - 2}" y="{top + 16}" width="4" height="16" class="{look}">'
                f"<title>{_said(day.date, day.skipped)}</title></rect>"
            )
    end = finding["done"] or as_at
    if end > due and finding["verdict"] == "breach":
        wide = max(scale.x(end) - last, 3)
        parts.append(f'<rect x="{last}" y="{top + 18}" width="{wide}" height="12" class="over"/>')
        last += wide
    parts.append(f'<text x="{last + 4}" y="{top + 29}" class="due">due {escape(day_and_month(due))}</text>')
    if finding["done"]:
        x = scale.x(finding["done"])
        parts.append(f'<path d="M {x - 5} {top + 38} L {x} {top + 30} L {x + 5} {top + 38} Z" class="done"/>')
    return parts


def _title(finding: dict[str, Any]) -> str:
    return f"{capital(fields.RULES[finding['rule']])}, {finding['rulebook']} {finding['clause']}"


def _said(day: dt.date, what: str) -> str:
    return escape(f"{written_date(day)}: {what}")
