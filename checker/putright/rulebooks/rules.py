"""Rules: what a clause asks of a case, as data; limits, conditions and the kinds of rule."""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    ValidationInfo,
    model_validator,
)

from putright import fields
from putright.calendars import Begins, Calendar, add_months
from putright.mistakes import did_you_mean
from putright.rulebooks import vocabularies
from putright.rulebooks.expectations import parse_day

# --- limits ---------------------------------------------------------------------------------------


class Unit(StrEnum):
    """What a limit is counted in; inclusive months count the starting day itself."""

    WORKING_DAYS = "working days"
    CALENDAR_DAYS = "calendar days"
    WEEKS = "weeks"
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
            unit = unit.replace("days", "day").replace("weeks", "week").replace("months", "month")
        return f"{self.count} {unit}"

    def adds_up_with(self, other: Limit) -> bool:
        """Whether both are counted in working days, or neither is."""
        return (self.unit is Unit.WORKING_DAYS) == (other.unit is Unit.WORKING_DAYS)

    @property
    def calendar_days(self) -> int | None:
        """Its length in calendar days, for a limit in these or in weeks; None for any other."""
        return {Unit.CALENDAR_DAYS: self.count, Unit.WEEKS: 7 * self.count}.get(self.unit)

    def end(self, calendar: Calendar, start: dt.date, begins: Begins = Begins.NEXT_WORKING_DAY) -> dt.date:
        """The last day of the limit; what the start is in the count matters for days and weeks alone."""
        if self.unit is Unit.WORKING_DAYS:
            return calendar.add(start, self.count, begins)
        if self.calendar_days is not None:
            return start + dt.timedelta(days=self.calendar_days - (begins is Begins.DAY_ONE))
        return add_months(start, self.count, inclusive=self.unit is Unit.MONTHS_INCLUSIVE)


_LIMIT = re.compile(r"(\d{1,3}) (working day|calendar day|week|month)s?( inclusive)?")


def parse_limit(text: object) -> Limit:
    """Read ``10 working days`` and the like; ValueError says what was expected."""
    if isinstance(text, Limit):
        return text
    match = _LIMIT.fullmatch(str(text))
    unit = f"{match[2]}s{match[3] or ''}" if match else ""
    if match is None or int(match[1]) == 0 or unit not in set(Unit):
        raise ValueError(
            "expected a number from 1 to 999 and a unit, for example '10 working days', '28 calendar days', '2 weeks', "
            f"'12 months' or '6 months inclusive'{_meant(str(text))}"
        )
    return Limit(int(match[1]), Unit(unit))


def _meant(text: str) -> str:
    """What a limit that cannot be read may mean."""
    if match := re.fullmatch(r"\W*(\d{1,3})\W*(days?)?\W*", text, re.IGNORECASE):
        return f"; did you mean '{match[1]} working days' or '{match[1]} calendar days'?"
    if match := re.fullmatch(r"\W*(\d{1,3})\W*(working|calendar)\W*days?\W*", text, re.IGNORECASE):
        return f"; did you mean '{match[1]} {match[2].lower()} days'?" if int(match[1]) else ""
    return ""


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
    return AfterValidator(lambda name: _checked(name, what, known))


def _checked(name: str, what: str, known: Iterable[str]) -> str:
    if name not in known:
        hint = did_you_mean(name, known) or f"known: {', '.join(sorted(known))}"
        raise ValueError(f"unknown {what} {name!r}; {hint}")
    return name


def _field_of(what: str, *types: fields.Type) -> AfterValidator:
    """A field of one of these types: putright's, or one of the council's own that reading gives as context."""

    def check(name: str, info: ValidationInfo) -> str:
        return _checked(name, what, vocabularies.known_fields(info, *types))

    return AfterValidator(check)


DateField = Annotated[str, _field_of("date field of a case record", fields.Type.DATE)]
Recordable = Annotated[
    str, _field_of("date or true/false field of a case record", fields.Type.DATE, fields.Type.BOOLEAN)
]
RuleName = Annotated[str, _one_of("rule name", fields.RULES)]
Outcome = Annotated[str, _one_of("outcome", dict.fromkeys(fields.OUTCOMES))]
#: Letter words are checked when a rulebook is loaded, since a plugin may add words of its own.
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


Day = Annotated[dt.date, BeforeValidator(parse_day)]


class Paragraph(NamedTuple):
    """A reference to a national paragraph, or to one point of it, taken apart: ``lgsco 8.1 c``."""

    rulebook: str
    number: str
    point: str | None = None


