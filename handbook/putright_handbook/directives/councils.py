"""``putright-councils``: every council, on the home page."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

from putright_handbook import wording, writing
from putright_handbook.contents import council
from putright_handbook.procedures import Procedure
from putright_handbook.writing import Content, grid, link, para


class Councils(writing.Directive):
    """Every council with the way to its due dates; of a single council, every question. The home page's first thing."""

    def run(self) -> list[nodes.Node]:
        site = self.site
        names = sorted(site.host.councils, key=site.authority)
        if len(names) == 1:
            own = council.procedures(site, names[0])
            return [para(link(site.authority(names[0]), f"councils/{names[0]}/index")), own]
        rows: list[list[Content]] = []
        for name in names:
            dates: list[Content] = [
                [link(_named(each), f"{each.folder}/due-dates"), " "] for each in site.procedures(name)
            ]
            rows.append([link(site.authority(name), f"councils/{name}/index"), writing.inline(dates)])
        return [grid("Councils in this handbook", ("Council", "When is it due?"), rows, "pr-councils", "pr-plain")]


def _named(procedure: Procedure) -> str:
    return wording.procedure(procedure.name) + ("" if procedure.own else " (national rules)")


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-councils", Councils)
