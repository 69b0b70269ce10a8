"""Rulebooks: a procedure as data, clause by clause, its text and its rules together.

These are the models; ``reading`` makes them from YAML. Nothing about any council or Code is written
anywhere but in rulebooks.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    model_validator,
)

from putright import fields

# --- limits ---------------------------------------------------------------------------------------


class Unit(StrEnum):
    """What a limit is counted in; inclusive months count the starting day itself."""

    WORKING_DAYS = "working days"
    MONTHS = "months"
    MONTHS_INCLUSIVE = "months inclusive"


@dataclass(frozen=True)
class Limit:
    """A length of time: ``10 working days``, ``12 months``, ``6 months inclusive``."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        unit = str(self.unit)
        if self.count == 1:
            unit = unit.replace("days", "day").replace("months", "month")
        return f"{self.count} {unit}"


_LIMIT = re.compile(r"(\d{1,3}) (working days?|months?|months? inclusive)")


def parse_limit(text: object) -> Limit:
    """Read ``10 working days`` and the like; ValueError says what was expected."""
    if isinstance(text, Limit):
        return text
    match = _LIMIT.fullmatch(str(text))
    if match is None or int(match[1]) == 0:
        raise ValueError("expected a number and a unit, as '10 working days', '12 months' or '6 months inclusive'")
    unit = match[2].replace("day", "days").replace("month", "months").replace("ss", "s")
    return Limit(int(match[1]), Unit(unit))


def _parse_extension(text: object) -> Limit | str:
    if text in ("as agreed", "any"):
        return str(text)
    try:
        return parse_limit(text)
    except ValueError as error:
        raise ValueError(f"{error}, or 'as agreed', or 'any'") from None


LimitText = Annotated[Limit, BeforeValidator(parse_limit), PlainSerializer(str, return_type=str)]


# --- names ----------------------------------------------------------------------------------------


def _one_of(what: str, known: Mapping[str, object]) -> AfterValidator:
    def check(name: str) -> str:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known))}"
            raise ValueError(f"{name!r} is no {what}; {hint}")
        return name

    return AfterValidator(check)


_DATE_FIELDS = dict.fromkeys(fields.DATES)
_RECORDABLE = {**_DATE_FIELDS, **dict.fromkeys(fields.BOOLEANS)}
DateField = Annotated[str, _one_of("date field of a case record", _DATE_FIELDS)]
Recordable = Annotated[str, _one_of("date or true/false field of a case record", _RECORDABLE)]
RuleName = Annotated[str, _one_of("rule name", fields.RULES)]
Outcome = Annotated[str, _one_of("outcome", dict.fromkeys(fields.OUTCOMES))]
#: Letter words are checked when a rulebook is loaded, since a plugin may add words of its own.
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Model(BaseModel):
    """Base of everything in a rulebook: unknown keys are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


# --- conditions -----------------------------------------------------------------------------------


class Condition(Model):
    """When a rule, or a word of a letter, arises: all that is given must hold on the record.

    ``person`` is a condition that no field of a record can show; what hangs on it is left for a
    person to judge and is never silently required.
    """

    flag: str | None = None
    any_flag: list[str] = []
    """At least one of these flags."""
    outcome: list[Outcome] = []
    """The letter's own stage ended so."""
    recorded: list[Recordable] = []
    """All recorded (true, for a true/false field); in a letter's rule, by the day of the letter."""
    any_recorded: list[Recordable] = []
    actions_left: bool = False
    """A remedy was offered by the day of the letter and not completed by then."""
    beyond_cap: bool = False
    """The extension's new date lies beyond what the rulebook permits."""
    late_request: bool = False
    """The request for the letter's stage came after the window for it."""
    out_of_time: bool = False
    """The complaint came after the time for making one."""
    on_hold: bool = False
    """The letter's stage had been put on hold by the day of the letter."""
    matter_since: dt.date | None = None
    """The matter occurred on or after this day."""
    person: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("a condition must name at least one thing, as 'outcome: [upheld]'")
        return self


# --- rules ----------------------------------------------------------------------------------------

Late = Literal["breach", "judgement"]


