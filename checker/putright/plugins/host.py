"""What the plugins gave, all together: councils, rulebooks with their editions, words, calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from putright import fields
from putright.calendars import NATIONS, BankHolidays, Calendar, bank_holidays, versions
from putright.fields import Own, Vocabulary
from putright.files.yamlfiles import Place
from putright.mistakes import Mistake, PluginError, Problem
from putright.rulebooks import Rulebook
from putright.rulebooks.reading import Reading

#: The name of the plugin with the national rulebooks, which is always loaded.
NATIONAL = "national"
#: The calendars of nations that England's national rulebooks are not for.
_ELSEWHERE = frozenset(NATIONS) - {"england"}


@dataclass(frozen=True)
class Plugin:
    """One loaded plugin and what it gave."""

    name: str
    version: str
    hooks: tuple[str, ...]
    rulebooks: tuple[Rulebook, ...]
    closure_days: Mapping[dt.date, str]
    words: Mapping[str, str]
    notebooks: tuple[Path, ...] = ()
    days_open: Mapping[dt.date, str] = field(default_factory=dict)
    calendars: Mapping[str, BankHolidays] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    fields: Own = field(default_factory=dict)
    procedures: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    readings: tuple[Reading, ...] = field(default=(), repr=False)
    """The files of its rulebooks as they were read, with the place of each key."""

    def place(self, book: Rulebook, path: Place) -> Problem:
        """A problem, as yet without a message, at a place of a rulebook's file."""
        reading = next((each for each in self.readings if each.book is book), None)
        if reading is None or reading.document is None:
            return Problem("", plugin=self.name)
        return reading.document.problem(path, "", plugin=self.name)

    @property
    def is_council(self) -> bool:
        """Whether it has a rulebook of its own council."""
        return any(not book.is_national for book in self.rulebooks)


