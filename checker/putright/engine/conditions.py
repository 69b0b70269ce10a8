"""In which cases a rule arises: what its conditions say of each case of a frame.

Source: contract 5.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np

from putright import calendars, fields
from putright.calendars import FAR
from putright.calendars.daytables import Days
from putright.engine.clocks import Clocks
from putright.engine.facts import Mask
from putright.fields import Letter, named
from putright.rulebooks import Ruling
from putright.rulebooks.conditions import Condition
from putright.rulebooks.rules import Contents, Extension, Independence, Notice, Question, Rule, Timed


class Conditions:
    """The conditions of one rulebook's rules over the cases of a frame."""

    def __init__(self, clocks: Clocks) -> None:
        self.clocks = clocks
        self.facts = clocks.facts
        self.rulings = clocks.rulings

    # --- whether a rule arises ------------------------------------------------------------------

    def asked(self, ruling: Ruling) -> Mask:
        """Cases of the kind that the rule is for."""
        rule = ruling.rule
        # A letter's conditions are each clause's own.
        asked = ~self.facts.none() if isinstance(rule, Contents) else self.shown(rule)
        if isinstance(rule, Extension):
            asked &= self.asked(self.rulings[rule.extends])
        if _is_stage_1(ruling) and not isinstance(rule, Question):
            asked &= ~self.facts.flag("straight_to_stage2")
        return asked

    def shown(self, rule: Rule, letter: Letter | None = None) -> Mask:
        """Cases whose record shows that a rule's conditions hold; for a letter, that its words were called for."""
        shown = ~self.facts.none()
        if rule.when:
            shown &= self.holds(rule.when, letter)
        if rule.unless:
            shown &= ~self.holds(rule.unless, letter)
        return shown

    def holds(self, condition: Condition, letter: Letter | None = None) -> Mask:
        """Cases whose record shows the condition; for a letter, as the record was on the letter's day."""
        holds = ~self.facts.none()
        for name, value in condition.given.items():
            holds &= PARTS[name](self, value, letter)
        return holds

    # --- parts of a condition -------------------------------------------------------------------

    def recorded(self, name: str, letter: Letter | None) -> Mask:
        """Cases that have a field recorded; for a letter, by its day."""
        facts = self.facts
        return (
            facts.true(name)
            if facts.is_true_or_false(name)
            else (facts.date(name) <= self._by(letter)) & facts.true(name)
        )

    def _by(self, letter: Letter | None) -> Days:
        return self.facts.date(letter.sent) if letter else self.facts.never()

    def _flag(self, *names: str) -> Mask:
        flagged: Mask = np.logical_or.reduce([self.facts.flag(name) for name in names])
        return flagged

    def _outcome(self, outcomes: list[str], letter: Letter | None) -> Mask:
        return self.facts.outcome(letter.stage, outcomes) if letter and letter.stage else self.facts.none()

    def _recorded(self, names: list[str], letter: Letter | None, together: np.ufunc) -> Mask:
        recorded: Mask = together.reduce([self.recorded(name, letter) for name in names])
        return recorded

    def _actions_left(self, letter: Letter | None) -> Mask:
        offered, done = (self.recorded(name, letter) for name in ("remedy_offered", "remedy_completed"))
        return offered & ~done & self.facts.keeps("remedy_completed")

    def _on_hold(self, letter: Letter | None) -> Mask:
        holds = self.facts.holds(letter.stage) if letter and letter.stage else []
        begun = ((begin <= self._by(letter)) & (begin < FAR) for begin, _ in holds)
        held: Mask = np.logical_or.reduce([self.facts.none(), *begun])
        return held

    def _person(self, letter: Letter | None) -> Mask:
        """What only a person can say is never taken as shown; a letter's words are then theirs to judge."""
        return self.facts.none() if letter is None else ~self.facts.none()

    def _time_up(self, name: str) -> Mask:
        """Cases where the time for a step, any extension left aside, ran out before it was done."""
        ruling = self.rulings.get(name)
        if ruling is None or not isinstance(ruling.rule, Timed) or ruling.rule.within is None:
            return self.facts.none()
        step, original = ruling.rule.step, self.clocks.usual(ruling.rule).original
        done = self.facts.date(step)
        overdue = self.facts.undone(step) & (original < self.facts.as_at)
        late: Mask = ((done < FAR) & (original < done)) | overdue
        return late & (original < self.facts.ended(named(step).stage)) & self.asked(ruling)

    def _informal_first(self) -> Mask:
        tried = (self.facts.date(f"informal_{what}") for what in ("offered", "referred", "resolved"))
        first: Days = np.minimum.reduce([*tried])
        acknowledged = self.facts.date("stage1_acknowledged")
        shown = (acknowledged < FAR) | self.facts.skipped("stage1_acknowledged")
        before: Mask = (first < FAR) & (first < acknowledged) & shown
        return before

    def _stage2_before_answer(self) -> Mask:
        requested, answered = self.facts.date("stage2_requested"), self.facts.date("stage1_responded")
        kept = self.facts.keeps("stage1_responded")
        # A blank raises the question, unless the outcome says that an answer was given.
        raised = (answered < FAR) | (kept & ~self.facts.outcome(1, list(fields.OUTCOMES)))
        return (requested < answered) & raised & ~self.facts.flag("straight_to_stage2")

    def _matter_since(self, day: dt.date) -> Mask:
        first = calendars.index(day)
        occurred = self.facts.date("matter_occurred")
        return (occurred >= first) & (occurred < FAR)

    def _beyond_cap(self, letter: Letter | None) -> Mask:
        """Extensions whose new date is beyond the cap on every reading."""
        ruling = self.rulings.get(f"extend-stage{letter.stage}") if letter else None
        if letter is None or ruling is None or not isinstance(ruling.rule, Extension):
            return self.facts.none()
        extended = self.rulings[ruling.rule.extends].rule
        assert isinstance(extended, Timed)
        new = self.facts.date(f"stage{letter.stage}_extended_to")
        caps = (self.clocks.read(extended, reading).cap for reading in self.clocks.readings(extended))
        beyond: Mask = (new < FAR) & np.logical_and.reduce([new > cap for cap in caps])
        return beyond

    def _out_of_time(self) -> Mask:
        """Complaints surely made after the time for them."""
        ruling = self.rulings.get("complain-in-time")
        if ruling is None or not isinstance(ruling.rule, Timed):
            return self.facts.none()
        known = self.facts.date(ruling.rule.start) < FAR
        late = self.facts.date("received") > self.clocks.latest_due(ruling.rule)
        return known & late & self.asked(ruling)

    def _late_request(self, letter: Letter | None) -> Mask:
        """Requests for the letter's stage surely made after the window for them."""
        ruling = self.rulings.get(f"request-stage{letter.stage}") if letter else None
        if letter is None or ruling is None or not isinstance(ruling.rule, Timed):
            return self.facts.none()
        due = self.clocks.latest_due(ruling.rule)
        requested = self.facts.date(f"stage{letter.stage}_requested")
        late = (requested < FAR) & (requested > due)
        return late & self.asked(ruling)


