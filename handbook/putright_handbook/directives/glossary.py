"""``putright-glossary``: what each word means, in plain words, and the paragraphs that it comes from."""

from __future__ import annotations

from docutils import nodes
from putright.rulebooks import Rulebook
from sphinx.application import Sphinx

from putright_handbook import glossary, writing
from putright_handbook.glossary import Term
from putright_handbook.writing import Content, para, section


class Glossary(writing.Directive):
    """A section for each word, in the order of the alphabet."""

    def run(self) -> list[nodes.Node]:
        return [self._term(term) for term in sorted(glossary.TERMS, key=lambda term: term.name.lower())]

    def _term(self, term: Term) -> nodes.section:
        parts: list[nodes.Node] = [para(term.meaning)]
        by_book: dict[str, list[str]] = {}
        for rulebook, paragraph in term.sources:
            if rulebook in self.site.national:
                by_book.setdefault(rulebook, []).append(paragraph)
        if by_book:
            said: list[Content] = []
            for rulebook, paragraphs in by_book.items():
                said += ["; " if said else "", *_cited(self.site.national[rulebook], paragraphs)]
            parts.append(para([*said, "."], "pr-small"))
        if term.also:
            parts.append(para(f"Also: {', '.join(term.also)}.", "pr-small"))
        return section(term.anchor, term.name, *parts, classes=["pr-meaning"])


def _cited(book: Rulebook, paragraphs: list[str]) -> list[Content]:
    made: list[Content] = [f"{book.title} ({book.authority}) "]
    for place, each in enumerate(paragraphs):
        made += [", " if place else "", writing.clause(each, book.rulebook, each)]
    return made


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-glossary", Glossary)
