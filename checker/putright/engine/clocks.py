"""Due dates, for every case of a frame at once: limits, extensions, holds, starts not recorded.

Every array holds places in the calendar, FAR where there is no such date.
Source: contract 4 (its numbers are next to the code).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from putright.calendars import FAR, Begins, Calendar
from putright.calendars.daytables import Days, day_tables, days_table, look_up, month_table, none_where, pick
from putright.engine.facts import Facts, Mask
from putright.fields import named
from putright.rulebooks import Rulebook
from putright.rulebooks.limits import Limit, Unit
from putright.rulebooks.rules import Extension, Notice, Timed

#: (first day, last day) of the first, second … hold of every case.
Held = list[tuple[Days, Days]]


@dataclass(frozen=True)
class Reading:
    """One way to read a time limit, where its source can be read in more than one (contract 4.1 and contract 4.6)."""

    start: str
    """The field with the starting event."""
    within: Limit
    begins: Begins
    """What the start is in the count."""


@dataclass(frozen=True)
class Clock:
    """How one time limit runs in every case, from one starting event.

    ``original`` is the limit's own end, ``cap`` the furthest an extension may reach (FAR where the
    rulebook sets none), ``due`` what the case had to keep to, given its notice and new date,
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
    cap_so_far: Days
    """The cap as it is on the audit date, if a hold that is still open ends then."""
    other_unknown: Mask
    """Contract 4.11: the other limit might give another due date, but its start is not recorded."""