def paragraph(reference: str) -> Paragraph:
    """The rulebook, the number and the point that a reference names."""
    rulebook, _, place = reference.partition(" ")
    number, _, point = place.partition(" ")
    return Paragraph(rulebook, number, point or None)


class Model(BaseModel):
    """Base of everything in a rulebook: unknown keys are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# --- conditions -----------------------------------------------------------------------------------

#: Together these are every decision on a complaint.
_DECISIONS = frozenset({"upheld", "partly_upheld", "not_upheld"})


@dataclass(frozen=True)
class Sense:
    """What a field of a condition means, for everything but the engine, which evaluates it."""

    needs: Callable[[Any], Iterable[str]] = lambda _: ()
    """The fields of a record without which it cannot hold, given its value."""
    takes_in: Callable[[Any, Any], bool] = operator.eq
    """Whether it leaves out no case of the same field in another condition, given both values."""
    may_always_hold: bool = False
    """Whether it may come to the same as no condition, which a person must say."""
    for_letters: bool = False
    """Whether it can only hold for the letters of a stage."""
    rests_on: Callable[[Any, int | None], str] = lambda *_: ""
    """The rule of the same rulebook without whose time limit it never holds, given its value and the letter's stage."""
    flags: Callable[[Any], Iterable[str]] = lambda _: ()
    """The flags that it names, given its value."""


class Condition(Model):
    """When a rule, or a word of a letter, arises: all that is given must hold on the record.

    ``person`` is a condition that no field of a record can show. What depends on it is left for a person to judge, and
    is never silently required.
    """

    # A new field needs a function in ``engine.conditions.PARTS``, a phrase in ``phrases.CONDITIONS`` and an example in
    # ``reference.EXAMPLES``. With a ``Sense`` it says what made-up cases and comparisons of policies must know.

    flag: Annotated[str | None, Sense(flags=lambda name: [name])] = None
    """The case has this flag."""
    any_flag: Annotated[list[str], Sense(flags=lambda names: names)] = []
    """The case has at least one of these flags."""
    outcome: Annotated[
        list[Outcome],
        Sense(takes_in=lambda own, theirs: set(theirs or _DECISIONS) <= set(own), for_letters=True),
    ] = []
    """The letter's own stage ended with one of these outcomes. For letters only."""
    recorded: Annotated[
        list[Recordable],
        # What is not there (a remedy, for example) no letter can hold.
        Sense(
            needs=lambda names: names,
            takes_in=lambda own, theirs: set(own) <= set(theirs),
            may_always_hold=True,
        ),
    ] = []
    """All of these are recorded (true, for a true/false field); in a letter's rule, by the day of the letter."""
    any_recorded: Annotated[list[Recordable], Sense(needs=lambda names: names[:1], may_always_hold=True)] = []
    """At least one of these is recorded (true, for a true/false field); in a letter's rule, by the day of the
    letter."""
    actions_left: Annotated[bool, Sense(needs=lambda _: ("remedy_offered",), may_always_hold=True)] = False
    """A remedy was offered by the day of the letter and not completed by then."""
    beyond_cap: Annotated[bool, Sense(for_letters=True, rests_on=lambda _, stage: f"extend-stage{stage}")] = False
    """The extension's new date is beyond what the rulebook permits."""
    # The only refusals that a policy knows may be those of late complaints and late requests.
    late_request: Annotated[
        bool, Sense(may_always_hold=True, for_letters=True, rests_on=lambda _, stage: f"request-stage{stage}")
    ] = False
    """The request for the letter's stage came after the window for it."""
    out_of_time: Annotated[bool, Sense(may_always_hold=True, rests_on=lambda *_: "complain-in-time")] = False
    """The complaint came after the time for making one."""
    on_hold: Annotated[bool, Sense(for_letters=True)] = False
    """The letter's stage had been put on hold by the day of the letter."""
    matter_since: Day | None = None
    """The matter occurred on or after this day."""
    time_up: Annotated[RuleName | None, Sense(rests_on=lambda name, _: name)] = None
    """The time limit of this rule ran out before its step was done."""
    informal_first: Annotated[bool, Sense(needs=lambda _: ("informal_offered",))] = False
    """An informal attempt was offered, referred or resolved before stage 1 was acknowledged."""
    stage2_before_answer: Annotated[bool, Sense(needs=lambda _: ("stage2_requested", "stage2_responded"))] = False
    """Stage 2 was asked for before stage 1 was answered."""
    person: Annotated[str | None, Sense(may_always_hold=True)] = None
    """What no field of a record can show, in words that complete a sentence with 'where'; a person has to judge it."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("a condition must name at least one thing, as 'outcome: [upheld]'")
        return self

    @property
    def given(self) -> dict[str, Any]:
        """Every field that asks for something, with its value."""
        return {name: value for name, value in self if value}

    def needs(self) -> Iterator[str]:
        """The fields of a record without which it cannot hold."""
        for name, value in self.given.items():
            yield from sense(name).needs(value)

    def narrows(self, other: Condition) -> set[str]:
        """Those of its fields that leave out a case in which the other condition holds."""
        return {name for name, value in self.given.items() if not sense(name).takes_in(value, getattr(other, name))}


def sense(name: str) -> Sense:
    """What a field of a condition means."""
    known = (each for each in Condition.model_fields[name].metadata if isinstance(each, Sense))
    return next(known, Sense())


#: A condition that asks for nothing.
ALWAYS = Condition.model_construct()

# --- rules ----------------------------------------------------------------------------------------

Late = Literal["breach", "judgement"]
DaysOff = Literal["next_working_day", "from_the_day", "either"]
"""What an event on a day that is not a working day means for a limit in working days.

