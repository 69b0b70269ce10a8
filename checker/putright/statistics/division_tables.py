"""Complaints, main steps and outcomes by service, team, kind, theme, channel and ward, as sheets."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from putright.documents.paper import Column, Table, Withheld
from putright.statistics.case_counts import FAULT
from putright.statistics.counts import Counts
from putright.statistics.cubes import Entry, Figure, Ratio, Row, Sheet
from putright.statistics.division_counts import CUBES, ESCALATED, OUTCOME, RECEIVED, STEPS
from putright.statistics.finding_counts import DUE, MET
from putright.statistics.tables import ALL, BY_THE_LAW, COMPLAINTS, SHARE, figures, main_steps

OTHER = "Other, or not recorded"
EVERY = "all procedures"
#: A column of a sheet: its id, a procedure, and the column's heading; a row: its id, a procedure, and the value.
Place = tuple[str, str, str]
UPHELD = "Stage 1 upheld, in full or in part"
ASKED = "Stage 2 asked for"

_TITLES = {
    "service": ("Service", "By service"),
    "team": ("Team", "By team"),
    "category": ("Kind of complaint", "By kind of complaint"),
    "theme": ("Theme", "By theme"),
    "channel": ("Channel", "By how complaints were made"),
    "ward": ("Ward", "By ward"),
}
#: The columns of every such table but that by service, which has all of them.
_FEW = ("Stage 1 answered in time", UPHELD)
_COLUMNS = (*STEPS, UPHELD, ASKED)
_OUTCOMES = (
    "Upheld, and asked for, are of the stage 1 responses; an outcome that is not recorded stays in the base and counts "
    "as not upheld."
)
_WHOLE_COLUMNS = "A column that is withheld in every row of a procedure but its total may hold zeros."
_APART = "Some cases are never broken down; they are in the totals."


@dataclass(frozen=True)
class Divided:
    """How far a table is broken down: to publish, small values are put together, and columns may be left out."""

    least: int = 1
    """Values with fewer cases are put together as others."""
    folded: Collection[Place] = ()
    """Values put together as others, whatever their number."""
    left_out: Collection[Place] = ()
    """Columns that are withheld for every value of a procedure."""


def service_table(counts: Counts) -> Table:
    """Complaints, main steps and outcomes by service."""
    (sheet,) = [sheet for sheet in division_sheets(counts) if sheet.id == CUBES["service"]]
    return sheet.table(counts.cubes)


def division_sheets(counts: Counts, divided: Divided = Divided()) -> Iterator[Sheet]:
    """A sheet by service, and one by each other field that any case has."""
    for field in CUBES:
        if field == "service" or counts.cubes[CUBES[field]].known("value") - {""}:
            yield _sheet(counts, field, divided)


def _sheet(counts: Counts, field: str, divided: Divided) -> Sheet:
    id = CUBES[field]
    word, title = _TITLES[field]
    shown = _COLUMNS if field == "service" else _FEW
    rows: list[Row] = []
    for group in counts.groups():
        without = {heading for sheet, of, heading in divided.left_out if (sheet, of) == (id, group)}
        away = {value for sheet, of, value in divided.folded if (sheet, of) == (id, group)}
        for name, values in _values(counts, id, group, divided.least, away):
            entries = _of_values(counts, id, group, values)
            cells = [Withheld() if heading in without and entries[heading] else entries[heading] for heading in shown]
            rows.append((name, group, entries[RECEIVED], *cells))
        entries = _of_all(counts, group)
        rows.append((ALL, group, entries[RECEIVED], *(entries[heading] for heading in shown)))
    rows.append((ALL, EVERY, counts.figure("cases"), *[None] * len(shown)))
    words = (Column(word, figures=False), Column("Procedure", figures=False))
    note = f"{COMPLAINTS} by the day they were received. {BY_THE_LAW} {counts.counted_by} {SHARE} {_OUTCOMES} {_APART}"
    if any(sheet == id for sheet, *_ in divided.left_out):
        note += f" {_WHOLE_COLUMNS}"
    return Sheet(id, title, (*words, *figures("Complaints", *shown)), tuple(rows), note)


def _values(
    counts: Counts, cube: str, group: str, least: int, away: Collection[str]
) -> Iterator[tuple[str, Collection[str]]]:
    """The rows of a procedure: each value, and the others added up.

    The others have at least ``least`` cases, and cases that must not be broken down are never alone there.
    """
    named = counts.cubes[cube].values("value", counts.figure(cube, group=[group]))
    received = counts.cubes[cube].spread(counts.figure(cube, group=[group], step=[RECEIVED]), "value")
    spread = dict.fromkeys(named, 0) | received
    unnamed = spread.pop("", 0)
    others: set[str] = set()
    together = 0  # the cases of the others
    for name in sorted(spread, key=lambda name: (spread[name], name)):
        undivided = group in counts.undivided and together < least
        if name in away or spread[name] < least or undivided or 0 < together + unnamed < least:
            others.add(name)
            together += spread[name]
    kept = sorted(set(spread) - others)
    if kept:
        yield from ((name, [name]) for name in kept)
        if others or unnamed:
            yield OTHER, ["", *others]


def _of_values(counts: Counts, cube: str, group: str, values: Collection[str]) -> dict[str, Entry]:
    """Every figure of some values of a procedure, by its column."""

    def of(step: str, **where: Collection[str]) -> Figure:
        return counts.figure(cube, group=[group], value=values, step=[step], **where)

    books = [counts.national(group)]
    answers = of(OUTCOME)
    return {
        RECEIVED: of(RECEIVED),
        **{
            step: Ratio(of(step, rulebook=books, **{"class": MET}), of(step, rulebook=books, **{"class": DUE}))
            if counts.rules_of(group, names)
            else None
            for step, names in STEPS.items()
        },
        UPHELD: Ratio(of(OUTCOME, **{"class": FAULT}), answers),
        ASKED: Ratio(of(ESCALATED, **{"class": ["yes"]}), answers),
    }


def _of_all(counts: Counts, group: str) -> dict[str, Entry]:
    """The same of a whole procedure, as the other tables have it."""
    complaints, *steps = main_steps(counts, group)
    cube = CUBES["service"]
    answers = counts.figure(cube, group=[group], step=[OUTCOME])
    return {
        RECEIVED: complaints,
        **dict(zip(STEPS, steps, strict=True)),
        UPHELD: Ratio(counts.figure(cube, group=[group], step=[OUTCOME], **{"class": FAULT}), answers),
        ASKED: Ratio(counts.figure(cube, group=[group], step=[ESCALATED], **{"class": ["yes"]}), answers),
    }
