"""The counts behind published figures, how small ones are withheld, and figures that were published."""

from __future__ import annotations

from collections.abc import Iterator

from putright.api.audits import Audit
from putright.committee import statements
from putright.disclosure.figuresfile import (
    FiguresTable,
    Hidden,
    PublishedFigures,
    Ratio,
    Unreadable,
    Value,
    read_figures,
)
from putright.disclosure.suppression import THRESHOLD, Key, Relation, Treatment, solve, suppress
from putright.statistics.counts import Counts
from putright.statistics.division_tables import service_table
from putright.statistics.measures import definitions
from putright.statistics.tables import rule_tables

__all__ = [
    "THRESHOLD",
    "Counts",
    "FiguresTable",
    "Hidden",
    "Key",
    "PublishedFigures",
    "Ratio",
    "Relation",
    "Treatment",
    "Unreadable",
    "Value",
    "counts",
    "definitions",
    "not_read",
    "read_figures",
    "rule_tables",
    "service_table",
    "solve",
    "suppress",
]


def counts(audit: Audit) -> Counts:
    """The counts of an audit, of which ``rule_tables`` and ``service_table`` make tables; none is withheld yet."""
    found = Counts(audit.as_at, period=audit.period)
    for _, batch, _ in audit.batches(lambda batch: None, messages=False):
        found.add(batch)
    return found


def not_read(found: Unreadable) -> Iterator[str]:
    """What published figures say of the records that could not be read, in sentences."""
    for sentence in statements.first(*(each.sentence(None, found.rows) for each in statements.ROWS)):
        yield sentence.text
    for sentence in statements.first(statements.UNREAD.sentence(found.values)):
        yield sentence.text
