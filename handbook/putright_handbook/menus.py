"""Beside a page's text: its menu, the way back, who answers for it and when it is next reviewed.

Menus are made here and not from a table of contents: a page's menu is as long for 300 councils as for one.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from putright import __version__
from putright.api import clauses
from putright.rulebooks import doubts
from putright.text.english import written_date
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from putright_handbook import contacts, documentation, procedures, site, sitepages, wording
from putright_handbook.page import OWNER
from putright_handbook.procedures import Procedure

#: The home page.
HOME = "index"
#: Councils that a menu for everyone names; with more, it names the home page that lists them all.
_NAMED = 8


@dataclass(frozen=True)
class Entry:
    """A line of a menu."""

    title: str
    docname: str
    children: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Facts:
    """The facts of a page: ISO dates, None if not known."""

    page: str
    title: str
    owner: str
    source: str
    edition: str
    last_reviewed: str | None
    review_due: str | None
    council: str | None
    ends: str | None = None
    """The last day on which its source can apply, if that is known."""
    superseded_by: str | None = None


@dataclass(frozen=True)
class Warned:
    """Something that a reader has to know of a whole document, and the page that has the whole text."""

    text: str
    docname: str


def facts(docname: str, title: str, meta: dict[str, Any]) -> Facts:
    """The facts of a page from its front matter."""

    def known(name: str) -> str | None:
        value = meta.get(name)
        return str(value) if value else None

    return Facts(
        page=docname,
        title=title,
        owner=known("owner") or OWNER,
        source=known("source") or "Written for this handbook",
        edition=known("edition") or f"putright {__version__}",
        last_reviewed=known("last_reviewed"),
        review_due=known("review_due"),
        council=known("council"),
        ends=known("ends"),
        superseded_by=known("superseded_by"),
    )


def warnings(found: site.Site, meta: dict[str, Any]) -> list[Warned]:
    """Doubts about the document that a page is made from, and which of the council's other documents has ended."""
    council, procedure, rulebook = (meta.get(name) for name in ("council", "procedure", "rulebook"))
    own = found.edition(str(rulebook), str(meta["edition"])) if rulebook else None
    books = [own] if own and (procedure or not council) else []
    others = found.of(str(council)).values() if council else ()
    books += [book for book in others if book.rulebook not in {each.rulebook for each in books}]
    made = []
    for book in books:
        said = [doubt.short for doubt in doubts.of_book(book) if book is own or not procedure or doubt.ending]
        if said:
            name = "" if book is own and len(books) == 1 else f"{wording.book_title(book)}: "
            made.append(Warned(name + " ".join(said), clauses.page_of(book, found.host)))
    return made


def menu(found: site.Site, docname: str, meta: dict[str, Any], shared: list[Entry]) -> list[Entry]:
    """The menu of a page: its council's pages, the page's own procedure spelt out, and the parts shared by all."""
    council = meta.get("council")
    entries = []
    if council:
        own = []
        for procedure in found.of(council):
            folder = f"councils/{council}/{procedure}"
            pages = _pages(found, found.procedure(f"{council}.{procedure}"))
            here = meta.get("procedure") == procedure or len(found.of(council)) == 1
            # A procedure that is not the page's own is one line: the way to its due dates.
            own.append(Entry(wording.procedure(procedure), f"{folder}/index", pages if here else ()))
        own.append(Entry("Latest audit", f"councils/{council}/audit"))
        own.append(Entry("What changed and when", f"councils/{council}/changes"))
        entries.append(Entry(found.authority(council), f"councils/{council}/index", tuple(own)))
    elif meta.get("procedure"):
        alone = found.procedure(str(meta["rulebook"]))
        entries.append(Entry(alone.title, f"{alone.folder}/index", _pages(found, alone)))
    elif len(found.host.councils) <= _NAMED:
        names = sorted(found.host.councils, key=found.authority)
        lines = tuple(Entry(found.authority(name), f"councils/{name}/index") for name in names)
        entries.append(Entry("Councils", HOME, lines))
    return [*entries, *shared]


def _pages(found: site.Site, procedure: Procedure) -> tuple[Entry, ...]:
    """The pages of a procedure, as its menu has them."""
    return tuple(Entry(page.title, found.place(procedure, page)) for page in sitepages.pages_of(procedure))


def _shared(app: Sphinx) -> list[Entry]:
    """What is for everyone, and what is for analysts and developers: the pages in the order of their front matter."""
    found: dict[str, list[tuple[int, Entry]]] = {"everyone": [], "analysts": []}
    for docname, meta in sorted(app.env.metadata.items()):  # not as they were read: a page read again comes last
        if meta.get("menu"):
            entry = Entry(str(meta.get("short") or _title(app, docname)), docname)
            found[str(meta.get("audience") or "everyone")].append((int(meta["menu"]), entry))
    everyone, analysts = (
        tuple(entry for _, entry in sorted(pages, key=lambda pair: pair[0])) for pages in found.values()
    )
    return [Entry("For everyone", HOME, everyone), Entry(documentation.TITLE, documentation.FOLDER, analysts)]