``next_working_day``: the next working day is day zero. ``from_the_day``: the day itself is day zero, so the next
working day is day 1. ``either``: the source does not say; late only where both readings say so.
"""


# A rulebook's file is read with every number as text.
StartDay = Annotated[Literal[0, 1, "either"], BeforeValidator(lambda text: {"0": 0, "1": 1}.get(text, text))]
"""The number of the day of the starting event in a count of days or weeks.

``0``: it is day zero, so that day 1 comes after it. ``1``: it is day 1; where it is not a working day, a count of
working days has the next working day for day 1. ``either``: the source does not say; late only where both readings say
so.
"""


def begins(days_off: DaysOff, start_is_day: StartDay, unit: Unit) -> tuple[Begins, ...]:
    """Every way to read what the start is in a count of this unit, the one with the earliest end first."""
    if unit in (Unit.MONTHS, Unit.MONTHS_INCLUSIVE):
        return (Begins.FROM_THE_DAY,)  # these run from the event's own date, and say themselves whether it counts
    zero: tuple[Begins, ...] = (Begins.FROM_THE_DAY,)
    if unit is Unit.WORKING_DAYS and days_off != "from_the_day":
        zero = (Begins.FROM_THE_DAY, Begins.NEXT_WORKING_DAY) if days_off == "either" else (Begins.NEXT_WORKING_DAY,)
    return {0: zero, 1: (Begins.DAY_ONE,), "either": (Begins.DAY_ONE, *zero)}[start_is_day]


class Rule(Model):
    """What every rule of a clause has."""

    rule: RuleName
    """The name of the rule. Names are the same in every rulebook (contract 6.4)."""
    kind: str
    """The kind of rule; it decides which keys the rule may have (contract 6.5)."""
    who: str | None = None
    """Who has to act, if not the one its clause names."""
    cites: list[str] = Field(default=[], alias="with")
    """Further clauses that the rule rests on, after its own."""
    answers: list[str] = []
    """The national paragraphs, or points of them, that the rule answers, for example ``lgsco 6.2``."""
    when: Condition | None = Field(default=None, alias="if")
    """The rule arises only in cases where this holds."""
    unless: Condition | None = None
    """The rule does not arise in cases where this holds."""
    unclear: str | None = None
    """What the source leaves unclear; marks every finding of the rule ``source_unclear``."""
    note: str | None = None
    """What else a reader of the source should know about the rule."""

    @property
    def entry(self) -> fields.RuleEntry:
        """What the vocabulary says of its name."""
        return fields.VOCABULARY[self.rule]

    @property
    def stage(self) -> int | None:
        """The stage it belongs to; None for a rule of the whole case."""
        return self.entry.stage

    @property
    def letter(self) -> fields.Letter | None:
        """The letter it is about; None for most rules."""
        return fields.LETTERS.get(self.rule)

    @property
    def events(self) -> tuple[str, ...]:
        """The dated fields that it is about: those it counts from, and last the step it asks for."""
        return ()

    @property
    def is_for_a_person(self) -> bool:
        """Whether it arises only where a person says so, since no record can show it."""
        return self.when is not None and self.when.person is not None

    @property
    def after_time_for(self) -> str | None:
        """The rule whose time must be up before this one arises: it asks for nothing while all goes well."""
        return self.when.time_up if self.when else None

    @property
    def answered(self) -> tuple[Paragraph, ...]:
        """The national paragraphs it answers, taken apart."""
        return tuple(map(paragraph, self.answers))


class Alternative(Model):
    """A second time limit for a step, of which the later or the earlier one counts."""

    start: DateField = Field(alias="from")
    """The starting event: the field with its date."""
    within: LimitText
    """The time limit."""


class Timed(Rule):
    """A step and the time for it: a duty (deadline), an intention (aim), the complainant's own (window)."""

    kind: Literal["deadline", "aim", "window"]
    """``deadline``: a duty of the council. ``aim``: a time the policy only aims at. ``window``: the complainant's
    own time limit."""
    start: DateField = Field(alias="from")
    """The starting event: the field with its date."""
    or_start: DateField | None = Field(default=None, alias="or_from")
    """A second starting event, if the sources conflict (contract 4.6)."""
    step: DateField = Field(alias="to")
    """The step to be done: the field with its date."""
    or_within: LimitText | None = None
    """The limit on the second reading, if the sources conflict on its length; counted from ``or_from`` if given."""
    within: LimitText | None = None
    """The time limit. Without it, and without ``by``, the step only has to be done."""
    within_if_first: LimitText | None = None
    """The limit if the stage is the case's first (flag ``straight_to_stage2``) and that limit is different."""
    days_off: DaysOff | None = None
    """What a start on a day that is not a working day means, if the clause itself says so; otherwise the rulebook's."""
    start_is_day: StartDay | None = None
    """The number of the starting day in the count, if the clause itself says so; otherwise the rulebook's."""
    or_if_later: Alternative | None = None
    """A second limit; the later of the two is the step's (contract 4.11)."""
    or_if_earlier: Alternative | None = None
    """A second limit; the earlier of the two is the step's (contract 4.11)."""
    by: DateField | None = None
    """Instead of a limit: the field with the event by which the step must be done."""
    late: Late = "breach"
    """The verdict on a step that is late, for a deadline: ``judgement`` if the source softens the rule (contract
    4.7)."""
    unrecorded: Literal["overdue", "no_evidence"] = "overdue"
    """The verdict on a step with no date, in a rule without ``within``. ``overdue``: ``running`` until the event in
    ``by`` has passed, then late. ``no_evidence``: that verdict whatever the day (contract 4.10). A rule with ``within``
    does not use it."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.within and self.by:
            raise ValueError("give 'within' or 'by', not both")
        if self.within is None and (self.or_within or self.within_if_first or self.alternative):
            raise ValueError(
                "'or_within', 'within_if_first', 'or_if_later' and 'or_if_earlier' need 'within' next to them"
            )
        if self.or_if_later and self.or_if_earlier:
            raise ValueError("give 'or_if_later' or 'or_if_earlier', not both")
        if self.alternative and (self.has_second_reading or self.within_if_first):
            raise ValueError(
                "'or_if_later' and 'or_if_earlier' go with neither 'or_from', 'or_within' nor 'within_if_first'"
            )
        if self.alternative and self.within and not self.within.adds_up_with(self.alternative.within):
            found = f"found {self.within} and {self.alternative.within}"
            raise ValueError(f"both limits have to be in working days, or neither ({found})")
        if self.late == "judgement" and self.kind != "deadline":
            raise ValueError(f"a late {self.kind} is always for judgement: leave 'late' out")
        return self

    @property
    def alternative(self) -> Alternative | None:
        """The second limit, of which the later or the earlier one counts."""
        return self.or_if_later or self.or_if_earlier

    @property
    def starts(self) -> tuple[str, ...]:
        """The fields with its starting events."""
        second = self.alternative.start if self.alternative else self.or_start
        return (self.start, second) if second else (self.start,)

    @property
    def events(self) -> tuple[str, ...]:
        return (self.start, *([self.by] if self.by else []), self.step)

    @property
    def is_response(self) -> bool:
        """Whether its step is the full response of a stage."""
        return fields.named(self.step).part == "responded"

    @property
    def late_verdict(self) -> Late:
        return self.late if self.kind == "deadline" else "judgement"

    @property
    def has_second_reading(self) -> bool:
        """Whether the sources conflict on the start or the length."""
        return self.or_start is not None or self.or_within is not None


class Notice(Rule):
    """Notice of a meeting, counted back from it."""

    kind: Literal["notice"]
    """``notice``: a time counted back from a meeting (contract 4.9)."""
    step: DateField = Field(alias="from")
    """The notice given: the field with its date."""
    start: DateField = Field(alias="to")
    """The meeting that it is counted back from: the field with its date."""
    within: LimitText
    """How long before the meeting notice has to be given, in working days."""
    late: Late = "breach"
    """The verdict on a notice that is too short."""

    @property
    def events(self) -> tuple[str, ...]:
        return self.start, self.step

    @model_validator(mode="after")
    def _in_working_days(self) -> Self:
        if self.within.unit is not Unit.WORKING_DAYS:
            raise ValueError("notice is counted in working days")
        return self


class Extension(Rule):
    """How much longer a step may take, and what makes that proper."""

    kind: Literal["extension"]
    """``extension``: how much longer a response may take (contract 4.4)."""
    extends: RuleName
    """The rule for the response that may take longer."""
    by: Annotated[Limit | str, BeforeValidator(_parse_extension), PlainSerializer(str, return_type=str)]
    """How much longer: a limit in the unit of the rule extended, or, without a cap, ``as agreed`` or ``any``."""
    cap: Literal["hard", "soft", "none"]
    """``hard``: never later than the cap. ``soft``: later only for good reason. ``none``: the policy sets no cap."""
    beyond_cap: list[Word] = []
    """For a soft cap: what the notice must hold for a date beyond the cap to be arguable."""
    late: Late | None = None
    """The verdict on a late notice, or on a new date beyond a hard cap; if not given, the verdict on a late
    response."""

    @property
    def letter(self) -> fields.Letter | None:
        """The notice of it."""
        return fields.LETTERS.get(f"extension-stage{self.stage}-contents")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if isinstance(self.by, Limit) == (self.cap == "none"):
            raise ValueError(
                f"'by' is '{self.by}' and 'cap' is '{self.cap}', which do not fit: with a cap, 'by' is a limit, for "
                "example '10 working days'; with 'cap: none' it is 'as agreed' or 'any'"
            )
        if self.beyond_cap and self.cap != "soft":
            raise ValueError("only a soft cap can be passed: leave 'beyond_cap' out")
        return self


class Contents(Rule):
    """What a letter must hold; several clauses may each add to one letter's rule."""

    kind: Literal["contents"]
    """``contents``: what a letter has to hold (contract 5.10)."""
    holds: list[Word] = []
    """Words for letter contents, all of which the letter must hold."""
    holds_one_of: list[Word] = []
    """Words for letter contents, any one of which will do."""
    lacking: Late = "breach"
    """The verdict on a letter without these words: ``judgement`` if the source only advises them."""

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not self.holds and not self.holds_one_of:
            raise ValueError("give 'holds' or 'holds_one_of': what the letter must hold")
        if len(self.holds_one_of) == 1:
            raise ValueError("'holds_one_of' needs two words or more")
        return self

    @property
    def words(self) -> list[str]:
        """Every word that the letter may be asked for."""
        return [*self.holds, *self.holds_one_of]


