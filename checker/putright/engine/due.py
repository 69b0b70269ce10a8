"""When a step is due as far as the record goes: one date, or a range where an earlier step has no date yet.

The same clocks as the verdicts', for every case of a frame at once. Source: contract 4.1, contract 4.4,
contract 4.6 and contract 4.8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from putright.calendars import FAR
from putright.calendars.daytables import Days, none_where, pick
from putright.engine.clocks import Reading
from putright.engine.codes import CASE, Places
from putright.engine.facts import Mask
from putright.engine.judging import Judge
from putright.rulebooks import Rulebook, Ruling
from putright.rulebooks.rules import Timed


@dataclass(frozen=True)
class End:
    """Where one time limit of a rule ends, from its own start; places in the calendar."""

    start: str
    """The field with the starting event."""
    due: Days
    furthest: Days
    """The furthest that an extension may reach; FAR where there is none, or it has no end."""


@dataclass(frozen=True)
class Dues:
    """When one rule's step is due in the cases of a frame; places in the calendar, FAR where a date is missing."""

    book: Rulebook
    ruling: Ruling
    rule: Timed
    case: Places
    start: Days
    """The starting event as recorded; FAR where it has no date yet."""
    before: Timed | None
    """The rule for the acknowledgement that the clock starts from, where that can be bounded."""
    first: Days
    """The date that may be relied on: on the strictest reading, from the earliest start."""
    last: Days
    """The latest it can be where the start has no date yet."""
    other: Days
    """The start known: the date on another reading, where that is later."""
    furthest: Days
    """The furthest that an extension may reach, on the strictest reading, from the earliest start."""
    start_from: Days
    """The earliest that a start with no date yet can be."""
    start_by: Days
    """The latest that it can be."""
    ends: tuple[tuple[End, ...], ...]
    """By reading, the strictest first: where its limit ends, and where its second limit does if it has one."""
    arises: Mask
    """Where the rule asks for its step, as far as the record goes; elsewhere only if what it depends on is so."""


def dues(judge: Judge, *, conditional: bool = False) -> Iterator[Dues]:
    """When each rule with a time limit wants its step done, in the cases in which it arises.

    ``conditional``: also in those in which it does not arise on the record as it is. What is asked for only once
    another step is late follows from no event and has no date of its own here.
    """
    for ruling in judge.rulings.values():
        rule = ruling.rule
        if isinstance(rule, Timed) and rule.within is not None and not rule.after_time_for:
            arises = judge.arises(ruling)
            yield _of_rule(judge, ruling, rule, judge.covers(ruling) if conditional else arises, arises)


def _of_rule(judge: Judge, ruling: Ruling, rule: Timed, where: Mask, arises: Mask) -> Dues:
    clocks, facts = judge.clocks, judge.facts
    readings = clocks.readings(rule)
    start = clocks.clock(rule, clocks.start(rule, readings[0]), readings[0]).start
    known = [_from(judge, rule, reading, clocks.start(rule, reading)) for reading in readings]
    first, furthest = known[0]
    latest: Days = np.maximum.reduce([np.where(due < FAR, due, 0) for due, _ in known]).astype(np.int32)
    other = pick((first < FAR) & (latest > first), latest, facts.never())
    last, before = facts.never(), None
    start_from, start_by = facts.never(), facts.never()
    for reading in readings:
        bounds = clocks.bounds(rule, reading)
        if bounds is None:
            continue
        before = clocks.acknowledgement_of(reading)
        open_start = (start == FAR) & (bounds[0] < FAR)
        due, beyond = _from(judge, rule, reading, bounds[0])
        sooner = open_start & (due < first)
        first, furthest = pick(sooner, due, first), pick(sooner, beyond, furthest)
        end, _ = _from(judge, rule, reading, bounds[1])
        last = pick(open_start & ((last == FAR) | (end > last)), end, last)
        start_from = pick(open_start & (bounds[0] < start_from), bounds[0], start_from)
        start_by = pick(open_start & ((start_by == FAR) | (bounds[1] > start_by)), bounds[1], start_by)
    gone = ~where
    case = facts.frame[CASE].to_numpy()
    return Dues(
        book=judge.book,
        ruling=ruling,
        rule=rule,
        case=case,
        start=start,
        before=before,
        first=none_where(gone, first),
        last=none_where(gone, last),
        other=none_where(gone, other),
        furthest=none_where(gone, furthest),
        start_from=none_where(gone, start_from),
        start_by=none_where(gone, start_by),
        ends=tuple(
            tuple(_without(gone, end) for end in _ends(judge, rule, reading, from_start))
            for reading, from_start in zip(readings, known, strict=True)
        ),
        arises=arises,
    )


def _without(gone: Mask, end: End) -> End:
    return End(end.start, none_where(gone, end.due), none_where(gone, end.furthest))


def _ends(judge: Judge, rule: Timed, reading: Reading, known: tuple[Days, Days]) -> Iterator[End]:
    """The end of a rule's limit on a reading, and that of its second limit, each from its own start alone."""
    other = rule.alternative
    if other is None:
        yield End(reading.start, *known)
        return
    clocks, never = judge.clocks, judge.facts.never()
    yield End(reading.start, clocks.after(clocks.start(rule, reading), reading.within, reading.begins), never)
    begins = clocks.alternative_begins(rule, reading)
    yield End(other.start, clocks.after(judge.facts.date(other.start), other.within, begins), never)


def _from(judge: Judge, rule: Timed, reading: Reading, start: Days) -> tuple[Days, Days]:
    """The due date on a reading from this start, and the furthest that an extension may reach."""
    clocks = judge.clocks
    return clocks.clock(rule, start, reading).due, clocks.furthest(rule, start, reading)
