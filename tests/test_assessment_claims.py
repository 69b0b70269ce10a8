"""The self-assessment: what clauses say of themselves, and what only a case can show."""

from __future__ import annotations

from pathlib import Path

import pytest
from assessing import (
    ANSWER,
    LETTER,
    NOTICE,
    SOMEBODY_ELSE,
    TEN_MORE,
    YEAR,
    answers,
    clause,
)
from putright import fields
from putright.policy.evidence import Verdict
from putright.rulebooks.phrases import ACTS

POINTS = (
    "points:\n  - {id: a, text: The first.}\n  - {id: b, text: The second.}\n  - {id: c, text: Free., strength: may}\n"
)
#: The Code's clause, the policy's, the verdict, a part of the commentary, the points left open.
CLAIMS: list[tuple[str, str, str, str, tuple[str, ...]]] = [
    ("", "answers: [code 1]", "follows", "The policy provides for this in 1 (Of a thing).", ()),
    ("", "answers: [other 1, code 11]", "not stated", "does not cover this", ()),
    ("", "departs: [{from: code 1, because: It says otherwise}]", "departs", "It says otherwise (1).", ()),
    ("", "answers: [code 1]\ndeparts: [{from: code 1, because: Not all.}]", "departs", "Not all (1).", ()),
    (POINTS, "answers: [code 1]", "follows", "provides for this in 1", ()),
    (POINTS, "answers: [code 1 a, code 1 b]", "follows", "provides for this in 1", ()),
    (
        POINTS,
        "answers: [code 1 a]",
        "for judgement",
        "answers part of this in 1 (Of a thing). No clause is named for b) The second.",
        ("b",),
    ),
    (POINTS, "departs: [{from: code 1 b, because: No}]", "departs", "No (1).", ()),
    (POINTS, "answers: [code 1 c]", "for judgement", "No clause is named for a) The first; b) The second.", ("a", "b")),
    ("shown_by: [policy, cases]", "", "not stated", "does not cover", ()),
    ("status: to be confirmed", "", "not stated", "does not cover", ()),
    ("status: to be confirmed\nunclear: Not read.", "", "for judgement", "is to be confirmed first", ()),
    ("status: to be confirmed\nunclear: Not read.", "answers: [code 1]", "follows", "provides", ()),
    ("shown_by: [governance]", "", "for judgement", "evidence from governance is needed", ()),
    ("shown_by: [cases, governance]", "", "for judgement", "evidence from case records and governance", ()),
    ("shown_by: [governance]", "answers: [code 1]", "follows", "provides for this", ()),
    ("strength: context", "answers: [code 1]", "nothing asked", "asks for nothing", ()),
    ("strength: may", "", "nothing asked", "does not take it up", ()),
    ("strength: may", "answers: [code 1]", "follows", "provides", ()),
    (
        "strength: may",
        "departs: [{from: code 1, because: Narrower}]",
        "for judgement",
        "Narrower (1). The Code leaves this open.",
        (),
    ),
    ("strength: must", "departs: [{from: code 1, because: Narrower}]", "departs", "Narrower", ()),
]


@pytest.mark.parametrize(("code", "policy", "verdict", "said", "left"), CLAIMS)
def test_a_claim(tmp_path: Path, code: str, policy: str, verdict: str, said: str, left: tuple[str, ...]) -> None:
    (answer,) = answers(tmp_path, [clause(1, more=policy)], [clause(1, more=code)])
    assert (str(answer.verdict), said in answer.commentary) == (verdict, True), answer
    assert answer.open_points == left


def test_a_rule_s_claim_stands_for_what_a_rule_can_show(tmp_path: Path) -> None:
    claim = YEAR + ", answers: [code 1]"
    points = "points:\n  - {id: a, text: There are 12 months to complain.}\n  - {id: b, text: Discretion.}\n"
    code = [clause(1, YEAR, more=points)]
    (answer,) = answers(tmp_path, [clause(1, claim)], code)
    assert (answer.verdict, answer.open_points) == (Verdict.JUDGEMENT, ("b",))
    (answer,) = answers(tmp_path, [clause(1, claim), clause(2, more="answers: [code 1 b]")], code)
    assert (answer.verdict, answer.clauses) == (Verdict.FOLLOWS, ("1", "2"))
    assert answer.commentary.startswith("Allows 12 months")


def test_a_point_is_known_by_its_time(tmp_path: Path) -> None:
    points = "points:\n  - {id: a, text: Within 20 working days in all.}\n  - {id: b, text: Within 10 working days.}\n"
    points += "  - {id: c, text: Not within 110 working days.}\n"
    claims = [clause(1, ANSWER + ", answers: [code 1]"), clause(2, TEN_MORE + ", cap: hard, answers: [code 1]")]
    (answer,) = answers(tmp_path, claims, [clause(1, ANSWER, more=points)])
    assert answer.open_points == ("a", "c")
    (answer,) = answers(tmp_path, claims, [clause(1, ANSWER, TEN_MORE + ", cap: hard", more=points)])
    assert answer.open_points == ("c",)


