"""In which cases a rule arises: what its conditions say of each case of a frame.

Source: contract 5.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from putright import calendars, fields
from putright.calendars import FAR
from putright.calendars.daytables import Days
from putright.engine.clocks import Clocks
from putright.engine.facts import Mask
from putright.fields import FIELDS, Letter
from putright.rulebooks import Ruling
from putright.rulebooks.rules import Condition, Contents, Extension, Independence, Notice, Question, Rule, Timed


class Conditions:
    """The conditions of one rulebook's rules over the cases of a frame."""

    def __init__(self, clocks: Clocks) -> None:
        self.clocks = clocks
        self.facts = clocks.facts
        self.rulings = clocks.rulings

    # --- whether a rule arises ------------------------------------------------------------------

    def asked(self, ruling: Ruling) -> Mask:
        """Cases of the kind that the rule is for."""
        asked = ~self.facts.none()
        rule = ruling.rule
        if not isinstance(rule, Contents):  # a letter's conditions are each clause's own
            if rule.when:
                asked &= self.holds(rule.when)
            if rule.unless:
                asked &= ~self.holds(rule.unless)
        if isinstance(rule, Extension):
            asked &= self.asked(self.rulings[rule.extends])
        if _is_stage_1(ruling) and not isinstance(rule, Question):
            asked &= ~self.facts.flag("straight_to_stage2")
        return asked

    def shown(self, rule: Rule, letter: Letter) -> Mask:
        """Cases whose record shows that a clause's words were called for in a letter."""
        shown = ~self.facts.none()
        if rule.when:
            shown &= self.holds(rule.when, letter)
        if rule.unless:
            shown &= ~self.holds(rule.unless, letter)
        return shown

    def holds(self, condition: Condition, letter: Letter | None = None) -> Mask:
        """Cases whose record shows the condition; for a letter, as the record was on the letter's day."""
        # What only a person can say is never taken as shown; a letter's words are then theirs to judge.
        holds = self.facts.none() if condition.person and letter is None else ~self.facts.none()
        for part in self._record_parts(condition, letter):
            holds &= part
        for part in self._case_parts(condition):
            holds &= part
        return holds

    def _record_parts(self, condition: Condition, letter: Letter | None) -> Iterator[Mask]:
        """Each part of a condition that can be of a letter, as the cases in which it holds."""
        facts = self.facts
        by = facts.date(letter.sent) if letter else facts.never()

        def recorded(name: str) -> Mask:
            return facts.true(name) if name in fields.BOOLEANS else (facts.date(name) <= by) & facts.true(name)

        if condition.flag:
            yield facts.flag(condition.flag)
        if condition.any_flag:
            yield np.logical_or.reduce([facts.flag(flag) for flag in condition.any_flag])
        if condition.outcome:
            yield facts.outcome(letter.stage, condition.outcome) if letter and letter.stage else facts.none()
        for name in condition.recorded:
            yield recorded(name)
        if condition.any_recorded:
            yield np.logical_or.reduce([recorded(name) for name in condition.any_recorded])
        if condition.actions_left:
            yield recorded("remedy_offered") & ~recorded("remedy_completed") & facts.keeps("remedy_completed")
        if condition.beyond_cap:
            yield self._beyond_cap(letter)
        if condition.late_request:
            yield self._late_request(letter)
        if condition.on_hold:
            holds = facts.holds(letter.stage) if letter and letter.stage else []
            yield np.logical_or.reduce([facts.none(), *((begin <= by) & (begin < FAR) for begin, _ in holds)])

    def _case_parts(self, condition: Condition) -> Iterator[Mask]:
        """Each part of a condition that is of the case alone, as the cases in which it holds."""
        if condition.out_of_time:
            yield self._out_of_time()
        if condition.matter_since:
            yield self._matter_since(calendars.index(condition.matter_since))
        if condition.time_up:
            yield self._time_up(condition.time_up)
        if condition.informal_first:
            yield self._informal_first()
        if condition.stage2_before_answer:
            yield self._stage2_before_answer()

    # --- parts of a condition -------------------------------------------------------------------

    def _time_up(self, name: str) -> Mask:
        """Cases where the time for a step, any extension left aside, ran out before it was done."""
        ruling = self.rulings.get(name)
        if ruling is None or not isinstance(ruling.rule, Timed) or ruling.rule.within is None:
            return self.facts.none()
        step, original = ruling.rule.step, self.clocks.usual(ruling.rule).original
        done = self.facts.date(step)
        overdue = self.facts.undone(step) & (original < self.facts.as_at)
        late: Mask = ((done < FAR) & (original < done)) | overdue
        return late & (original < self.facts.ended(FIELDS[step].stage)) & self.asked(ruling)

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

    def _matter_since(self, first: int) -> Mask:
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


def _is_stage_1(ruling: Ruling) -> bool:
    """A rule of stage 1, a window counted from its response, or one that compares with it."""
    rule = ruling.rule
    if isinstance(rule, Independence):
        return True
    if isinstance(rule, Timed | Notice):
        return FIELDS[rule.step].stage == 1 or (rule.kind == "window" and FIELDS[rule.start].stage == 1)
    return ruling.stage == 1