class Rule(Model):
    """What every rule of a clause has."""

    rule: RuleName
    kind: str
    cites: list[str] = Field(default=[], alias="with")
    """Further clauses the rule rests on, after its own."""
    answers: list[str] = []
    """National paragraphs it answers, as ``lgsco 6.2``."""
    when: Condition | None = Field(default=None, alias="if")
    unless: Condition | None = None
    unclear: str | None = None
    """What the source leaves unclear; marks every finding ``source_unclear``."""
    note: str | None = None


class Timed(Rule):
    """A step and the time for it: a duty (deadline), an intention (aim), the complainant's own (window)."""

    kind: Literal["deadline", "aim", "window"]
    start: DateField = Field(alias="from")
    or_start: DateField | None = Field(default=None, alias="or_from")
    """A second starting event, where the sources conflict."""
    step: DateField = Field(alias="to")
    within: LimitText | None = None
    """No limit: the step has only to be done."""
    by: DateField | None = None
    """Instead of a limit: the event by which the step must be done."""
    late: Late = "breach"
    unrecorded: Literal["overdue", "no_evidence"] = "overdue"
    """What a step with no date is, once its time is up."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.within and self.by:
            raise ValueError("give 'within' or 'by', not both")
        if self.late == "judgement" and self.kind != "deadline":
            raise ValueError(f"a late {self.kind} is always for judgement: leave 'late' out")
        return self

    @property
    def late_verdict(self) -> Late:
        return self.late if self.kind == "deadline" else "judgement"


class Notice(Rule):
    """Notice of a meeting, counted back from it."""

    kind: Literal["notice"]
    step: DateField = Field(alias="from")
    start: DateField = Field(alias="to")
    within: LimitText
    late: Late = "breach"

    @model_validator(mode="after")
    def _in_working_days(self) -> Self:
        if self.within.unit is not Unit.WORKING_DAYS:
            raise ValueError("notice is counted in working days")
        return self


class Extension(Rule):
    """How much longer a step may take, and what makes that proper."""

    kind: Literal["extension"]
    extends: RuleName
    by: Annotated[Limit | str, BeforeValidator(_parse_extension), PlainSerializer(str, return_type=str)]
    cap: Literal["hard", "soft", "none"]
    beyond_cap: list[Word] = []
    """Soft cap: what the notice must hold for a date beyond the cap to be arguable."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if isinstance(self.by, Limit) == (self.cap == "none"):
            raise ValueError("a capped extension has 'by' in working days; an uncapped one 'as agreed' or 'any'")
        if self.beyond_cap and self.cap != "soft":
            raise ValueError("only a soft cap can be passed: leave 'beyond_cap' out")
        return self


class Contents(Rule):
    """What a letter must hold; several clauses may each add to one letter's rule."""

    kind: Literal["contents"]
    holds: list[Word] = Field(min_length=1)
    lacking: Late = "breach"
    """What a letter without these words is; judgement where the source does not bear a finding."""


class Independence(Rule):
    """The person who considers stage 2 did not consider stage 1."""

    kind: Literal["independence"]
    late: Late = "breach"


KINDS: dict[str, type[Rule]] = {
    "deadline": Timed,
    "aim": Timed,
    "window": Timed,
    "notice": Notice,
    "extension": Extension,
    "contents": Contents,
    "independence": Independence,
}


def _kind(value: Any) -> str | None:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return KINDS[kind].__name__ if kind in KINDS else None


AnyRule = Annotated[
    Annotated[Timed, Tag("Timed")]
    | Annotated[Notice, Tag("Notice")]
    | Annotated[Extension, Tag("Extension")]
    | Annotated[Contents, Tag("Contents")]
    | Annotated[Independence, Tag("Independence")],
    Discriminator(
        _kind,
        custom_error_type="kind",
        custom_error_message=f"'kind' must be one of {', '.join(KINDS)}",
    ),
]


# --- clauses and rulebooks ------------------------------------------------------------------------


class Clause(Model):
    """One numbered paragraph (or titled part) of the source, in our own words, with its rules."""

    id: str = Field(min_length=1)
    heading: str = Field(min_length=1)
    who: str | None = None
    text: str = Field(min_length=1)
    rules: list[AnyRule] = []
    stops_clock_of: list[Annotated[int, Field(ge=1, le=3)]] = []
    """Stages whose response clock a hold under this clause stops."""
    note: str | None = None
    unclear: str | None = None
    """What the source leaves unclear about the whole clause (its number, its edition)."""


