"""Random case records, and the way from a case as Python values to the checker's records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from random import Random
from typing import Any

import holidays
import polars as pl
from hypothesis import strategies as st
from putright import fields
from putright.fields import FIELDS, Type
from putright.files.tables import ROW, ROW_ERROR, Table
from putright.records.caserecords import Records, make_records

#: Round about the limits of real procedures, and a good way past them.
_GAPS = ((-3, 8), (8, 20), (20, 45), (45, 130), (130, 420))
_FIRST, _LAST = dt.date(2024, 1, 1), dt.date(2027, 6, 30)
_HARD = (
    dt.date(2024, 2, 29),
    dt.date(2026, 12, 18),  # before Christmas
    dt.date(2025, 12, 24),  # a closure day of the council made up for the tests
    dt.date(2026, 8, 31),  # a bank holiday
    dt.date(2025, 4, 18),  # Good Friday
    dt.date(2025, 4, 19),
    dt.date(2025, 8, 30),
)
#: Fields that a council made up for the tests has of its own; files have them for every council.
OWN = {
    "early_offered": fields.own_field("early_offered", Type.DATE, "early resolution offered", "received"),
    "early_ended": fields.own_field("early_ended", Type.DATE, "early resolution ended", "early_offered"),
    "stage1_called": fields.own_field("stage1_called", Type.DATE, "the person was called", "stage1_acknowledged"),
    "stage2_visited": fields.own_field("stage2_visited", Type.DATE, "the person was visited", "stage2_responded"),
    "urgent": fields.own_field("urgent", Type.BOOLEAN, "somebody is at risk"),
}
_WORDS = sorted(fields.CONTENTS)
_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG", years=range(2023, 2031))
#: The fields every file keeps, without which nothing can be judged.
_NEEDED = ("reference", "council", "procedure", "received")
_STEPS = tuple(step for stage in fields.STAGES for step in fields.steps(stage))


def cases() -> st.SearchStrategy[dict[str, Any]]:
    """A case with dates in a likely order, now and then missing or out of it; any other field at whim.

    Made of one drawn number: to draw each of its hundred and fifty choices takes longer than to judge the case.
    """
    return st.integers(0, 2**24 - 1).map(lambda seed: _case(Random(seed)))


def _case(chance: Random) -> dict[str, Any]:
    day = _on_days(chance, _base(chance))
    case: dict[str, Any] = {"received": day}
    sparse = chance.choice([0.25, 0.5, 0.8])

    def maybe() -> bool:
        return chance.random() < sparse

    def coin() -> bool:
        return chance.random() < 0.5

    def near(day: dt.date, least: int, most: int) -> dt.date:
        return day + dt.timedelta(chance.randint(least, most))

    for name in ("triaged", "informal_offered", "informal_referred", "informal_resolved", "consent_received"):
        if maybe():
            case[name] = _on_days(chance, near(day, -1, 9))
    for name in ("matter_occurred", "matter_known"):
        if maybe():
            case[name] = day - dt.timedelta(chance.randint(*chance.choice([(0, 30), (355, 375)])))
    last_stage = chance.choice([1, 1, 2, 2, 3])
    current = day
    for stage in range(1, last_stage + 1):
        for name in fields.steps(stage):
            rare = name.endswith(("request_refused", "extension_notified", "panel_invited"))
            if maybe() and (not rare or coin()):
                wide = name.endswith(("responded", "requested", "met", "notified"))
                step = _on_days(chance, near(current, *(chance.choice(_GAPS) if wide else (0, 9))))
                case[name] = step
                if not rare and coin():
                    current = max(current, step)
        if coin() and (f"stage{stage}_extension_notified" in case or chance.randint(0, 3) == 0):
            case[f"stage{stage}_extended_to"] = near(current, -10, 90)
        if chance.randint(0, 3) == 0:
            case[f"stage{stage}_holds"] = _holds(chance, current)
        # An outcome goes with a response, as a rule; now and then it is all there is of one.
        if chance.randint(0, 9) < (7 if f"stage{stage}_responded" in case else 1):
            case[f"stage{stage}_outcome"] = chance.choice(fields.OUTCOMES)
        case[f"stage{stage}_handler"] = chance.choice([None, "Officer 1", "officer 1", "Officer 2"])
    for name, odds in (("refused", 5), ("withdrawn", 5), ("closed", 3), ("stage2_request_refused", 5)):
        if chance.randint(0, odds) == 0:
            case[name] = near(day, *chance.choice([(0, 30), (30, 200)]))
    for name in ("withdrawal_acknowledged", "remedy_offered", "remedy_completed", "action_plan_agreed", "resubmitted"):
        if chance.randint(0, 3) == 0:
            case[name] = _on_days(chance, near(current, -20, 60))
    if "remedy_offered" in case and coin():
        case["remedy_due"] = near(case["remedy_offered"], -2, 60)
    if chance.randint(0, 5) == 0:
        case["proceedings_ended"] = near(current, -400, -300)
    for name, own in OWN.items():
        if maybe():
            case[name] = coin() if own.type is Type.BOOLEAN else _on_days(chance, near(day, -1, 12))
    for name in ("representative", "action_plan_due"):
        case[name] = chance.choice([None, True, False])
    case["flags"] = chance.sample(["straight_to_stage2", "cse", "contractor"], chance.randint(0, 2))
    for name, spec in FIELDS.items():
        if spec.type is Type.CONTENTS and coin():
            case[name] = set(chance.sample(_WORDS, chance.randint(0, len(_WORDS))))
    return {name: value for name, value in case.items() if value is not None and value != []}


def _base(chance: Random) -> dt.date:
    """When a case was received: any day of some years, or as often one that is hard to count from."""
    if chance.random() < 0.5:
        return chance.choice(_HARD)
    return _FIRST + dt.timedelta(chance.randint(0, (_LAST - _FIRST).days))


def _on_days(chance: Random, day: dt.date) -> dt.date:
    """This day, and one time in five the next weekend day or bank holiday instead."""
    if chance.randint(0, 4) == 0:
        while day.weekday() < 5 and day not in _HOLIDAYS:
            day += dt.timedelta(1)
    return day


def kept_fields() -> st.SearchStrategy[frozenset[str] | None]:
    """The fields that a whole file keeps: all of them (None), all but some steps, or all but some of any kind."""
    steps = st.sets(st.sampled_from([*_STEPS, "consent_received", "remedy_completed", "triaged"]), max_size=3)
    every = (*FIELDS, *OWN)
    others = st.sets(st.sampled_from([name for name in every if name not in _NEEDED]), max_size=12)
    return st.one_of(st.none(), st.one_of(steps, others).map(lambda dropped: frozenset(every) - dropped))


def _holds(chance: Random, current: dt.date) -> list[tuple[dt.date, dt.date | None]]:
    holds: list[tuple[dt.date, dt.date | None]] = []
    for _ in range(chance.randint(1, 3)):
        begin = current + dt.timedelta(chance.randint(-5, 40))
        holds.append((begin, None if chance.randint(0, 4) == 0 else begin + dt.timedelta(chance.randint(0, 30))))
    return holds


def as_text(case: dict[str, Any]) -> dict[str, str]:
    """A case as a record's text, the way a file holds it."""
    return {name: _text(value) for name, value in case.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, set):
        return ";".join(sorted(value)) or "none"
    if isinstance(value, list):
        return ";".join(item if isinstance(item, str) else _interval(*item) for item in value)
    return str(value)


