"""Suppress small numbers so that they cannot be worked out from what is published.

Counts below the threshold, other than zero, are withheld (primary suppression). Then others are withheld too, until no
total, difference or chain of them lets a reader work out a withheld count (complementary suppression). A solver checks
what a reader can work out, from the same published figures.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from putright.disclosure.solver import Sums

#: What names one count among those published.
Key = Hashable
#: Below this a count is withheld.
THRESHOLD = 5
#: A vector shorter than this is zero but for rounding errors.
_ZERO = 1e-7


@dataclass(frozen=True)
class Relation:
    """A relation that any reader knows: a total is the sum of its parts."""

    total: Key
    parts: tuple[Key, ...]


@dataclass(frozen=True)
class Withholding:
    """The counts to withhold, and those that earlier publications may reveal all the same."""

    hidden: frozenset[Key]
    exposed: frozenset[Key]


@dataclass(frozen=True)
class Range:
    """The lower and upper bound of a withheld count, from everything published; None means unbounded."""

    least: int
    most: int | None

    @property
    def values(self) -> float:
        return float("inf") if self.most is None else self.most - self.least + 1


@dataclass(frozen=True)
class Treatment:
    """What is decided of counts before any is withheld because it is small."""

    headlines: frozenset[Key] = frozenset()
    """Withheld only if there is no other way."""
    public: frozenset[Key] = frozenset()
    """Published already."""
    unpublished: frozenset[Key] = frozenset()
    """Never published. They may be zero, and need no protection."""
    always: frozenset[Key] = frozenset()
    """Published however small they are."""
    wanted: frozenset[Key] | None = None
    """The counts to publish; all if None."""

    def within(self, keys: Collection[Key]) -> Treatment:
        """The same for these counts alone."""
        wanted = None if self.wanted is None else self.wanted.intersection(keys)
        return Treatment(
            self.headlines.intersection(keys),
            self.public.intersection(keys),
            self.unpublished.intersection(keys),
            self.always.intersection(keys),
            wanted,
        )


def suppress(
    counts: Mapping[Key, int],
    relations: Sequence[Relation],
    threshold: int = THRESHOLD,
    treatment: Treatment = Treatment(),
) -> Withholding:
    """The counts to withhold.

    ``relations`` must have every sum that a reader can make: of rows, columns, tables and periods. Raises ValueError if
    a relation does not hold, since then the figures themselves are wrong.
    """
    for relation in relations:
        if counts[relation.total] != sum(counts[part] for part in relation.parts):
            raise ValueError(f"{relation.total!r} is not the sum of its parts")
    headlines, unpublished, wanted = treatment.headlines, treatment.unpublished, treatment.wanted
    public = treatment.public | treatment.always
    small = {key for key, count in counts.items() if 0 < count < threshold} - unpublished - treatment.always
    hidden = small.union(unpublished).difference(public)
    safe = set(unpublished)
    exposed: set[Key] = set()
    while True:
        known = set(_disclosed(counts, relations, hidden, safe, unpublished)) - exposed
        found = {key: _complementary_cell(key, counts, relations, hidden, headlines, public) for key in known}
        if not found:
            break
        exposed |= {key for key, other in found.items() if other is None}
        hidden |= {other for other in found.values() if other is not None}
    exposed &= small
    touched = {key for each in relations if not exposed.isdisjoint(_of(each)) for key in _of(each)}
    stays_hidden = small.union(unpublished, touched, () if wanted is None else hidden.difference(wanted))
    hidden -= _unsuppress(counts, relations, hidden, small - exposed, headlines, stays_hidden, unpublished)
    return Withholding(frozenset(hidden | small).difference(unpublished), frozenset(exposed))


def _of(relation: Relation) -> tuple[Key, ...]:
    return relation.total, *relation.parts


def _unsuppress(
    counts: Mapping[Key, int],
    relations: Sequence[Relation],
    hidden: set[Key],
    small: set[Key],
    headlines: Collection[Key],
    stays_hidden: Collection[Key],
    unpublished: Collection[Key],
) -> set[Key]:
    """Suppressed counts that can be published again.

    Complementary cells are chosen one at a time, so the first pass over-suppresses.

    Counts in ``stays_hidden`` are withheld in any case. The others are published on trial, one after another, the
    headlines first and then the largest. One that discloses no small count stays published.
    """
    order = sorted(hidden, key=lambda key: (key not in headlines, -counts[key], str(key)))
    open_ = np.array([key not in stays_hidden for key in order])
    truth, is_small = np.array([counts[key] for key in order]), np.array([key in small for key in order])
    least = np.array([key not in unpublished for key in order], dtype=np.int64)
    known = {key: count for key, count in counts.items() if key not in hidden}
    rows, totals = _equations(known, relations, {key: place for place, key in enumerate(order)})
    shown: set[Key] = set()
    for places, matrix, values in _pieces(rows, totals, len(order)):
        some = _AlternativeSolutions(matrix, values, truth[places], is_small[places], least[places])
        shown |= {order[place] for nth, place in enumerate(places) if open_[place] and some.unsuppress(nth)}
    return shown


class _AlternativeSolutions:
    """Solutions with the same sums but other values: a small count with one is not disclosed.

    A solution that has a count's true value still fits when that count is published, so the solver is needed only
    if no such solution is left.
    """

    def __init__(
        self, matrix: np.ndarray, totals: np.ndarray, truth: np.ndarray, small: np.ndarray, least: np.ndarray
    ) -> None:
        self._matrix, self._truth, self._small = matrix, truth, small
        self._sums = Sums(matrix, totals, least, truth)
        self._space = _null_space(matrix)
        found = self._extend(np.empty((0, len(truth)), dtype=np.int64), self._space)
        self._disclosed_anyway = found is None  # a small count is disclosed whatever is withheld
        self._found = np.empty((0, len(truth)), dtype=np.int64) if found is None else found

    def unsuppress(self, place: int) -> bool:
        """Publish one count unless that discloses a small one; returns whether it is published."""
        if self._disclosed_anyway:
            return False
        space = _restricted(self._space, place)
        self._sums.fix(place, int(self._truth[place]))
        found = self._extend(self._found[self._found[:, place] == self._truth[place]], space)
        if found is None:
            self._sums.free(place)
            return False
        self._space, self._found = space, found
        return True

    def _extend(self, found: np.ndarray, space: np.ndarray) -> np.ndarray | None:
        """Extend ``found`` until every small count has a solution with a different value.

        None if some small count has only one possible value. ``space`` is the null space of the sums and of the
        published counts.
        """
        if not len(self._matrix):
            return found
        open_ = self._small & (found == self._truth).all(axis=0)
        if (_determined(space) & open_).any():
            return None

        def seek(objective: np.ndarray) -> None:
            nonlocal found, open_
            solution = self._sums.minimise(objective)
            found, open_ = np.vstack([found, solution]), open_ & (solution == self._truth)

        for sign in (1.0, -1.0):
            if open_.any():
                seek(sign * open_)
        for place in np.flatnonzero(open_):
            for sign in (1.0, -1.0):
                if open_[place]:
                    seek(sign * (np.arange(len(open_)) == place))
            if open_[place]:
                return None
        return found


def _disclosed(
    counts: Mapping[Key, int],
    relations: Sequence[Relation],
    hidden: set[Key],
    safe: set[Key],
    unpublished: Collection[Key],
) -> list[Key]:
    """The hidden counts with only one possible value; the others are added to ``safe`` for good.

    One alternative solution clears every count that it changes, so few need a solver run of their own.
    """
    order = sorted(hidden, key=str)
    shown = {key: count for key, count in counts.items() if key not in hidden}
    rows, totals = _equations(shown, relations, {key: place for place, key in enumerate(order)})
    known: list[Key] = []
    for places, matrix, values in _pieces(rows, totals, len(order)):
        truth = np.array([counts[order[place]] for place in places])
        least = np.array([order[place] not in unpublished for place in places], dtype=np.int64)
        open_ = np.array([order[place] not in safe for place in places])
        if len(matrix):
            determined = open_ & _determined(_null_space(matrix))
            open_ &= ~determined
            sums = Sums(matrix, values, least, truth)
            for objective in _objectives(open_):
                if (objective[open_] != 0).any():
                    open_ &= sums.minimise(objective) == truth
            open_ |= determined
        else:
            open_[:] = False
        safe.update(order[place] for place, same in zip(places, open_, strict=True) if not same)
        known += [order[place] for place, same in zip(places, open_, strict=True) if same]
    return known


def _objectives(open_: np.ndarray) -> Iterator[np.ndarray]:
    """Objectives to minimise: first the sum of all open counts, then each alone, in both directions."""
    for sign in (1.0, -1.0):
        yield sign * open_
    for place in range(len(open_)):
        for sign in (1.0, -1.0):
            if open_[place]:
                yield sign * (np.arange(len(open_)) == place)


def _null_space(matrix: np.ndarray) -> np.ndarray:
    """An orthonormal basis of the null space of the sums, with a row for each unknown."""
    from scipy.linalg import qr

    if not len(matrix):
        return np.eye(matrix.shape[1])
    basis, triangle, _ = qr(matrix.T, pivoting=True)  # quicker than by singular values
    rank = int((np.abs(np.diag(triangle)) > _ZERO).sum())
    return np.asarray(basis[:, rank:])


def _restricted(space: np.ndarray, place: int) -> np.ndarray:
    """The subspace that keeps one unknown fixed: a Householder reflection moves it to one vector, which is dropped."""
    row = space[place].copy()
    length = np.linalg.norm(row)
    if length < _ZERO:
        return space
    row[0] += length if row[0] >= 0 else -length
    mirrored = space - np.outer(space @ row, 2 * row / (row @ row))
    return np.asarray(mirrored[:, 1:])


def _determined(space: np.ndarray) -> np.ndarray:
    """The unknowns that the sums determine alone: their rows of the null space are zero. No solver is needed."""
    return np.asarray(np.linalg.norm(space, axis=1) < _ZERO)


def _complementary_cell(
    key: Key,
    counts: Mapping[Key, int],
    relations: Sequence[Relation],
    hidden: set[Key],
    headlines: Collection[Key],
    public: Collection[Key],
) -> Key | None:
    """The smallest published count in a sum with this one, parts before totals.

    If all of those are hidden already, the smallest in a sum with one of them, and so on.
    """
    reached = {key}
    while True:
        near = [relation for relation in relations if not reached.isdisjoint((relation.total, *relation.parts))]
        shown = [
            (other in headlines, other == relation.total, counts[other], str(other), other)
            for relation in near
            for other in (relation.total, *relation.parts)
            if other not in hidden and other not in public and counts[other] > 0
        ]
        if shown:
            return min(shown)[-1]
        further = reached.union(*((relation.total, *relation.parts) for relation in near)) & hidden
        if further <= reached:
            return None
        reached |= further


def solve(shown: Mapping[Key, int], relations: Sequence[Relation], hidden: Iterable[Key]) -> dict[Key, Range]:
    """The range that a reader can work out for each hidden count, in whole numbers of at least 1.

    (A reader knows that a count of zero is never withheld.)
    """
    hidden = sorted(hidden, key=str)
    rows, totals = _equations(shown, relations, {key: place for place, key in enumerate(hidden)})
    ranges: dict[Key, Range] = {}
    for places, matrix, values in _pieces(rows, totals, len(hidden)):
        for place, found in zip(places, _ranges(matrix, values), strict=True):
            ranges[hidden[place]] = found
    return ranges


def _equations(
    shown: Mapping[Key, int], relations: Sequence[Relation], places: Mapping[Key, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Each sum that involves a hidden count, as a row over the hidden ones and what is left of it."""
    rows, totals = [], []
    for relation in relations:
        row, left = np.zeros(len(places)), 0
        for key, sign in ((relation.total, 1), *((part, -1) for part in relation.parts)):
            if key in places:
                row[places[key]] += sign
            else:
                left -= sign * shown[key]
        if row.any():
            rows.append(row)
            totals.append(left)
    return np.array(rows).reshape(len(rows), len(places)), np.array(totals, dtype=float)