@dataclass(frozen=True)
class Host:
    """All plugins together. Build one with ``load``."""

    plugins: tuple[Plugin, ...]
    """Each loaded plugin, with what it gave."""
    added: Mapping[dt.date, str] = field(default_factory=dict)
    """Bank holidays that count in every calendar, added by the person who runs the audit (contract 4.2)."""
    left_out: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    """Each plugin that cannot be used, by its name, with what is wrong with it."""
    broken: tuple[Plugin, ...] = ()
    """What could be read of each plugin that is left out."""
    warnings: tuple[Problem, ...] = ()
    """What else deserves a look in how the plugins are installed."""

    @cached_property
    def councils(self) -> tuple[str, ...]:
        """The names a record's ``council`` may have."""
        return tuple(plugin.name for plugin in self.plugins if plugin.is_council)

    @cached_property
    def words(self) -> dict[str, str]:
        """Every word for letter contents with a meaning, the plugins' own last; ``words_of`` gives a council's."""
        words = dict(fields.CONTENTS)
        for plugin in self.plugins:
            words.update(plugin.words)
        return words

    def words_of(self, council: str | None) -> dict[str, str]:
        """Gives every word for letter contents, with the meaning that this council gives it."""
        own = self._of_plugin.get(council or "")
        return {**self.words, **(own.words if own else {})}

    @cached_property
    def headings(self) -> dict[str, str]:
        """The field that each heading of the councils' own exports means; left out where two councils differ."""
        meant: dict[str, set[str]] = {}
        for plugin in self.plugins:
            for name, headings in plugin.headings.items():
                for heading in headings:
                    meant.setdefault(" ".join(heading.split()).casefold(), set()).add(name)
        return {heading: names.pop() for heading, names in meant.items() if len(names) == 1}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What case records may name."""
        return Vocabulary(
            self.councils,
            tuple(self.words),
            {each.name: each.flags for each in self.plugins if each.flags},
            {each.name: each.fields for each in self.plugins if each.fields},
            {each.name: tuple(each.procedures) for each in self.plugins if each.procedures},
        )

    @cached_property
    def editions(self) -> dict[str, tuple[Rulebook, ...]]:
        """Each rulebook's editions, the earliest first."""
        found: dict[str, list[Rulebook]] = {}
        for plugin in self.plugins:
            for book in plugin.rulebooks:
                found.setdefault(book.rulebook, []).append(book)
        return {name: tuple(sorted(books, key=_from)) for name, books in found.items()}

    @cached_property
    def bank_holidays(self) -> dict[str, BankHolidays]:
        """Each calendar's bank holidays: the nations', then the plugins' own."""
        found = {nation: bank_holidays(nation) for nation in NATIONS}
        for plugin in self.plugins:
            found.update(plugin.calendars)
        return {name: days.with_days(self.added) for name, days in found.items()}

    @cached_property
    def _calendars(self) -> dict[tuple[str | None, str], Calendar]:
        return {}

    @cached_property
    def _of_plugin(self) -> dict[str, Plugin]:
        return {plugin.name: plugin for plugin in self.plugins}

    def named(self, council: str) -> str:
        """Gives the name of a council as records have it. Raises a Mistake where no plugin is that council."""
        known = ", ".join(self.councils) or "none, since no council's plugin is installed"
        if not (name := council.strip().lower()):
            raise Mistake(f"the council's name is blank; known: {known}.", field="council", value=council)
        if name in self.left_out:
            why = f"council {council!r} cannot be used, since something is wrong with its plugin:"
            lines = [why, *map(str, self.left_out[name])]
            raise PluginError("\n".join(lines), field="council", value=council)
        if name not in self.councils:
            raise Mistake(f"unknown council {council!r}; known: {known}.", field="council", value=council)
        return name

    def notes(self, asked: str | Iterable[str] = ()) -> Iterator[str]:
        """Says in a line for each plugin that is left out why, unless it was asked for, and what deserves a look."""
        for name, problems in self.left_out.items():
            if name not in ([asked] if isinstance(asked, str) else asked):
                more = f" (and {len(problems) - 1} more: see `putright check {name}`)" if len(problems) > 1 else ""
                yield f"plugin {name!r} is left out: {replace(problems[0], plugin='')}{more}"
        yield from map(str, self.warnings)

    def of_council(self, council: str | None) -> dict[str, tuple[Rulebook, ...]]:
        """Gives a council's own rulebooks, each with its editions; none if no council is named."""
        return {
            name: books for name, books in self.editions.items() if council is not None and books[0].council == council
        }

    def follows_england(self, council: str | None) -> bool:
        """Whether England's national rulebooks judge a council's cases that no rulebook of its own judges.

        They do not where all that governs the council comes from elsewhere (contract 2.2).
        """
        books = [book for editions in self.of_council(council).values() for book in editions]
        governing = {name for book in books for name in book.governed_by}
        if governing:
            return not governing.isdisjoint(fields.NATIONAL.values())
        return not any(self.calendar_name(book) in _ELSEWHERE for book in books)

    def calendar_name(self, book: Rulebook) -> str:
        """Gives the name of a rulebook's calendar: its own, that of the rulebook which governs it, or ``england``."""
        if book.calendar:
            return book.calendar
        governing = (self.editions[name][-1].calendar for name in book.governed_by if name in self.editions)
        return next(filter(None, governing), "england")

    def calendar(self, book: Rulebook) -> Calendar:
        """Gives the working days of a rulebook's calendar; for a council's own rulebook, with its own days too."""
        return self._calendar(book.council, self.calendar_name(book))

    def plain_calendar(self, book: Rulebook) -> Calendar:
        """Gives the working days of a rulebook's calendar without any council's own days."""
        return self._calendar(None, self.calendar_name(book))

    def _calendar(self, council: str | None, name: str) -> Calendar:
        own = self._of_plugin.get(council or "")
        if own is None or not (own.closure_days or own.days_open):
            council, own = None, None
        if (council, name) not in self._calendars:
            self._calendars[council, name] = Calendar(
                own.closure_days if own else None, self.bank_holidays[name], own.days_open if own else ()
            )
        return self._calendars[council, name]

    def calendar_versions(self, rulebooks: Iterable[str]) -> str:
        """Says by which calendars these rulebooks count, as receipts do: ``england-2026-08``."""
        names = {self.calendar_name(book) for name in rulebooks for book in self.editions.get(name, ())}
        return versions(self.bank_holidays[name] for name in names or {"england"})


def _from(book: Rulebook) -> dt.date:
    return book.in_force.start or dt.date.min
