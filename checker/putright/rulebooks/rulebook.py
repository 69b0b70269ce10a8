"""Rulebooks: a procedure as data, clause by clause, with its text and its rules.

``reading`` makes one from YAML. What a council or a Code asks of a case is written in rulebooks and
nowhere else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Literal, NamedTuple, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from putright import fields
from putright.calendars import Begins
from putright.mistakes import nearest
from putright.rulebooks.clauses import STATUS_DOUBTS, Clause
from putright.rulebooks.expectations import Expected
from putright.rulebooks.limits import DaysOff, Limit, StartDay, Unit, begins
from putright.rulebooks.rules import Extension, Rule, Timed
from putright.rulebooks.rulings import Part, Ruling
from putright.rulebooks.values import Day, Model
from putright.rulebooks.vocabularies import known_procedures


class Source(Model):
    """The document a rulebook was written from."""

    document: str
    """The document's title."""
    published: str | None = None
    """When it was published, as the document says."""
    address: str | None = None
    """Where it can be read on the web."""
    note: str | None = None
    """How it was read, and what is not in it."""


class InForce(Model):
    """First and last day of an edition, both included; blank if not known or still in force."""

    start: Day | None = Field(default=None, alias="from")
    """The first day; leave it out if it is not known."""
    end: Day | None = Field(default=None, alias="to")
    """The last day; leave it out while the edition is in force."""

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.start and self.end and self.end < self.start:
            raise ValueError("'to' comes before 'from'")
        return self


class BookName(NamedTuple):
    """A parsed rulebook name: ``coventry.corporate``, or ``lgsco``, which is a national one."""

    whose: str
    """The council's plugin name, or a national rulebook's own name."""
    procedure: str | None = None
    """The procedure of a council's rulebook; None for a national one."""

    @property
    def council(self) -> str | None:
        """None for a national rulebook."""
        return self.whose if self.procedure else None


def name_of(rulebook: str) -> BookName:
    """The council and procedure of a rulebook, from its name alone."""
    whose, _, procedure = rulebook.partition(".")
    return BookName(whose, procedure or None)