class Independence(Rule):
    """The person who considers stage 2 did not consider stage 1."""

    kind: Literal["independence"]
    """``independence``: the person who considers stage 2 did not consider stage 1."""
    late: Late = "breach"
    """The verdict where the same person considered both."""


class Question(Rule):
    """What a record shows and only a person can judge: wherever its ``if`` holds, the verdict is ``judgement``."""

    kind: Literal["question"]
    """``question``: something that a record shows and only a person can judge (contract 5.16)."""
    asks: str = Field(min_length=1)
    """What the person has to judge, in words that complete the sentence 'a person must judge …'."""

    @model_validator(mode="after")
    def _arises_somewhere(self) -> Self:
        if self.when is None:
            raise ValueError("a question needs 'if': what the record has to show for it to arise")
        return self


KINDS: dict[str, type[Rule]] = {
    "deadline": Timed,
    "aim": Timed,
    "window": Timed,
    "notice": Notice,
    "extension": Extension,
    "contents": Contents,
    "independence": Independence,
    "question": Question,
}


def _kind(value: Any) -> str | None:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return KINDS[kind].__name__ if isinstance(kind, str) and kind in KINDS else None


AnyRule = Annotated[
    Annotated[Timed, Tag("Timed")]
    | Annotated[Notice, Tag("Notice")]
    | Annotated[Extension, Tag("Extension")]
    | Annotated[Contents, Tag("Contents")]
    | Annotated[Independence, Tag("Independence")]
    | Annotated[Question, Tag("Question")],
    Discriminator(
        _kind,
        custom_error_type="kind",
        custom_error_message=f"'kind' must be one of {', '.join(KINDS)}",
    ),
]
