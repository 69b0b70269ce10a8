"""Shared by the commands that make papers: audit a file for an order, and report on the result."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from putright.commands import screen

if TYPE_CHECKING:
    import polars as pl

    from putright.auditing.audits import Audit
    from putright.auditing.casefile import CaseFile
    from putright.casework.waivers import Waivers
    from putright.committee.pack import Gathering, Order
    from putright.disclosure.figuresfile import PublishedFigures
    from putright.plugins import Host

#: The description of each ``--published`` file in a receipt.
_PUBLISHED = "a file of published figures"


def as_inputs(published: dict[Path, PublishedFigures]) -> dict[Path, str]:
    """The files of figures published before, each with what it is."""
    return dict.fromkeys(published, _PUBLISHED)


def gathered(
    cases: CaseFile,
    order: Order,
    *,
    include_not_applicable: bool = False,
    handbook: str = "",
    waivers: Waivers | None = None,
) -> Gathering:
    """The file audited for what was ordered."""
    import polars as pl

    from putright.committee.pack import Gathering

    def table(found: Audit) -> pl.DataFrame:
        if order.publish and waivers is None:
            return pl.DataFrame()
        return linked(found.findings, cases.host, handbook)

    gathering = Gathering(order, cases.host)
    messages = not order.publish
    with screen.Progress() as progress:
        for records, found, made in cases.audits(
            order.as_at, gathering.period, include_not_applicable=include_not_applicable, messages=messages, make=table
        ):
            if waivers:
                made = waivers.beside(made, found.cases["reference"], records.rejected["reference"])
            gathering.add(found, records, made)
            progress.show(gathering.tally.counts["rows_read"])
    return gathering


def linked(findings: pl.DataFrame, host: Host, handbook: str) -> pl.DataFrame:
    """Findings with links to their clauses, if the handbook's address is known."""
    if not handbook:
        return findings
    from putright.policy import anchors

    return anchors.beside(findings, host, handbook)


def at_risk(order: Order, gathering: Gathering, exposed: int) -> Iterator[str]:
    """Sentences on the risk from figures published before."""
    from putright.disclosure import earlier

    if order.threshold < 2:
        return
    for path, figures in earlier.other_publications(order.folder, order.council, order.earlier):
        yield earlier.risk(path, figures)
    for each in gathering.earlier:
        if each.changed:
            yield (
                f"{each.path}: the records now give {each.changed:,} of its {each.shown:,} figures otherwise. What "
                "these tell of the cases behind them is not withheld here."
            )
    if exposed:
        counts = "a small count" if exposed == 1 else f"{exposed:,} small counts"
        yield (
            f"What was published before may give {counts} away to somebody who takes figures from one another. "
            "Whatever touches them is withheld here; nothing published now can do more."
        )
