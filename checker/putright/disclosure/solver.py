"""Solutions of sums in whole numbers, found by the HiGHS solver (https://highs.dev).

One model of a group of sums is asked again and again: only what is wanted of the unknowns changes, and the solver goes
on from the solution that it has.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: A solver's number this near to a whole one is that.
_FRACTION = 1e-6


class Sums:
    """Sums of unknowns, each with its total; every unknown is a whole number of at least its least."""

    def __init__(
        self,
        matrix: NDArray[np.float64],
        totals: NDArray[np.float64],
        least: NDArray[np.int64],
        fits: NDArray[np.int64] | None = None,
    ) -> None:
        """``matrix`` has a row for each sum and a column for each unknown; ``fits`` is a solution, if one is known."""
        self._matrix, self._totals, self._least = matrix, totals, np.asarray(least, dtype=float)
        self._known = 0.0 if fits is None else float((np.abs(matrix) @ fits).sum())
        self._places = np.arange(matrix.shape[1], dtype=np.int32)

    @cached_property
    def upper_bound(self) -> float:
        """No unknown that is bounded can be as large; one with a larger value is unbounded."""
        return float(np.abs(self._totals).sum() + self._known + self._matrix.shape[1] + 1)

    def fix(self, place: int, value: int) -> None:
        """From now on an unknown is known."""
        self._model.changeColBounds(place, float(value), float(value))

    def free(self, place: int) -> None:
        """An unknown is not known any more."""
        self._model.changeColBounds(place, self._least[place], 2 * self.upper_bound)

    def minimise(self, objective: NDArray[np.float64]) -> NDArray[np.int64]:
        """The whole numbers that keep every sum and make the objective least.

        They may first be fractions: that is quicker, and for sums of counts the solution is nearly always whole.
        Raises a ValueError where nothing keeps every sum.
        """
        self._model.changeColsCost(len(self._places), self._places, np.asarray(objective, dtype=float))
        found = self._solved()
        whole = np.rint(found).astype(np.int64)
        if np.abs(found - whole).max(initial=0) < _FRACTION:
            return whole
        self._take_whole_numbers(wanted=True)
        found = self._solved()
        self._take_whole_numbers(wanted=False)
        return np.rint(found).astype(np.int64)

    def _solved(self) -> NDArray[np.float64]:
        import highspy

        self._model.run()
        status = self._model.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise ValueError(f"the published figures cannot be solved: {self._model.modelStatusToString(status)}")
        return np.array(self._model.getSolution().col_value)

    def _take_whole_numbers(self, *, wanted: bool) -> None:
        import highspy

        kind = highspy.HighsVarType.kInteger if wanted else highspy.HighsVarType.kContinuous
        for place in self._places:
            self._model.changeColIntegrality(int(place), kind)

    @cached_property
    def _model(self) -> Any:
        import highspy

        rows, columns = self._matrix.shape
        model = highspy.Highs()
        model.silent()
        model.setOptionValue("threads", 1)  # the problems are small
        problem = highspy.HighsLp()
        problem.num_col_, problem.num_row_ = columns, rows
        problem.col_cost_ = np.zeros(columns)
        problem.col_lower_, problem.col_upper_ = self._least, np.full(columns, 2 * self.upper_bound)
        problem.row_lower_ = problem.row_upper_ = self._totals
        held = [np.flatnonzero(row) for row in self._matrix]
        problem.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        problem.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(places) for places in held])]).astype(np.int32)
        problem.a_matrix_.index_ = np.concatenate([*held, []]).astype(np.int32)
        values = [row[places] for row, places in zip(self._matrix, held, strict=True)]
        problem.a_matrix_.value_ = np.concatenate([*values, []]).astype(float)
        model.passModel(problem)
        return model
