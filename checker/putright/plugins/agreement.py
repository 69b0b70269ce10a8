"""Where what the plugins gave does not fit together: calendars, editions, paragraphs that nobody has."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, pairwise

from putright import fields
from putright.calendars import NATIONS
from putright.files.yamlfiles import Place
from putright.mistakes import Problem, did_you_mean, nearest
from putright.plugins.host import Host
from putright.rulebooks import Rulebook
from putright.rulebooks.conditions import sense
from putright.rulebooks.values import paragraph


def disagreements(host: Host) -> dict[str, tuple[Problem, ...]]:
    """By plugin, where its editions do not follow one another, and paragraphs that it answers and nobody has."""
    found: dict[str, list[Problem]] = {}
    checks = (_wrong_calendars, _wrong_editions, _wrong_edition_days, _wrong_references, _wrong_flags)
    for problem in chain.from_iterable(check(host) for check in checks):
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
                said = f"unknown calendar {book.calendar!r}; {nearest(book.calendar, known)}"
                yield replace(place, message=said)


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


def _wrong_edition_days(host: Host) -> Iterator[Problem]:
    """All editions of a rulebook are chosen by the same day."""
    for name, books in host.editions.items():
        for earlier, later in pairwise(books):
            if earlier.edition_by != later.edition_by:
                said = (
                    f"rulebook {name!r}: edition {earlier.edition!r} has 'edition_by: {earlier.edition_by}', and "
                    f"{later.edition!r} {later.edition_by!r}: give all editions the same"
                )
                plugin = next(each for each in host.plugins if any(book is later for book in each.rulebooks))
                yield replace(plugin.place(later, ("edition_by",)), message=said)


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


def _wrong_flags(host: Host) -> Iterator[Problem]:
    """The flags that rulebooks name and that neither putright nor their plugin has."""
    for plugin in host.plugins:
        known = {**fields.FLAGS, **plugin.flags}
        for book in plugin.rulebooks:
            for path, clause, flag in _flags(book):
                if flag not in known:
                    said = f"unknown flag {flag!r}; {nearest(flag, known)}"
                    yield replace(plugin.place(book, path), message=said, clause=clause)


def _flags(book: Rulebook) -> Iterator[tuple[Place, str, str]]:
    """Every flag that a rulebook names: its place, its clause, the flag."""
    for key in ("for_flag", "not_for_flag"):
        if flag := getattr(book, key):
            yield (key,), "", flag
    for number, clause in enumerate(book.clauses):
        for order, rule in enumerate(clause.rules):
            for key, condition in (("if", rule.when), ("unless", rule.unless)):
                for part, value in condition.given.items() if condition else ():
                    for flag in sense(part).flags(value):
                        yield ("clauses", number, "rules", order, key, part), clause.id, flag


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
