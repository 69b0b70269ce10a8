"""Every step, its time, who acts and the clause; then the flow, drawn."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from putright.api import clauses
from putright.rulebooks import Rulebook, Ruling, doubts, phrases
from putright.rulebooks.doubts import Doubt
from putright.rulebooks.rules import Contents, Extension, Timed
from putright.text.english import capital

from putright_handbook import drawing, uncertain, wording, writing
from putright_handbook.site import Site
from putright_handbook.writing import Content, clause_links, grid, link, para, section, strong


def content(site: Site, docname: str, rulebook: str) -> list[nodes.Node]:
    """The procedure on one page."""
    book = site.books[rulebook]
    folder = site.procedure(book.rulebook).folder
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
        section("steps", "Every step", *_steps(book), *_elsewhere(book)),
        *_flow(book),
    ]


def _steps(book: Rulebook) -> Iterator[nodes.Node]:
    """The table of steps, and what a start on a day off means where working days are counted."""
    rows = list(_rows(book))
    if not rows:
        yield para("The procedure names no step that we could put a time to. The clauses say what it asks.")
        return
    headings = ("Step", "Time", "More time", "Who", "Clause")
    yield grid(f"Every step of the procedure, {wording.book_title(book)}", headings, rows, "pr-glance", "pr-plain")
    if any(clauses.days_off(book, ruling) for ruling in book.rulings().values()):
        yield para(phrases.counting_sentence(book.beginnings), "pr-small")


def _flow(book: Rulebook) -> Iterator[nodes.Node]:
    """The flow, if the procedure has a step with a time."""
    if not any(isinstance(ruling.rule, Timed) for ruling in book.rulings().values()):
        return
    drawn = writing.raw(drawing.flow(book, wording.book_title(book)))
    key = para("Square boxes are council steps. Rounded boxes are things the complainant does.")
    pair = nodes.container("", drawn, _in_words(book), classes=["pr-pair"])
    yield section("flow", "The flow, drawn", key, pair)


def _rows(book: Rulebook) -> Iterator[list[Content]]:
    for ruling in book.rulings().values():
        if not isinstance(ruling.rule, Contents | Extension):
            yield _row(book, ruling)


def _row(book: Rulebook, ruling: Ruling) -> list[Content]:
    limit: list[Content] = [capital(phrases.asked(ruling.rule)) + phrases.aim_mark(ruling.kind)]
    if said := wording.conditions(ruling.rule):
        limit.append(f". {said}")
    if said := wording.counting(book, ruling):
        limit.append(nodes.inline("", said, classes=["pr-small"]))
    more = book.extension_of(ruling.name)
    limit += uncertain.beneath(book, ruling, *([more] if more else []))
    extra: list[Content] = []
    clauses = [clause_links(book, ruling.clause)]
    if more and isinstance(more.rule, Extension):
        extra = [capital(phrases.asked(more.rule)), " (", clause_links(book, more.clause), ")"]
    return [[strong(wording.step(ruling.name))], limit, extra, capital(ruling.who or ""), clauses]


def _elsewhere(book: Rulebook) -> list[nodes.Node]:
    """Doubts about letters, and about clauses that do not make a step."""
    shown = {doubt for ruling in book.rulings().values() for doubt in _in_table(book, ruling)}
    others = [doubt for clause in book.clauses for doubt in doubts.of_paragraph(book, clause) if doubt not in shown]
    if not others:
        return []
    said = para("In doubt of letters, and of clauses that set no step:", "pr-small")
    return [said, writing.bullets(uncertain.sentences(book, others), "pr-small")]


def _in_table(book: Rulebook, ruling: Ruling) -> tuple[Doubt, ...]:
    return () if isinstance(ruling.rule, Contents) else doubts.of_ruling(book, ruling)


def _in_words(book: Rulebook) -> nodes.Element:
    return section(
        "flow-in-words", "The flow in words", writing.numbered(drawing.words(box) for box in drawing.boxes(book))
    )
