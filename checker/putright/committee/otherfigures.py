"""Figures copied from ``figures.json`` files: of periods before the records begin, and of other councils."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from putright.disclosure.earlier import figures_file
from putright.disclosure.figuresfile import FiguresError, FiguresTable, Hidden, PublishedFigures, Ratio, read_figures
from putright.documents.paper import Cell, Column, Share, Table, Withheld, spell
from putright.statistics.measures import KINDS
from putright.statistics.tables import slug
from putright.text.english import written_date

OTHERS = "other-councils"
_CORPORATE = slug("measures", "corporate")
#: Where a table of measures has what identifies a row: its name and its id.
_WORDS = 2
#: The measures that a comparison shows: the council's own conduct, as shares.
_COMPARED = ("W4", "W5", "W6", "W8")
#: The measure that is supplied by hand, for whatever period.
_SUPPLIED = "W1"
#: Where the columns of a table of measures end: the year so far, and the year before.
_YEAR, _YEAR_BEFORE = -2, -1

_Row = tuple[object, ...]


# --- periods before the records begin -------------------------------------------------------------


def with_earlier(tables: Iterable[Table], published: Iterable[PublishedFigures]) -> list[Table]:
    """The tables; a period that the records do not cover is copied from the latest figures that have it."""
    latest = sorted(published, key=lambda each: each.as_at, reverse=True)
    return [_filled(table, latest) if table.id.startswith(tuple(KINDS)) else table for table in tables]


def _filled(table: Table, published: Sequence[PublishedFigures]) -> Table:
    columns = {place: column.heading for place, column in enumerate(table.columns) if column.figures}
    for place, heading in columns.items():
        if any(row[place] is not None for row in table.rows if row[1] != _SUPPLIED):
            continue
        for figures in published:
            if found := _column(table, figures, heading):
                rows = tuple(
                    (*row[:place], found.get(name) if row[place] is None else row[place], *row[place + 1 :])
                    for name, row in _named(table.rows)
                )
                note = f" {heading} is copied from the figures published as at {written_date(figures.as_at)}."
                table = replace(table, rows=rows, note=table.note + note)
                break
    return table


def _column(table: Table, figures: PublishedFigures, heading: str) -> dict[_Row, Cell]:
    """The cells of a column of a published table, by what identifies their rows; empty where it has none of ours."""
    for theirs in figures.tables:
        headings = [column.heading for column in theirs.columns]
        if theirs.id == table.id and heading in headings:
            place = headings.index(heading)
            found = {name: _cell(row[place]) for name, row in _named(theirs.rows)}
            ours = {name for name, _ in _named(table.rows)}
            return found if any(found[name] is not None for name in ours & found.keys()) else {}
    return {}


def _named(rows: Iterable[Sequence[object]]) -> Iterator[tuple[_Row, tuple[Cell, ...]]]:
    """Each row with its name and id, and how many rows before it have the same."""
    seen: Counter[_Row] = Counter()
    for row in rows:
        words = tuple(row[:_WORDS])
        yield (*words, seen[words]), tuple(row)  # type: ignore[arg-type]  # cells, of a table or of a file
        seen[words] += 1


def _cell(value: object) -> Cell:
    """A published value as a cell of ours."""
    match value:
        case Ratio():
            return Share(value.count, value.base)
        case Hidden():
            return Withheld()
        case str() | int():
            return value
    return None


# --- other councils -------------------------------------------------------------------------------


def read_others(places: Iterable[Path], council: str | None) -> dict[Path, PublishedFigures]:
    """The published figures of other councils, by their files; FiguresError where one cannot be compared."""
    found = {}
    for place in places:
        path = figures_file(place)
        figures = read_figures(path)
        if figures.council is None or figures.council == council:
            whose = "does not say whose figures they are" if figures.council is None else "has your own figures"
            raise FiguresError(f"{path} {whose}: give the figures.json of another council.")
        if _of(figures) is None:
            raise FiguresError(f"{path} has no measures of corporate complaints, so there is nothing to compare.")
        found[path] = figures
    return found


def compared(tables: Mapping[str, Table], others: Mapping[str, PublishedFigures]) -> Iterator[Table]:
    """How often each main step was in time, here and at other councils, for the year that each published last.

    ``others`` are their figures by their names.
    """
    ours = tables.get(_CORPORATE)
    found = [(name, table) for name, each in others.items() if (table := _of(each))]
    if ours is None or not found:
        return
    columns = (
        Column("Measure", figures=False),
        Column(f"Ours, {ours.columns[_YEAR].heading}"),
        *(Column(f"{name}, {table.columns[_YEAR].heading}") for name, table in found),
    )
    cells = [{name: _cell(row[_YEAR]) for name, row in _named(table.rows)} for _, table in found]
    rows = tuple(
        (row[0], row[_YEAR], *(each.get(name) for each in cells))
        for name, row in _named(ours.rows)
        if row[1] in _COMPARED and not spell(row[0]).startswith("of these")
    )
    note = (
        "Copied from the figures that each council published. Councils differ in what they take as a complaint, and in "
        "how they record it."
    )
    yield Table(OTHERS, "Corporate complaints in time, here and at other councils", columns, rows, note)


def _of(figures: PublishedFigures) -> FiguresTable | None:
    """The measures of corporate complaints, if they have the columns of a year."""
    found = (table for table in figures.tables if table.id == _CORPORATE)
    return next((table for table in found if sum(column.figures for column in table.columns) > 1), None)
