"""Half years, which the due dates by month are cut into so that a page stays small."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Half:
    """Half a year, as far as it is in a span: its first and last day."""

    first: dt.date
    last: dt.date

    @property
    def name(self) -> str:
        """For addresses: ``2026-07``, the month that it begins with."""
        return f"{self.first:%Y-%m}"

    @property
    def title(self) -> str:
        """``July to December 2026``."""
        if (self.first.year, self.first.month) == (self.last.year, self.last.month):
            return f"{self.first:%B %Y}"
        return f"{self.first:%B} to {self.last:%B %Y}"

    def covers(self, day: dt.date) -> bool:
        """Whether a day is in it."""
        return self.first <= day <= self.last


def halves(first: dt.date, last: dt.date) -> Iterator[Half]:
    """The half years of a span, in order."""
    begin = first
    while begin <= last:
        end = dt.date(begin.year, 6, 30) if begin.month <= 6 else dt.date(begin.year, 12, 31)
        yield Half(begin, min(end, last))
        begin = end + dt.timedelta(days=1)
