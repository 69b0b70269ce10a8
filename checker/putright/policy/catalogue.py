"""Every rule there is: what it asks, by which clause, on whose authority."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from putright import fields
from putright.calendars import Begins
from putright.plugins import Host
from putright.rulebooks import Rulebook, Ruling, doubts, phrases
from putright.rulebooks.limits import DaysOff, StartDay, Unit, begins
from putright.rulebooks.rules import Contents, Extension, Timed
from putright.rulebooks.values import paragraph
from putright.text.grids import Grid
from putright.text.shown import Display, Showing, table

if TYPE_CHECKING:
    from rich.console import RenderableType


class Catalogue(list[dict[str, Any]], Showing):
    """A list with each rule of each edition as plain data.

    ``unclear`` has in full what the source leaves unclear about the rule, and ``doubts`` the first sentence of each,
    with its clause. ``document`` is what is unclear about the whole document, and ``notes`` what else is noted.
    """

    def render(self) -> Iterator[RenderableType]:
        """Gives the catalogue as tables for a terminal, one for each rulebook."""
        from rich.markup import escape

        for name in dict.fromkeys((entry["rulebook"], entry["edition"]) for entry in self):
            rules = [entry for entry in self if (entry["rulebook"], entry["edition"]) == name]
            title = f"{name[0]} ({name[1]}): {rules[0]['authority']}, {rules[0]['standing']}"
            grid = Grid("rule", "clause", "answers", "kind and terms", title=title)
            for entry in rules:
                unsure = " [in doubt]" if entry["doubts"] else ""
                answers = ", ".join(entry["answers"])
                grid.add(entry["rule"], entry["clause"], answers, f"{entry['kind']}: {entry['terms']}{unsure}")
            yield grid
            yield from (escape(f"  {line}") for line in _uncertain(rules))

    def shown(self) -> Display:
        """Shows it as a table."""
        names = ("rulebook", "asks", "kind", "clause", "terms")
        return table(names, [[entry[name] for name in names] for entry in self], "Every rule with its clause")


def catalogue(host: Host, council: str | None = None) -> Catalogue:
    """Each rule of each edition; with a council, of its own rulebooks and those that govern them."""
    books = [book for editions in host.editions.values() for book in editions]
    if council is not None:
        own = [book for book in books if book.name.whose == council]
        governing = {name for book in own for name in book.governed_by}
        books = own + [book for book in books if book.rulebook in governing]
    return Catalogue(_entry(book, ruling) for book in books for ruling in book.rulings().values())


def _entry(book: Rulebook, ruling: Ruling) -> dict[str, Any]:
    found = doubts.of_ruling(book, ruling)
    return {
        "rulebook": book.rulebook,
        "edition": book.edition,
        "rule": ruling.name,
        "asks": fields.RULES[ruling.name],
        "kind": ruling.kind,
        "clause": ruling.clause,
        "who": ruling.who,
        "authority": book.authority,
        "standing": book.standing,
        "terms": terms(ruling),
        "days_off": days_off(book, ruling),
        "start_is_day": start_is_day(book, ruling),
        "answers": _answers(book, ruling),
        "unclear": list(dict.fromkeys([*book.doubts(), *(doubt.text for doubt in found)])),
        "doubts": doubts.cited(found),
        "document": doubts.shorts(doubts.of_book(book)),
        "notes": list(ruling.notes),
    }


def days_off(book: Rulebook, ruling: Ruling) -> DaysOff | None:
    """What a start on a day off means for a limit in working days; None where none is counted."""
    rule = ruling.rule
    if not isinstance(rule, Timed) or rule.within is None or rule.within.unit is not Unit.WORKING_DAYS:
        return None
    return rule.days_off or book.days_off


def start_is_day(book: Rulebook, ruling: Ruling) -> StartDay | None:
    """The number of the starting day in a count of days or weeks; None where none is counted."""
    rule = ruling.rule
    if not isinstance(rule, Timed) or rule.within is None or rule.within.unit in (Unit.MONTHS, Unit.MONTHS_INCLUSIVE):
        return None
    return book.start_is_day if rule.start_is_day is None else rule.start_is_day


def _answers(book: Rulebook, ruling: Ruling) -> list[str]:
    """The national paragraphs it answers, of the rulebooks that govern this one."""
    cited = dict.fromkeys(cited for part in ruling.parts for cited in part.rule.answers)
    return [reference for reference in cited if paragraph(reference).rulebook in book.governed_by]


def _own_counting(rule: Timed) -> tuple[Begins, ...]:
    """What the start is in the count, where the rule itself says so."""
    if rule.within is None or (rule.days_off is None and not rule.start_is_day):
        return ()
    return begins(rule.days_off or "next_working_day", rule.start_is_day or 0, rule.within.unit)


def terms(ruling: Ruling, words: Mapping[str, str] | None = None) -> str:
    """What a rule asks, in a line: the time and what it counts from, or what the letter holds.

    ``words`` gives the meaning of each word for letter contents; without it the words are as a rulebook has them.
    """
    rule = ruling.rule
    if isinstance(rule, Extension):
        return f"{phrases.asked(rule)}; notified before the time is up"
    if isinstance(rule, Timed) and rule.within and not rule.by and (own := _own_counting(rule)):
        return f"{phrases.asked(rule)}; {phrases.counting(own)}"
    if not isinstance(rule, Contents):
        return phrases.asked(rule)
    parts = (part.rule for part in ruling.parts if isinstance(part.rule, Contents))
    return "; ".join(phrases.letter(part, words) if words else phrases.asked(part) for part in parts)


def _uncertain(rules: list[dict[str, Any]]) -> Iterator[str]:
    """What is not certain of one rulebook and of its rules, a line each; rules with the same doubt together."""
    yield from rules[0]["document"]
    found: dict[str, list[str]] = {}
    for entry in rules:
        for doubt in entry["doubts"]:
            found.setdefault(doubt, []).append(entry["rule"])
    yield from (f"{', '.join(names)}: {doubt}" for doubt, names in found.items())