#: How each field of a ``Condition`` is evaluated, given its value and the letter whose words depend on it, if any.
PARTS: dict[str, Callable[[Conditions, Any, Letter | None], Mask]] = {
    "flag": lambda cases, name, _: cases._flag(name),
    "any_flag": lambda cases, names, _: cases._flag(*names),
    "outcome": lambda cases, outcomes, letter: cases._outcome(outcomes, letter),
    "recorded": lambda cases, names, letter: cases._recorded(names, letter, np.logical_and),
    "any_recorded": lambda cases, names, letter: cases._recorded(names, letter, np.logical_or),
    "actions_left": lambda cases, _, letter: cases._actions_left(letter),
    "beyond_cap": lambda cases, _, letter: cases._beyond_cap(letter),
    "late_request": lambda cases, _, letter: cases._late_request(letter),
    "out_of_time": lambda cases, *_: cases._out_of_time(),
    "on_hold": lambda cases, _, letter: cases._on_hold(letter),
    "matter_since": lambda cases, day, _: cases._matter_since(day),
    "time_up": lambda cases, name, _: cases._time_up(name),
    "informal_first": lambda cases, *_: cases._informal_first(),
    "stage2_before_answer": lambda cases, *_: cases._stage2_before_answer(),
    "person": lambda cases, _, letter: cases._person(letter),
}


def _is_stage_1(ruling: Ruling) -> bool:
    """A rule of stage 1, a window counted from its response, or one that compares with it."""
    rule = ruling.rule
    if isinstance(rule, Independence):
        return True
    if isinstance(rule, Timed) and rule.kind == "window":
        return 1 in (named(field).stage for field in (*rule.starts, rule.step))
    if isinstance(rule, Timed | Notice):
        return named(rule.step).stage == 1
    return ruling.stage == 1
