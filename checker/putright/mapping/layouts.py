"""Guess from the columns whether each row of an export is a case, a stage of one, or an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import permutations

import polars as pl

from putright.fields import FIELDS, Type
from putright.files.tables import key
from putright.mapping import columnnames
from putright.mapping.exportcolumns import Column
from putright.mapping.mappingfile import BETWEEN

#: A column with more different words than this is taken for free text.
FEW = 60


@dataclass(frozen=True)
class Layout:
    """What a row is, why, and which columns say so."""

    kind: str
    """``case``, ``stage`` or ``event``."""
    why: str
    case: str | None = None
    """The column with the case number."""
    numbers: Column | None = None
    """What it holds."""
    stage: str | None = None
    """The column that names the stage."""
    event: tuple[str, ...] = ()
    """The columns that name the event, one or two."""
    happened: Column = field(default_factory=lambda: Column("", pl.Series([], dtype=pl.String)))
    """What ``event`` holds, row by row."""
    left: str = ""
    """What a person still has to decide."""

    def repeats(self, word: str) -> bool:
        """Whether an event comes more than once in any case."""
        assert self.numbers is not None
        same = [value for value in self.happened.values if key(value) == key(word)]
        cases = self.numbers.cells.filter(self.happened.cells.is_in(same).fill_null(False))
        return cases.n_unique() < len(cases)


def find_layout(columns: Mapping[str, Column]) -> Layout:
    """The layout of a table with these columns."""
    case = _case_column(columns)
    if case is None:
        return Layout("case", "no column looks like a case number, so one row is taken for one case")
    numbers = columns[case]
    cells = numbers.cells.drop_nulls()
    if cells.n_unique() == len(cells):
        return Layout("case", f"every {case!r} is in one row only", case, numbers)
    others = {name: column for name, column in columns.items() if name != case}
    if names := _event_columns(others):
        why = f"{case!r} repeats, and {' with '.join(map(repr, names))} names what happened"
        return Layout("event", why, case, numbers, event=names, happened=_together(others, names))
    if stage := _stage_column(others):
        return Layout("stage", f"{case!r} repeats, and {stage!r} names the stage", case, numbers, stage)
    why = f"{case!r} repeats, but no column names a stage or an event"
    left = f"{case!r} repeats, yet no column names a stage or an event: see whether rows are cases"
    return Layout("case", why, case, numbers, left=left)


def step_of(word: str) -> str | None:
    """The date that an event's words name."""
    found = columnnames.match(word, dates=True)
    if found is None or " " in found.field:
        return None
    if found.field == "N_requested" and found.stage == 1:
        return "received"
    name = found.field.replace("N_", f"stage{found.stage or 1}_")
    return name if name in FIELDS and FIELDS[name].type is Type.DATE else None


def _case_column(columns: Mapping[str, Column]) -> str | None:
    named = []
    for name, column in columns.items():
        found = columnnames.match(name, dates=False)
        if found and found.field == "reference" and not column.is_date:
            named.append(name)
    return max(named, key=lambda name: (columns[name].cells.is_not_null().sum(), name == "reference"), default=None)


def _stage_column(columns: Mapping[str, Column]) -> str | None:
    for name, column in columns.items():
        if 0 < len(column.values) <= FEW and (
            columnnames.is_stage_name(name) or all(columnnames.stage_of(word) for word in column.values)
        ):
            return name
    return None


def _event_columns(columns: Mapping[str, Column]) -> tuple[str, ...]:
    """The column of few words that names most dated steps, or two that name more together."""
    few = [name for name, column in columns.items() if not column.is_date and 1 < len(column.words) <= FEW]
    best: tuple[str, ...] = ()
    most = 1
    for names in [*((name,) for name in few), *permutations(few, 2)]:
        words = _together(columns, names).words
        steps = [step for word in words if (step := step_of(word))]
        if len(words) <= FEW and len(steps) * 3 > len(words) and len(set(steps)) > most:
            best, most = names, len(set(steps))
    return best


def _together(columns: Mapping[str, Column], names: tuple[str, ...]) -> Column:
    """One column, or two joined row by row."""
    parts = pl.DataFrame({name: columns[name].cells for name in names})
    together = parts.select(pl.concat_str(pl.all(), separator=BETWEEN, ignore_nulls=True)).to_series()
    return Column(" ".join(names), together.set(together == "", None))
