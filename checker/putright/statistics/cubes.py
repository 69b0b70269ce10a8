"""Cubes of counts, figures as parts of a cube, and sheets of figures.

A figure knows which part of a cube it counts. So everything published can be treated as one system: that a year is
the sum of its quarters follows from the figures themselves, and need not be declared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from putright.documents.paper import Cell, Column, Share, Table
from putright.text import rounding

COUNT = "count"
Values = frozenset[str]


@dataclass(frozen=True)
class Figure:
    """One count: of those in a cube that have one of these values in each of these dimensions.

    A dimension not named is not restricted. Make one with ``Cube.figure``, so that the same count is the
    same figure however it was asked for.
    """

    cube: str
    where: frozenset[tuple[str, Values]]

    @cached_property
    def values(self) -> Mapping[str, Values]:
        """The restricted dimensions with their values."""
        return dict(self.where)

    def with_values(self, dimension: str, values: Values) -> Figure:
        """The same but for one dimension."""
        return Figure(self.cube, frozenset((dict(self.where) | {dimension: values}).items()))

    def without(self, dimension: str) -> Figure:
        """The same but not restricted in one dimension."""
        return Figure(self.cube, frozenset(part for part in self.where if part[0] != dimension))

    @cached_property
    def name(self) -> str:
        """The figure in words; figures are put in order by it."""
        parts = (f"{name}: {'/'.join(sorted(values))}" for name, values in sorted(self.where))
        return f"{self.cube} ({'; '.join(parts)})"

    def __str__(self) -> str:
        return self.name


class Cube:
    """Counts by several dimensions of text, gathered batch by batch; a combination without cases is not stored."""

    def __init__(self, name: str, dimensions: Sequence[str]) -> None:
        self.name = name
        self.dimensions = tuple(dimensions)
        self._frame = pl.DataFrame(schema=dict.fromkeys(self.dimensions, pl.String) | {COUNT: pl.Int64})
        self._counted: dict[Figure, int] = {}
        self._columns: dict[str, _Column] = {}
        self._known: dict[str, Values] = {}

    def add(self, frames: Iterable[pl.DataFrame]) -> None:
        """Count more: frames of the dimensions and how many there are of each combination."""
        columns = [*(pl.col(name).cast(pl.String) for name in self.dimensions), pl.col(COUNT).cast(pl.Int64)]
        more = [frame.select(columns) for frame in frames]
        self._frame = pl.concat([self._frame, *more]).group_by(self.dimensions).agg(pl.col(COUNT).sum())
        self._frame = self._frame.sort(self.dimensions)
        self._counted, self._columns, self._known = {}, {}, {}

    def rename(self, dimension: str, names: Mapping[str, str]) -> None:
        """Count some values of a dimension as others."""
        if names and not self.known(dimension).isdisjoint(names):
            self._frame = self._frame.with_columns(pl.col(dimension).replace(names))
            self.add([])

    def __len__(self) -> int:
        """The number of combinations stored."""
        return self._frame.height

    def values(self, dimension: str, figure: Figure | None = None) -> list[str]:
        """The values there are, in alphabetical order; with a figure, among those it counts."""
        if figure is None:
            return sorted(self.known(dimension))
        return sorted(self._frame[dimension][self._rows(figure)].unique())

    def known(self, dimension: str) -> Values:
        """Every value there is in a dimension."""
        if dimension not in self._known:
            self._known[dimension] = frozenset(self._frame[dimension].unique())
        return self._known[dimension]

    def figure(self, **where: Iterable[str]) -> Figure:
        """The figure of those with these values; values without cases are ignored."""
        kept = {}
        for name, values in where.items():
            known = self.known(name)
            if (found := frozenset(values) & known) != known or not known:
                kept[name] = found
        return Figure(self.name, frozenset(kept.items()))

    def count(self, figure: Figure) -> int:
        """How many the figure counts."""
        if figure not in self._counted:
            self._counted[figure] = int(self._frame[COUNT].to_numpy()[self._rows(figure)].sum())
        return self._counted[figure]

    def spread(self, figure: Figure, dimension: str) -> dict[str, int]:
        """How many of those the figure counts have each value of a dimension."""
        rows = self._frame[self._rows(figure)]
        found = rows.group_by(dimension).agg(pl.col(COUNT).sum()).sort(dimension)
        return dict(zip(found[dimension].to_list(), found[COUNT].to_list(), strict=True))

    def _rows(self, figure: Figure) -> NDArray[np.intp]:
        """The rows that a figure counts: those of its rarest values, and of these the ones that have all others."""
        if not figure.where:
            return np.arange(self._frame.height)
        columns = [(self._column(name), values) for name, values in figure.where]
        columns.sort(key=lambda each: each[0].height(each[1]))
        (first, values), *others = columns
        rows = first.rows(values)
        for column, values in others:
            rows = rows[column.wanted(values)[column.numbers[rows]]]
        return rows

    def _column(self, name: str) -> _Column:
        if name not in self._columns:
            self._columns[name] = _Column(self._frame[name].to_list())
        return self._columns[name]


class _Column:
    """The values of a dimension as numbers, with the rows of each, since text is slow to compare."""

    def __init__(self, values: Sequence[str]) -> None:
        self._places = {value: number for number, value in enumerate(dict.fromkeys(values))}
        self.numbers = np.array([self._places[value] for value in values], dtype=np.intp)
        self._order = np.argsort(self.numbers, kind="stable")
        counts = np.bincount(self.numbers, minlength=len(self._places))
        self._ends = np.concatenate([[0], np.cumsum(counts)])

    def _known(self, values: Iterable[str]) -> list[int]:
        return [self._places[value] for value in values if value in self._places]

    def height(self, values: Iterable[str]) -> int:
        """How many rows have one of these values."""
        return sum(int(self._ends[number + 1] - self._ends[number]) for number in self._known(values))

    def rows(self, values: Iterable[str]) -> NDArray[np.intp]:
        """The rows that have one of these values, in their order."""
        found = [self._order[self._ends[number] : self._ends[number + 1]] for number in self._known(values)]
        return np.sort(np.concatenate(found)) if found else np.array([], dtype=np.intp)

    def wanted(self, values: Iterable[str]) -> NDArray[np.bool_]:
        """By the number of each value, whether it is one of these."""
        wanted = np.zeros(len(self._places), dtype=np.bool_)
        wanted[self._known(values)] = True
        return wanted


# --- sheets ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ratio:
    """A figure as a share of another that contains it; None if the base is 0."""

    count: Figure
    base: Figure


@dataclass(frozen=True)
class Rate:
    """A figure for each so many of a number that records cannot show, as 2.4 for each 1,000 residents."""

    count: Figure
    of: int
    each: int = 1000


@dataclass(frozen=True)
class Middle:
    """The median of a dimension of whole numbers; ``parts`` are the figures of the same distribution."""

    of: Figure
    dimension: str
    parts: tuple[Figure, ...]


Entry = str | int | dt.date | Figure | Ratio | Rate | Middle | None


@dataclass(frozen=True)
class Sheet:
    """A table of figures before they are counted; the first column names the row."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Entry, ...], ...]
    note: str = ""

    def table(self, cubes: Mapping[str, Cube]) -> Table:
        """The table with its figures counted."""
        rows = tuple(tuple(cell(entry, cubes) for entry in row) for row in self.rows)
        return Table(self.id, self.title, self.columns, rows, self.note)


def needed(entry: Entry) -> tuple[Figure, ...]:
    """The figures that a reader of this entry learns."""
    match entry:
        case Figure():
            return (entry,)
        case Ratio():
            return (entry.count, entry.base)
        case Rate():
            return (entry.count,)
        case Middle():
            return (entry.of, *entry.parts)
        case _:
            return ()


def cell(entry: Entry, cubes: Mapping[str, Cube]) -> Cell:
    """An entry as a cell, with everything counted."""

    def count(figure: Figure) -> int:
        return cubes[figure.cube].count(figure)

    match entry:
        case Figure():
            return count(entry)
        case Ratio():
            base = count(entry.base)
            return Share(count(entry.count), base) if base else None
        case Rate():
            return f"{rounding.ratio(entry.each * count(entry.count), entry.of, 2):,}"
        case Middle():
            return _median(cubes[entry.of.cube].spread(entry.of, entry.dimension))
        case _:
            return entry


def _median(spread: Mapping[str, int]) -> Cell:
    """The middle number, or the lower of the two middle ones: always a number that somebody has."""
    total = sum(spread.values())
    reached = 0
    for number in sorted(spread, key=int):
        reached += spread[number]
        if 2 * reached >= total:
            return int(number)
    return None
