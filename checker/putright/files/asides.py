"""The rows of a sheet that are not cases: blank rows, totals and footers. The last two are noted, not lost."""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl

from putright.files.tables import ROW, ROW_ERROR, Table, key, quoted
from putright.text.english import counted

_TOTALS = ("total", "totals", "grand total", "sub-total", "subtotal", "average", "mean", "count", "sum")
#: What the first cell of a footer begins with, where it is the row's only one.
_FOOTER = re.compile(
    r"(?:end of (?:report|file|data|export)|report (?:run|generated|produced|ends?|created)|"
    r"(?:run|generated|printed|produced|exported|extracted|created) (?:on|at|by)|sources?:|notes?:|page \d+|"
    r"\d[\d,]* (?:rows?|records?|cases?|complaints?)\b|\*\s?\w)",
    re.IGNORECASE,
)
#: A cell with a day: no total has one.
_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[/.-](?:\d{1,2}|[A-Za-z]{3,9})[/.-]\d{2,4}|\d{1,2} [A-Za-z]{3,9} \d{2,4}")
#: The most rows left out that are described.
_MOST = 5


def without_asides(table: Table) -> Table:
    """The table without blank rows, totals and footers; each of the last two has a note.

    A row with an error of its own is kept, and so is one with a date, whatever its first cell says.
    """
    frame = table.frame
    names = [name for name in frame.columns if name not in (ROW, ROW_ERROR) and frame[name].dtype == pl.String]
    if not names or not frame.height:
        return table
    some = frame.filter(pl.col(ROW_ERROR).is_null() & _may_be(pl.col(names[0])))
    if some.is_empty():
        return table
    left: list[int] = []
    said: list[str] = []
    for row, *cells in some.select(ROW, *names).iter_rows():
        filled = [cell.strip() for cell in cells if cell and cell.strip()]
        kind = _kind(filled)
        if kind:
            left.append(row)
        if kind and filled:
            said.append(f"{table.address(row)} is {kind}, not a case: {quoted(' '.join(filled))}")
    if not left:
        return table
    more = [f"{counted(len(said) - _MOST, 'more row')} are totals or footers, not cases"] if len(said) > _MOST else []
    notes = [*table.notes, *said[:_MOST], *more]
    kept = frame.filter(~pl.col(ROW).is_in(left))
    return replace(table, frame=kept, notes=notes)


def _may_be(first: pl.Expr) -> pl.Expr:
    """The rows that may be set aside, by their first cell: few of a large file, so that the others cost nothing."""
    text = first.str.strip_chars().fill_null("")
    begins = text.str.contains(rf"^(?i)(?:{'|'.join(_TOTALS)}|end of|report|run|generated|printed|produced|exported|"
                               r"extracted|created|source|note|page|\d[\d,]* [a-z]|\*)")  # fmt: skip
    return (text == "") | begins


def _kind(filled: list[str]) -> str | None:
    """What a row with these cells is; None if it may be a case."""
    if not filled:
        return "a blank row"
    if key(filled[0].rstrip(":")) in _TOTALS and not any(_DAY.search(cell) for cell in filled):
        return "a total"
    return "a footer" if len(filled) == 1 and _FOOTER.match(filled[0]) else None
