"""What the papers of a pack are made of: tables and a few facts, from which their sections are built."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from putright.documents.paper import Gap, Table, spell
from putright.rulebooks import name_of
from putright.statistics.tables import slug

#: Tables of what is supplied by hand.
_BY_HAND = ("refusal-reasons", "improvements", "ombudsman-letter")


@dataclass(frozen=True)
class JudgedRulebook:
    """A rulebook that judged the complaints of a procedure; ``national`` is the title of the one above it."""

    group: str
    book: str
    title: str
    authority: str
    standing: str
    national: str
    whole: tuple[str, ...] = ()
    """What is in doubt of the whole document, a sentence each: that it has been superseded, that it ends."""
    doubts: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """What is in doubt of its rules, a sentence each, by step and clause as the table of its rules names them."""

    @property
    def rules(self) -> str:
        """The id of its table of rules."""
        return slug("rules", self.group, self.book)

    @property
    def in_doubt(self) -> str:
        """The id of the table of what is in doubt of its rules."""
        return slug("in-doubt", self.group, self.book)

    @property
    def name(self) -> str:
        """Its title with whose it is, as the tables name it; a law is nobody's."""
        return self.title if self.standing == "law" else f"{self.title} ({self.authority})"

    @property
    def heading(self) -> str:
        """What it is, and which complaints it judged."""
        return f"{self.name}: {self.group} complaints"

    @property
    def local(self) -> bool:
        return name_of(self.book).council is not None


@dataclass(frozen=True)
class Rows:
    """What became of the rows of the file of cases.

    ``rejected`` and ``unread`` are published as they are, however few. A row that could not be read is in no figure, so
    that no figure can be worked back from their number; and it is a fault of the export, which says nothing of anybody.
    ``unread`` counts values, not people. ``read`` is None where small numbers are withheld: less the rejected rows it
    is the number of all complaints, and less those that are shown it would be a number that is withheld.
    """

    read: int | None
    rejected: int
    unread: int = 0
    """Values that could not be read in cases that were kept, and count as not recorded."""


@dataclass(frozen=True)
class Material:
    """What the papers are made of; ``tables`` are by id."""

    council: str
    start: dt.date | None
    end: dt.date | None
    as_at: dt.date
    period_by: str
    software: str
    editions: Sequence[str]
    judged: Sequence[JudgedRulebook]
    tables: Mapping[str, Table]
    gaps: Sequence[Gap]
    """What case records cannot show and nobody has supplied."""
    rows: Rows
    without: Sequence[str] = ()
    """Rulebooks that would have judged cases but are not there."""
    threshold: int | None = None
    """Below this, counts are withheld; None where nothing is."""

    @property
    def period(self) -> str:
        """The period in words."""
        match self.start, self.end:
            case None, None:
                return f"up to {spell(self.as_at)}"
            case None, end:
                return f"up to {spell(end)}"
            case start, None:
                return f"from {spell(start)} to {spell(self.as_at)}"
            case start, end:
                return f"from {spell(start)} to {spell(end)}"
        raise AssertionError

    @property
    def span(self) -> str:
        """The period as it stands in a title."""
        return self.period.removeprefix("from ")

    @property
    def groups(self) -> list[str]:
        return list(dict.fromkeys(each.group for each in self.judged))

    @property
    def measures(self) -> tuple[Table, ...]:
        """The measures' tables, in their order."""
        names = [name for name in self.tables if name.startswith("measures-")]
        return tuple(table for name in ("measure-definitions", *names, *_BY_HAND) for table in self.table(name))

    def table(self, name: str) -> Iterator[Table]:
        """A table by its id, where there is one with rows."""
        if name in self.tables and self.tables[name].rows:
            yield self.tables[name]
