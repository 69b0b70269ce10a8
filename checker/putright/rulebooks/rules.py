"""Rules: what a clause asks of a case, as data; a model for each kind of rule."""

from __future__ import annotations

from collections.abc import Container
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, PlainSerializer, Tag, model_validator

from putright import fields
from putright.rulebooks.conditions import Condition
from putright.rulebooks.limits import DaysOff, Limit, LimitText, StartDay, Unit, parse_limit
from putright.rulebooks.values import DateField, Model, Paragraph, RuleName, Word, paragraph

Late = Literal["breach", "judgement"]


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
        return self.when.after_time_for if self.when else None

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

    def limit(self, flags: Container[str]) -> Limit | None:
        """The time limit of a case with these flags: it can be another where the case began at this stage."""
        first = "straight_to_stage2" in flags and fields.named(self.step).stage == 2
        return self.within_if_first if first and self.within_if_first else self.within

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


def _parse_extension(text: object) -> Limit | str:
    if text in ("as agreed", "any"):
        return str(text)
    try:
        return parse_limit(text)
    except ValueError as error:
        raise ValueError(f"{error}, or 'as agreed', or 'any'") from None


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
