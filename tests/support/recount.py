"""The published figures counted again, from the definitions in docs/measures.md alone.

It reads the rows as they were made and the findings as `putright audit` writes them, with polars, numpy and holidays.
Nothing of putright's own counting is used.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import median_low
from typing import Any

import holidays
import numpy as np
import polars as pl

GROUPS = {
    "corporate": "corporate",
    "housing": "housing landlord",
    "children": "children's social care",
    "adults": "adult social care",
    "public-health": "public health",
}
STEPS = {
    "Stage 1 acknowledged in time": ["acknowledge-stage1"],
    "Stage 1 answered in time": ["respond-stage1", "respond-stage1-limit"],
    "Stage 2 acknowledged in time": ["acknowledge-stage2"],
    "Stage 2 answered in time": ["respond-stage2"],
}
FAULT = ["upheld", "partly_upheld"]
_OFF = np.array(sorted(holidays.country_holidays("GB", subdiv="ENG", years=range(2023, 2028))), dtype="datetime64[D]")
_EVENTS_WITH = {"remedy_offered": ["remedy_amount"]} | {f"stage{n}_responded": [f"stage{n}_outcome"] for n in (1, 2, 3)}
Share = tuple[int, int]


class Recount:
    """Figures of cases received in a period, as they stood at the end of the audit date."""

    def __init__(
        self, rows: Sequence[Mapping[str, Any]], findings: pl.DataFrame, as_at: dt.date, start: dt.date, end: dt.date
    ) -> None:
        self.as_at, self.start, self.end = as_at, start, end
        self.cases = _as_at(pl.DataFrame(list(rows), infer_schema_length=None), as_at)
        outside = pl.any_horizontal(pl.col("marks").list.contains(mark) for mark in ("before_edition", "after_edition"))
        group = self.cases.select(
            "reference", "group", "received", "cse", *(f for f in FIELDS if f in self.cases.columns)
        )
        self.findings = findings.filter(~outside).join(group, on="reference")

    # --- what is asked ----------------------------------------------------------------------------

    def complaints(self, group: str, *where: pl.Expr, start: dt.date | None = None, end: dt.date | None = None) -> int:
        received = pl.col("received").is_between(start or self.start, end or self.end)
        return self._of(group, received, *where).height

    def _of(self, group: str, *where: pl.Expr) -> pl.DataFrame:
        return self.cases.filter(pl.col("group") == group, *where)

    def in_time(
        self, group: str, step: str, *where: pl.Expr, day: str = "received", start: dt.date, end: dt.date
    ) -> Share:
        """Met by the national rulebook, of all that were due."""
        found = self.findings.filter(
            pl.col("group") == group,
            pl.col("rulebook").is_in(list(_NATIONAL_BOOKS)),
            pl.col("rule").is_in(STEPS[step]),
            pl.col("verdict").is_in(["met", "breach", "judgement", "no_evidence"]),
            pl.coalesce("due", "done", "received").alias("due").is_between(start, min(end, self.as_at))
            if day == "due"
            else pl.col("received").is_between(start, end),
            *where,
        )
        return found.filter(pl.col("verdict") == "met").height, found.height

    def answers(self, group: str, stage: int, *where: pl.Expr, day: str, start: dt.date, end: dt.date) -> pl.DataFrame:
        return self._of(
            group,
            pl.col(f"stage{stage}_responded").is_not_null(),
            pl.col(day).is_between(start, min(end, self.as_at)),
            *where,
        )

    def escalated(self, answers: pl.DataFrame) -> int:
        """Those of which any step of stage 2 is recorded; cases that go straight there are not escalated."""
        steps = [pl.col(name).is_not_null() for name in _STAGE_2 if name in answers.columns]
        return answers.filter(pl.any_horizontal(steps) & ~pl.col("straight")).height

    def better(self, answers: pl.DataFrame) -> int:
        rank = {"not_upheld": 1, "no_finding": 1, "partly_upheld": 2, "upheld": 3}
        first, second = (pl.col(f"stage{n}_outcome").replace_strict(rank, default=None) for n in (1, 2))
        return answers.filter(second > first).height

    def days(self, group: str, stage: int, start: dt.date, end: dt.date) -> list[int]:
        """Working days from the beginning of a stage to its response."""
        answered = self.answers(group, stage, day=f"stage{stage}_responded", start=start, end=end)
        steps = [name for name in answered.columns if name.startswith(f"stage{stage}_") and not name.endswith("_to")]
        steps = [name for name in steps if answered.schema[name] == pl.Date]
        straight = pl.when(pl.col("straight") & (stage == 2)).then(pl.col("received"))
        first = answered.select(pl.coalesce(f"stage{stage}_requested", straight, pl.min_horizontal(steps))).to_series()
        begun = answered["received"] if stage == 1 else first
        pairs = zip(begun, answered[f"stage{stage}_responded"], strict=True)
        return [_working_days(first, last) for first, last in pairs if first is not None]

    def paid(self, group: str, start: dt.date, end: dt.date) -> list[int]:
        """The amounts paid, in pence."""
        day = pl.coalesce("remedy_completed", "remedy_offered", "received")
        return self._of(group, pl.col("remedy_amount").is_not_null(), day.is_between(start, min(end, self.as_at)))[
            "remedy_amount"
        ].to_list()

    def rule(self, group: str, rulebook: str, clause: str, step: str) -> dict[str, int]:
        """A rule's findings by class."""
        found = self.findings.filter(
            pl.col("group") == group,
            pl.col("rulebook") == rulebook,
            pl.col("clause") == clause,
            pl.col("rule") == step,
            pl.col("received").is_between(self.start, self.end),
        )
        breach = pl.col("verdict") == "breach"
        unrecorded = pl.col("marks").list.contains("not_recorded")
        letter = pl.col("kind").is_in(["contents", "independence"])
        classes = {
            "Met": pl.col("verdict") == "met",
            "Late": breach & ~unrecorded & ~letter,
            "Lacking": breach & ~unrecorded & letter,
            "Not recorded": breach & unrecorded,
            "Not due yet": pl.col("verdict") == "running",
            "No evidence": pl.col("verdict") == "no_evidence",
            "For judgement": pl.col("verdict") == "judgement",
        }
        counts = {name: found.filter(which).height for name, which in classes.items()}
        return {"Due": sum(counts.values()) - counts["Not due yet"], **counts}


