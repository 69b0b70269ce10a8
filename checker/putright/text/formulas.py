"""Text of CSV files that a spreadsheet would run: an apostrophe before it makes it text, as it does in Excel.

What one function does the other undoes, whatever the text.
"""

from __future__ import annotations

import polars as pl

#: What begins a formula, and what was made inert before.
_BEGINS = r"'*[=+\-@\t\r]"


def inert(frame: pl.DataFrame) -> pl.DataFrame:
    """A table with no text that a spreadsheet would run."""
    return frame.with_columns(pl.col(pl.String).str.replace(f"^({_BEGINS})", "'$1"))


def as_meant(frame: pl.DataFrame) -> pl.DataFrame:
    """A table with its text as it was before."""
    return frame.with_columns(pl.col(pl.String).str.replace(f"^'({_BEGINS})", "$1"))
