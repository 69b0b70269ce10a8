"""Where a clause is in the handbook: one rule for its links, whoever makes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from putright.plugins import Host
from putright.rulebooks import Rulebook, name_of

if TYPE_CHECKING:
    import polars as pl


def page(rulebook: str, edition: str = "") -> str:
    """The handbook's page with a rulebook's clauses, from its root, without an ending.

    ``coventry.corporate`` is in ``councils/coventry/corporate/procedure``, ``lgsco`` in ``codes/lgsco``: the
    latest edition. An earlier one, named, is below it, as in ``codes/lgsco/october-2020``.
    """
    name = name_of(rulebook)
    latest = f"councils/{name.council}/{name.procedure}/procedure" if name.council else f"codes/{rulebook}"
    return f"{latest}/{_hyphened(edition)}" if edition else latest


def page_of(book: Rulebook, host: Host) -> str:
    """The page of just this edition."""
    latest = host.editions[book.rulebook][-1]
    return page(book.rulebook, "" if book.edition == latest.edition else book.edition)


def anchor(clause: str) -> str:
    """The anchor of a clause on its page: ``13.6`` is ``clause-13-6``, ``1.4 (second)`` is ``clause-1-4-second``."""
    return f"clause-{_hyphened(clause)}"


def _hyphened(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


def cited(clause: str, book: Rulebook) -> list[str]:
    """The clauses of a book that a finding's ``clause`` names, in that order (``6.9.2, 6.13``, for example)."""
    known = {own.id for own in book.clauses}
    names = [name for part in clause.split(", ") for name in ([part] if part in known else part.split("/"))]
    return [name for name in dict.fromkeys(names) if name in known]


def link(book: Rulebook, clause: str, host: Host, handbook: str = "") -> str:
    """The way to a clause: ``councils/coventry/corporate/procedure.html#clause-13-6``.

    From the handbook's root, or whole where ``handbook`` gives its address or its folder.
    """
    root = handbook.removesuffix("index.html")
    root += "/" if root and not root.endswith("/") else ""
    return f"{root}{page_of(book, host)}.html#{anchor(clause)}"


def with_links(findings: pl.DataFrame, host: Host, handbook: str) -> pl.DataFrame:
    """Findings with a column ``link`` that leads to the first clause each cites, in the edition that judged it."""
    import polars as pl

    keys = ("rulebook", "edition", "clause")
    rows = {
        (book.rulebook, book.edition, ruling.clause): link(book, cited(ruling.clause, book)[0], host, handbook)
        for editions in host.editions.values()
        for book in editions
        for ruling in book.rulings().values()
    }
    few = pl.Enum(list(dict.fromkeys(rows.values()))) if findings.schema["clause"] == pl.Enum else pl.String()
    schema = {name: findings.schema[name] for name in keys} | {"link": few}
    links = pl.DataFrame([(*key, way) for key, way in rows.items()], schema=schema, orient="row")
    return findings.join(links, keys, "left", maintain_order="left")
