"""The complainant's own time limits: never the council's breach.

Source: contract 5.15 (and contract 4 where named).
"""

from __future__ import annotations

from putright.calendars import FAR
from putright.engine.clocks import Clock, Clocks, Reading
from putright.engine.outcomes import Outcome, RuleOutcome, no_marks, settle
from putright.engine.steps import difference, latest_other_due, lengths, other_end_outcomes
from putright.engine.verdicts import Verdict, Why
from putright.rulebooks import Ruling
from putright.rulebooks.rules import Timed


def window(clocks: Clocks, ruling: Ruling, rule: Timed) -> RuleOutcome:
    """Judge whether the complainant kept to a time limit of their own."""
    facts = clocks.facts
    first, *others = ((reading, _clock(clocks, rule, reading)) for reading in clocks.readings(rule))
    reading, clock = first
    done = facts.date(rule.step)
    taken, over = lengths(clocks, rule, reading, (clock.start, clock.due, done))
    return RuleOutcome(
        ruling,
        settle(window_outcomes(clocks, rule, first, others), onto=facts.count),
        no_marks(facts),
        clock.start,
        clock.due,
        done,
        taken,
        over,
        other_due=latest_other_due(clock.due, ((other.start < FAR, other.due) for _, other in others), facts),
    )


def _clock(clocks: Clocks, rule: Timed, reading: Reading) -> Clock:
    return clocks.clock(rule, clocks.start(rule, reading), reading)


def window_outcomes(
    clocks: Clocks, rule: Timed, first: tuple[Reading, Clock], others: list[tuple[Reading, Clock]]
) -> list[Outcome]:
    """The outcomes of a window, strongest first, from each reading of its limit and the clock on it."""
    facts, (reading, clock) = clocks.facts, first
    done = facts.date(rule.step)
    undone = done == FAR
    outside = ~undone & (done > clock.due)
    inside = [
        Outcome(outside & (done <= other.due) & (other.start < FAR), Verdict.JUDGEMENT, difference(reading, second))
        for second, other in reversed(others)
    ]
    unsure: list[Outcome] = []
    if rule.rule == "complain-in-time" and rule.start == "matter_known":
        unknown = ~undone & (facts.date("matter_known") == FAR)
        unsure = [
            Outcome(unknown & outside, Verdict.NO_EVIDENCE, Why.OUTSIDE_WINDOW_UNSURE),
            Outcome(unknown & ~outside, Verdict.MET, Why.MATTER_IN_TIME),
        ]
    return [
        Outcome(undone & facts.later(rule.step), Verdict.NO_EVIDENCE, Why.NOT_REQUESTED),
        Outcome(undone, Verdict.NOT_APPLICABLE, Why.NOT_ASKED),
        Outcome(clock.start == FAR, Verdict.NO_EVIDENCE, Why.NO_START),
        *unsure,
        *other_end_outcomes(rule, clock, outside, ~undone & ~outside),
        *inside,
        Outcome(outside, Verdict.JUDGEMENT, Why.OUTSIDE_WINDOW),
        Outcome(~undone, Verdict.MET, Why.DONE_IN_TIME),
    ]
