"""A dated step: what its kinds of rule share, and the rules for a step without a time limit or with notice.

Source: contract 5 (and contract 4 where named).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from putright.calendars import FAR, Begins
from putright.calendars.daytables import Days, look_up, none_where, pick, uncounted_where
from putright.engine.clocks import Clock, Clocks, Reading
from putright.engine.facts import Facts, Mask
from putright.engine.outcomes import Outcome, RuleOutcome, no_marks, settle
from putright.engine.verdicts import Mark, Verdict, Why
from putright.fields import named
from putright.rulebooks import Ruling
from putright.rulebooks.rules import Notice, Timed

#: The verdict on what is late, by the rule's own word.
LATE = {"breach": Verdict.BREACH, "judgement": Verdict.JUDGEMENT}

# --- what kinds of rule share ---------------------------------------------------------------------


def not_done_outcomes(facts: Facts, step: str, overdue: Mask) -> list[Outcome]:
    """Overdue steps that may have been done: the record goes on, or the file does not keep the step."""
    verdict, mark = Verdict.NO_EVIDENCE, Mark.NOT_RECORDED
    outcomes = [
        Outcome(overdue & facts.later(step), verdict, Why.OVERDUE_LATER_STEP, mark),
        Outcome(overdue & facts.has_outcome(step), verdict, Why.OUTCOME_RECORDED, mark),
    ]
    return outcomes if facts.keeps(step) else [*outcomes, Outcome(overdue, verdict, Why.NOT_KEPT, mark)]


def overdue_outcomes(facts: Facts, overdue: Mask, ended: Days, late: Verdict) -> list[Outcome]:
    """Overdue steps, of which some cases have ended."""
    return [
        Outcome(overdue & (ended <= facts.as_at), late, Why.OVERDUE_ENDED, Mark.NOT_RECORDED),
        Outcome(overdue, late, Why.OVERDUE, Mark.NOT_RECORDED),
    ]


def closed_outcome(facts: Facts, undone: Mask, stage: int | None) -> Outcome:
    """Steps with no date in a case that is closed: nobody can tell whether they were done."""
    return Outcome(undone & (facts.closed(stage) < FAR), Verdict.NO_EVIDENCE, Why.CLOSED, Mark.NOT_RECORDED)


def reopened_outcome(done: Days, due: Days, ended: Days) -> Outcome:
    """Steps done late, after an ending by the due date that had excused them."""
    where = (done < FAR) & (done > due) & (ended <= due)
    return Outcome(where, Verdict.JUDGEMENT, Why.REOPENED, Mark.REOPENED)


def other_end_outcomes(rule: Timed, clock: Clock, late: Mask, in_time: Mask) -> list[Outcome]:
    """Contract 4.11: steps that another limit might spare, or make late, were its start recorded."""
    if rule.alternative is None:
        return []
    where = late if rule.or_if_later else in_time
    return [Outcome(where & clock.other_unknown, Verdict.NO_EVIDENCE, Why.OTHER_END_UNKNOWN)]


def end_of_count(facts: Facts, done: Days, stage: int | None) -> Days:
    """The day a count ends: the step's own, or while it is not done the ending's, closure's or audit's."""
    open_until = np.minimum(np.minimum(facts.ended(stage), facts.closed(stage)), facts.as_at)
    return pick(done < FAR, done, open_until)


def lengths(clocks: Clocks, rule: Timed, reading: Reading | None, dates: tuple[Days, Days, Days]) -> tuple[Days, Days]:
    """Days taken and days over, from the start, the due date and the day done."""
    start, due, done = dates
    stop = end_of_count(clocks.facts, done, named(rule.step).stage)
    taken = clocks.taken(rule, reading, start, done)
    over = clocks.over(rule, due, stop)
    return uncounted_where((done == FAR) | (start == FAR), taken), uncounted_where(due == FAR, over)


def latest_other_due(shown: Days, others: Iterable[tuple[Mask, Days]], facts: Facts) -> Days | None:
    """The latest due date that another reading gives, where it is later than the one shown; FAR elsewhere.

    ``others``: where each reading applies, and its due dates. None where there is no other reading.
    """
    latest = None
    for where, due in others:
        known = facts.never() if latest is None else latest
        later = where & (due < FAR) & (due > shown) & ((known == FAR) | (due > known))
        latest = pick(later, due, known)
    return latest


def difference(first: Reading, other: Reading) -> Why:
    """The reason that says in what another reading differs from the first."""
    if other.start != first.start:
        return Why.OTHER_START
    if other.within != first.within:
        return Why.OTHER_LIMIT
    return Why.OTHER_START_DAY if Begins.DAY_ONE in (first.begins, other.begins) else Why.OTHER_DAY_ZERO


# --- a step with no limit of time, or one due by another event ------------------------------------


def untimed_step(clocks: Clocks, ruling: Ruling, rule: Timed) -> RuleOutcome:
    """Judge a step with no limit of time, or one due by another event."""
    facts = clocks.facts
    start, done = facts.date(rule.start), facts.date(rule.step)
    due = _due_by(facts, rule.by) if rule.by else facts.never()
    taken, over = lengths(clocks, rule, None, (start, due, done))
    settled = settle(untimed_outcomes(facts, rule, due), onto=facts.count)
    return RuleOutcome(ruling, settled, no_marks(facts), start, due, done, taken, over)


def untimed_outcomes(facts: Facts, rule: Timed, due: Days) -> list[Outcome]:
    """The outcomes of a step with no limit, strongest first; ``due`` is the day of another event, FAR where none is."""
    stage, day = named(rule.step).stage, facts.date(rule.step)
    done, undone, ended = day < FAR, day == FAR, facts.ended(stage)
    no_start = facts.date(rule.start) == FAR
    overdue = undone & (facts.as_at > due)
    late = LATE[rule.late_verdict]
    expected = rule.unrecorded == "overdue"
    excused = Outcome(undone & (ended <= due) & (ended < FAR), Verdict.NOT_APPLICABLE, Why.EXCUSED)
    running = Outcome(undone, Verdict.RUNNING, Why.RUNNING)
    return [
        Outcome(no_start & done, Verdict.NO_EVIDENCE, Why.NO_START),
        Outcome(no_start & undone, Verdict.NOT_APPLICABLE, Why.NOT_ASKED),
        reopened_outcome(day, due, ended),
        *([excused] if expected else []),
        closed_outcome(facts, undone, stage),
        *not_done_outcomes(facts, rule.step, overdue),
        *([*overdue_outcomes(facts, overdue, ended, late), running] if expected else []),
        *_undated_event(facts, rule, done & (due == FAR)),
        Outcome(done & (day > due), late, Why.DONE_LATE),
        Outcome(done, Verdict.MET, Why.DONE),
        Outcome(undone, Verdict.NO_EVIDENCE, Why.NOT_RECORDED),
    ]


def _undated_event(facts: Facts, rule: Timed, where: Mask) -> list[Outcome]:
    """Steps done where the event they were due by has no date, yet must have been."""
    if not rule.by:
        return []
    return [Outcome(where & _follows(facts, rule.by), Verdict.NO_EVIDENCE, Why.BY_NOT_DATED)]


def _due_by(facts: Facts, event: str) -> Days:
    """The event a step must be done by; in a case that went straight to stage 2, that stage's own."""
    day = facts.date(event)
    if named(event).stage != 1:
        return day
    return pick(facts.flag("straight_to_stage2"), facts.date(_of_stage_2(event)), day)


