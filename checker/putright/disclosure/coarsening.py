"""Less detail where many cells of a table would be withheld: quarters for months, years for quarters, fewer values.

Each step takes away detail and adds none, so that it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from putright.disclosure.conduct import Conduct
from putright.disclosure.relations import Difference, Term
from putright.documents.paper import Withheld
from putright.statistics.cubes import Cube, Entry, Figure, Ratio, Row, Sheet, needed
from putright.statistics.division_counts import CUBES
from putright.statistics.division_tables import OTHER, Place
from putright.statistics.measures import KINDS, subject
from putright.statistics.sheets import Detail, Span
from putright.statistics.tables import ALL

#: A table, or a procedure's part of it, with a larger share of cells withheld is made again with less detail.
MOST = 0.25
#: A value with a larger share of its cells withheld is put together with others.
_MOST_OF_ROW = 0.5
_NEXT: dict[Span, Span] = {"months": "quarters", "quarters": "none", "none": "none"}


def small(sheets: Iterable[Sheet], threshold: int, cubes: Mapping[str, Cube], conduct: Conduct) -> set[Term]:
    """The figures that are withheld in any case: small ones, and shares with a small rest."""

    def is_small(count: int) -> bool:
        return 0 < count < threshold

    def count(figure: Figure) -> int:
        return cubes[figure.cube].count(figure)

    entries = [entry for sheet in sheets for row in sheet.rows for entry in row]
    found = {figure for entry in entries for figure in needed(entry) if is_small(count(figure))}
    shares = [entry for entry in entries if isinstance(entry, Ratio)]
    found |= {share.count for share in shares if is_small(count(share.base) - count(share.count))}
    return {figure for figure in found if not conduct(figure)}


def settled(
    detail: Detail,
    made: Callable[[Detail], Sequence[Sheet]],
    hidden: Callable[[Sequence[Sheet]], Collection[Term]],
) -> Detail:
    """The detail after which no table needs less, for what is ``hidden`` of the sheets ``made`` with a detail."""
    while True:
        sheets = made(detail)
        less = coarser(detail, sheets, hidden(sheets), ())
        if less == detail:
            return detail
        detail = less


def coarser(
    detail: Detail,
    sheets: Sequence[Sheet],
    hidden: Collection[Term],
    exposed: Collection[Term],
    *,
    crowded: bool = True,
) -> Detail:
    """The next detail to try; the same where no table needs less.

    ``hidden`` figures are withheld. ``exposed`` ones are too, but can be worked out all the same.
    Tables in which many cells are withheld get less detail if ``crowded``.

    A value whose number of complaints must be withheld is not named: naming it would show that it has as many cases as
    the threshold or more, which could reveal the number.
    """
    seen = _Seen(hidden, exposed)
    by_id = {sheet.id: sheet for sheet in sheets}
    divisions = [by_id[id] for id in CUBES.values() if id in by_id]
    folded = {place for sheet in divisions for place in seen.unnamed(sheet)}
    if crowded and not folded:
        folded = {place for sheet in divisions for place in seen.hardly_shown(sheet)}
    left_out = {place for sheet in divisions for place in seen.revealing(sheet)}
    by_quarter = [sheet for sheet in sheets if sheet.id.split("-")[0] in KINDS]
    years = {sheet.id for sheet in by_quarter if seen.crowded_quarters(sheet, MOST if crowded else 1)} - {*detail.years}
    revealing = {place for sheet in by_quarter if sheet.id in detail.years for place in seen.revealing_rows(sheet)}
    months = {
        group: _NEXT[detail.months.get(group, "months")]
        for group in seen.crowded_months(by_id["months"], MOST if crowded else 1)
    }
    divided = replace(
        detail.divided,
        folded=frozenset(folded.union(detail.divided.folded)),
        left_out=frozenset(left_out.union(detail.divided.left_out)),
    )
    return Detail(
        divided,
        frozenset(years.union(detail.years)),
        frozenset(revealing.union(detail.left_out)),
        {**detail.months, **months},
    )


class _Seen:
    """Sheets as a reader would see them."""

    def __init__(self, hidden: Collection[Term], exposed: Collection[Term]) -> None:
        self._hidden = hidden
        self._exposed = {term for each in exposed for term in _figures(each)}

    def _is_withheld(self, entry: Entry) -> bool:
        return isinstance(entry, Withheld) or any(figure in self._hidden for figure in needed(entry))

    def _share(self, entries: Sequence[Entry]) -> float:
        cells = [entry for entry in entries if needed(entry) or isinstance(entry, Withheld)]
        return sum(map(self._is_withheld, cells)) / len(cells) if cells else 0.0

    def unnamed(self, sheet: Sheet) -> Iterator[Place]:
        """The values whose number of complaints is withheld."""
        for name, group, complaints, *_ in _named(sheet):
            if self._is_withheld(complaints):
                yield sheet.id, str(group), str(name)

    def hardly_shown(self, sheet: Sheet) -> Iterator[Place]:
        """The values of which most is withheld."""
        for name, group, *cells in _named(sheet):
            if self._share(cells) > _MOST_OF_ROW:
                yield sheet.id, str(group), str(name)

    def revealing(self, sheet: Sheet) -> Iterator[Place]:
        """The columns in which a small number can be worked out whatever is withheld."""
        for _, group, *cells in sheet.rows:
            for column, entry in zip(sheet.columns[2:], cells, strict=True):
                if column is not sheet.columns[2] and any(figure in self._exposed for figure in needed(entry)):
                    yield sheet.id, str(group), column.heading

    def revealing_rows(self, sheet: Sheet) -> Iterator[Place]:
        """The rows of measures in which a small number can be worked out, with what they are about."""
        for row in sheet.rows:
            for column, entry in zip(sheet.columns, row, strict=True):
                if any(figure in self._exposed for figure in needed(entry)):
                    yield sheet.id, subject(row[0], row[1]), column.heading

    def crowded_quarters(self, sheet: Sheet, most: float) -> bool:
        """Whether many of the quarters' cells are withheld, or can be worked out."""
        entries = [entry for row in sheet.rows for entry in row[3:-2]]
        return self._share(entries) > most or any(
            figure in self._exposed for entry in entries for figure in needed(entry)
        )

    def crowded_months(self, sheet: Sheet, most: float) -> Iterator[str]:
        """The procedures of which many cells by month are withheld."""
        for group in dict.fromkeys(str(row[1]) for row in sheet.rows):
            entries = [entry for row in sheet.rows if row[1] == group and row[0] != ALL for entry in row[2:]]
            if self._share(entries) > most:
                yield group


def _named(sheet: Sheet) -> list[Row]:
    return [row for row in sheet.rows if row[0] not in (OTHER, ALL)]


def _figures(term: Term) -> tuple[Term, ...]:
    return (term.whole, term.part) if isinstance(term, Difference) else (term,)
