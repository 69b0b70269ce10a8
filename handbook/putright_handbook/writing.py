"""Building blocks of pages: paragraphs, lists, tables that stack on a phone, links that are checked.

Tables are nodes of our own: each cell knows its column's heading, so that on a narrow screen a row can
become a block of labelled lines.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from docutils import nodes
from putright.api import clauses
from putright.rulebooks import Rulebook
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.writers.html5 import HTML5Translator

from putright_handbook import site

_LOGGER = logging.getLogger(__name__)

Content: TypeAlias = "str | nodes.Node | Sequence[Content]"


class Directive(SphinxDirective):
    """A directive that writes a part of a page from the site's rulebooks."""

    has_content = False

    @property
    def site(self) -> site.Site:
        return site.current(self.env.srcdir)

    @property
    def docname(self) -> str:
        return self.env.docname


# --- text -----------------------------------------------------------------------------------------


def inline(content: Content) -> list[nodes.Node]:
    """Text, a node or several, as nodes."""
    if isinstance(content, str):
        return [nodes.Text(content)] if content else []
    if isinstance(content, nodes.Node):
        return [content]
    return [node for part in content for node in inline(part)]


def para(content: Content, *classes: str) -> nodes.paragraph:
    """A paragraph."""
    return nodes.paragraph("", "", *inline(content), classes=list(classes))


def prose(text: str) -> list[nodes.Node]:
    """A rulebook's text: paragraphs, and lines that begin with a dash as a list."""
    made: list[nodes.Node] = []
    for block in text.strip().split("\n\n"):
        first, *items = re.split(r"(?:^|\n)\s*- ", block)
        if first.strip():
            made.append(para(" ".join(first.split())))
        if items:
            made.append(bullets(" ".join(item.split()) for item in items))
    return made


def strong(text: str) -> nodes.strong:
    """Words in bold."""
    return nodes.strong(text, text)


def tag(text: str, *classes: str) -> nodes.inline:
    """A label: a verdict, a strength."""
    return nodes.inline(text, text, classes=["pr-tag", *classes])


def bullets(items: Iterable[Content], *classes: str) -> nodes.bullet_list:
    """A list."""
    made = [nodes.list_item("", para(item)) for item in items]
    return nodes.bullet_list("", *made, classes=list(classes))


def numbered(items: Iterable[Content], *classes: str) -> nodes.enumerated_list:
    """A numbered list."""
    made = [nodes.list_item("", para(item)) for item in items]
    return nodes.enumerated_list("", *made, enumtype="arabic", classes=list(classes))


def section(anchor: str, heading: Content, *content: nodes.Node, classes: Sequence[str] = ()) -> nodes.section:
    """A part of a page under a heading, with the anchor that links give."""
    title = nodes.title("", "", *inline(heading))
    return nodes.section("", title, *content, ids=[anchor], names=[anchor], classes=list(classes))


def contents(docname: str, sections: Iterable[nodes.Node]) -> nodes.Node:
    """The way to the sections of a page, in a row."""
    found = [each for each in sections if isinstance(each, nodes.section)]
    return bullets((link(each[0].astext(), docname, each["ids"][0]) for each in found), "pr-row", "pr-contents")


def note(content: Content, title: str) -> nodes.admonition:
    """A highlighted note."""
    return nodes.admonition("", nodes.title(title, title), para(content), classes=["pr-note"])


class Fold(nodes.General, nodes.Element):
    """Content folded under a line, ``summary``, until the reader opens it."""


def fold(summary: str, *content: nodes.Node) -> Fold:
    """Something that shows one line until it is opened; printing opens it."""
    return Fold("", *content, summary=summary)


# --- links ----------------------------------------------------------------------------------------


def link(text: Content, docname: str, anchor: str = "") -> addnodes.pending_xref:
    """A link to a page of the site; one that leads nowhere is a warning."""
    shown = nodes.inline("", "", *inline(text))
    return addnodes.pending_xref(
        "", shown, refdomain="", reftype="putright", reftarget=f"{docname}#{anchor}", refexplicit=True, refwarn=True
    )


def clause(text: Content, rulebook: str, number: str, edition: str = "") -> addnodes.pending_xref:
    """A link to a clause of an edition; without one, of the latest edition that has such a clause."""
    made = link(text, clauses.page(rulebook), clauses.anchor(number))
    made["clause"] = (rulebook, number, edition)
    return made


def clause_links(book: Rulebook, cited: str) -> nodes.inline:
    """The clauses that a rule rests on, each a link."""
    made = nodes.inline()
    for place, name in enumerate(clauses.cited(cited, book)):
        if place:
            made += nodes.Text(", ")
        made += clause(name, book.rulebook, name, book.edition)
    return made


class Download(nodes.General, nodes.Inline, nodes.TextElement):
    """A link to a file next to the page, ``address``: to be kept and not shown."""


def download(text: str, address: str) -> Download:
    """A link to a file next to the page."""
    return Download("", text, address=address)


def outside(text: str, address: str) -> nodes.reference:
    """A link to another site: followed if clicked, never loaded."""
    return nodes.reference("", text, refuri=address)


