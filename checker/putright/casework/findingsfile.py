"""Reading back the findings that an audit wrote, whichever format it wrote them in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from putright.auditing.findings import VERDICTS
from putright.files.readers import read_table
from putright.files.tables import ROW, ROW_ERROR
from putright.mistakes import Mistake
from putright.records import parsing

_DATES = ("start", "due", "done")
_LISTS = ("marks", "missing", "to_judge")
_NUMBERS = ("days_taken", "days_over")
#: The columns a findings file must have; the message and some others are optional.
_NEEDED = ("reference", "rulebook", "rule", "clause", "kind", "verdict", *_DATES, "edition", "marks", "missing")
_TEXTS = ("reference", "council", "procedure", "rulebook", "rule", "clause", "kind", "verdict", "edition", "message")
#: The columns that identify a finding in its file.
KEY = ("reference", "rulebook", "rule")


class FindingsError(Mistake):
    """A file does not have the findings of an audit; the text says why."""


def read_findings(path: Path) -> pl.DataFrame:
    """The findings of a file: text, dates as Date, days as Int64, lists as sorted text parted by ``;``.

    Blank text is null; a column that the file does not have is all null. FindingsError if it is not
    what ``putright audit`` writes, ReadError if it cannot be read at all.
    """
    table = read_table(path)
    frame = table.frame
    lacking = [name for name in _NEEDED if name not in frame.columns]
    if lacking:
        raise FindingsError(
            f"{path} is not a file of findings: it has no column {', '.join(lacking)}. "
            "Give one that 'putright audit … --output FILE' wrote."
        )
    for row, error in frame.filter(pl.col(ROW_ERROR).is_not_null()).select(ROW, ROW_ERROR).iter_rows():
        raise FindingsError(f"{path}, row {row}: {error}.")
    wanted = [*_TEXTS, *_DATES, *_NUMBERS, *_LISTS]
    columns = [frame[name] if name in frame.columns else _blank(name, frame.height) for name in wanted]
    found = pl.DataFrame([frame[ROW], *(_typed(path, column, frame[ROW], table.day_first) for column in columns)])
    _check(path, found)
    return found.drop(ROW)


def _blank(name: str, height: int) -> pl.Series:
    return pl.Series(name, [None] * height, dtype=pl.String)


def _typed(path: Path, column: pl.Series, rows: pl.Series, day_first: bool) -> pl.Series:
    if column.dtype == pl.List:
        column = column.cast(pl.List(pl.String)).list.sort().list.join(";")
    if column.name in _DATES:
        return _dates(path, column, rows, day_first)
    text = column.cast(pl.String).str.strip_chars()
    text = text.set(text == "", None)
    if column.name in _LISTS:
        return text.str.split(";").list.sort().list.join(";")
    if column.name in _NUMBERS:
        numbers = text.cast(pl.Float64, strict=False).cast(pl.Int64, strict=False)
        _refuse(path, column.name, text, rows, numbers.is_null() & text.is_not_null(), "is not a number of days")
        return numbers
    return text


def _dates(path: Path, column: pl.Series, rows: pl.Series, day_first: bool) -> pl.Series:
    """Dates as the file has them, or as Excel leaves them when it saves a CSV file again."""
    if column.dtype == pl.Date:
        return column
    text = column.cast(pl.String).str.strip_chars()
    days = {}
    for value in text.drop_nulls().unique():
        try:
            days[value] = parsing.parse_date(value, day_first=day_first) if value else None
        except parsing.UnreadableValue:
            _refuse(path, column.name, text, rows, text == value, "is not a date")
    return text.replace_strict(days, default=None, return_dtype=pl.Date)


def _refuse(path: Path, name: str, text: pl.Series, rows: pl.Series, wrong: pl.Series, why: str) -> None:
    for place in wrong.fill_null(False).arg_true():
        said = f"{path}, row {rows[place]}: '{name}' is {text[place]!r:.60}, which {why}."
        raise FindingsError(said, file=path, row=rows[place], field=name, value=text[place])


def _check(path: Path, found: pl.DataFrame) -> None:
    for name in (*KEY, "verdict", "edition"):
        for (row,) in found.filter(pl.col(name).is_null()).select(ROW).iter_rows():
            raise FindingsError(f"{path}, row {row}: '{name}' is blank.", file=path, row=row, field=name)
    unknown = ~found["verdict"].is_in(VERDICTS)
    _refuse(path, "verdict", found["verdict"], found[ROW], unknown, f"is not a verdict: {', '.join(VERDICTS)}")
    twice = found.filter(found.select(KEY).is_duplicated())
    for row, *key in twice.select(ROW, *KEY).head(1).iter_rows():
        raise FindingsError(f"{path}, row {row}: a second finding of {', '.join(key)}; give the findings of one audit.")


def chosen(found: pl.DataFrame, references: Sequence[str]) -> pl.DataFrame:
    """The findings of these cases, in the order in which the cases are named."""
    order = pl.DataFrame({"reference": references}, schema={"reference": pl.String})
    return order.join(found, on="reference", how="left", maintain_order="left_right")
