"""``putright-council COUNCIL``: a council's own first page; ``putright-councils``: all of them, on the home page."""

from __future__ import annotations

from docutils import nodes
from putright.api import clauses
from sphinx.application import Sphinx

from putright_handbook import sitepages, wording, writing
from putright_handbook.procedures import Procedure
from putright_handbook.site import Site
from putright_handbook.writing import Content, bullets, grid, link, para, section


class Council(writing.Directive):
    """A council's procedures with the questions that each answers, and its latest audit."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        council = self.arguments[0]
        latest: Content = [link("The latest audit", f"councils/{council}/audit"), ", in published figures"]
        changed: Content = [link("What changed and when", f"councils/{council}/changes"), ", edition by edition"]
        return [_procedures(self.site, council), section("audit", "Audit and changes", bullets([latest, changed]))]


def _procedures(site: Site, council: str) -> nodes.container:
    """Every procedure with its questions, next to each other where there is room."""
    made = [_procedure(site, each) for each in site.procedures(council)]
    return nodes.container("", *made, classes=["pr-procedures"])


def _procedure(site: Site, procedure: Procedure) -> nodes.section:
    own = procedure.own
    codes: list[Content] = []
    for code in procedure.national:
        codes += [", " if codes else "", link(wording.book_title(code), clauses.page_of(code, site.host))]
    follows: list[Content] = [" National rules: ", *codes, "."] if codes else []
    said = f"{own.title}. Edition: {own.edition}." if own else "No procedure of the council's own is known here."
    links: list[Content] = [link(page.title, site.place(procedure, page)) for page in sitepages.pages_of(procedure)]
    return section(
        f"procedure-{procedure.name}",
        wording.procedure(procedure.name),
        bullets(links, "pr-pages"),
        para([said, *follows], "pr-small"),
    )


class Councils(writing.Directive):
    """Every council with the way to its due dates; of a single council, every question. The home page's first thing."""

    def run(self) -> list[nodes.Node]:
        site = self.site
        names = sorted(site.host.councils, key=site.authority)
        if len(names) == 1:
            return [para(link(site.authority(names[0]), f"councils/{names[0]}/index")), _procedures(site, names[0])]
        rows: list[list[Content]] = []
        for council in names:
            dates: list[Content] = [
                [link(_named(each), f"{each.folder}/due-dates"), " "] for each in site.procedures(council)
            ]
            rows.append([link(site.authority(council), f"councils/{council}/index"), writing.inline(dates)])
        return [grid("Councils in this handbook", ("Council", "When is it due?"), rows, "pr-councils", "pr-plain")]


def _named(procedure: Procedure) -> str:
    return wording.procedure(procedure.name) + ("" if procedure.own else " (national rules)")


def setup(app: Sphinx) -> None:
    """Make the directives known."""
    app.add_directive("putright-council", Council)
    app.add_directive("putright-councils", Councils)
