"""Rows that cannot be case records, and values that cannot be read: each with its field, value and what is wrong."""

from __future__ import annotations

import polars as pl

from putright.fields import MUST_BE_READ
from putright.files.tables import ROW, ROW_ERROR, Table

#: Columns of a rejected row.
REJECTED = {
    "row": pl.UInt32,
    "reference": pl.String,
    "field": pl.String,
    "value": pl.String,
    "message": pl.String,
}


def quoted(column: str) -> pl.Expr:
    """A value for a message, cut if it is very long."""
    value = pl.col(column).fill_null("")
    short = pl.when(value.str.len_chars() > 80).then(value.str.head(80) + "…").otherwise(value)
    return pl.format("'{}'", short)


#: Finds the column in the message of a row error.
_COLUMN_NAMED = r"^\w+ \d+: (?:column )?'([^']+)' holds"


def row_errors_of(table: Table) -> pl.DataFrame:
    """The row errors of the file or its mapping, each with the column and the value there."""
    if table.frame[ROW_ERROR].null_count() == table.frame.height:  # as in most files
        return _none_of(table)
    rows = table.frame.filter(pl.col(ROW_ERROR).is_not_null())
    error_values = table.error_values if table.error_values is not None else _named_in(rows)
    error_values = error_values.unique(ROW, keep="first", maintain_order=True)
    rows = rows.select(ROW, ROW_ERROR).join(error_values, on=ROW, how="left", maintain_order="left")
    message = pl.col(ROW_ERROR).cast(pl.String).str.replace(r"^row \d+: ", "")  # a rejected row has its number already
    return rows.select(ROW, "field", "value", message.alias("message"))


def _none_of(table: Table) -> pl.DataFrame:
    """No row of a table: row, field, value, message."""
    return pl.DataFrame(schema={ROW: table.frame.schema[ROW]} | dict.fromkeys(("field", "value", "message"), pl.String))


def _named_in(rows: pl.DataFrame) -> pl.DataFrame:
    """The column that each row error's message names, and its value in the row."""
    names = rows[ROW_ERROR].cast(pl.String).str.extract(_COLUMN_NAMED).fill_null("")
    value = pl.lit(None, pl.String)
    for name in set(names) & set(rows.columns):
        value = pl.when(pl.lit(names) == name).then(pl.col(name).cast(pl.String)).otherwise(value)
    return rows.select(ROW, pl.lit(names).alias("field"), value.alias("value"))


def rejected_rows(
    problems: list[pl.DataFrame],
    row_errors: pl.DataFrame,
    table: Table,
    frame: pl.DataFrame,
    also: list[pl.DataFrame],
) -> pl.DataFrame:
    """One row for each rejected row of the table, with all that is wrong with it: a row error first.

    ``also`` has problems that do not reject a row by themselves.
    """
    return _addressed(_one_a_row([row_errors, *_not_said(problems, table, row_errors)], frame, also), table)


def _not_said(problems: list[pl.DataFrame], table: Table, row_errors: pl.DataFrame) -> list[pl.DataFrame]:
    """The problems without those of a field whose value in that row is a mapping's error already."""
    if table.error_values is None:
        return problems
    said = table.error_values.select(ROW, "field").join(row_errors, on=ROW, how="semi")
    return [
        problem.join(said.cast({ROW: problem.schema[ROW]}), on=[ROW, "field"], how="anti", maintain_order="left")
        for problem in problems
    ]


def unreadable_cells(table: Table) -> pl.DataFrame:
    """The unreadable cells of rows whose required fields can be read: row, field, value, message."""
    if table.unread is None or table.unread.is_empty():
        return _none_of(table)
    rows = table.frame.select(ROW)
    cells = table.unread.cast({ROW: rows.schema[ROW]}).join(rows, on=ROW, how="semi", maintain_order="left")
    needed = cells.filter(pl.col("field").is_in(list(MUST_BE_READ)))
    return cells.join(needed, on=ROW, how="anti", maintain_order="left")


def without_cells(raw: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """The table with these cells blank."""
    for (name,), part in cells.partition_by("field", as_dict=True).items():
        if name in raw.columns:
            unreadable = pl.col(ROW).is_in(part[ROW].implode())
            raw = raw.with_columns(pl.when(~unreadable).then(pl.col(str(name))).alias(str(name)))
    return raw


def unreadable_values(unread: list[pl.DataFrame], frame: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
    """One row for each unreadable value of the cases that are kept, in file order."""
    found = [parsing.cast({"value": pl.String, "message": pl.String}) for parsing in unread if parsing.height]
    if not found:
        return pl.DataFrame(schema=REJECTED)
    kept = frame.select(ROW, "reference").join(rejected.select(pl.col(ROW).cast(frame.schema[ROW])), on=ROW, how="anti")
    return (
        pl.concat(found)
        .join(kept, on=ROW, how="inner", maintain_order="left")
        .sort(ROW, maintain_order=True)
        .select(list(REJECTED))
        .cast(REJECTED)  # type: ignore[arg-type]
    )


def _addressed(rejected: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The messages with each row's sheet and its number there, where several sheets were read as one."""
    if not table.sheets or not rejected.height:
        return rejected
    said = [f"{table.address(row)}: {message}" for row, message in rejected.select(ROW, "message").iter_rows()]
    return rejected.with_columns(message=pl.Series(said, dtype=pl.String))


def _one_a_row(problems: list[pl.DataFrame], frame: pl.DataFrame, also: list[pl.DataFrame]) -> pl.DataFrame:
    """One row for each rejected row of the file: its first problem, with the others in the message.

    ``also`` has problems that do not reject a row by themselves.
    """
    found = [problem.cast({"value": pl.String, "message": pl.String}) for problem in problems if problem.height]
    if not found:
        return pl.DataFrame(schema=REJECTED)
    rows = pl.concat([problem.select(ROW) for problem in found]).unique()
    more = [problem.cast({"value": pl.String, "message": pl.String}) for problem in also]
    found += [problem.join(rows, on=ROW, how="semi", maintain_order="left") for problem in more if problem.height]
    together = pl.concat(found).join(frame.select(ROW, "reference"), on=ROW, how="left")
    return (
        together.group_by(ROW, maintain_order=True)
        .agg(pl.first("reference", "field", "value"), pl.col("message").unique(maintain_order=True))
        .with_columns(pl.col("message").list.join("; also: "))
        .sort(ROW)
        .select(list(REJECTED))
        .cast(REJECTED)  # type: ignore[arg-type]
    )