def _pieces(rows: np.ndarray, totals: np.ndarray, count: int) -> Iterable[tuple[list[int], np.ndarray, np.ndarray]]:
    """The hidden counts in groups that share no sum, each with its own sums; small problems stay small."""
    for places in groups(count, [np.flatnonzero(row) for row in rows]):
        own = rows[:, places].any(axis=1) if len(rows) else np.zeros(0, dtype=bool)
        yield places, rows[own][:, places], totals[own]


def groups(count: int, joined: Sequence[Sequence[int] | np.ndarray]) -> list[list[int]]:
    """The connected components of the numbers from 0 to ``count``, not included; each set connects its numbers."""
    first = [places[0] for places in joined for _ in places[1:]]
    other = [place for places in joined for place in places[1:]]
    if not first:  # as in most pieces of a publication
        return [[place] for place in range(count)]
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(first)), (first, other)), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    found: dict[int, list[int]] = {}
    for place, label in enumerate(labels.tolist()):
        found.setdefault(label, []).append(place)
    return list(found.values())


def _ranges(matrix: np.ndarray, totals: np.ndarray) -> list[Range]:
    """The least and most of each unknown, in whole numbers of at least 1, under these sums."""
    count = matrix.shape[1]
    if not len(matrix):
        return [Range(1, None)] * count
    sums = Sums(matrix, totals, np.ones(count, dtype=np.int64))
    return [Range(_extreme(sums, place, count, 1) or 1, _extreme(sums, place, count, -1)) for place in range(count)]


def _extreme(sums: Sums, place: int, count: int, sign: int) -> int | None:
    """The minimum (sign 1) or maximum (-1) of one of so many unknowns; None if it is unbounded."""
    objective = np.zeros(count)
    objective[place] = sign
    value = int(sums.minimise(objective)[place])
    return None if value >= sums.upper_bound else value