_STAGE_2 = [
    f"stage2_{name}"
    for name in ("requested", "request_refused", "acknowledged", "department_notified", "statement_agreed")
] + ["stage2_extension_notified", "stage2_responded"]
FIELDS = ("service", "team", "category", "theme", "channel", "ward")
_NATIONAL_BOOKS = ("lgsco", "housing", "children-2006", "adults-2009", "public-health-2012")


def _as_at(rows: pl.DataFrame, as_at: dt.date) -> pl.DataFrame:
    """The rows with what is dated after the audit date left out, and what figures need of each."""
    for name in [name for name in rows.columns if rows.schema[name] == pl.Date and name not in ("remedy_due",)]:
        if name.endswith("_extended_to"):
            continue
        to_come = (pl.col(name) > as_at).fill_null(False)
        gone = [each for each in _EVENTS_WITH.get(name, ()) if each in rows.columns]
        rows = rows.with_columns(pl.when(~to_come).then(pl.col(each)).alias(each) for each in (*gone, name))
    missing = [f"stage{n}_{part}" for n in (1, 2, 3) for part in ("requested", "responded", "outcome")]
    missing += ["remedy_offered", "remedy_completed", "refused", "informal_resolved", "learning_recorded"]
    rows = rows.with_columns(pl.lit(None, pl.Date).alias(name) for name in missing if name not in rows.columns)
    if "remedy_amount" not in rows.columns:
        rows = rows.with_columns(pl.lit(None, pl.Int64).alias("remedy_amount"))
    flags = pl.col("flags").list if "flags" in rows.columns else None

    def has(flag: str) -> pl.Expr:
        return flags.contains(flag).fill_null(False) if flags is not None else pl.lit(False)

    group = pl.col("procedure").replace_strict(GROUPS, default="other procedures")
    landlord = (pl.col("procedure") == "corporate") & has("landlord")
    return rows.with_columns(
        pl.when(landlord).then(pl.lit("housing landlord")).otherwise(group).alias("group"),
        has("straight_to_stage2").alias("straight"),
        has("cse").alias("cse"),
        pl.col("remedy_amount") * 100,
    )


def _working_days(first: dt.date, last: dt.date) -> int:
    """Working days after day zero up to the last; a day zero that is none is the next one."""
    zero = np.busday_offset(np.datetime64(first), 0, roll="forward", holidays=_OFF)
    end = np.busday_offset(np.datetime64(last), 0, roll="backward", holidays=_OFF)
    return max(0, int(np.busday_count(zero, end, holidays=_OFF)))


def mean(numbers: Sequence[int]) -> Decimal | None:
    return Decimal(sum(numbers)) / len(numbers) if numbers else None


def middle(numbers: Sequence[int]) -> int | None:
    return median_low(list(numbers)) if numbers else None
