"""The due dates of some months as tables, to read and to print, with JavaScript or without."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterator, Sequence
from functools import cache

from docutils import nodes
from putright.api.duetables import Tables
from putright.calendars import Calendar
from putright.text.english import day_and_month

from putright_handbook import writing
from putright_handbook.contents.duedates import closures, legend
from putright_handbook.site import Site
from putright_handbook.spans import Span
from putright_handbook.writing import link, para, section


def content(site: Site, docname: str, rulebook: str, name: str) -> list[nodes.Node]:
    """The due dates of some months."""
    procedure = site.procedure(rulebook)
    found = site.due_tables(rulebook)
    span = next(each for each in site.spans if each.name == name)
    calendar = site.host.calendar(procedure.book)
    return [
        para(
            [
                "Find the event and the step in the first table, then the time in the month's table. To work out "
                "one date, ",
                link("give the day", f"{procedure.folder}/due-dates"),
                f". {closures(procedure, calendar)}",
            ]
        ),
        para([link(each.title, f"{procedure.folder}/due-dates/{each.name}") for each in site.spans], "pr-row"),
        writing.raw(_to_months(span)),
        writing.raw("".join(_months(found, calendar, span))),
        section("time-limits", "Time limits for each step", *legend(found, site.host)),
    ]


def _to_months(span: Span) -> str:
    """The way to each month of the page."""
    links = "".join(f'<li><a href="#month-{first:%Y-%m}">{first:%B %Y}</a></li>' for first in span.months)
    return f'<ul class="pr-row pr-contents">{links}</ul>'


#: Columns of a table: more would not fit on a screen.
_FIT = 9


def _months(found: Tables, calendar: Calendar, span: Span) -> Iterator[str]:
    """The tables of each month: each has as many time limits as fit next to each other."""
    longest = max(max(column.days) for column in found.columns)
    short, full = _day_names(found.first, found.length + longest)
    found_days = [(day - found.first).days for day in span.days]
    used = found.by_event
    tables = -(-len(used) // _FIT)
    size = -(-len(used) // tables)
    for first in span.months:
        offsets = [offset for offset in found_days if found.dates[offset].month == first.month]
        yield f'<h2 id="month-{first:%Y-%m}">{first:%B %Y}</h2>'
        for part in range(tables):
            columns = used[part * size : (part + 1) * size]
            which = f", part {part + 1} of {tables}" if tables > 1 else ""
            heads = "".join(f'<th scope="col">{html.escape(found.columns[place].heading)}</th>' for place in columns)
            yield (
                '<div class="pr-scroll pr-month" tabindex="0" role="region" '
                f'aria-label="Due dates, {first:%B %Y}{which}">'
                f'<table class="pr-dates"><caption>Due dates for what happened in {first:%B %Y}{which}</caption>'
                f'<thead><tr><th scope="col">Day</th>{heads}</tr></thead><tbody>'
            )
            for offset in offsets:
                shown = _after(found, columns, offset, (short, full))
                yield _day_row(calendar, found.dates[offset], short[offset], shown)
            yield "</tbody></table></div>"


def _day_row(calendar: Calendar, day: dt.date, name: str, shown: Sequence[str]) -> str:
    why = calendar.why_not(day)
    reason = f"<br><small>{html.escape(why)}</small>" if why and day.weekday() < 5 else ""
    row = f'<tr{" class=pr-off" if why else ""}><th scope="row">{name}{reason}</th>'
    return f"{row}<td>{'</td><td>'.join(shown)}</td></tr>"


def _after(found: Tables, columns: list[int], offset: int, texts: tuple[list[str], list[str]]) -> list[str]:
    """The dates that follow from a day, with the year where that is another."""
    after = [found.columns[place].days[offset] for place in columns]
    year = texts[1][offset][-4:]
    return [texts[texts[1][offset + n][-4:] != year][offset + n] if n >= 0 else "" for n in after]


@cache
def _day_names(first: dt.date, count: int) -> tuple[list[str], list[str]]:
    """Each day as tables have it, without its year and with it."""
    days = [first + dt.timedelta(days=offset) for offset in range(count)]
    short = [f"{day:%a} {day_and_month(day)}" for day in days]
    return short, [f"{text} {day.year}" for text, day in zip(short, days, strict=True)]