def _title(app: Sphinx, docname: str) -> str:
    title = app.env.titles.get(docname)
    return title.astext() if title is not None else str(app.env.metadata.get(docname, {}).get("title") or docname)


def _context(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document) -> None:
    found = site.current(app.srcdir)
    meta = dict(app.env.metadata.get(pagename, {}))
    context["pr_menu"] = menu(found, pagename, meta, shared(app.env))
    context["pr_crumbs"] = _crumbs(found, pagename, meta)
    context["pr_council"] = meta.get("council")
    context["pr_facts"] = None
    context["pr_audited"] = meta.get("audited") and written_date(dt.date.fromisoformat(str(meta["audited"])))
    context["pr_warnings"] = warnings(found, meta)
    context["pr_summary"] = bool(meta.get("rulebook"))
    context["pr_version"] = __version__
    context["pr_built"] = written_date(found.as_at)
    if pagename in app.env.found_docs or pagename in found.made:
        told = facts(pagename, _title(app, pagename), meta)
        due = dt.date.fromisoformat(told.review_due) if told.review_due else None
        context["pr_facts"] = told
        context["pr_wrong"] = contacts.link(found.contacts, told.council or "", told.title, pagename)
        context["pr_due"] = due and written_date(due)
        context["pr_reviewed"] = told.last_reviewed and written_date(dt.date.fromisoformat(told.last_reviewed))
        context["pr_overdue"] = bool(due and due < found.as_at)
    description = str(meta.get("description") or "")
    if description:
        text = description.replace("&", "&amp;").replace('"', "&quot;")
        context["metatags"] = context.get("metatags", "") + f'\n<meta name="description" content="{text}"/>'


def _prepare(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The common menu, built once for all pages; if it changes, all pages are written again."""
    before = getattr(env, _SHARED, None)
    setattr(env, _SHARED, _shared(app))
    return [] if before == getattr(env, _SHARED) else sorted(env.found_docs)


def shared(env: BuildEnvironment) -> list[Entry]:
    """The part of every menu that is the same on all pages."""
    found: list[Entry] = getattr(env, _SHARED)
    return found


#: Where Sphinx's environment keeps it.
_SHARED = "putright_shared_menu"


def _crumbs(found: site.Site, docname: str, meta: dict[str, Any]) -> list[Entry]:
    """The way from the home page to this one, both left out."""
    council, procedure = meta.get("council"), meta.get("procedure")
    crumbs = []
    if council and docname != f"councils/{council}/index":
        crumbs.append(Entry(found.authority(council), f"councils/{council}/index"))
        if procedure and docname != f"councils/{council}/{procedure}/index":
            crumbs.append(Entry(wording.procedure(procedure), f"councils/{council}/{procedure}/index"))
    elif procedure and docname != f"{procedures.NATIONAL_FOLDER}/{procedure}/index":
        alone = found.procedure(str(meta["rulebook"]))
        crumbs.append(Entry(alone.title, f"{alone.folder}/index"))
    elif docname.partition("/")[0] in _TOPS and "/" in docname:
        top = docname.partition("/")[0]
        crumbs.append(Entry(_TOPS[top][0], _TOPS[top][1]))
    if "/due-dates/" in docname:
        crumbs.append(Entry("When is it due?", docname.rpartition("/")[0]))
    return crumbs


_TOPS = {
    "codes": ("Codes and Regulations", "codes"),
    "rules": ("Every rule", "rules"),
    "compare": ("Councils compared", "compare"),
    "notebooks": ("Training", "training"),
    documentation.FOLDER: (documentation.TITLE, documentation.FOLDER),
}


def _finish(app: Sphinx, error: Exception | None) -> None:
    """``pages.json``: every page with its owner, source, edition and review."""
    if error or app.builder.format != "html":
        return
    found = site.current(app.srcdir)
    pages = [
        asdict(facts(docname, _title(app, docname), dict(app.env.metadata.get(docname, {}))))
        for docname in sorted({*app.env.found_docs, *found.made})
    ]
    built = {"software": f"putright {__version__}", "built": found.as_at.isoformat(), "pages": pages}
    text = json.dumps(built, indent=1, ensure_ascii=False)
    (Path(app.outdir) / "pages.json").write_text(text + "\n", encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Give every page its menu and facts, and the site its ``pages.json``."""
    app.connect("env-updated", _prepare)
    app.connect("html-page-context", _context)
    app.connect("build-finished", _finish)
