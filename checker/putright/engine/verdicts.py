"""The verdicts and what stands behind them, as the codes that the engine's arrays hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag

import numpy as np
from numpy.typing import NDArray

from putright.calendars.daytables import Days
from putright.engine.facts import Bits, Facts, Mask
from putright.rulebooks import Ruling


class Verdict(IntEnum):
    """What a rule comes to in a case; ``name.lower()`` is the contract's word."""

    NOT_APPLICABLE = 0
    MET = 1
    BREACH = 2
    RUNNING = 3
    NO_EVIDENCE = 4
    JUDGEMENT = 5


class Why(IntEnum):
    """Why a verdict is what it is; each has its sentence in ``auditing.findings``."""

    NOT_ASKED = 0
    """The rule does not arise."""
    DONE_IN_TIME = 1
    DONE_LATE = 2
    OVERDUE = 3
    OVERDUE_LATER_STEP = 4
    RUNNING = 5
    ON_HOLD = 6
    NO_START = 7
    EXCUSED = 8
    CLOSED = 9
    REOPENED = 10
    NOTICE_NOT_DATED = 11
    """An extension whose notice has no date is all that could save it."""
    NEW_DATE_NOT_RECORDED = 12
    BEYOND_CAP = 13
    BEYOND_CAP_UNKNOWN = 14
    START_BETWEEN = 15
    """The start has no date, and the verdict hangs on it."""
    OTHER_START = 16
    """Late from the first starting event, in time from the second."""
    NOT_REQUESTED = 17
    OUTSIDE_WINDOW = 18
    OUTSIDE_WINDOW_UNSURE = 19
    DONE = 20
    NOT_RECORDED = 21
    LETTER_HELD = 22
    LETTER_LACKED = 23
    LETTER_UNKNOWN = 24
    LETTER_NOT_DATED = 25
    SAME_HANDLER = 26
    OTHER_HANDLER = 27
    HANDLER_UNKNOWN = 28
    EXTENDED = 29
    NOTICE_LATE = 30
    PAST_CAP = 31
    MATTER_IN_TIME = 33
    """In time counted from the matter arising, where the day it became known is not recorded."""
    NOTICE_GIVEN = 34
    NOTICE_SHORT = 35
    NOTICE_UNDATED = 36
    BY_NOT_DATED = 37
    OVERDUE_ENDED = 38
    TAKEN_UP = 39
    NOT_KEPT = 41
    """Overdue, and the file has no field for the step."""
    OUTCOME_RECORDED = 42
    """Overdue, and the outcome of its stage or of a later one is recorded."""
    OTHER_DAY_ZERO = 43
    """Late where a start on a day off is itself day zero, in time where the next working day is."""
    OTHER_LIMIT = 44
    """Late by one of two limits that the sources give, in time by the other."""
    QUESTION = 40
    """The record raises a question that the rulebook leaves to a person."""
    LETTER_TO_JUDGE = 32
    """All that the letter might have had to hold hangs on what no field can show."""


class Mark(IntFlag):
    """What a reader must know beside the verdict; ``name.lower()`` is the contract's word."""

    NOT_RECORDED = 1
    START_NOT_RECORDED = 2
    REOPENED = 4
    BEFORE_EDITION = 8
    PROVISIONAL = 16
    SOURCE_UNCLEAR = 32
    AFTER_EDITION = 64


#: A case that the edition which judged it was not in force for; such findings stay out of published breach counts.
OUTSIDE_EDITION = Mark.BEFORE_EDITION | Mark.AFTER_EDITION


Codes = NDArray[np.uint8]


@dataclass
class Judged:
    """One rule's findings for every case of a frame.

    Dates are places in the calendar (FAR: none); days are -1 where there are none. Arrays of dates and days
    are replaced and never changed, since rules share them.
    """

    ruling: Ruling
    said: Codes
    """A place in ``sayings``: one byte a case, so that a case is judged in one small write."""
    marks: Codes
    """The marks given beside, a bit for each."""
    start: Days
    due: Days
    done: Days
    taken: Days
    over: Days
    sayings: list[int] = field(default_factory=lambda: [saying(Verdict.NOT_APPLICABLE, Why.NOT_ASKED)])
    """Each verdict with its reason and mark that was given to any case."""
    other_due: Days | None = None
    """The latest due date on another reading of the rule; FAR where there is none or it is the same."""
    moved: Mask | None = None
    """Where an extension or a hold moved the due date; None where that was not asked."""
    missing: Bits | None = None
    """Letter words lacking, a bit for each; None where none is. ``to_judge`` likewise."""
    to_judge: Bits | None = None
    """Letter words that only a person can say were called for, and the letter did not hold."""

    @property
    def code(self) -> NDArray[np.uint32]:
        """Verdict, reason, marks and whether the due date moved: a byte of one number for each."""
        codes = np.array(self.sayings, dtype=np.uint32).take(self.said, mode="clip")
        codes |= self.marks.astype(np.uint32) << 16
        if self.moved is not None:
            codes |= self.moved.astype(np.uint32) << 24
        return codes

    def arises(self) -> Mask:
        """Cases in which the rule arises."""
        return ~self.found(Verdict.NOT_APPLICABLE)

    def found(self, *verdicts: Verdict) -> Mask:
        """Cases that were given one of these verdicts."""
        return self._said(said & 0xFF in verdicts for said in self.sayings)

    def because(self, *reasons: Why) -> Mask:
        """Cases whose verdict has one of these reasons."""
        return self._said(said >> 8 & 0xFF in reasons for said in self.sayings)

    def _said(self, wanted: Iterable[bool]) -> Mask:
        found = np.zeros(len(self.said), dtype=np.bool_)
        for place, each in enumerate(wanted):
            if each:
                found |= self.said == place
        return found


def saying(verdict: int, why: Why, mark: Mark | None = None) -> int:
    """A verdict, its reason and its mark as one number."""
    return verdict | why << 8 | (mark or 0) << 16


def blank(ruling: Ruling, facts: Facts) -> Judged:
    """Findings of a rule that arises in no case."""
    said, marks = (np.zeros(facts.count, dtype=np.uint8) for _ in range(2))
    never, uncounted = facts.never(), facts.uncounted()
    return Judged(ruling, said, marks, never, never, never, uncounted, uncounted)


def put(judged: Judged, where: Mask, verdict: int, why: Why, mark: Mark | None = None) -> None:
    """Give these cases a verdict; what was said before of them goes."""
    if not where.any():
        return
    said = saying(verdict, why, mark)
    if said not in judged.sayings:
        judged.sayings.append(said)
    every_bit = np.negative(where.view(np.int8)).view(np.uint8)  # by arithmetic, as ``daytables.pick``
    judged.said ^= (judged.said ^ np.uint8(judged.sayings.index(said))) & every_bit
    judged.marks &= ~every_bit
    if judged.moved is not None:
        judged.moved = judged.moved & ~where


def mark(judged: Judged, where: Mask, added: Mark) -> None:
    """Add a mark to these cases' findings."""
    judged.marks |= where.view(np.uint8) * np.uint8(added)
