"""Expected dates: what a rulebook says that it gives, compared with what is counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from putright import fields
from putright.calendars.spelling import long_day
from putright.casework.duedates import DueDate, counted, due_dates
from putright.checking.subjects import Subject
from putright.mistakes import Mistake, Problem
from putright.plugins import Plugin
from putright.rulebooks import Rulebook
from putright.rulebooks.expectations import Expectation


@dataclass(frozen=True)
class ExpectedCase:
    """One of a rulebook's expected cases, and what is counted for it."""

    subject: Subject
    book: Rulebook
    number: int
    """Its place in the list, from 0."""

    @property
    def expectation(self) -> Expectation:
        """The case and the dates expected of it."""
        return self.book.expect[self.number]

    @property
    def name(self) -> str:
        """Where it is and what it says, in short."""
        place = self.subject.plugin.place(self.book, ("expect", self.number))
        events = ", ".join(f"{name} {day}" for name, day in self.expectation.events.items())
        return f"{place.file.name if place.file else self.book.rulebook}:{place.line}: {events}"

    def check(self) -> None:
        """Raises an AssertionError that says which dates are not as expected, for a test."""
        wrong = "\n".join(map(str, self.problems()))
        assert not wrong, wrong

    def problems(self) -> Iterator[Problem]:
        """Each date that is not as expected: the date found, and how it is counted."""
        try:
            found = self._counted()
        except Mistake as mistake:
            yield self._problem("", str(mistake))
            return
        for rule, day in self.expectation.dates.items():
            dates = [each for each in found if each.rule == rule]
            if not dates:
                yield self._problem(rule, f"{rule} should be due on {long_day(day)}, but {_why_not(rule, self.book)}")
            elif outside := next((each.outside for each in dates if each.outside), ""):
                yield self._problem(rule, f"{rule} cannot be compared: {outside}")
            elif dates[0].due != day:
                how = "; ".join(counted(dates[0]))
                said = f"{rule} should be due on {long_day(day)}, but is due on {long_day(dates[0].due)}: {how}"
                yield self._problem(rule, said)

    def _problem(self, rule: str, message: str) -> Problem:
        path = ("expect", self.number, rule) if rule else ("expect", self.number)
        found = self.subject.problem(self.book, path, message, rule=rule)
        return replace(found, severity="mistake")

    def _counted(self) -> list[DueDate]:
        host, book, given = self.subject.host, self.book, self.expectation
        procedure = book.procedure
        if procedure is None:
            # A national rulebook judges by itself here: as the only one of a council that closes on no day of its own.
            procedure = "corporate"
            book = book.model_copy(update={"rulebook": f"{book.rulebook}.{procedure}", "governed_by": []})
            others = tuple(each for each in host.plugins if each.name != book.name.whose)
            alone = Plugin(book.name.whose, "", (), (book,), {}, {})
            host = replace(host, plugins=(*others, alone))
        found = due_dates(host, book.council, procedure, given.events, ";".join(given.flags))
        return [each for each in found if (each.rulebook, each.edition) == (book.rulebook, book.edition)]


def _why_not(rule: str, book: Rulebook) -> str:
    if rule not in book.rulings():
        return "the rulebook has no such rule"
    start = getattr(book.rulings()[rule].rule, "start", None)
    if start:
        return f"no such date follows in this edition: it is counted from {fields.noun(start)}"
    return "it has no due date"


def expected_cases(subject: Subject) -> Iterator[ExpectedCase]:
    """Every expected case of a plugin's rulebooks."""
    for book in subject.plugin.rulebooks:
        for number in range(len(book.expect)):
            yield ExpectedCase(subject, book, number)
