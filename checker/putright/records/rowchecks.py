"""Checks that every row must pass to be a case record. All run in one pass, since few rows fail any."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

import polars as pl

from putright import fields
from putright.fields import Vocabulary, ordered
from putright.files.tables import ROW
from putright.records.rejections import quoted


class _Check(NamedTuple):
    """A check of every row: the rows that fail it, the field, its value, and how to say so if any do."""

    where: pl.Expr
    field: str
    value: pl.Expr
    message: Callable[[], pl.Expr]


def failures(
    frame: pl.DataFrame,
    raw: pl.DataFrame,
    vocabulary: Vocabulary,
    repeated: pl.Series | None,
    named: Mapping[str, str],
) -> Iterator[pl.DataFrame]:
    """The rows that fail each check: row, field, value, message.

    ``named`` has the file's own words for fields, where a mapping was used.
    """
    asked = frame.with_columns(_blank=_blank(raw))
    checks = [*_checks(vocabulary, repeated, named), *_in_order(frame.columns, fields.ORDERED, named)]
    for council, own in vocabulary.fields.items():
        whose = pl.col("council") == council
        order = _in_order(frame.columns, ordered(own), named)
        checks += (check._replace(where=whose & check.where) for check in order)
    found = asked.select(check.where.alias(str(place)) for place, check in enumerate(checks))
    for where, check in zip(found.get_columns(), checks, strict=True):
        if where.any():
            yield asked.filter(where).select(
                ROW,
                pl.lit(check.field).alias("field"),
                check.value.cast(pl.String).alias("value"),
                check.message().alias("message"),
            )


def _blank(raw: pl.DataFrame) -> pl.Series:
    """Rows whose day received is blank in the file."""
    received = raw["received"] if "received" in raw.columns else pl.repeat(None, raw.height, eager=True)
    return received.str.strip_chars().fill_null("") == "" if received.dtype == pl.String else received.is_null()


def _checks(vocabulary: Vocabulary, repeated: pl.Series | None, named: Mapping[str, str]) -> Iterator[_Check]:
    """Checks that every case must pass."""
    nothing = pl.lit(None, pl.String)
    reference, council = pl.col("reference"), pl.col("council")
    lacking = {field: f"{column} is blank: " for field, column in named.items()}
    unnamed, undated = (lacking.get(name, "") for name in ("reference", "received"))
    yield _Check(reference.is_null(), "reference", nothing, lambda: pl.lit(f"{unnamed}the row has no reference"))
    twice = reference.is_duplicated() if repeated is None else reference.is_in(repeated.implode())
    yield _Check(
        reference.is_not_null() & twice,
        "reference",
        reference,
        lambda: pl.format("reference {} is in more than one row", quoted("reference")),
    )
    yield _Check(pl.col("_blank"), "received", nothing, lambda: pl.lit(f"{undated}no received date"))
    councils = vocabulary.councils
    known = ", ".join(councils) or "none"
    yield _Check(
        council.is_not_null() & ~council.is_in(list(councils)),
        "council",
        council,
        lambda: pl.format("council {} is not known; known: {}", quoted("council"), pl.lit(known)),
    )
    for name in vocabulary.every_procedure()[len(fields.PROCEDURES) :]:
        has_it = [whose for whose, own in vocabulary.procedures.items() if name in own]
        of_another = (pl.col("procedure") == name) & ~council.is_in(has_it).fill_null(False)
        theirs = partial(pl.format, "procedure '{}' is only of: {}", pl.lit(name), pl.lit(", ".join(has_it)))
        yield _Check(of_another, "procedure", pl.col("procedure"), theirs)


def _in_order(names: list[str], order: Iterable[tuple[str, str]], named: Mapping[str, str]) -> Iterator[_Check]:
    """Checks that no event comes before the one it answers."""
    for event, answered in order:
        if event not in names or answered not in names or event == answered:
            continue
        if event == "received":  # the mistake is in the matter's date
            message = partial(_out_of_order, answered, "after", event, named)
            yield _Check(pl.col(answered) > pl.col(event), answered, pl.col(answered), message)
        else:
            message = partial(_out_of_order, event, "before", answered, named)
            yield _Check(pl.col(event) < pl.col(answered), event, pl.col(event), message)


def _out_of_order(one: str, comes: str, other: str, named: Mapping[str, str]) -> pl.Expr:
    said, theirs = (pl.lit(named.get(name, name)) for name in (one, other))
    return pl.format(f"{{}} {{}} comes {comes} {{}} {{}}", said, _shown(one), theirs, _shown(other))


def _shown(name: str) -> pl.Expr:
    return pl.col(name).dt.to_string("%Y-%m-%d")
