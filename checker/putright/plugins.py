"""The host: finds plugins, checks what they give, and answers for rulebooks and calendars.

The national rulebooks come through the same hook as a council's. Every mistake names the plugin.
"""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from importlib.metadata import EntryPoint, entry_points
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import pluggy

from putright import fields, hookspecs
from putright.calendars import NATIONS, BankHolidays, Calendar, bank_holidays, index, versions
from putright.command import Command
from putright.files.yamlfiles import Place
from putright.mistakes import Mistake, PluginError, Problem, did_you_mean
from putright.rulebooks import Rulebook
from putright.rulebooks.reading import Reading, RulebookError, examine
from putright.rulebooks.rules import paragraph

#: The name of the plugin with the national rulebooks, which is always loaded.
NATIONAL = "national"
#: The calendars of nations that England's national rulebooks are not for.
_ELSEWHERE = frozenset(NATIONS) - {"england"}

T = TypeVar("T")


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
    """Bank holidays that count in every calendar, added by whoever runs the audit (contract 4.2)."""
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


def load(
    only: Iterable[str] | None = None,
    bank_holidays: Mapping[dt.date, str] | None = None,
    *,
    strict: bool | None = None,
) -> Host:
    """Load the plugins installed (or the named ones) in a fixed order: national first, then by name.

    A national rulebook that governs one of them is loaded too, if a plugin has its name. ``bank_holidays`` are added to
    every calendar. A plugin that cannot be used is left out, with the reasons in ``Host.left_out``; if ``strict``, or
    where it is one of those in ``only``, that is a PluginError or RulebookError with one line for each mistake. Without
    ``strict``, ``PUTRIGHT_STRICT_PLUGINS`` decides.
    """
    allowed = list(only) if only is not None else hookspecs.allowed()
    found: dict[str, list[EntryPoint]] = {}
    for point in entry_points(group=hookspecs.PROJECT):
        found.setdefault(point.name, []).append(point)
    names = set(found)
    if allowed is not None:
        if unknown := [name for name in allowed if name not in found]:
            raise PluginError(_unknown_plugins(unknown, sorted(found)))
        names = {NATIONAL, *allowed}
    while True:
        ordered = sorted(names, key=lambda name: (name != NATIONAL, name))
        given = [(name, partial(_import, found[name][0]), _version(found[name][0])) for name in ordered]
        host = _gathered(given, bank_holidays)
        governing = {name for books in host.editions.values() for book in books for name in book.governed_by}
        if not (more := governing & found.keys() - names - host.editions.keys()):
            break
        names |= more
    twice = [problem for name in ordered for problem in _twice(name, found[name])]
    host = _agreed(replace(host, warnings=(*twice, *host.warnings)))
    is_strict = hookspecs.is_strict() if strict is None else strict
    return _checked(host, host.left_out if is_strict else only or ())


def _unknown_plugins(names: list[str], installed: list[str]) -> str:
    hint = did_you_mean(names[0], installed)
    return f"no plugin is named {', '.join(names)}{hint and f'; {hint}'}; installed: {', '.join(installed)}"


def _import(point: EntryPoint) -> Any:
    try:
        return point.load()
    except (Exception, SystemExit) as error:  # a plugin's import may fail in any way; the user needs its name
        why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise PluginError.of([Problem(f"({point.value}) cannot be imported: {why}", plugin=point.name)]) from None


def _version(point: EntryPoint) -> str:
    return point.dist.version if point.dist else "unknown"


def _twice(name: str, points: list[EntryPoint]) -> Iterator[Problem]:
    """Say that two distributions bring a plugin of one name: which is used depends on the order of installation."""
    if len(points) > 1:
        used, *others = [point.dist.name if point.dist else point.value for point in points]
        yield Problem(
            f"{' and '.join((used, *others))} both bring a plugin of this name; {used} is used",
            severity="warning",
            plugin=name,
            suggestion=f"uninstall one, for example with 'pip uninstall {others[0]}'",
        )


#: A plugin: its name, its module (or what imports it), its version.
Given = tuple[str, Any, str]


def build(modules: Iterable[Given], bank_holidays: Mapping[dt.date, str] | None = None, *, strict: bool = True) -> Host:
    """A host of these plugins: (name, module or object with hooks, version) each.

    ``bank_holidays`` are added to every calendar. A plugin that cannot be used is a PluginError or RulebookError if
    ``strict``, and otherwise left out.
    """
    host = _agreed(_gathered(modules, bank_holidays))
    return _checked(host, host.left_out if strict else ())


