"""Find references that look the same to a reader but differ: perhaps one case recorded twice.

They differ in capitals, in the form of a letter (NFKC) or in invisible characters. To save memory, only a hash of each
reference is kept, and the text of those that are not in their normal form.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import polars as pl
from numpy.typing import NDArray

#: Invisible characters: control and formatting characters, combining marks and blank letters.
_UNSEEN = r"[\p{Cc}\p{Cf}\p{Mn}\x{115F}\x{1160}\x{2800}\x{3164}\x{FFA0}]"
#: Anything but printable ASCII. Most references are ASCII, whose normal form only changes the case.
_UNUSUAL = r"[^!-~]"


class References:
    """The references of a file, batch by batch; no two are the same."""

    def __init__(self) -> None:
        self._numbers: list[NDArray[np.uint64]] = []
        self._texts: list[pl.DataFrame] = []

    def add(self, references: pl.Series) -> None:
        """Add a batch."""
        usual = not references.str.contains(_UNUSUAL).any()
        plainest = pl.col("text").str.to_uppercase() if usual else _plainest(pl.col("text"))
        text = references.to_frame("text").with_columns(plainest.alias("plain"))
        self._numbers.append(text["plain"].hash().to_numpy())
        self._texts.append(text.filter(pl.col("text") != pl.col("plain")))

    def alike(self) -> list[list[str]]:
        """The references that look the same, each group and all groups in alphabetical order."""
        if not self._numbers:
            return []
        numbers = np.sort(np.concatenate(self._numbers))
        twice = pl.Series(np.unique(numbers[1:][numbers[1:] == numbers[:-1]]))
        texts = pl.concat(self._texts)
        groups: dict[str, list[str]] = defaultdict(list)
        for text, plain in texts.filter(texts["plain"].hash().is_in(twice.implode())).iter_rows():
            groups[plain].append(text)
        count = dict(zip(*np.unique(numbers, return_counts=True), strict=True)) if groups else {}
        for plain, found in groups.items():
            if count[pl.Series([plain]).hash()[0]] > len(found):  # the plainest form is one of them
                found.append(plain)
        return sorted(sorted(found) for found in groups.values() if len(found) > 1)


def _plainest(text: pl.Expr) -> pl.Expr:
    """The normal form: capitals in NFKC, single spaces and no invisible characters."""
    shown = text.str.normalize("NFKC").str.to_uppercase().str.replace_all(_UNSEEN, "")
    return shown.str.replace_all(r"\s+", " ").str.strip_chars()
