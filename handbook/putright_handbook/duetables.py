"""The due dates of the handbook's calculator as data for its script; the checker counts them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from putright import fields
from putright.api import clauses
from putright.api.duetables import Following, Paired, Tables
from putright.api.hosts import Host
from putright.calendars import Calendar

from putright_handbook import procedures, wording


def as_data(found: Tables, host: Host, whose: str, here: str) -> dict[str, Any]:
    """The data for the page's script.

    ``whose``: the procedure's name; ``first`` and ``days``: the span; ``horizons``: the last day for which days off
    are known, by rulebook;
    ``kinds``: name, events (``field``, ``noun``, ``said``, ``dates``, and ``then``: the acknowledgement with the dates
    that follow from both); ``columns``: days to the date, by day of the span; ``names`` of days off, and ``off`` by
    rulebook: for each day from the span's first, 0 or the place (from 1) in ``names``.
    """
    names: list[str] = []
    return {
        "whose": whose,
        "first": found.first.isoformat(),
        "days": found.length,
        "horizons": {name: calendar.horizon.isoformat() for name, calendar in found.calendars.items()},
        "kinds": [
            {
                "name": kind,
                "events": [
                    {**_event_data(event), "dates": [_date_data(each, host, here) for each in dates]}
                    | _then(found.pairs[kind], event, host, here)
                    for event, dates in events.items()
                ],
            }
            for kind, events in found.kinds.items()
        ],
        "columns": [column.days for column in found.columns],
        "off": {name: _off(found, calendar, names) for name, calendar in found.calendars.items()},
        "names": names,
    }


def _event_data(event: str) -> dict[str, Any]:
    return {"field": event, "noun": fields.noun(event), "said": wording.happened(event)}


def _then(pairs: dict[tuple[str, str], list[Paired]], event: str, host: Host, here: str) -> dict[str, Any]:
    """The acknowledgement of an event, and the dates that follow from both."""
    for (opening, answer), dates in pairs.items():
        if opening == event:
            data = [_paired_data(each, answer, host, here) for each in dates]
            return {"then": {**_event_data(answer), "dates": data}}
    return {}


def _paired_data(each: Paired, answer: str, host: Host, here: str) -> dict[str, Any]:
    """A date that follows from two events; ``event`` and ``readings`` have 1 for the second one, ``answer``."""
    return {
        **_date_data(each.date, host, here),
        "since": each.since,
        "until": each.until,
        "event": int(each.event == answer),
        "counted": each.date.counted and not each.combined,
        "combined": each.combined,
        "readings": [[[int(end.event == answer), end.column, end.extended] for end in ends] for ends in each.readings],
    }


def _date_data(each: Following, host: Host, here: str) -> dict[str, Any]:
    book = next(book for book in host.editions[each.rulebook] if book.edition == each.edition)
    clause = clauses.cited(each.clause, book)[0]
    up = "../" * here.count("/")
    ruling = book.rulings()[each.rule]
    return {
        "step": wording.step(each.rule),
        "rule": each.rule,
        "rulebook": each.rulebook,
        "clause": each.clause,
        "source": procedures.whose(book),
        "href": up + clauses.link(book, clause, host),
        "kind": wording.force(ruling),
        "within": each.within,
        "column": each.column,
        "extended": each.extended,
        "latest": each.latest,
        "starts": [each.starts_from, each.starts_by],
        "awaited": fields.noun(each.awaited) if each.awaited else "",
        "other": each.other,
        "reading": each.other_reading,
        "begins": each.begins,
        "doubts": each.doubts,
        "counted": each.counted,
        "national": each.national,
        "who": ruling.who,
        "condition": wording.conditions(ruling.rule),
        "only_if": bool(each.only_if),
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
