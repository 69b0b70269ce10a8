"""``{clause}`lgsco 6.2```: a link to a clause, by its rulebook and number."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from putright_handbook import writing


class ClauseRole(SphinxRole):
    """A link to a clause: rulebook and number."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        rulebook, _, number = self.text.partition(" ")
        return [writing.clause(self.text, rulebook, number)], []


def setup(app: Sphinx) -> None:
    """Make the role known."""
    app.add_role("clause", ClauseRole())
