"""``putright-glance COUNCIL.PROCEDURE``: every step, its time, who acts and the clause; then the flow, drawn."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from putright import anchors
from putright.rulebooks import Rulebook, Ruling
from putright.rules import Contents, Extension
from sphinx.application import Sphinx

from putright_handbook import drawing, wording, writing
from putright_handbook.writing import Content, grid, link, para, section, strong


class Glance(writing.Directive):
    """The procedure on one page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        book = self.site.books[self.arguments[0]]
        folder = anchors.page(book.rulebook).rpartition("/")[0]
        caption = f"Every step of the procedure, {wording.book_title(book)}"
        headings = ("Step", "Time", "More time", "Who", "Clause")
        return [
            para(
                [
                    "A date to work out? Go to ",
                    link("due dates", f"{folder}/due-dates"),
                    ". A letter to write? Go to ",
                    link("letters", f"{folder}/letters"),
                    ", the holding reply (extension notice) included.",
                ],
                "pr-lead",
            ),
            *([writing.note(book.unclear)] if book.unclear else []),
            section("steps", "Every step", grid(caption, headings, _rows(book), "pr-glance", "pr-plain")),
            section(
                "flow",
                "The flow, drawn",
                para("Square boxes are the council's steps, round ones the person's own."),
                nodes.container(
                    "", writing.raw(drawing.flow(book, wording.book_title(book))), _in_words(book), classes=["pr-pair"]
                ),
            ),
        ]


def _rows(book: Rulebook) -> Iterator[list[Content]]:
    for ruling in book.rulings().values():
        if not isinstance(ruling.rule, Contents | Extension):
            yield _row(book, ruling)


def _row(book: Rulebook, ruling: Ruling) -> list[Content]:
    limit: list[Content] = [wording.upper(wording.limit(ruling))]
    if ruling.kind == "aim":
        limit.append(" (an aim, not a duty)")
    if said := wording.conditions(ruling.rule):
        limit.append(f". {said}")
    if ruling.unclear:
        limit.append(nodes.inline("", "Unclear in the source: " + " ".join(ruling.unclear), classes=["pr-small"]))
    more = wording.extension_of(book, ruling.name)
    extra: Content = ""
    clauses = [clause_links(book, ruling.clause)]
    if more and isinstance(more.rule, Extension):
        extra = [wording.upper(wording.extension(more.rule)), " (", clause_links(book, more.clause), ")"]
    who = wording.upper(wording.who(book, ruling.name))
    return [[strong(wording.step(ruling.name))], limit, extra, who, clauses]


def clause_links(book: Rulebook, clause: str) -> nodes.inline:
    """The clauses that a rule rests on, each a link."""
    made = nodes.inline()
    for place, name in enumerate(anchors.cited(clause, book)):
        if place:
            made += nodes.Text(", ")
        made += writing.clause(name, book.rulebook, name, book.edition)
    return made


def _in_words(book: Rulebook) -> nodes.Element:
    return section(
        "flow-in-words", "The flow in words", writing.numbered(drawing.words(box) for box in drawing.boxes(book))
    )


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-glance", Glance)
