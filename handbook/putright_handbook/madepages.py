"""Pages made from rulebooks: written straight from what they hold, since they have no text for Sphinx to read.

A page is made again only if something that it shows has changed since it was.
"""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from putright_handbook import contents, glossary, menus, search, site, writing
from putright_handbook.page import Page

#: Where the folder of what the next build can use again keeps, by page, what it was made from and its sections.
KEPT = "made-pages.json"


def _begin(app: Sphinx, env: BuildEnvironment, *_: object) -> None:
    """Make what is known of each page known to those who make menus and lists of pages."""
    found = site.current(app.srcdir)
    for gone in set(env.metadata) - set(found.made) - env.found_docs:
        del env.metadata[gone]
    env.metadata.update({name: page.meta for name, page in found.made.items()})


def _read(app: Sphinx) -> None:
    """Have the builder keep what the last build made; it stays so if nothing has changed."""
    path = Path(app.doctreedir) / KEPT
    setattr(app.builder, search.MADE, json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {})


def _make(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Each page that has to be made: its name, what its template is given, and the template."""
    found = site.current(app.srcdir)
    builder: Any = app.builder
    before, now = getattr(builder, search.MADE), {}
    menu = repr(menus.shared(app.env))
    for name, page in found.made.items():
        told = before.get(name)
        digest = _digest(found, page, menu)
        if told is None or told["digest"] != digest or not Path(builder.get_output_path(name)).is_file():
            whole = _whole(app, page)
            told = {"digest": digest, "sections": search.sections_of(name, whole), "files": _write_files(app, page)}
            yield name, _context(app, page, whole), "page.html"
        now[name] = told
    setattr(builder, search.MADE, now)


def _digest(found: site.Site, page: Page, menu: str) -> str:
    return hashlib.sha256(repr((found.digest_of(page.docname), page, menu)).encode()).hexdigest()


def _write_files(app: Sphinx, page: Page) -> list[str]:
    """Write the file that goes next to a page, if its kind has one: where it is in the site."""
    if page.content[0] not in contents.FILES:
        return []
    name, made = contents.FILES[page.content[0]](site.current(app.srcdir), page)
    place = f"{page.docname.rpartition('/')[0]}/{name}"
    site.write_changed(Path(app.outdir) / place, made)
    return [place]


def files(app: Sphinx) -> set[str]:
    """Where each page, and each file next to one, is in the site."""
    made = getattr(app.builder, search.MADE)
    return {f"{name}.html" for name in made} | {place for told in made.values() for place in told["files"]}


# --- a page ---------------------------------------------------------------------------------------


def _whole(app: Sphinx, page: Page) -> nodes.section:
    """The page's title and parts."""
    kind, *arguments = page.content
    parts = contents.CONTENTS[kind](site.current(app.srcdir), page.docname, *arguments)
    whole = nodes.section("", nodes.title("", page.title), *parts, ids=[nodes.make_id(page.title)])
    glossary.add_links(page.docname, whole)
    return whole


def _context(app: Sphinx, page: Page, whole: nodes.section) -> dict[str, Any]:
    """What the template of a page is given, as Sphinx gives it for the pages that it reads."""
    builder: Any = app.builder
    builder.current_docname = page.docname
    builder.secnumbers = builder.fignumbers = {}
    writing.resolve_all(app, whole, page.docname)
    return {
        "parents": [],
        "prev": None,
        "next": None,
        "title": html.escape(page.title, quote=False),
        "meta": page.meta,
        "body": _rendered(app, whole),
        "metatags": "",
        "rellinks": [],
        "sourcename": "",
        "toc": _rendered(app, nodes.bullet_list("", _line(whole, ""))),
        "display_toc": any(_inside(whole)),
        "page_source_suffix": "",
    }


def _rendered(app: Sphinx, part: nodes.Element) -> str:
    builder: Any = app.builder
    document = new_document("", builder.docsettings)
    document += part
    visitor: Any = builder.create_translator(document, builder)
    document.walkabout(visitor)
    return "".join(visitor.fragment)


def _line(section: nodes.section, anchor: str) -> nodes.list_item:
    """A line of the page's table of contents: a section's heading as a link, and those of the sections inside it."""
    heading = [node.deepcopy() for node in section[0].children]
    link = nodes.reference("", "", *heading, internal=True, refuri=f"#{anchor}")
    line = nodes.list_item("", addnodes.compact_paragraph("", "", link))
    if lines := [_line(each, each["ids"][0]) for each in _inside(section)]:
        line += nodes.bullet_list("", *lines)
    return line


def _inside(section: nodes.section) -> Iterator[nodes.section]:
    return (child for child in section.children if isinstance(child, nodes.section))


def _finish(app: Sphinx, error: Exception | None) -> None:
    """Keep what the next build can use again."""
    if not error:
        text = json.dumps(getattr(app.builder, search.MADE), ensure_ascii=False)
        (Path(app.doctreedir) / KEPT).write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Have Sphinx write these pages with those that it reads."""
    app.connect("builder-inited", _read)
    app.connect("env-before-read-docs", _begin)
    app.connect("html-collect-pages", _make)
    app.connect("build-finished", _finish)
