"""Every kind of figure of three councils, counted a second time from the definitions alone (``support/recount.py``)."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl
import putright
import pytest
import recount
from putright.fields import RULES
from putright.statistics.supplied import Supplied
from putright.synthetic import sample
from recount import FAULT, FIELDS, STEPS, Recount

AS_AT = dt.date(2026, 5, 31)
START, END = dt.date(2025, 4, 1), dt.date(2026, 3, 31)
OTHER = "Other, or not recorded"
#: Columns of the measures, each with its first and last day.
QUARTERS = {
    "January to March 2025": (dt.date(2025, 1, 1), dt.date(2025, 3, 31)),
    "April to June 2025": (dt.date(2025, 4, 1), dt.date(2025, 6, 30)),
    "July to September 2025": (dt.date(2025, 7, 1), dt.date(2025, 9, 30)),
    "October to December 2025": (dt.date(2025, 10, 1), dt.date(2025, 12, 31)),
    "January to March 2026": (dt.date(2026, 1, 1), dt.date(2026, 3, 31)),
    "2025/26": (START, END),
    "2024/25": (dt.date(2024, 4, 1), dt.date(2025, 3, 31)),
}
HOMES: dict[str, Any] = {"homes": 17_900, "source": "housing register", "year": "2025"}
COUNCILS = ("coventry", "runnymede", "telford-wrekin")


class Both:
    """A council's figures as published with nothing withheld, and the same counted again."""

    def __init__(self, council: str) -> None:
        host = putright.load()
        rows = sample.sample(host, council, 240, 5, year_ending=dt.date(2026, 5, 15))
        records = putright.Records.from_dicts(rows, host, council)
        assert not records.rejected.height
        period = putright.audit(records, host, as_at=AS_AT, start=START, end=END)
        data = period.figures(council=council, threshold=1, supplied=Supplied.model_validate({"landlord": HOMES}))
        self.tables = {table["id"]: table for table in data["tables"]}
        everything = putright.audit(records, host, as_at=AS_AT).findings
        self.again = Recount(rows, everything, AS_AT, START, END)
        self.groups = [row[1] for row in self.tables["months"]["rows"] if row[0] == "All"]

    def rows(self, id: str) -> list[dict[str, Any]]:
        table = self.tables[id]
        headings = [column["heading"] for column in table["columns"]]
        return [dict(zip(headings, row, strict=True)) for row in table["rows"]]


@pytest.fixture(scope="module", params=COUNCILS)
def both(request: pytest.FixtureRequest) -> Both:
    return Both(request.param)


def share(cell: Any) -> tuple[int, int] | None:
    return None if cell is None else (cell["count"], cell["base"])


def same(cell: Any, counted: tuple[int, int]) -> bool:
    """Whether a share is as counted; there is none of nobody."""
    return share(cell) == (counted if counted[1] else None)


def rounded(number: Decimal | None, places: str) -> str | None:
    if number is None:
        return None
    return f"{number.quantize(Decimal(places), ROUND_HALF_UP):,}"


