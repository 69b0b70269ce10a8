"""Count combinations of codes, such as procedure, class of finding and month, lot by lot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from putright.statistics.cubes import COUNT

Numbers = NDArray[np.int64]
Names = Sequence[str] | pl.Series


class Combinations:
    """How many there are of each combination of codes.

    A combination is one whole number while it is counted, so that each lot takes no more than a sort, and the codes of
    all lots are named at once.
    """

    def __init__(self, names: Mapping[str, Names]) -> None:
        """Take the dimensions, with the names of each one's codes; their numbers multiplied stay below 2 ** 63."""
        self._names = names
        self._sizes = tuple(map(len, names.values()))
        self._keys = [np.zeros(0, dtype=np.int64)]
        self._counts = [np.zeros(0, dtype=np.int64)]

    def add(self, **codes: Numbers | int) -> None:
        """Count a lot: for each dimension the code of each member, or one code of them all."""
        each = np.broadcast_arrays(*(codes[name] for name in self._names))
        keys, counts = np.unique(np.ravel_multi_index(tuple(each), self._sizes), return_counts=True)
        self._keys.append(keys)
        self._counts.append(counts)

    def frame(self) -> pl.DataFrame:
        """The combinations by name, and how many there are of each in each lot."""
        codes = np.unravel_index(np.concatenate(self._keys), self._sizes)
        columns = {name: named(names, code) for (name, names), code in zip(self._names.items(), codes, strict=True)}
        return pl.DataFrame({**columns, COUNT: np.concatenate(self._counts)})


def named(names: Names, codes: NDArray[np.integer]) -> pl.Series:
    """Codes as words."""
    return pl.Series(names, dtype=pl.String)[pl.Series(codes.astype(np.uint32))]  # ``gather`` takes far longer
