"""The row errors of a mapped table: each with its case, row, field and value. A row error rejects its case."""

from __future__ import annotations

from collections import Counter, defaultdict

import polars as pl

from putright.fields import MUST_BE_READ
from putright.files.tables import ROW, ROW_ERROR

CASE = "case"
_PROBLEM = {
    CASE: pl.UInt32,
    ROW: pl.UInt32,
    "field": pl.String,
    "value": pl.String,
    "message": pl.String,
    "unread": pl.Boolean,
}
#: Each column's values that could not be converted, and how many rows have them.
Words = defaultdict[str, Counter[str]]
#: The number of a column's words that a note lists.
_MOST = 5


class RowErrors:
    """The row errors of one table. ``rows`` has each row's case and number."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self._rows = rows
        self._problems: list[pl.DataFrame] = []
        self._cells: list[pl.DataFrame] = []
        self.words: Words = defaultdict(Counter)

    def add(self, where: pl.Series, field: str, message: str) -> None:
        """Reject the cases of these rows, which lack something they need."""
        if where.any():
            self.add_problems(field, self._rows.filter(where).with_columns(value=None, message=pl.lit(message)))

    def refuse(
        self, field: str, column: str, bad: pl.DataFrame, reason: str | pl.Series, unread: pl.Series | None = None
    ) -> None:
        """Reject the cases of these rows (case, row, text) for a value in the column, and count the words.

        ``unread`` marks the rows whose only error is a field's unreadable value.
        """
        if bad.height:
            why = pl.lit(reason) if isinstance(reason, str) else reason.alias("reason")
            said = bad.with_columns(reason=why).with_columns(
                value=pl.col("text"),
                message=_said(column, pl.col("text"), pl.col("reason")),
                unread=pl.lit(False) if unread is None else unread,
            )
            self.add_problems(field, said)
            self.words[column].update(dict(bad["text"].value_counts().iter_rows()))

    def add_hold_without_start(self, field: str, begin: str, end: str, bad: pl.DataFrame) -> None:
        """Reject the cases of rows with the end of a hold whose beginning is blank."""
        said = _said(end, pl.col("text"), pl.lit(f"column {begin!r} is blank"))
        self.add_problems(field, bad.with_columns(value=pl.col("text"), message=said))

    def add_contradictions(self, field: str, found: pl.DataFrame) -> None:
        """Reject the cases in which one field has two values."""
        other = pl.col("value") != pl.col("value").first()
        parts = ("text", ROW, "column")
        both = (
            found.group_by(CASE, maintain_order=True)
            .agg(
                *(pl.first(part) for part in parts),
                *(pl.col(part).filter(other).first().alias(f"{part}2") for part in parts),
            )
            .filter(pl.col("text2").is_not_null())
        )
        where = pl.format("row {}, column '{}', has '{}'", ROW, "column", _short(pl.col("text")))
        there = pl.format("row {}, column '{}', has '{}'", f"{ROW}2", "column2", _short(pl.col("text2")))
        said = pl.format("two values for {}: {}; {}", pl.lit(field), where, there)
        value = pl.format("{}; {}", "text", "text2")
        # The message names its rows itself.
        self.add_problems(field, both.select(CASE, pl.lit(None, pl.UInt32).alias(ROW), value=value, message=said))

    def add_problems(self, field: str, problems: pl.DataFrame) -> None:
        """Reject cases: their case, row, value and message, and ``unread`` as in ``refuse``."""
        if problems.height:
            self._problems.append(_problems(field, problems))

    def add_cells(self, field: str, cells: pl.DataFrame) -> None:
        """Add cells (case, row, value, message) that the file's own reader could not read, under their field."""
        if cells.height:
            self._cells.append(_problems(field, cells.with_columns(unread=pl.lit(field not in MUST_BE_READ))))

    def unread(self, row_errors: pl.Series, unread: pl.DataFrame | None) -> pl.DataFrame:
        """Every unreadable value of the cases with no other error: case, row, field, value, message.

        ``row_errors`` and ``unread`` are the errors that the file's own reader found in its rows and its cells.
        """
        broken = self._rows.filter(row_errors.is_not_null())
        if unread is not None:
            broken = broken.join(unread, on=ROW, how="anti")
        broken = broken.select(CASE)
        problems = pl.concat([pl.DataFrame(schema=_PROBLEM), *self._cells, *self._problems])
        wrong = pl.concat([broken, problems.filter(~pl.col("unread")).select(CASE)]).unique()
        values = problems.join(wrong, on=CASE, how="anti", maintain_order="left")
        return values.unique([CASE, ROW, "field"], keep="first", maintain_order=True).drop("unread")

    def by_case(self, row_errors: pl.Series, *, single: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The errors of each case as one text, and the case, field and value of each error.

        Errors of the file's own format are first.
        """
        broken = self._rows.with_columns(field=pl.lit(""), value=None, message=row_errors, unread=pl.lit(False))
        found = broken.filter(pl.col("message").is_not_null()).select(list(_PROBLEM))
        problems = pl.concat([found.cast(_PROBLEM), *self._problems])  # type: ignore[arg-type]
        if not single:
            problems = problems.with_columns(in_row().alias("message"))
        said = pl.col("message").unique(maintain_order=True).str.join("; ").alias(ROW_ERROR)
        return problems.group_by(CASE, maintain_order=True).agg(said), problems.select(CASE, "field", "value")


def in_row() -> pl.Expr:
    """The message, with its row if that is known."""
    row = pl.when(pl.col(ROW).is_null()).then(pl.lit("")).otherwise(pl.format("in row {}: ", ROW))
    return pl.concat_str(row, "message")


def _problems(field: str, problems: pl.DataFrame) -> pl.DataFrame:
    if "unread" not in problems.columns:
        problems = problems.with_columns(unread=pl.lit(False))
    frame = problems.with_columns(field=pl.lit(field)).select(list(_PROBLEM))
    return frame.cast(_PROBLEM)  # type: ignore[arg-type]


def _short(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.len_chars() > 80).then(text.str.head(80) + "…").otherwise(text)


def _said(column: str, text: pl.Expr, reason: pl.Expr) -> pl.Expr:
    """A problem as the officer reads it: the column as the mapping writes it, the value, the reason."""
    return pl.format("column '{}', value '{}': {}", pl.lit(column), _short(text), reason)


def words_notes(words: Words) -> list[str]:
    """For each column, a note on the words that could not be converted and how many rows have them."""
    return [_words_note(column, counts) for column, counts in sorted(words.items())]


def _words_note(column: str, counts: Counter[str]) -> str:
    most = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:_MOST]
    shown = ", ".join(f"'{word:.40}' ({rows:,})" for word, rows in most)
    more = f" and {len(counts) - _MOST:,} more" if len(counts) > _MOST else ""
    return f"column {column!r} has values the mapping cannot convert (rows): {shown}{more}"
