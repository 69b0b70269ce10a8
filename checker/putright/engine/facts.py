"""What a frame of cases shows on the audit date, as arrays: one place in the calendar for each case.

A date that is not recorded, or is after the audit date, is FAR; so 'recorded' is ``< FAR`` and
'on or before' needs no care for blanks. Source: contract 3 and contract 5.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Collection, Hashable, Mapping
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from putright import calendars, fields
from putright.calendars import EPOCH, FAR
from putright.calendars.daytables import Days, none_where, pick
from putright.fields import FIELDS, NO_OWN, Own, Type, named

Mask = NDArray[np.bool_]
Bits = NDArray[np.uint64]

#: Events that end a case; a refused request ends its own stage only.
_ENDINGS = ("refused", "withdrawn", "informal_resolved")
_CONTENTS = [name for name, field in FIELDS.items() if field.type is Type.CONTENTS]
_HIDDEN_WITH = {part: event for event, parts in fields.WENT_WITH.items() for part in parts}


_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


def _memoised(ask: Callable[Concatenate[Facts, _Asked], _Answer]) -> Callable[Concatenate[Facts, _Asked], _Answer]:
    """Keep a method's answers on its object. (``functools.cache`` would keep the object alive.)"""

    @wraps(ask)
    def asked(self: Facts, /, *args: _Asked.args, **kwargs: _Asked.kwargs) -> _Answer:
        key = (ask, *args, *kwargs.items())
        answer: _Answer
        try:
            answer = self._answers[key]
        except KeyError:
            answer = self._answers[key] = ask(self, *args, **kwargs)
        return answer

    return asked


