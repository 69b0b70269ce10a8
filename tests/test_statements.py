"""Every generated sentence: said when its condition holds, not said otherwise, and never more than its cells."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from putright.committee import statements
from putright.committee.statements import Statement, StepWords, first
from putright.documents.paper import Cell, Share, Withheld

HIDDEN = Withheld()
ANSWER = StepWords("sent", "stage 1 response to a corporate complaint", "stage 1 responses to corporate complaints")
ACKNOWLEDGED = StepWords(
    "acknowledged", "corporate complaint", "corporate complaints", "within 5 working days", "due to be acknowledged"
)
WHEN = "up to 1 May 2026"
CODE = "the Code"
NAMED = {statement.id: statement for statement in statements.ALL}

#: A statement, what it is given, and what it then says (None: it may not be said).
TABLE: list[tuple[str, tuple[Any, ...], str | None]] = [
    ("complaints-none", (0, "corporate", WHEN), "No corporate complaint was received up to 1 May 2026."),
    ("complaints-none", (0, "", WHEN), "No complaint was received up to 1 May 2026."),
    ("complaints-none", (1, "corporate", WHEN), None),
    ("complaints-none", (HIDDEN, "corporate", WHEN), None),
    ("complaints-none", (0, "corporate", WHEN, 1), None),
    (
        "complaints-none-read",
        (0, "corporate", WHEN, 12),
        "The case records that could be read show no corporate complaint received up to 1 May 2026; 12 could not be "
        "read, so that we cannot say that none was received.",
    ),
    (
        "complaints-none-read",
        (0, "", WHEN, 1),
        "The case records that could be read show no complaint received up to 1 May 2026; one could not be read, so "
        "that we cannot say that none was received.",
    ),
    ("complaints-none-read", (0, "corporate", WHEN, 0), None),
    ("complaints-none-read", (HIDDEN, "corporate", WHEN, 3), None),
    ("complaints-one", (1, "corporate", WHEN), "One corporate complaint was received up to 1 May 2026."),
    (
        "complaints-one",
        (1, "corporate", WHEN, 2),
        "One corporate complaint was received up to 1 May 2026, counting only the case records that could be read.",
    ),
    ("complaints-one", (0, "corporate", WHEN), None),
    ("complaints-one", (2, "corporate", WHEN), None),
    ("complaints", (2, "corporate", WHEN), "2 corporate complaints were received up to 1 May 2026."),
    ("complaints", (1234, "corporate", WHEN), "1,234 corporate complaints were received up to 1 May 2026."),
    (
        "complaints",
        (2, "corporate", WHEN, 2),
        "2 corporate complaints were received up to 1 May 2026, counting only the case records that could be read.",
    ),
    ("complaints", (1, "corporate", WHEN), None),
    ("complaints", (HIDDEN, "corporate", WHEN), None),
    (
        "complaints-withheld",
        (HIDDEN, "corporate", WHEN),
        "The number of corporate complaints received up to 1 May 2026 is not shown because it is too small to publish.",
    ),
    ("complaints-withheld", (0, "corporate", WHEN), None),
    ("kept-none-due", (None, ANSWER), "No stage 1 response to a corporate complaint was due."),
    ("kept-none-due", (None, ACKNOWLEDGED), "No corporate complaint was due to be acknowledged."),
    ("kept-none-due", (HIDDEN, ANSWER), None),
    ("kept-none-due", (Share(0, 1), ANSWER), None),
    (
        "kept-one",
        (Share(1, 1), ANSWER),
        "One stage 1 response to a corporate complaint was due. We sent it on time.",
    ),
    (
        "kept-one",
        (Share(0, 1), ACKNOWLEDGED),
        "One corporate complaint was due to be acknowledged. Our records do not show that we acknowledged it within 5 "
        "working days.",
    ),
    ("kept-one", (Share(0, 1), ANSWER, 1, 0), None),
    (
        "kept-unshown",
        (Share(0, 12), ANSWER, 12, 0),
        "Our records do not show whether we sent any of 12 stage 1 responses to corporate complaints on time.",
    ),
    (
        "kept-unshown",
        (Share(0, 1), ANSWER, 1, 0),
        "One stage 1 response to a corporate complaint was due. Our records do not show whether we sent it on time.",
    ),
    ("kept-unshown", (Share(0, 12), ANSWER, 11, 0), None),
    ("kept-unshown", (Share(0, 12), ANSWER, HIDDEN, 0), None),
    ("kept-unshown", (HIDDEN, ANSWER, 12, 0), None),
    ("kept-one", (Share(1, 2), ANSWER), None),
    ("kept-one", (None, ANSWER), None),
    ("kept-few", (Share(3, 19), ANSWER), "We sent 3 of 19 stage 1 responses to corporate complaints on time."),
    ("kept-few", (Share(0, 2), ANSWER), "We sent none of 2 stage 1 responses to corporate complaints on time."),
    ("kept-few", (Share(2, 2), ANSWER), "We sent all 2 stage 1 responses to corporate complaints on time."),
    (
        "kept-few",
        (Share(3, 19), ANSWER, 5, 1),
        "We sent 3 of 19 stage 1 responses to corporate complaints on time. Our records do not show the result for 5. "
        "One needs a person's judgement.",
    ),
    ("kept-few", (Share(0, 19), ANSWER, 19, 0), None),
    ("kept-few", (Share(3, 20), ANSWER), None),
    ("kept-few", (Share(1, 1), ANSWER), None),
    ("kept-few", (HIDDEN, ANSWER), None),
    (
        "kept",
        (Share(305, 360), ACKNOWLEDGED),
        "We acknowledged 305 of 360 corporate complaints (85%) within 5 working days.",
    ),
    (
        "kept",
        (Share(1000, 1000), ANSWER),
        "We sent all 1,000 stage 1 responses to corporate complaints (100%) on time.",
    ),
    (
        "kept",
        (Share(19, 40), ANSWER, 20, HIDDEN),
        "We sent 19 of 40 stage 1 responses to corporate complaints (48%) on time. Our records do not show the result "
        "for 20.",
    ),
    ("kept", (Share(0, 40), ANSWER, 40, 0), None),
    ("kept", (Share(19, 19), ANSWER), None),
    ("kept", (HIDDEN, ANSWER), None),
    ("kept", (None, ANSWER), None),
    (
        "kept",
        (Share(19, 20), StepWords("acknowledged", "complaint", "complaints", "on time", target=95)),
        "We acknowledged 19 of 20 complaints (95%) on time. Our target is 95%.",
    ),
    (
        "upheld",
        (Share(120, 321), "corporate"),
        "We upheld 120 of 321 corporate complaints (37%) at stage 1, in full or in part.",
    ),
    ("upheld", (Share(3, 19), "corporate"), None),
    ("upheld", (HIDDEN, "corporate"), None),
    (
        "escalated",
        (Share(80, 321), "corporate"),
        "After 80 of 321 stage 1 responses to corporate complaints (25%) the person asked for stage 2.",
    ),
    ("escalated", (None, "corporate"), None),
    (
        "kept-withheld",
        ([ANSWER.many, ACKNOWLEDGED.many],),
        "How many stage 1 responses to corporate complaints and corporate complaints were on time is not shown because "
        "the numbers are too small to publish.",
    ),
    ("kept-withheld", ([],), None),
    (
        "departures-none",
        (CODE, 40, 0, 0, 0),
        "We made 40 checks and found no departure.",
    ),
    ("departures-none", (CODE, 0, 0, 0, 0), None),
    ("departures-none", (CODE, 40, 0, 1, 0), None),
    ("departures-none", (CODE, 40, 0, HIDDEN, 0), None),
    (
        "departures",
        (CODE, 40, 1, 0, 7),
        "We made 40 checks and found 8 departures: one late, none incomplete and 7 overdue with nothing recorded.",
    ),
    ("departures", (CODE, 40, 0, 0, 0), None),
    ("departures", (CODE, HIDDEN, 5, 0, 0), None),
    ("departures", (CODE, 40, 5, HIDDEN, 0), None),
    (
        "departures-withheld",
        (CODE, 40, 5, HIDDEN, 0),
        "A total is not given for the Code because some of the numbers are too small to publish. The table of its "
        "rules shows the rest.",
    ),
    ("departures-withheld", (CODE, 40, 5, 1, 0), None),
    ("departures-withheld", (CODE, 0, 0, 0, 0), None),
    (
        "stage",
        ("Stage 1", Share(28, 40), 9, 1, 2),
        "Stage 1: 28 of 40 deadlines (70%) were met. 9 were met late, and one is overdue with nothing recorded. Our "
        "records do not show the result for 2.",
    ),
    (
        "stage",
        ("Stage 1", Share(1, 1), 0, 0, 0),
        "Stage 1: the one deadline was met. None were met late, and none are overdue with nothing recorded.",
    ),
    ("stage", ("Stage 1", None, 0, 0, 0), None),
    ("stage", ("Stage 1", Share(30, 40), HIDDEN, 5, 0), None),
    (
        "stage-share",
        ("Stage 1", Share(3, 5), HIDDEN, 0, HIDDEN),
        "Stage 1: 3 of 5 deadlines were met.",
    ),
    ("stage-share", ("Stage 1", Share(3, 5), 1, 1, 0), None),
    ("stage-share", ("Stage 1", HIDDEN, HIDDEN, 1, 1), None),
    ("stage", ("Stage 1", Share(0, 5), 0, 0, 5), None),
    (
        "stage-unshown",
        ("Stage 1", Share(0, 5), 0, 0, 5),
        "Stage 1: our records do not show whether any of 5 deadlines were met.",
    ),
    (
        "stage-unshown",
        ("Stage 1", Share(0, 1), HIDDEN, 0, 1),
        "Stage 1: our records do not show whether the one deadline was met.",
    ),
    ("stage-unshown", ("Stage 1", Share(0, 5), 1, 0, 4), None),
    (
        "letter-unshown",
        ("Refusal letters", "2.4", Share(0, 1), 1),
        "Refusal letters (2.4): our records do not show what the one sent contained.",
    ),
    (
        "letter-unshown",
        ("Refusal letters", "2.4", Share(0, 43), 43),
        "Refusal letters (2.4): our records do not show what any of 43 contained.",
    ),
    ("letter-unshown", ("Refusal letters", "2.4", Share(0, 43), 42), None),
    ("letter", ("Refusal letters", "2.4", Share(0, 43), 43), None),
    (
        "trend",
        ([("April to June 2026", Share(9, 12)), ("July to September 2026", HIDDEN), ("2026", Share(20, 40))],),
        "Stage 1 responses sent on time without an extension, by quarter: 75% of 12 (April to June 2026), not shown "
        "(July to September 2026) and 50% of 40 (2026).",
    ),
    ("trend", ([("April to June 2026", Share(9, 12)), ("July to September 2026", HIDDEN)],), None),
    (
        "letter",
        ("Refusal letters", "2.4", Share(25, 50), HIDDEN),
        "Refusal letters (2.4): 25 of 50 contained everything required (50%).",
    ),
    ("letter", ("Refusal letters", "2.4", None, 0), None),
    ("letter", ("Refusal letters", "2.4", HIDDEN, 5), None),
    ("departures-most", ({"a, 1": 3, "b, 2": 7},), "Most departures were from: b, 2 (7) and a, 1 (3)."),
    ("departures-most", ({"a, 1": 1, "b, 2": 7},), "Most departures were from: b, 2 (7)."),
    ("departures-most", ({"a, 1": 7, "b, 2": 7},), "Most departures were from: a, 1 (7) and b, 2 (7)."),
    (
        "departures-most",
        ({"a, 1": 2, "b, 2": 7, "c, 3": 4, "d, 4": 2, "e, 5": 1},),
        "Most departures were from: b, 2 (7) and c, 3 (4).",
    ),
    ("departures-most", ({"a, 1": 7, "b, 2": 7, "c, 3": 7, "d, 4": 7},), None),
    ("departures-most", ({"a, 1": 0, "b, 2": 1},), None),
    ("departures-most", ({"a, 1": HIDDEN, "b, 2": 7},), None),
    ("departures-most", ({"b, 2": 7},), None),
    (
        "departures-guidance",
        (CODE, "guidance"),
        "the Code is guidance. Departing from it is not in itself unlawful.",
    ),
    ("departures-guidance", (CODE, "law"), None),
    ("departures-guidance", (CODE, "policy"), None),
    ("document-in-doubt", (CODE, ("It ends.", "It is a draft.")), "the Code: It ends. It is a draft."),
    ("document-in-doubt", (CODE, ()), None),
    ("for-judgement", (1,), "One check needs a person's judgement."),
    ("for-judgement", (12,), "12 checks need a person's judgement."),
    ("for-judgement", (0,), None),
    ("for-judgement", (HIDDEN,), None),
    ("no-evidence", (1,), "For 1 check our records do not show the result."),
    ("no-evidence", (5,), "For 5 checks our records do not show the result."),
    ("no-evidence", (0,), None),
    ("no-evidence", (HIDDEN,), None),
    (
        "two-way",
        (1, "respond at stage 1", CODE),
        "Respond at stage 1: one that was on time by our own procedure was not on time by the Code.",
    ),
    (
        "two-way",
        (6, "respond at stage 1", CODE),
        "Respond at stage 1: 6 that were on time by our own procedure were not on time by the Code.",
    ),
    ("two-way", (0, "respond at stage 1", CODE), None),
    ("two-way", (HIDDEN, "respond at stage 1", CODE), None),
    (
        "path",
        (20, 11, "Receipt to stage 1 answer", "corporate"),
        "Receipt to stage 1 answer, corporate complaints: half of 20 took 11 working days or fewer.",
    ),
    ("path", (19, 11, "Receipt to stage 1 answer", "corporate"), None),
    ("path", (0, None, "Receipt to stage 1 answer", "corporate"), None),
    ("path", (40, HIDDEN, "Receipt to stage 1 answer", "corporate"), None),
    ("path", (HIDDEN, HIDDEN, "Receipt to stage 1 answer", "corporate"), None),
    ("rows-none", (0, 0), "The file of cases has no row, so there is nothing to report."),
    ("rows-none", (1, 1), None),
    ("rows-none", (None, 0), None),
    ("rows-all", (3, 0), "All case records could be read."),
    ("rows-all", (None, 0), "All case records could be read."),
    ("rows-all", (0, 0), None),
    ("rows-all", (3, 1), None),
    ("rows-rejected", (3, 1), "One of 3 case records could not be read and is in no figure."),
    ("rows-rejected", (30, 28), "28 of 30 case records could not be read and are in no figure."),
    ("rows-rejected", (None, 1), "One case record could not be read and is in no figure."),
    ("rows-rejected", (None, 28), "28 case records could not be read and are in no figure."),
    ("rows-rejected", (3, 0), None),
    ("values-unread", (1,), "One value in the case records could not be read; it counts as not recorded."),
    ("values-unread", (1200,), "1,200 values in the case records could not be read; they count as not recorded."),
    ("values-unread", (0,), None),
    (
        "withheld",
        (5,),
        "Numbers from 1 to 4, and others that would reveal them, are not shown where they are about people. Zeros are "
        "shown. Numbers of what the council as a whole received and did are shown, however small. Percentages and "
        "sentences follow the same rule.",
    ),
    (
        "withheld",
        (5, False),
        "Numbers from 1 to 4, and others that would reveal them, are not shown where they are about people. Zeros are "
        "shown. Percentages and sentences follow the same rule.",
    ),
    ("withheld", (1,), None),
    ("without-rulebook", ((),), None),
    (
        "without-rulebook",
        (("a.children", "a.adults"),),
        "There is no rulebook named a.children and a.adults: complaints that it would cover were judged by the "
        "national rulebook alone.",
    ),
    ("waivers", (0, 0), None),
    (
        "waivers",
        (1, 0),
        "One waiver was given and none applied. A waiver is shown next to its finding and changes no verdict and no "
        "count.",
    ),
    (
        "waivers",
        (12, 3),
        "12 waivers were given and 3 applied. A waiver is shown next to its finding and changes no verdict and no "
        "count.",
    ),
]


@pytest.mark.parametrize(("name", "given", "says"), TABLE, ids=lambda value: value if isinstance(value, str) else "")
def test_said_under_its_condition_alone(name: str, given: tuple[Any, ...], says: str | None) -> None:
    sentence = NAMED[name].sentence(*given)
    assert (sentence and sentence.text) == says
    assert sentence is None or (sentence.id, sentence.condition) == (name, NAMED[name].condition)


def test_every_statement_is_tried_both_ways() -> None:
    assert len(NAMED) == len(statements.ALL)
    assert {name for name, _, says in TABLE if says} == set(NAMED)
    assert {name for name, _, says in TABLE if says is None} == set(NAMED)


def test_every_condition_is_a_sentence() -> None:
    assert all(re.fullmatch(r"[A-Z].+\.", statement.condition) for statement in statements.ALL)


# --- none says more than its cells ----------------------------------------------------------------

COUNTS = st.one_of(st.sampled_from([0, 1, 2, 4, 5]), st.integers(0, 3000), st.just(HIDDEN))
SHARES = st.one_of(
    st.none(),
    st.just(HIDDEN),
    st.integers(1, 300).flatmap(lambda base: st.builds(Share, st.integers(0, base), st.just(base))),
)


def _numbers(text: str) -> set[int]:
    """The counts in a sentence, as figures or as words; stage numbers left aside."""
    found = {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", re.sub(r"[Ss]tage \d", "", text))}
    words = {"one": 1, "One": 1}
    return found | {words[word] for word in re.findall(r"\b[Oo]ne\b", text)}


def _known(*cells: Cell) -> set[int]:
    known = {1} if any(isinstance(cell, Share) and cell.base == 1 for cell in cells) else set()
    for cell in cells:
        if isinstance(cell, Share):
            known |= {cell.count, cell.base, cell.percent}
        elif isinstance(cell, int):
            known.add(cell)
    return known


@given(COUNTS, st.integers(0, 3000))
def test_exactly_one_sentence_says_how_many_complaints(count: Cell, rejected: int) -> None:
    given = (count, "corporate", "in it", rejected)
    said = [each for each in statements.COMPLAINTS if each.applies(*given)]
    assert len(said) == 1
    text = said[0].text(*given)
    assert _numbers(text) <= _known(count, rejected)
    assert not (rejected and "No corporate complaint was received" in text)
    assert ("could be read" in text) == (rejected > 0 and isinstance(count, int))


@given(SHARES, COUNTS, COUNTS)
def test_at_most_one_sentence_says_how_a_step_was_kept(share: Cell, unshown: Cell, judged: Cell) -> None:
    given = (share, ANSWER, unshown, judged)
    said = [each for each in statements.STEP_IN_TIME if each.applies(*given)]
    assert len(said) == (0 if isinstance(share, Withheld) else 1)
    for each in said:
        text = each.text(*given)
        assert _numbers(text) <= _known(share, unshown, judged)
        if isinstance(share, Share) and not share.count and unshown == share.base:
            assert "do not show whether" in text and "%" not in text
            continue
        assert ("%" in text) == (isinstance(share, Share) and share.base >= statements.FEW)
        assert ("none" in text) <= (isinstance(share, Share) and share.count == 0 and share.base > 1)


@given(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS))
def test_departures_are_counted_only_where_all_are_shown(cells: tuple[Cell, ...]) -> None:
    said = [each for each in statements.DEPARTURES if each.applies(CODE, *cells)]
    assert len(said) <= 1
    for each in said:
        text = each.text(CODE, *cells)
        if any(isinstance(cell, Withheld) for cell in cells):
            assert _numbers(text) == set()
        else:
            total = sum(cell for cell in cells[1:] if isinstance(cell, int))
            assert _numbers(text) <= _known(*cells) | {total}
            assert ("no departure" in text) == (total == 0)


@given(SHARES, COUNTS, COUNTS, COUNTS)
def test_a_stage_says_no_more_than_its_row(share: Cell, late: Cell, unrecorded: Cell, unshown: Cell) -> None:
    sentences = first(*(each.sentence("Stage 1", share, late, unrecorded, unshown) for each in statements.STAGE))
    for sentence in sentences:
        assert _numbers(sentence.text) <= _known(share, late, unrecorded, unshown)
    assert bool(sentences) == isinstance(share, Share)


@given(st.sampled_from([s for s in statements.ALL if s.id in ("for-judgement", "no-evidence")]), COUNTS)
def test_a_single_count_is_said_where_it_is_shown_and_not_zero(statement: Statement, count: Cell) -> None:
    sentence = statement.sentence(count)
    assert (sentence is None) == (isinstance(count, Withheld) or count == 0)
    assert sentence is None or _numbers(sentence.text) == {count}


@given(st.one_of(st.none(), st.integers(0, 3000)), st.integers(0, 3000))
def test_rows_are_reported_in_one_way(read: int | None, rejected: int) -> None:
    said = [each for each in statements.ROWS if each.applies(read, rejected)]
    assert len(said) == 1
    assert _numbers(said[0].text(read, rejected)) <= _known(read, rejected)
