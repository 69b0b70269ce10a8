"""The self-assessment of the real councils, and verdicts that are known by hand."""

from __future__ import annotations

import pytest
from assessing import (
    HOST,
)
from putright.policy.assessment import assess
from putright.policy.contradictions import contradictions
from putright.policy.evidence import Verdict
from putright.policy.forms import AssessmentError, self_assess
from putright.rulebooks.rules import Independence, Timed

PAIRS = [
    (name, code)
    for name, editions in HOST.editions.items()
    if not editions[-1].is_national
    for code in editions[-1].governed_by
]


@pytest.mark.parametrize(("name", "code"), PAIRS)
def test_every_paragraph_once_with_clauses_that_exist(name: str, code: str) -> None:
    policy, national = HOST.editions[name][-1], HOST.editions[code][-1]
    found = assess(policy, national, HOST.words)
    assert [answer.paragraph for answer in found] == [own.id for own in national.clauses]
    known = {own.id for own in policy.clauses}
    for answer in found:
        assert set(answer.clauses) <= known, answer
        assert answer.commentary.endswith("."), answer
        assert len(answer.clauses) == len(set(answer.clauses)), answer
        if answer.verdict in (Verdict.FOLLOWS, Verdict.FURTHER, Verdict.DEPARTS):
            assert answer.clauses, answer
        if national.standing != "law":
            assert "law allows" not in answer.commentary
    for clash in contradictions(policy, found):
        assert set(clash.clauses) <= known, clash


@pytest.mark.parametrize(("name", "code"), PAIRS)
def test_every_limit_and_letter_of_a_code_is_weighed(name: str, code: str) -> None:
    """A paragraph whose rule the policy has in other figures is never said to be followed."""
    policy, national = HOST.editions[name][-1], HOST.editions[code][-1]
    by_paragraph = {answer.paragraph: answer for answer in assess(policy, national, HOST.words)}
    own = policy.rulings()
    for paragraph in national.clauses:
        for rule in paragraph.rules:
            ruling = own.get(rule.rule)
            if ruling is None or not isinstance(rule, Timed | Independence) or paragraph.strength == "context":
                continue
            answer = by_paragraph[paragraph.id]
            assert set(answer.clauses) & {part.clause.split("/")[0] for part in ruling.parts}, answer
            if ruling.kind == "aim" and rule.kind == "deadline":
                assert answer.verdict in (Verdict.DEPARTS, Verdict.JUDGEMENT), answer


#: Read in the policies themselves: 13.6, 13.9, 13.11, 14.6, 14.8, 14.9 and Appendix A of Coventry's (20.1, 20.2, 21.6).
BY_HAND = [
    ("coventry.corporate", "lgsco", "6.2", "follows", "within 5 working days of receipt (13.6), as the Code asks."),
    ("coventry.corporate", "lgsco", "6.3", "for judgement", "the policy counts 15 working days from receipt."),
    (
        "coventry.corporate",
        "lgsco",
        "6.4",
        "for judgement",
        "does not say by when the council must tell",
    ),
    ("coventry.corporate", "lgsco", "6.5", "follows", "holds how to go to the Ombudsman (13.11)"),
    ("coventry.corporate", "lgsco", "6.11", "follows", "within 5 working days of the stage 2 request (14.6)"),
    ("coventry.corporate", "lgsco", "6.13", "for judgement", "(14.8). The policy puts it less firmly than the Code."),
    ("coventry.corporate", "lgsco", "6.14", "for judgement", "counts 25 working days from the stage 2 request."),
    (
        "coventry.corporate",
        "lgsco",
        "6.15",
        "for judgement",
        "On one reading, stage 2 may take up to 20 working days more",
    ),
    (
        "coventry.children",
        "children-2006",
        "14",
        "departs",
        "With receipt on 12 January 2026 and the stage 1 acknowledgement on 15 January 2026, the policy's time ends on "
        "29 January 2026 and the Regulations' on 26 January 2026.",
    ),
    ("coventry.children", "children-2006", "17", "departs", "It is only an aim"),
    (
        "coventry.children",
        "children-2006",
        "19(4)",
        "for judgement",
        "On one reading, holds the review panel within 30 working days of the stage 3 request (22.6)",
    ),
    ("brighton-hove.corporate", "lgsco", "6.2", "goes further", "2 working days of receipt"),
    ("brighton-hove.corporate", "lgsco", "6.3", "goes further", "10 working days of receipt"),
    ("brighton-hove.corporate", "lgsco", "6.4", "departs", "more time, with no limit"),
    ("stoke-on-trent.corporate", "lgsco", "6.3", "departs", "It is only an aim"),
    (
        "stoke-on-trent.corporate",
        "lgsco",
        "6.14",
        "for judgement",
        "The policy does not say from when the 20 working days run",
    ),
    ("stoke-on-trent.corporate", "lgsco", "6.11", "for judgement", "is read as the stage 2 request."),
    ("telford-wrekin.corporate", "lgsco", "6.11", "for judgement", "says from when the 5 working days run"),
    ("telford-wrekin.corporate", "lgsco", "2.2", "departs", "12 months from the matter arising to complain (4.5)"),
    (
        "telford-wrekin.corporate",
        "lgsco",
        "6.2",
        "for judgement",
        "where the complaint is about a contractor or is anonymous",
    ),
    (
        "telford-wrekin.corporate",
        "lgsco",
        "6.5",
        "departs",
        "only where the new date is later than the procedure allows (6.9.10)",
    ),
    ("runnymede.corporate", "lgsco", "6.2", "follows", "within 5 working days of receipt (2.14(1))"),
]


@pytest.mark.parametrize(("name", "code", "paragraph", "verdict", "said"), BY_HAND)
def test_verdicts_known_by_hand(name: str, code: str, paragraph: str, verdict: str, said: str) -> None:
    found = assess(HOST.editions[name][-1], HOST.editions[code][-1], HOST.words)
    (answer,) = [answer for answer in found if answer.paragraph == paragraph]
    assert (str(answer.verdict), said in answer.commentary) == (verdict, True), answer


def test_coventry_contradicts_itself_where_its_summary_does() -> None:
    """Appendix C counts Day 28 and Day 68 where 21.6 has 25 and 65 days; 6.3 and 9.2 start the year differently."""
    policy = HOST.editions["coventry.children"][-1]
    found = {(clash.kind, clash.step) for clash in contradictions(policy, [])}
    assert ("different times", "complain-in-time") in found
    assert ("different times", "respond-stage2") in found
    assert ("different times", "extend-stage2") in found
    assert ("same at most", "respond-stage1") in found


def test_an_unknown_code_is_a_mistake() -> None:
    with pytest.raises(AssessmentError, match="'nothing' does not govern"):
        self_assess(HOST, [HOST.editions["coventry.corporate"][-1]], "nothing")