def _follows(facts: Facts, event: str) -> Mask:
    """Cases where something later than the event a step is due by is recorded."""
    follows = facts.later(event) | facts.has_outcome(event)
    if named(event).stage != 1:
        return follows
    straight = facts.flag("straight_to_stage2")
    own = facts.later(_of_stage_2(event)) | facts.has_outcome(_of_stage_2(event))
    either: Mask = (follows & ~straight) | (own & straight)
    return either


def _of_stage_2(field: str) -> str:
    """The stage 2 field of the same name as a stage 1 field."""
    return field.replace("stage1", "stage2")


# --- notice of a meeting --------------------------------------------------------------------------


def notice(clocks: Clocks, ruling: Ruling, rule: Notice) -> RuleOutcome:
    """Judge the notice of a meeting, in working days counted back from it (contract 4.9)."""
    facts, calendar = clocks.facts, clocks.calendar
    meeting, done = facts.date(rule.start), facts.date(rule.step)
    zero = look_up(calendar.ceiling, meeting)
    latest = look_up(calendar.day_of, np.maximum(zero - rule.within.count, 0))
    due = none_where(meeting == FAR, latest)
    given = np.maximum(zero - look_up(calendar.ceiling, done), 0)
    over = clocks.over(rule, due, end_of_count(facts, done, named(rule.step).stage))
    return RuleOutcome(
        ruling,
        settle(notice_outcomes(facts, rule, due), onto=facts.count),
        no_marks(facts),
        meeting,
        due,
        done,
        taken=uncounted_where((meeting == FAR) | (done == FAR), given),
        over=uncounted_where(meeting == FAR, over),
    )


def notice_outcomes(facts: Facts, rule: Notice, due: Days) -> list[Outcome]:
    """The outcomes of a notice, strongest first; ``due`` is the last day for it."""
    meeting, done = facts.date(rule.start), facts.date(rule.step)
    ended = facts.ended(named(rule.step).stage)
    undone = done == FAR
    return [
        Outcome(meeting == FAR, Verdict.NOT_APPLICABLE, Why.NOT_ASKED),
        Outcome(undone & (ended <= due), Verdict.NOT_APPLICABLE, Why.EXCUSED),
        Outcome(undone, Verdict.NO_EVIDENCE, Why.NOT_RECORDED, Mark.NOT_RECORDED),
        reopened_outcome(done, due, ended),
        Outcome(done > due, LATE[rule.late], Why.NOTICE_SHORT),
        Outcome(~facts.none(), Verdict.MET, Why.NOTICE_GIVEN),
    ]
