"""Four months at a time, which the due dates by month are cut into so that a page stays small."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

#: How many months of dates a page has.
MONTHS = 4


@dataclass(frozen=True)
class Span:
    """The months of a page, as far as they are in the look-up: the first and last day."""

    first: dt.date
    last: dt.date

    @property
    def name(self) -> str:
        """For addresses: ``2026-09``, the month that it begins with."""
        return f"{self.first:%Y-%m}"

    @property
    def title(self) -> str:
        """``September to December 2026``."""
        if (self.first.year, self.first.month) == (self.last.year, self.last.month):
            return f"{self.first:%B %Y}"
        return f"{self.first:%B} to {self.last:%B %Y}"

    @property
    def months(self) -> list[dt.date]:
        """The first day of each month."""
        first = self.first.replace(day=1)
        return [dt.date(first.year, month, 1) for month in range(first.month, self.last.month + 1)]

    @property
    def days(self) -> list[dt.date]:
        """Every day."""
        return [self.first + dt.timedelta(days=place) for place in range((self.last - self.first).days + 1)]


def spans(first: dt.date, last: dt.date) -> Iterator[Span]:
    """The pages of a look-up, in order: each ends with April, August or December."""
    begin = first
    while begin <= last:
        after = (begin.month - 1) // MONTHS * MONTHS + MONTHS + 1
        end = dt.date(begin.year + after // 13, (after - 1) % 12 + 1, 1) - dt.timedelta(days=1)
        yield Span(begin, min(end, last))
        begin = end + dt.timedelta(days=1)