def _checked(host: Host, needed: Iterable[str]) -> Host:
    """The host, where none of these plugins is left out, nor the national one."""
    names = [name for name in host.left_out if name == NATIONAL or name in set(needed)]
    if problems := [problem for name in names for problem in host.left_out[name]]:
        raise (RulebookError if problems[0].file else PluginError).of(problems) from None
    return host


def _gathered(modules: Iterable[Given], bank_holidays: Mapping[dt.date, str] | None) -> Host:
    """A host of what each plugin gives, each by itself in order; what cannot be used is left out."""
    words: dict[str, str] = dict(fields.CONTENTS)
    plugins: list[Plugin] = []
    broken: list[Plugin] = []
    warnings: list[Problem] = []
    left_out: dict[str, tuple[Problem, ...]] = {}
    for name, module, version in modules:
        plugin, problems = _ask(name, module, version, words)
        warnings += [problem for problem in problems if problem.severity == "warning"]
        if wrong := tuple(problem for problem in problems if problem.severity == "mistake"):
            left_out[name] = wrong
            broken.append(plugin)
        else:
            plugins.append(plugin)
            words.update(plugin.words)
    return Host(tuple(plugins), dict(bank_holidays or {}), left_out, tuple(broken), tuple(warnings))


def _agreed(host: Host) -> Host:
    """The host without plugins that do not fit with the others, and without what rests on those."""
    while NATIONAL not in host.left_out and (found := disagreements(host)):
        kept = tuple(plugin for plugin in host.plugins if plugin.name not in found)
        broken = (*host.broken, *(plugin for plugin in host.plugins if plugin.name in found))
        host = replace(host, plugins=kept, broken=broken, left_out={**host.left_out, **found})
    return host


def _checked_hook_names(manager: pluggy.PluginManager, module: Any) -> Iterator[str]:
    """Report a misspelt hook, and a function marked as a hook whose name is not one; give hooks without the mark."""
    known = [hook for hook in vars(hookspecs) if hook.startswith("putright_")]
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(f"{error}; hooks: {', '.join(known)}") from None
    for attribute in dir(module):
        if attribute.startswith("putright_") and attribute not in known:
            hint = did_you_mean(attribute, known)
            raise PluginError(f"{attribute!r} is not a hook{hint and f'; {hint}'}; hooks: {', '.join(known)}")
    marked = {caller.name for caller in manager.get_hookcallers(module) or ()}
    yield from (hook for hook in known if callable(getattr(module, hook, None)) and hook not in marked)


