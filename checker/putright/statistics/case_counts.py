"""Count the events of one batch's cases: complaints, answers, letters, remedies and the whole path.

Each function gives frames for the cube of its name in ``counts``; ``finding_counts`` counts the findings.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from putright import fields
from putright.calendars import FAR
from putright.calendars.daytables import Days, day_tables, pick
from putright.engine.codes import RuleFindings
from putright.engine.facts import Mask
from putright.engine.verdicts import OUTSIDE_EDITION, Verdict
from putright.fields import Act, LetterKind
from putright.rulebooks.limits import Unit
from putright.rulebooks.rules import Contents, Timed
from putright.statistics.combinations import Numbers, named
from putright.statistics.cubes import COUNT
from putright.statistics.finding_counts import GROUPS, Batch

#: The outcome of a complaint received.
STATES = ("accepted", "refused", "straight to stage 2", "settled informally")


def cases(batch: Batch) -> Iterator[pl.DataFrame]:
    """The complaints by time of receipt, and whether they were accepted."""
    facts = batch.facts
    begun = facts.stage_begun(1) | facts.stage_begun(2)
    informal = (facts.date("informal_resolved") < FAR) & ~begun
    state = np.select([facts.date("refused") < FAR, facts.flag("straight_to_stage2"), informal], [1, 2, 3], 0)
    yield batch.frame(
        np.ones(facts.count, dtype=np.bool_),
        time=batch.time_name(batch.received),
        state=named(STATES, state),
    )


FAULT = ("upheld", "partly_upheld")
NOT_RECORDED = "not recorded"
_RANKED = {"not_upheld": 1, "no_finding": 1, "partly_upheld": 2, "upheld": 3}


#: The outcomes at a stage.
OUTCOMES = (NOT_RECORDED, *fields.OUTCOMES)


def outcome(batch: Batch, stage: int) -> Numbers:
    """Each case's outcome at a stage, as its index in ``OUTCOMES``."""
    code = np.zeros(batch.facts.count, dtype=np.int64)
    for place, outcome in enumerate(fields.OUTCOMES, start=1):
        code[batch.facts.outcome(stage, [outcome])] = place
    return code


#: How good each of them is for the person; 0 if that is not known.
_RANK = np.array([_RANKED.get(name, 0) for name in OUTCOMES])


def answers(batch: Batch) -> Iterator[pl.DataFrame]:
    """The answers by stage, month of answer, outcome, what followed, and whether stage 2 changed stage 1's."""
    facts = batch.facts
    responded = {n: facts.date(f"stage{n}_responded") for n in fields.STAGES}
    learning = np.where(facts.date("learning_recorded") < FAR, "recorded", NOT_RECORDED)
    letters = _final_letters(batch)
    for n in fields.STAGES:
        later = [responded[m] < FAR for m in fields.STAGES if m > n]
        last = np.where(np.logical_or.reduce(later, initial=False) if later else False, "no", "yes")
        yield batch.frame(
            responded[n] < FAR,
            stage=str(n),
            time=batch.time_name(responded[n] * (responded[n] < FAR)),
            outcome=named(OUTCOMES, outcome(batch, n)),
            next=_next(batch, n),
            change=_change(batch) if n == 2 else "",
            learning=pl.Series(learning),
            last=pl.Series(np.broadcast_to(last, facts.count)),
            ombudsman=letters.get(n, ""),
        )


def asked_for_next(batch: Batch, stage: int) -> Mask:
    """The cases in which the next stage was asked for; one that goes straight to stage 2 has not asked for it."""
    asked = batch.facts.begin(stage + 1) < FAR
    return asked & ~batch.facts.flag("straight_to_stage2") if stage == 1 else asked


def _next(batch: Batch, stage: int) -> pl.Series | str:
    """Whether the next stage was asked for, and whether that was refused."""
    if stage == fields.STAGES[-1]:
        return "no"
    asked = asked_for_next(batch, stage)
    refused = batch.facts.date(f"stage{stage + 1}_request_refused") < FAR
    return named(("no", "asked", "refused"), np.where(asked, np.where(refused, 2, 1), 0))


def _change(batch: Batch) -> pl.Series:
    """Whether stage 2's outcome is better for the person than stage 1's."""
    first, second = (_RANK.take(outcome(batch, n)) for n in (1, 2))
    known = (first > 0) & (second > 0)
    return named((NOT_RECORDED, "not better", "better"), np.where(known, 1 + (second > first), 0))


LETTER = ("", "held", "lacked", NOT_RECORDED)


def _ombudsman(found: RuleFindings, words: tuple[str, ...]) -> Numbers | None:
    """Whether each letter named the Ombudsman, as an index in ``LETTER``; None if the rule does not require it."""
    asks = any(
        isinstance(part.rule, Contents) and "ombudsman" in part.rule.holds and not (part.rule.when or part.rule.unless)
        for part in found.ruling.parts
    )
    if not asks or not found.book.is_national:
        return None
    verdict, outside = found.verdict, found.marks & OUTSIDE_EDITION > 0
    bit = np.uint64(1 << words.index("ombudsman"))
    missing = np.zeros(len(verdict), dtype=np.bool_) if found.missing is None else (found.missing & bit) > 0
    state = np.where(missing, 2, np.where(verdict == Verdict.NO_EVIDENCE, 3, 1))
    return np.where(outside | (verdict == Verdict.NOT_APPLICABLE), 0, state).astype(np.int64)


