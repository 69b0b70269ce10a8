"""The columns of an export for a proposal: their distinct values, and what those can be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from putright.files.tables import key
from putright.mapping import columnnames, dateformats
from putright.mapping.columnnames import FALSE, TRUE

_PATTERNS = (
    "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%m-%y", "%d-%b-%y", "%d %b %y",
    "%d/%b/%Y", "%d/%b/%y", "%A %d %B %Y", "%A, %d %B %Y", "%a %d %b %Y", "%B %d, %Y", "%b %d, %Y",
    "%d %B %y", "%Y/%m/%d", "%Y%m%d",
)  # fmt: skip
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M%p")
FORMATS = ("iso", "day-first", "month-first", *(day + time for time in _TIMES for day in _PATTERNS), "excel")
#: Formats that read the same text as different days.
RIVALS = (("day-first", "month-first"), *((f"%d/%m/%y{time}", f"%m/%d/%y{time}") for time in _TIMES))
#: The number of values checked to see whether a column holds dates at all.
_SAMPLE = 200
#: The most styles of date that one column is proposed to have.
_STYLES = 6
#: A text that means *not recorded*.
_BLANK = "(?i)^(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in columnnames.BLANKS) + ")$"
#: A time at the end of a text, but for its seconds: whichever it is, the same formats fit.
_CLOCK = r"([ T])(?:[01]\d|2[0-3]):[0-5]\d((?::[0-5]\d)?)$"
#: Texts that are worth trying as a date.
_MAY_BE_DATE = re.compile(r"(?=\D*\d).{5,40}")
#: A serial number before 1990 or after 2060 is taken for some other number.
_SERIALS = (32874, 58440)


@dataclass
class Column:
    """One column: its distinct values without blanks, and what they can be."""

    name: str
    cells: pl.Series

    @cached_property
    def values(self) -> list[str]:
        found = self.cells.drop_nulls().unique(maintain_order=True)
        return found.filter(~found.str.contains(_BLANK)).to_list()

    @cached_property
    def words(self) -> list[str]:
        """The values as words: those that differ in case and blanks only are one."""
        return list({key(value): value for value in reversed(self.values)}.values())[::-1]

    @cached_property
    def blanks(self) -> list[str]:
        found = self.cells.drop_nulls().unique(maintain_order=True)
        return found.filter(found.str.contains(_BLANK)).to_list()

    @cached_property
    def _days(self) -> list[str]:
        """The distinct values with one time of day for all: a column of times has few days."""
        times = pl.Series(self.values, dtype=pl.String).str.replace(_CLOCK, "${1}10:00$2")
        return times.unique(maintain_order=True).to_list()

    @cached_property
    def formats(self) -> tuple[str, ...]:
        """The date formats that every value fits."""
        days = self._days
        single = tuple(name for name in FORMATS if days and all(fits(value, name) for value in days))
        if single:
            return single[:1] if single[0] == "iso" else single
        return ()

    @cached_property
    def mixed(self) -> tuple[str, ...]:
        """Formats that together fit at least half the values, where none fits them all; the best first."""
        if self.formats or not self._some_dates():
            return ()
        left = self.values
        found: list[str] = []
        while left and len(found) < _STYLES:
            counts = {name: sum(fits(value, name) for value in left) for name in FORMATS if not _rivals(name, found)}
            best = max(counts, key=lambda name: counts[name])
            if not counts[best]:
                break
            found.append(best)
            left = [value for value in left if not fits(value, best)]
        return tuple(found) if self.values and len(left) * 2 <= len(self.values) else ()

    def _some_dates(self) -> bool:
        """Whether a quarter of a sample from the whole column are dates, which avoids checking every value."""
        some = self.values[:: len(self.values) // _SAMPLE + 1]
        return sum(map(is_dated, some)) * 4 >= len(some)

    @property
    def is_date(self) -> bool:
        return bool(self.formats or self.mixed)

    @cached_property
    def summer_times(self) -> list[str]:
        """The time of day of each of a sample of dates in summer, without seconds; midnight where none is given."""
        found = []
        for value in self.values[:: len(self.values) // _SAMPLE + 1]:
            style = next((name for name in (*self.formats, *self.mixed) if fits(value, name)), None)
            day = dateformats.parse(value, (style,)) if style else None
            if day is not None and 4 <= day.month <= 9:
                time = re.search(r"[ T](\d{1,2}):(\d{2})", value)
                found.append(f"{int(time[1]):02}:{time[2]}" if time else "00:00")
        return found

    @cached_property
    def is_boolean(self) -> bool:
        return bool(self.values) and all(key(value) in (*TRUE, *FALSE) for value in self.values)


def is_dated(value: str) -> bool:
    """Whether a value is a date in any format: it has a digit and is short."""
    return bool(_MAY_BE_DATE.fullmatch(value)) and any(fits(value, name) for name in FORMATS)


def fits(value: str, name: str) -> bool:
    """Whether a value is a date in a format."""
    if name == "excel" and not (re.fullmatch(r"\d{5}(\.\d+)?", value) and _SERIALS[0] < float(value) < _SERIALS[1]):
        return False
    try:
        dateformats.parse(value, (name,))
    except dateformats.DateError:
        return False
    # Real Excel dates come as ISO, which the named formats read too: that says nothing about the others.
    return name == "iso" or name.startswith("%") or not re.match(r"\d{4}-\d{2}-\d{2}", value)


def _rivals(name: str, found: Sequence[str]) -> bool:
    return any(name in pair and other in pair for pair in RIVALS for other in found if other != name)


def as_text(cells: pl.Series) -> pl.Series:
    """Cells as text without surrounding blanks; null if nothing is left."""
    if isinstance(cells.dtype, pl.Datetime):
        cells = cells.dt.date()
    text = cells.cast(pl.String).str.strip_chars()
    return text.set(text == "", None)
