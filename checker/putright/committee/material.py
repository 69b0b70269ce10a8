"""The tables and facts from which the sections of a pack's papers are built."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from putright.documents.paper import Gap, Table, spell
from putright.rulebooks import name_of
from putright.statistics.tables import slug

#: Tables of figures supplied by hand.
_BY_HAND = ("refusal-reasons", "improvements", "feedback")
#: Those of what the Ombudsmen decided.
OMBUDSMEN = ("ombudsman-letter", "ombudsman-compared", "housing-ombudsman")


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
    """What is in doubt about the whole document, a sentence each: that it has been superseded, that it ends."""
    limits: Mapping[str, str] = field(default_factory=dict)
    """The time limit of each rule that has one in all of its editions, in words: ``5 working days``."""
    doubts: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """What is in doubt about its rules, a sentence each, by step and clause as the table of its rules names them."""

    @property
    def rules(self) -> str:
        """The id of its table of rules."""
        return slug("rules", self.group, self.book)

    @property
    def in_doubt(self) -> str:
        """The id of the table of what is in doubt about its rules."""
        return slug("in-doubt", self.group, self.book)

    @property
    def name(self) -> str:
        """Title with the issuing Ombudsman in brackets, as the tables name it; laws have none."""
        return self.title if self.standing == "law" else f"{self.title} ({self.authority})"

    @property
    def heading(self) -> str:
        """Its name, and the complaints it judged."""
        return f"{self.name}: {self.group} complaints"

    @property
    def local(self) -> bool:
        return name_of(self.book).council is not None


@dataclass(frozen=True)
class Rows:
    """How many rows of the file of cases were read and rejected.

    ``rejected`` and ``unread`` are published however small they are. A rejected row is in no figure, so no figure can
    be worked out from their number, and it is a fault of the export that says nothing about a person. ``unread``
    counts values, not people. ``read`` is None if small numbers are withheld: subtracting the rejected rows gives the
    number of all complaints, and subtracting the published numbers from that would give a withheld one.
    """

    read: int | None
    rejected: int
    unread: int = 0
    """Unreadable values in cases that were kept, which count as not recorded."""


@dataclass(frozen=True)
class Material:
    """The tables, by id, and the facts of a pack's papers."""

    council: str
    start: dt.date | None
    end: dt.date | None
    as_at: dt.date
    period_by: str
    software: str
    bank_holidays: str
    """Whose bank holidays are left out of the count: ``England``."""
    editions: Sequence[str]
    judged: Sequence[JudgedRulebook]
    tables: Mapping[str, Table]
    gaps: Sequence[Gap]
    """Information that case records cannot show and nobody has supplied."""
    rows: Rows
    without: Sequence[str] = ()
    """Rulebooks that would have judged cases but are not installed."""
    threshold: int | None = None
    """Counts below this are withheld; None if nothing is withheld."""
    targets: Mapping[str, int] = field(default_factory=dict)
    """The council's own targets in percent, for ``acknowledged``, ``stage1`` and ``stage2``."""
    cover: tuple[tuple[str, str], ...] = ()
    """The head of a paper for a committee; a line with no value is to be supplied."""
    conduct_shown: bool = True
    """Whether figures of the council's own conduct are shown however small."""

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
        """The period for a title."""
        return self.period.removeprefix("from ")

    @property
    def groups(self) -> list[str]:
        return list(dict.fromkeys(each.group for each in self.judged))

    @property
    def measures(self) -> tuple[Table, ...]:
        """The measures' tables, in their order."""
        names = [name for name in self.tables if name.startswith(("measures-", "outcomes-"))]
        by_hand = (*_BY_HAND, *OMBUDSMEN)
        return tuple(table for name in ("measure-definitions", *names, *by_hand) for table in self.table(name))

    @property
    def ombudsmen(self) -> tuple[Table, ...]:
        """The tables of what the Ombudsmen decided."""
        return tuple(table for name in OMBUDSMEN for table in self.table(name))

    def without_ombudsmen(self) -> Material:
        """The same for a paper that has what the Ombudsmen decided in a part of its own."""
        return replace(self, tables={name: table for name, table in self.tables.items() if name not in OMBUDSMEN})

    def table(self, name: str) -> Iterator[Table]:
        """The table with this id, if there is one with rows."""
        if name in self.tables and self.tables[name].rows:
            yield self.tables[name]
