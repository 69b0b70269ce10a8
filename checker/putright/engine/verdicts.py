"""The verdicts, reasons and marks, and how the engine packs them into numbers.

Nothing outside this module shifts or masks a bit. There are two packed numbers: the *code* of a finding holds
its verdict, its reason, its marks and whether its due date moved; the *kind* of a finding holds what is counted.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from functools import cache

import numpy as np
from numpy.typing import NDArray

from putright.engine.facts import Bits, Mask


class Verdict(IntEnum):
    """The outcome of a rule in a case; ``name.lower()`` is the word of contract 5.1."""

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
    """The start has no date, and the verdict depends on it."""
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
    OTHER_START_DAY = 45
    """Late where the day of the starting event is day 1, in time where it is day zero."""
    OTHER_END_UNKNOWN = 46
    """The later or the earlier of two limits counts, and the start of one has no date."""
    CAP_MOVES = 47
    """A new date beyond the cap as it is, which a hold that is still open moves."""
    OTHER_LIMIT = 44
    """Late by one of two limits that the sources give, in time by the other."""
    QUESTION = 40
    """The record raises a question that the rulebook leaves to a person."""
    LETTER_TO_JUDGE = 32
    """All that the letter might have had to hold depends on what no field can show."""


class Mark(IntFlag):
    """What a reader must know as well as the verdict; ``name.lower()`` is the word of contract 6.3."""

    NOT_RECORDED = 1
    START_NOT_RECORDED = 2
    REOPENED = 4
    BEFORE_EDITION = 8
    PROVISIONAL = 16
    SOURCE_UNCLEAR = 32
    AFTER_EDITION = 64


#: Late on one reading of the source and in time on another.
OTHER_READINGS = (Why.OTHER_DAY_ZERO, Why.OTHER_START_DAY, Why.OTHER_START, Why.OTHER_LIMIT)
#: A case that the edition which judged it was not in force for; such findings stay out of published breach counts.
OUTSIDE_EDITION = Mark.BEFORE_EDITION | Mark.AFTER_EDITION

#: Codes of findings. Bits 0-7: the verdict; 8-15: the reason; 16-23: the marks; 24: whether the due date moved.
Codes = NDArray[np.uint32]
#: Marks of findings, a bit for each.
Marks = NDArray[np.uint8]

_WHY_AT, _MARKS_AT, _MOVED_AT = 8, 16, 24
_VERDICT_BITS, _WHY_BITS, _MARKS_BITS = 0b111, 0xFF, 0b111_1111


def pack_outcome(verdict: Verdict, why: Why, mark: Mark | None = None) -> int:
    """The code of a verdict with its reason and its mark."""
    return verdict | why << _WHY_AT | (mark or 0) << _MARKS_AT


def verdict_in(outcome: int) -> int:
    """The verdict in one code."""
    return outcome & _VERDICT_BITS


def why_in(outcome: int) -> int:
    """The reason in one code."""
    return outcome >> _WHY_AT & _WHY_BITS


def pack_codes(outcomes: list[int], outcome_ids: NDArray[np.uint8], marks: Marks, moved: Mask | None) -> Codes:
    """The code of every case: its outcome, by its place in ``outcomes``, with more marks and the moved due date."""
    codes = np.array(outcomes, dtype=np.uint32).take(outcome_ids, mode="clip")
    codes |= marks.astype(np.uint32) << _MARKS_AT
    if moved is not None:
        codes |= moved.astype(np.uint32) << _MOVED_AT
    return codes


def unpack_verdict(codes: Codes) -> Codes:
    """The verdict of each finding, as its number in ``Verdict``."""
    return codes & np.uint32(_VERDICT_BITS)


def unpack_why(codes: Codes) -> Codes:
    """The reason for each finding, as its number in ``Why``."""
    return np.right_shift(codes, _WHY_AT) & np.uint32(_WHY_BITS)


def unpack_marks(codes: Codes) -> Codes:
    """The marks of each finding, a bit for each ``Mark``."""
    return np.right_shift(codes, _MARKS_AT) & np.uint32(_MARKS_BITS)


def unpack_moved(codes: Codes) -> Mask:
    """Whether an extension or a hold moved each finding's due date."""
    moved: Mask = codes >> _MOVED_AT > 0
    return moved


def pack_marks(where: Mask, mark: Mark) -> Marks:
    """The mark for these cases, and none for the others."""
    return where.view(np.uint8) * np.uint8(mark)


# --- kinds of finding -----------------------------------------------------------------------------

_KIND_MARKS_AT, _KIND_LACKING_AT = 3, 10
#: How many kinds of finding there are to count. Bits 0-2: the verdict; 3-9: the marks; 10: a letter lacked something.
KINDS = 2048
_KIND = np.arange(KINDS)


def kinds_of(codes: Codes, missing: Bits | None = None) -> Codes:
    """The kind of each finding, by its code and by the words that its letter lacked."""
    kinds: Codes = np.right_shift(codes, _MARKS_AT - _KIND_MARKS_AT)
    kinds &= _MARKS_BITS << _KIND_MARKS_AT
    kinds |= codes & _VERDICT_BITS
    if missing is not None:
        kinds |= (missing > 0).astype(np.uint32) << _KIND_LACKING_AT
    return kinds


@cache
def each_verdict() -> Codes:
    """The verdict of each kind, as its number in ``Verdict``."""
    return (_KIND & _VERDICT_BITS).astype(np.uint32)


def of_verdict(verdict: Verdict) -> Mask:
    """Those kinds that have this verdict."""
    kinds: Mask = np.equal(each_verdict(), verdict)
    return kinds


@cache
def of_mark(mark: Mark) -> Mask:
    """Those kinds that have this mark."""
    kinds: Mask = np.not_equal(_KIND >> _KIND_MARKS_AT & mark, 0)
    return kinds


def of_lacking() -> Mask:
    """Those kinds where a letter lacked something."""
    return _KIND >> _KIND_LACKING_AT > 0
