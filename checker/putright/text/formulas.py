"""Escape text in CSV files that a spreadsheet would run as a formula, with an apostrophe before it, as Excel does.

The two functions are inverse for every text.
"""

from __future__ import annotations

import polars as pl

#: The first characters of a formula, also after an apostrophe.
_BEGINS = r"'*[=+\-@\t\r]"


def inert(frame: pl.DataFrame) -> pl.DataFrame:
    """The table with every text escaped that a spreadsheet would run."""
    return frame.with_columns(pl.col(pl.String).str.replace(f"^({_BEGINS})", "'$1"))


def as_meant(frame: pl.DataFrame) -> pl.DataFrame:
    """The table with its text unescaped."""
    return frame.with_columns(pl.col(pl.String).str.replace(f"^'({_BEGINS})", "$1"))