class Facts:
    """The cases of a frame of records as they stood at the end of the audit date."""

    def __init__(
        self,
        frame: pl.DataFrame,
        as_at: dt.date,
        words: tuple[str, ...],
        kept: frozenset[str] | None = None,
        *,
        own: Own = NO_OWN,
    ) -> None:
        """``own``: the fields that the council of all these cases has of its own."""
        self.frame = frame
        self.own = own
        self.begins_when_asked = False
        """Whether stage 1 begins when it is asked for, and not with the receipt."""
        self.day = as_at
        self.kept = frozenset(frame.columns) if kept is None else kept
        self.count = frame.height
        self.as_at = calendars.index(as_at)
        self.words = words
        self._columns = frozenset(frame.columns)
        self._never, self._uncounted = _shared(self.count, FAR), _shared(self.count, -1)
        self._recorded = _places(frame)
        self._answers: dict[tuple[Hashable, ...], Any] = {}

    def of(self, chosen: Mask) -> Facts:
        """The facts of some of the cases."""
        return Facts(self.frame.filter(pl.Series(chosen)), self.day, self.words, self.kept, own=self.own)

    @_memoised
    def beginning(self, *, when_asked: bool) -> Facts:
        """The same facts, where stage 1 begins when it is asked for, or with the receipt."""
        if when_asked == self.begins_when_asked:
            return self
        other = copy.copy(self)
        other.begins_when_asked, other._answers = when_asked, {}
        return other

    # --- what is recorded -----------------------------------------------------------------------

    def none(self) -> Mask:
        return np.zeros(self.count, dtype=np.bool_)

    def never(self) -> Days:
        """No date in any case; shared, so it cannot be written to."""
        return self._never

    def uncounted(self) -> Days:
        """No number of days in any case; shared likewise."""
        return self._uncounted

    def has(self, *names: str) -> bool:
        """Whether the records have any of these fields. If not, what depends on them need not be worked out."""
        return not self._columns.isdisjoint(names)

    def keeps(self, name: str) -> bool:
        """Whether the file keeps this field at all: where not, a blank in it shows nothing."""
        return name in self.kept

    def recorded(self, name: str) -> Days:
        """The date as recorded, whatever the audit date."""
        return self._recorded[name] if name in self._recorded else self.never()

    def _hidden(self, event: str) -> Mask:
        """Cases whose event is dated after the audit date."""
        day = self.recorded(event)
        return (day > self.as_at) & (day < FAR)

    @_memoised
    def date(self, name: str) -> Days:
        day = self.recorded(name)
        if name in self._recorded:
            if named(name).event:
                day = none_where(day > self.as_at, day)
            if name in _HIDDEN_WITH:
                day = none_where(self._hidden(_HIDDEN_WITH[name]), day)
        if name == "stage2_requested":
            straight = self.flag("straight_to_stage2") & (day == FAR)
            day = pick(straight, self.recorded("received"), day)
        return day

    def hidden_dates(self) -> int:
        """How many dates lie after the audit date and so count as not yet happened."""
        return sum(int(self._hidden(name).sum()) for name in self._recorded if named(name).event)

    def _filled(self, column: str) -> pl.Series | None:
        """A column of the frame; None if nothing is recorded in it, as in most of a few cases: no need to look then."""
        found = self.frame[column] if column in self._columns else None
        return None if found is None or found.null_count() == len(found) else found

    @_memoised
    def flag(self, name: str) -> Mask:
        if (column := self._filled("flags")) is None:
            return self.none()
        found = column.str.contains(f";{name};", literal=True).fill_null(False)
        return found.to_numpy().astype(np.bool_)

    def _is_true(self, name: str) -> Mask:
        """Cases where a true/false field is true."""
        if (column := self._filled(self.own[name].column if name in self.own else name)) is None:
            return self.none()
        return column.fill_null(False).to_numpy().astype(np.bool_)

    def is_true_or_false(self, name: str) -> bool:
        """Whether a field is true or false, and no date."""
        return named(name, self.own).type is Type.BOOLEAN

    @_memoised
    def true(self, name: str) -> Mask:
        """Recorded by the audit date; for a true/false field, true."""
        if self.is_true_or_false(name):
            return self._is_true(name)
        if name == "stage2_requested":  # one that only counts as made is not recorded
            return self.recorded(name) <= self.as_at
        return self.date(name) < FAR

    @_memoised
    def contents(self, name: str) -> tuple[Bits, Mask]:
        """A letter's words as bits, and where anything is recorded of them."""
        if name not in self._columns:
            return np.zeros(self.count, dtype=np.uint64), self.none()
        recorded = self._letters[f"{name}_recorded"].to_numpy().astype(np.bool_)
        return self._letters[name].to_numpy().astype(np.uint64), recorded & ~self._hidden(_HIDDEN_WITH[name])

    @cached_property
    def _letters(self) -> pl.DataFrame:
        """What letters held, and whether it is recorded: of all at once, since with few cases each step takes long."""
        held = pl.col(name for name in _CONTENTS if name in self._columns)
        return self.frame.select(held.fill_null(0), held.is_not_null().name.suffix("_recorded"))

    def bits(self, words: Any) -> np.uint64:
        return np.uint64(sum(1 << self.words.index(word) for word in words))

    def outcome(self, stage: int, outcomes: list[str]) -> Mask:
        """Cases whose stage ended in one of these outcomes."""
        return self._ended_so(stage, tuple(outcomes))

    @_memoised
    def _ended_so(self, stage: int, outcomes: tuple[str, ...]) -> Mask:
        name = f"stage{stage}_outcome"
        return self._is_one_of(name, outcomes) & ~self._hidden(_HIDDEN_WITH[name])

    def _is_one_of(self, name: str, values: tuple[str, ...]) -> Mask:
        """Cases where a field of text has one of these values."""
        if (column := self._filled(name)) is None:
            return self.none()
        return column.is_in(values, nulls_equal=True).to_numpy().astype(np.bool_)

    def amount(self, name: str) -> Mask:
        """Cases with an amount in this field."""
        if (column := self._filled(name)) is None:
            return self.none()
        return column.is_not_null().to_numpy().astype(np.bool_) & ~self._hidden(_HIDDEN_WITH[name])

    def handlers(self) -> tuple[Mask, Mask]:
        """Cases where the handlers of stages 1 and 2 are both recorded, and where they are the same."""
        one, other = self._filled("stage1_handler"), self._filled("stage2_handler")
        if one is None or other is None:
            return self.none(), self.none()
        first, second = one.str.to_lowercase(), other.str.to_lowercase()
        both = (first.is_not_null() & second.is_not_null()).to_numpy()
        return both, (first == second).fill_null(False).to_numpy()

    @_memoised
    def holds(self, stage: int) -> list[tuple[Days, Days]]:
        """(from, to) of the first, second … hold of every case; ``to`` is FAR while it is open."""
        name = f"stage{stage}_holds"
        if name not in self.frame.columns:
            return []
        column = self.frame[name]
        longest = max(column.list.len().drop_nulls().to_list(), default=0)
        result = []
        for place in range(0, longest, 2):
            begin = column.list.get(place, null_on_oob=True).fill_null(FAR).to_numpy().astype(np.int32)
            end = column.list.get(place + 1, null_on_oob=True).fill_null(FAR).to_numpy().astype(np.int32)
            result.append((none_where(begin > self.as_at, begin), none_where(end > self.as_at, end)))
        return result

    # --- stages ---------------------------------------------------------------------------------

    @_memoised
    def begin(self, stage: int | None) -> Days:
        """The day a stage was received or asked for; where that is blank, its first recorded step.

        Stage 1 begins with the receipt, unless the rulebook has a step before it and counts from the day it was asked
        for (contract 1.3).
        """
        received = self.date("received")
        if stage == 1 and self.begins_when_asked:
            asked = self.date("stage1_requested")
            return pick(asked < FAR, asked, received)
        if stage in (None, 1):
            return received
        requested = self.date(f"stage{stage}_requested")
        first = np.minimum.reduce([self.date(step) for step in fields.steps(stage or 1, self.own)])
        return pick(requested < FAR, requested, first)

    @_memoised
    def ended(self, stage: int | None) -> Days:
        """The first ending on or after the day the stage began; FAR where there is none."""
        endings = list(_ENDINGS)
        if stage is not None and stage > 1:
            endings.append(f"stage{stage}_request_refused")
        return self._first_since(stage, endings)

    @_memoised
    def closed(self, stage: int | None) -> Days:
        """The day the case was closed, on or after the day the stage began; FAR where it was not.

        A stage asked for after the closure is open.
        """
        return self._first_since(stage, ["closed"])

    def skipped(self, step: str) -> Mask:
        """Cases that show no date for a step, and nothing that would have come after it.

        Nothing is shown where the file does not keep the step, or where the outcome of its stage, a later step or a
        later stage is recorded.
        """
        if not self.keeps(step):
            return self.none()
        skipped: Mask = (self.date(step) == FAR) & ~self.has_outcome(step) & ~self.later(step)
        return skipped

    def undone(self, step: str) -> Mask:
        """Cases whose record shows that a step is not done: in a closed case nobody can tell."""
        undone: Mask = self.skipped(step) & (self.closed(named(step).stage) == FAR)
        return undone

    def _first_since(self, stage: int | None, events: list[str]) -> Days:
        begin = self.begin(stage)
        first = self.never()
        for event in events:
            day = self.date(event)
            if day is not self._never:
                first = np.minimum(first, none_where(day < begin, day))
        return first

    @_memoised
    def later(self, step: str) -> Mask:
        """Cases where a later step of the same stage, or a later stage, is recorded.

        A stage 2 request that only counts as made (``straight_to_stage2``) is not recorded.
        """
        found = self.none()
        for name in fields.later_steps(step, self.own):
            if name in self._recorded:
                found |= self.recorded(name) <= self.as_at
        return found

    @_memoised
    def has_outcome(self, step: str) -> Mask:
        """Cases where the outcome of the step's own stage, or of a later one, is recorded."""
        first = named(step).stage or (1 if fields.later_steps(step, self.own) else None)
        found = self.none()
        for stage in fields.STAGES if first else ():
            if first and stage >= first:
                found |= self._ended_so(stage, fields.OUTCOMES)
        return found

    def stage_begun(self, stage: int) -> Mask:
        """Cases with any dated step of a stage."""
        found = self.none()
        for name in fields.steps(stage, self.own):
            if self.date(name) is not self._never:
                found |= self.date(name) < FAR
        return found


