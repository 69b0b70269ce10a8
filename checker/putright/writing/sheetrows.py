"""Put the rows of a table into a worksheet of a finished workbook, many at a time.

xlsxwriter writes cell by cell, which takes minutes for half a million findings. So it writes everything about a sheet
but its rows: the heading, widths, how it is printed, and one row of empty cells in the place of the last, which shows
the format of each column. Polars makes the rows from that.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl

from putright.writing.workbooks import HIGHEST, ROW_HEIGHT, room

#: Excel cuts a text that is longer.
_LONGEST = 32_767
#: The day number of 1 January 1970 in Excel.
_1970 = 25_569
#: As many rows are in memory at once.
_AT_ONCE = 20_000
_ROW = re.compile(rb'<row r="(\d+)"[^>]*>(.*?)</row>', re.DOTALL)
_CELL = re.compile(r'<c r="([A-Z]+)\d+" s="(\d+)"/>')
#: What Excel writes of characters that XML cannot hold, and of text that looks like that (ECMA-376, ST_Xstring).
_LOOKS_ESCAPED = r"(_x[0-9a-fA-F]{4}_)"
_ESCAPES = {
    **{chr(code): f"_x{code:04X}_" for code in range(32) if chr(code) not in "\t\n"},
    **{"\ufffe": "_xFFFE_", "\uffff": "_xFFFF_", "&": "&amp;", "<": "&lt;", ">": "&gt;"},
}


@dataclass(frozen=True)
class Rows:
    """What goes into a sheet: a table without lists, and the letters that each of its columns is wide."""

    frame: pl.DataFrame
    widths: Sequence[float]


def fill(book: BinaryIO, sheets: Mapping[int, Rows], into: BinaryIO) -> None:
    """Copy a workbook with rows put into its sheets, which are numbered from 1.

    The last row of each, the heading not counted, has to be of empty cells, each with a format.
    """
    places = {f"xl/worksheets/sheet{number}.xml": rows for number, rows in sheets.items() if rows.frame.height}
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = source.read(part)
            with target.open(part, "w") as file:
                if rows := places.get(part.filename):
                    *_, last = _ROW.finditer(content)
                    file.write(content[: last.start()])
                    for some in _written(rows, _CELL.findall(last[2].decode())):
                        file.write(some)
                    file.write(content[last.end() :])
                else:
                    file.write(content)


def _written(rows: Rows, looks: Sequence[tuple[str, str]]) -> Iterator[bytes]:
    """The rows as XML; ``looks`` are the letter and the style of each column."""
    frame = rows.frame
    cells = [_cell(name, kind, *look) for (name, kind), look in zip(frame.schema.items(), looks, strict=True)]
    high = pl.format(' ht="{}" customHeight="1"', pl.col(_HEIGHT))
    tall = pl.when(pl.col(_HEIGHT) == ROW_HEIGHT).then(pl.lit("")).otherwise(high)
    row = pl.concat_str(pl.format('<row r="{}"{}>', pl.col(_LINE), tall), *cells, pl.lit("</row>"))
    numbered = frame.lazy().with_row_index(_LINE, 2).with_columns(_height(rows).alias(_HEIGHT))
    for start in range(0, frame.height, _AT_ONCE):
        yield "".join(numbered.slice(start, _AT_ONCE).select(row.alias("row")).collect()["row"]).encode()


def _height(rows: Rows) -> pl.Expr:
    """The height that shows every text of a row whole, as ``workbooks.row_height`` works it out."""
    texts = (look for look in zip(rows.frame.schema.items(), rows.widths, strict=True) if look[0][1] == pl.String)
    lines = pl.max_horizontal(pl.lit(1), *(_lines(name, room(width)) for (name, _), width in texts))
    return pl.min_horizontal(pl.lit(HIGHEST), ROW_HEIGHT * lines)


def _lines(name: str, letters: float) -> pl.Expr:
    each = pl.col(name).str.split("\n").list.eval(1 + (pl.element().str.len_chars() / letters).cast(pl.Int32))
    return each.list.sum()


#: Names that no column of a table has.
_LINE, _HEIGHT = "\0line", "\0height"


def _cell(name: str, kind: pl.DataType, letter: str, style: str) -> pl.Expr:
    """A cell of a column as XML; nothing if it has no value."""
    column = pl.col(name)
    start = pl.format(f'<c r="{letter}{{}}" s="{style}"', pl.col(_LINE))
    if kind == pl.Date:
        value = pl.format("><v>{}</v></c>", column.cast(pl.Int32) + _1970)
    elif kind.is_numeric() or kind == pl.Boolean:
        value = pl.format("><v>{}</v></c>", column.cast(pl.Int8) if kind == pl.Boolean else column)
    else:
        text = column.cast(pl.String).str.head(_LONGEST).str.replace_all(_LOOKS_ESCAPED, "_x005F$1")
        text = text.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
        value = pl.format(' t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>', text)
    return pl.concat_str(start, value).fill_null("")