class Shared(Model):
    """A file of clauses that several rulebooks of one source include."""

    clauses: list[Clause] = Field(min_length=1)


class Source(Model):
    """The document a rulebook was written from."""

    document: str
    published: str | None = None
    address: str | None = None
    note: str | None = None


class InForce(Model):
    """First and last day of an edition, both included; blank where not known or still running."""

    start: dt.date | None = Field(default=None, alias="from")
    end: dt.date | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.start and self.end and self.end < self.start:
            raise ValueError("'to' comes before 'from'")
        return self


@dataclass(frozen=True)
class Part:
    """One clause's share of a rule."""

    clause: str
    rule: Rule
    unclear: tuple[str, ...] = ()
    """What the source leaves unclear about it."""


@dataclass(frozen=True)
class Ruling:
    """A rule of a rulebook, gathered from the clauses that make it."""

    name: str
    kind: str
    parts: tuple[Part, ...]

    @property
    def clause(self) -> str:
        """The clauses it rests on, as findings cite them."""
        return ", ".join(dict.fromkeys(part.clause for part in self.parts))

    @property
    def rule(self) -> Rule:
        return self.parts[0].rule

    @property
    def unclear(self) -> tuple[str, ...]:
        """Everything the source leaves unclear about it."""
        return tuple(dict.fromkeys(note for part in self.parts for note in part.unclear))


class Rulebook(Model):
    """A procedure: where it comes from, when it was in force, its clauses."""

    rulebook: str = Field(pattern=r"^[a-z0-9-]+(\.(corporate|children|adults|housing|public-health))?$")
    title: str
    authority: str
    """Whose rules these are."""
    standing: Literal["law", "statutory code", "guidance", "policy"] = "policy"
    """What a departure is a departure from; guidance is never called unlawful to depart from."""
    edition: str
    in_force: InForce = InForce()
    source: Source
    governed_by: list[str] = []
    owner: str
    last_reviewed: dt.date | None = None
    review_due: dt.date | None = None
    unclear: str | None = None
    """What is unclear of the whole document, as an unknown date; marks every finding."""
    clauses: list[Clause] = Field(min_length=1)
    digest: str = Field(default="", repr=False)
    """SHA-256 of the files it was read from."""

    def rulings(self) -> dict[str, Ruling]:
        """The rules by name, in the order the rule names run; contents gathered over clauses."""
        return self._gathered

    @cached_property
    def _gathered(self) -> dict[str, Ruling]:
        parts: dict[str, list[Part]] = {}
        for clause in self.clauses:
            for rule in clause.rules:
                doubts = filter(None, (self.unclear, clause.unclear, rule.unclear))
                part = Part("/".join([clause.id, *rule.cites]), rule, tuple(doubts))
                parts.setdefault(rule.rule, []).append(part)
        return {
            name: Ruling(name, str(parts[name][0].rule.kind), tuple(parts[name]))
            for name in fields.RULES
            if name in parts
        }

    def held_stages(self) -> frozenset[int]:
        """Stages at which a hold stops the clock."""
        return frozenset(stage for clause in self.clauses for stage in clause.stops_clock_of)

    @property
    def is_national(self) -> bool:
        return "." not in self.rulebook


def check_rulings(book: Rulebook) -> Iterator[tuple[str, str]]:
    """(rule, what is wrong) for every rule of a book that does not fit the others."""
    rulings = book.rulings()
    for name, ruling in rulings.items():
        kinds = {part.rule.kind for part in ruling.parts}
        if len(kinds) > 1:
            yield name, f"has more than one kind: {', '.join(sorted(kinds))}"
        if len(ruling.parts) > 1 and ruling.kind != "contents":
            clauses = " and ".join(part.clause for part in ruling.parts)
            yield name, f"stands twice, in clauses {clauses}; only 'contents' may be spread over clauses"
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
                yield name, f"extends {rule.extends!r}, which is no time limit of this rulebook"
            elif isinstance(rule.by, Limit) and rule.by.unit is not extended.rule.within.unit:
                yield name, f"is in {rule.by.unit}, but {rule.extends} is in {extended.rule.within.unit}"
            elif extended.rule.step != f"stage{name[-1]}_responded":
                yield name, f"extends {rule.extends!r}, which is no response at stage {name[-1]}"
