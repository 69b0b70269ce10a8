"""``putright-council COUNCIL``: a council's own first page; ``putright-councils``: all of them, on the home page."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from putright.api import clauses
from putright.rulebooks import Rulebook
from sphinx.application import Sphinx

from putright_handbook import wording, writing
from putright_handbook.site import Site
from putright_handbook.writing import Content, bullets, grid, link, para, section

#: The pages of a procedure, as links name them.
_PAGES = (
    ("due-dates", "Work out a due date"),
    ("index", "At a glance"),
    ("letters", "Letters"),
    ("not-complaints", "What is not a complaint"),
    ("procedure", "The procedure, clause by clause"),
    ("code", "How our policy answers the Code"),
)


class Council(writing.Directive):
    """A council's procedures, its latest audit, and what else governs complaints to it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        council = self.arguments[0]
        procedures = [_procedure(council, *each) for each in self.site.of(council).items()]
        return [
            nodes.container("", *procedures, classes=["pr-procedures"]),
            section("other-procedures", "Other procedures", *_others(self.site, council)),
            section(
                "audit",
                "Audit",
                para([link("The latest audit", f"councils/{council}/audit"), ", in published figures."]),
            ),
        ]


def _procedure(council: str, procedure: str, book: Rulebook) -> nodes.section:
    folder = f"councils/{council}/{procedure}"
    links: list[Content] = [[link(text, f"{folder}/{page}")] for page, text in _PAGES]
    return section(
        f"procedure-{procedure}",
        wording.procedure(procedure),
        para(f"{book.title}. Edition: {book.edition}."),
        bullets(links, "pr-pages"),
    )


def _others(site: Site, council: str) -> Iterator[nodes.Node]:
    """Every procedure, with its organisation and a link."""
    rows: list[list[Content]] = []
    for procedure in site.host.vocabulary.procedures_of(council):
        own = site.of(council).get(procedure)
        governing = site.governing(council, procedure)
        codes: list[Content] = []
        for place, code in enumerate(governing):
            codes += [", " if place else "", link(wording.book_title(code), clauses.page_of(code, site.host))]
        mine: Content = (
            link(own.title, f"councils/{council}/{procedure}/index")
            if own
            else "No procedure of the council's own here"
        )
        rules = writing.inline(codes) if codes else "None known here"
        rows.append([wording.procedure(procedure), mine, rules])
    yield para(
        "A complaint follows one procedure. Where the council has none of its own here, the national rules alone apply."
    )
    yield grid(
        "Every kind of complaint, and the rules it follows",
        ("Complaints about", "The council's procedure", "National rules"),
        rows,
    )


class Councils(writing.Directive):
    """Every council with the way to its due dates; the home page's first thing."""

    def run(self) -> list[nodes.Node]:
        site = self.site
        names = sorted(site.host.councils, key=site.authority)
        rows: list[list[Content]] = []
        for council in names:
            dates: list[Content] = []
            for place, procedure in enumerate(site.of(council)):
                title = wording.procedure(procedure)
                shown = f"Due dates: {title.lower()}"
                dates += [
                    nodes.inline("", " ") if place else "",
                    link(shown, f"councils/{council}/{procedure}/due-dates"),
                ]
            rows.append([link(site.authority(council), f"councils/{council}/index"), writing.inline(dates)])
        return [grid("Councils in this handbook", ("Council", "Work out a date"), rows, "pr-councils", "pr-plain")]


def setup(app: Sphinx) -> None:
    """Make the directives known."""
    app.add_directive("putright-council", Council)
    app.add_directive("putright-councils", Councils)
