"""The self-assessment: what each rule of a policy makes of a paragraph."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from assessing import (
    ACK_5,
    ANSWER,
    HOST,
    LETTER,
    NOTICE,
    PANEL,
    SOMEBODY_ELSE,
    TEN_FROM_RECEIPT,
    TEN_MORE,
    YEAR,
    answers,
    book,
    clause,
)
from putright.calendars import Calendar
from putright.policy.assessment import assess
from putright.policy.evidence import Verdict
from putright.rulebooks.reading import read_rulebook

#: What the Code's first clause has, what the policy's first has, the verdict, a part of the commentary.
RULES: list[tuple[list[str], list[str], str, str]] = [
    # time limits
    (
        [ANSWER],
        [ANSWER],
        "follows",
        "Answers stage 1 within 10 working days of the stage 1 acknowledgement (1), as the Code asks.",
    ),
    (
        [ANSWER],
        [TEN_FROM_RECEIPT],
        "goes further",
        "of receipt (1); the Code allows 10 working days from the stage 1 ack",
    ),
    (
        [ANSWER],
        [TEN_FROM_RECEIPT.replace("10", "15")],
        "departs",
        "With receipt and the stage 1 acknowledgement on 12 January 2026, the policy's time ends on 2 February 2026 "
        "and the Code's on 26 January 2026.",
    ),
    ([TEN_FROM_RECEIPT], [ANSWER], "departs", "the stage 1 acknowledgement on 13 January 2026, the policy's time"),
    ([TEN_FROM_RECEIPT], [ANSWER, ACK_5], "departs", "the stage 1 acknowledgement on 19 January 2026, the policy's"),
    (
        [TEN_FROM_RECEIPT.replace("10", "15")],
        [ANSWER, ACK_5],
        "follows",
        "with its own limits before it, never later than",
    ),
    ([ANSWER], [ANSWER.replace("10", "8")], "goes further", "(1); the Code allows 10 working days."),
    (
        [ANSWER],
        [ANSWER.replace("deadline", "aim")],
        "departs",
        "(1). It is only an aim, and does not promise the limit",
    ),
    ([ANSWER.replace("deadline", "aim")], [ANSWER.replace("deadline", "aim")], "follows", "as the Code asks"),
    ([ANSWER + ", late: judgement"], [ANSWER.replace("deadline", "aim")], "for judgement", "only an aim"),
    ([ANSWER], [ANSWER + ", late: judgement"], "for judgement", "puts it less firmly than the Code"),
    (
        [ANSWER],
        [ANSWER + ", unless: {flag: contractor}"],
        "for judgement",
        "does not hold where the complaint is about a contractor",
    ),
    ([ANSWER], [ANSWER + ", if: {outcome: [upheld]}"], "for judgement", "holds only where the outcome is upheld"),
    ([ANSWER], [ANSWER.replace("10 working days", "1 month inclusive")], "departs", "within 1 month inclusive of"),
    (
        [ANSWER.replace("10", "20")],
        [ANSWER.replace("10 working days", "1 month")],
        "for judgement",
        "Months and working",
    ),
    ([ANSWER], [ANSWER.replace(", within: 10 working days", "")], "departs", "with no time set"),
    (
        [ANSWER],
        [ANSWER.replace("within: 10 working days", "by: stage2_requested")],
        "for judgement",
        "by the stage 2 request",
    ),
    (
        [ANSWER],
        [ANSWER + ", or_from: stage1_department_notified"],
        "for judgement",
        "On another reading the policy counts",
    ),
    ([ANSWER], [ACK_5], "not stated", "The policy sets no time for this: respond at stage 1."),
    # a firm outer limit stands in for an aim of the same step
    (
        [ANSWER],
        [ANSWER.replace("deadline", "aim"), ANSWER.replace("stage1,", "stage1-limit,").replace("10", "9")],
        "goes further",
        "Answers stage 1 at the outside within 9 working days",
    ),
    # what the policy's own source leaves open is never a clean answer, and says what is left open
    (
        [ANSWER],
        [ANSWER + ", unclear: It names no start. More of that."],
        "for judgement",
        "On one reading, answers stage 1 within 10 working days of the stage 1 acknowledgement (1), as the Code asks. "
        "It names no start.",
    ),
    ([ANSWER], [TEN_FROM_RECEIPT + ", unclear: It names no start."], "for judgement", "(1); the Code allows"),
    ([ANSWER], [ANSWER.replace("10", "15") + ", unclear: It names no start."], "for judgement", "It names no start."),
    ([ANSWER], [ANSWER.replace("deadline", "aim") + ", unclear: It names no start."], "departs", "It is only an aim"),
    (
        [ANSWER],
        [ANSWER + ", or_within: 15 working days"],
        "for judgement",
        "the policy counts 15 working days from the",
    ),
    ([ANSWER], [ANSWER + ", or_within: 8 working days"], "follows", "as the Code asks"),
    # limits in weeks and calendar days
    (
        [ANSWER.replace("10 working days", "2 weeks")],
        [ANSWER.replace("10 working days", "14 calendar days")],
        "follows",
        "within 14 calendar days",
    ),
    ([ANSWER.replace("10 working", "14 calendar")], [ANSWER], "departs", "on 7 April 2026 and the Code's on 3"),
    ([ANSWER], [ANSWER.replace("10 working days", "2 weeks")], "goes further", "within 2 weeks of"),
    # windows are the complainant's
    (
        [YEAR],
        [YEAR],
        "follows",
        "Allows 12 months from the person becoming aware of the matter to complain (1), as the Code allows.",
    ),
    (
        [YEAR],
        [YEAR.replace("12", "6")],
        "departs",
        "the Code's time ends on 12 January 2027 and the policy's on 12 July 2026",
    ),
    ([YEAR], [YEAR.replace("12", "18")], "goes further", "the Code allows 12 months"),
    ([YEAR], [YEAR.replace("matter_known", "matter_occurred")], "departs", "the policy's on 12 January 2027"),
    (
        [YEAR.replace("matter_known", "matter_occurred")],
        [YEAR],
        "goes further",
        "the Code allows 12 months from the matter",
    ),
    ([YEAR], [YEAR + ", unless: {flag: cse}"], "follows", "as the Code allows"),
    # notice of a meeting
    (
        [PANEL + ", within: 10 working days"],
        [PANEL + ", within: 10 working days"],
        "follows",
        "Gives at least 10 working days of notice (1)",
    ),
    ([PANEL + ", within: 10 working days"], [PANEL + ", within: 9 working days"], "departs", "where the Code asks 10"),
    (
        [PANEL + ", within: 10 working days"],
        [PANEL + ", within: 11 working days"],
        "goes further",
        "where the Code asks 10",
    ),
    ([PANEL + ", within: 10 working days"], [ACK_5], "not stated", "invite the person to the panel"),
    # more time
    (
        [TEN_MORE + ", cap: soft"],
        [ANSWER, TEN_MORE + ", cap: hard"],
        "follows",
        "(1); the Code would allow up to 10 working days more, and longer only for",
    ),
    (
        [TEN_MORE + ", cap: soft"],
        [ANSWER, TEN_MORE + ", cap: soft"],
        "follows",
        "and longer only for good reason (1), as the Code would allow",
    ),
    (
        [TEN_MORE + ", cap: hard"],
        [ANSWER, TEN_MORE + ", cap: soft"],
        "departs",
        "Going further for good reason is more than",
    ),
    (
        [TEN_MORE + ", cap: hard"],
        [ANSWER, TEN_MORE.replace("10", "5") + ", cap: hard"],
        "goes further",
        "up to 5 working days more, and no longer",
    ),
    (
        [TEN_MORE + ", cap: hard"],
        [ANSWER, TEN_MORE.replace("10", "11") + ", cap: hard"],
        "departs",
        "the policy's limit with its extension ends on",
    ),
    (
        [TEN_MORE + ", cap: hard"],
        [ANSWER.replace("10", "15"), TEN_MORE + ", cap: hard"],
        "departs",
        "the policy's limit with its extension ends on",
    ),
    (
        [TEN_MORE + ", cap: hard"],
        [ANSWER, TEN_MORE.replace("10 working days", "any") + ", cap: none"],
        "departs",
        "may take more time, with no limit (1); the Code would allow up to",
    ),
    (
        [TEN_MORE.replace("10 working days", "as agreed") + ", cap: none"],
        [ANSWER, TEN_MORE + ", cap: hard"],
        "goes further",
        "would allow more time as agreed with the person",
    ),
    (
        [TEN_MORE.replace("10 working days", "as agreed") + ", cap: none"],
        [ANSWER, TEN_MORE.replace("10 working days", "as agreed") + ", cap: none"],
        "follows",
        "more time as agreed with the person (1), as the Code",
    ),
    (
        [TEN_MORE.replace("10 working days", "as agreed") + ", cap: none"],
        [ANSWER, TEN_MORE.replace("10 working days", "any") + ", cap: none"],
        "departs",
        "may take more time, with no limit (1); the Code would allow",
    ),
    (
        [TEN_MORE + ", cap: soft, beyond_cap: [reason]"],
        [ANSWER, TEN_MORE + ", cap: soft"],
        "for judgement",
        "Beyond it, the reason for taking longer",
    ),
    ([TEN_MORE + ", cap: hard"], [ANSWER], "not stated", "says nothing about more time"),
    (
        [TEN_MORE + ", cap: hard"],
        [ANSWER, TEN_MORE + ", cap: hard, unclear: It does not say how long."],
        "for judgement",
        "On one reading, stage 1 may take up to 10 working days more, and no longer (1), as the Code would allow. It "
        "does",
    ),
    # independence
    (
        [SOMEBODY_ELSE],
        [SOMEBODY_ELSE + ", unclear: It may mean that."],
        "for judgement",
        "as the Code asks. It may mean",
    ),
    ([SOMEBODY_ELSE], [SOMEBODY_ELSE], "follows", "somebody who did not consider stage 1 (1), as the Code asks"),
    ([SOMEBODY_ELSE], [SOMEBODY_ELSE + ", late: judgement"], "for judgement", "less firmly"),
    ([SOMEBODY_ELSE], [ANSWER], "not stated", "does not say that somebody else"),
    # letters
    (
        [NOTICE + ", holds: [reason]"],
        [NOTICE + ", holds: [reason]"],
        "follows",
        "The stage 1 extension notice holds the reason for taking longer (1), as the Code asks.",
    ),
    (
        [NOTICE + ", holds: [reason]"],
        [NOTICE + ", holds: [reason, ombudsman]"],
        "goes further",
        "It holds more: how to go to the Ombudsman (1).",
    ),
    (
        [NOTICE + ", holds: [reason, new_date]"],
        [NOTICE + ", holds: [ombudsman]"],
        "departs",
        "The stage 1 extension notice need not hold the reason for taking longer and the new date for the reply (1).",
    ),
    ([NOTICE + ", holds: [reason]"], [ANSWER], "not stated", "does not say what the stage 1 extension notice holds"),
    (
        [NOTICE + ", holds: [ombudsman]"],
        [NOTICE + ", holds: [ombudsman], if: {beyond_cap: true}"],
        "departs",
        "only where the new date is later than the procedure allows",
    ),
    (
        [NOTICE + ", holds: [ombudsman], if: {beyond_cap: true}"],
        [NOTICE + ", holds: [ombudsman], if: {beyond_cap: true}"],
        "follows",
        "as the Code asks",
    ),
    (
        [NOTICE + ", holds: [ombudsman], if: {beyond_cap: true}"],
        [NOTICE + ", holds: [ombudsman]"],
        "follows",
        "as the Code asks",
    ),
    (
        [NOTICE + ", holds: [reason]"],
        [NOTICE + ", holds: [reason], if: {person: where it is kind}"],
        "for judgement",
        "only where it is kind",
    ),
    (
        [NOTICE + ", holds: [reason], if: {person: where it is kind}"],
        [NOTICE + ", holds: [new_date]"],
        "for judgement",
        "need not hold the reason for taking longer (1), which the Code asks where it is kind.",
    ),
    (
        [NOTICE + ", holds: [reason], lacking: judgement"],
        [NOTICE + ", holds: [new_date]"],
        "for judgement",
        "need not hold",
    ),
    (
        [NOTICE + ", holds: [reason], unclear: Our reading."],
        [NOTICE + ", holds: [new_date]"],
        "for judgement",
        "(1), which, on one reading, the Code asks for.",
    ),
    (
        [NOTICE + ", holds: [reason]"],
        [NOTICE + ", holds: [reason], unclear: It may be another letter."],
        "for judgement",
        "holds the reason for taking longer on one reading only (1). It may be another letter.",
    ),
    # words of which one will do
    (
        [NOTICE + ", holds_one_of: [reason, apology]"],
        [NOTICE + ", holds: [apology]"],
        "follows",
        "holds an apology (1), as the Code asks.",
    ),
    (
        [NOTICE + ", holds_one_of: [reason, apology]"],
        [NOTICE + ", holds: [new_date]"],
        "departs",
        "need not hold the reason for taking longer or an apology (1).",
    ),
    ([NOTICE + ", holds_one_of: [reason, apology]"], [NOTICE + ", holds_one_of: [apology, reason]"], "follows", "(1)"),
    (
        [NOTICE + ", holds: [reason]"],
        [NOTICE + ", holds_one_of: [reason, apology]"],
        "for judgement",
        "holds the reason for taking longer or something else in its place (1).",
    ),
    (
        [LETTER + ", holds: [remedy], if: {outcome: [upheld]}"],
        [LETTER + ", holds: [remedy], if: {outcome: [upheld, partly_upheld]}"],
        "follows",
        "holds the remedy (1)",
    ),
    (
        [LETTER + ", holds: [remedy], if: {outcome: [upheld, partly_upheld]}"],
        [LETTER + ", holds: [remedy], if: {outcome: [upheld]}"],
        "departs",
        "only where the outcome is upheld (1), which the Code asks where the outcome is upheld or partly upheld",
    ),
    (
        [LETTER + ", holds: [reasons]"],
        [
            LETTER + ", holds: [reasons], if: {outcome: [upheld, partly_upheld]}",
            LETTER + ", holds: [reasons], if: {outcome: [not_upheld]}",
        ],
        "follows",
        "holds the reasons for the decision (1)",
    ),
    (
        [LETTER + ", holds: [remedy]"],
        [LETTER + ", holds: [remedy], if: {recorded: [remedy_offered]}"],
        "for judgement",
        "only where a remedy is offered",
    ),
    (
        [LETTER + ", holds: [remedy]"],
        [LETTER + ", holds: [remedy], unless: {flag: contractor}"],
        "for judgement",
        "but not where the complaint is about a contractor",
    ),
    # any one of several words will do
    (
        [LETTER + ", holds_one_of: [remedy, apology]"],
        [LETTER + ", holds: [apology]"],
        "follows",
        "holds an apology (1)",
    ),
    (
        [LETTER + ", holds_one_of: [remedy, apology]"],
        [LETTER + ", holds_one_of: [apology, remedy]"],
        "follows",
        "(1), as the Code asks.",
    ),
    (
        [LETTER + ", holds: [remedy]"],
        [LETTER + ", holds_one_of: [apology, remedy]"],
        "for judgement",
        "holds the remedy or something else in its place (1)",
    ),
    (
        [LETTER + ", holds_one_of: [remedy, apology]"],
        [LETTER + ", holds: [decision]"],
        "departs",
        "need not hold the remedy or an apology (1).",
    ),
    (
        ["refusal-stage2-contents, kind: contents, holds: [explanation]"],
        ["refusal-stage2-contents, kind: contents, holds: [explanation], if: {late_request: true}"],
        "for judgement",
        "only where the request came late",
    ),
]


@pytest.mark.parametrize(("code", "policy", "verdict", "said"), RULES)
def test_a_rule_next_to_a_rule(tmp_path: Path, code: list[str], policy: list[str], verdict: str, said: str) -> None:
    if any(rule.startswith("extend") for rule in code):
        code = [ANSWER, *code]
    # The limit that is extended stands in a paragraph of its own.
    paragraphs = [clause(number, rule) for number, rule in enumerate(code, start=1)]
    (*_, answer) = answers(tmp_path, [clause(1, *policy)], paragraphs)
    assert (str(answer.verdict), said in answer.commentary) == (verdict, True), answer
    assert answer.clauses == (() if verdict == "not stated" else ("1",))


def test_a_letter_is_gathered_over_clauses_and_words_beyond_the_code_are_reported_once(tmp_path: Path) -> None:
    code = [clause(1, NOTICE + ", holds: [reason, new_date]"), clause(2, NOTICE + ", holds: [ombudsman]")]
    policy = [
        clause(7, NOTICE + ", holds: [reason]"),
        clause(8, NOTICE + ", holds: [new_date, ombudsman, apology]", heading="More"),
    ]
    first, second = answers(tmp_path, policy, code)
    assert (first.verdict, first.clauses) == (Verdict.FURTHER, ("7", "8"))
    assert "holds more: an apology (8)" in first.commentary
    assert (second.verdict, second.clauses) == (Verdict.FOLLOWS, ("8",))


def test_law_is_called_law_and_guidance_never_unlawful(tmp_path: Path) -> None:
    later = [clause(1, ANSWER.replace("10", "12"))]
    (law,) = answers(tmp_path, later, [clause(1, ANSWER)], standing="law")
    assert law.verdict is Verdict.DEPARTS and law.longer_than_law
    assert "the Regulations allow 10 working days" in law.commentary
    assert law.commentary.endswith("This is longer than the law allows.")
    inclusive = ANSWER.replace("10 working days", "6 months inclusive")
    (day,) = answers(tmp_path, [clause(1, inclusive.replace(" inclusive", ""))], [clause(1, inclusive)], standing="law")
    assert day.verdict is Verdict.JUDGEMENT and not day.longer_than_law
    assert "The two differ only in whether the first day counts." in day.commentary
    (window,) = answers(tmp_path, [clause(1, YEAR.replace("12", "6"))], [clause(1, YEAR)], standing="law")
    assert window.verdict is Verdict.DEPARTS and not window.longer_than_law  # too short, not too long
    for standing in ("guidance", "statutory code"):
        (code,) = answers(tmp_path, later, [clause(1, ANSWER)], standing=standing)
        assert code.verdict is Verdict.DEPARTS and not code.longer_than_law
        assert "law" not in code.commentary


def test_a_hold_stops_the_council_s_clock_and_not_the_code_s(tmp_path: Path) -> None:
    policy = [clause(1, ANSWER), clause(2, more="stops_clock_of: [1]")]
    (answer,) = answers(tmp_path, policy, [clause(1, ANSWER)])
    assert (answer.verdict, answer.clauses) == (Verdict.DEPARTS, ("1", "2"))
    assert "Its clock stops while a case is on hold (2); the Code's does not." in answer.commentary
    read = [clause(1, ANSWER), clause(2, more="stops_clock_of: [1]\nunclear: Only how it is read.")]
    (answer,) = answers(tmp_path, read, [clause(1, ANSWER)])
    assert answer.verdict is Verdict.JUDGEMENT
    assert "On one reading, its clock stops while a case is on hold (2)" in answer.commentary
    (answer,) = answers(tmp_path, [clause(1, ANSWER), clause(2, more="stops_clock_of: [2]")], [clause(1, ANSWER)])
    assert answer.verdict is Verdict.FOLLOWS


#: The limits of the policy and of the Code, when the council is closed, the verdict, a part of what is said.
CHRISTMAS = {dt.date(2026, 12, day): "Christmas closure" for day in (29, 30, 31)}
CLOSED: list[tuple[str, str, dict[dt.date, str], str, str | None]] = [
    (
        "5 working days",
        "5 working days",
        CHRISTMAS,
        "departs",
        "The council leaves its closure days out of the count, and the Code counts them. With receipt on 18 December "
        "2026, the policy's time ends on 4 January 2027 and the Code's on 29 December 2026. The council is closed on "
        "29, 30 and 31 December 2026.",
    ),
    ("5 working days", "5 working days", {}, "follows", None),
    ("3 working days", "5 working days", CHRISTMAS, "departs", "The council is closed on 29, 30 and 31 December 2026."),
    ("2 working days", "20 working days", CHRISTMAS, "goes further", None),
    ("2 months", "2 months", CHRISTMAS, "follows", None),
    ("4 weeks", "4 weeks", CHRISTMAS, "follows", None),
]


@pytest.mark.parametrize(("own", "asked", "closed", "verdict", "said"), CLOSED)
def test_a_limit_is_later_than_the_code_s_where_closure_days_fall(
    tmp_path: Path, own: str, asked: str, closed: dict[dt.date, str], verdict: str, said: str | None
) -> None:
    """Contract 4.2: a council's closure days are not counted by its own rulebooks, and are by national ones."""
    rule = "acknowledge-stage1, kind: deadline, from: received, to: stage1_acknowledged, within: %s"
    policy = read_rulebook(book(tmp_path, "testshire.corporate", clause(1, rule % own)))
    for standing in ("guidance", "law"):
        code = read_rulebook(book(tmp_path, "code", clause(1, rule % asked), standing=standing))
        (answer,) = assess(policy, code, HOST.words, Calendar(closed), Calendar())
        assert answer.verdict == verdict
        assert ("closure days" in answer.commentary) is (said is not None)
        assert not answer.longer_than_law and "law" not in answer.commentary
        if said and standing == "guidance":
            assert said in answer.commentary


def test_an_extension_is_later_than_the_code_s_where_closure_days_fall(tmp_path: Path) -> None:
    more = "extend-stage1, kind: extension, extends: respond-stage1, by: 10 working days, cap: hard"
    own = read_rulebook(book(tmp_path, "testshire.corporate", clause(1, ANSWER), clause(2, more)))
    code = read_rulebook(book(tmp_path, "code", clause(1, ANSWER), clause(2, more), standing="guidance"))
    _, extended = assess(own, code, HOST.words, Calendar(CHRISTMAS), Calendar())
    assert extended.verdict is Verdict.DEPARTS and "closure days" in extended.commentary
    _, extended = assess(own, code, HOST.words)
    assert extended.verdict is Verdict.FOLLOWS
