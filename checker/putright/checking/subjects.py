"""What is checked: a plugin, or rulebook files as if a plugin brought them; with the host that judges by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from putright.files.yamlfiles import Place
from putright.mistakes import Mistake, Problem
from putright.plugins import Host, Plugin, disagreements
from putright.rulebooks import Rulebook
from putright.rulebooks.reading import Reading, examine


@dataclass(frozen=True)
class Subject:
    """A plugin that is checked."""

    plugin: Plugin
    host: Host
    """All plugins, this one with them."""
    mistakes: tuple[Problem, ...] = ()
    """What its author must put right."""
    files: tuple[Path, ...] = ()
    """The files that are checked as if a plugin brought them; none where it is an installed plugin."""

    def problem(self, book: Rulebook, path: Place, message: str, suggestion: str = "", *, rule: str = "") -> Problem:
        """A warning about a place of a rulebook's file."""
        clause = book.clauses[path[1]].id if path[:1] == ("clauses",) and isinstance(path[1], int) else ""
        place = self.plugin.place(book, path)
        found = replace(place, message=message, suggestion=suggestion, rule=rule, clause=clause, severity="warning")
        return replace(found, plugin="") if self.files else found


def subjects(host: Host, targets: Sequence[str]) -> Iterator[Subject]:
    """What is to be checked: each council or other plugin named, and the files named; every council if none is.

    Raises a Mistake where a name is neither.
    """
    names = list(targets) or [*host.councils, *host.left_out]
    files = [Path(name) for name in names if _is_file(name)]
    for name in names:
        if not _is_file(name):
            yield _of_plugin(host, name)
    if files:
        yield from _of_files(host, files)


def _is_file(name: str) -> bool:
    return name.endswith((".yaml", ".yml")) or Path(name).is_file()


def _of_plugin(host: Host, name: str) -> Subject:
    known = {plugin.name: plugin for plugin in (*host.plugins, *host.broken)}
    plugin = known.get(name.strip().lower())
    if plugin is None:
        raise Mistake(
            f"no plugin is named {name!r}; installed: {', '.join(known)}. "
            "Give the path of a rulebook that is not installed, for example testshire.yaml.",
            field="council",
            value=name,
        )
    if plugin.name not in host.left_out:
        return Subject(plugin, host)
    # It is left out: judge what can be read of it all the same, so that everything is said at once.
    joined = replace(host, plugins=(*host.plugins, plugin))
    more = disagreements(joined).get(plugin.name, ())
    return Subject(plugin, joined, tuple(dict.fromkeys((*host.left_out[plugin.name], *more))))


def _of_files(host: Host, files: Iterable[Path]) -> Iterator[Subject]:
    """The files, those of one council or Code together, each with all the others."""
    words = frozenset(host.words)
    readings: dict[str, list[Reading]] = {}
    for path in dict.fromkeys(files):
        if not path.exists():
            raise Mistake(f"{path}: there is no such file.", file=path)
        reading = examine(path, words, host.vocabulary)
        readings.setdefault(reading.book.name.whose if reading.book else "", []).append(reading)
    known = {plugin.name: plugin for plugin in host.plugins}
    given = {name: _with(known.get(name) or Plugin(name, "", (), (), {}, {}), read) for name, read in readings.items()}
    joined = replace(host, plugins=tuple((known | given).values()))
    wrong = disagreements(joined)
    for name, read in readings.items():
        problems = [problem for reading in read for problem in reading.problems]
        problems += (problem for problem in wrong.get(name, ()) if _is_of(problem, read))
        only = replace(given[name], rulebooks=tuple(reading.book for reading in read if reading.book))
        mistakes = tuple(replace(problem, plugin="") for problem in problems)
        yield Subject(only, joined, mistakes, tuple(reading.path for reading in read))


def _with(plugin: Plugin, read: list[Reading]) -> Plugin:
    """The plugin with the rulebooks of these files in place of its own of the same names."""
    books = tuple(reading.book for reading in read if reading.book)
    replaced = {book.rulebook for book in books}
    others = tuple(book for book in plugin.rulebooks if book.rulebook not in replaced)
    return replace(plugin, rulebooks=(*others, *books), readings=(*plugin.readings, *read))


def _is_of(problem: Problem, readings: list[Reading]) -> bool:
    """Whether a problem is in one of these files, or in a file that one includes."""
    files = {file for each in readings if each.document for file in (each.path, *each.document.files.values())}
    return problem.file in files
