"""The verdicts and what stands behind them, as the codes that the engine's arrays hold."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import IntEnum, IntFlag

import numpy as np
from numpy.typing import NDArray

from putright.calendars import Days
from putright.engine.facts import Bits, Mask
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
    """Why a verdict is what it is; each has its sentence in ``findings``."""

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


Codes = NDArray[np.uint8]
_EVERY_BIT = np.uint32(0xFFFFFFFF)


@dataclass
class Judged:
    """One rule's findings for every case of a frame.

    Dates are places in the calendar (FAR: none); days are -1 where there are none.
    """

    ruling: Ruling
    code: NDArray[np.uint32]
    """Verdict, reason and marks in one number, so that a case is judged in one write."""
    start: Days
    due: Days
    done: Days
    taken: Days
    over: Days
    missing: Bits
    to_judge: Bits
    """Letter words that only a person can say were called for, and the letter did not hold."""

    def move(self, where: Mask) -> None:
        """Note that the due date is not the limit's own: an extension or a hold moved it."""
        self.code |= np.multiply(where, np.uint32(1 << 24), dtype=np.uint32)

    @property
    def moved(self) -> Codes:
        """1 where an extension or a hold moved the due date."""
        return self._byte(3)

    @property
    def verdict(self) -> Codes:
        """The verdicts, as a view of ``code``; ``why`` and ``marks`` likewise."""
        return self._byte(0)

    @property
    def why(self) -> Codes:
        """The reasons."""
        return self._byte(1)

    @property
    def marks(self) -> Codes:
        """The marks, a bit for each."""
        return self._byte(2)

    def _byte(self, place: int) -> Codes:
        return self.code.view(np.uint8)[place if sys.byteorder == "little" else 3 - place :: 4]


def blank(ruling: Ruling, count: int, far: int) -> Judged:
    """Findings of a rule that arises in no case."""

    def days(value: int) -> Days:
        return np.full(count, value, dtype=np.int32)

    def bits() -> Bits:
        return np.zeros(count, dtype=np.uint64)

    code = np.zeros(count, dtype=np.uint32)
    return Judged(ruling, code, days(far), days(far), days(far), days(-1), days(-1), bits(), bits())


def put(judged: Judged, where: Mask, verdict: int, why: Why, mark: Mark | None = None) -> None:
    """Give these cases a verdict; what was said before of them goes."""
    if where.any():  # by arithmetic, as ``calendars.pick``
        code = np.uint32(verdict | why << 8 | (mark or 0) << 16)
        judged.code ^= (judged.code ^ code) & np.multiply(where, _EVERY_BIT, dtype=np.uint32)


def mark(judged: Judged, where: Mask, added: Mark) -> None:
    """Add a mark to these cases' findings."""
    judged.code |= np.multiply(where, np.uint32(added << 16), dtype=np.uint32)
