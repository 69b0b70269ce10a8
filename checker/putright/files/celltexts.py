"""What the cells of an Excel workbook say, as the text that a record has: numbers, dates by their format, errors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from openpyxl.utils.datetime import from_excel, from_ISO8601

from putright.files.tables import CUT, LONGEST_CELL, cell_text, quoted

#: A whole number whose text in the file is the text that a record has, and a number that polars writes as Python does.
_WHOLE = r"^(?:0|-?[1-9][0-9]{0,14})$"
_FRACTION = r"^-?(?:[1-9][0-9]{0,14}\.[0-9]{1,30}|0\.0{0,3}[1-9][0-9]{0,30})$"
#: Dates that are remembered.
_KEPT = 100_000
_NO_VALUE = "holds a formula whose value is not stored: open and save the workbook in Excel"

#: The text of a cell, and why it cannot be read.
_Said = tuple[str | None, str | None]


@dataclass
class CellTexts:
    """Gives cells their text. One is made for a workbook, whose styles and shared texts it knows."""

    shared: Callable[[], pl.Series]
    """The shared texts of the workbook."""
    epoch: dt.datetime
    """The day that dates are counted from."""
    dates: frozenset[int]
    """The styles that show a date or a time."""
    spans: frozenset[int]
    """Those of them that show a length of time."""
    _known: dict[tuple[str, bool], _Said] = field(default_factory=dict)

    def of(self, cells: pl.DataFrame) -> tuple[pl.Series, dict[int, str]]:
        """The text of each cell, null where it is empty, and the errors by the place of their cell."""
        kind, texts = cells["type"], cells["value"]
        texts = texts.set((texts == "") & (kind != "inlineStr"), None)
        there = texts.is_not_null()
        no_value = ~there & cells["formula"] & ~(cells["stored"] & (kind == "str"))
        errors = dict.fromkeys(no_value.arg_true().to_list(), _NO_VALUE)
        numbers = there & (kind == "n")
        dated = numbers & _among(cells["style"], self.dates)
        spans = dated & _among(cells["style"], self.spans)
        whole = numbers & ~dated & texts.str.contains(_WHOLE).fill_null(False)
        fractions = numbers & ~dated & texts.str.contains(_FRACTION).fill_null(False)
        if fractions.any():
            written = texts.set(~fractions, None).cast(pl.Float64).cast(pl.String).str.strip_suffix(".0")
            texts = written.zip_with(fractions, texts)
        texts = self._shared(texts, there & (kind == "s"), errors)
        for where, read in (
            (numbers & ~dated & ~whole & ~fractions, _number),
            (dated & ~spans, lambda raw: self._date(raw, span=False)),
            (spans, lambda raw: self._date(raw, span=True)),
            (there & (kind == "b"), _truth),
            (there & (kind == "d"), _written_date),
            (there & (kind == "e"), lambda raw: (None, f"holds the error {quoted(raw)}")),
            (texts.str.len_bytes() > LONGEST_CELL, _cut),
        ):
            texts = _replaced(texts, where.fill_null(False), read, errors)
        return texts, errors

    def _shared(self, texts: pl.Series, where: pl.Series, errors: dict[int, str]) -> pl.Series:
        """The texts with those that a number stands for."""
        if not where.any():
            return texts
        table = self.shared()
        numbers = texts.set(~where, None).cast(pl.Int64, strict=False)
        numbers = numbers.set(~numbers.is_between(0, len(table) - 1), None)
        for place in (where & numbers.is_null()).arg_true().to_list():
            errors[place] = _unreadable(texts[place])[1] or ""
        return table.gather(numbers).zip_with(where, texts)

    def _date(self, raw: str, *, span: bool) -> _Said:
        known = self._known.get((raw, span))
        if known is None:
            known = _date(raw, self.epoch, span=span)
            if len(self._known) < _KEPT:
                self._known[raw, span] = known
        return known


def _among(styles: pl.Series, some: Iterable[int]) -> pl.Series:
    return pl.Series(np.isin(styles.to_numpy(), list(some)))


def _replaced(texts: pl.Series, where: pl.Series, read: Callable[[str], _Said], errors: dict[int, str]) -> pl.Series:
    """The texts with some read, each distinct one once; their errors are added."""
    if not where.any():
        return texts
    said = {raw: read(raw) for raw in texts.filter(where).unique()}
    for raw, (_, error) in said.items():
        if error is not None:
            errors |= dict.fromkeys((where & (texts == raw)).arg_true().to_list(), error)
    words = pl.Series([text for text, _ in said.values()], dtype=pl.String)
    return texts.replace_strict(list(said), words, default=None, return_dtype=pl.String).zip_with(where, texts)


def _unreadable(raw: str) -> _Said:
    return None, f"holds {quoted(raw)}, which cannot be read"


def _cast(raw: str) -> float:
    return float(raw) if set(raw) & set(".eE") else int(raw)


def _number(raw: str) -> _Said:
    try:
        return cell_text(_cast(raw)), None
    except ValueError:
        return _unreadable(raw)


def _date(raw: str, epoch: dt.datetime, *, span: bool) -> _Said:
    try:
        serial = _cast(raw)
    except ValueError:
        return _unreadable(raw)
    try:
        found = from_excel(serial, epoch, timedelta=span)
    except (OverflowError, ValueError):
        return raw, f"is not a date that exists ({quoted(raw)})"
    if isinstance(found, dt.datetime) and found.year == 1900 and 60 <= serial < 61:
        return raw, "is 29 February 1900, a date that never existed"
    return cell_text(found), None


def _truth(raw: str) -> _Said:
    return ("true" if int(raw) else "false", None) if raw.strip().isdecimal() else _unreadable(raw)


def _written_date(raw: str) -> _Said:
    try:
        return cell_text(from_ISO8601(raw)), None  # type: ignore[no-untyped-call]
    except ValueError:
        return _unreadable(raw)


def _cut(text: str) -> _Said:
    if len(text) <= LONGEST_CELL:
        return text, None
    return text[:CUT] + "…", f"holds {len(text):,} characters, too many for a cell"
