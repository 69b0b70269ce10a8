"""What Ombudsmen counted and decided, compared with ours: each comparison pinned, with why it differs.

Every line of OURS was worked out by hand from the dates and checked against the note in the file.
"""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from putright.auditing.ombudsman import DECISIONS, Comparisons, compare
from putright.calendars.alternative_counts import Convention, explain
from putright.plugins import Host, load

INCLUSIVE = "the first day counted as well"
HOLIDAYS_IN = "bank holidays counted as working days"
BOTH = f"{HOLIDAYS_IN} and {INCLUSIVE}"
#: The Ombudsman's own file of the Code was not read.
DOUBT = (
    "the source leaves this in doubt: the content of this paragraph is confirmed by other sources, its number is to be "
    "confirmed"
)

#: Decision, step, their count and words; ours; whether count and verdict agree; why not.
OURS = [
    # 80 without Christmas Day, Boxing Day and New Year's Day, the day of receipt as day zero
    ("202335442", "stage1_responded", 84, "late", 80, "breach", False, True, BOTH),
    # Saturday 2 March, over Good Friday and Easter Monday. Begun on the Saturday and inclusive from the
    # Monday are one sum: no figure can tell them apart
    (
        "202347433",
        "second stage 1 letter 2024-04-24",
        38,
        "late",
        35,
        "breach",
        False,
        True,
        f"{HOLIDAYS_IN} and counted from the Saturday itself; or {BOTH}",
    ),
    # received on a Sunday: Monday is day zero
    ("202448147", "stage1_acknowledged", None, "in time", 1, "met", None, True, ""),
    ("202448147", "stage1_responded", None, "in time", 10, "met", None, True, ""),
    ("202448147", "stage2_acknowledged", None, "in time", 3, "met", None, True, ""),
    # Good Friday and Easter Monday left out: 12 otherwise
    ("202448147/2", "stage1_responded", None, "in time", 10, "met", None, True, ""),
    # received on a Saturday: 4 only with Monday as day zero
    ("202348146", "stage1_acknowledged", 4, "in time", 4, "met", True, True, ""),
    ("202348146", "stage1_responded", 10, "in time", 10, "met", True, True, ""),
    # older than the Code of April 2024, whose five days for this letter are the ones we apply
    (
        "202348146",
        "stage2_acknowledged",
        10,
        "in time",
        10,
        "breach",
        True,
        False,
        "The stage 2 acknowledgement was on 2024-02-27, 10 working days after the stage 2 request on "
        "2024-02-13: 5 working days late, due by 2024-02-20 (5 working days); the case is older than this "
        f"edition; {DOUBT}",
    ),
    ("202348146", "stage2_responded", 17, "in time", 17, "met", True, True, ""),
    # a date that was promised: no verdict to compare
    ("202348146", "promised stage 2 date 2024-03-26", 20, "promised", 20, None, True, None, ""),
    ("202432891", "stage1_responded", None, "in line with procedure", 1, "met", None, True, ""),
    ("202432891", "stage2_acknowledged", None, "late (request ignored)", 163, "breach", None, True, ""),
    ("202347731", "stage2_acknowledged", 47, "late", 46, "breach", False, True, INCLUSIVE),
    # answered on a Saturday, which counts as the Monday; 26 August is a bank holiday
    ("202347731", "stage2_responded", 9, "in time", 8, "met", False, True, f"{INCLUSIVE}; or {HOLIDAYS_IN}"),
    # fifteen days could be five for the acknowledgement and ten for the answer
    (
        "202400224",
        "stage1_responded",
        15,
        "late by 5 wd",
        15,
        "no_evidence",
        True,
        False,
        "Whether the stage 1 response of 2024-03-04 was in time depends on the day of the stage 1 acknowledgement, "
        "which has no date: at the latest due by 2024-03-04 (10 working days); the case is older than this edition; "
        f"{DOUBT}",
    ),
    ("202216897", "stage1_acknowledged", None, "late", 28, "breach", None, True, ""),
]

#: Decision, from, to; why it cannot be compared.
APART = [
    ("202347731", "received", "stage1_acknowledged", "no date is known for stage 1 acknowledgement"),
    ("202347731", "stage1_acknowledged", "stage1_responded", "no date is known for stage 1 acknowledgement"),
    (
        "202400224",
        "stage 2 start (not dated in text seen)",
        "correct stage 2 due date 2024-04-03",
        "no date is known for stage 2 start (not dated in text seen)",
    ),
]


@pytest.fixture(scope="module")
def host() -> Host:
    return load(only=[])


@pytest.fixture(scope="module")
def comparisons(host: Host) -> Comparisons:
    return compare(host)


def statements() -> list[dict[str, Any]]:
    """Every statement in the file, with its decision's reference."""
    records = map(json.loads, DECISIONS.read_text(encoding="utf-8").splitlines())
    return [
        {"reference": record["reference"], **said} for record in records for said in record.get("ombudsman_says") or []
    ]


def test_every_comparison(comparisons: Comparisons) -> None:
    found = [
        (
            made.reference,
            made.end,
            made.their_count,
            made.their_verdict,
            made.our_count,
            made.our_verdict,
            made.count_agrees,
            made.verdict_agrees,
            made.cause,
        )
        for made in comparisons.compared
    ]
    assert found == OURS


def test_what_cannot_be_compared_is_listed_apart(comparisons: Comparisons) -> None:
    found = [(left.reference, left.start, left.end, left.why_not) for left in comparisons.apart]
    assert found == APART


