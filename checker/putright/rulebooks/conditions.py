"""Conditions: when a rule, or a word of a letter, arises, and what each field of a condition means."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import model_validator

from putright.rulebooks.values import Day, Model, Outcome, Recordable, RuleName

#: Together these are every decision on a complaint.
_DECISIONS = frozenset({"upheld", "partly_upheld", "not_upheld"})


@dataclass(frozen=True)
class Sense:
    """What a field of a condition means, for everything but the engine, which evaluates it."""

    needs: Callable[[Any], Iterable[str]] = lambda _: ()
    """The fields that a record needs for it to hold, given its value."""
    takes_in: Callable[[Any, Any], bool] = operator.eq
    """Whether it leaves out no case of the same field in another condition, given both values."""
    may_always_hold: bool = False
    """Whether it may always hold, as with no condition, which a person must say."""
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

    # A new field needs a function in ``engine.conditions.PARTS`` and a phrase in ``phrases.CONDITIONS``. Its ``Sense``
    # says what made-up cases and comparisons of policies must know.

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
        return {name: value for name, value in vars(self).items() if value}

    @property
    def after_time_for(self) -> str | None:
        """The rule whose time must be up before it can hold."""
        return self.time_up

    def needs(self) -> Iterator[str]:
        """The fields that a record needs for it to hold."""
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
