"""Count one batch by service, team, kind, theme, channel and ward: complaints, main steps and outcomes.

Each of these fields has a cube of its own, since nobody breaks figures down by two of them at once. Cases that must not
be broken down count as not recorded.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from putright.calendars import FAR
from putright.statistics.case_counts import asked_for_next, outcome
from putright.statistics.cubes import COUNT
from putright.statistics.finding_counts import (
    CLASSES,
    GROUPS,
    Batch,
    Numbers,
    classes_of,
    day_due,
    named,
    time_names,
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
_ASKED = ("no", "yes")
_STEP_OF = {rule: step for step, rules in STEPS.items() for rule in rules}


def divisions(batch: Batch, values: pl.Series) -> Iterator[pl.DataFrame]:
    """The counts by ``values``, which has one for each case."""
    known = values.unique(maintain_order=True).to_list()
    place = values.replace_strict(known, range(len(known)), return_dtype=pl.Int64).to_numpy()
    every = np.arange(batch.facts.count)
    received = batch.time(batch.received)

    def frame(case: Numbers, step: str, classes: pl.Series | str, due: Numbers, rulebook: str = "") -> pl.DataFrame:
        found = pl.DataFrame(
            {
                "group": named(GROUPS, batch.groups.take(case)),
                "value": named(known, place.take(case)),
                "received": time_names(received.take(case)),
                "due": time_names(due),
            }
        ).with_columns(pl.lit(classes).alias("class") if isinstance(classes, str) else classes.alias("class"))
        found = found.group_by(found.columns).agg(pl.len().alias(COUNT))
        return found.with_columns(step=pl.lit(step), rulebook=pl.lit(rulebook))

    yield frame(every, RECEIVED, "", received)
    responded = batch.facts.date("stage1_responded")
    answered = np.flatnonzero(responded < FAR)
    if len(answered):
        day = batch.time(responded.take(answered))
        yield frame(answered, OUTCOME, outcome(batch, 1).gather(answered), day)
        asked = asked_for_next(batch, 1).take(answered).astype(np.int64)
        yield frame(answered, ESCALATED, named(_ASKED, asked), day)
    for found in batch.audit.found.by_rule:
        step = _STEP_OF.get(found.ruling.name)
        if step is None or not found.book.is_national:
            continue
        which = np.flatnonzero(found.arises)
        if len(which):
            classes = named(CLASSES, classes_of(found).take(which))
            due = batch.time(day_due(found, batch)).take(which)
            yield frame(found.case.take(which), step, classes, due, found.book.rulebook)
