"""Write a paper as one accessible web page that asks nothing of any host.

The officer's report has a script that filters the findings. Without it, every finding is there all the same.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from putright.committee.casefilters import OF_ROWS, OF_RULES, Filters, rule_anchor
from putright.documents.charts import svg
from putright.documents.paper import Chart, Citation, Paper, Table, spell
from putright.documents.style import TOKENS

if TYPE_CHECKING:
    import polars as pl
    from jinja2 import Environment

    from putright.committee.listing import Listing

TEMPLATES = Path(__file__).with_name("templates")


def page(
    paper: Paper,
    software: str,
    footer: str,
    listing: Listing | None = None,
    cases: pl.DataFrame | None = None,
) -> str:
    """The paper as HTML; a listing adds each finding and the clauses cited, with links to them.

    ``software`` and ``footer`` are at the end of the page. ``cases`` has what findings are chosen by, as
    ``CollectedFindings.cases``.
    """
    from markupsafe import Markup

    tables = paper.tables()

    def links(cell: object) -> tuple[tuple[str, str], ...]:
        """A clause in parts, each with its anchor; empty if the page has no clauses."""
        return listing.links.get((cell.rulebook, str(cell)), ()) if listing and isinstance(cell, Citation) else ()

    def draw(chart: Chart) -> Markup:
        return Markup(svg(chart, tables[chart.table]))  # svg() escapes every text

    filters = Filters(listing, cases) if listing else None

    def figure(table: Table, place: int, row: tuple[object, ...]) -> tuple[str, str] | None:
        """The findings that a figure counts: their rule's anchor and how to choose them."""
        return filters.figure(table, place, row) if filters else None

    script = (TEMPLATES / "report.js").read_text("utf-8") if filters and filters.labels else ""
    digest = b64encode(sha256(script.encode()).digest()).decode()
    template = _environment().get_template("report.html.jinja")
    return template.render(
        paper=paper,
        listing=listing,
        draw=draw,
        links=links,
        filters=filters,
        figure=figure,
        rule_anchor=rule_anchor,
        of_rules=OF_RULES,
        of_rows=OF_ROWS,
        script=Markup(script),
        allowed=Markup(f"'sha256-{digest}'" if script else "'none'"),
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
