"""What each column held in the file that a mapping was made for, and where a later file differs."""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from putright.files.tables import ROW, ROW_ERROR, key
from putright.mapping import columnnames
from putright.mapping.exportcolumns import as_text, is_dated
from putright.mapping.layouts import FEW
from putright.mapping.mappingfile import Mapping

#: The kind of a column is judged by this many of its values.
_SAMPLE = 60
#: The most differences that are named.
_MOST = 12


def kind_of(cells: pl.Series) -> str:
    """What a column holds: ``empty``, ``dates`` (most values are), ``stages`` (words such as "Stage 2") or ``text``."""
    words = as_text(cells).drop_nulls().unique(maintain_order=True)
    some = words.head(_SAMPLE + 2 * len(columnnames.BLANKS)).to_list()
    values = [value for value in some if key(value) not in columnnames.BLANKS][:_SAMPLE]
    if not values:
        return "empty"
    if sum(map(is_dated, values)) * 2 >= len(values):
        return "dates"
    staged = len(words) <= FEW and any(columnnames.stage_named(value) for value in values)
    return "stages" if staged else "text"


class Differences:
    """Where a file differs from the one that its mapping was made for, gathered a table at a time."""

    def __init__(self, mapping: Mapping) -> None:
        self._made = {key(name): (name, kind) for name, kind in mapping.made_for.items()}
        self._read = {key(name) for _, name in mapping.columns()}
        self._names: dict[str, str] = {}
        self._kinds: dict[str, set[str]] = defaultdict(set)

    def add(self, frame: pl.DataFrame) -> None:
        """Take in the columns of one table of the file, as they were before anything was converted."""
        if not self._made or not frame.height:
            return
        for name in frame.columns:
            if name not in (ROW, ROW_ERROR):
                self._names.setdefault(key(name), name)
                self._kinds[key(name)].add(kind_of(frame[name]))

    def notes(self) -> list[str]:
        """What a person has to know before any verdict; nothing if the file is like the other."""
        if not self._made or not self._names:
            return []
        found = [f"column {name!r} is new" for own, name in self._names.items() if own not in self._made]
        found += [f"column {name!r} has gone" for own, (name, _) in self._made.items() if own not in self._names]
        for own, (name, kind) in self._made.items():
            now = self._kinds.get(own, set()) - {"empty"}
            if own in self._names and (said := self._changed(own, kind, now)):
                found.append(f"column {name!r} {said}")
        if not found:
            return []
        more = f"; and {len(found) - _MOST:,} more" if len(found) > _MOST else ""
        shown = "; ".join(found[:_MOST])
        return [
            f"the file differs from the one that the mapping was made for: {shown}{more}. "
            "Check the mapping, or propose it again with putright map"
        ]

    def _changed(self, own: str, kind: str, now: set[str]) -> str:
        """What has changed in a column; blank if its values still fit."""
        had = {"empty": "was empty", "dates": "had dates", "stages": "had stages", "text": "had text"}[kind]
        if not now:
            return f"{had} and is empty" if kind != "empty" and own in self._read else ""
        others = sorted(now - {kind})
        if kind == "stages" and own not in self._read:
            others = [other for other in others if other == "dates"]
        return f"{had} and has {' and '.join(others)}" if others else ""
