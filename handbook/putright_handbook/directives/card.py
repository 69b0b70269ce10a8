"""``putright-card RULEBOOK``: every step and every letter of a procedure on one side of A4."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from putright_handbook import cards, letters, menus, site, writing
from putright_handbook.directives.glance import clause_links
from putright_handbook.procedures import Procedure
from putright_handbook.writing import Content, bullets, grid, para


class Card(writing.Directive):
    """A procedure's quick reference card."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        procedure = self.site.procedure(self.arguments[0])
        words = self.site.host.words_of(procedure.council)
        steps = grid("Steps", ("Step", "Time", "More time", "Clause"), map(_step, cards.steps(procedure)), "pr-plain")
        holds: list[Content] = [
            [writing.strong(f"{name}: "), said]
            for name, said in (cards.letter(procedure, each, words) for each in letters.letters(procedure))
        ]
        said: list[nodes.Node] = [bullets(holds)] if holds else []
        made = nodes.container("", steps, *said, para(cards.marks(), "pr-small"), classes=["pr-card"])
        return [para(self._pdf(procedure, words), "pr-acts", "pr-pdf"), writing.raw(_PRINT), made]

    def _pdf(self, procedure: Procedure, words: dict[str, str]) -> nodes.Node:
        """The link to the PDF, which is made with the page."""
        folder = Path(self.env.srcdir) / procedure.folder
        meta = self.env.metadata[self.docname]
        warnings = [each.text for each in menus.warnings(self.site, dict(meta))]
        title = f"Quick reference card: {procedure.title}"
        site.write_changed(folder / cards.PDF, cards.pdf(procedure, title, words, warnings))
        shown = nodes.inline("", "This card as a PDF, one side of A4")
        target = f"/{procedure.folder}/{cards.PDF}"
        return addnodes.download_reference("", "", shown, reftarget=target, refdoc=self.docname, refexplicit=True)


#: Shown by the script: without one, the browser's own menu prints.
_PRINT = '<p class="pr-acts" hidden><button type="button" class="pr-act" data-print="">Print</button></p>'


def _step(step: cards.Step) -> list[Content]:
    clause: Content = [f"{step.source} " if step.source else "", clause_links(step.book, step.clause)]
    return [step.name, step.time, step.more, clause]


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-card", Card)
