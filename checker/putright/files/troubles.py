"""What a mapping cannot turn: each problem with its case, row, field and value, by which its row is rejected."""

from __future__ import annotations

from collections import Counter, defaultdict

import polars as pl

from putright.files.tables import ROW, SPOILT

CASE = "case"
_PROBLEM = {CASE: pl.UInt32, ROW: pl.UInt32, "field": pl.String, "value": pl.String, "message": pl.String}
#: Each column's values that could not be turned, and how many rows have them.
Words = defaultdict[str, Counter[str]]
#: So many of a column's words are shown.
_MOST = 5


class Troubles:
    """The problems of one table. ``rows`` has each row's case and number."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self._rows = rows
        self._problems: list[pl.DataFrame] = []
        self.words: Words = defaultdict(Counter)

    def add(self, where: pl.Series, field: str, message: str) -> None:
        """Spoil the cases of these rows, where nothing stands that should."""
        if where.any():
            self.put(field, self._rows.filter(where).with_columns(value=None, message=pl.lit(message)))

    def refuse(self, field: str, column: str, bad: pl.DataFrame, reason: str | pl.Series) -> None:
        """Spoil the cases of these rows (case, row, text) for what stands in the column, and note the words."""
        if bad.height:
            why = pl.lit(reason) if isinstance(reason, str) else reason.alias("reason")
            said = bad.with_columns(reason=why).with_columns(
                value=pl.col("text"), message=_said(column, pl.col("text"), pl.col("reason"))
            )
            self.put(field, said)
            self.words[column].update(dict(bad["text"].value_counts().iter_rows()))

    def end_alone(self, field: str, begin: str, end: str, bad: pl.DataFrame) -> None:
        """Spoil the cases of rows with the end of a hold whose beginning is blank."""
        said = _said(end, pl.col("text"), pl.lit(f"column {begin!r} is blank"))
        self.put(field, bad.with_columns(value=pl.col("text"), message=said))

    def contradictions(self, field: str, found: pl.DataFrame) -> None:
        """Spoil the cases in which one field has two values."""
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
        self.put(field, both.select(CASE, pl.lit(None, pl.UInt32).alias(ROW), value=value, message=said))

    def put(self, field: str, problems: pl.DataFrame) -> None:
        """Spoil cases: their case, row, value and message."""
        if problems.height:
            frame = problems.with_columns(field=pl.lit(field)).select(list(_PROBLEM))
            self._problems.append(frame.cast(_PROBLEM))  # type: ignore[arg-type]

    def by_case(self, spoilt: pl.Series, *, single: bool) -> pl.DataFrame:
        """What is wrong with each case, and the field and value of the first: what the file itself spoilt is first."""
        broken = self._rows.with_columns(field=pl.lit(""), value=None, message=spoilt)
        found = broken.filter(pl.col("message").is_not_null()).select(list(_PROBLEM))
        problems = pl.concat([found.cast(_PROBLEM), *self._problems])  # type: ignore[arg-type]
        if not single:
            row = pl.when(pl.col(ROW).is_null()).then(pl.lit("")).otherwise(pl.format("in row {}: ", ROW))
            problems = problems.with_columns(pl.concat_str(row, "message").alias("message"))
        said = pl.col("message").unique(maintain_order=True).str.join("; ").alias(SPOILT)
        return problems.group_by(CASE, maintain_order=True).agg(said, pl.first("field", "value"))


def _short(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.len_chars() > 80).then(text.str.head(80) + "…").otherwise(text)


def _said(column: str, text: pl.Expr, reason: pl.Expr) -> pl.Expr:
    """A problem as the officer reads it: the column as the mapping writes it, the value, the reason."""
    return pl.format("column '{}', value '{}': {}", pl.lit(column), _short(text), reason)


def words_notes(words: Words) -> list[str]:
    """For each column, the words that could not be turned and how many rows have them."""
    return [_words_note(column, counts) for column, counts in sorted(words.items())]


def _words_note(column: str, counts: Counter[str]) -> str:
    most = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:_MOST]
    shown = ", ".join(f"'{word:.40}' ({rows:,})" for word, rows in most)
    more = f" and {len(counts) - _MOST:,} more" if len(counts) > _MOST else ""
    return f"column {column!r} has values the mapping cannot turn (rows): {shown}{more}"
