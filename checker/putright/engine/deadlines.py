"""Steps with a time limit, duties and aims, on every way to read the limit.

Each reading is settled by itself. A step that is late on the first reading is spared where another has it in time.
Source: contract 5 (and contract 4 where named).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from putright.calendars import FAR
from putright.calendars.daytables import none_where
from putright.engine.clocks import Clock, Clocks, UndatedStart, extension_fields
from putright.engine.extensions import arguable_beyond_cap
from putright.engine.facts import Mask
from putright.engine.outcomes import Outcome, RuleOutcome, Settled, no_marks, settle
from putright.engine.steps import (
    LATE,
    closed_outcome,
    difference,
    end_of_count,
    latest_other_due,
    lengths,
    not_done_outcomes,
    other_end_outcomes,
    overdue_outcomes,
    reopened_outcome,
)
from putright.engine.verdicts import Mark, Verdict, Why, pack_marks
from putright.fields import later_steps, named
from putright.rulebooks import Ruling
from putright.rulebooks.rules import Timed


@dataclass(frozen=True)
class OtherReading:
    """Another reading of a rule's limit, settled, with the cases in which it differs from the first."""

    why: Why
    where: Mask
    clock: Clock
    settled: Settled


def deadline(clocks: Clocks, ruling: Ruling, rule: Timed) -> RuleOutcome:
    """Judge a duty or an aim."""
    facts, clock, first = clocks.facts, clocks.usual(rule), clocks.readings(rule)[0]
    undated = clocks.undated_start(rule, first, clock)
    shown = settle(reading_outcomes(clocks, rule, clock, undated), onto=facts.count)
    others = _other_readings(clocks, rule)
    start, marks = clock.start, no_marks(facts)
    if undated:
        start, marks = none_where(undated.where, start), pack_marks(undated.where, Mark.START_NOT_RECORDED)
    done = facts.date(rule.step)
    taken, over = lengths(clocks, rule, first, (start, clock.due, done))
    return RuleOutcome(
        ruling,
        settle(combined_outcomes(clocks, rule, shown, others), onto=shown),
        marks,
        start,
        clock.due,
        done,
        taken,
        over,
        other_due=latest_other_due(clock.due, ((other.where, other.clock.due) for other in others), facts),
        moved=clock.due != clock.bare,
    )


def _other_readings(clocks: Clocks, rule: Timed) -> list[OtherReading]:
    """The readings after the first, each settled to its own result; one that never differs is left out."""
    first, *others = clocks.readings(rule)
    shown, found = clocks.usual(rule), []
    for reading in others:
        clock = clocks.read(rule, reading)
        where = (clock.start < FAR) & (clock.bare != shown.bare)
        if where.any():
            undated = clocks.undated_start(rule, reading, clock)
            settled = settle(reading_outcomes(clocks, rule, clock, undated), onto=clocks.facts.count)
            found.append(OtherReading(difference(first, reading), where, clock, settled))
    return found


def combined_outcomes(clocks: Clocks, rule: Timed, shown: Settled, others: list[OtherReading]) -> list[Outcome]:
    """What goes before the first reading's own outcomes, strongest first."""
    return [*_without_start(clocks, rule), *(each for other in others for each in _spared(shown, other))]


def _without_start(clocks: Clocks, rule: Timed) -> list[Outcome]:
    """Cases with no starting event: nothing is asked, unless what comes after it is recorded."""
    facts, missing = clocks.facts, clocks.usual(rule).start == FAR
    later = (facts.date(rule.step) < FAR) | facts.later(rule.step) | facts.has_outcome(rule.step)
    if rule.or_start in later_steps(rule.start, facts.own):
        later = later | (facts.date(rule.or_start) < FAR)
    return [
        Outcome(missing & later, Verdict.NO_EVIDENCE, Why.NO_START),
        Outcome(missing, Verdict.NOT_APPLICABLE, Why.NOT_ASKED),
    ]


def _spared(shown: Settled, other: OtherReading) -> list[Outcome]:
    """Judge, by contract 4.1 and contract 4.6, what is late on the first reading and not on another."""
    second = other.settled
    in_time = second.found(Verdict.MET, Verdict.RUNNING, Verdict.NOT_APPLICABLE)
    spared = other.where & (in_time | second.because(Why.START_BETWEEN, Why.REOPENED))
    overdue = shown.because(Why.OVERDUE, Why.OVERDUE_ENDED)
    return [
        Outcome(shown.because(Why.DONE_LATE) & spared, Verdict.JUDGEMENT, other.why),
        Outcome(overdue & spared, Verdict.JUDGEMENT, other.why, Mark.NOT_RECORDED),
    ]


