"""Bank holidays and a council's closure days as an iCalendar file."""

from __future__ import annotations

import datetime as dt

from putright import calendars
from putright.api.hosts import Host
from putright.calendars import Calendar

#: The file's name, next to a council's first page.
FILE = "days-off.ics"


def span(as_at: dt.date) -> tuple[dt.date, dt.date]:
    """The days with due dates: from the first of this month last year to more than 24 months ahead."""
    first = dt.date(as_at.year - 1, as_at.month, 1)
    last = calendars.add_months(dt.date(as_at.year, as_at.month, 1), 25) - dt.timedelta(days=1)
    return first, last


def days_off(calendar: Calendar, as_at: dt.date) -> dict[dt.date, str]:
    """Bank holidays and closure days from the first day of the look-up to the year's end after its last."""
    first, last = span(as_at)
    return {day: name for day, name in calendar.days_off().items() if first <= day <= dt.date(last.year + 1, 12, 31)}


def calendar_of(host: Host, council: str) -> Calendar:
    """The working days of a council's own rulebooks."""
    books = host.of_council(council).values()
    return host.calendar(next(iter(books))[-1])


def calendar(host: Host, council: str, authority: str, as_at: dt.date) -> str:
    """The days off of a council in iCalendar, the same for the same rulebooks and month; ``authority`` is its name."""
    import icalendar

    whole = icalendar.Calendar()
    whole.add("prodid", f"-//putright//{host.calendar_versions(host.of_council(council))}//EN")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("x-wr-calname", f"Days off: {authority}")
    own = calendar_of(host, council)
    stamp = dt.datetime.combine(as_at.replace(day=1), dt.time(), dt.UTC)
    for day, name in days_off(own, as_at).items():
        event = icalendar.Event()
        event.add("uid", f"{day:%Y%m%d}-{council}@putright.invalid")
        event.add("dtstamp", stamp)
        event.add("dtstart", day)
        event.add("summary", name if day <= own.horizon else f"{name} (not announced yet)")
        event.add("transp", "TRANSPARENT")
        whole.add_component(event)
    content: bytes = whole.to_ical()
    return content.decode("utf-8")