class CaseFacts(Facts):
    """The facts of one case, in arrays of one place: made without a frame, which is quicker.

    It is asked what conditions ask: nothing of what letters held, or of who considered a stage.
    """

    def __init__(
        self,
        case: Mapping[str, Any],
        flags: Collection[str],
        holds: Mapping[int, tuple[dt.date, dt.date]],
        as_at: dt.date,
        own: Own = NO_OWN,
    ) -> None:
        self._case, self._flags, self._held = case, flags, holds
        self.day, self.as_at = as_at, calendars.index(as_at)
        self.count, self.words, self.kept = 1, (), frozenset(FIELDS)
        self.own, self.begins_when_asked = own, False
        self._columns = frozenset(case)
        self._never, self._uncounted = _NEVER, _UNCOUNTED
        dates = _DATES.union(name for name, field in own.items() if field.type is Type.DATE) if own else _DATES
        self._recorded = {name: _one(value) for name, value in case.items() if name in dates}
        self._answers = {}

    def keeps(self, name: str) -> bool:
        return True

    def flag(self, name: str) -> Mask:
        return np.array([name in self._flags])

    def _is_true(self, name: str) -> Mask:
        return np.array([bool(self._case.get(name))])

    def _is_one_of(self, name: str, values: tuple[str, ...]) -> Mask:
        return np.array([self._case.get(name) in values])

    def holds(self, stage: int) -> list[tuple[Days, Days]]:
        if stage not in self._held:
            return []
        begin, end = map(_one, self._held[stage])
        return [(none_where(begin > self.as_at, begin), none_where(end > self.as_at, end))]


def _shared(count: int, value: int) -> Days:
    array = np.full(count, value, dtype=np.int32)
    array.flags.writeable = False
    return array


def _places(frame: pl.DataFrame) -> dict[str, Days]:
    """Every date column as places in the calendar, FAR where nothing is recorded."""
    names = [name for name, kind in frame.schema.items() if kind == pl.Date]
    places = frame.select(pl.col(names).to_physical().fill_null(FAR - EPOCH) + EPOCH)
    return {name: places[name].to_numpy() for name in names}


def _one(day: dt.date) -> Days:
    """One case's date as a place in the calendar."""
    return np.array([calendars.index(day)], dtype=np.int32)


_DATES = frozenset(fields.DATES)
_NEVER, _UNCOUNTED = _shared(1, FAR), _shared(1, -1)
