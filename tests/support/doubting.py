"""Shared by tests on doubts: every rulebook, and a made-up one with every kind of doubt."""

from __future__ import annotations

from pathlib import Path

from putright import national, plugins
from putright.hookspecs import hookimpl
from putright.plugins import Host
from putright.rulebooks import STATUS_DOUBTS, Rulebook, doubts
from putright.rulebooks.doubts import Doubt

BOOK = Path(__file__).parents[1] / "books" / "doubtville.yaml"


class Doubtville:
    """The plugin of the made-up council."""

    @hookimpl
    def putright_rulebooks(self) -> list[Path]:
        return [BOOK]


HOST = plugins.load()
#: The made-up council and the national rulebooks alone.
SMALL: Host = plugins.build([("national", national, "0"), ("doubtville", Doubtville(), "0")])
DOUBTFUL = SMALL.editions["doubtville.corporate"][-1]
BOOKS = [DOUBTFUL, *(book for editions in HOST.editions.values() for book in editions)]
OWN = {book.rulebook: book for book in BOOKS if not book.is_national}
CODES = [book for book in BOOKS if book.is_national]


def flat(text: str) -> str:
    """A text to look for: on one line, and in small letters, since a sentence may be part of another."""
    return " ".join(text.split()).lower()


def marked(book: Rulebook) -> list[Doubt]:
    """Every ``unclear`` and every status other than confirmed of a rulebook, and what concerns all of it.

    Read off the rulebook itself, and not by what the pages are made with.
    """
    found = [Doubt(text) for text in book.doubts()]
    for clause in book.clauses:
        found += [Doubt(STATUS_DOUBTS[clause.status], clause.id)] if clause.status in STATUS_DOUBTS else []
        found += [Doubt(text, clause.id) for text in (clause.unclear, *(rule.unclear for rule in clause.rules)) if text]
    return found


def of_rules(book: Rulebook) -> list[Doubt]:
    """Those that reach a rule, and those of the whole document."""
    reached = {doubt for ruling in book.rulings().values() for doubt in doubts.shorts(doubts.of_ruling(book, ruling))}
    return [doubt for doubt in marked(book) if doubt.short in reached or doubt.clause is None]