def resolve(app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, shown: nodes.Element) -> Any:
    """The target of a link; None, which gives a warning, if there is no such page or clause."""
    if node.get("reftype") != "putright":
        return None
    docname, _, anchor = node["reftarget"].partition("#")
    if "clause" in node:
        docname = site.current(env.srcdir).page_with(*node["clause"])
    if docname not in env.found_docs and docname not in site.current(env.srcdir).made:
        return None
    return make_refnode(app.builder, node.get("refdoc", env.docname), docname, anchor, shown)


# --- tables ---------------------------------------------------------------------------------------


class Grid(nodes.General, nodes.Element):
    """A table; ``caption`` describes it and ``headings`` its columns; the first cell of a row names the row.

    ``rows`` has the cells of each row. They are not in the page's tree, which Sphinx walks through dozens of times, as
    half of all nodes are in tables. Their links are resolved where the table is written.
    """

    @property
    def cells(self) -> Iterator[Cell]:
        """Every cell, row by row."""
        for row in self["rows"]:
            yield from row


class Cell(nodes.Part, nodes.TextElement):
    """A cell; ``label`` is its column's heading, ``first`` whether it names the row."""


class Raw(nodes.General, nodes.Element):
    """HTML that is none of the search's business: drawings, data, long tables of dates."""


def grid(caption: str, headings: Sequence[str], rows: Iterable[Sequence[Content]], *classes: str) -> Grid:
    """A table; each row has a cell for each heading."""
    cells = [
        [
            Cell("", "", *inline(content), label=heading, first=place == 0)
            for place, (heading, content) in enumerate(zip(headings, row, strict=True))
        ]
        for row in rows
    ]
    return Grid("", caption=caption, headings=list(headings), classes=list(classes), rows=cells)


def raw(markup: str) -> Raw:
    """HTML as it is."""
    return Raw("", markup=markup)


#: Roles that elements have of themselves, and that are given all the same: on a phone rows and cells are blocks, and a
#: browser then no longer says that they are a table. These are all the roles of this kind.
TABLE_ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}


def _visit_grid(self: HTML5Translator, node: Grid) -> None:
    # A table with many columns scrolls, by keyboard too; in one with few, a row can become a block.
    many = "pr-figures" in node["classes"]
    classes = " ".join(["pr-table", *([] if many else ["pr-stack"]), *node["classes"]])
    heads = "".join(f'<th scope="col" role="columnheader">{html.escape(h)}</th>' for h in node["headings"])
    if many:
        label = html.escape(node["caption"], quote=True)
        self.body.append(f'<div class="pr-scroll" tabindex="0" role="region" aria-label="{label}">')
    self.body.append(
        f'<table class="{classes}" role="table"><caption>{html.escape(node["caption"])}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">'
    )

    for row in node["rows"]:
        self.body.append('<tr role="row">')
        for cell in row:
            resolve_all(self.builder.app, cell, self.builder.current_docname)
            cell.walkabout(self)
        self.body.append("</tr>\n")


def _depart_grid(self: HTML5Translator, node: Grid) -> None:
    self.body.append("</tbody></table>\n" + ("</div>" if "pr-figures" in node["classes"] else ""))


def resolve_all(app: Sphinx, part: nodes.Element, docname: str) -> None:
    """Put each link of a part of a page in its place; one that leads nowhere is a warning."""
    for waiting in list(part.findall(addnodes.pending_xref)):
        waiting["refdoc"] = docname
        shown = waiting[0]
        assert isinstance(shown, nodes.Element)
        found = resolve(app, app.env, waiting, shown)
        if found is None:
            _LOGGER.warning("putright reference target not found: %s", waiting["reftarget"], location=waiting["refdoc"])
        waiting.replace_self(found if found is not None else shown)


def _visit_cell(self: HTML5Translator, node: Cell) -> None:
    label = html.escape(node["label"], quote=True)
    if node["first"]:
        self.body.append(f'<th scope="row" role="rowheader" data-label="{label}"><div>')
    else:
        empty = "" if node.children else ' class="pr-empty"'
        self.body.append(f'<td role="cell" data-label="{label}"{empty}><div>')


def _depart_cell(self: HTML5Translator, node: Cell) -> None:
    self.body.append("</div></th>\n" if node["first"] else "</div></td>\n")


def _visit_fold(self: HTML5Translator, node: Fold) -> None:
    self.body.append(f'<details class="pr-more"><summary>{html.escape(node["summary"])}</summary>')


def _depart_fold(self: HTML5Translator, node: Fold) -> None:
    self.body.append("</details>")


def _visit_download(self: HTML5Translator, node: Download) -> None:
    self.body.append(f'<a class="pr-download" href="{html.escape(node["address"], quote=True)}" download>')


def _depart_download(self: HTML5Translator, node: Download) -> None:
    self.body.append("</a>")


def _visit_raw(self: HTML5Translator, node: Raw) -> None:
    self.body.append(node["markup"])
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Make the nodes known to the HTML builder."""
    app.add_node(Grid, html=(_visit_grid, _depart_grid))
    app.add_node(Cell, html=(_visit_cell, _depart_cell))
    app.add_node(Fold, html=(_visit_fold, _depart_fold))
    app.add_node(Download, html=(_visit_download, _depart_download))
    app.add_node(Raw, html=(_visit_raw, None))
    app.connect("missing-reference", resolve)
