"""The host: finds plugins, checks what they give, and answers for rulebooks and calendars.

The national rulebooks come through the same hook as a council's. Every mistake names the plugin.
"""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from itertools import pairwise
from pathlib import Path
from typing import Any

import pluggy

from putright import fields, hookspecs
from putright.calendars import NATIONS, BankHolidays, Calendar, bank_holidays, index, versions
from putright.mistakes import Mistake, PluginError
from putright.rulebooks import Rulebook
from putright.rulebooks.reading import RulebookError, read_rulebook
from putright.rulebooks.rules import paragraph

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
    """Bank holidays that count in every calendar, added by whoever runs the audit (contract 4.2)."""

    @cached_property
    def councils(self) -> tuple[str, ...]:
        """The names a record's ``council`` may have."""
        return tuple(plugin.name for plugin in self.plugins if plugin.is_council)

    @cached_property
    def words(self) -> dict[str, str]:
        """Every word for letter contents with its meaning, the plugins' own last."""
        words = dict(fields.CONTENTS)
        for plugin in self.plugins:
            words.update(plugin.words)
        return words

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
        if name not in self.councils:
            raise Mistake(f"unknown council {council!r}; known: {known}.", field="council", value=council)
        return name

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


def load(only: Iterable[str] | None = None, bank_holidays: Mapping[dt.date, str] | None = None) -> Host:
    """Load the plugins installed (or the named ones) in a fixed order: national first, then by name.

    A national rulebook that governs one of them is loaded too, if a plugin has its name. ``bank_holidays`` are added to
    every calendar. Raises PluginError or RulebookError with one line for each mistake.
    """
    allowed = list(only) if only is not None else hookspecs.allowed()
    found = {point.name: point for point in entry_points(group=hookspecs.PROJECT)}
    names = set(found)
    if allowed is not None:
        unknown = [name for name in allowed if name not in found]
        if unknown:
            known = ", ".join(sorted(found))
            raise PluginError(f"no plugin is named {', '.join(unknown)}; installed: {known}")
        names = {NATIONAL, *allowed}
    while True:
        ordered = sorted(names, key=lambda name: (name != NATIONAL, name))
        host = _gathered([(name, _load(found[name]), _version(found[name])) for name in ordered], bank_holidays)
        governing = {name for books in host.editions.values() for book in books for name in book.governed_by}
        if not (more := governing & found.keys() - names - host.editions.keys()):
            return _checked(host)
        names |= more


def _load(point: EntryPoint) -> Any:
    try:
        return point.load()
    except Exception as error:  # a plugin's import may fail in any way; the user needs its name
        raise PluginError(f"plugin {point.name!r} ({point.value}) cannot be imported: {error}") from None


def _version(point: EntryPoint) -> str:
    return point.dist.version if point.dist else "unknown"


def build(modules: Iterable[tuple[str, Any, str]], bank_holidays: Mapping[dt.date, str] | None = None) -> Host:
    """A host of these plugins: (name, module or object with hooks, version) each.

    ``bank_holidays`` are added to every calendar.
    """
    return _checked(_gathered(modules, bank_holidays))


def _checked(host: Host) -> Host:
    """The host, where what its plugins gave fits together."""
    _check_calendars(host)
    _check_editions(host)
    _check_references(host)
    return host


