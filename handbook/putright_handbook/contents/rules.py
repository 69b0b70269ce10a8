"""Every rule of a rulebook with its clause."""

from __future__ import annotations

from docutils import nodes
from putright.rulebooks import phrases
from putright.rulebooks.rules import Contents, Extension
from putright.rulebooks.values import paragraph
from putright.text.english import capital

from putright_handbook import uncertain, wording, writing
from putright_handbook.site import Site
from putright_handbook.writing import Content, clause_links, grid, para


def content(site: Site, docname: str, rulebook: str) -> list[nodes.Node]:
    """The catalogue of rules."""
    book = site.books[rulebook]
    words = site.host.words_of(book.name.whose)
    rows: list[list[Content]] = []
    for ruling in book.rulings().values():
        if isinstance(ruling.rule, Extension):
            terms = phrases.asked(ruling.rule)
        elif isinstance(ruling.rule, Contents):
            rules = [part.rule for part in ruling.parts if isinstance(part.rule, Contents)]
            terms = "; ".join(dict.fromkeys(line for rule in rules for line in wording.contents(rule, words)))
        else:
            terms = phrases.asked(ruling.rule)
        cited = dict.fromkeys(reference for part in ruling.parts for reference in part.rule.answers)
        answers: list[Content] = []
        for reference in cited:
            code, number, _ = paragraph(reference)
            if code in book.governed_by:
                answers += [", " if answers else "", writing.clause(reference, code, number)]
        rows.append(
            [
                [writing.strong(wording.step(ruling.name)), " ", nodes.literal("", ruling.name)],
                ruling.kind,
                [capital(terms), *uncertain.beneath(book, ruling)],
                capital(ruling.who or ""),
                clause_links(book, ruling.clause),
                writing.inline(answers),
            ]
        )
    said = f"{book.authority}, {wording.STANDINGS[book.standing]}. Edition: {book.edition}."
    headings = ("Rule", "Kind", "What it asks", "Who", "Clause", "Answers")
    days = para(phrases.counting_sentence(book.beginnings), "pr-small")
    return [
        para(said),
        days,
        grid(f"Rules of {wording.book_title(book)}", headings, rows, "pr-catalogue", "pr-plain"),
    ]
