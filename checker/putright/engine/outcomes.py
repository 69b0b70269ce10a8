"""What a rule gives in each case: its possible outcomes in order of precedence, and the strongest that holds.

Each kind of rule returns its outcomes as a list, strongest first, each with the cases in which it holds. ``settle``
gives every case the strongest of them. Nothing reads a list half applied: what depends on another reading's
verdicts settles that reading first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from putright.calendars.daytables import Days, none_where, uncounted_where
from putright.engine.facts import Bits, Facts, Mask
from putright.engine.verdicts import (
    Codes,
    Mark,
    Marks,
    Verdict,
    Why,
    pack_codes,
    pack_marks,
    pack_outcome,
    verdict_in,
    why_in,
)
from putright.rulebooks import Ruling

#: What a case has where no outcome holds.
_NOT_ASKED = pack_outcome(Verdict.NOT_APPLICABLE, Why.NOT_ASKED)


@dataclass(frozen=True)
class Outcome:
    """One thing that a rule can give, and the cases in which it holds unless a stronger one does."""

    where: Mask
    verdict: Verdict
    why: Why
    mark: Mark | None = None


@dataclass(frozen=True)
class Settled:
    """The outcome of every case of a frame."""

    outcome_ids: NDArray[np.uint8]
    """A place in ``outcomes`` for each case: one byte, so that a case is settled in one small write."""
    outcomes: list[int]
    """The packed outcomes, weakest first: of two places, the greater is the stronger outcome's."""

    def found(self, *verdicts: Verdict) -> Mask:
        """Cases that have one of these verdicts."""
        return self._matching(verdict_in(outcome) in verdicts for outcome in self.outcomes)

    def because(self, *reasons: Why) -> Mask:
        """Cases whose verdict has one of these reasons."""
        return self._matching(why_in(outcome) in reasons for outcome in self.outcomes)

    @cached_property
    def arises(self) -> Mask:
        """Cases in which the rule arises."""
        return ~self.found(Verdict.NOT_APPLICABLE)

    def _matching(self, wanted: Iterable[bool]) -> Mask:
        matching = np.zeros(len(self.outcome_ids), dtype=np.bool_)
        for outcome_id, each in enumerate(wanted):
            if each:
                matching |= self.outcome_ids == outcome_id
        return matching


def settle(outcomes: Sequence[Outcome], onto: Settled | int) -> Settled:
    """Give every case the strongest outcome that holds in it; ``outcomes`` are strongest first.

    ``onto``: what a case has where none holds. It is the number of cases for a rule that otherwise does not arise,
    or a settled result, every one of whose outcomes is weaker than these.
    """
    if isinstance(onto, int):
        onto = Settled(np.zeros(onto, dtype=np.uint8), [_NOT_ASKED])
    ids, packed = onto.outcome_ids.copy(), list(onto.outcomes)
    for outcome in reversed(outcomes):
        if outcome.where.any():
            # By arithmetic, as ``daytables.pick``: a stronger outcome has the greater id.
            np.maximum(ids, outcome.where.view(np.uint8) * np.uint8(len(packed)), out=ids)
            packed.append(pack_outcome(outcome.verdict, outcome.why, outcome.mark))
    return Settled(ids, packed)


@dataclass(frozen=True)
class RuleOutcome:
    """One rule's findings for every case of a frame.

    Dates are places in the calendar (FAR: none); days are -1 where there are none. Nothing changes the arrays,
    since rules share them.
    """

    ruling: Ruling
    settled: Settled
    marks: Marks
    """Marks besides the outcome's own, a bit for each."""
    start: Days
    due: Days
    done: Days
    taken: Days
    over: Days
    other_due: Days | None = None
    """The latest due date on another reading of the rule; FAR where there is none or it is the same."""
    moved: Mask | None = None
    """Where an extension or a hold moved the due date; None where that was not asked."""
    missing: Bits | None = None
    """Letter words lacking, a bit for each; None where none is. ``to_judge`` likewise."""
    to_judge: Bits | None = None
    """Letter words that only a person can say were called for, and the letter did not hold."""

    @property
    def code(self) -> Codes:
        """The code of every case's finding, as ``verdicts`` packs it."""
        return pack_codes(self.settled.outcomes, self.settled.outcome_ids, self.marks, self.moved)

    def arises(self) -> Mask:
        """Cases in which the rule arises."""
        return self.settled.arises

    def marked(self, where: Mask, mark: Mark) -> RuleOutcome:
        """The same, with a mark added to these cases' findings."""
        return replace(self, marks=self.marks | pack_marks(where, mark)) if where.any() else self

    def withdrawn(self, where: Mask) -> RuleOutcome:
        """The same, with nothing asked of these cases: no verdict, dates, days, marks or words."""
        if not where.any():
            return self
        kept = ~where
        return replace(
            self,
            settled=settle([Outcome(where, Verdict.NOT_APPLICABLE, Why.NOT_ASKED)], onto=self.settled),
            marks=self.marks * kept.view(np.uint8),
            start=none_where(where, self.start),
            due=none_where(where, self.due),
            done=none_where(where, self.done),
            taken=uncounted_where(where, self.taken),
            over=uncounted_where(where, self.over),
            moved=None if self.moved is None else self.moved & kept,
            missing=None if self.missing is None else self.missing * kept,
            to_judge=None if self.to_judge is None else self.to_judge * kept,
        )


def no_outcome(ruling: Ruling, facts: Facts) -> RuleOutcome:
    """The findings of a rule that arises in no case."""
    never, uncounted = facts.never(), facts.uncounted()
    return RuleOutcome(ruling, settle([], facts.count), no_marks(facts), never, never, never, uncounted, uncounted)


def no_marks(facts: Facts) -> Marks:
    """No mark in any case."""
    return np.zeros(facts.count, dtype=np.uint8)
