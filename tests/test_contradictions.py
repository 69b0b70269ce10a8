"""The self-assessment: where a policy contradicts itself, what is unclear of it, and which paragraphs it names."""

from __future__ import annotations

from pathlib import Path

import pytest
from assessing import (
    ACK_5,
    ANSWER,
    HOST,
    TEN_MORE,
    book,
    clause,
)
from putright import national, plugins
from putright.hookspecs import hookimpl
from putright.policy.assessment import assess
from putright.policy.contradictions import contradictions, unclear
from putright.rulebooks.reading import RulebookError, read_rulebook


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
