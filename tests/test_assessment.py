"""The self-assessment: what each rule and each claim makes of a paragraph; contradictions; forms; real councils."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from putright import cli, fields, national, plugins
from putright.calendars import Calendar
from putright.hookspecs import hookimpl
from putright.policy import forms
from putright.policy.assessment import Answer, assess
from putright.policy.contradictions import contradictions, unclear
from putright.policy.evidence import Verdict
from putright.policy.forms import AssessmentError, SelfAssessment, self_assess
from putright.rulebooks.phrases import ACTS
from putright.rulebooks.reading import RulebookError, read_rulebook
from putright.rulebooks.rules import Independence, Timed

HOST = plugins.load()
BOOK = """\
rulebook: {name}
title: {name}
authority: Testshire
standing: {standing}
edition: first
in_force: {{from: 2024-01-01}}
source: {{document: Made up for tests}}
governed_by: [{governed_by}]
owner: Tests
clauses:
{clauses}
"""
CLAUSE = """\
  - id: "{id}"
    heading: {heading}
    text: Made up.
{more}
"""
ANSWER = "respond-stage1, kind: deadline, from: stage1_acknowledged, to: stage1_responded, within: 10 working days"
TEN_FROM_RECEIPT = "respond-stage1, kind: deadline, from: received, to: stage1_responded, within: 10 working days"
ACK_5 = "acknowledge-stage1, kind: deadline, from: received, to: stage1_acknowledged, within: 5 working days"
YEAR = "complain-in-time, kind: window, from: matter_known, to: received, within: 12 months"
TEN_MORE = "extend-stage1, kind: extension, extends: respond-stage1, by: 10 working days"
NOTICE = "extension-stage1-contents, kind: contents"
LETTER = "response-stage1-contents, kind: contents"
SOMEBODY_ELSE = "independence-stage2, kind: independence"
PANEL = "invite-to-panel, kind: notice, from: stage3_panel_invited, to: stage3_panel_met"


def clause(number: int | str, *rules: str, more: str = "", heading: str = "Of a thing") -> str:
    lines = [f"    {line}" for line in more.splitlines()]
    lines += ["    rules:", *(f"      - {{rule: {rule}}}" for rule in rules)] if rules else []
    return CLAUSE.format(id=number, heading=heading, more="\n".join(lines))


def book(folder: Path, name: str, *clauses: str, standing: str = "policy", governed_by: str = "lgsco") -> Path:
    path = folder / f"{name}.yaml"
    text = BOOK.format(name=name, standing=standing, governed_by=governed_by, clauses="".join(clauses))
    path.write_text(text, encoding="utf-8")
    return path


def answers(folder: Path, policy: list[str], code: list[str], standing: str = "guidance") -> list[Answer]:
    own = read_rulebook(book(folder, "testshire.corporate", *policy))
    national = read_rulebook(book(folder, "code", *code, standing=standing, governed_by=""))
    return assess(own, national, HOST.words)


# --- rules against rules --------------------------------------------------------------------------

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
    ([TEN_MORE + ", cap: hard"], [ANSWER], "not stated", "says nothing of more time"),
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


# --- what clauses say of themselves ---------------------------------------------------------------

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


# --- contradictions and doubts --------------------------------------------------------------------


def restating(*times: str) -> str:
    return "restates:\n" + "\n".join(f"  - {{rule: {time}}}" for time in times)


CHAIN = [ACK_5, ANSWER, TEN_MORE + ", cap: hard"]
#: What other clauses restate, and the contradictions found: kind and clauses.
RESTATED: list[tuple[list[str], list[tuple[str, tuple[str, ...]]]]] = [
    (["respond-stage1, from: stage1_acknowledged, within: 10 working days"], []),
    (["respond-stage1, from: stage1_acknowledged, within: 9 working days"], [("different times", ("1", "2"))]),
    (["respond-stage1, from: received, within: 15 working days"], [("same at most", ("1", "2"))]),
    (["respond-stage1, from: received, within: 14 working days"], [("different times", ("1", "2"))]),
    (["extend-stage1, from: stage1_acknowledged, within: 20 working days"], []),
    (["extend-stage1, from: received, within: 25 working days"], [("same at most", ("1", "2"))]),
    (["triage, from: received, within: 1 working day"], []),
    (
        ["triage, from: received, within: 1 working day", "triage, from: received, within: 2 working days"],
        [("different times", ("2", "3"))],
    ),
    (
        [f"acknowledge-stage1, from: received, within: {days} working days" for days in (3, 4)],
        [("different times", ("1", "2")), ("different times", ("1", "3")), ("different times", ("2", "3"))],
    ),
    (["acknowledge-stage1, from: informal_referred, within: 5 working days"], [("different times", ("1", "2"))]),
]


@pytest.mark.parametrize(("again", "found"), RESTATED)
def test_times_given_twice(tmp_path: Path, again: list[str], found: list[tuple[str, tuple[str, ...]]]) -> None:
    repeated = [clause(number, more=restating(time)) for number, time in enumerate(again, start=2)]
    own = read_rulebook(book(tmp_path, "testshire.corporate", clause(1, *CHAIN), *repeated))
    clashes = contradictions(own, [])
    assert [(clash.kind, clash.clauses) for clash in clashes] == found
    assert all(clash.text.count(" gives ") == 2 for clash in clashes)


def test_a_contradiction_says_how_and_when(tmp_path: Path) -> None:
    repeated = clause(2, more=restating("respond-stage1, from: received, within: 16 working days"))
    own = read_rulebook(book(tmp_path, "testshire.corporate", clause(1, *CHAIN), repeated))
    (clash,) = contradictions(own, [])
    assert clash.text == (
        "Respond at stage 1: 1 gives 10 working days from the stage 1 acknowledgement, 2 gives 16 working days from "
        "receipt. With receipt and the stage 1 acknowledgement on 12 January 2026, the time of 2 ends on "
        "3 February 2026 and that of 1 on 26 January 2026."
    )


def test_longer_than_the_law_is_among_the_contradictions(tmp_path: Path) -> None:
    own = book(tmp_path, "testshire.corporate", clause(4, ANSWER.replace("10", "12")))
    code = read_rulebook(book(tmp_path, "code", clause(14, ANSWER), standing="law"))
    policy = read_rulebook(own)
    (clash,) = contradictions(policy, assess(policy, code, HOST.words))
    assert (clash.kind, clash.step, clash.clauses) == ("longer than the law", "code 14", ("4",))


def test_doubts_of_rule_clause_and_document(tmp_path: Path) -> None:
    path = book(
        tmp_path, "testshire.corporate", clause(1, ANSWER + ", unclear: The rule.", more="unclear: The clause.")
    )
    path.write_text(path.read_text(encoding="utf-8") + "\nunclear: The document.\n", encoding="utf-8")
    doubts = [(doubt.clause, doubt.rule, doubt.text) for doubt in unclear(read_rulebook(path))]
    assert doubts == [
        (None, None, "The document."),
        ("1", None, "The clause."),
        ("1", "respond-stage1", "The rule."),
    ]


REFERENCES = [
    ("answers: [lgsco 6.33]", "clause 1: answers 'lgsco 6.33', but lgsco has no paragraph 6.33; did you mean 6.3?"),
    (
        "answers: [lgsc 6.3]",
        "clause 1: answers 'lgsc 6.3', but no national rulebook is named 'lgsc'; did you mean 'lgsco'?; known: ",
    ),
    (
        "departs: [{from: lgsco 6.3 z, because: No}]",
        "clause 1: departs from 'lgsco 6.3 z', but lgsco 6.3 has no point z",
    ),
]


@pytest.mark.parametrize(("more", "message"), REFERENCES)
def test_a_plugin_names_only_paragraphs_there_are(tmp_path: Path, more: str, message: str) -> None:
    class Testshire:
        @hookimpl
        def putright_rulebooks(self) -> list[Path]:
            return [book(tmp_path, "testshire.corporate", clause(1, more=more), clause(2, more="answers: [lgsco 6.3]"))]

    with pytest.raises(RulebookError) as caught:
        plugins.build([("national", national, "0"), ("testshire", Testshire(), "0")])
    assert str(caught.value).startswith(f"plugin 'testshire': {tmp_path}") and message in str(caught.value)
    assert caught.value.line is not None
    assert len(str(caught.value).splitlines()) == 1


# --- forms, files and the command -----------------------------------------------------------------


def test_the_section_form_has_every_paragraph_once() -> None:
    with forms._SECTIONS.open(encoding="utf-8", newline="") as file:
        sections = list(csv.DictReader(file))
    numbers = [own.id for own in HOST.editions["lgsco"][-1].clauses]
    ranges = [numbers[numbers.index(row["first"]) : numbers.index(row["last"]) + 1] for row in sections]
    assert [number for paragraphs in ranges for number in paragraphs] == numbers
    for row, paragraphs in zip(sections, ranges, strict=True):
        assert all(number.startswith(f"{row['section']}.") for number in paragraphs)


ROW_KEYS = {
    None: ["rulebook", "code", "standing", "paragraph", "heading", "strength", "status", "verdict", "clauses",
           "commentary", "open_points", "doubts"],
    "paragraphs": ["rulebook", "code", "paragraph", "heading", "strength", "comply", "evidence", "commentary"],
    "sections": ["rulebook", "code", "section", "heading", "statement", "comply", "evidence", "commentary"],
}  # fmt: skip


@pytest.mark.parametrize("form", ROW_KEYS)
def test_rows_have_the_documented_keys(form: Any) -> None:
    book = HOST.editions["telford-wrekin.corporate" if form == "paragraphs" else "coventry.corporate"][-1]
    rows = self_assess(HOST, [book]).rows(form)
    assert rows and all(list(row) == ROW_KEYS[form] for row in rows)
    for key in ROW_KEYS[form]:
        assert key in (SelfAssessment.rows.__doc__ or "")
    if form:
        assert {row["comply"] for row in rows} <= {"yes", "no", "not shown", "for judgement"}


def _run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = cli.main(["assess", *map(str, arguments)])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_json_at_the_terminal_is_the_answers_alone(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(capsys, "coventry", "--procedure", "children", "--format", "json")
    rows = json.loads(out)
    assert code == 0 and {row["code"] for row in rows} == {"children-2006"}
    assert "Contradictions" in err and "unclear" in err


def test_a_policy_no_one_has_installed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path, "testshire.corporate", clause(1, ANSWER, heading="'[bold]=1+1'"))
    output = tmp_path / "own.json"
    code, out, _ = _run(capsys, path, "--output", output)
    assert code == 0 and "testshire.corporate (first) beside lgsco" in out
    assert "a departure from guidance, not a breach of law" in " ".join(out.split())
    data = json.loads(output.read_text(encoding="utf-8"))
    assert list(data) == ["software", "rulebooks", "codes", "answers", "contradictions", "unclear"]
    assert {row["paragraph"] for row in data["answers"] if row["clauses"] == ["1"]} == {"6.3"}


def test_the_workbook_is_text_that_can_be_filtered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = clause("=1+1", ANSWER, more="unclear: '=2+2'\nanswers: [lgsco 1.6]", heading="=3+3")
    path = book(tmp_path, "testshire.corporate", policy)
    output = tmp_path / "own.xlsx"
    assert _run(capsys, path, "--output", output)[0] == 0
    workbook = openpyxl.load_workbook(output)
    assert workbook.sheetnames == ["self-assessment", "contradictions", "unclear"]
    sheet = workbook["self-assessment"]
    assert [cell.value for cell in sheet[1]] == [key.replace("_", " ") for key in ROW_KEYS[None]]
    assert sheet.auto_filter.ref == sheet.dimensions
    values = [cell for page in workbook for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in values} <= {"s", "n"}  # "n" is openpyxl's word for an empty cell too
    assert any(cell.value == "=1+1" for cell in values) and any(cell.value == "=2+2" for cell in values)


#: The headings of the two Ombudsmen's own forms.
FORMS = {
    "sections": ["Code section", "Action", "Do we follow the Code: Yes/No", "Explanations and commentary"],
    "paragraphs": ["Code provision", "Code requirement", "Comply: Yes / No", "Evidence", "Commentary / explanation"],
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_has_the_ombudsman_s_headings_and_can_be_printed(form: Any) -> None:
    assessed = self_assess(HOST, [HOST.editions["coventry.corporate"][-1]], "lgsco")
    sheet = openpyxl.load_workbook(io.BytesIO(assessed.workbook(form)))["self-assessment"]
    headings, *rows = sheet.iter_rows(values_only=True)
    assert list(headings) == FORMS[form]
    assert len(rows) == len(assessed.rows(form))
    assert {row[2] for row in rows} <= {"Yes", "No", "Not shown", "For judgement"}
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows) == (
        "landscape",
        9,
        "$1:$1",
    )
    assert sheet.page_setup.fitToWidth in (None, 1), "as wide as one page"
    assert sheet.page_setup.fitToHeight == 0, "as long as need be"
    for line, row in enumerate(rows, start=2):
        room = sheet.column_dimensions["ABCDE"[len(headings) - 1]].width * 1.3
        assert (sheet.row_dimensions[line].height or 15) >= 15 * (len(str(row[-1])) // room)


def test_a_form_of_several_policies_names_each() -> None:
    names = ("coventry.corporate", "telford-wrekin.corporate")
    assessed = self_assess(HOST, [HOST.editions[name][-1] for name in names], "lgsco")
    sheet = openpyxl.load_workbook(io.BytesIO(assessed.workbook("sections")))["self-assessment"]
    headings, *rows = sheet.iter_rows(values_only=True)
    assert list(headings) == ["Policy", *FORMS["sections"]]
    assert {row[0] for row in rows} == {f"{name}, lgsco" for name in names}


def test_the_commentary_of_a_section() -> None:
    """One paragraph needs, two need."""

    def answer(paragraph: str, verdict: Verdict) -> Answer:
        whole = self_assess(HOST, [HOST.editions["coventry.corporate"][-1]], "lgsco").answers[1]
        return dataclasses.replace(whole, paragraph=paragraph, verdict=verdict, doubts=(), commentary="It is late.")

    some = [answer(number, Verdict.FOLLOWS) for number in ("7.2", "7.3", "7.5")]
    assert forms._summed([*some, answer("7.1", Verdict.JUDGEMENT)]) == (
        "The policy complies with 7.2, 7.3 and 7.5. Paragraph 7.1 needs your judgement."
    )
    others = [
        answer(n, v) for n, v in (("1.1", Verdict.JUDGEMENT), ("1.2", Verdict.JUDGEMENT), ("1.3", Verdict.DEPARTS))
    ]
    assert forms._summed([*others, answer("1.4", Verdict.NOT_STATED), answer("1.5", Verdict.FURTHER)]) == (
        "1.3: It is late. The policy goes further than 1.5. The policy does not mention what 1.4 asks for. "
        "Paragraphs 1.1 and 1.2 need your judgement."
    )


MISTAKES: list[tuple[list[str], str]] = [
    (["nowhere"], "unknown council 'nowhere'"),
    (["coventry", "--code", "housing"], "'housing' does not govern coventry.corporate, coventry.children and coventry"),
    (["coventry", "--code", "children-2006", "--form", "sections"], "there is no section form for children-2006"),
    (["coventry", "--output", "own.pdf"], "give a file ending in .json or .xlsx"),
    (["coventry", "--procedure", "housing"], "there is no rulebook coventry.housing"),
    (["missing.yaml"], "missing.yaml: cannot be read"),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES)
def test_mistakes_are_a_sentence(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = _run(capsys, *arguments)
    assert (code, out, message in err) == (2, "", True), err
    assert len(err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_policy_with_mistakes_or_no_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path, "testshire.corporate", clause(1, ANSWER.replace("10 working", "10 workin")))
    code, _, err = _run(capsys, path)
    assert code == 2 and f"{path}:15:" in err and "clause 1: 'within': expected a number from 1" in err
    path = book(tmp_path, "testshire.corporate", clause(1, ANSWER, more="answers: [lgsco 6.33, lgsco 8.1 z]"))
    code, _, err = _run(capsys, path)
    assert code == 2 and "clause 1 answers 'lgsco 6.33', but lgsco has no paragraph 6.33; did you mean 6.3?" in err
    assert "clause 1 answers 'lgsco 8.1 z', but lgsco 8.1 has no point z; its points: a, b" in err
    path = book(tmp_path, "testshire.corporate", clause(1, ANSWER), governed_by="lgsc")
    assert "'governed_by' names 'lgsc', which is no national rulebook" in _run(capsys, path)[2]
    path = book(tmp_path, "testshire.corporate", clause(1, ANSWER), governed_by="")
    assert "no national rulebook governs testshire.corporate" in _run(capsys, path)[2]


# --- the real councils ----------------------------------------------------------------------------

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
