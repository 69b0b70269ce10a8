"""The generated pages of a site, each with its owner, source and review.

A page has a title and the kind of what it holds (``contents``); it is made when the site is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from putright import __version__
from putright.api import clauses
from putright.rulebooks import Rulebook
from putright.text.english import written_date

from putright_handbook import wording
from putright_handbook.page import OWNER, Page
from putright_handbook.procedures import Procedure

if TYPE_CHECKING:
    from putright_handbook.site import Site


@dataclass(frozen=True)
class QuestionPage:
    """A page that answers a question about a procedure: its name, what it is called, and the kind of its contents."""

    name: str
    title: str
    kind: str
    about: str
    argument: str = ""


_GLANCE = QuestionPage("index", "At a glance", "glance", "Every step and its time")
_QUESTIONS = (
    QuestionPage("due-dates", "When is it due?", "due-dates", "Every date that follows from an event"),
    QuestionPage("not-complaints", "Is this a complaint?", "exclusions", "What is a complaint, and what is not"),
    QuestionPage("letters", "What must my letter say?", "letters", "What each letter has to hold"),
)
_CARD = QuestionPage("card", "Quick reference card", "card", "Every step and letter on one side of A4")
_SOURCES = (
    QuestionPage("procedure", "The procedure", "clauses", "Every clause"),
    QuestionPage("code", "Self-assessment against the Code", "code", "The self-assessment"),
)


def pages_of(procedure: Procedure) -> Iterator[QuestionPage]:
    """The pages of a procedure, in the order of its menu."""
    yield from _QUESTIONS
    for stage in procedure.stages:
        title, about = f"Stage {stage}: who, when, more time", f"Who does stage {stage}, when, and what if it is late"
        yield QuestionPage(f"stage-{stage}", title, "stage", about, str(stage))
    yield _CARD
    yield _GLANCE
    if procedure.own:
        yield from _SOURCES


def pages(site: Site) -> Iterator[Page]:
    """Every made page."""
    for council in site.host.councils:
        yield from _council_pages(site, council)
    for alone in site.national_alone:
        yield from _procedure_pages(site, alone)
    for editions in site.host.editions.values():
        for book in editions:
            if book.is_national or book is not editions[-1]:
                yield _clauses_page(site, book)
    for name, book in site.books.items():
        yield _page(
            book,
            f"rules/{name}",
            f"Rules of {wording.book_title(book)}",
            ("rules", name),
            short=name,
            description="Every rule, its clause and what it asks",
        )
    for procedure in site.compared:
        name = wording.procedure(procedure)
        for stage in (None, *site.stages_compared(procedure)):
            yield _own(
                f"compare/{procedure}/stage-{stage}" if stage else f"compare/{procedure}",
                f"Councils compared: {name.lower()}" + (f", stage {stage}" if stage else ""),
                ("compared", procedure, *([str(stage)] if stage else [])),
                short=f"Stage {stage}" if stage else name,
                description="Step by step, side by side",
            )


def _council_pages(site: Site, council: str) -> Iterator[Page]:
    books = site.of(council)
    first = next(iter(books.values()))
    name = site.authority(council)
    yield _page(
        first,
        f"councils/{council}/index",
        name,
        ("council", council),
        short=name,
        description=f"Complaints to {name}: procedures, dates, letters",
    )
    for book in books.values():
        yield from _procedure_pages(site, site.procedure(book.rulebook))
    yield _audit_page(site, council, first)
    yield _page(
        first,
        f"councils/{council}/changes",
        f"What changed and when: {name}",
        ("editions", council),
        short="What changed and when",
        description=f"Editions of the procedures of {name}, and what each changed for staff",
    )


def _audit_page(site: Site, council: str, first: Rulebook) -> Page:
    """The published figures: they have days of their own, and are not reviewed when the procedure is."""
    name, figures = site.authority(council), site.figures.get(council)
    return Page(
        f"councils/{council}/audit",
        f"Latest audit: {name}",
        ("audit", council),
        first.owner,
        "Published figures" if figures else "No figures have been published yet",
        f"As at {written_date(figures.as_at)}" if figures else "None",
        None,
        None,
        "Latest audit",
        f"Published figures of {name}",
        council=council,
        ends=first.ends,
        superseded_by=first.superseded_by,
        audited=figures.as_at if figures else None,
    )


def _procedure_pages(site: Site, of: Procedure) -> Iterator[Page]:
    """The pages of a procedure: one for each question, and the due dates by month, four months a page."""
    book = of.book
    for page in pages_of(of):
        # A rulebook's page of clauses is that of its latest edition; the pages of other editions are below it.
        shown = site.host.editions[book.rulebook][-1] if page.kind == "clauses" else book
        title = page.title if site.state(shown) != "to come" else f"{page.title} {_from(shown)}"
        yield _page(
            shown,
            f"{of.folder}/{page.name}",
            _titled(title, of.title),
            (page.kind, book.rulebook, *([page.argument] if page.argument else [])),
            short=title,
            description=f"{page.about}: {of.title}",
            procedure=of.name,
        )
    for span in site.spans:
        yield _page(
            book,
            f"{of.folder}/due-dates/{span.name}",
            f"Due dates, {span.title}: {of.title}",
            ("months", book.rulebook, span.name),
            short=span.title,
            description=f"Due dates by month, {span.title}: {of.title}",
            procedure=of.name,
        )


def _clauses_page(site: Site, book: Rulebook) -> Page:
    """A Code, or an edition that is not the latest one."""
    several = len(site.host.editions[book.rulebook]) > 1
    title = wording.book_title(book) if book.is_national else f"The procedure: {_of(book)}"
    return _page(
        book,
        clauses.page_of(book, site.host),
        f"{title} ({book.edition})" if several else title,
        ("clauses", book.rulebook, book.edition),
        short=book.title if book.is_national else f"Edition {book.edition}",
        description=_about_code(book) if book.is_national else f"Every clause of {_of(book)}, {book.edition}",
        procedure=book.procedure,
    )


def _page(
    book: Rulebook,
    docname: str,
    title: str,
    content: tuple[str, ...],
    *,
    short: str,
    description: str,
    procedure: str | None = None,
) -> Page:
    return Page(
        docname=docname,
        title=title,
        content=content,
        owner=book.owner,
        source=book.source.document,
        edition=book.edition,
        last_reviewed=book.last_reviewed,
        review_due=book.review_due,
        short=short,
        description=description,
        council=book.council if docname.startswith("councils/") else None,
        procedure=procedure,
        rulebook=book.rulebook,
        ends=book.ends,
        superseded_by=book.superseded_by,
    )


def _own(docname: str, title: str, content: tuple[str, ...], *, short: str, description: str) -> Page:
    """A page made from several rulebooks: the software owns it, and each rulebook shown has its own review."""
    return Page(
        docname,
        title,
        content,
        OWNER,
        "The rulebooks named on it",
        f"putright {__version__}",
        None,
        None,
        short,
        description,
    )


def _titled(title: str, whose: str) -> str:
    """A page's title with whose procedure it is about; a question mark needs no colon."""
    return f"{title}{'' if title.endswith('?') else ':'} {whose}"


def _from(book: Rulebook) -> str:
    """When an edition that is to come begins."""
    return f"from {written_date(book.in_force.start)}" if book.in_force.start else f"in edition {book.edition}"


def _of(book: Rulebook) -> str:
    assert book.procedure is not None
    return f"{book.authority}, {wording.procedure(book.procedure).lower()}"


def _about_code(book: Rulebook) -> str:
    return f"What {book.title} asks, paragraph by paragraph, and on what authority"
