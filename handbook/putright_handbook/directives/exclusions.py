"""``putright-exclusions COUNCIL.PROCEDURE``: what the procedure does not cover, and where to send it."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from putright.rulebooks import Rulebook
from putright.text.english import capital
from sphinx.application import Sphinx

from putright_handbook import wording, writing
from putright_handbook.writing import Content, grid, para, section

#: Topics whose clauses say what is not a complaint, or what to do with it.
_TOPICS = ("service requests", "definition", "exclusions", "other procedures", "compliments and comments")


class Exclusions(writing.Directive):
    """What is not a complaint, and where to send it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        book = self.site.books[self.arguments[0]]
        rows = list(_rows(book))
        parts: list[nodes.Node] = [
            para(
                "Look here before you turn anything away, and tell the person why and where to go. If you are not "
                "sure, ask the complaints team: nothing here stops a matter from being looked at on its own merits."
            )
        ]
        if rows:
            parts.append(
                grid(
                    f"What is not taken, {wording.book_title(book)}",
                    ("Matter", "Send it to", "Clause"),
                    rows,
                    "pr-exclusions",
                    "pr-plain",
                )
            )
        else:
            parts.append(para("The procedure names nothing that it does not take."))
        parts += _clauses(book)
        return parts


def _rows(book: Rulebook) -> Iterator[list[Content]]:
    for clause in book.clauses:
        for each in clause.excludes:
            instead = capital(each.instead) if each.instead else "Not said in the procedure"
            yield [
                capital(each.matter),
                instead,
                writing.clause(clause.id, book.rulebook, clause.id, book.edition),
            ]


def _clauses(book: Rulebook) -> Iterator[nodes.Node]:
    found = [clause for topic in _TOPICS for clause in book.clauses if clause.topic == topic]
    if found:
        items: list[Content] = [
            [writing.clause(f"{clause.id} {clause.heading}", book.rulebook, clause.id, book.edition)]
            for clause in found
        ]
        yield section("read-more", "Clauses to read", writing.bullets(items))


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-exclusions", Exclusions)