def _interval(begin: dt.date, end: dt.date | None) -> str:
    return f"{begin.isoformat()}/{end.isoformat() if end else '..'}"


def as_records(
    rows: list[dict[str, Any]],
    councils: tuple[str, ...] = (),
    council: str | None = None,
    procedure: str = "corporate",
    kept: frozenset[str] | None = None,
    own: Mapping[str, fields.Own] | None = None,
) -> Records:
    """Records of these cases, numbered from 1 where they have no reference.

    The file has a column for every field that it keeps (``kept``; None: all), blank where no case has it, and none
    for the others.
    """
    texts = [
        {"reference": str(place), "procedure": procedure} | as_text(case) for place, case in enumerate(rows, start=1)
    ]
    names = [name for name in (*FIELDS, *OWN) if kept is None or name in kept or name in _NEEDED]
    names += dict.fromkeys(name for text in texts for name in text if name not in FIELDS and name not in OWN)
    data = {name: pl.Series([text.get(name) for text in texts], dtype=pl.String) for name in names}
    frame = pl.DataFrame(
        {ROW: range(1, len(texts) + 1), ROW_ERROR: pl.Series([None] * len(texts), dtype=pl.String), **data}
    )
    return make_records(Table(frame, day_first=False), fields.Vocabulary(councils, fields=own or {}), council)
