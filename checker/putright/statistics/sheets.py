"""Choose the tables of an audit: every table for the officer, and those to publish."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from putright.documents.paper import Table
from putright.statistics import measures
from putright.statistics.counts import Counts
from putright.statistics.cubes import Sheet
from putright.statistics.division_tables import Divided, Place, division_sheets
from putright.statistics.supplied import Supplied
from putright.statistics.tables import month_sheet, path_sheet, rule_sheets, stage_sheet, two_way_sheets

#: How a procedure's months are shown: each, added up to quarters, or not at all.
Span = Literal["months", "quarters", "none"]


@dataclass(frozen=True)
class Detail:
    """How much detail the sheets have. Where small counts abound, there is less of it."""

    divided: Divided = field(default_factory=Divided)
    """How far the tables by service and the like are broken down."""
    years: Collection[str] = ()
    """Ids of tables of measures without quarters."""
    left_out: Collection[Place] = ()
    """Rows of measures that are withheld: the table's id, what the row is about, and the column."""
    months: Mapping[str, Span] = field(default_factory=dict)
    """How the months of a procedure are shown, if not each."""


def everything(counts: Counts, supplied: Supplied) -> list[Table]:
    """Every table with every figure."""
    return [
        *measures.tables(counts, supplied),
        *(sheet.table(counts.cubes) for sheet in _Counted(counts).sheets(Detail())),
    ]


class Publishable:
    """The sheets to publish, to be made with more or less detail: no reference, handler or free text in any.

    Figures supplied by hand are left out, except for the Ombudsman's letter, which is public.
    """

    def __init__(self, counts: Counts, supplied: Supplied) -> None:
        self._counts = counts
        self._measured = measures.measured(counts, supplied)
        self._others = _Counted(counts)

    def sheets(self, detail: Detail) -> list[Sheet]:
        """The sheets with so much detail."""
        measured = measures.sheets(self._counts, self._measured, detail.years, detail.left_out)
        return [*measured, *self._others.sheets(detail)]


class _Counted:
    """The sheets but for the measures; those that are the same whatever the detail are made once."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._first = [*rule_sheets(counts), stage_sheet(counts)]
        self._last = [*two_way_sheets(counts), path_sheet(counts)]

    def sheets(self, detail: Detail) -> list[Sheet]:
        divided = division_sheets(self._counts, detail.divided)
        return [*self._first, *divided, month_sheet(self._counts, detail.months), *self._last]
