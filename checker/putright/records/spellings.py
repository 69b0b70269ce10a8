"""Values for the figures that differ only in capitals or spaces: one value, shown as it is most often written."""

from __future__ import annotations

from collections import Counter, defaultdict

import polars as pl

from putright.files.tables import key, quoted
from putright.text.english import counted, listed

#: The most values, and the most spellings of each, that are named.
_MOST = 5


class Spellings:
    """The spellings of one field's values, gathered batch by batch."""

    def __init__(self) -> None:
        self._cases: Counter[str] = Counter()

    def add(self, values: pl.Series) -> None:
        """Count the spellings of a batch."""
        texts = values.cast(pl.String).str.strip_chars().drop_nulls()
        self._cases.update(dict(texts.filter(texts != "").value_counts().iter_rows()))

    def _several(self) -> list[list[str]]:
        """The spellings of each value that has several, the most frequent first."""
        found: dict[str, list[str]] = defaultdict(list)
        for spelling in sorted(self._cases, key=lambda each: (-self._cases[each], each)):
            found[key(spelling)].append(spelling)
        return [spellings for _, spellings in sorted(found.items()) if len(spellings) > 1]

    def mains(self) -> dict[str, str]:
        """Each spelling that is not the most frequent of its value, and the one that is."""
        return {other: main for main, *others in self._several() for other in others}

    def note(self, field: str) -> str:
        """What was counted as one, for a person; blank if nothing was."""
        several = self._several()
        if not several:
            return ""
        shown = "; ".join(
            listed(f"{quoted(each)} ({counted(self._cases[each], 'case')})" for each in spellings[:_MOST])
            for spellings in several[:_MOST]
        )
        more = f"; and {len(several) - _MOST:,} more" if len(several) > _MOST else ""
        return f"values of {field} that differ only in capitals or spaces are counted as one: {shown}{more}"
