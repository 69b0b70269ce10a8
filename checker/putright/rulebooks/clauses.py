"""Clauses: one numbered paragraph of a document, in our own words, with the rules that it makes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from putright.rulebooks.limits import LimitText
from putright.rulebooks.rules import AnyRule
from putright.rulebooks.values import DateField, Model, Paragraph, Reference, RuleName, paragraph

Strength = Literal["must", "should", "may", "context"]
"""How strongly a national paragraph asks; ``context`` asks nothing."""


Topic = Literal[
    "scope",
    "definition",
    "service requests",
    "compliments and comments",
    "who may complain",
    "representatives and consent",
    "anonymous complaints",
    "how to complain",
    "accessibility",
    "exclusions",
    "other procedures",
    "triage",
    "stage 1",
    "stage 2",
    "stage 3",
    "extensions",
    "holds",
    "withdrawal",
    "new points",
    "special cases",
    "remedies",
    "unreasonable behaviour",
    "ombudsman",
    "learning",
    "reporting",
    "records and privacy",
    "roles",
    "review of the policy",
]
"""The topic of a clause, by which councils are compared."""


Status = Literal["confirmed", "content confirmed", "one source", "to be confirmed"]
"""How sure a national paragraph is: read with its number on its author's own page; its content confirmed by two or
more other sources, not its number; its content in one other source; or neither."""


#: What is in doubt of a national paragraph of each status but ``confirmed``.
STATUS_DOUBTS: dict[str, str] = {
    "content confirmed": "the content of this paragraph is confirmed by other sources, its number is to be confirmed",
    "one source": "this paragraph is known from one source other than its author's, and is to be confirmed",
    "to be confirmed": "this paragraph was not read in the source and is to be confirmed",
}


class Point(Model):
    """One point of a national paragraph that asks for several things."""

    id: str = Field(pattern=r"^[a-z]$")
    """Its letter."""
    text: str = Field(min_length=1)
    """What it asks for, in our own words."""
    strength: Strength | None = None
    """How strongly it asks, if not as strongly as its paragraph."""


class Departure(Model):
    """A conflict between a clause and a national paragraph (or a point of one)."""

    paragraph: Reference = Field(alias="from")
    """The national paragraph, or point, that the clause departs from."""
    because: str = Field(min_length=1)
    """What the clause says that the paragraph does not allow."""

    @property
    def departed(self) -> Paragraph:
        """The parsed reference to the national paragraph."""
        return paragraph(self.paragraph)


class Exclusion(Model):
    """A matter that the procedure does not cover, and where the person is sent instead."""

    matter: str = Field(min_length=1)
    """What the procedure does not take."""
    instead: str | None = None
    """Where the person is sent instead, if the source says."""


class Restatement(Model):
    """The time for a step as this clause gives it, where another clause makes the rule; compared, never judged by.

    For an extension, the whole time with it.
    """

    rule: RuleName
    """The rule whose time is given again."""
    start: DateField = Field(alias="from")
    """The event that this clause counts from: the field with its date."""
    within: LimitText
    """The time as this clause gives it."""


class Clause(Model):
    """One numbered paragraph (or titled part) of the source, in our own words, with its rules."""

    id: str = Field(min_length=1)
    """The clause's number, or its title, in the source. Write it in quotation marks."""
    heading: str = Field(min_length=1)
    """The clause's heading."""
    who: str | None = None
    """Who has to act."""
    topic: Topic | None = None
    """What the clause is about, so that councils can be compared."""
    text: str = Field(min_length=1)
    """A faithful summary of the clause in plain English."""
    rules: list[AnyRule] = []
    """The rules that the clause makes."""
    restates: list[Restatement] = []
    """Times that the clause gives again, where another clause makes the rule."""
    excludes: list[Exclusion] = []
    """Matters that the procedure does not take."""
    answers: list[Reference] = []
    """National paragraphs, or points of them, that the clause as a whole is about. A rule names its own in its
    ``answers``; do not repeat these here."""
    departs: list[Departure] = []
    """Where the clause departs from a national paragraph."""
    strength: Strength | None = None
    """How strongly a national paragraph asks. For national rulebooks only."""
    status: Status = "confirmed"
    """Whether a national paragraph, its number included, was read in the source."""
    shown_by: list[Literal["policy", "cases", "governance"]] = []
    """Where a national paragraph can be seen to be followed: the written policy, case records, or other evidence."""
    points: list[Point] = []
    """The things that a national paragraph asks for, if it asks for several."""
    source: str | None = None
    """Where this paragraph was read, if not in the rulebook's own source."""
    stops_clock_of: list[Annotated[int, Field(ge=1, le=3)]] = []
    """Stages whose response clock a hold under this clause stops."""
    note: str | None = None
    """What else a reader of the source should know about the clause."""
    unclear: str | None = None
    """What the source leaves unclear about the whole clause (its number or its edition, for example)."""
    bears_on: list[RuleName] = []
    """Rules of other clauses that what is unclear here makes unclear too."""

    @property
    def answered(self) -> tuple[Paragraph, ...]:
        """The parsed references to the national paragraphs that the clause as a whole answers."""
        return tuple(map(paragraph, self.answers))


class Shared(Model):
    """A file of clauses that several rulebooks of one source include."""

    clauses: list[Clause] = Field(min_length=1)
    """The clauses to be included."""