def reading_outcomes(clocks: Clocks, rule: Timed, clock: Clock, undated: UndatedStart | None) -> list[Outcome]:
    """The outcomes of a step on one reading of its limit, strongest first."""
    facts, stage = clocks.facts, named(rule.step).stage
    done, due, ended = facts.date(rule.step), clock.due, facts.ended(stage)
    undone = done == FAR
    late, overdue = ~undone & (done > due), undone & (facts.as_at > due)
    verdict = LATE[rule.late_verdict]
    return [
        *_taken_up(clocks, rule, clock),
        reopened_outcome(done, due, ended),
        Outcome(undone & (ended <= due) & (ended < FAR), Verdict.NOT_APPLICABLE, Why.EXCUSED),
        closed_outcome(facts, undone, stage),
        Outcome(undone & clock.held_open, Verdict.RUNNING, Why.ON_HOLD),
        *not_done_outcomes(facts, rule.step, overdue),
        *_extension_outcomes(clocks, rule, clock, late | overdue),
        *other_end_outcomes(rule, clock, late | overdue, ~undone & ~late),
        *overdue_outcomes(facts, overdue, ended, verdict),
        Outcome(undone, Verdict.RUNNING, Why.RUNNING),
        Outcome(late, verdict, Why.DONE_LATE),
        *_start_between(clocks, rule, undated),
        Outcome(~undone, Verdict.MET, Why.DONE_IN_TIME),
    ]


def _taken_up(clocks: Clocks, rule: Timed, clock: Clock) -> list[Outcome]:
    """Informal attempts that became formal complaints in time."""
    if rule.rule != "resolve-informally":
        return []
    formal = np.minimum(clocks.facts.date("stage1_requested"), clocks.facts.date("stage1_acknowledged"))
    return [Outcome((formal <= clock.due) & (formal < FAR), Verdict.NOT_APPLICABLE, Why.TAKEN_UP)]


def _extension_outcomes(clocks: Clocks, rule: Timed, clock: Clock, late: Mask) -> list[Outcome]:
    """Contract 4.4: what an extension leaves open of a step that is late by its due date."""
    facts, extension = clocks.facts, clocks.extension(rule)
    if extension is None or not facts.has(*extension_fields(rule)):
        return []
    stage = named(rule.step).stage
    stop, ended = end_of_count(facts, facts.date(rule.step), stage), facts.ended(stage)
    notice, new = (facts.date(name) for name in extension_fields(rule))
    proper = late & (notice <= clock.original) & (notice < FAR)
    undated = late & (notice == FAR) & (new < FAR)
    saved = (stop <= clock.claimed) | ((ended <= clock.claimed) & (ended < FAR))
    if extension.cap == "soft":
        arguable, unknown = arguable_beyond_cap(facts, extension, rule)
        reached = (new > clock.cap) & (new < FAR) & (stop <= new)
        saved |= reached & (arguable | unknown)
    not_dated = Outcome(undated & saved, Verdict.NO_EVIDENCE, Why.NOTICE_NOT_DATED)
    if extension.cap == "none":
        return [not_dated, Outcome(proper & (new == FAR), Verdict.NO_EVIDENCE, Why.NEW_DATE_NOT_RECORDED)]
    if extension.cap == "hard":
        return [not_dated]
    return [
        not_dated,
        Outcome(proper & reached & unknown, Verdict.NO_EVIDENCE, Why.BEYOND_CAP_UNKNOWN),
        Outcome(proper & reached & arguable, Verdict.JUDGEMENT, Why.BEYOND_CAP),
    ]


def _start_between(clocks: Clocks, rule: Timed, undated: UndatedStart | None) -> list[Outcome]:
    """Contract 4.8: steps in time from the latest that their start can be, and not surely from the earliest."""
    if undated is None:
        return []
    done = clocks.facts.date(rule.step)
    unsure = undated.where & (done < FAR) & (done > undated.earliest.original)
    return [Outcome(unsure, Verdict.NO_EVIDENCE, Why.START_BETWEEN)]
