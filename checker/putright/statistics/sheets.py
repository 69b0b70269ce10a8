"""Choose the tables of an audit: every table for the officer, and those to publish."""

from __future__ import annotations

from collections.abc import Collection

from putright.documents.paper import Table
from putright.statistics import measures
from putright.statistics.counts import Counts
from putright.statistics.cubes import Sheet
from putright.statistics.supplied import Supplied
from putright.statistics.tables import month_sheet, path_sheet, rule_sheets, service_sheet, stage_sheet, two_way_sheets


def everything(counts: Counts, supplied: Supplied) -> list[Table]:
    """Every table with every figure."""
    sheets = _counted(counts, 1, ())
    return [*measures.tables(counts, supplied), *(sheet.table(counts.cubes) for sheet in sheets)]


def publishable(
    counts: Counts, supplied: Supplied, least: int, folded: Collection[tuple[str, str]] = ()
) -> list[Sheet]:
    """The sheets to publish: no reference, handler or free text in any.

    Services with fewer cases than ``least``, and each (procedure, service) in ``folded``, are added up as others.
    Figures supplied by hand are left out, except for the Ombudsman's letter, which is public.
    """
    return [*measures.sheets(counts, supplied), *_counted(counts, least, folded)]


def _counted(counts: Counts, least: int, folded: Collection[tuple[str, str]]) -> list[Sheet]:
    return [
        *rule_sheets(counts),
        stage_sheet(counts),
        service_sheet(counts, least, folded),
        month_sheet(counts),
        *two_way_sheets(counts),
        path_sheet(counts),
    ]
