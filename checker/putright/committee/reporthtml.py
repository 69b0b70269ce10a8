"""Write a paper as one accessible web page without scripts or requests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from putright.documents.charts import svg
from putright.documents.paper import Chart, Citation, Paper, spell
from putright.documents.style import TOKENS

if TYPE_CHECKING:
    from jinja2 import Environment

    from putright.committee.listing import Listing

TEMPLATES = Path(__file__).with_name("templates")


def page(
    paper: Paper,
    software: str,
    footer: str,
    listing: Listing | None = None,
) -> str:
    """The paper as HTML; a listing adds each finding and the clauses cited, with links to them.

    ``software`` and ``footer`` are at the end of the page.
    """
    from markupsafe import Markup

    tables = paper.tables()

    def links(cell: object) -> tuple[tuple[str, str], ...]:
        """A clause in parts, each with its anchor; empty if the page has no clauses."""
        return listing.links.get((cell.rulebook, str(cell)), ()) if listing and isinstance(cell, Citation) else ()

    def draw(chart: Chart) -> Markup:
        return Markup(svg(chart, tables[chart.table]))  # svg() escapes every text

    template = _environment().get_template("report.html.jinja")
    return template.render(
        paper=paper,
        listing=listing,
        draw=draw,
        links=links,
        style=Markup(TOKENS.read_text("utf-8") + (TEMPLATES / "report.css").read_text("utf-8")),
        software=software,
        footer=footer,
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    made.filters |= {"spell": spell, "kind": lambda block: type(block).__name__}
    return made
