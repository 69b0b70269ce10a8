"""Suppression attacked: from everything published no withheld count can be worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from putright.disclosure.suppression import Key, Range, Relation, solve, suppress


def table(rows: Sequence[Sequence[int]]) -> tuple[dict[Key, int], list[Relation]]:
    """A table's cells with its totals, and every sum in it."""
    across, down = range(len(rows)), range(len(rows[0]))
    counts: dict[Key, int] = {(i, j): rows[i][j] for i in across for j in down}
    relations = []
    for i in across:
        counts[i, "all"] = sum(rows[i])
        relations.append(Relation((i, "all"), tuple((i, j) for j in down)))
    for j in down:
        counts["all", j] = sum(row[j] for row in rows)
        relations.append(Relation(("all", j), tuple((i, j) for i in across)))
    counts["all", "all"] = sum(map(sum, rows))
    relations.append(Relation(("all", "all"), tuple(("all", j) for j in down)))
    relations.append(Relation(("all", "all"), tuple((i, "all") for i in across)))
    return counts, relations


def attack(
    shown: Mapping[Key, int], relations: Sequence[Relation], hidden: Sequence[Key], largest: int
) -> dict[Key, set[int]]:
    """Every value each withheld count can have, by trying every filling up to ``largest``: no solver, no algebra.

    The bound only makes the attacker stronger.
    """
    cells = [key for key in hidden if isinstance(key, tuple) and "all" not in key]
    grid = np.meshgrid(*[np.arange(1, largest + 1, dtype=np.int32)] * len(cells)) if cells else []
    counts: dict[Key, np.ndarray] = {key: np.array([count]) for key, count in shown.items()}
    counts |= {key: values.ravel() for key, values in zip(cells, grid, strict=True)}
    fits = np.ones(largest ** len(cells), dtype=bool)
    for relation in relations:
        made = sum(counts[part] for part in relation.parts) + np.zeros(len(fits), dtype=np.int32)
        fits &= counts.setdefault(relation.total, made) == made
        if relation.total in hidden:
            fits &= made > 0
    return {key: set((counts[key] + np.zeros(len(fits), dtype=np.int32))[fits].tolist()) for key in hidden}


COUNTS = st.integers(0, 6)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(2, 3).flatmap(
        lambda wide: st.lists(st.lists(COUNTS, min_size=wide, max_size=wide), min_size=2, max_size=2)
    )
)
def test_no_withheld_count_can_be_worked_out(rows: list[list[int]]) -> None:
    counts, relations = table(rows)
    hidden = suppress(counts, relations).hidden
    assert {key for key, count in counts.items() if 0 < count < 5} <= hidden
    assert all(counts[key] > 0 for key in hidden), "a zero is never withheld"
    shown = {key: count for key, count in counts.items() if key not in hidden}
    possible = attack(shown, relations, sorted(hidden, key=str), largest=9)
    for key, values in possible.items():
        assert counts[key] in values, "the truth is one of the fillings"
        assert len(values) > 1, f"{key} must be {values}"


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(COUNTS, min_size=2, max_size=2), min_size=2, max_size=2), st.data())
def test_the_solver_sees_what_trying_everything_sees(rows: list[list[int]], data: st.DataObject) -> None:
    counts, relations = table(rows)
    hideable = sorted((key for key, count in counts.items() if count), key=str)
    hidden = data.draw(st.lists(st.sampled_from(hideable), unique=True, max_size=4)) if hideable else []
    shown = {key: count for key, count in counts.items() if key not in hidden}
    tried = attack(shown, relations, hidden, largest=14)
    for key, found in solve(shown, relations, hidden).items():
        if found.most is not None:
            assert (found.least, found.most) == (min(tried[key]), max(tried[key]))
        assert found.least <= counts[key]


#: rows, and the cells withheld
TABLES = [
    ([[10, 20], [30, 40]], set()),
    ([[0, 20], [30, 40]], set()),
    ([[3, 20], [30, 40]], {(0, 0), (0, 1), (1, 0), (1, 1)}),
    ([[3, 2], [30, 40]], None),
]


@pytest.mark.parametrize(("rows", "expected"), TABLES)
def test_known_tables(rows: list[list[int]], expected: set[Key] | None) -> None:
    counts, relations = table(rows)
    hidden = suppress(counts, relations).hidden
    if expected is not None:
        assert hidden == expected
    assert ("all", "all") not in hidden


def test_two_ones_that_make_two_are_not_given_by_their_total() -> None:
    counts: dict[Key, int] = {"a": 1, "b": 1, "total": 2}
    relations = [Relation("total", ("a", "b"))]
    assert solve({"total": 2}, relations, ["a", "b"]) == {"a": Range(1, 1), "b": Range(1, 1)}
    assert suppress(counts, relations).hidden == {"a", "b", "total"}


def test_a_count_given_by_totals_further_off_is_found_too() -> None:
    """Two sums share their first part, and their second parts differ by the one: 20 + 16 = 36, 20 + 15 = 35."""
    counts: dict[Key, int] = {"both": 20, "ours": 16, "theirs": 15, "only ours": 1, "all ours": 36, "all theirs": 35}
    relations = [
        Relation("all ours", ("both", "ours")),
        Relation("all theirs", ("both", "theirs")),
        Relation("ours", ("theirs", "only ours")),
    ]
    hidden = suppress(counts, relations, threshold=22).hidden
    shown = {key: count for key, count in counts.items() if key not in hidden}
    assert all(found.values > 1 for found in solve(shown, relations, hidden).values())


def test_a_quarter_is_not_given_by_the_year() -> None:
    """Figures published at different times are one system."""
    counts: dict[Key, int] = {"q1": 9, "q2": 2, "q3": 12, "q4": 8, "year": 31}
    hidden = suppress(counts, [Relation("year", ("q1", "q2", "q3", "q4"))]).hidden
    assert hidden == {"q2", "q4"}


def test_the_threshold_can_be_set() -> None:
    counts: dict[Key, int] = {"a": 7, "b": 12, "total": 19}
    relations = [Relation("total", ("a", "b"))]
    assert suppress(counts, relations).hidden == frozenset()
    assert suppress(counts, relations, threshold=10).hidden == {"a", "b"}


def test_figures_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="not the sum"):
        suppress({"a": 7, "b": 12, "total": 20}, [Relation("total", ("a", "b"))])