def _gathered(modules: Iterable[tuple[str, Any, str]], bank_holidays: Mapping[dt.date, str] | None) -> Host:
    """A host of what each plugin gives, each by itself in order."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    versions: dict[str, str] = {}
    for name, module, version in modules:
        try:
            manager.register(module, name)
        except pluggy.PluginValidationError as error:  # for example a hook with an unknown argument
            raise PluginError(f"plugin {name!r}: {' '.join(str(error).split())}") from None
        _check_hook_names(manager, name, module)
        versions[name] = version
    words: dict[str, str] = dict(fields.CONTENTS)
    plugins = []
    for name, version in versions.items():
        plugins.append(_ask(manager, name, version, words))
        words.update(plugins[-1].words)
    return Host(tuple(plugins), dict(bank_holidays or {}))


def _check_hook_names(manager: pluggy.PluginManager, name: str, module: Any) -> None:
    """Report a misspelt hook, and a function marked as a hook whose name is not one."""
    known = [hook for hook in vars(hookspecs) if hook.startswith("putright_")]
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(f"plugin {name!r}: {error}; hooks: {', '.join(known)}") from None
    for attribute in dir(module):
        if attribute.startswith("putright_") and attribute not in known:
            raise PluginError(f"plugin {name!r}: {attribute!r} is not a hook; hooks: {', '.join(known)}")


def _ask(manager: pluggy.PluginManager, name: str, version: str, words: Mapping[str, str]) -> Plugin:
    def call(hook: str) -> Any:
        others = [plugin for other, plugin in manager.list_name_plugin() if other != name]
        try:
            results = manager.subset_hook_caller(hook, others)()
        except Exception as error:  # a plugin may fail in any way; the user needs its name
            why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            raise PluginError(f"plugin {name!r}: {hook} fails: {why}") from None
        return results[0] if results else None

    plugin = manager.get_plugin(name)
    callers = manager.get_hookcallers(plugin) or []
    extra = _checked_words(name, call("putright_words"), words)
    return Plugin(
        name=name,
        version=version,
        hooks=tuple(sorted(caller.name for caller in callers)),
        rulebooks=tuple(_checked_rulebooks(name, call("putright_rulebooks"), frozenset({*words, *extra}))),
        closure_days=_checked_days(name, "putright_closure_days", call("putright_closure_days")),
        words=extra,
        notebooks=_checked_notebooks(name, call("putright_notebooks")),
        days_open=_checked_days(name, "putright_days_open", call("putright_days_open")),
        calendars=_checked_calendars(name, version, call("putright_calendars")),
    )


def _wrong(name: str, hook: str, expected: str, found: object) -> PluginError:
    return PluginError(f"plugin {name!r}: {hook} must return {expected}; it returned {found!r:.100}")


def _checked_rulebooks(name: str, found: Any, words: frozenset[str]) -> Iterable[Rulebook]:
    if found is None:
        return
    if not isinstance(found, list) or not all(isinstance(path, str | os.PathLike) for path in found):
        raise _wrong(name, "putright_rulebooks", "a list of paths of YAML files", found)
    for path in found:
        try:
            book = read_rulebook(Path(path), words)
        except RulebookError as error:
            raise RulebookError(f"plugin {name!r}: {error}") from None
        if name != NATIONAL and book.name.whose != name:
            raise PluginError(f"plugin {name!r}: {path}: rulebook {book.rulebook!r} must be named '{name}.<procedure>'")
        yield book


def _checked_notebooks(name: str, found: Any) -> tuple[Path, ...]:
    if found is None:
        return ()
    if not isinstance(found, list) or not all(
        isinstance(path, str | os.PathLike) and Path(path).suffix in (".md", ".ipynb") for path in found
    ):
        raise _wrong(name, "putright_notebooks", "a list of paths of .md or .ipynb files", found)
    return tuple(Path(path) for path in found)


def _checked_days(name: str, hook: str, found: Any) -> Mapping[dt.date, str]:
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(
        type(day) is dt.date and isinstance(reason, str) and reason.strip() for day, reason in found.items()
    ):
        raise _wrong(name, hook, "a dict of date to the day's name", found)
    for day in found:
        try:
            index(day)
        except ValueError as error:
            raise PluginError(f"plugin {name!r}: {hook}: {error}") from None
    return found


def _checked_calendars(name: str, version: str, found: Any) -> Mapping[str, BankHolidays]:
    hook = "putright_calendars"
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(
        isinstance(calendar, str) and re.fullmatch(r"[a-z][a-z0-9-]*", calendar) and days
        for calendar, days in found.items()
    ):
        raise _wrong(name, hook, "a dict of lower-case calendar name to its days off", found)
    checked = {calendar: _checked_days(name, hook, days) for calendar, days in found.items()}
    return {
        calendar: BankHolidays(calendar, days, dt.date(max(days).year, 12, 31), version)
        for calendar, days in checked.items()
    }


def _checked_words(name: str, found: Any, known: Mapping[str, str]) -> Mapping[str, str]:
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(
        isinstance(word, str) and re.fullmatch(r"[a-z][a-z0-9_]*", word) and isinstance(meaning, str)
        for word, meaning in found.items()
    ):
        raise _wrong(name, "putright_words", "a dict of lower-case word to its meaning", found)
    taken = sorted(set(found) & (set(known) | {"none"}))
    if taken:
        raise PluginError(f"plugin {name!r}: putright_words: already a word: {', '.join(taken)}")
    if len(found) + len(known) > 63:
        raise PluginError(f"plugin {name!r}: putright_words: more than 63 words for letters in all")
    return found


def _check_calendars(host: Host) -> None:
    """Each calendar that a plugin brings has a name of its own, and each that a rulebook names is there."""
    known = dict.fromkeys(NATIONS, "putright")
    for plugin in host.plugins:
        for calendar in plugin.calendars:
            if calendar in known:
                raise PluginError(
                    f"plugin {plugin.name!r}: putright_calendars: {calendar!r} is already a calendar, of "
                    f"{known[calendar]}; give yours another name"
                )
            known[calendar] = f"plugin {plugin.name!r}"
    mistakes = [
        f"rulebook {book.rulebook!r}: unknown calendar {book.calendar!r}; {_nearest(book.calendar, known)}"
        for books in host.editions.values()
        for book in books
        if book.calendar and book.calendar not in known
    ]
    if mistakes:
        raise RulebookError("\n".join(mistakes))


def _nearest(name: str, known: Iterable[str]) -> str:
    """What somebody who wrote this name may have meant, and every name there is."""
    near = difflib.get_close_matches(name, known := list(known), 1)
    return (f"did you mean {near[0]!r}? " if near else "") + f"known: {', '.join(known)}"


def _check_editions(host: Host) -> None:
    """One edition a day: editions of a rulebook follow each other without gap or overlap."""
    for name, books in host.editions.items():
        for earlier, later in pairwise(books):
            ends, starts = earlier.in_force.end, later.in_force.start
            if ends is None or starts is None or starts != ends + dt.timedelta(days=1):
                raise RulebookError(
                    f"rulebook {name!r}: edition {earlier.edition!r} ends {ends}, and {later.edition!r} "
                    f"begins {starts}: each must begin on the day after the one before it ends"
                )


def _check_references(host: Host) -> None:
    """Check that the paragraphs that rulebooks answer or depart from exist."""
    mistakes = [line for books in host.editions.values() for book in books for line in unknown_references(book, host)]
    if mistakes:
        raise RulebookError("\n".join(mistakes))


def unknown_references(book: Rulebook, host: Host) -> Iterator[str]:
    """A line for each national paragraph or point that a rulebook names and no edition has."""
    for clause in book.clauses:
        named = {
            "answers": [*clause.answers, *(reference for rule in clause.rules for reference in rule.answers)],
            "departs from": [departure.paragraph for departure in clause.departs],
        }
        for verb, references in named.items():
            for reference in dict.fromkeys(references):
                if problem := _unknown(reference, host):
                    yield f"rulebook {book.rulebook!r}: clause {clause.id} {verb} {reference!r}, but {problem}"


def _unknown(reference: str, host: Host) -> str | None:
    """The error in a reference such as ``lgsco 8.1 c``; None if the paragraph and its point exist."""
    code, number, point = paragraph(reference)
    books = [book for book in host.editions.get(code, ()) if book.is_national]
    if not books:
        known = ", ".join(name for name, editions in host.editions.items() if editions[-1].is_national)
        return f"no national rulebook is named {code!r}; known: {known}"
    paragraphs = [clause for book in books for clause in book.clauses if clause.id == number]
    if not paragraphs:
        near = difflib.get_close_matches(number, [clause.id for book in books for clause in book.clauses], 1)
        return f"{code} has no paragraph {number}" + (f"; did you mean {near[0]}?" if near else "")
    points = dict.fromkeys(each.id for clause in paragraphs for each in clause.points)
    if point and point not in points:
        return f"{code} {number} has no point {point}; its points: {', '.join(points) or 'none'}"
    return None
