"""When each step is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from putright import calendars, fields
from putright.casework.duedates import DueDate, DueDates, due_dates
from putright.mistakes import Mistake
from putright.plugins import Host
from putright.records.parsing import UnreadableValue, parse_date

__all__ = ["DueDate", "DueDates", "UnreadableValue", "due", "parse_date", "today"]


def due(
    host: Host,
    council: str | None = None,
    procedure: str = "corporate",
    *,
    received: dt.date | None = None,
    events: Mapping[str, dt.date] | None = None,
    flags: Iterable[str] = (),
    conditional: bool = False,
) -> DueDates:
    """Works out every date that follows from what has happened so far, the earliest first.

    ``events`` are other dates of the case by their fields, for example ``{"stage1_acknowledged": date(2026, 12, 22)}``.
    Without a council only national rules are asked. ``conditional`` gives also the dates of steps that are asked for
    only if something is so which the events do not show: ``only_if`` says what. Raises a Mistake where no event is
    given or one is not known.
    """
    given = dict(events or {}) | ({"received": received} if received else {})
    if not given:
        raise Mistake("no event is given: give the day of receipt, or another event with its date.", field="received")
    whose = None if council is None else host.named(council)
    own = host.vocabulary.fields_of(whose).values()
    dates = (*fields.DATES, *(field.name for field in own if field.type is fields.Type.DATE))
    for name in given:
        if name not in dates:
            known = ", ".join(dates)
            raise Mistake(f"{name!r} is not a date of a case record; dates: {known}.", field=name, value=given[name])
    if procedure not in (procedures := host.vocabulary.procedures_of(whose)):
        known = ", ".join(procedures)
        raise Mistake(f"no procedure is named {procedure!r}; known: {known}.", field="procedure", value=procedure)
    return due_dates(host, whose, procedure, given, ";".join(flags), conditional=conditional)


def today() -> dt.date:
    """The day in London now."""
    return calendars.today()
