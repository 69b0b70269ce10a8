"""Extensions: whether the rulebook allowed one, and whether the person was told in time.

Source: contract 5.11 (and contract 4 where named).
"""

from __future__ import annotations

from collections.abc import Iterator

from putright.calendars import FAR
from putright.calendars.daytables import none_where
from putright.engine.clocks import Clock, Clocks, UndatedStart, extension_fields
from putright.engine.facts import Facts, Mask
from putright.engine.outcomes import Outcome, RuleOutcome, Settled, no_marks, no_outcome, settle
from putright.engine.steps import LATE, difference, latest_other_due, lengths, other_end_outcomes, reopened_outcome
from putright.engine.verdicts import Mark, Verdict, Why, pack_marks
from putright.fields import named
from putright.rulebooks import Ruling
from putright.rulebooks.rules import Extension, Timed


def extension(clocks: Clocks, ruling: Ruling, rule: Extension) -> RuleOutcome:
    """Judge whether an extension was allowed, and the person told in time."""
    facts, extended = clocks.facts, _extended(clocks, rule)
    if not facts.has(*extension_fields(extended), _contents_field(extended)):
        return no_outcome(ruling, facts)
    first, *others = clocks.readings(extended)
    clock = clocks.usual(extended)
    undated = clocks.undated_start(extended, first, clock)
    shown = settle(reading_outcomes(clocks, rule, clock, undated), onto=facts.count)
    seconds = [(difference(first, reading), clocks.read(extended, reading)) for reading in others]
    notice, new = (facts.date(name) for name in extension_fields(extended))
    start, marks = clock.start, no_marks(facts)
    if undated:
        start, marks = none_where(undated.where, start), pack_marks(undated.where, Mark.START_NOT_RECORDED)
    taken, over = lengths(clocks, extended, first, (start, clock.original, notice))
    made = (notice < FAR) | (new < FAR) | facts.contents(_contents_field(extended))[1]
    return RuleOutcome(
        ruling,
        settle(combined_outcomes(clocks, rule, shown, seconds), onto=shown),
        marks,
        start,
        clock.original,
        notice,
        taken,
        over,
        other_due=latest_other_due(
            clock.original, ((second.start < FAR, second.original) for _, second in seconds), facts
        ),
    ).withdrawn(~made)  # nothing to count, as where the records have no such fields


def combined_outcomes(
    clocks: Clocks, rule: Extension, shown: Settled, seconds: list[tuple[Why, Clock]]
) -> list[Outcome]:
    """What goes before the first reading's own outcomes, strongest first.

    ``seconds``: in what each other reading differs from the first, and the clock on it.
    """
    facts, extended = clocks.facts, _extended(clocks, rule)
    clock, notice = clocks.usual(extended), facts.date(extension_fields(extended)[0])
    return [
        Outcome(notice == FAR, Verdict.NO_EVIDENCE, Why.NOTICE_UNDATED),
        Outcome(clock.start == FAR, Verdict.NO_EVIDENCE, Why.NO_START),
        reopened_outcome(notice, clock.original, facts.ended(named(extended.step).stage)),
        *_spared(clocks, rule, shown, seconds),
    ]


def _spared(clocks: Clocks, rule: Extension, shown: Settled, seconds: list[tuple[Why, Clock]]) -> Iterator[Outcome]:
    """Judge, by contract 4.1 and contract 4.6, what is wrong on the first reading and right on another."""
    late = shown.because(Why.NOTICE_LATE, Why.PAST_CAP)
    for why, clock in seconds:
        second = settle(reading_outcomes(clocks, rule, clock, None), onto=clocks.facts.count)
        yield Outcome(late & second.found(Verdict.MET) & (clock.start < FAR), Verdict.JUDGEMENT, why)


def reading_outcomes(clocks: Clocks, rule: Extension, clock: Clock, undated: UndatedStart | None) -> list[Outcome]:
    """The outcomes of an extension on one reading of the limit that it is for, strongest first."""
    facts, extended = clocks.facts, _extended(clocks, rule)
    notice, new = (facts.date(name) for name in extension_fields(extended))
    late = LATE[rule.late or extended.late_verdict]
    past = (new > clock.cap) & (new < FAR)
    beyond: list[Outcome] = []
    if rule.cap == "soft":
        arguable, unknown = arguable_beyond_cap(facts, rule, extended)
        beyond = [
            Outcome(past & unknown, Verdict.NO_EVIDENCE, Why.BEYOND_CAP_UNKNOWN),
            Outcome(past & arguable, Verdict.JUDGEMENT, Why.BEYOND_CAP),
        ]
    between: list[Outcome] = []
    if undated:  # contract 4.8: sure only where both bounds of the start say the same
        earliest = undated.earliest
        surely = (notice <= earliest.original) & ((new <= earliest.cap_so_far) | (new == FAR))
        between = [Outcome(undated.where & ~surely, Verdict.NO_EVIDENCE, Why.START_BETWEEN)]
    too_late = (notice > clock.original) & (notice < FAR)
    return [
        *other_end_outcomes(extended, clock, too_late, (notice < FAR) & ~too_late),
        Outcome(too_late, late, Why.NOTICE_LATE),
        *beyond,
        Outcome(past, late, Why.PAST_CAP),
        Outcome((new > clock.cap_so_far) & (new < FAR), Verdict.NO_EVIDENCE, Why.CAP_MOVES),
        *between,
        Outcome(~facts.none(), Verdict.MET, Why.EXTENDED),
    ]


def arguable_beyond_cap(facts: Facts, rule: Extension, extended: Timed) -> tuple[Mask, Mask]:
    """Notices that hold what a date beyond a soft cap needs, and those whose contents nobody recorded."""
    if not rule.beyond_cap:
        return ~facts.none(), facts.none()
    held, recorded = facts.contents(_contents_field(extended))
    wanted = facts.bits(rule.beyond_cap)
    return recorded & ((held & wanted) == wanted), ~recorded


def _extended(clocks: Clocks, rule: Extension) -> Timed:
    """The rule for the step that an extension is for."""
    extended = clocks.rulings[rule.extends].rule
    assert isinstance(extended, Timed)
    return extended


def _contents_field(extended: Timed) -> str:
    """The field with what the extension notice of this step held."""
    return f"stage{named(extended.step).stage}_extension_contains"
