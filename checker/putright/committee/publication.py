"""The published figures: counts too small to publish withheld, and others, until nothing gives one back.

Everything published is one system: rows and columns, services and all, months, quarters and years, each
percentage with its base, one table with another. What counts each figure knows what it counts (``figures``),
so every sum there is follows, and every difference of two figures, shown or not, counts as a figure too.
A zero is always shown: it is a count of nobody.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from putright import __version__, measures
from putright.committee.paper import Cell, Share, Table, Withheld
from putright.fields import STAGES
from putright.figures.counting import Counts
from putright.figures.counts import (
    ALL,
    OTHER,
    month_sheet,
    path_sheet,
    rule_sheets,
    service_sheet,
    stage_sheet,
    two_way_sheets,
)
from putright.figures.cubes import Cube, Figure, Sheet, Values, cell, needed
from putright.figures.supplied import Supplied
from putright.figures.suppression import THRESHOLD, Key, Relation, suppress
from putright.figures.tallies import BANDS, national

__all__ = ["THRESHOLD", "as_data", "publish", "published", "relations"]

Cubes = Mapping[str, Cube]
_NOTE = "Counts from 1 to {most} are withheld, and others that would give one back; a zero is a count of nobody."


@dataclass(frozen=True)
class Sum:
    """A figure that is the sum of others."""

    total: Figure
    parts: tuple[Figure, ...]


# --- what is published ----------------------------------------------------------------------------


def published(counts: Counts, supplied: Supplied | None = None, threshold: int = THRESHOLD) -> list[Table]:
    """Every table of the published figures, what must be withheld withheld.

    A service whose number of complaints must be withheld is not named: that a service is named tells that it
    has ``threshold`` cases or more, which could give the number away.
    """
    supplied = supplied or Supplied()
    cubes = measures.cubes_with(counts, supplied)
    folded: set[tuple[str, str]] = set()
    while True:
        sheets = publishable(counts, supplied, threshold, folded)
        sums = relations(sheets, counts, cubes) if threshold > 1 else []  # where nothing is withheld none is wanted
        tables = publish(sheets, sums, threshold, cubes)
        unnamed = set(_withheld_services(tables))
        if not unnamed:
            break
        folded |= unnamed
    letter = measures.letter_table(supplied)
    return [measures.definitions(), *tables, *([letter] if letter.rows else [])]


def _withheld_services(tables: Iterable[Table]) -> Iterator[tuple[str, str]]:
    """The services named whose number of complaints is withheld, each with its procedure."""
    rows = next(table.rows for table in tables if table.id == "services")
    for name, group, complaints, *_ in rows:
        if isinstance(complaints, Withheld) and name not in (OTHER, ALL):
            yield str(group), str(name)


def publishable(
    counts: Counts, supplied: Supplied, threshold: int = THRESHOLD, folded: Collection[tuple[str, str]] = ()
) -> list[Sheet]:
    """The sheets to publish: no reference, handler or free text in any; services with few cases are others.

    What was written by hand stays out but for the Ombudsman's letter, which is public.
    """
    return [
        *measures.sheets(counts, supplied),
        *rule_sheets(counts),
        stage_sheet(counts),
        service_sheet(counts, threshold, folded),
        month_sheet(counts),
        *two_way_sheets(counts),
        path_sheet(counts),
    ]


def publish(sheets: Sequence[Sheet], relations: Sequence[Sum], threshold: int, cubes: Cubes) -> list[Table]:
    """The sheets counted, with ``Withheld`` for each cell that must be. ``relations`` as from ``relations``."""
    hidden = withheld(sheets, relations, threshold, cubes)
    return [_table(sheet, hidden, threshold, cubes) for sheet in sheets]


def _table(sheet: Sheet, hidden: frozenset[Figure], threshold: int, cubes: Cubes) -> Table:
    def shown(entry: Any) -> Cell:
        return Withheld() if hidden.intersection(needed(entry)) else cell(entry, cubes)

    rows = tuple(tuple(shown(entry) for entry in row) for row in sheet.rows)
    note = f"{sheet.note} {_NOTE.format(most=threshold - 1)}" if threshold > 1 else sheet.note
    return Table(sheet.id, sheet.title, sheet.columns, rows, note.strip())


def _headlines(sheets: Iterable[Sheet]) -> Iterator[Figure]:
    """The figures that a committee asks for first: those of all services together."""
    for sheet in sheets:
        for row in sheet.rows:
            if row[0] == ALL:
                yield from (figure for entry in row for figure in needed(entry))


def withheld(sheets: Sequence[Sheet], relations: Sequence[Sum], threshold: int, cubes: Cubes) -> frozenset[Figure]:
    """The figures to withhold: everything is solved as one system, in pieces that share no sum."""
    shown = {figure for sheet in sheets for row in sheet.rows for entry in row for figure in needed(entry)}
    named = shown.union(*((relation.total, *relation.parts) for relation in relations))
    counts = {figure: number for figure in named if (number := cubes[figure.cube].count(figure))}
    same, sums = _merged(counts, relations)
    spared = {same[figure] for figure in _headlines(sheets) if figure in same}
    hidden: set[Key] = set()
    for piece in _pieces({same[figure] for figure in counts}, sums):
        members: dict[Key, int] = {key: counts[key] for key in piece.keys}
        sums_here = [Relation(each.total, each.parts) for each in piece.sums]
        hidden |= suppress(members, sums_here, threshold, spared)
    return frozenset(figure for figure in counts if same[figure] in hidden)


# --- every sum there is ---------------------------------------------------------------------------


def relations(sheets: Iterable[Sheet], counts: Counts, cubes: Cubes) -> list[Sum]:
    """Every sum that a reader of the sheets can make, of figures shown and of what their differences give.

    A part that counts nobody is left out.
    """
    shown = {figure for sheet in sheets for row in sheet.rows for entry in row for figure in needed(entry)}
    known = {figure for figure in shown if cubes[figure.cube].count(figure)}
    pairs = list(_same_counts(known, counts))
    known |= {figure for pair in pairs for figure in pair}
    known |= {figure.without("other") for pair in pairs for figure in pair}
    beside_zeros = list(_beside_zeros(known, shown - known, cubes))
    known |= {figure for pair in beside_zeros for figure in pair}
    made: dict[Sum, None] = dict.fromkeys(Sum(one, (other,)) for one, other in (*pairs, *beside_zeros))
    lines = _Lines(cubes)
    fresh = known
    while fresh:
        found = [relation for line in lines.through(fresh) for relation in _sums(line, cubes)]
        made |= dict.fromkeys(found)
        fresh = {figure for relation in found for figure in (relation.total, *relation.parts)} - known
        known |= fresh
        if not fresh:
            fresh = {figure for figure in _between(known, cubes) if cubes[figure.cube].count(figure)} - known
            known |= fresh
    return list(made)


def _beside_zeros(known: Iterable[Figure], zeros: Iterable[Figure], cubes: Cubes) -> Iterator[tuple[Figure, Figure]]:
    """A figure, and what is left of it beside one that is shown to count nobody: they count the same."""
    nobody: dict[str, list[Figure]] = defaultdict(list)
    for zero in sorted(zeros, key=str):
        if all(values for _, values in zero.where):
            nobody[zero.cube].append(zero)
    for figure in sorted(known, key=str):
        cube = cubes[figure.cube]
        at = {name: figure.values.get(name, cube.known(name)) for name in cube.dimensions}
        for zero in nobody[figure.cube]:
            outside = [name for name, values in zero.where if not at[name] <= values]
            if len(outside) == 1 and (rest := at[outside[0]] - zero.values[outside[0]]) < at[outside[0]]:
                yield figure, figure.with_values(outside[0], rest)


def _between(known: Iterable[Figure], cubes: Cubes) -> Iterator[Figure]:
    """What lies between a figure and the least of those that hold all of it, where they differ in several dimensions.

    It joins the two: one sum from the smaller to it, another from it to the larger.
    """
    from scipy.sparse import csr_array

    by_cube: dict[str, list[Figure]] = defaultdict(list)
    for figure in sorted(known, key=str):
        by_cube[figure.cube].append(figure)
    for name, figures in by_cube.items():
        cube = cubes[name]
        within = np.ones((len(figures), len(figures)), dtype=np.bool_)
        for dimension in cube.dimensions:
            sets = [figure.values.get(dimension, cube.known(dimension)) for figure in figures]
            number = {values: place for place, values in enumerate(dict.fromkeys(sets))}
            holds = np.array([[one <= other for other in number] for one in number])
            place = np.array([number[values] for values in sets])
            within &= holds[np.ix_(place, place)]
        within &= ~within.T  # a figure is not within itself
        few = csr_array(within, dtype=np.int32)  # most figures lie within few others
        within[(few @ few).nonzero()] = False
        for small, large in np.argwhere(within):
            yield from _joints(figures[small], figures[large], cube)


def _joints(small: Figure, large: Figure, cube: Cube) -> Iterator[Figure]:
    """The smaller figure as wide as the larger in one of the dimensions in which they differ."""
    wide = {name: large.values.get(name, cube.known(name)) for name in cube.dimensions}
    differ = [name for name in cube.dimensions if small.values.get(name, cube.known(name)) != wide[name]]
    if len(differ) > 1:
        for name in differ:
            yield cube.figure(**(dict(small.values) | {name: wide[name]}))


@dataclass(frozen=True)
class _Line:
    """Figures that differ in one dimension alone, by their values in it."""

    dimension: str
    figures: Mapping[Values, Figure]


class _Lines:
    """The lines that figures lie on, gathered as they become known."""

    def __init__(self, cubes: Cubes) -> None:
        self._cubes = cubes
        self._lines: dict[tuple[str, str, frozenset[tuple[str, Values]]], dict[Values, Figure]] = defaultdict(dict)

    def through(self, fresh: Iterable[Figure]) -> Iterator[_Line]:
        """The lines that any of these figures, all new, lies on with another."""
        touched: dict[tuple[str, str, frozenset[tuple[str, Values]]], None] = {}
        for figure in fresh:
            cube, at = self._cubes[figure.cube], figure.values
            for dimension in cube.dimensions:
                values = at.get(dimension)
                rest = figure.where if values is None else figure.where - {(dimension, values)}
                key = figure.cube, dimension, rest
                self._lines[key][values or cube.known(dimension)] = figure
                touched[key] = None
        yield from (_Line(key[1], self._lines[key]) for key in touched if len(self._lines[key]) > 1)


def _sums(line: _Line, cubes: Cubes) -> Iterator[Sum]:
    """Each figure of a line as the sum of the largest within it and of the rest; none that counts nobody."""
    sets = sorted(line.figures, key=lambda values: (len(values), sorted(values)))
    for place, whole in enumerate(sets):
        within = [values for values in sets[:place] if values < whole]
        if not within:
            continue
        parts = [values for values in within if not any(values < other for other in within)]
        if sum(map(len, parts)) > len(frozenset().union(*parts)):  # they overlap: each bit of them is a part
            parts = _bits(whole, within)
        rest = whole.difference(*parts)
        total = line.figures[whole]
        figures = [total.with_values(line.dimension, values) for values in (*parts, *([rest] if rest else []))]
        counted = tuple(figure for figure in figures if cubes[figure.cube].count(figure))
        yield Sum(total, counted)


def _bits(whole: Values, within: Sequence[Values]) -> list[Values]:
    """The values of a set in as few parts as those within it cut it into."""
    bits: dict[tuple[bool, ...], set[str]] = defaultdict(set)
    for value in whole:
        bits[tuple(value in part for part in within)].add(value)
    return [frozenset(bit) for bit in bits.values()]


def _same_counts(known: set[Figure], counts: Counts) -> Iterator[tuple[Figure, Figure]]:
    """Figures of different tables that count the same people: what a reader knows who knows what they mean.

    A step that the council's rulebook sets beside the national one; answers, refusals and their letters.
    """
    for figure in [*known]:
        for one, other in _beside(figure, counts):
            if one != other and counts.count(one) == counts.count(other) > 0:
                yield one, other


def _beside(figure: Figure, counts: Counts) -> Iterator[tuple[Figure, Figure]]:
    at = figure.values
    if figure.cube == "findings" and not at.keys() & {"service", "due", "extension"} and "rule" in at:
        time = at.get("received")
        where = {"group": at["group"]} if "group" in at else {}
        where |= {"time": time} if time else {}
        names = {rule.split(" ", 1)[0] for rule in at["rule"]}
        other = next((name for name, of in BANDS.items() if at.get("other") == frozenset([name])), None)
        if other and "class" not in at:
            yield figure, _nationally(names, other, at, counts)
        if len(names) == 1 and "other" not in at:
            (name,) = names
            every = counts.cubes["findings"].figure(**{key: at[key] for key in at if key != "class"})
            if name == "refusal-contents":
                yield every, counts.cubes["cases"].figure(**where, state=["refused"])
            for stage in STAGES:
                if name == f"response-stage{stage}-contents":
                    path = f"receipt to stage {stage} answer"
                    yield every, counts.cubes["paths"].figure(**where, path=[path])
                    if not time:
                        yield every, counts.cubes["answers"].figure(**where, stage=[str(stage)])
    if figure.cube == "paths" and "time" not in at and "path" in at:
        for stage in STAGES:
            if at["path"] == frozenset([f"receipt to stage {stage} answer"]) and "days" not in at:
                group = {"group": at["group"]} if "group" in at else {}
                yield figure, counts.cubes["answers"].figure(**group, stage=[str(stage)])


def _nationally(names: set[str], band: str, at: Mapping[str, Values], counts: Counts) -> Figure:
    """The same step of the same cases as the national rulebook has it, in one band."""
    (group,) = at.get("group", counts.cubes["findings"].values("group")[:1])
    where = {name: at[name] for name in ("group", "received") if name in at}
    rules = counts.rules_of(group, names)
    return counts.cubes["findings"].figure(
        **where, rulebook=[national(group)], rule=rules, **{"class": BANDS[band]}, other=BANDS
    )


# --- the system in pieces -------------------------------------------------------------------------


def _merged(counts: Mapping[Figure, int], relations: Iterable[Sum]) -> tuple[dict[Figure, Figure], list[Sum]]:
    """Figures that are one another (a sum of one part) as one; the sums among them."""
    leader = {figure: figure for figure in counts}

    def find(figure: Figure) -> Figure:
        while leader[figure] is not figure:
            figure = leader[figure]
        return figure

    sums = []
    for relation in relations:
        if len(relation.parts) == 1:
            leader[find(relation.parts[0])] = find(relation.total)
        elif relation.parts:
            sums.append(relation)
    same = {figure: find(figure) for figure in counts}
    merged = [Sum(same[each.total], tuple(same[part] for part in each.parts)) for each in sums]
    return same, list(dict.fromkeys(merged))


@dataclass(frozen=True)
class _Piece:
    keys: list[Figure]
    sums: list[Sum]


def _pieces(keys: Iterable[Figure], relations: Sequence[Sum]) -> Iterator[_Piece]:
    """The figures in groups that no sum joins."""
    leader = {key: key for key in keys}

    def find(key: Figure) -> Figure:
        while leader[key] is not key:
            key = leader[key]
        return key

    for relation in relations:
        for part in relation.parts:
            leader[find(part)] = find(relation.total)
    members: dict[Figure, _Piece] = defaultdict(lambda: _Piece([], []))
    for key in sorted(leader, key=str):
        members[find(key)].keys.append(key)
    for relation in relations:
        members[find(relation.total)].sums.append(relation)
    yield from members.values()


# --- figures.json ---------------------------------------------------------------------------------


def as_data(
    tables: Iterable[Table],
    counts: Counts,
    *,
    council: str | None = None,
    threshold: int = THRESHOLD,
    unreadable: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """The published figures as plain data, ready for JSON.

    ``{"format": "putright figures 1", "software", "council", "as_at", "period": {"from", "to"}, "counts_by":
    "received" or "due", "threshold", "unreadable": {"rows", "values"}, "tables": [{"id", "title", "note", "columns":
    [{"heading", "figures"}], "rows": [[cell, …], …]}]}``. A cell is text, a number, null (does not arise), a date
    ``2026-04-01``, ``{"count", "base", "percent"}`` for a share, or ``{"withheld": true}``. ``unreadable`` counts the
    rows that could not be read and are in no figure, and the values of other rows that could not be read and count as
    not recorded; it is left out where that is not known.
    """
    return {
        "format": "putright figures 1",
        "software": f"putright {__version__}",
        "council": council,
        "as_at": counts.as_at.isoformat(),
        "period": {"from": _iso(counts.period.start), "to": _iso(counts.period.end)},
        "counts_by": counts.period_by,
        "threshold": threshold,
        **({} if unreadable is None else {"unreadable": dict(unreadable)}),
        "tables": [_table_data(table) for table in tables],
    }


def _table_data(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "title": table.title,
        "note": table.note,
        "columns": [{"heading": column.heading, "figures": column.figures} for column in table.columns],
        "rows": [[_cell_data(each) for each in row] for row in table.rows],
    }


def _cell_data(each: Cell) -> Any:
    match each:
        case Share():
            return {"count": each.count, "base": each.base, "percent": each.percent}
        case Withheld():
            return {"withheld": True}
        case dt.date():
            return each.isoformat()
        case _:
            return each


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
