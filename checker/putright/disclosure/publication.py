"""Withhold counts that are too small to publish, and others, until no withheld count can be worked out.

Everything published is one system (``relations``), including earlier publications (``earlier``). A zero is always
published, since it is about nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Literal

from putright import __version__
from putright.disclosure import coarsening, relations
from putright.disclosure.conduct import Conduct, conduct_of, nothing
from putright.disclosure.earlier import Earlier
from putright.disclosure.relations import Cubes, Difference, Sum, Term, count, counterpart, is_open, revisions, shown
from putright.disclosure.suppression import THRESHOLD, Key, Relation, Treatment, Withholding, groups, suppress
from putright.documents.paper import Cell, Share, Table, Withheld
from putright.statistics import handtables, measures
from putright.statistics.counts import Counts
from putright.statistics.cubes import Cube, Entry, Figure, Money, Sheet, cell, needed
from putright.statistics.division_tables import Divided
from putright.statistics.sheets import Detail, Publishable
from putright.statistics.supplied import Supplied
from putright.statistics.tables import ALL

#: Where small counts are withheld: everywhere, or not in figures of the council's own conduct.
Withhold = Literal["breakdowns", "everywhere"]

__all__ = ["THRESHOLD", "Published", "Withhold", "as_data", "published", "shown_table", "withheld"]

_NOTE = "Numbers from 1 to {most}, and others that would reveal them, are withheld. Zeros are shown."
#: What the papers and the tables say of figures of the council's own conduct.
CONDUCT = "Numbers of what the council as a whole received and did are shown, however small."


# --- what is published ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Published:
    """The tables to publish, and how many small counts earlier publications may reveal all the same."""

    tables: list[Table]
    exposed: int = 0


def published(
    counts: Counts,
    supplied: Supplied | None = None,
    threshold: int = THRESHOLD,
    earlier: Sequence[Earlier] = (),
    *,
    withhold: Withhold = "breakdowns",
) -> Published:
    """Every table of the published figures, with cells withheld where necessary, given what was published ``earlier``.

    Figures of the council's own conduct are shown, however small, unless small counts are withheld everywhere.
    Where many cells would have to be withheld, the tables are made again with less detail.
    """
    supplied = supplied or Supplied()
    cubes = measures.cubes_with(counts, supplied)
    every = [counts, *(each.counts for each in earlier)]
    conduct = nothing if withhold == "everywhere" else conduct_of(every)
    before = _before(counts, cubes, earlier if threshold > 1 else (), conduct)
    every_cube = {**before.cubes, **cubes}
    ours = Publishable(counts, supplied)
    detail = coarsening.settled(  # most of the detail that has to go is seen without solving anything
        Detail(Divided(least=threshold)),
        ours.sheets,
        lambda sheets: coarsening.small(sheets, threshold, every_cube, conduct),
    )
    crowded, solved = True, dict[Any, Withholding]()
    while True:
        sheets = ours.sheets(detail)
        sums = _sums(sheets, counts, cubes, before, conduct) if threshold > 1 else []
        found = withheld(sheets, sums, threshold, every_cube, before.known, conduct, solved)
        less = coarsening.coarser(detail, sheets, found.hidden, found.exposed, crowded=crowded)
        if less == detail:
            break
        detail, crowded = less, False
    tables = [shown_table(sheet, found.hidden, threshold, every_cube, conduct) for sheet in sheets]
    by_hand = handtables.publishable(supplied, threshold)
    return Published([measures.definitions(), *tables, *by_hand], len(found.exposed))


def _sums(sheets: Sequence[Sheet], counts: Counts, cubes: Cubes, before: _Before, conduct: Conduct) -> list[Sum]:
    ours = relations.publication(shown(sheets), counts, cubes, conduct)
    return [*before.sums, *relations.joined([*before.beside, ours], cubes)]


@dataclass(frozen=True)
class _Before:
    """The figures that readers have from earlier publications."""

    cubes: dict[str, Cube] = field(default_factory=dict)
    """The cubes of other audit dates."""
    known: set[Figure] = field(default_factory=set)
    """Figures that are public."""
    sums: list[Sum] = field(default_factory=list)
    """The sums that only earlier publications give."""
    beside: list[relations.Publication] = field(default_factory=list)
    """Each of them, as its figures are counted now."""


def _before(counts: Counts, cubes: Cubes, earlier: Sequence[Earlier], conduct: Conduct) -> _Before:
    found = _Before()
    for each in earlier:
        figures = shown(each.sheets)
        found.known.update(each.known)
        if each.counts.cubes is counts.cubes:
            found.beside.append(relations.publication(figures, counts, cubes, conduct))
            continue
        found.cubes.update(each.cubes)
        links = list(revisions(figures, each.counts, counts, {**found.cubes, **cubes}, conduct))
        found.sums.extend([*relations.publication(figures, each.counts, found.cubes, conduct).sums, *links])
        now = {counterpart(figure, each.counts, counts) for figure in figures}
        seen = {figure for figure in now if count(figure, cubes)}  # today's zero has not been published
        found.beside.append(relations.publication(seen, counts, cubes, conduct))
    return found


def shown_table(sheet: Sheet, hidden: Set[Term], threshold: int, cubes: Cubes, conduct: Conduct = nothing) -> Table:
    """The sheet counted, with ``Withheld`` for each cell that needs a ``hidden`` figure."""

    def published_cell(entry: Entry) -> Cell:
        if any(figure in hidden for figure in needed(entry)):
            return Withheld()
        if threshold > 1 and isinstance(entry, Money) and entry.is_mostly_one(cubes):
            return Withheld()
        return cell(entry, cubes)

    rows = tuple(tuple(published_cell(entry) for entry in row) for row in sheet.rows)
    rule = _rule(shown([sheet]), threshold, conduct)
    return Table(sheet.id, sheet.title, sheet.columns, rows, f"{sheet.note} {rule}".strip())


def _rule(figures: Collection[Figure], threshold: int, conduct: Conduct) -> str:
    """Which rule the figures of a table follow."""
    if threshold <= 1 or not figures:
        return ""
    small = _NOTE.format(most=threshold - 1)
    if all(map(conduct, figures)):
        return CONDUCT
    return f"{CONDUCT} Elsewhere {small[0].lower()}{small[1:]}" if any(map(conduct, figures)) else small


def _headlines(sheets: Iterable[Sheet]) -> Iterator[Figure]:
    """The figures that a committee asks for first: the totals of all services."""
    for sheet in sheets:
        for row in sheet.rows:
            if row[0] == ALL:
                yield from (figure for entry in row for figure in needed(entry))


@dataclass(frozen=True)
class Hiding:
    """The figures to withhold, and the small ones that readers may work out whatever is withheld.

    A small outcome is among them where it is the outcome of every answer, of which the number is shown.
    """

    hidden: Set[Term]
    exposed: Set[Term]


def withheld(
    sheets: Sequence[Sheet],
    sums: Sequence[Sum],
    threshold: int,
    cubes: Cubes,
    public: Collection[Figure] = (),
    conduct: Conduct = nothing,
    solved: dict[Any, Withholding] | None = None,
) -> Hiding:
    """The figures to withhold, and those that the ``public`` ones and the council's own conduct may reveal.

    Everything is solved as one system, in pieces that share no sum. ``solved`` keeps what was found for each piece:
    most are the same when the tables are made again with less detail.
    """
    solved = {} if solved is None else solved
    named: set[Term] = {*shown(sheets), *public}
    named.update(term for each in sums for term in (each.total, *each.parts))
    counts = {term: n for term in named if (n := count(term, cubes))}
    same, merged = _merged(counts, sums)
    always = frozenset(same[term] for term in counts if is_open(term, conduct))
    treatment = Treatment(
        headlines=frozenset(same[figure] for figure in _headlines(sheets) if figure in same),
        public=frozenset(same[figure] for figure in public if figure in same),
        unpublished=frozenset(same[term] for term in counts if isinstance(term, Difference) and term.revised) - always,
        always=always,
        wanted=frozenset(same[figure] for figure in shown(sheets) if figure in same),
    )
    number: dict[Key, int] = {same[term]: n for term, n in counts.items()}
    hidden: set[Key] = set()
    exposed: set[Key] = set()
    for piece in _pieces(set(same.values()), merged):
        members = {key: number[key] for key in piece.keys}
        asked = (tuple(members.items()), tuple(piece.sums), treatment.within(members))
        if asked not in solved:
            solved[asked] = suppress(members, piece.sums, threshold, asked[-1])
        found = solved[asked]
        hidden |= found.hidden
        exposed |= found.exposed
    told = {
        figure
        for figure in shown(sheets)
        if not conduct(figure) and 0 < counts.get(figure, 0) < threshold and same[figure] in always
    }
    return Hiding(
        told.union(term for term in counts if same[term] in hidden),
        told.union(term for term in counts if same[term] in exposed),
    )


# --- the system in pieces -------------------------------------------------------------------------


def _merged(counts: Mapping[Term, int], relations: Sequence[Sum]) -> tuple[dict[Term, Term], list[Relation]]:
    """Figures that are one another (a sum of one part) as one; the sums among them."""
    terms = sorted(counts, key=str)
    place = {term: number for number, term in enumerate(terms)}
    one = [(place[each.total], place[each.parts[0]]) for each in relations if len(each.parts) == 1]
    same = {terms[number]: terms[group[0]] for group in groups(len(terms), one) for number in group}
    sums = [each for each in relations if len(each.parts) > 1]
    merged = [Relation(same[each.total], tuple(same[part] for part in each.parts)) for each in sums]
    return same, list(dict.fromkeys(merged))


@dataclass(frozen=True)
class _Piece:
    keys: list[Key]
    sums: list[Relation]


def _pieces(keys: Iterable[Key], relations: Sequence[Relation]) -> list[_Piece]:
    """The figures in groups that no sum joins."""
    order = sorted(keys, key=str)
    place = {key: number for number, key in enumerate(order)}
    inside = groups(len(order), [[place[key] for key in (each.total, *each.parts)] for each in relations])
    piece = [_Piece([order[number] for number in group], []) for group in inside]
    of = {key: each for each in piece for key in each.keys}
    for relation in relations:
        of[relation.total].sums.append(relation)
    return piece


# --- figures.json ---------------------------------------------------------------------------------


def as_data(
    tables: Iterable[Table],
    counts: Counts,
    *,
    council: str | None = None,
    threshold: int = THRESHOLD,
    withhold: Withhold = "breakdowns",
    unreadable: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """The published figures as plain data, ready for JSON.

    ``{"format": "putright figures 1", "software", "council", "as_at", "period": {"from", "to"}, "counts_by":
    "received" or "due", "threshold", "withhold": "breakdowns" or "everywhere", "unreadable": {"rows", "values"},
    "tables": [{"id", "title", "note", "columns": [{"heading", "figures"}], "rows": [[cell, …], …]}]}``. A cell is
    text, a number, null (does not arise), a date
    ``2026-04-01``, ``{"count", "base", "percent"}`` for a share, or ``{"withheld": true}``. ``unreadable`` counts the
    rows that could not be read and are in no figure, and the values of other rows that could not be read and count as
    not recorded; it is left out where that is not known.
    """
    return {
        "format": "putright figures 1",
        "software": f"putright {__version__}",
        "council": council,
        "as_at": counts.as_at.isoformat(),
        "period": {"from": iso(counts.period.start), "to": iso(counts.period.end)},
        "counts_by": counts.period_by,
        "threshold": threshold,
        "withhold": withhold,
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


def iso(day: dt.date | None) -> str | None:
    """A day in ISO format; None if there is none."""
    return day.isoformat() if day else None
