"""What the model procedure of Scotland's Ombudsman, and Fife Council's, must give. The fixtures come with putright."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import putright
import pytest

Audit = Callable[..., Any]
Due = Callable[..., Any]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def dates(**events: str) -> dict[str, dt.date]:
    return {name: day(text) for name, text in events.items()}


@pytest.mark.parametrize("plugin", ["spso", "fife"])
def test_the_rulebooks_have_no_mistake_and_no_warning(putright_host: Any, plugin: str) -> None:
    found = putright.check(putright_host, plugin)
    assert not found.mistakes and not found.warnings


def test_expected_dates(putright_expected: Any) -> None:
    """Once for each case under 'expect' in the rulebooks."""
    putright_expected.check()


#: Worked out by hand: what happened, the rule, and the last day if the first day is day 1 and if it is day zero.
COUNTED = [
    # Fri 12 June; Mon 15 June 2026 is a bank holiday in Scotland alone. 16, 17, 18, 19, 22 June.
    ({"received": "2026-06-12"}, "respond-stage1", "2026-06-19", "2026-06-22"),
    # Thu 26 November; Mon 30 November is St Andrew's Day. 27 November, 1, 2, 3, 4 December.
    ({"received": "2026-11-26"}, "respond-stage1", "2026-12-03", "2026-12-04"),
    # Fri 31 July; Mon 3 August is the summer bank holiday in Scotland. 4, 5, 6, 7, 10 August.
    ({"received": "2026-07-31"}, "respond-stage1", "2026-08-07", "2026-08-10"),
    # Fri 28 August; the last Monday of August is a working day in Scotland. 31 August, 1, 2, 3, 4 September.
    ({"received": "2026-08-28"}, "respond-stage1", "2026-09-03", "2026-09-04"),
    # Thu 2 April; Good Friday is a bank holiday in Scotland, Easter Monday is not. 6, 7, 8, 9, 10 April.
    ({"received": "2026-04-02"}, "respond-stage1", "2026-04-09", "2026-04-10"),
    # Thu 31 December 2026; 1 January, and 4 January for Saturday 2 January, are bank holidays. 5, 6, 7 January.
    ({"received": "2026-12-01", "stage2_requested": "2026-12-31"}, "acknowledge-stage2", "2027-01-06", "2027-01-07"),
    # Fri 27 November; 1, 2, 3 December.
    ({"received": "2026-11-02", "stage2_requested": "2026-11-27"}, "acknowledge-stage2", "2026-12-02", "2026-12-03"),
    # The same; 20 days with Christmas Day and, for Saturday 26 December, Monday 28 December left out.
    ({"received": "2026-11-02", "stage2_requested": "2026-11-27"}, "respond-stage2", "2026-12-29", "2026-12-30"),
]


@pytest.mark.parametrize(("events", "rule", "day_one", "day_zero"), COUNTED)
def test_days_are_counted_both_ways_over_scotland_s_bank_holidays(
    putright_due: Due, events: dict[str, str], rule: str, day_one: str, day_zero: str
) -> None:
    """What was read does not say whether the first day is day 1, so staff keep to the earlier date."""
    found = [each for each in putright_due(council="fife", **dates(**events)) if each.rule == rule]
    assert {each.rulebook for each in found} == {"spso", "fife.corporate"}
    assert {(each.due, each.other) for each in found} == {(day(day_one), day(day_zero))}


@pytest.mark.parametrize(
    ("done", "verdict"), [("2026-06-19", "met"), ("2026-06-22", "judgement"), ("2026-06-23", "breach")]
)
def test_only_what_is_late_both_ways_is_a_breach(putright_audit: Audit, done: str, verdict: str) -> None:
    case = dates(received="2026-06-12", stage1_responded=done)
    findings = putright_audit(case | {"council": "fife"}, as_at=day("2026-07-31")).findings
    found = findings.filter(rule="respond-stage1")
    assert found["rulebook"].to_list() == ["fife.corporate", "spso"]
    assert set(found["verdict"]) == {verdict}
    assert all("source_unclear" in marks for marks in found["marks"])


def test_the_english_codes_never_judge(putright_audit: Audit) -> None:
    """Nor would they if the case were a tenant's, or of another procedure."""
    case = dates(received="2026-06-12", stage1_acknowledged="2026-07-12", stage1_responded="2026-07-13")
    cases = [
        case | {"reference": f"{procedure} {flag}", "council": "fife", "procedure": procedure, "flags": [flag]}
        for procedure in ("corporate", "housing", "children", "adults")
        for flag in ("landlord", "straight_to_stage2", "contractor")
    ]
    findings = putright_audit(cases, as_at=day("2026-07-31")).findings
    assert set(findings["rulebook"]) == {"spso", "fife.corporate"}


#: When the matter became known, when stage 1 was answered, when stage 2 was asked for, the last day, and the verdict.
REQUESTS = [
    ("2026-01-05", "2026-06-01", "2026-08-01", "2026-08-01", "met"),
    ("2026-01-05", "2026-06-01", "2026-08-02", "2026-08-01", "judgement"),
    ("2026-01-05", "2026-02-02", "2026-07-05", "2026-07-05", "met"),
    ("2026-01-05", "2026-02-02", "2026-07-06", "2026-07-05", "judgement"),
]


@pytest.mark.parametrize(("known", "answered", "asked", "last", "verdict"), REQUESTS)
def test_the_later_of_two_limits_for_asking_for_stage_2(
    putright_audit: Audit, known: str, answered: str, asked: str, last: str, verdict: str
) -> None:
    case = dates(matter_known=known, received="2026-01-12", stage1_responded=answered, stage2_requested=asked)
    findings = putright_audit(case | {"council": "fife"}, as_at=day("2026-09-30")).findings
    (found,) = findings.filter(rulebook="spso", rule="request-stage2").to_dicts()
    assert (found["due"], found["verdict"]) == (day(last), verdict)


def test_a_final_response_has_to_name_the_ombudsman(putright_audit: Audit) -> None:
    """Section 22 of the Act; of a stage 1 response, which it may also reach, a person judges."""
    case = dates(
        received="2026-06-01",
        stage1_responded="2026-06-03",
        stage2_requested="2026-06-08",
        stage2_acknowledged="2026-06-09",
        stage2_responded="2026-06-22",
    )
    letters = {"stage1_response_contains": ["decision", "escalation"], "stage2_response_contains": ["decision"]}
    findings = putright_audit(case | letters | {"council": "fife"}, as_at=day("2026-07-31")).findings
    found = {row["rule"]: row for row in findings.filter(rulebook="spso").to_dicts()}
    assert found["response-stage2-contents"]["verdict"] == "breach"
    assert found["response-stage2-contents"]["missing"] == ["ombudsman"]
    assert found["response-stage1-contents"]["verdict"] == "judgement"
    assert found["response-stage1-contents"]["missing"] == ["ombudsman"]


def test_fife_is_compared_with_the_model_and_nothing_else(putright_host: Any) -> None:
    """On nothing that its page says does it depart from the model; it leaves out the time limits for complaining."""
    answers = {answer.paragraph: answer for answer in putright.assess(putright_host, "fife").answers}
    assert {answer.code for answer in answers.values()} == {"spso"}
    verdicts = {name: str(answers[name].verdict) for name in ("Stage-1", "Longer-1", "Stage-2", "Time", "Request")}
    assert verdicts == {
        "Stage-1": "follows",
        "Longer-1": "for judgement",
        "Stage-2": "follows",
        "Time": "not stated",
        "Request": "not stated",
    }
    assert "departs" not in {str(answer.verdict) for answer in answers.values()}
