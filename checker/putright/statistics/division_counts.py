"""Count one batch by service, team, kind, theme, channel and ward: complaints, main steps and outcomes.

Each of these fields has a cube of its own, since nobody breaks figures down by two of them at once. Cases that must not
be broken down count as not recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from putright.calendars import FAR
from putright.statistics.case_counts import OUTCOMES, asked_for_next, outcome
from putright.statistics.combinations import Combinations, Numbers
from putright.statistics.finding_counts import (
    CLASSES,
    GROUPS,
    Batch,
    classes_of,
    day_due,
)

#: The cube of each field, which is also the id of its table.
CUBES = {
    "service": "services",
    "team": "teams",
    "category": "categories",
    "theme": "themes",
    "channel": "channels",
    "ward": "wards",
}
DIMENSIONS = ("value", "rulebook", "step", "class", "received", "due")
#: The steps in these tables and by month, each with the names its rule may have.
STEPS = {
    "Stage 1 acknowledged in time": ("acknowledge-stage1",),
    "Stage 1 answered in time": ("respond-stage1", "respond-stage1-limit"),
    "Stage 2 acknowledged in time": ("acknowledge-stage2",),
    "Stage 2 answered in time": ("respond-stage2",),
}
#: What else is counted under ``step``: complaints received; stage 1 answers by outcome, and by what followed.
RECEIVED, OUTCOME, ESCALATED = "received", "stage 1 outcome", "stage 2 asked for"
_STEP_OF = {rule: step for step, rules in STEPS.items() for rule in rules}


#: The words under ``class``: nothing, the class of a finding, an outcome, and whether stage 2 was asked for.
_WORDS = ("", *CLASSES, *OUTCOMES, "no", "yes")
_CLASS = 1
_OUTCOME = _CLASS + len(CLASSES)
_ASKED = _OUTCOME + len(OUTCOMES)


@dataclass(frozen=True)
class Lot:
    """Cases that are counted under a step, each with a word and a time."""

    step: str
    case: Numbers
    word: Numbers | int
    """The index of each case's word in ``_WORDS``."""
    due: Numbers
    rulebook: str = ""


def lots(batch: Batch) -> Iterator[Lot]:
    """What is counted of a batch, whatever it is divided by."""
    yield Lot(RECEIVED, np.arange(batch.facts.count), 0, batch.time(batch.received))
    responded = batch.facts.date("stage1_responded")
    answered = np.flatnonzero(responded < FAR)
    day = batch.time(responded.take(answered))
    yield Lot(OUTCOME, answered, _OUTCOME + outcome(batch, 1).take(answered), day)
    yield Lot(ESCALATED, answered, _ASKED + asked_for_next(batch, 1).take(answered).astype(np.int64), day)
    for found in batch.audit.found.by_rule:
        step = _STEP_OF.get(found.ruling.name)
        if step is not None and found.book.is_national:
            which = found.arises
            due = batch.time(day_due(found, batch)[which])
            yield Lot(step, found.case[which], _CLASS + classes_of(found)[which], due, found.book.rulebook)


def divided(batch: Batch, lots: Sequence[Lot], values: pl.Series) -> pl.DataFrame:
    """The counts by ``values``, which has one for each case."""
    known = values.unique(maintain_order=True).to_list()
    value = values.replace_strict(known, range(len(known)), return_dtype=pl.Int64).to_numpy()
    received = batch.time(batch.received)
    counts = Combinations(
        {
            "rulebook": [lot.rulebook for lot in lots],
            "step": [lot.step for lot in lots],
            "group": GROUPS,
            "value": known,
            "class": _WORDS,
            "received": batch.times,
            "due": batch.times,
        }
    )
    for place, lot in enumerate(lots):
        counts.add(
            rulebook=place,
            step=place,
            group=batch.groups.take(lot.case),
            value=value.take(lot.case),
            received=received.take(lot.case),
            due=lot.due,
            **{"class": lot.word},
        )
    return counts.frame()
