"""Every step and every letter of a procedure on one side of A4."""

from __future__ import annotations

from docutils import nodes

from putright_handbook import cards, letters, menus, writing
from putright_handbook.page import Page
from putright_handbook.site import Site
from putright_handbook.writing import Content, bullets, clause_links, grid, para


def content(site: Site, docname: str, rulebook: str) -> list[nodes.Node]:
    """A procedure's quick reference card."""
    procedure = site.procedure(rulebook)
    words = site.host.words_of(procedure.council)
    steps = grid("Steps", ("Step", "Time", "More time", "Clause"), map(_step, cards.steps(procedure)), "pr-plain")
    holds: list[Content] = [
        [writing.strong(f"{name}: "), said]
        for name, said in (cards.letter(procedure, each, words) for each in letters.letters(procedure))
    ]
    said: list[nodes.Node] = [bullets(holds)] if holds else []
    made = nodes.container("", steps, *said, para(cards.marks(), "pr-small"), classes=["pr-card"])
    return [
        para(writing.download("This card as a PDF, one side of A4", cards.PDF), "pr-acts", "pr-pdf"),
        writing.raw(_PRINT),
        made,
    ]


def file(site: Site, page: Page) -> tuple[str, bytes]:
    """The card as a PDF: the file's name next to the page, and what is in it."""
    procedure = site.procedure(page.content[1])
    warnings = [each.text for each in menus.warnings(site, page.meta)]
    title = f"Quick reference card: {procedure.title}"
    return cards.PDF, cards.pdf(procedure, title, site.host.words_of(procedure.council), warnings)


#: Shown by the script: without one, the browser's own menu prints.
_PRINT = '<p class="pr-acts" hidden><button type="button" class="pr-act" data-print="">Print</button></p>'


def _step(step: cards.Step) -> list[Content]:
    clause: Content = [f"{step.source} " if step.source else "", clause_links(step.book, step.clause)]
    return [step.name, step.time, step.more, clause]
