"""``putright-letters COUNCIL.PROCEDURE``: a checklist for each letter, to print and tick."""

from __future__ import annotations

from docutils import nodes
from putright import fields
from putright.rulebooks import Rulebook, Ruling, doubts
from putright.rulebooks.rules import Contents
from putright.text.english import capital
from sphinx.application import Sphinx

from putright_handbook import uncertain, wording, writing
from putright_handbook.directives.glance import clause_links
from putright_handbook.writing import Content, para, section


class Letters(writing.Directive):
    """A checklist for each letter of a procedure."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        book = self.site.books[self.arguments[0]]
        governing = self.site.procedure(book.rulebook).national if book.council else ()
        words = self.site.host.words_of(book.council)
        lists = [
            _letter(name, [each for each in (book, *governing) if name in each.rulings()], words)
            for name in fields.LETTERS
            if any(name in each.rulings() for each in (book, *governing))
        ]
        intro = (
            "Tick each line before a letter goes out. The clause number is next to each item. Some items only apply "
            "in certain cases; we say which."
        )
        return [para(intro), *lists]


def _letter(name: str, books: list[Rulebook], words: dict[str, str]) -> nodes.section:
    letter = fields.LETTERS[name]
    anchor = f"letter-{name}"
    parts: list[nodes.Node] = []
    also = ""
    if letter.kind is fields.LetterKind.EXTENSION:
        also = " (holding reply)"  # as many people call it
        parts += [writing.entry(word, anchor) for word in ("holding reply", "extension")]
    heading = capital(letter.name) + also
    for book in books:
        whose = "By our procedure" if not book.is_national else f"By the national rules: {wording.book_title(book)}"
        ruling = book.rulings()[name]
        parts.append(para([writing.strong(whose)], "pr-whose"))
        if ruling.who:
            parts.append(para(f"Who: {ruling.who}", "pr-small"))
        parts.append(_checklist(book, ruling, words))
        parts += uncertain.note(book, doubts.of_ruling(book, ruling))
        parts += uncertain.notes(book, doubts.notes_of(book, ruling))
    if books[0].is_national:
        parts.append(para("Our procedure says nothing of what this letter holds."))
    return section(anchor, heading, *parts, classes=["pr-letter"])


def _checklist(book: Rulebook, ruling: Ruling, words: dict[str, str]) -> nodes.Node:
    items: dict[tuple[str, str], list[str]] = {}
    for part in ruling.parts:
        rule = part.rule
        assert isinstance(rule, Contents)
        for line in wording.contents(rule, words):
            items.setdefault((line, wording.conditions(rule)), []).append(part.clause)
    for meaning, conditions in list(items):
        if conditions and (meaning, "") in items:  # always required, so it does not depend on the case
            items[meaning, ""] += items.pop((meaning, conditions))
    lines: list[Content] = []
    for (meaning, conditions), clauses in items.items():
        said: list[Content] = [capital(meaning)]
        if conditions:
            said.append(nodes.inline("", f", {conditions[:1].lower()}{conditions[1:].rstrip('.')}", classes=["pr-if"]))
        lines.append([*writing.inline(said), " (", clause_links(book, ", ".join(dict.fromkeys(clauses))), ")"])
    return writing.bullets(lines, "pr-checklist")


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-letters", Letters)
