"""What the rulebook of Slough must give, and the council's own self-assessment. The fixtures come with putright."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import putright
import pytest

#: The answers that could be read of the council's published self-assessment against the Code, and what putright says.
PUBLISHED = Path(__file__).with_name("published.csv")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_the_rulebook_has_no_mistake_and_no_warning(putright_host: Any) -> None:
    found = putright.check(putright_host, "slough")
    assert not found.mistakes and not found.warnings


def test_expected_dates(putright_expected: Any) -> None:
    """Once for each case under 'expect' in the rulebook."""
    putright_expected.check()


#: What happened besides the receipt on 1 June 2026, the rule, and its verdict.
DONE = [
    ({"stage1_acknowledged": "2026-06-03"}, "acknowledge-stage1", "met"),
    ({"stage1_acknowledged": "2026-06-04"}, "acknowledge-stage1", "breach"),
    # 15 working days from receipt end on 22 June, from the acknowledgement on 24 June.
    ({"stage1_acknowledged": "2026-06-03", "stage1_responded": "2026-06-22"}, "respond-stage1", "met"),
    ({"stage1_acknowledged": "2026-06-03", "stage1_responded": "2026-06-24"}, "respond-stage1", "judgement"),
    ({"stage1_acknowledged": "2026-06-03", "stage1_responded": "2026-06-25"}, "respond-stage1", "breach"),
    ({"stage2_requested": "2026-07-01", "stage2_acknowledged": "2026-07-03"}, "acknowledge-stage2", "met"),
    ({"stage2_requested": "2026-07-01", "stage2_acknowledged": "2026-07-06"}, "acknowledge-stage2", "breach"),
]


@pytest.mark.parametrize(("events", "rule", "verdict"), DONE)
def test_a_step_on_its_last_day_and_on_the_day_after(
    putright_audit: Any, events: dict[str, str], rule: str, verdict: str
) -> None:
    case = {"received": day("2026-06-01")} | {name: day(text) for name, text in events.items()}
    findings = putright_audit(case, as_at=day("2026-09-30")).findings
    assert findings.filter(rulebook="slough.corporate", rule=rule)["verdict"].to_list() == [verdict]


def test_the_council_s_own_answers_and_where_putright_differs(putright_host: Any) -> None:
    """Each difference has its cause in the file. The rulebook is not bent to have none."""
    rows = putright.assess(putright_host, "slough", code="lgsco").rows("sections")
    found = {(row["section"], row["heading"]): row["comply"] for row in rows}
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        published = list(csv.DictReader(file))
    assert len(published) == 4
    for answer in published:
        assert found[answer["section"], answer["heading"]] == answer["putright"], answer
        assert bool(answer["why"]) == (answer["published"] != answer["putright"]), answer
        assert {answer["published"], answer["putright"]} != {"yes", "no"}, "one of the two is wrong"
