"""Due dates, for every case of a frame at once: limits, extensions, holds, starts not recorded.

Every array holds places in the calendar, FAR where there is no such date.
Source: the contract, 'Counting' (its numbers stand beside the code).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from putright.calendars import FAR, Calendar
from putright.daytables import Days, day_tables, look_up, month_table, none_where, pick
from putright.engine.facts import Facts, Mask
from putright.fields import FIELDS
from putright.rulebooks import Rulebook
from putright.rules import Extension, Limit, Notice, Timed, Unit


@dataclass(frozen=True)
class Clock:
    """How one time limit runs in every case, from one starting event.

    ``original`` is the limit's own end, ``cap`` the furthest an extension may reach (FAR where the
    rulebook sets none), ``due`` what the case had to keep to as its notice and new date stand,
    ``claimed`` what it would have been had a notice been given in time.
    """

    start: Days
    original: Days
    cap: Days
    due: Days
    claimed: Days
    held_open: Mask
    """An open hold has stopped the clock: nobody can say yet when the step is due."""
    bare: Days
    """The limit's own end, had nothing been held."""


class Clocks:
    """Works out clocks for the cases of one rulebook."""

    def __init__(self, book: Rulebook, facts: Facts, calendar: Calendar) -> None:
        self.book = book
        self.facts = facts
        self.calendar = day_tables(calendar)
        self.rulings = book.rulings()
        self._held = book.held_stages()
        self._usual: dict[str, Clock] = {}
        self._extensions = {
            ruling.rule.extends: ruling.rule for ruling in self.rulings.values() if isinstance(ruling.rule, Extension)
        }

    def extension(self, rule: Timed) -> Extension | None:
        """What the rulebook says of more time for this step."""
        return self._extensions.get(rule.rule)

    # --- starts ---------------------------------------------------------------------------------

    def start(self, rule: Timed) -> Days:
        """The starting event; a complaint's own window falls back on the day the matter arose."""
        start = self.facts.date(rule.start)
        if rule.rule == "complain-in-time" and rule.start == "matter_known":
            return pick(start < FAR, start, self.facts.date("matter_occurred"))
        return start

    def latest_start(self, rule: Timed) -> Days:
        """The starting event, or where an acknowledgement has no date the latest day it can have been."""
        start, bounds = self.start(rule), self.bounds(rule)
        return start if bounds is None else pick(start < FAR, start, bounds[1])

    def bounds(self, rule: Timed) -> tuple[Days, Days] | None:
        """Counting 8: the earliest and latest that an acknowledgement with no date can have started the clock.

        FAR in both where it is dated, or where its own start is not known; None where it does not arise.
        """
        if not rule.start.endswith("_acknowledged"):
            return None
        timed = self.rulings.get(f"acknowledge-{rule.start.partition('_')[0]}")
        if timed is None or not isinstance(timed.rule, Timed) or timed.rule.within is None:
            return None
        missing = self.facts.date(rule.start) == FAR
        earliest = none_where(~missing, self.facts.date(timed.rule.start))
        return earliest, self.after(earliest, timed.rule.within)

    # --- limits ---------------------------------------------------------------------------------

    def after(self, start: Days, limit: Limit) -> Days:
        """The day a limit ends (Counting 1 and 3)."""
        if limit.unit is Unit.WORKING_DAYS:
            return look_up(self.calendar.after(limit.count), start)
        return look_up(month_table(limit.count, limit.unit is Unit.MONTHS_INCLUSIVE), start)

    def clock(self, rule: Timed, start: Days) -> Clock:
        """The clock of a rule with a limit, from this start."""
        assert rule.within is not None
        extension = self.extension(rule)
        if not self.facts.has(*extension_fields(rule)):
            extension = None  # none was made in any case
        longest = self._longest(rule.within, extension)
        holds = self._holds(rule)
        open_from = self._open_from(rule)
        bare = self.after(start, rule.within)
        original = self._held_after(start, rule.within, holds) if holds else bare
        cap = self._held_after(start, longest, holds) if longest else self.facts.never()
        due, claimed = self._extended(rule, extension, original, cap)
        if open_from is None:
            return Clock(start, original, cap, due, claimed, self.facts.none(), bare)
        stopped = (open_from <= due) & (due < FAR)  # Counting 5: an open hold leaves it blank
        return Clock(
            start,
            none_where(open_from <= original, original),
            none_where(open_from <= cap, cap),
            none_where(stopped, due),
            none_where(open_from <= claimed, claimed),
            stopped,
            bare,
        )

    def usual(self, rule: Timed) -> Clock:
        """The clock of a rule from its latest start: its own verdict and its extension's both go by it."""
        if rule.rule not in self._usual:
            self._usual[rule.rule] = self.clock(rule, self.latest_start(rule))
        return self._usual[rule.rule]

    @staticmethod
    def _longest(within: Limit, extension: Extension | None) -> Limit | None:
        """The limit and the permitted extension in one run (Counting 4)."""
        if extension is None or not isinstance(extension.by, Limit):
            return None
        return Limit(within.count + extension.by.count, within.unit)

    def _extended(self, rule: Timed, extension: Extension | None, original: Days, cap: Days) -> tuple[Days, Days]:
        """The due date with its extension, and what it would be had notice been in time (Counting 4)."""
        if extension is None:
            return original, original
        notice, new = (self.facts.date(name) for name in extension_fields(rule))
        if extension.cap == "none":
            wanted = pick(new < FAR, new, original)
        else:
            wanted = np.minimum(new, cap)  # FAR, so the cap, where no new date is recorded
        claimed = np.maximum(wanted, original)
        proper = (notice <= original) & (notice < FAR)
        return pick(proper, claimed, original), claimed

    # --- holds ----------------------------------------------------------------------------------

    def _stops(self, rule: Timed) -> int | None:
        """The stage whose holds stop this clock (Counting 5: a stage's response, in working days)."""
        stage = FIELDS[rule.step].stage
        if stage is None or stage not in self._held or not rule.step.endswith("_responded"):
            return None
        return stage if rule.within and rule.within.unit is Unit.WORKING_DAYS else None

    def _holds(self, rule: Timed) -> list[tuple[Days, Days]]:
        """The holds that have ended; the response ends an open one."""
        stage = self._stops(rule)
        if stage is None:
            return []
        done = self.facts.date(rule.step)
        ended = [(begin, pick(end < FAR, end, done)) for begin, end in self.facts.holds(stage)]
        return [(none_where(end == FAR, begin), end) for begin, end in ended]

    def _open_from(self, rule: Timed) -> Days | None:
        """The day a hold still open began; FAR where none is. None where holds stop nothing."""
        stage = self._stops(rule)
        if stage is None or not self.facts.holds(stage):
            return None
        undone = self.facts.date(rule.step) == FAR
        begins = [none_where(~(undone & (end == FAR)), begin) for begin, end in self.facts.holds(stage)]
        earliest: Days = np.minimum.reduce(begins)
        return earliest

    def _held_after(self, start: Days, limit: Limit, holds: list[tuple[Days, Days]]) -> Days:
        """As ``after``, leaving out the working days of each hold up to, not including, its last."""
        if not holds:
            return self.after(start, limit)
        floor, ceiling = self.calendar.floor, self.calendar.ceiling
        zero = look_up(ceiling, start)
        number, free = zero + limit.count, zero + 1
        for begin, end in holds:  # in order, so that a day moved into a later hold moves again
            first = np.maximum(look_up(ceiling, begin), free)  # what an earlier hold covered counts once
            inside = (first <= number) & (begin < FAR)
            number = number + np.maximum(look_up(ceiling, end) - first, 0) * inside
            free = pick(begin < FAR, np.maximum(free, look_up(ceiling, end)), free)
        day: Days = look_up(self.calendar.day_of, np.minimum(number, floor[FAR]))
        return day

    def held_days(self, rule: Timed, start: Days, done: Days) -> Days:
        """Working days on hold after day zero and up to ``done``."""
        held = np.zeros(self.facts.count, dtype=np.int32)
        ceiling = self.calendar.ceiling
        free = look_up(ceiling, start) + 1
        for begin, end in self._holds(rule):
            first = np.maximum(look_up(ceiling, begin), free)
            last = np.minimum(look_up(ceiling, end), look_up(self.calendar.floor, done) + 1)
            held += np.maximum(last - first, 0) * (begin < FAR)
            free = pick(begin < FAR, np.maximum(free, look_up(ceiling, end)), free)
        return held.astype(np.int32, copy=False)

    # --- lengths --------------------------------------------------------------------------------

    def taken(self, rule: Timed, start: Days, done: Days) -> Days:
        """Days from day zero to the step (calendar days for months), held ones left out; never below 0."""
        if _in_months(rule):
            taken = done - start
        else:
            taken = look_up(self.calendar.floor, done) - look_up(self.calendar.ceiling, start)
            if self._stops(rule) is not None:
                taken -= self.held_days(rule, start, done)
        return taken.clip(min=0)

    def over(self, rule: Timed | Notice, due: Days, end: Days) -> Days:
        """Days from the due date to ``end`` (calendar days for months); never below 0."""
        over = np.zeros(len(due), dtype=np.int32)
        late = np.flatnonzero(end > due)  # most are not, and need no look-up
        due, end = due.take(late), end.take(late)
        if not _in_months(rule):
            due, end = look_up(self.calendar.floor, due), look_up(self.calendar.ceiling, end)
        over[late] = end - due
        return over


def extension_fields(rule: Timed) -> tuple[str, str]:
    """The fields with the notice and the new date of an extension of this step."""
    stage = rule.step.partition("_")[0]
    return f"{stage}_extension_notified", f"{stage}_extended_to"


def _in_months(rule: Timed | Notice) -> bool:
    return rule.within is not None and rule.within.unit is not Unit.WORKING_DAYS
