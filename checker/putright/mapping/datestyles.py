"""How the dates of an export are written: one style for the whole file, and its own for a column that needs one."""

from __future__ import annotations

from collections.abc import Mapping

from putright.mapping.exportcolumns import FORMATS, RIVALS, Column, fits
from putright.mapping.questions import ANSWER_FIRST, Asking, Question
from putright.mapping.yamllines import yaml
from putright.text.english import counted

_ORDERS = ("day-first", "month-first")
#: The fewest times at 23:00 in summer that show a file to be in UTC.
_LATE = 3


class DateStyles:
    """The styles of date of an export's columns."""

    def __init__(self, columns: Mapping[str, Column], asking: Asking) -> None:
        self._columns = columns
        self._asking = asking
        self.unreadable: dict[str, str] = {}
        """What a person has to put right: each column with values that are not dates, and how many."""
        self.whole = self._whole()
        """The format for the whole file; None if the values do not show whether the day or the month is first."""

    def _whole(self) -> str | None:
        found = [column for column in self._columns.values() if column.formats]
        if not found:
            mixed = [column.mixed[0] for column in self._columns.values() if column.mixed]
            return max(mixed, key=mixed.count) if mixed else "iso"
        counts = {name: sum(name in column.formats for column in found) for name in FORMATS}
        best = max(counts, key=lambda name: counts[name])
        rivals = next((pair for pair in RIVALS if best in pair and counts[pair[0]] == counts[pair[1]]), None)
        if rivals is None:
            return best
        samples = tuple(column.values[0] for column in found if rivals[0] in column.formats)[:3]
        asked = "Is the day or the month first in the dates? No value of the file decides it."
        return self._asked_order(Question("dates", asked, _ORDERS, ANSWER_FIRST, samples), rivals)

    def _asked_order(self, question: Question, rivals: tuple[str, str]) -> str | None:
        """The order of day and month, which no value decides."""
        answer = self._asking.choice(question)
        return None if answer is None else rivals[_ORDERS.index(answer)]

    def line(self) -> str:
        """The line of the mapping for the whole file."""
        if self.whole is None:
            return "# dates:  # asked below: day-first or month-first"
        fitting = sum(self.whole in column.formats for column in self._columns.values())
        where = f"every date in {counted(fitting, 'column')} can be read in this way"
        return f"dates: {yaml(self.whole)}  # {where if fitting else 'no column has dates in one style: see each'}"

    def zone_line(self) -> str:
        """The line on the zone of the times, where midnights are at 23:00 in summer: blank if they are not."""
        times = [time for column in self._columns.values() if column.is_date for time in column.summer_times]
        late = sum(time == "23:00" for time in times)
        if late < _LATE or late * 2 < len(times) or "00:00" in times:
            return ""
        question = Question(
            "zone",
            f"Are the times in UTC? {counted(late, 'date')} in summer, when London is an hour ahead, are at 23:00, "
            "as midnight is in UTC.",
            ("UTC", "London"),
            "UTC",
            depends="If they are, each is of the next day.",
        )
        answer = self._asking.choice(question)
        return f"zone: {answer}  # {self._asking.why(question, 'midnights are at 23:00 in summer')}"

    def of(self, column: Column) -> tuple[str, str]:
        """A column's own ``dates:``, if it needs them, and a comment on its values."""
        if not column.values:
            return "", "empty in this file"
        if column.mixed:
            return self._mixed(column)
        if self.whole is None and len(column.formats) > 1:
            return "", "TO DO: day-first or month-first"
        rivals = next((pair for pair in RIVALS if set(pair) <= set(column.formats)), None)
        if self.whole in column.formats:
            return "", f"dates; alone either way round, other columns are {self.whole}" if rivals else "dates"
        if rivals is None:
            return yaml(column.formats[0]), "dates of another style than most"
        asked = f"Is the day or the month first in the dates of {column.name!r}? No value of it decides that."
        question = Question(f"dates of {column.name}", asked, _ORDERS, ANSWER_FIRST, tuple(column.values[:3]))
        answer = self._asked_order(question, rivals)
        return (yaml(answer), "your answer") if answer else ("", "asked below")

    def _mixed(self, column: Column) -> tuple[str, str]:
        """More than one style in a column, or values that are not dates."""
        said = "more than one style of date" if len(column.mixed) > 1 else "dates"
        bad = [value for value in column.values if not any(fits(value, name) for name in column.mixed)]
        if bad:
            unreadable = f"{counted(len(bad), 'value')} cannot be read, for example {bad[0]!r:.30}"
            said += f"; {unreadable}"
            self.unreadable[column.name] = f"column {column.name!r}: {unreadable}"
        if any(name in pair for pair in RIVALS for name in column.mixed):
            said += "; check day and month"
        return f"[{', '.join(yaml(name) for name in column.mixed)}]", said

    def merged(self, columns: list[Column]) -> str:
        """``dates:`` for one field of several columns; blank if that of the whole file does for all."""
        formats = [self.of(column)[0] for column in columns]
        inside = [part.strip() for text in formats if text for part in text.strip("[]").split(", ")]
        return f"[{', '.join(dict.fromkeys([*inside, yaml(self.whole or 'iso')]))}]" if inside else ""
