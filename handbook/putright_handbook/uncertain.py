"""Show doubts about a rule, a clause or a document on pages: in short, with a link to the whole text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docutils import nodes
from putright.rulebooks import Rulebook, Ruling, doubts
from putright.rulebooks.doubts import Doubt

from putright_handbook import writing
from putright_handbook.writing import Content

LABEL = "In doubt"


def sentences(book: Rulebook, found: Iterable[Doubt]) -> list[Content]:
    """Each doubt's first sentence, with links to the clauses that have the whole text."""
    made: list[Content] = []
    for short, clauses in doubts.grouped(found).items():
        made.append([short, *_links(book, clauses)])
    return made


def _links(book: Rulebook, clauses: tuple[str, ...]) -> Iterator[Content]:
    for place, number in enumerate(clauses):
        yield ", " if place else " ("
        yield writing.clause(number, book.rulebook, number, book.edition)
    if clauses:
        yield ")"


def beneath(book: Rulebook, *rulings: Ruling) -> list[Content]:
    """Below a row's text on its rules: the doubts about them, and the notes on them, folded."""
    found = [doubt for ruling in rulings for doubt in doubts.of_ruling(book, ruling)]
    noted = [note for ruling in rulings for note in doubts.notes_of(book, ruling)]
    return [*in_a_row(book, found), *notes(book, noted)]


def in_a_row(book: Rulebook, found: Iterable[Doubt]) -> list[Content]:
    """Doubts in small print, below a row's text."""
    made: list[Content] = []
    for sentence in sentences(book, found):
        made.append(nodes.inline("", "", *writing.inline([f"{LABEL}: ", sentence]), classes=["pr-small", "pr-doubt"]))
    return made


def note(book: Rulebook, found: Iterable[Doubt]) -> list[nodes.Node]:
    """Doubts as a highlighted note, if there are any."""
    made = sentences(book, found)
    if not made:
        return []
    content = [writing.para(made[0])] if len(made) == 1 else [writing.bullets(made)]
    return [nodes.admonition("", nodes.title(LABEL, LABEL), *content, classes=["pr-note", "pr-doubt"])]


def notes(book: Rulebook, found: Iterable[Doubt]) -> list[nodes.Node]:
    """Notes in full, folded until the reader opens them."""
    lines: dict[str, Content] = {}
    for each in found:
        links = _links(book, (each.clause,) if each.clause else ())
        lines.setdefault(each.text, [" ".join(each.text.split()), *links])
    if not lines:
        return []
    summary = "Note" if len(lines) == 1 else f"{len(lines)} notes"
    return [writing.fold(summary, *(writing.para(line, "pr-small") for line in lines.values()))]
