"""Count combinations of codes, such as procedure, class of finding and month, lot by lot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


class Combinations:
    """How many there are of each combination of codes.

    A combination is one whole number while it is counted, so that each lot takes no more than a sort, and the codes of
    all lots are named at once.
    """

    def __init__(self, sizes: dict[str, int]) -> None:
        """Take the dimensions, with the number of codes that each has: multiplied, less than 2 to the power of 63."""
        self._sizes = sizes
        self._keys: list[Numbers] = []
        self._counts: list[Numbers] = []

    def add(self, **codes: Numbers | int) -> None:
        """Count a lot: for each dimension the code of each member, or one code of them all."""
        each = np.broadcast_arrays(*(codes[name] for name in self._sizes))
        keys, counts = np.unique(np.ravel_multi_index(tuple(each), tuple(self._sizes.values())), return_counts=True)
        self._keys.append(keys)
        self._counts.append(counts)

    def counted(self) -> tuple[dict[str, Numbers], Numbers]:
        """The codes of every combination in each dimension, and how many it has; those of each lot apart."""
        if not self._keys:
            return {name: np.zeros(0, dtype=np.int64) for name in self._sizes}, np.zeros(0, dtype=np.int64)
        codes = np.unravel_index(np.concatenate(self._keys), tuple(self._sizes.values()))
        return dict(zip(self._sizes, codes, strict=True)), np.concatenate(self._counts)
