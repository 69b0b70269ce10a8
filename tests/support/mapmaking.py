"""For tests of mappings: the examples, tables in another layout, the findings they lead to."""

from __future__ import annotations

import datetime as dt
import tempfile
from functools import cache
from pathlib import Path

import polars as pl
import putright
from putright.auditing.audits import Period, audit
from putright.fields import FIELDS
from putright.files.tables import ROW, ROW_ERROR, Table
from putright.mapping.mappedtables import apply
from putright.mapping.reading import read_mapping
from putright.plugins import Host, load
from putright.records.caserecords import Records, make_records

EXAMPLES = Path(putright.__file__).parent / "examples" / "mapping"
OWN = Path(__file__).parents[1] / "mappings"
NAMES = ("one-row-per-case", "one-row-per-stage", "event-log", "tick-boxes")
AS_AT = dt.date(2026, 9, 30)
#: The least that a mapping of each layout has; a test adds lines.
GOOD = "layout: case\nfields:\n  reference: Ref\n  received: Recd\n"
STAGE = "layout: stage\ncase: Ref\nstage: {column: S, words: {One: 1}}\nfields:\n  received: Recd\n"
EVENT = "layout: event\ncase: Ref\nevent: What\ndate: Date\nevents:\n  Logged: received\n"
LOG = EVENT + "  Replied: stage1_responded\nignore_events: [Note]\n"


@cache
def host() -> Host:
    return load(None)


def records(table: Table, council: str | None = "coventry") -> Records:
    return make_records(table, host().vocabulary, council)


def findings(found: Records, *, include_not_applicable: bool = False) -> pl.DataFrame:
    all_of_them = audit(
        found, host(), AS_AT, Period(None, None), include_not_applicable=include_not_applicable, messages=True
    ).findings
    return all_of_them.drop(ROW, strict=False).sort("reference", "rulebook", "rule")


def table(**columns: list[str | None]) -> Table:
    height = len(next(iter(columns.values())))
    names = {name.replace("_", " "): pl.Series(values, dtype=pl.String) for name, values in columns.items()}
    rows = {ROW: pl.Series(range(2, height + 2), dtype=pl.UInt32)}
    return Table(
        pl.DataFrame({**rows, **names, ROW_ERROR: pl.Series([None] * height, dtype=pl.String)}), day_first=True
    )


def keeping(some: Table, other: Table) -> Table:
    """The same records with a column for each field that the other keeps: a mapping keeps the fields that it names."""
    lacking = (name for name in other.frame.columns if name in FIELDS and name not in some.frame.columns)
    return Table(some.frame.with_columns(pl.lit(None, pl.String).alias(name) for name in lacking), some.day_first)


def mapped_by(text: str, export: Table) -> Table:
    """An export in our layout, by a mapping with this text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mapping.yaml"
        path.write_text(text, encoding="utf-8")
        return apply(read_mapping(path), export)
