"""A paper as data: sections of sentences, tables, charts and gaps, from which every document is written.

The report, the committee paper in Word and PDF, and the published page are all made from one ``Paper``, so
they cannot say different things. Tables have figures as counts, shares and dates; ``spell`` turns them into text.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Literal

from putright.text import rounding
from putright.text.english import written_date
from putright.text.plaintext import printable

#: The text for a count that is withheld, and for one that does not arise.
WITHHELD = "withheld"
NONE = "n/a"
#: The first words of a gap in every document, and a line of a paper's head without its value.
TO_SUPPLY = "To be supplied:"
BLANK = "to be supplied"
#: Letters that a line of a table has room for, on a page on its side and on an upright one.
_WIDE, _UPRIGHT = 125, 80
#: A table of more columns is set smaller.
MANY = 7
#: A column of longer texts folds them in any case.
_LONGEST = 60
_WORD = 24
#: Letters' room for the margins of a cell, and for words of wide letters.
_MARGINS = 3


@dataclass(frozen=True)
class Withheld:
    """A count too small to publish, or one that would give such a count away."""


@dataclass(frozen=True)
class Share:
    """A percentage and its base, which are always published together. Withheld if either count is."""

    count: int
    base: int

    @property
    def percent(self) -> int:
        """A whole percent, as ``rounding.percent`` rounds. The base is above 0."""
        return int(rounding.percent(self.count, self.base))


class Citation(str):
    """A rule's clause as a cell: text that keeps its rulebook, so that a page can link to the clause."""

    __slots__ = ("rulebook",)
    rulebook: str

    def __new__(cls, clause: str, rulebook: str) -> Citation:
        """The clause of a rulebook."""
        made = super().__new__(cls, clause)
        made.rulebook = rulebook
        return made


Cell = str | int | dt.date | Share | Withheld | None


@dataclass(frozen=True)
class Column:
    """A column's heading, and whether it holds figures."""

    heading: str
    figures: bool = True


@dataclass(frozen=True)
class Table:
    """Figures with their headings; the first column names the row."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    """Notes for the reader: whether by receipt or due date, and what is left out."""

    def widths(self, *, wide: bool) -> list[int]:
        """The width of each column in letters, on a landscape (``wide``) page or a portrait one.

        No word is broken unless it is longer than any in a dictionary. If there is not enough room, longer texts are
        wrapped.
        """
        least, wanted = [], []
        for place, column in enumerate(self.columns):
            cells = [spell(row[place]) for row in self.rows]
            words = max(
                min(len(word), _WORD)
                for word in [*column.heading.split(), *(word for cell in cells for word in cell.split())]
            )
            least.append(words + _MARGINS)
            wanted.append(max(words + _MARGINS, *(min(len(cell), _LONGEST) for cell in cells), 0))
        room = (_WIDE if wide else _UPRIGHT) * (5 if len(self.columns) > MANY else 4) // 4
        spare = room - sum(least)
        more = sum(wanted) - sum(least)
        if more == 0 or spare >= more:
            return wanted
        return [one + (other - one) * max(spare, 0) // more for one, other in zip(least, wanted, strict=True)]


@dataclass(frozen=True)
class Chart:
    """A chart of columns of a table. The table is the text alternative and is always next to it."""

    table: str
    columns: tuple[int, ...]
    kind: Literal["stacked bars", "bars"]
    alternative: str
    """A sentence that describes the chart."""


@dataclass(frozen=True)
class Sentence:
    """One generated sentence, and the condition under which it applies, in words."""

    id: str
    text: str
    condition: str


@dataclass(frozen=True)
class Prose:
    """Text without figures, which an officer may change."""

    id: str
    text: str


@dataclass(frozen=True)
class Gap:
    """A marked gap for information that case records cannot show and a person must supply."""

    id: str
    text: str


Block = Sentence | Table | Chart | Prose | Gap


@dataclass(frozen=True)
class Section:
    """A heading and the blocks under it; ``level`` 2 is a main section, an ``appendix`` is on landscape pages."""

    id: str
    heading: str
    blocks: tuple[Block, ...] = ()
    level: int = 2
    appendix: bool = False


def grouped(section: Section) -> Section:
    """The section with all its gaps in one, at its end."""
    gaps = [block for block in section.blocks if isinstance(block, Gap)]
    if len(gaps) < 2:
        return section
    rest = tuple(block for block in section.blocks if not isinstance(block, Gap))
    text = f"{'; '.join(gap.text.rstrip('.') for gap in gaps)}."
    return replace(section, blocks=(*rest, Gap(f"gap-{section.id}", text)))


@dataclass(frozen=True)
class Paper:
    """A whole paper. ``facts`` are the lines of its head: council, period, audit date, and what a cover asks for.

    A line with no value is to be supplied.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...] = field(default=())

    def tables(self) -> dict[str, Table]:
        """Every table by its id."""
        return {block.id: block for section in self.sections for block in section.blocks if isinstance(block, Table)}


def spell(cell: Cell) -> str:
    """A cell as text, the same in every document."""
    match cell:
        case None:
            return NONE
        case Withheld():
            return WITHHELD
        case Share():
            return f"{cell.percent}% of {cell.base:,}"
        case dt.date():
            return written_date(cell)
        case int():
            return f"{cell:,}"
        case _:
            return printable(" ".join(cell.split()))
