"""The due dates of the handbook's calculator as data for its script; the checker counts them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from putright import fields
from putright.api import clauses
from putright.api.duetables import Following, Tables
from putright.api.hosts import Host
from putright.calendars import Calendar

from putright_handbook import wording


def as_data(found: Tables, host: Host, here: str) -> dict[str, Any]:
    """The data for the page's script.

    ``first`` and ``days``: the span; ``horizons``: the last day for which days off are known, by rulebook;
    ``kinds``: name, events (``field``, ``noun``, ``dates``); ``columns``: days to the date, by day of the span;
    ``names`` of days off, and ``off`` by rulebook: for each day from the span's first, 0 or the place (from 1) in
    ``names``.
    """
    names: list[str] = []
    return {
        "first": found.first.isoformat(),
        "days": found.length,
        "horizons": {name: calendar.horizon.isoformat() for name, calendar in found.calendars.items()},
        "kinds": [
            {
                "name": kind,
                "events": [
                    {
                        "field": event,
                        "noun": fields.noun(event),
                        "dates": [_date_data(each, host, here) for each in dates],
                    }
                    for event, dates in events.items()
                ],
            }
            for kind, events in found.kinds.items()
        ],
        "columns": [column.days for column in found.columns],
        "off": {name: _off(found, calendar, names) for name, calendar in found.calendars.items()},
        "names": names,
    }


def _date_data(each: Following, host: Host, here: str) -> dict[str, Any]:
    book = next(book for book in host.editions[each.rulebook] if book.edition == each.edition)
    clause = clauses.cited(each.clause, book)[0]
    up = "../" * here.count("/")
    return {
        "step": wording.step(each.rule),
        "rule": each.rule,
        "rulebook": each.rulebook,
        "clause": each.clause,
        "source": book.title if each.national else "our procedure",
        "href": up + clauses.link(book, clause, host),
        "kind": wording.force(book.rulings()[each.rule]),
        "within": each.within,
        "column": each.column,
        "extended": each.extended,
        "latest": each.latest,
        "other": each.other,
        "begins": each.begins,
        "doubts": each.doubts,
        "counted": each.counted,
        "national": each.national,
        "who": book.rulings()[each.rule].who,
    }


def _off(found: Tables, calendar: Calendar, names: list[str]) -> list[int]:
    """Why each day is not a working day, to the furthest date of any column."""
    furthest = max(place + max(column.days[place] for column in found.columns) for place in range(found.length))
    off = []
    for offset in range(furthest + 1):
        why = calendar.why_not(found.first + dt.timedelta(days=offset))
        if why and why not in names:
            names.append(why)
        off.append(names.index(why) + 1 if why else 0)
    return off
