"""A council's own first page: its procedures, its latest audit, what changed."""

from __future__ import annotations

from docutils import nodes
from putright.api import clauses

from putright_handbook import daysoff, sitepages, wording
from putright_handbook.page import Page
from putright_handbook.procedures import Procedure
from putright_handbook.site import Site
from putright_handbook.writing import Content, bullets, link, para, section


def content(site: Site, docname: str, council: str) -> list[nodes.Node]:
    """A council's procedures with the questions that each answers, and its latest audit."""
    latest: Content = [link("The latest audit", f"councils/{council}/audit"), ", in published figures"]
    changed: Content = [link("What changed and when", f"councils/{council}/changes"), ", edition by edition"]
    return [procedures(site, council), section("audit", "Audit and changes", bullets([latest, changed]))]


def procedures(site: Site, council: str) -> nodes.container:
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


def file(site: Site, page: Page) -> tuple[str, bytes]:
    """The council's days off as a calendar file: its name next to the page, and what is in it."""
    council = page.content[1]
    made = daysoff.calendar(site.host, council, site.authority(council), site.as_at)
    return daysoff.FILE, made.encode("utf-8")
