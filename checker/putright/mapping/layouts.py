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
from putright.mapping.questions import ANSWER_FIRST

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
    doubt: str = ""
    """Where it is not plain that the stage column is about its row: what to take it for until a person has said."""

    reached: str | None = None
    """The column with the stage that a case has reached, where a row is a case."""

    def as_cases(self) -> Layout:
        """The same rows as one for each case."""
        why = f"{self.stage!r} is taken for the stage that a case has reached"
        return Layout("case", why, self.case, self.numbers, reached=self.stage)

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
    alone = cells.n_unique() == len(cells)
    others = {name: column for name, column in columns.items() if name != case}
    if not alone and (names := _event_columns(others)):
        why = f"{case!r} repeats, and {' with '.join(map(repr, names))} names what happened"
        return Layout("event", why, case, numbers, event=names, happened=_together(others, names))
    if stage := _stage_column(others):
        repeats = "is in one row only" if alone else "repeats"
        why = f"{case!r} {repeats}, and {stage!r} names the stage"
        return Layout("stage", why, case, numbers, stage, doubt=_doubt(others, stage, alone))
    if alone:
        return Layout("case", f"every {case!r} is in one row only", case, numbers)
    why = f"{case!r} repeats, but no column names a stage or an event"
    left = f"{case!r} repeats, yet no column names a stage or an event: see whether rows are cases"
    return Layout("case", why, case, numbers, left=left)


def _doubt(columns: Mapping[str, Column], stage: str, alone: bool) -> str:
    """What to take the stage column for, where its name or those of other columns leave that open; blank if not.

    Other columns for stage 2 mean that a row has the whole case, and so do other columns for any stage where it is the
    words of this one alone that name stages. A state may be that of the case or of its row.
    """
    if any(columnnames.stage_named(name) == 2 and name != stage and column.is_date for name, column in columns.items()):
        return "reached"
    if not columnnames.is_stage_name(stage) and any(columnnames.stage_named(name) for name in columns):
        return "reached"
    if {"status", "state"} & set(columnnames.plain(stage)):
        return ANSWER_FIRST if alone else "row"
    return ""


def step_of(word: str) -> str | None:
    """The date that an event's words name."""
    found = columnnames.match(word, dates=True)
    return step_field(found) if found is not None and found.sure else None


def step_field(found: columnnames.Match) -> str | None:
    """The field of dates that an event's words mean, at stage 1 where they name none."""
    if " " in found.field:
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
    """The column that names stages: by its own name, or by words such as "Stage 2" in at least half of its values."""
    few = {name: column for name, column in columns.items() if 0 < len(column.values) <= FEW and not column.is_date}
    for name, column in few.items():
        if columnnames.is_stage_name(name) and any(columnnames.stage_of(word) for word in column.values):
            return name
    staged = any(columnnames.stage_named(name) for name in columns)
    for name, column in few.items():
        if staged and {"status", "state"} & set(columnnames.plain(name)):
            continue  # the state of a case whose stages have columns of their own
        named = sum(columnnames.stage_named(word) is not None for word in column.words)
        if named * 2 >= len(column.words):
            return name
    return None


def _event_columns(columns: Mapping[str, Column]) -> tuple[str, ...]:
    """The column of few words that names most dated steps, or two that name more together."""
    few = [name for name, column in columns.items() if not column.is_date and 1 < len(column.words) <= FEW]
    best: tuple[str, ...] = ()
    most = 1
    for names in [*((name,) for name in few), *permutations(few, 2)]:
        words = _together(columns, names).words
        steps = [step for word in words if not columnnames.is_state(word) and (step := step_of(word))]
        if len(words) <= FEW and len(steps) * 3 > len(words) and len(set(steps)) > most:
            best, most = names, len(set(steps))
    return best


def _together(columns: Mapping[str, Column], names: tuple[str, ...]) -> Column:
    """One column, or two joined row by row."""
    parts = pl.DataFrame({name: columns[name].cells for name in names})
    together = parts.select(pl.concat_str(pl.all(), separator=BETWEEN, ignore_nulls=True)).to_series()
    return Column(" ".join(names), together.set(together == "", None))