def _final_letters(batch: Batch) -> dict[int, pl.Series]:
    """For each stage whose answer must name the Ombudsman, whether it did."""
    states: dict[int, Numbers] = {}
    for found in batch.audit.found.by_rule:
        letter = found.ruling.letter
        if letter is None or letter.stage is None or letter.kind is not LetterKind.RESPONSE:
            continue
        if (state := _ombudsman(found, batch.audit.words)) is not None:
            array = states.setdefault(letter.stage, np.zeros(batch.facts.count, dtype=np.int64))
            array[found.case] = state
    return {stage: named(LETTER, state) for stage, state in states.items()}


def letters(batch: Batch) -> Iterator[pl.DataFrame]:
    """Refusals and extension notices that must name the Ombudsman, by the month they were sent."""
    for found in batch.audit.found.by_rule:
        kind = found.ruling.letter.kind if found.ruling.letter else None
        if kind not in (LetterKind.REFUSAL, LetterKind.EXTENSION):
            continue
        if (state := _ombudsman(found, batch.audit.words)) is not None:
            sent = pick(found.done < FAR, found.done, batch.received.take(found.case))
            frame = pl.DataFrame(
                {
                    "group": named(GROUPS, batch.groups.take(found.case)),
                    "time": batch.time_name(sent),
                    "state": named(LETTER, state),
                }
            ).filter(pl.col("state") != "")
            yield frame.group_by(frame.columns).agg(pl.len().alias(COUNT)).with_columns(letter=pl.lit(str(kind)))


REMEDY = ("in time", "late", "not done", "no promised date")


def remedies(batch: Batch) -> Iterator[pl.DataFrame]:
    """Remedies by the month they were promised for, or offered in if no date was promised."""
    facts = batch.facts
    offered, due, done = (facts.date(f"remedy_{name}") for name in ("offered", "due", "completed"))
    promised = due < FAR
    up = (due < facts.as_at) | ((due == facts.as_at) & (done <= due))
    state = np.select([~promised, done <= due, done < FAR], [3, 0, 1], 2)
    day = pick(promised, due, offered)
    which = np.where(promised, up, offered < FAR)
    time = batch.time_name(day * which)
    yield batch.frame(which, time=time, state=named(REMEDY, state))


def amounts(batch: Batch) -> Iterator[pl.DataFrame]:
    """What was paid, by the month the remedy was completed, failing that offered, failing that of receipt."""
    if "remedy_amount" not in batch.audit.cases.columns:
        return
    facts = batch.facts
    offered, done = facts.date("remedy_offered"), facts.date("remedy_completed")
    day = pick(done < FAR, done, pick(offered < FAR, offered, batch.received))
    pence = batch.audit.cases["remedy_amount"].cast(pl.String)
    yield batch.frame(facts.amount("remedy_amount"), time=batch.time_name(day), pence=pence)


# --- working days ---------------------------------------------------------------------------------


def durations(batch: Batch) -> Iterator[pl.DataFrame]:
    """Working days from the beginning of each stage to its answer, and working days late, by the month answered."""
    facts, calendar = batch.facts, day_tables(batch.audit.calendar)
    for n in fields.STAGES:
        begun, responded = facts.begin(n), facts.date(f"stage{n}_responded")
        which = (begun < FAR) & (responded < FAR)
        days = np.maximum(calendar.floor.take(responded) - calendar.ceiling.take(begun), 0)
        time = batch.time_name(responded * (responded < FAR))
        yield batch.frame(which, time=time, measure=f"stage {n}", days=_text(days))
    for found in _nationally_in_working_days(batch):
        which, (over, day) = _of_cases(facts.count, found, found.over > 0, found.over, found.done)
        time = batch.time_name(day)
        yield batch.frame(which, time=time, measure=f"late at stage {found.ruling.stage}", days=_text(over))


# --- the whole path -------------------------------------------------------------------------------


def paths(batch: Batch) -> Iterator[pl.DataFrame]:
    """Working days from receipt to each stage's answer, and those that the national clock counts."""
    facts, calendar = batch.facts, day_tables(batch.audit.calendar)
    received = batch.time_name(batch.received)
    for n in fields.STAGES:
        responded = facts.date(f"stage{n}_responded")
        answered = responded < FAR
        days = np.maximum(calendar.floor.take(responded) - calendar.ceiling.take(batch.received), 0)
        yield batch.frame(answered, time=received, path=f"receipt to stage {n} answer", days=_text(days))
    for found in _nationally_in_working_days(batch):
        which, (taken,) = _of_cases(facts.count, found, found.taken >= 0, found.taken)
        path = f"stage {found.ruling.stage} as its rule counts"
        yield batch.frame(which, time=received, path=path, days=_text(taken))


def _nationally_in_working_days(batch: Batch) -> Iterator[RuleFindings]:
    """The findings on responses for which a national rulebook sets a time in working days."""
    for found in batch.audit.found.by_rule:
        rule = found.ruling.rule
        if not (found.book.is_national and isinstance(rule, Timed) and rule.entry.act is Act.RESPOND):
            continue
        if rule.within is not None and rule.within.unit is Unit.WORKING_DAYS:
            yield found


def _of_cases(count: int, found: RuleFindings, which: Mask, *numbers: Days) -> tuple[Mask, list[Days]]:
    """Findings of steps done as of all cases: which cases have one that fits, and its numbers, 0 for the others."""
    chosen = which & (found.done < FAR) & found.arises
    places = found.case[chosen]
    has = np.zeros(count, dtype=np.bool_)
    has[places] = True
    spread = [np.zeros(count, dtype=np.int32) for _ in numbers]
    for of_all, each in zip(spread, numbers, strict=True):
        of_all[places] = each[chosen]
    return has, spread


def _text(numbers: Days) -> pl.Series:
    return pl.Series(numbers).cast(pl.String)
