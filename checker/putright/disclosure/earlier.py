"""Find which figures readers already have from earlier publications.

An earlier ``figures.json`` says what was published and what was withheld. The records are counted again as at its
audit date, so that each number in the file can be matched to what it counts. A number that the records no longer give,
because a case was corrected or entered late, says nothing certain about today's figures and is ignored.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from putright import calendars
from putright.auditing.audits import Period
from putright.disclosure.figuresfile import FiguresError, FiguresTable, PublishedFigures, Ratio, read_figures
from putright.documents.paper import spell
from putright.statistics import measures
from putright.statistics.counts import Counts
from putright.statistics.cubes import Cube, Entry, Figure, Sheet
from putright.statistics.cubes import Ratio as Share
from putright.statistics.division_counts import CUBES
from putright.statistics.division_tables import Divided
from putright.statistics.finding_counts import cuts_of
from putright.statistics.sheets import Detail, Publishable
from putright.statistics.supplied import Supplied

#: The name of the file of published figures in a folder.
FIGURES = "figures.json"
#: The number of neighbouring folders searched for figures published before.
_LOOKED_INTO = 500


# --- the files ------------------------------------------------------------------------------------


def figures_file(place: Path) -> Path:
    """The file of published figures that is meant by a folder, or by the file itself."""
    return place / FIGURES if place.is_dir() else place


def read_published(places: Iterable[Path], council: str | None) -> dict[Path, PublishedFigures]:
    """The figures of each folder or file by the file's path; raises FiguresError if one cannot be used."""
    found: dict[Path, PublishedFigures] = {}
    for place in places:
        path = figures_file(place)
        figures = read_figures(path)
        if None not in (council, figures.council) and council != figures.council:
            raise FiguresError(f"{path} has the figures of {figures.council}, not of {council}.")
        for day in (figures.as_at, figures.period.start, figures.period.end):
            if day and not calendars.FIRST <= day <= calendars.LAST:
                raise FiguresError(f"{path}: {day} is outside {calendars.FIRST.year} to {calendars.LAST.year}.")
        found[path] = figures
    return found


def period_of(figures: PublishedFigures) -> Period:
    """The period that figures are of."""
    return Period(figures.period.start, figures.period.end)


def cuts(published: Iterable[PublishedFigures]) -> set[dt.date]:
    """The days at which their periods cut a month in two."""
    return {day for each in published for day in cuts_of(period_of(each), each.as_at)}


def other_publications(
    folder: Path, council: str | None, given: Collection[Path]
) -> Iterator[tuple[Path, PublishedFigures]]:
    """The figures of the same council in neighbouring folders that were not named: they may be public."""
    known = {path.resolve() for path in given}
    try:
        places = sorted(each for each in folder.parent.iterdir() if each.is_dir())[:_LOOKED_INTO]
    except OSError:
        return
    for place in places:
        path = place / FIGURES
        if place == folder or path.resolve() in known or not path.is_file():
            continue
        try:
            figures = read_figures(path)
        except FiguresError:
            continue
        if council is None or figures.council in (None, council):
            yield path, figures


def risk(path: Path, figures: PublishedFigures) -> str:
    """A sentence on what is at risk if these figures are published as well as earlier ones."""
    start, end = figures.period.start, figures.period.end
    span = " ".join([*(["from", spell(start)] if start else []), *(["to", spell(end)] if end else [])])
    return (
        f"{path} has figures of cases {span or 'of any day'}, as at {spell(figures.as_at)}. If they are published, a "
        "reader can take them from these and find small counts that both withhold. "
        f"Give them as --published {path.parent}, so that these withhold what would tell."
    )


# --- next to the records ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Earlier:
    """An earlier publication with today's records; ``counts`` are of its audit date and period."""

    path: Path
    figures: PublishedFigures
    counts: Counts
    supplied: Supplied

    @cached_property
    def sheets(self) -> list[Sheet]:
        """Its sheets as the records give them now: the services that it names, and the others added up."""
        named = {
            (id, str(row[1]), str(row[0])) for id in CUBES.values() for table in self._tables(id) for row in table.rows
        }
        every = {
            (id, group, value)
            for id in CUBES.values()
            for group in self.counts.groups()
            for value in self.counts.cubes[id].values("value", self.counts.figure(id, group=[group]))
        }
        return Publishable(self.counts, self.supplied).sheets(Detail(Divided(folded=every - named)))

    @cached_property
    def known(self) -> frozenset[Figure]:
        """The figures that it shows, and that the records still give."""
        return frozenset(figure for figure, value in self._shown if self._count(figure) == value)

    @property
    def shown(self) -> int:
        """How many figures it shows of those that the records give."""
        return len({figure for figure, _ in self._shown})

    @property
    def changed(self) -> int:
        """How many of its numbers the records no longer give."""
        return len({figure for figure, value in self._shown if self._count(figure) != value})

    @cached_property
    def _shown(self) -> list[tuple[Figure, int]]:
        return [found for sheet in self.sheets for table in self._tables(sheet.id) for found in _read(sheet, table)]

    def _tables(self, id: str) -> Sequence[FiguresTable]:
        return [table for table in self.figures.tables if table.id in (id, id.replace("outcomes-", "measures-", 1))]

    def _count(self, figure: Figure) -> int:
        return self.cubes[figure.cube].count(figure)

    @cached_property
    def cubes(self) -> Mapping[str, Cube]:
        """The cubes that its figures are of."""
        return measures.cubes_with(self.counts, self.supplied)


def _read(sheet: Sheet, table: FiguresTable) -> Iterator[tuple[Figure, int]]:
    """The figures of a sheet with the numbers that a file shows of them, row by row and column by column."""
    words = [column.heading for column in sheet.columns if not column.figures]
    headings = [column.heading for column in table.columns]
    if not set(words) <= set(headings):
        return
    places = [headings.index(word) for word in words]
    rows = dict(zip(_numbered(tuple(row[place] for place in places) for row in table.rows), table.rows, strict=True))
    labels = (
        tuple(entry for entry, column in zip(row, sheet.columns, strict=True) if not column.figures)
        for row in sheet.rows
    )
    for label, row in zip(_numbered(labels), sheet.rows, strict=True):
        if theirs := rows.get(label):
            for entry, column in zip(row, sheet.columns, strict=True):
                if column.figures and column.heading in headings:
                    yield from _numbers(entry, theirs[headings.index(column.heading)])


def _numbered(labels: Iterable[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    """Each row's words, and how many rows before it have the same."""
    seen: Counter[tuple[object, ...]] = Counter()
    for label in labels:
        yield (*label, seen[label])
        seen[label] += 1


def _numbers(entry: Entry, value: object) -> Iterator[tuple[Figure, int]]:
    """The figures that a cell shows."""
    match entry, value:
        case Figure(), int():
            yield entry, value
        case Share(), Ratio():
            yield entry.count, value.count
            yield entry.base, value.base