def test_every_statement_is_somewhere(comparisons: Comparisons) -> None:
    assert len(comparisons.compared) + len(comparisons.apart) == len(statements()) == 20
    assert comparisons.summary() == (
        "17 statements compared: 6 of 10 counts and 14 of 16 verdicts agree; 3 could not be compared."
    )


def test_the_counts_made_with_the_file_agree_with_the_calendar(comparisons: Comparisons) -> None:
    computed = {
        (said["reference"], said["from"], said["to"]): said for said in statements() if "computed_day_zero" in said
    }
    assert len(computed) == len(comparisons.compared)
    for made in comparisons.compared:
        said = computed[made.reference, made.start, made.end]
        assert made.our_count == said["computed_day_zero"]
        left_in = Convention(bank_holidays=True).count(made.start_date, made.end_date)
        assert left_in == said["computed_bank_holidays_left_in"]
        assert Convention().count(made.start_date, made.end_date) == made.our_count


@pytest.mark.parametrize(
    ("count", "cause"),
    [
        (5, INCLUSIVE),
        (6, f"{HOLIDAYS_IN}"),
        (7, BOTH),
        (9, "not explained by any convention tried"),
    ],
)
def test_a_weekday_start(count: int, cause: str) -> None:
    """From Thursday 28 March 2024 to Thursday 4 April, over Easter: 2, 3, 4 April, and no more than those."""
    assert Convention().count(date(2024, 3, 28), date(2024, 4, 5)) == 4
    assert explain(date(2024, 3, 28), date(2024, 4, 5), count) == cause


def test_a_weekend_start() -> None:
    """From Saturday 2 March 2024 to Friday 8 March: day zero is Monday 4 March."""
    assert Convention().count(date(2024, 3, 2), date(2024, 3, 8)) == 4
    assert explain(date(2024, 3, 2), date(2024, 3, 8), 5) == f"counted from the Saturday itself; or {INCLUSIVE}"
    assert explain(date(2024, 3, 2), date(2024, 3, 8), 6) == f"{INCLUSIVE} and counted from the Saturday itself"


def decision(tmp_path: Path, said: dict[str, Any], **fields: str) -> Path:
    """A file with one decision of our own making."""
    record = {
        "reference": "1",
        "procedure": "housing",
        "organisation": "A landlord",
        "source": "-",
        "ombudsman_says": [said],
        **fields,
    }
    path = tmp_path / "decisions.jsonl"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return path


def test_a_limit_the_decision_names_goes_before_the_rulebook(host: Host, tmp_path: Path) -> None:
    said = {
        "from": "received",
        "to": "stage1_acknowledged",
        "verdict": "late",
        "target_working_days": 2,
    }
    path = decision(tmp_path, said, received="2025-03-03", stage1_acknowledged="2025-03-06")
    (made,) = compare(host, path).compared
    assert (made.our_count, made.our_verdict, made.rule) == (3, "breach", "the decision's 2 working days")
    assert made.agrees


def test_no_rule_times_the_step(host: Host, tmp_path: Path) -> None:
    said = {"from": "received", "to": "triaged", "verdict": "late"}
    path = decision(tmp_path, said, received="2025-03-03", triaged="2025-03-06")
    (made,) = compare(host, path).compared
    assert (made.our_verdict, made.agrees, made.cause) == (None, None, "no national rule times triage")


def test_a_rejected_record_has_no_verdict_of_ours(host: Host, tmp_path: Path) -> None:
    said = {"from": "stage1_acknowledged", "to": "stage1_responded", "working_days": 3, "verdict": "in time"}
    path = decision(tmp_path, said, stage1_acknowledged="2025-03-03", stage1_responded="2025-03-06")
    (made,) = compare(host, path).compared
    assert (made.our_count, made.our_verdict) == (3, None)
    assert made.cause == "the record is rejected: no received date"


def test_rule_named_next_to_our_verdict(comparisons: Comparisons) -> None:
    assert comparisons.compared[0].rule == "housing 6.3 respond-stage1"


def test_frame(comparisons: Comparisons) -> None:
    frame = comparisons.frame()
    assert frame.height == len(OURS)
    first = frame.select("reference", "from", "from_date", "to", "to_date", "their_count", "our_count", "agrees")
    assert first.row(0) == (
        "202335442",
        "received",
        date(2023, 10, 25),
        "stage1_responded",
        date(2024, 2, 19),
        84,
        80,
        False,
    )
    assert frame["agrees"].sum() == 11
    assert frame.filter(pl.col("agrees") != (pl.col("cause") == "")).is_empty()
    assert frame["source"].str.starts_with("https://").all()


def test_what_the_terminal_shows_is_readable_at_120_columns(comparisons: Comparisons) -> None:
    from rich.console import Console

    console = Console(width=120, file=io.StringIO(), color_system=None)
    for part in comparisons.render():
        console.print(part)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 120
    assert "…" not in shown
    for words in (
        "84, late",
        "80, breach",
        "no:",
        "verdict",
        "What cannot be compared",
        comparisons.summary(),
    ):
        assert words in shown
    for made in comparisons.compared:
        assert any(made.reference in line.split() for line in lines)


def test_every_record_is_a_landlords_and_names_no_council() -> None:
    """As the README next to the file says."""
    records = [json.loads(line) for line in DECISIONS.read_text(encoding="utf-8").splitlines()]
    assert {record["procedure"] for record in records} == {"housing"}
    assert not any("council" in record for record in records)
    assert len(records) == 47
