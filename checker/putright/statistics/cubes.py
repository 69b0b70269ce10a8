"""Cubes of counts, figures as parts of a cube, and sheets of figures.

A figure knows which part of a cube it counts. So everything published can be treated as one system: that a year is
the sum of its quarters follows from the figures themselves, and need not be declared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Literal, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from putright.documents.paper import Cell, Column, Share, Table, Withheld
from putright.text import rounding

COUNT = "count"
Values = frozenset[str]


class _Figure(NamedTuple):
    cube: str
    where: frozenset[tuple[str, Values]]


class Figure(_Figure):
    """One count: of those in a cube that have one of these values in each of these dimensions.

    A dimension not named is not restricted. Make one with ``Cube.figure``, so that the same count is the
    same figure however it was asked for. A tuple, since figures are looked up far more often than they are made.
    """

    @cached_property
    def values(self) -> Mapping[str, Values]:
        """The restricted dimensions with their values."""
        return dict(self.where)

    def with_values(self, dimension: str, values: Values) -> Figure:
        """The same but for one dimension."""
        here = self.values.get(dimension)
        rest = self.where if here is None else self.where - {(dimension, here)}
        return Figure(self.cube, rest | {(dimension, values)})

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
    """Counts by several dimensions of text, gathered batch by batch; a combination without cases is not stored.

    The combinations are rows. A set of rows is a whole number with a bit for each: to count a figure takes an ``&`` for
    each dimension that it restricts.
    """

    def __init__(self, name: str, dimensions: Sequence[str]) -> None:
        self.name = name
        self.dimensions = tuple(dimensions)
        self._frame = pl.DataFrame(schema=dict.fromkeys(self.dimensions, pl.String) | {COUNT: pl.Int64})
        self._forget()

    def add(self, frames: Iterable[pl.DataFrame]) -> None:
        """Count more: frames of the dimensions and how many there are of each combination."""
        columns = [*(pl.col(name).cast(pl.String) for name in self.dimensions), pl.col(COUNT).cast(pl.Int64)]
        more = [frame.select(columns) for frame in frames]
        self._frame = pl.concat([self._frame, *more]).group_by(self.dimensions).agg(pl.col(COUNT).sum())
        self._frame = self._frame.sort(self.dimensions)
        self._forget()

    def _forget(self) -> None:
        self._counted: dict[Figure, int] = {}
        self._known: dict[str, Values] = {}
        self._parts: dict[tuple[str, Values], tuple[str, Values] | None] = {}
        self._with_value: dict[str, dict[str, int]] = {}
        self._with_values: dict[tuple[str, Values], int] = {}
        self._with_bit: list[int] = []

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
        rows = self._rows(figure)
        return [value for value, having in self._each(dimension).items() if rows & having]

    def known(self, dimension: str) -> Values:
        """Every value there is in a dimension."""
        if dimension not in self._known:
            self._known[dimension] = frozenset(self._frame[dimension].unique())
        return self._known[dimension]

    def figure(self, **where: Iterable[str]) -> Figure:
        """The figure of those with these values; values without cases are ignored."""
        parts = [self._part(name, frozenset(values)) for name, values in where.items()]
        return Figure(self.name, frozenset([part for part in parts if part]))

    def _part(self, name: str, values: Values) -> tuple[str, Values] | None:
        """How a figure is restricted to these values; None if all that there are are among them."""
        if (name, values) not in self._parts:
            known = self.known(name)
            found = values & known
            self._parts[name, values] = (name, found) if found != known or not known else None
        return self._parts[name, values]

    def count(self, figure: Figure) -> int:
        """How many the figure counts."""
        if (counted := self._counted.get(figure)) is None:
            counted = self._counted[figure] = self._sum(self._rows(figure))
        return counted

    def spread(self, figure: Figure, dimension: str) -> dict[str, int]:
        """How many of those the figure counts have each value of a dimension."""
        rows = self._rows(figure)
        return {
            value: self._sum(rows & having) for value, having in sorted(self._each(dimension).items()) if rows & having
        }

    # --- sets of rows -----------------------------------------------------------------------------

    def _rows(self, figure: Figure) -> int:
        """The rows that a figure counts."""
        rows = (1 << self._frame.height) - 1
        for part in figure.where:
            rows &= self._having(part)
        return rows

    def _having(self, part: tuple[str, Values]) -> int:
        """The rows that have one of these values in a dimension."""
        if (rows := self._with_values.get(part)) is None:
            name, values = part
            each = self._each(name)
            rows = self._with_values[part] = reduce(or_, (each.get(value, 0) for value in values), 0)
        return rows

    def _each(self, dimension: str) -> dict[str, int]:
        """The rows that have each value of a dimension, in alphabetical order."""
        if dimension not in self._with_value:
            column = self._frame[dimension]
            self._with_value[dimension] = {
                value: _bits((column == value).to_numpy()) for value in self.values(dimension)
            }
        return self._with_value[dimension]

    def _sum(self, rows: int) -> int:
        """How many these rows count: by the bits of the counts, since whole numbers are quick to combine."""
        if not self._with_bit:
            counts = self._frame[COUNT].to_numpy()
            most = int(counts.max(initial=0))
            self._with_bit = [_bits(counts >> place & 1 == 1) for place in range(most.bit_length())]
        return sum((rows & having).bit_count() << place for place, having in enumerate(self._with_bit))


def _bits(where: NDArray[np.bool_]) -> int:
    """A whole number with a bit for each place that is true."""
    return int.from_bytes(np.packbits(where, bitorder="little").tobytes(), "little")


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


@dataclass(frozen=True)
class Mean:
    """The mean of a dimension of whole numbers, to one decimal place."""

    of: Figure
    dimension: str


@dataclass(frozen=True)
class Money:
    """Amounts in a dimension of pence: their sum, or their median. In whole pounds."""

    of: Figure
    dimension: str
    kind: Literal["sum", "median"]

    def is_mostly_one(self, cubes: Mapping[str, Cube]) -> bool:
        """Whether one amount is more than half of all: the sum would tell nearly what one person was paid."""
        amounts = [int(pence) for pence in cubes[self.of.cube].spread(self.of, self.dimension)]
        return bool(amounts) and 2 * max(amounts) > self.total(cubes)

    def total(self, cubes: Mapping[str, Cube]) -> int:
        """The sum in pence."""
        return _total(cubes[self.of.cube].spread(self.of, self.dimension))


#: ``Withheld`` stands for figures that are left out whatever they are.
Entry = str | int | dt.date | Figure | Ratio | Rate | Middle | Mean | Money | Withheld | None
Row = tuple[Entry, ...]


@dataclass(frozen=True)
class Sheet:
    """A table of figures before they are counted; the first column names the row."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
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
        case Mean() | Money():
            return (entry.of,)
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
        case Mean():
            total = _total(cubes[entry.of.cube].spread(entry.of, entry.dimension))
            return f"{rounding.ratio(total, count(entry.of), 1):,}" if count(entry.of) else None
        case Money():
            return _pounds(entry, cubes) if count(entry.of) else None
        case _:
            return entry


def _pounds(entry: Money, cubes: Mapping[str, Cube]) -> str:
    if entry.kind == "sum":
        pence = entry.total(cubes)
    else:
        middle = _median(cubes[entry.of.cube].spread(entry.of, entry.dimension))
        assert isinstance(middle, int)
        pence = middle
    return f"£{rounding.ratio(pence, 100, 0):,}"


def _total(spread: Mapping[str, int]) -> int:
    """The sum of whole numbers, each as often as it is there."""
    return sum(int(number) * times for number, times in spread.items())


def _median(spread: Mapping[str, int]) -> Cell:
    """The middle number, or the lower of the two middle ones: always a number that somebody has."""
    total = sum(spread.values())
    reached = 0
    for number in sorted(spread, key=int):
        reached += spread[number]
        if 2 * reached >= total:
            return int(number)
    return None