def _ask(name: str, module: Any, version: str, words: Mapping[str, str]) -> tuple[Plugin, list[Problem]]:
    """What a plugin gives, and what is wrong with it; whatever is wrong is left out of it."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    empty = Plugin(name, version, (), (), {}, {})
    problems: list[Problem] = []

    def call(hook: str, check: Callable[[Any], T], otherwise: T) -> T:
        try:
            try:
                results = getattr(manager.hook, hook)()
            except Exception as error:  # a plugin may fail in any way; the user needs its name
                why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
                raise PluginError(f"{hook} fails: {why}") from None
            return otherwise if not results else check(results[0])
        except Mistake as mistake:
            problems.extend(replace(problem, plugin=name) for problem in mistake.problems)
            return otherwise

    try:
        if isinstance(module, partial):
            module = module()
        manager.register(module, name)
        for hook in _checked_hook_names(manager, module):
            said = f"{hook} is not marked with @hookimpl, so it is never called"
            problems.append(Problem(said, "warning", plugin=name, suggestion="write @hookimpl above it"))
    except pluggy.PluginValidationError as error:  # for example a hook with an unknown argument
        problems.append(Problem(" ".join(str(error).split()), plugin=name))
        return empty, problems
    except Mistake as mistake:
        return empty, [replace(each, plugin=name) for each in mistake.problems]
    extra = call("putright_words", lambda found: _checked_words(found, words), empty.words)
    readings = call(
        "putright_rulebooks", lambda found: _checked_rulebooks(name, found, frozenset({*words, *extra})), empty.readings
    )
    problems += [replace(problem, plugin=name) for reading in readings for problem in reading.problems]
    call("putright_commands", _checked_commands, None)  # the command line asks for them by itself
    plugin = Plugin(
        name=name,
        version=version,
        hooks=tuple(sorted(caller.name for caller in manager.get_hookcallers(module) or ())),
        rulebooks=tuple(reading.book for reading in readings if reading.book),
        closure_days=call("putright_closure_days", partial(_checked_days, "putright_closure_days"), empty.closure_days),
        words=extra,
        notebooks=call("putright_notebooks", _checked_notebooks, empty.notebooks),
        days_open=call("putright_days_open", partial(_checked_days, "putright_days_open"), empty.days_open),
        calendars=call("putright_calendars", partial(_checked_calendars, version), empty.calendars),
        readings=readings,
    )
    return plugin, problems


def _wrong(hook: str, expected: str, found: object) -> PluginError:
    return PluginError(f"{hook} must return {expected}; it returned {found!r:.100}")


def _checked_rulebooks(name: str, found: Any, words: frozenset[str]) -> tuple[Reading, ...]:
    if not isinstance(found, list) or not all(isinstance(path, str | os.PathLike) for path in found):
        raise _wrong("putright_rulebooks", "a list of paths of YAML files", found)
    readings: dict[Path, Reading] = {}
    for path in map(Path, found):
        reading = examine(path, words)
        if path in readings:
            reading = _with(reading, Problem("putright_rulebooks names this file twice", file=path))
        elif reading.book and name != NATIONAL and reading.book.name.whose != name:
            said = f"rulebook {reading.book.rulebook!r} must be named '{name}.<procedure>'"
            reading = _with(reading, Problem(said, file=path, line=1))
        readings[path] = reading
    return tuple(readings.values())


def _with(reading: Reading, problem: Problem) -> Reading:
    return replace(reading, book=None, problems=(*reading.problems, problem))


def _checked_notebooks(found: Any) -> tuple[Path, ...]:
    if not isinstance(found, list) or not all(
        isinstance(path, str | os.PathLike) and Path(path).suffix in (".md", ".ipynb") for path in found
    ):
        raise _wrong("putright_notebooks", "a list of paths of .md or .ipynb files", found)
    return tuple(Path(path) for path in found)


def _checked_commands(found: Any) -> None:
    if not isinstance(found, list) or not all(isinstance(command, Command) for command in found):
        raise _wrong("putright_commands", "a list of putright.command.Command", found)


def _checked_days(hook: str, found: Any) -> Mapping[dt.date, str]:
    if not isinstance(found, dict) or not all(
        type(day) is dt.date and isinstance(reason, str) and reason.strip() for day, reason in found.items()
    ):
        raise _wrong(hook, "a dict of date to the day's name", found)
    for day in found:
        try:
            index(day)
        except ValueError as error:
            raise PluginError(f"{hook}: {error}") from None
    return found


def _checked_calendars(version: str, found: Any) -> Mapping[str, BankHolidays]:
    hook = "putright_calendars"
    if not isinstance(found, dict) or not all(
        isinstance(calendar, str) and re.fullmatch(r"[a-z][a-z0-9-]*", calendar) and days
        for calendar, days in found.items()
    ):
        raise _wrong(hook, "a dict of lower-case calendar name to its days off", found)
    checked = {calendar: _checked_days(hook, days) for calendar, days in found.items()}
    return {
        calendar: BankHolidays(calendar, days, dt.date(max(days).year, 12, 31), version)
        for calendar, days in checked.items()
    }


def _checked_words(found: Any, known: Mapping[str, str]) -> Mapping[str, str]:
    if not isinstance(found, dict) or not all(
        isinstance(word, str) and re.fullmatch(r"[a-z][a-z0-9_]*", word) and isinstance(meaning, str)
        for word, meaning in found.items()
    ):
        raise _wrong("putright_words", "a dict of lower-case word to its meaning", found)
    taken = sorted(set(found) & (set(known) | {"none"}))
    if taken:
        raise PluginError(f"putright_words: already a word: {', '.join(taken)}")
    if len(found) + len(known) > 63:
        raise PluginError("putright_words: more than 63 words for letters in all")
    return found


def disagreements(host: Host) -> dict[str, tuple[Problem, ...]]:
    """By plugin, where its editions do not follow one another, and paragraphs that it answers and nobody has."""
    found: dict[str, list[Problem]] = {}
    for problem in (*_wrong_calendars(host), *_wrong_editions(host), *_wrong_references(host)):
        found.setdefault(problem.plugin, []).append(problem)
    return {name: tuple(problems) for name, problems in found.items()}


def _wrong_calendars(host: Host) -> Iterator[Problem]:
    """Each calendar that a plugin brings has a name of its own, and each that a rulebook names is there."""
    known = dict.fromkeys(NATIONS, "putright")
    for plugin in host.plugins:
        for calendar in plugin.calendars:
            if calendar in known:
                said = f"putright_calendars: {calendar!r} is already a calendar, of {known[calendar]}"
                yield Problem(said, plugin=plugin.name, suggestion="give yours another name")
            known.setdefault(calendar, f"plugin {plugin.name!r}")
    for plugin in host.plugins:
        for book in plugin.rulebooks:
            if book.calendar and book.calendar not in known:
                place = plugin.place(book, ("calendar",))
                said = f"unknown calendar {book.calendar!r}; {_nearest(book.calendar, known)}"
                yield replace(place, message=said)


def _nearest(name: str, known: Iterable[str]) -> str:
    """What somebody who wrote this name may have meant, and every name there is."""
    hint = did_you_mean(name, known := list(known))
    return f"{hint and f'{hint} '}known: {', '.join(known)}"


def _wrong_editions(host: Host) -> Iterator[Problem]:
    """One edition a day: editions of a rulebook follow each other without gap or overlap."""
    for name, books in host.editions.items():
        for earlier, later in pairwise(books):
            ends, starts = earlier.in_force.end, later.in_force.start
            if ends is None or starts is None or starts != ends + dt.timedelta(days=1):
                said = (
                    f"rulebook {name!r}: edition {earlier.edition!r} {_ends(ends)}, and {later.edition!r} "
                    f"{_begins(starts)}: each must begin on the day after the one before it ends"
                )
                plugin = next(each for each in host.plugins if any(book is later for book in each.rulebooks))
                yield replace(plugin.place(later, ("in_force",)), message=said)


def _ends(day: dt.date | None) -> str:
    return f"ends on {day}" if day else "has no last day ('in_force: {to: …}')"


def _begins(day: dt.date | None) -> str:
    return f"begins on {day}" if day else "has no first day ('in_force: {from: …}')"


def _wrong_references(host: Host) -> Iterator[Problem]:
    """The paragraphs that rulebooks answer or depart from and nobody has."""
    for plugin in host.plugins:
        for book in plugin.rulebooks:
            for path, clause, line in unknown_references(book, host):
                yield replace(plugin.place(book, path), message=line, clause=clause)


def unknown_references(book: Rulebook, host: Host) -> Iterator[tuple[Place, str, str]]:
    """Each national paragraph or point that a rulebook names and no edition has: its place, its clause, a sentence."""
    for number, clause in enumerate(book.clauses):
        place: Place = ("clauses", number)
        named = [("answers", (*place, "answers"), reference) for reference in clause.answers]
        for order, rule in enumerate(clause.rules):
            named += [("answers", (*place, "rules", order, "answers"), reference) for reference in rule.answers]
        for order, departure in enumerate(clause.departs):
            named.append(("departs from", (*place, "departs", order, "from"), departure.paragraph))
        seen = set()
        for verb, path, reference in named:
            if (verb, reference) not in seen and (problem := _unknown(reference, host)):
                yield path, clause.id, f"{verb} {reference!r}, but {problem}"
            seen.add((verb, reference))


def _unknown(reference: str, host: Host) -> str | None:
    """The error in a reference such as ``lgsco 8.1 c``; None if the paragraph and its point exist."""
    code, number, point = paragraph(reference)
    books = [book for book in host.editions.get(code, ()) if book.is_national]
    if not books:
        if code in host.left_out:
            return f"the plugin {code!r} is left out, since something is wrong with it"
        known = ", ".join(name for name, editions in host.editions.items() if editions[-1].is_national)
        hint = did_you_mean(code, [name for name, editions in host.editions.items() if editions[-1].is_national])
        return f"no national rulebook is named {code!r}{hint and f'; {hint}'}; known: {known}"
    paragraphs = [clause for book in books for clause in book.clauses if clause.id == number]
    if not paragraphs:
        near = difflib.get_close_matches(number, [clause.id for book in books for clause in book.clauses], 1)
        return f"{code} has no paragraph {number}" + (f"; did you mean {near[0]}?" if near else "")
    points = dict.fromkeys(each.id for clause in paragraphs for each in clause.points)
    if point and point not in points:
        return f"{code} {number} has no point {point}; its points: {', '.join(points) or 'none'}"
    return None