@dataclass(frozen=True)
class UndatedStart:
    """Contract 4.8: the cases whose start, an acknowledgement, has no date but can be bounded."""

    where: Mask
    earliest: Clock
    """The clock from the earliest day that it can have started."""


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

    # --- readings -------------------------------------------------------------------------------

    def readings(self, rule: Timed) -> list[Reading]:
        """Every way to read the rule's limit: the first is shown, the others can only make it less strict.

        Of several readings of what the start is in the count, the one with the earliest due date comes first.
        """
        assert rule.within is not None
        pairs = [(rule.start, rule.within)]
        if rule.has_second_reading:
            pairs.append((rule.or_start or rule.start, rule.or_within or rule.within))
        return [Reading(start, within, begins) for start, within in pairs for begins in self.book.begins(rule, within)]

    # --- starts ---------------------------------------------------------------------------------

    def start(self, rule: Timed, reading: Reading | None = None) -> Days:
        """The starting event; a complaint's own window falls back on the day the matter arose."""
        name = reading.start if reading else rule.start
        start = self.facts.date(name)
        if rule.rule == "complain-in-time" and name == "matter_known":
            return pick(start < FAR, start, self.facts.date("matter_occurred"))
        return start

    def latest_start(self, rule: Timed, reading: Reading) -> Days:
        """The starting event, or where an acknowledgement has no date the latest day it can have been."""
        start, bounds = self.start(rule, reading), self.bounds(rule, reading)
        return start if bounds is None else pick(start < FAR, start, bounds[1])

    def bounds(self, rule: Timed, reading: Reading) -> tuple[Days, Days] | None:
        """Contract 4.8: the earliest and latest that an acknowledgement with no date can have started the clock.

        FAR in both where it is dated, or where its own start is not known; None where it does not arise.
        """
        timed = self.acknowledgement_of(reading)
        if timed is None or timed.within is None or rule.alternative:
            return None
        known = [each.begins for each in self.readings(timed)]
        begins = reading.begins if reading.begins in known else known[0]
        own = Reading(timed.start, timed.within, begins)
        missing = self.facts.date(reading.start) == FAR
        asked = none_where(~missing, self.facts.date(own.start))
        earliest = asked
        if own.within.unit is Unit.WORKING_DAYS and begins is not Begins.FROM_THE_DAY:
            earliest = self.after(asked, Limit(0, Unit.WORKING_DAYS))
        latest = self._limit_end(timed, own, asked, 0, [])
        if timed.or_if_later:  # nobody can say how late it may be while one of its two limits has no start
            unknown = self.facts.date(timed.or_if_later.start) == FAR
            earliest, latest = none_where(unknown, earliest), none_where(unknown, latest)
        return earliest, latest

    def undated_start(self, rule: Timed, reading: Reading, clock: Clock) -> UndatedStart | None:
        """Where the clock, counted from the latest that its start can be, could have started earlier; None: nowhere."""
        bounds = self.bounds(rule, reading)
        if bounds is None:
            return None
        where = (bounds[0] < FAR) & (clock.start < FAR)
        return UndatedStart(where, self.clock(rule, bounds[0], reading)) if where.any() else None

    def acknowledgement_of(self, reading: Reading) -> Timed | None:
        """The rule that times the acknowledgement which the clock starts from, where there is one."""
        start = named(reading.start)
        if start.part != "acknowledged":
            return None
        ruling = self.rulings.get(f"acknowledge-stage{start.stage}")
        timed = ruling.rule if ruling else None
        return timed if isinstance(timed, Timed) and timed.within else None

    # --- limits ---------------------------------------------------------------------------------

    def after(self, start: Days, limit: Limit, begins: Begins = Begins.NEXT_WORKING_DAY) -> Days:
        """The day a limit ends (contract 4.1 and contract 4.3)."""
        if limit.unit is Unit.WORKING_DAYS:
            return look_up(self.calendar.after(limit.count, begins), start)
        if limit.calendar_days is not None:
            return look_up(days_table(limit.calendar_days - (begins is Begins.DAY_ONE)), start)
        return look_up(month_table(limit.count, limit.unit is Unit.MONTHS_INCLUSIVE), start)

    def _limit_end(self, rule: Timed, reading: Reading, start: Days, more: int, holds: Held) -> Days:
        """The day the limit and so much more ends; a stage that is the case's first can have its own limit.

        Contract 4.11: of two limits the later end, or the earlier; where only one has a start, its end.
        """

        def end(limit: Limit, start: Days, begins: Begins) -> Days:
            whole = Limit(limit.count + more, limit.unit)
            if holds and whole.unit is Unit.WORKING_DAYS:
                return self._held_after(start, whole, holds, begins)
            return self.after(start, whole, begins)

        usual = end(reading.within, start, reading.begins)
        if other := rule.alternative:
            again = end(other.within, self.facts.date(other.start), self.alternative_begins(rule, reading))
            return _later(usual, again) if rule.or_if_later else np.minimum(usual, again)
        first = self._straight(rule) if rule.within_if_first else None
        if rule.within_if_first is None or first is None or not first.any():
            return usual
        return pick(first, end(rule.within_if_first, start, reading.begins), usual)

    def alternative_begins(self, rule: Timed, reading: Reading) -> Begins:
        """What the start of the other limit is in its count, read as the first limit's is."""
        assert rule.alternative is not None
        ways = self.book.begins(rule, rule.alternative.within)
        return reading.begins if reading.begins in ways else ways[0]

    def _of_two(self, rule: Timed, reading: Reading, start: Days, bare: Days) -> tuple[Days, Mask]:
        """The start of the limit that gives the due date, and the cases in which the other's is not recorded."""
        if rule.alternative is None:
            return start, self.facts.none()
        other = self.facts.date(rule.alternative.start)
        decided = self.after(start, reading.within, reading.begins) != bare
        one_start = (start < FAR) != (other < FAR)
        if rule.or_if_later:
            return pick(decided, other, start), one_start
        # What is not recorded has not happened, unless the file has no field for it.
        kept = all(map(self.facts.keeps, rule.starts))
        return pick(decided, other, start), self.facts.none() if kept else one_start

    def _straight(self, rule: Timed) -> Mask:
        """Cases whose first stage is the rule's own, since they went straight to it."""
        return self.facts.flag("straight_to_stage2") if named(rule.step).stage == 2 else self.facts.none()

    def clock(self, rule: Timed, start: Days, reading: Reading) -> Clock:
        """The clock of a rule with a limit, from this start."""
        extension = self.extension(rule)
        if not self.facts.has(*extension_fields(rule)):
            extension = None  # none was made in any case
        holds = self._holds(rule)
        open_from = self._open_from(rule)
        bare = self._limit_end(rule, reading, start, 0, [])
        original = self._limit_end(rule, reading, start, 0, holds) if holds else bare
        more = extension.by.count if extension and isinstance(extension.by, Limit) else None
        cap = self.facts.never() if more is None else self._limit_end(rule, reading, start, more, holds)
        due, claimed = self._extended(rule, extension, original, cap)
        start, other_unknown = self._of_two(rule, reading, start, bare)
        if open_from is None:
            return Clock(start, original, cap, due, claimed, self.facts.none(), bare, cap, other_unknown)
        stopped = (open_from <= due) & (due < FAR)  # contract 4.5: an open hold leaves it blank
        return Clock(
            start,
            none_where(open_from <= original, original),
            none_where(open_from <= cap, cap),
            none_where(stopped, due),
            none_where(open_from <= claimed, claimed),
            stopped,
            bare,
            cap if more is None else self._limit_end(rule, reading, start, more, self._holds_so_far(rule)),
            other_unknown,
        )

    def furthest(self, rule: Timed, start: Days, reading: Reading) -> Days:
        """The furthest that an extension of this step may reach; FAR where it has no end, or there is none."""
        extension = self.extension(rule)
        if extension is None or not isinstance(extension.by, Limit):
            return self.facts.never()
        return self._limit_end(rule, reading, start, extension.by.count, self._holds(rule))

    def usual(self, rule: Timed) -> Clock:
        """The clock of a rule on its first reading: its own verdict and its extension's both go by it."""
        if rule.rule not in self._usual:
            self._usual[rule.rule] = self.read(rule, self.readings(rule)[0])
        return self._usual[rule.rule]

    def read(self, rule: Timed, reading: Reading) -> Clock:
        """The clock of a rule on one reading, from the latest day it can have started."""
        return self.clock(rule, self.latest_start(rule, reading), reading)

    def latest_due(self, rule: Timed) -> Days:
        """The due date on the reading that gives most time: what comes after it is surely late."""
        clocks = [self.clock(rule, self.start(rule, reading), reading) for reading in self.readings(rule)]
        latest: Days = np.maximum.reduce([none_where(clock.other_unknown, clock.due) for clock in clocks])
        return latest

    def _extended(self, rule: Timed, extension: Extension | None, original: Days, cap: Days) -> tuple[Days, Days]:
        """The due date with its extension, and what it would be had notice been in time (contract 4.4)."""
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
        """The stage whose holds stop this clock (contract 4.5: a stage's response, in working days)."""
        stage = named(rule.step).stage
        if stage is None or stage not in self._held or not rule.step.endswith("_responded"):
            return None
        return stage if rule.within and rule.within.unit is Unit.WORKING_DAYS else None

    def _every_hold(self, rule: Timed) -> Held:
        """The holds; the response ends an open one, which otherwise has FAR for its end."""
        stage = self._stops(rule)
        if stage is None:
            return []
        done = self.facts.date(rule.step)
        return [(begin, pick(end < FAR, end, done)) for begin, end in self.facts.holds(stage)]

    def _holds(self, rule: Timed) -> Held:
        """The holds that have ended."""
        return [(none_where(end == FAR, begin), end) for begin, end in self._every_hold(rule)]

    def _holds_so_far(self, rule: Timed) -> Held:
        """The holds, as if those still open ended with the audit date."""
        tomorrow = np.int32(self.facts.as_at + 1)
        return [(begin, pick(end < FAR, end, np.full_like(end, tomorrow))) for begin, end in self._every_hold(rule)]

    def _open_from(self, rule: Timed) -> Days | None:
        """The day a hold still open began; FAR where none is. None where holds stop nothing."""
        stage = self._stops(rule)
        if stage is None or not self.facts.holds(stage):
            return None
        undone = self.facts.date(rule.step) == FAR
        begins = [none_where(~(undone & (end == FAR)), begin) for begin, end in self.facts.holds(stage)]
        earliest: Days = np.minimum.reduce(begins)
        return earliest

    def _held_after(self, start: Days, limit: Limit, holds: Held, begins: Begins) -> Days:
        """As ``after``, leaving out the working days of each hold up to, not including, its last."""
        floor, ceiling = self.calendar.floor, self.calendar.ceiling
        zero = look_up(self.calendar.zero(begins), start)
        number, free = zero + limit.count, zero + 1
        for begin, end in holds:  # in order, so that a day moved into a later hold moves again
            first = np.maximum(look_up(ceiling, begin), free)  # what an earlier hold covered counts once
            inside = (first <= number) & (begin < FAR)
            number = number + np.maximum(look_up(ceiling, end) - first, 0) * inside
            free = pick(begin < FAR, np.maximum(free, look_up(ceiling, end)), free)
        day: Days = look_up(self.calendar.day_of, np.minimum(number, floor[FAR]))
        return day

    def _held_days(self, holds: Held, after: Days, last: Days) -> Days:
        """Working days on hold of those numbered after ``after`` up to ``last``."""
        held = np.zeros(self.facts.count, dtype=np.int32)
        ceiling = self.calendar.ceiling
        free = after + 1
        for begin, end in holds:
            first = np.maximum(look_up(ceiling, begin), free)
            stop = np.minimum(look_up(ceiling, end), last + 1)
            held += np.maximum(stop - first, 0) * (begin < FAR)
            free = pick(begin < FAR, np.maximum(free, look_up(ceiling, end)), free)
        return held.astype(np.int32, copy=False)

    # --- lengths --------------------------------------------------------------------------------

    def taken(self, rule: Timed, reading: Reading | None, start: Days, done: Days) -> Days:
        """Days from day zero to the step, held ones left out; never below 0.

        In working days for a limit in these (or none), with a step on a day off as done on the next working day;
        otherwise in calendar days.
        """
        begins = reading.begins if reading else self.book.begins(rule)[0]
        if not _in_working_days(rule):
            return pick(done < start, start - start, done - start + (begins is Begins.DAY_ONE))
        zero, last = look_up(self.calendar.zero(begins), start), look_up(self.calendar.ceiling, done)
        taken = last - zero
        if self._stops(rule) is not None:
            taken -= self._held_days(self._every_hold(rule), zero, last)
        return pick(done < start, start - start, taken).clip(min=0)  # a step before its start took no days

    def over(self, rule: Timed | Notice, due: Days, end: Days) -> Days:
        """Days from the due date to ``end``, held ones left out, in the unit of the limit; never below 0."""
        over = np.zeros(len(due), dtype=np.int32)
        late = np.flatnonzero(end > due)  # most are not, and need no look-up
        if not _in_working_days(rule):
            over[late] = (end - due)[late]
            return over
        first, last = look_up(self.calendar.floor, due.take(late)), look_up(self.calendar.ceiling, end.take(late))
        over[late] = last - first
        if isinstance(rule, Timed) and self._stops(rule) is not None:
            every = look_up(self.calendar.floor, due), look_up(self.calendar.ceiling, end)
            over[late] -= self._held_days(self._every_hold(rule), *every)[late]
        return over


def _later(one: Days, other: Days) -> Days:
    """The later of two dates; where one is missing, the other."""
    return pick((one < FAR) & (other < FAR), np.maximum(one, other), np.minimum(one, other))


def extension_fields(rule: Timed) -> tuple[str, str]:
    """The fields with the notice and the new date of an extension of this step."""
    stage = named(rule.step).stage
    return f"stage{stage}_extension_notified", f"stage{stage}_extended_to"


def _in_working_days(rule: Timed | Notice) -> bool:
    return rule.within is None or rule.within.unit is Unit.WORKING_DAYS
