"""Verdicts: one rulebook's rules over the cases of a frame, a rule at a time, all cases at once.

Each kind of rule has its own function, in the module that its name says. Source: contract 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from putright import calendars, fields
from putright.calendars import FAR, Calendar
from putright.calendars.daytables import Days, pick, uncounted_where
from putright.engine.clocks import Clocks
from putright.engine.conditions import Conditions
from putright.engine.deadlines import deadline
from putright.engine.extensions import extension
from putright.engine.facts import Facts, Mask
from putright.engine.letters import contents
from putright.engine.outcomes import RuleOutcome
from putright.engine.people import independence, question
from putright.engine.steps import notice, untimed_step
from putright.engine.verdicts import OTHER_READINGS, Mark, Verdict, Why
from putright.engine.windows import window
from putright.fields import LETTERS, named
from putright.rulebooks import Rulebook, Ruling
from putright.rulebooks.limits import Unit
from putright.rulebooks.rules import Contents, Extension, Independence, Notice, Question, Rule, Timed


class Judge:
    """Judges the cases of one frame by one rulebook."""

    def __init__(self, book: Rulebook, facts: Facts, calendar: Calendar, days: tuple[int, int] | None = None) -> None:
        """``days`` are the first and last on which a stage has to begin to be judged; None where every stage is."""
        self.book = book
        self.facts = facts = facts.beginning(when_asked=book.asks_for_stage1)
        self.days = days
        self.calendar = calendar
        self.clocks = Clocks(book, facts, calendar)
        self.rulings = self.clocks.rulings
        self.conditions = Conditions(self.clocks)
        self._horizon = calendars.index(min(calendar.horizon, calendars.LAST))

    def findings(self) -> Iterator[RuleOutcome]:
        """Every rule's findings, ``not_applicable`` ones included, in the rulebook's order."""
        yield from map(self.finding, self.rulings.values())

    def finding(self, ruling: Ruling) -> RuleOutcome:
        """One rule's findings."""
        judged = JUDGES[type(ruling.rule)](self, ruling, ruling.rule)
        outcome = judged.withdrawn(~self.arises(ruling))
        if judged.over is not self.facts.uncounted():
            settled = outcome.settled
            unknown = settled.because(Why.NOT_ASKED) | settled.found(Verdict.NO_EVIDENCE)
            outcome = replace(outcome, over=uncounted_where(unknown, outcome.over))
        return self._marked(outcome)

    def arises(self, ruling: Ruling) -> Mask:
        """Cases of the kind that a rule is for, whatever has been done in them."""
        asked = self.conditions.asked(ruling)
        return asked if self.days is None else asked & self.covers(ruling)

    def covers(self, ruling: Ruling) -> Mask:
        """Cases in which this edition judges a rule, whether it arises or not."""
        if self.days is None:
            return ~self.facts.none()
        first, last = self.days
        day = self.day(ruling)
        return (day >= first) & (day <= last)

    def day(self, ruling: Ruling) -> Days:
        """The day that chooses the edition for a rule (contract 2.3)."""
        received = self.facts.date("received")
        if self.book.edition_by == "received":
            return received
        stage = _stage(ruling)
        begun = received
        for n in fields.STAGES:
            if stage is not None and n <= stage:  # a stage not asked for yet goes with the one before it
                begin = self.facts.begin(n)
                begun = pick(begin < FAR, begin, begun)
        return begun

    def _marked(self, outcome: RuleOutcome) -> RuleOutcome:
        """The findings with the marks that come of the rule's source and of the calendar."""
        arises, ruling = outcome.arises(), outcome.ruling
        if ruling.unclear:
            outcome = outcome.marked(arises & self._unclear(ruling), Mark.SOURCE_UNCLEAR)
        spared = outcome.settled.because(*OTHER_READINGS)
        if spared.any():
            outcome = outcome.marked(spared, Mark.SOURCE_UNCLEAR)
        if counts_working_days(ruling, self.rulings):
            beyond = outcome.due > self._horizon
            if beyond.any():
                outcome = outcome.marked(arises & beyond & (outcome.due < FAR), Mark.PROVISIONAL)
        return outcome

    def _unclear(self, ruling: Ruling) -> Mask:
        """Cases in which a part of the rule arises whose source is unclear."""
        unclear = self.facts.none()
        for part in ruling.parts:
            if part.unclear:
                letter = LETTERS.get(ruling.name)
                unclear |= self.conditions.shown(part.rule, letter) if letter else ~self.facts.none()
            elif part.unclear_on_hold:
                assert ruling.stage is not None  # a rulebook says so of a step of a stage alone
                begun = [begin < FAR for begin, _ in self.facts.holds(ruling.stage)]
                unclear |= np.logical_or.reduce([self.facts.none(), *begun])
        return unclear


def _stage(ruling: Ruling) -> int | None:
    """The stage that a rule is about: its own, or that of its step."""
    step = ruling.rule.events[-1:]
    return ruling.stage or (named(step[0]).stage if step else None)


def _timed(judge: Judge, ruling: Ruling, rule: Timed) -> RuleOutcome:
    if rule.kind == "window":
        return window(judge.clocks, ruling, rule)
    return (deadline if rule.within else untimed_step)(judge.clocks, ruling, rule)


#: How each kind of rule is judged, as if it were asked in every case.
JUDGES: dict[type[Rule], Callable[[Judge, Ruling, Any], RuleOutcome]] = {
    Timed: _timed,
    Notice: lambda judge, ruling, rule: notice(judge.clocks, ruling, rule),
    Extension: lambda judge, ruling, rule: extension(judge.clocks, ruling, rule),
    Contents: lambda judge, ruling, _: contents(judge.conditions, ruling),
    Independence: lambda judge, ruling, rule: independence(judge.facts, ruling, rule),
    Question: lambda judge, ruling, _: question(judge.facts, ruling),
}


def counts_working_days(ruling: Ruling, rulings: Mapping[str, Ruling]) -> bool:
    """Whether a rule's due date depends on the bank holidays."""
    rule = rulings[ruling.rule.extends].rule if isinstance(ruling.rule, Extension) else ruling.rule
    limit = rule.within if isinstance(rule, Timed | Notice) else None
    return limit is not None and limit.unit is Unit.WORKING_DAYS
