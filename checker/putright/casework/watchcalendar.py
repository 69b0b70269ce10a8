"""The open steps of a file as a calendar (RFC 5545), with reminders."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from putright import __version__
from putright.calendars import Calendar
from putright.casework.opensteps import Deadline, Step
from putright.casework.watchtables import notes
from putright.text.plaintext import printable

if TYPE_CHECKING:
    import icalendar

#: The namespace of the calendar's identifiers: the same step keeps its own from one list to the next.
_UIDS = uuid.uuid5(uuid.NAMESPACE_DNS, "watch.putright.invalid")
#: The hour of the day at which a reminder is shown.
_HOUR = 9


def make_calendar(steps: Iterable[Step], as_at: dt.date, calendar: Calendar) -> bytes:
    """An iCalendar file: one whole-day entry for each step, on its earliest due date, or today if that has passed.

    It holds nothing of a case but its reference and its steps. The same list gives the same bytes; a step keeps its
    UID when its date moves, so that a calendar which reads the file again moves the entry. Reminders are at 9:00 on the
    day and on the working day before.
    """
    import icalendar

    whole = icalendar.Calendar()
    whole.add("prodid", f"-//putright//putright {__version__}//EN")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", "Complaints: what is due")
    for step in steps:
        whole.add_component(_event(step, as_at, calendar))
    content: bytes = whole.to_ical()
    return content


def _event(step: Step, as_at: dt.date, calendar: Calendar) -> icalendar.Event:
    import icalendar

    assert step.due is not None
    event = icalendar.Event()
    name = f"{step.council or ''}\n{step.reference}\n{step.field}"
    event.add("uid", f"{uuid.uuid5(_UIDS, name)}@putright.invalid")
    event.add("dtstamp", dt.datetime.combine(as_at, dt.time(), dt.UTC))
    day = max(step.due, as_at)
    event.add("dtstart", day)
    urgent = "Overdue: " if step.due < as_at else ""
    doubt = " (provisional)" if step.provisional else ""
    summary = f"{urgent}{printable(step.reference)}: {step.name}{doubt}"
    event.add("summary", summary)
    event.add("description", "\n".join(_line(each) for each in step.deadlines))
    event.add("status", "TENTATIVE" if step.provisional else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    for trigger in _triggers(day, as_at, calendar):
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", trigger)
        event.add_component(alarm)
    return event


def _triggers(day: dt.date, as_at: dt.date, calendar: Calendar) -> Iterator[dt.timedelta]:
    """When to remind somebody, from the first moment of the day; never before the audit date."""
    hour = dt.timedelta(hours=_HOUR)
    before = calendar.back(day, 1)
    if before >= as_at:
        yield before - day + hour
    yield hour


def _line(deadline: Deadline) -> str:
    about = ", ".join(notes(deadline))
    words = f"{deadline.rulebook} {deadline.clause}: due {deadline.due}"
    return f"{words} ({about})" if about else words