def test_by_month(both: Both) -> None:
    for row in both.rows("months"):
        first = START if row["Month"] == "All" else dt.datetime.strptime(row["Month"], "%B %Y").date()
        last = END if row["Month"] == "All" else (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        group = row["Procedure"]
        assert row["Complaints"] == both.again.complaints(group, start=first, end=last)
        for step in STEPS:
            assert row[step] is None or same(row[step], both.again.in_time(group, step, start=first, end=last)), row


@pytest.mark.parametrize("field", [field for field in FIELDS if field != "team"])
def test_by_each_part_of_the_council(both: Both, field: str) -> None:
    names = {"service": "services", "category": "categories", "theme": "themes", "channel": "channels", "ward": "wards"}
    rows = both.rows(names[field])
    heading = both.tables[names[field]]["columns"][0]["heading"]
    assert len(rows) > 5
    for row in (row for row in rows if row["Procedure"] != "all procedures"):
        group, value = row["Procedure"], row[heading]
        named = [each[heading] for each in rows if each["Procedure"] == group]
        is_value = ~pl.col("cse") & (pl.col(field) == value).fill_null(False)
        of_named = ~pl.col("cse") & pl.col(field).is_in([name for name in named if name != "All"]).fill_null(False)
        where = pl.lit(True) if value == "All" else ~of_named if value == OTHER else is_value
        assert row["Complaints"] == both.again.complaints(group, where), row
        for step in (step for step in STEPS if row.get(step) is not None):
            assert same(row[step], both.again.in_time(group, step, where, start=START, end=END)), row
        answered = both.again.answers(group, 1, where, day="received", start=START, end=END)
        upheld = answered.filter(pl.col("stage1_outcome").is_in(FAULT)).height
        assert same(row["Stage 1 upheld, in full or in part"], (upheld, answered.height)), row
        if "Stage 2 asked for" in row:
            assert same(row["Stage 2 asked for"], (both.again.escalated(answered), answered.height)), row


def _labels(both: Both, group: str) -> dict[str, dict[str, Any]]:
    id = group.replace("'", "").replace(" ", "-")
    found = [row for kind in ("measures", "outcomes") for row in both.rows(f"{kind}-{id}")]
    return {row["Measure"].partition(" (")[0]: row for row in found}


def test_the_measures(both: Both) -> None:
    first = both.again.cases["received"].min()
    for group in both.groups:
        shown = _labels(both, group)
        for heading, (start, end) in QUARTERS.items():
            if end < first:
                assert all(row[heading] is None for row in shown.values())
                continue
            received = both.again.complaints(group, start=start, end=end)
            assert shown["Complaints received"][heading] == received
            refused = both.again.complaints(group, pl.col("refused").is_not_null(), start=start, end=end)
            assert same(shown["Complaints refused"][heading], (refused, received))
            for label, step in (("Stage 1 acknowledged in time", "Stage 1 acknowledged in time"),):
                if label in shown:
                    counted = both.again.in_time(group, step, day="due", start=start, end=end)
                    assert same(shown[label][heading], counted), (group, heading)
            if group == "housing landlord":
                _of_landlord(both, shown, heading)
            _outcomes(both, group, shown, heading)
            _amounts(both, group, shown, heading)


def _of_landlord(both: Both, shown: dict[str, dict[str, Any]], heading: str) -> None:
    group, (start, end) = "housing landlord", QUARTERS[heading]
    received = both.again.complaints(group, start=start, end=end)
    rate = rounded(Decimal(1000 * received) / HOMES["homes"], "0.01")
    assert shown["CH01, stage 1 complaints for each 1,000 homes"][heading] == rate
    for stage in (1, 2):
        counted = both.again.in_time(group, f"Stage {stage} answered in time", day="due", start=start, end=end)
        label = f"CH02, stage {stage} complaints responded to in time, extensions included"
        assert same(shown[label][heading], counted), (label, heading)


def _outcomes(both: Both, group: str, shown: dict[str, dict[str, Any]], heading: str) -> None:
    start, end = QUARTERS[heading]
    again = both.again
    for stage in (n for n in (1, 2) if f"Stage {n} outcome: upheld" in shown):
        answered = again.answers(group, stage, day=f"stage{stage}_responded", start=start, end=end)
        for outcome in ("upheld", "partly_upheld", "not_upheld", "resolved", "no_finding"):
            count = answered.filter(pl.col(f"stage{stage}_outcome") == outcome).height
            label = f"Stage {stage} outcome: {outcome.replace('_', ' ')}"
            assert same(shown[label][heading], (count, answered.height)), (group, label, heading)
        if stage == 1:
            assert same(shown["Escalated to stage 2"][heading], (again.escalated(answered), answered.height))
        else:
            assert same(shown["Overturned at stage 2"][heading], (again.better(answered), answered.height))


def _amounts(both: Both, group: str, shown: dict[str, dict[str, Any]], heading: str) -> None:
    start, end = QUARTERS[heading]
    for stage in (1, 2, 3):
        if f"Stage {stage}: working days to respond, on average" in shown:
            days = both.again.days(group, stage, start, end)
            on_average = shown[f"Stage {stage}: working days to respond, on average"][heading]
            assert on_average == rounded(recount.mean(days), "0.1"), (group, stage, heading)
            assert shown[f"Stage {stage}: working days to respond, in the middle"][heading] == recount.middle(days)
    if "Remedies paid" in shown:
        paid = both.again.paid(group, start, end)
        assert shown["Remedies paid"][heading] == len(paid)
        total = rounded(Decimal(sum(paid)) / 100, "1") if paid else None
        assert shown["Remedies paid: sum"][heading] == (total and f"£{total}")


def test_every_rule(both: Both) -> None:
    seen = 0
    for id in (id for id in both.tables if id.startswith("rules-")):
        group = both.tables[id]["title"].rsplit(": ", 1)[1].removesuffix(" complaints")
        book = id.removeprefix(f"rules-{group.replace(chr(39), '').replace(' ', '-')}-")
        book = next(each for each in both.again.findings["rulebook"].unique() if each.replace(".", "-") == book)
        for row in both.rows(id):
            step = row["Step"].partition(" (")[0]
            (rule,) = [name for name, asks in RULES.items() if asks[0].upper() + asks[1:] == step]
            counted = both.again.rule(group, book, row["Clause"], rule)
            assert {name: row[name] for name in counted} == counted, (id, row["Step"])
            assert same(row["Percentage met"], (counted["Met"], counted["Due"]))
            seen += 1
    assert seen > 40