class Rulebook(Model):
    """A procedure: where it comes from, when it was in force, its clauses."""

    rulebook: str = Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)?$")
    """Its name: ``<plugin name>.<procedure>`` for a council, or a name without a procedure for a national rulebook."""
    title: str
    """The title of the procedure."""
    authority: str
    """Whose rules these are."""
    standing: Literal["law", "statutory code", "guidance", "policy"] = "policy"
    """How binding the source is. Papers word a departure by it: the Regulations 'require', a Code that is guidance
    'asks'. A departure from a Code is reported as a departure, never as unlawful."""
    edition: str
    """The edition, as the document names it."""
    in_force: InForce = InForce()
    """The days on which this edition is in force."""
    edition_by: Literal["received", "stage"] = "received"
    """The day that chooses the edition (contract 2.3): ``received``, the day the complaint was received, or ``stage``,
    the day its stage was received or asked for. All editions of a rulebook have the same."""
    ends: Day | None = None
    """The last day on which the procedure can apply, if that is known: the council itself ends, for example."""
    superseded_by: str | None = None
    """What has replaced the procedure, or will replace it, as far as is known."""
    for_flag: str | None = None
    """The flag of the only cases that the document is written for; other cases have the national rules alone."""
    not_for_flag: str | None = None
    """The flag of cases that the document leaves to another policy."""
    days_off: DaysOff = "either"
    """What an event on a day that is not a working day means (contract 4.1); a rule can say otherwise."""
    start_is_day: StartDay = 0
    """Whether the day of the starting event is day zero or day 1 (contract 4.1); a rule can say otherwise."""
    calendar: str | None = None
    """The calendar of bank holidays that working days are counted by (contract 4.2): ``england``, which is that of
    Wales too, ``scotland``, ``northern-ireland``, or one that a plugin brings. If it is not given, that of the national
    rulebook in ``governed_by``, or else ``england``."""
    source: Source
    """The document that the rulebook was written from."""
    governed_by: list[str] = []
    """The national rulebooks that govern it (contract 2.2). putright has ``lgsco``, ``housing``, ``children-2006``,
    ``adults-2009`` and ``public-health-2012``; a plugin can bring others."""
    owner: str
    """The team that owns the procedure."""
    last_reviewed: Day | None = None
    """The day it was last reviewed."""
    review_due: Day | None = None
    """The day its next review is due."""
    unclear: str | None = None
    """What is unclear about the whole document, for example an unknown date; marks every finding."""
    clauses: list[Clause] = Field(min_length=1)
    """The clauses, in the order of the document."""
    expect: list[Expected] = []
    """Cases with the due dates that this edition must give them, which ``putright check`` compares."""
    digest: str = Field(default="", repr=False)
    """SHA-256 of the files it was read from."""

    @field_validator("rulebook")
    @classmethod
    def _of_a_known_procedure(cls, name: str, info: ValidationInfo) -> str:
        procedure, known = name_of(name).procedure, known_procedures(info)
        if procedure is not None and procedure not in known:
            raise ValueError(f"unknown procedure {procedure!r}; {nearest(procedure, known)}")
        return name

    def rulings(self) -> dict[str, Ruling]:
        """The rules by name, in the order the rule names run; contents gathered over clauses."""
        return self._gathered

    @cached_property
    def _gathered(self) -> dict[str, Ruling]:
        parts: dict[str, list[Part]] = {}
        for clause in self.clauses:
            for rule in clause.rules:
                part = Part(
                    clause.id,
                    rule,
                    tuple(self._doubts_of(clause, rule)),
                    tuple(self._hold_doubts(rule)),
                    rule.who or clause.who,
                    tuple(filter(None, (rule.note, clause.note))),
                )
                parts.setdefault(rule.rule, []).append(part)
        return {
            name: Ruling(name, str(parts[name][0].rule.kind), tuple(parts[name]))
            for name in fields.RULES
            if name in parts
        }

    def doubts(self) -> tuple[str, ...]:
        """Doubts about the whole document, which apply to every rule."""
        found = [self.unclear, self.superseded_by and f"this procedure is superseded by {self.superseded_by}"]
        return tuple(doubt for doubt in found if doubt)

    def _doubts_of(self, clause: Clause, rule: Rule) -> Iterator[str]:
        """Every doubt that a rule of a clause is subject to, the widest first."""
        yield from self.doubts()
        if clause.status in STATUS_DOUBTS:
            yield STATUS_DOUBTS[clause.status]
        yield from filter(None, (clause.unclear, rule.unclear))
        for other in self.clauses:
            if other is not clause and other.unclear and rule.rule in other.bears_on:
                yield f"{other.id}: {other.unclear}"

    def _hold_doubts(self, rule: Rule) -> Iterator[str]:
        """Doubts on the clauses whose holds stop the clock of this response."""
        for clause in self.clauses:
            if clause.unclear and rule.rule in {f"respond-stage{stage}" for stage in clause.stops_clock_of}:
                yield f"{clause.id}: {clause.unclear}"

    @property
    def last_day(self) -> dt.date | None:
        """The last day the edition applies to, as far as is known."""
        return min(filter(None, (self.in_force.end, self.ends)), default=None)

    @cached_property
    def asks_for_stage1(self) -> bool:
        """Whether it has a step before stage 1, and counts stage 1 from the day the person asked for it."""
        return any("stage1_requested" in ruling.rule.events[:-1] for ruling in self.rulings().values())

    def held_stages(self) -> frozenset[int]:
        """Stages at which a hold stops the clock."""
        return self._held

    @cached_property
    def _held(self) -> frozenset[int]:
        return frozenset(stage for clause in self.clauses for stage in clause.stops_clock_of)

    @property
    def name(self) -> BookName:
        """Its parsed name."""
        return name_of(self.rulebook)

    @property
    def council(self) -> str | None:
        """The council it belongs to; None for a national one."""
        return self.name.council

    @property
    def procedure(self) -> str | None:
        """The procedure that a council's rulebook is for; None for a national one."""
        return self.name.procedure

    @property
    def is_national(self) -> bool:
        return self.council is None

    @property
    def beginnings(self) -> tuple[Begins, ...]:
        """Every way to read what the start is in a count of working days, where a rule does not say so itself."""
        return begins(self.days_off, self.start_is_day, Unit.WORKING_DAYS)

    def begins(self, rule: Timed, limit: Limit | None = None) -> tuple[Begins, ...]:
        """Every way to read what the start is in a count of a rule, the one with the earliest end first.

        ``limit`` is one of the rule's limits, if it is not ``within``; without any, days are working days.
        """
        limit = limit or rule.within
        start_is_day = self.start_is_day if rule.start_is_day is None else rule.start_is_day
        unit = limit.unit if limit else Unit.WORKING_DAYS
        return begins(rule.days_off or self.days_off, start_is_day, unit)

    def extension_of(self, rule: str) -> Ruling | None:
        """Its rule for extending a step; None if it has none."""
        rulings = self.rulings().values()
        return next((each for each in rulings if isinstance(each.rule, Extension) and each.rule.extends == rule), None)

    def timed_by(self, ruling: Ruling) -> Rule:
        """The rule whose clock a ruling uses: its own, or for an extension that of the step extended."""
        return self.rulings()[ruling.rule.extends].rule if isinstance(ruling.rule, Extension) else ruling.rule


def check_rulings(book: Rulebook) -> Iterator[tuple[str, str]]:
    """(rule, what is wrong) for every rule of a book that does not fit the others."""
    rulings = book.rulings()
    for name, ruling in rulings.items():
        kinds = {part.rule.kind for part in ruling.parts}
        if len(kinds) > 1:
            yield name, f"has more than one kind: {', '.join(sorted(kinds))}"
        if len(ruling.parts) > 1 and ruling.kind != "contents":
            clauses = " and ".join(part.clause for part in ruling.parts)
            yield name, f"appears twice, in clauses {clauses}; only 'contents' may be spread over clauses"
        if (ruling.kind == "contents") != (name in fields.LETTERS):
            yield (
                name,
                "is a letter's rule: its kind is 'contents'"
                if name in fields.LETTERS
                else (f"cannot be of kind 'contents': use one of {', '.join(fields.LETTERS)}"),
            )
        rule = ruling.rule
        if isinstance(rule, Extension):
            extended = rulings.get(rule.extends)
            if extended is None or not isinstance(extended.rule, Timed) or extended.rule.within is None:
                yield name, f"extends {rule.extends!r}, which is not a time limit of this rulebook"
            elif isinstance(rule.by, Limit) and rule.by.unit is not extended.rule.within.unit:
                yield name, f"is in {rule.by.unit}, but {rule.extends} is in {extended.rule.within.unit}"
            elif extended.rule.alternative and isinstance(rule.by, Limit):
                yield name, f"has a cap, but {rule.extends} ends on one of two days: give no cap"
            elif extended.rule.step != f"stage{rule.stage}_responded":
                yield name, f"extends {rule.extends!r}, which is not a response at stage {rule.stage}"
