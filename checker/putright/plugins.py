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
from putright.calendars import Calendar, index
from putright.files.yamlfiles import Place
from putright.mistakes import Mistake, PluginError, Problem
from putright.rulebooks import Rulebook
from putright.rulebooks.reading import Reading, RulebookError, examine
from putright.rulebooks.rules import paragraph

#: The name of the plugin with the national rulebooks, which is always loaded.
NATIONAL = "national"

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
    left_out: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    """Each plugin that cannot be used, by its name, with what is wrong with it."""
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
    def _calendars(self) -> dict[str | None, Calendar]:
        calendars: dict[str | None, Calendar] = {None: Calendar()}
        for plugin in self.plugins:
            if plugin.closure_days:
                calendars[plugin.name] = Calendar(plugin.closure_days)
        return calendars

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

    def of_council(self, council: str | None) -> dict[str, tuple[Rulebook, ...]]:
        """Gives a council's own rulebooks, each with its editions; none if no council is named."""
        return {
            name: books for name, books in self.editions.items() if council is not None and books[0].council == council
        }

    def calendar(self, book: Rulebook) -> Calendar:
        """Gives England's working days; for a council's own rulebook, less its closure days."""
        return self._calendars.get(book.council) or self._calendars[None]


def _from(book: Rulebook) -> dt.date:
    return book.in_force.start or dt.date.min


def load(only: Iterable[str] | None = None, *, strict: bool | None = None) -> Host:
    """Load the plugins installed (or the named ones) in a fixed order: national first, then by name.

    A plugin that cannot be used is left out, with the reasons in ``Host.left_out``; if ``strict``, or where it is one
    of those named, that is a PluginError or RulebookError with one line for each mistake. Without ``strict``,
    ``PUTRIGHT_STRICT_PLUGINS`` decides.
    """
    allowed = list(only) if only is not None else hookspecs.allowed()
    found: dict[str, list[EntryPoint]] = {}
    for point in entry_points(group=hookspecs.PROJECT):
        found.setdefault(point.name, []).append(point)
    if allowed is not None:
        if unknown := [name for name in allowed if name not in found]:
            raise PluginError(_unknown_plugins(unknown, sorted(found)))
        found = {name: points for name, points in found.items() if name in allowed or name == NATIONAL}
    names = sorted(found, key=lambda name: (name != NATIONAL, name))
    host = build(
        ((name, partial(_import, found[name][0]), _version(found[name][0])) for name in names),
        strict=hookspecs.is_strict() if strict is None else strict,
        also=[problem for name in names for problem in _twice(name, found[name])],
    )
    if asked := [problem for name in only or () for problem in host.left_out.get(name, ())]:
        raise _mistake(asked) from None
    return host


def _unknown_plugins(names: list[str], installed: list[str]) -> str:
    near = difflib.get_close_matches(names[0], installed, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"no plugin is named {', '.join(names)}{hint}; installed: {', '.join(installed)}"


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


def build(modules: Iterable[Given], *, strict: bool = True, also: Iterable[Problem] = ()) -> Host:
    """A host of these plugins: (name, module or object with hooks, version) each.

    What cannot be used is a PluginError or RulebookError if ``strict``, and otherwise left out with all that rests on
    it. The national plugin is never left out. ``also`` are further warnings.
    """
    words: dict[str, str] = dict(fields.CONTENTS)
    plugins: list[Plugin] = []
    warnings = list(also)
    left_out: dict[str, tuple[Problem, ...]] = {}
    for name, module, version in modules:
        plugin, problems = _ask(name, module, version, words)
        warnings += [problem for problem in problems if problem.severity == "warning"]
        if wrong := tuple(problem for problem in problems if problem.severity == "mistake"):
            left_out[name] = wrong
        else:
            plugins.append(plugin)
            words.update(plugin.words)
    host = Host(tuple(plugins), left_out, tuple(warnings))
    while NATIONAL not in left_out and (found := _disagreements(host)):
        left_out |= found
        host = Host(tuple(each for each in host.plugins if each.name not in found), left_out, tuple(warnings))
    if left_out and (strict or NATIONAL in left_out):
        raise _mistake([problem for problems in left_out.values() for problem in problems]) from None
    return host


def _mistake(problems: list[Problem]) -> Mistake:
    """The mistake of some plugins: in their files, or in what else they give."""
    return (RulebookError if problems[0].file else PluginError).of(problems)


def _checked_hook_names(manager: pluggy.PluginManager, module: Any) -> Iterator[str]:
    """Report a misspelt hook, and a function marked as a hook whose name is not one; give hooks without the mark."""
    known = [hook for hook in vars(hookspecs) if hook.startswith("putright_")]
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(f"{error}; hooks: {', '.join(known)}") from None
    for attribute in dir(module):
        if attribute.startswith("putright_") and attribute not in known:
            near = difflib.get_close_matches(attribute, known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise PluginError(f"{attribute!r} is not a hook{hint}; hooks: {', '.join(known)}")
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
    plugin = Plugin(
        name=name,
        version=version,
        hooks=tuple(sorted(caller.name for caller in manager.get_hookcallers(module) or ())),
        rulebooks=tuple(reading.book for reading in readings if reading.book),
        closure_days=call("putright_closure_days", _checked_closures, empty.closure_days),
        words=extra,
        notebooks=call("putright_notebooks", _checked_notebooks, empty.notebooks),
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


def _checked_closures(found: Any) -> Mapping[dt.date, str]:
    if not isinstance(found, dict) or not all(
        type(day) is dt.date and isinstance(reason, str) and reason for day, reason in found.items()
    ):
        raise _wrong("putright_closure_days", "a dict of date to the closure's name", found)
    for day in found:
        try:
            index(day)
        except ValueError as error:
            raise PluginError(f"putright_closure_days: {error}") from None
    return found


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


def _disagreements(host: Host) -> dict[str, tuple[Problem, ...]]:
    """By plugin, where its editions do not follow one another, and paragraphs that it answers and nobody has."""
    found: dict[str, list[Problem]] = {}
    for problem in (*_wrong_editions(host), *_wrong_references(host)):
        found.setdefault(problem.plugin, []).append(problem)
    return {name: tuple(problems) for name, problems in found.items()}


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
        near = difflib.get_close_matches(code, host.editions, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"no national rulebook is named {code!r}{hint}; known: {known}"
    paragraphs = [clause for book in books for clause in book.clauses if clause.id == number]
    if not paragraphs:
        near = difflib.get_close_matches(number, [clause.id for book in books for clause in book.clauses], 1)
        return f"{code} has no paragraph {number}" + (f"; did you mean {near[0]}?" if near else "")
    points = dict.fromkeys(each.id for clause in paragraphs for each in clause.points)
    if point and point not in points:
        return f"{code} {number} has no point {point}; its points: {', '.join(points) or 'none'}"
    return None
