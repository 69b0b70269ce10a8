"""Rules: what a clause asks of a case, as data; limits, conditions and the kinds of rule."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
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