def test_a_code_s_rule_can_name_its_point(tmp_path: Path) -> None:
    points = "points:\n  - {id: a, text: All of it is answered.}\n  - {id: b, text: Why it is so.}\n"
    named = clause(1, LETTER + ", holds: [reasons], answers: [code 1 b]", more=points)
    own = [clause(1, LETTER + ", holds: [reasons], answers: [code 1]")]
    (answer,) = answers(tmp_path, own, [named])
    assert (answer.verdict, answer.open_points) == (Verdict.JUDGEMENT, ("a",))
    assert "No clause is named for a) All of it is answered." in answer.commentary
    (answer,) = answers(tmp_path, own, [named.replace(", answers: [code 1 b]", "")])
    assert "Whether all of this is answered is for a person to say" in answer.commentary


def test_a_claim_without_a_time_is_not_a_time(tmp_path: Path) -> None:
    (answer,) = answers(tmp_path, [clause(1, more="answers: [code 1]")], [clause(1, ANSWER)])
    assert (answer.verdict, answer.clauses) == (Verdict.JUDGEMENT, ("1",))
    assert "speaks of this but sets no time (1)" in answer.commentary
    (answer,) = answers(tmp_path, [clause(1, more="answers: [code 1]")], [clause(1, SOMEBODY_ELSE)])
    assert answer.verdict is Verdict.FOLLOWS


def test_one_paragraph_with_good_and_bad(tmp_path: Path) -> None:
    code = [clause(1, ANSWER, NOTICE + ", holds: [reason]", more="status: to be confirmed\nstrength: must")]
    (answer,) = answers(tmp_path, [clause(1, ANSWER)], code)
    assert (answer.verdict, answer.status, answer.strength) == (Verdict.JUDGEMENT, "to be confirmed", "must")
    (answer,) = answers(tmp_path, [clause(1, ANSWER, NOTICE + ", holds: [new_date]")], code)
    assert answer.verdict is Verdict.DEPARTS
    assert "as the Code asks" not in answer.commentary


def test_every_timed_rule_has_words() -> None:
    timed = {name for name in fields.RULES if name not in fields.LETTERS and not name.startswith("extend")}
    questions = {"start-at-stage2", "informal-first", "complete-stage1"}
    assert set(ACTS) == timed - {"invite-to-panel", "independence-stage2"} - questions


LATE = (
    "explain-delay-stage1, kind: deadline, from: stage1_acknowledged, to: stage1_extension_notified, "
    "within: 10 working days, if: {time_up: respond-stage1}"
)
REMEDY = "complete-remedy, kind: deadline, from: remedy_offered, to: remedy_completed, by: remedy_due"
EXTRA = "informal-first, kind: question, asks: whether it is an extra stage, if: {informal_first: true}"
FIRST = "start-at-stage2, kind: question, asks: whether it may start there, if: {flag: straight_to_stage2}"
INFORMAL = "resolve-informally, kind: aim, from: received, to: informal_resolved, within: 3 working days"
#: What only a case can show: the Code's rule, the policy's clause, the verdict, a part of the commentary.
ONLY_A_CASE: list[tuple[str, str, str, str]] = [
    # no time is set by the Code, so none is looked for in the policy
    (LATE, clause(1, more="answers: [code 1]"), "follows", "The policy provides for this in 1 (Of a thing)."),
    (LATE, clause(1, ANSWER), "not stated", "The policy does not cover this."),
    (LATE, clause(1, ANSWER, LATE), "follows", "Says that the stage 1 response will be late within 10 working days"),
    (REMEDY, clause(1, more="answers: [code 1]"), "follows", "The policy provides for this in 1 (Of a thing)."),
    (REMEDY, clause(1), "not stated", "The policy does not cover this."),
    (REMEDY, clause(1, REMEDY), "follows", "Completes a remedy as promised (1)."),
    # a question is about a case, but an informal step with a time of its own can be read in a policy
    (EXTRA, clause(1), "not stated", "The policy does not cover this."),
    (EXTRA, clause(1, more="answers: [code 1]"), "follows", "The policy provides for this in 1 (Of a thing)."),
    (EXTRA, clause(1, INFORMAL), "for judgement", "an informal step (1); a person must judge whether it is an extra"),
    (FIRST, clause(1, more="answers: [code 1]"), "follows", "The policy provides for this in 1 (Of a thing)."),
]


@pytest.mark.parametrize(("code", "policy", "verdict", "said"), ONLY_A_CASE)
def test_what_only_a_case_can_show(tmp_path: Path, code: str, policy: str, verdict: str, said: str) -> None:
    paragraphs = [clause(1, code), clause(2, ANSWER)]
    answer, _ = answers(tmp_path, [policy], paragraphs)
    assert (str(answer.verdict), said in answer.commentary) == (verdict, True), answer
