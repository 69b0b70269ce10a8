"""``putright-count``: a worked example of counting, run when the page is made.

Options: ``from`` a date, ``within`` a limit, ``expect`` the date that must come out (else the build fails).
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from putright.calendars import Calendar
from putright.rulebooks import phrases
from putright.rulebooks.limits import Limit, Unit, parse_limit
from putright.text.english import capital
from sphinx.application import Sphinx
from sphinx.util.typing import OptionSpec

from putright_handbook import wording, writing
from putright_handbook.writing import Content, grid, para, strong


class Count(writing.Directive):
    """One count, every day of it by name."""

    option_spec: ClassVar[OptionSpec] = {
        "from": dt.date.fromisoformat,
        "within": parse_limit,
        "expect": dt.date.fromisoformat,
        "title": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        start: dt.date = self.options["from"]
        within: Limit = self.options["within"]
        calendar = Calendar()
        due = within.end(calendar, start)
        if due != self.options["expect"]:
            raise self.error(f"{within} from {start} ends on {due}, not on {self.options['expect']}")
        counted = ", that day counted" if within.unit is Unit.MONTHS_INCLUSIVE else ""
        said = para([f"{phrases.length(within)} from {wording.day(start)}{counted}: ", strong(wording.day(due)), "."])
        if within.unit is not Unit.WORKING_DAYS:
            return [said]
        return [said, _table(calendar, start, due, f"{within} from {wording.day(start)}")]


def _table(calendar: Calendar, start: dt.date, due: dt.date, caption: str) -> nodes.Node:
    span = calendar.span(start, due)
    first = (
        "day zero"
        if span.zero == span.start
        else f"day zero, since {wording.day(start)} is not a working day: " + str(calendar.why_not(start))
    )
    rows: list[list[Content]] = [[wording.day(span.zero), capital(first)]]
    for day in span.days:
        number = f"Day {day.number}" if day.number else f"Not counted: {day.skipped}"
        rows.append([wording.day(day.date), number + (", the due date" if day.date == due else "")])
    return grid(caption, ("Day", "How it counts"), rows, "pr-count")


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-count", Count)
