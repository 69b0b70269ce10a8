"""The search: an index of every section, made while the pages are built and looked through by a script of the page.

It needs no server, and works from any folder. Results of the reader's own council come first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from putright_handbook import site, writing

#: What people also say, and the words that the pages have for it. A phrase comes before its words.
SYNONYMS = {
    "holding letter": "extension notice",
    "holding reply": "extension notice",
    "more time": "extension",
    "compensation": "remedy",
    "redress": "remedy",
    "escalate": "stage 2",
    "escalation": "stage 2",
    "review": "stage 2",
    "answer": "response",
    "reply": "response",
    "deadline": "due",
    "reject": "refusal",
    "rejection": "refusal",
    "decline": "refusal",
    "self-assessment": "code",
}
#: How many letters of a section's text are looked through: of pages for staff, and of others.
_STAFF, _OTHER = 600, 200
_STAFF_FOLDERS = ("councils", "national", "codes")
_INDEX = "search-index.js"
#: Where Sphinx's environment keeps, by page, the sections of it.
_SECTIONS = "putright_sections"
#: Where the builder has, by page made from rulebooks, what is kept of it (``madepages``).
MADE = "putright_made"

Section = tuple[str, str, str, str]
"""Heading, anchor, clause number and text."""


def sections_of(docname: str, page: nodes.Element) -> list[Section]:
    """Every section of a page; the first is the page itself, with no anchor."""
    staff = docname.partition("/")[0] in _STAFF_FOLDERS or "/" not in docname
    return list(_sections(page, _STAFF if staff else _OTHER))


def _sections(page: nodes.Element, longest: int) -> Iterator[Section]:
    for place, section in enumerate(page.findall(nodes.section)):
        title = section.next_node(nodes.title)
        heading = " ".join(title.astext().split()) if title is not None else ""
        number = next(
            (each.astext() for each in section[0].findall(nodes.inline) if "pr-number" in each["classes"]), ""
        )
        text = " ".join("".join(_texts(section)).split())
        yield heading, str(section["ids"][0]) if place else "", number, text[:longest]


def _texts(node: nodes.Element) -> Iterator[str]:
    """The words of a section, without those of its heading and of sections inside it."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child.astext()
        elif isinstance(child, writing.Grid):
            for cell in child.cells:
                yield from _texts(cell)
                yield " "
        elif isinstance(child, nodes.Element) and not isinstance(child, _APART):
            yield from _texts(child)
            if isinstance(child, nodes.TextElement) and not isinstance(child, nodes.Inline):
                yield " "


_APART = (nodes.section, nodes.title, addnodes.index, nodes.raw, nodes.literal_block, nodes.comment, writing.Raw)


def _begin(app: Sphinx) -> None:
    """Sphinx's own index would be larger, and cannot put a council first."""
    if hasattr(app.builder, "search"):
        app.builder.search = False


def _read(app: Sphinx, document: nodes.document) -> None:
    _kept(app.env)[app.env.docname] = sections_of(app.env.docname, document)


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _kept(env).pop(docname, None)


def _kept(env: BuildEnvironment) -> dict[str, list[Section]]:
    if not hasattr(env, _SECTIONS):
        setattr(env, _SECTIONS, {})
    kept: dict[str, list[Section]] = getattr(env, _SECTIONS)
    return kept


def index(found: site.Site, env: BuildEnvironment, made: dict[str, list[Section]]) -> dict[str, Any]:
    """The index: ``councils`` by name, ``synonyms``, and ``pages``: address, council, weight and sections.

    ``made`` has the sections of the pages made from rulebooks. They are in the order of menus, which decides between
    sections that fit as well.
    """
    order = [*sorted((name, kept) for name, kept in _kept(env).items() if name in env.found_docs), *made.items()]
    pages = [
        [docname, str(env.metadata.get(docname, {}).get("council") or ""), _weight(docname), kept]
        for docname, kept in order
        if "/due-dates/" not in docname and docname != "search"
    ]
    councils = {name: found.authority(name) for name in sorted(found.host.councils, key=found.authority)}
    return {"councils": councils, "synonyms": SYNONYMS, "pages": pages}


def _weight(docname: str) -> int:
    """What a page has before others: the answers to questions come before the source, and that before lists."""
    name = docname.rpartition("/")[2]
    if docname.startswith(("councils/", "national/")) and name not in ("procedure", "code", "audit"):
        return 2
    return 0 if docname.startswith(("councils/", "codes/")) and name != "code" else -1


def _finish(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    made = {name: told["sections"] for name, told in getattr(app.builder, MADE).items()}
    found = index(site.current(app.srcdir), app.env, made)
    data = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    # A script and no JSON: a page opened from a folder may not fetch anything.
    (Path(app.outdir) / "_static" / _INDEX).write_text(f"window.putrightIndex = {data};\n", encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Make the index while pages are read, and write it with them."""
    app.connect("builder-inited", _begin)
    app.connect("doctree-read", _read)
    app.connect("env-purge-doc", _purge)
    app.connect("build-finished", _finish)
