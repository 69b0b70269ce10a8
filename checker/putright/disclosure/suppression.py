"""Suppressing small numbers, so that nothing published gives one back.

Counts below the threshold, other than zero, are withheld (primary suppression); then others too, until
no total, difference or chain of them lets a reader work out any withheld count (secondary suppression).
What a reader can work out is asked of a solver, from exactly what a reader has.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Key = Hashable
#: Below this a count is withheld.
THRESHOLD = 5
#: The length of what arithmetic with fractions leaves of nothing.
_NOTHING = 1e-7
#: A solver's number this near to a whole one is that.
_FRACTION = 1e-6


@dataclass(frozen=True)
class Relation:
    """What any reader knows of the figures: a total is the sum of its parts."""

    total: Key
    parts: tuple[Key, ...]


@dataclass(frozen=True)
class Withholding:
    """What to withhold, and which of it may be found out all the same, from what is published already."""

    hidden: frozenset[Key]
    lost: frozenset[Key]


@dataclass(frozen=True)
class Range:
    """The least and the most that a withheld count can be, from everything published; None is no end."""

    least: int
    most: int | None

    @property
    def values(self) -> float:
        return float("inf") if self.most is None else self.most - self.least + 1


def suppress(
    counts: Mapping[Key, int],
    relations: Sequence[Relation],
    threshold: int = THRESHOLD,
    spared: Collection[Key] = frozenset(),
    public: Collection[Key] = frozenset(),
    unasked: Collection[Key] = frozenset(),
    wanted: Collection[Key] | None = None,
) -> Withholding:
    """The counts to withhold; ``spared`` ones (the headlines) only where nothing else will do.

    ``relations`` must name every sum that a reader can make: of rows, columns, tables and periods. ``public`` counts
    are published already; ``unasked`` ones nobody publishes, may be none, and may be found out. ``wanted`` are those
    that are to be published, all where None: no other need be shown. Raises ValueError where a relation does not
    hold, since then the figures themselves are wrong.
    """
    for relation in relations:
        if counts[relation.total] != sum(counts[part] for part in relation.parts):
            raise ValueError(f"{relation.total!r} is not the sum of its parts")
    small = {key for key, count in counts.items() if 0 < count < threshold and key not in unasked}
    hidden = small.union(unasked).difference(public)
    safe = set(unasked)
    lost: set[Key] = set()
    while True:
        known = set(_known(counts, relations, hidden, safe, unasked)) - lost
        found = {key: _companion(key, counts, relations, hidden, spared, public) for key in known}
        if not found:
            break
        lost |= {key for key, other in found.items() if other is None}
        hidden |= {other for other in found.values() if other is not None}
    lost &= small
    touched = {key for each in relations if not lost.isdisjoint(_of(each)) for key in _of(each)}
    stays = small.union(unasked, touched, () if wanted is None else hidden.difference(wanted))
    hidden -= _shown_again(counts, relations, hidden, small - lost, spared, stays, unasked)
    return Withholding(frozenset(hidden | small).difference(unasked), frozenset(lost))


def _of(relation: Relation) -> tuple[Key, ...]:
    return relation.total, *relation.parts


def _shown_again(
    counts: Mapping[Key, int],
    relations: Sequence[Relation],
    hidden: set[Key],
    small: set[Key],
    spared: Collection[Key],
    stays: Collection[Key],
    unasked: Collection[Key],
) -> set[Key]:
    """Counts that need not be withheld after all: each sought its companion alone, so more is than must be.

    What ``stays`` is withheld in any case. One of the others after another is shown for trial, the headlines first and
    then the largest; where no small count is given away by it, it stays shown.
    """
    order = sorted(hidden, key=lambda key: (key not in spared, -counts[key], str(key)))
    open_ = np.array([key not in stays for key in order])
    truth, is_small = np.array([counts[key] for key in order]), np.array([key in small for key in order])
    least = np.array([key not in unasked for key in order], dtype=np.int64)
    known = {key: count for key, count in counts.items() if key not in hidden}
    rows, totals = _equations(known, relations, {key: place for place, key in enumerate(order)})
    shown: set[Key] = set()
    for places, matrix, values in _pieces(rows, totals, len(order)):
        some = _Fillings(matrix, values, truth[places], is_small[places], least[places])
        shown |= {order[place] for nth, place in enumerate(places) if open_[place] and some.show(nth)}
    return shown


class _Fillings:
    """Other fillings that keep the sums of some hidden counts: with one for each small count, none is given away.

    A filling in which a count is what it is in truth still fits when that count is shown, so that the solver is
    asked only where no such filling is left.
    """

    def __init__(
        self, matrix: np.ndarray, totals: np.ndarray, truth: np.ndarray, small: np.ndarray, least: np.ndarray
    ) -> None:
        self._matrix, self._totals, self._truth, self._small, self._least = matrix, totals, truth, small, least
        self._shown = np.zeros(len(truth), dtype=bool)
        self._space = _null_space(matrix)
        found = self._others(np.empty((0, len(truth)), dtype=np.int64), self._shown, self._space)
        self._hopeless = found is None  # a small count is given away whatever is withheld
        self._found = np.empty((0, len(truth)), dtype=np.int64) if found is None else found

    def show(self, place: int) -> bool:
        """Show one count, unless that gives a small one away; whether it is shown."""
        if self._hopeless:
            return False
        trial = self._shown | (np.arange(len(self._truth)) == place)
        space = _narrowed(self._space, place)
        found = self._others(self._found[self._found[:, place] == self._truth[place]], trial, space)
        if found is None:
            return False
        self._shown, self._space, self._found = trial, space, found
        return True

    def _others(self, found: np.ndarray, shown: np.ndarray, space: np.ndarray) -> np.ndarray | None:
        """These fillings, and more until each small count is another than it is in one; None where one must be it.

        ``space`` is what may be added to a filling without changing a sum or a count that is shown.
        """
        if not len(self._matrix):
            return found
        open_ = self._small & (found == self._truth).all(axis=0)
        if (_settled(space) & open_).any():
            return None

        def seek(goal: np.ndarray) -> None:
            nonlocal found, open_
            filling = self._truth.copy()
            left = self._totals - self._matrix[:, shown] @ self._truth[shown]
            filling[~shown] = _solution(self._matrix[:, ~shown], left, goal[~shown], self._least[~shown])
            found, open_ = np.vstack([found, filling]), open_ & (filling == self._truth)

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


def _known(
    counts: Mapping[Key, int],
    relations: Sequence[Relation],
    hidden: set[Key],
    safe: set[Key],
    unasked: Collection[Key],
) -> list[Key]:
    """The hidden counts that can be nothing but what they are; the others go to ``safe`` and stay so.

    One other filling that fits clears every count it changes, so few need a question of their own.
    """
    order = sorted(hidden, key=str)
    shown = {key: count for key, count in counts.items() if key not in hidden}
    rows, totals = _equations(shown, relations, {key: place for place, key in enumerate(order)})
    known: list[Key] = []
    for places, matrix, values in _pieces(rows, totals, len(order)):
        truth = np.array([counts[order[place]] for place in places])
        least = np.array([order[place] not in unasked for place in places], dtype=np.int64)
        open_ = np.array([order[place] not in safe for place in places])
        if len(matrix):
            settled = open_ & _settled(_null_space(matrix))
            open_ &= ~settled
            for goal in _goals(open_):
                if (goal[open_] != 0).any():
                    open_ &= _solution(matrix, values, goal, least) == truth
            open_ |= settled
        else:
            open_[:] = False
        safe.update(order[place] for place, same in zip(places, open_, strict=True) if not same)
        known += [order[place] for place, same in zip(places, open_, strict=True) if same]
    return known


def _goals(open_: np.ndarray) -> Iterator[np.ndarray]:
    """What to make least: first all the open counts together, then each by itself, down and up."""
    for sign in (1.0, -1.0):
        yield sign * open_
    for place in range(len(open_)):
        for sign in (1.0, -1.0):
            if open_[place]:
                yield sign * (np.arange(len(open_)) == place)


def _null_space(matrix: np.ndarray) -> np.ndarray:
    """What may be added to the unknowns without changing a sum: an orthonormal basis, a row for each unknown."""
    from scipy.linalg import qr

    if not len(matrix):
        return np.eye(matrix.shape[1])
    basis, triangle, _ = qr(matrix.T, pivoting=True)  # quicker than by singular values
    rank = int((np.abs(np.diag(triangle)) > _NOTHING).sum())
    return np.asarray(basis[:, rank:])


def _narrowed(space: np.ndarray, place: int) -> np.ndarray:
    """The part of a space in which one unknown stays as it is: mirrored onto one vector of the basis, which goes."""
    row = space[place].copy()
    length = np.linalg.norm(row)
    if length < _NOTHING:
        return space
    row[0] += length if row[0] >= 0 else -length
    mirrored = space - np.outer(space @ row, 2 * row / (row @ row))
    return np.asarray(mirrored[:, 1:])


def _settled(space: np.ndarray) -> np.ndarray:
    """The unknowns that sums settle whatever the others are, by the space that the sums leave: no solver is needed."""
    return np.asarray(np.linalg.norm(space, axis=1) < _NOTHING)


def _companion(
    key: Key,
    counts: Mapping[Key, int],
    relations: Sequence[Relation],
    hidden: set[Key],
    spared: Collection[Key],
    public: Collection[Key],
) -> Key | None:
    """The smallest count that stands in a sum with this one and is still shown; parts go before totals.

    Where all those are hidden already, the nearest: one that stands in a sum with one of them, and so on.
    """
    reached = {key}
    while True:
        near = [relation for relation in relations if not reached.isdisjoint((relation.total, *relation.parts))]
        shown = [
            (other in spared, other == relation.total, counts[other], str(other), other)
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
    """What a reader can work out of each hidden count: its range, in whole numbers of at least 1.

    (A reader knows that no count of zero is withheld.)
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
    """Numbers from 0 to ``count``, not included, in groups: those that stand together in any of the sets are in one."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first = [places[0] for places in joined for _ in places[1:]]
    other = [place for places in joined for place in places[1:]]
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
    return [
        Range(_extreme(matrix, totals, place, 1) or 1, _extreme(matrix, totals, place, -1)) for place in range(count)
    ]


def _extreme(matrix: np.ndarray, totals: np.ndarray, place: int, sign: int) -> int | None:
    """The least (sign 1) or most (-1) of one unknown; None where it has no end."""
    goal = np.zeros(matrix.shape[1])
    goal[place] = sign
    value = int(_solution(matrix, totals, goal, np.ones(len(goal)))[place])
    return None if value >= _endless(matrix, totals) else value


def _endless(matrix: np.ndarray, totals: np.ndarray) -> float:
    """No bounded unknown is larger than all that is shown together; one that is has no end."""
    return float(np.abs(totals).sum() + matrix.shape[1] + 1)


def _solution(matrix: np.ndarray, totals: np.ndarray, goal: np.ndarray, least: np.ndarray) -> np.ndarray:
    """The filling in whole numbers of at least these that keeps every sum and makes the goal least.

    Sums of counts nearly always have it where fractions are allowed too, which is quicker to find.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    constraints, bounds = LinearConstraint(matrix, totals, totals), Bounds(least, 2 * _endless(matrix, totals))
    for whole in (False, True):
        found = milp(goal, constraints=constraints, integrality=np.full(len(goal), whole), bounds=bounds)
        if not found.success:
            raise ValueError(f"the published figures cannot be solved: {found.message}")
        filling: np.ndarray = np.rint(found.x).astype(np.int64)
        if np.abs(found.x - filling).max() < _FRACTION:
            break
    return filling
