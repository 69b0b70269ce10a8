"""The order of precedence: of the outcomes that hold in a case, which one a rule gives.

The tables below are that order, strongest first, for each kind of rule. The lists that the engine settles, whatever
the rulebook, must be in it; and ``settle`` must give each case the first in the list that holds.
"""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from casemaking import as_records
from hypothesis import given
from hypothesis import strategies as st
from putright import fields
from putright.engine import deadlines, extensions, letters, people, steps, verdicts, windows
from putright.engine.codes import CASE
from putright.engine.facts import Facts
from putright.engine.judging import Judge
from putright.engine.outcomes import Outcome, Settled, settle
from putright.engine.verdicts import (
    Mark,
    Verdict,
    Why,
    kinds_of,
    of_lacking,
    of_mark,
    of_verdict,
    pack_codes,
    pack_marks,
    pack_outcome,
    unpack_marks,
    unpack_moved,
    unpack_verdict,
    unpack_why,
    verdict_in,
    why_in,
)
from putright.rulebooks import Ruling
from putright.rulebooks.rules import Timed
from test_engine_against_oracle import HOST

AS_AT = dt.date(2026, 5, 1)
MODULES = (deadlines, extensions, letters, people, steps, windows)

#: Why and verdict, strongest first; ``LATE`` is a breach, or where the rule says so or is an aim, for judgement.
PRECEDENCE = {
    "deadline or aim: one reading of its limit": """
        TAKEN_UP                NOT_APPLICABLE
        REOPENED                JUDGEMENT
        EXCUSED                 NOT_APPLICABLE
        CLOSED                  NO_EVIDENCE
        ON_HOLD                 RUNNING
        OVERDUE_LATER_STEP      NO_EVIDENCE
        OUTCOME_RECORDED        NO_EVIDENCE
        NOT_KEPT                NO_EVIDENCE
        NOTICE_NOT_DATED        NO_EVIDENCE
        NEW_DATE_NOT_RECORDED   NO_EVIDENCE
        BEYOND_CAP_UNKNOWN      NO_EVIDENCE
        BEYOND_CAP              JUDGEMENT
        OTHER_END_UNKNOWN       NO_EVIDENCE
        OVERDUE_ENDED           LATE
        OVERDUE                 LATE
        RUNNING                 RUNNING
        DONE_LATE               LATE
        START_BETWEEN           NO_EVIDENCE
        DONE_IN_TIME            MET
    """,
    "deadline or aim: before its first reading": """
        NO_START                NO_EVIDENCE
        NOT_ASKED               NOT_APPLICABLE
        OTHER_READING           JUDGEMENT
    """,
    "step without a limit": """
        NO_START                NO_EVIDENCE
        NOT_ASKED               NOT_APPLICABLE
        REOPENED                JUDGEMENT
        EXCUSED                 NOT_APPLICABLE
        CLOSED                  NO_EVIDENCE
        OVERDUE_LATER_STEP      NO_EVIDENCE
        OUTCOME_RECORDED        NO_EVIDENCE
        NOT_KEPT                NO_EVIDENCE
        OVERDUE_ENDED           LATE
        OVERDUE                 LATE
        RUNNING                 RUNNING
        BY_NOT_DATED            NO_EVIDENCE
        DONE_LATE               LATE
        DONE                    MET
        NOT_RECORDED            NO_EVIDENCE
    """,
    "window": """
        NOT_REQUESTED           NO_EVIDENCE
        NOT_ASKED               NOT_APPLICABLE
        NO_START                NO_EVIDENCE
        OUTSIDE_WINDOW_UNSURE   NO_EVIDENCE
        MATTER_IN_TIME          MET
        OTHER_END_UNKNOWN       NO_EVIDENCE
        OTHER_READING           JUDGEMENT
        OUTSIDE_WINDOW          JUDGEMENT
        DONE_IN_TIME            MET
    """,
    "notice": """
        NOT_ASKED               NOT_APPLICABLE
        EXCUSED                 NOT_APPLICABLE
        NOT_RECORDED            NO_EVIDENCE
        REOPENED                JUDGEMENT
        NOTICE_SHORT            LATE
        NOTICE_GIVEN            MET
    """,
    "extension: one reading of the limit": """
        OTHER_END_UNKNOWN       NO_EVIDENCE
        NOTICE_LATE             LATE
        BEYOND_CAP_UNKNOWN      NO_EVIDENCE
        BEYOND_CAP              JUDGEMENT
        PAST_CAP                LATE
        CAP_MOVES               NO_EVIDENCE
        START_BETWEEN           NO_EVIDENCE
        EXTENDED                MET
    """,
    "extension: before the first reading": """
        NOTICE_UNDATED          NO_EVIDENCE
        NO_START                NO_EVIDENCE
        REOPENED                JUDGEMENT
        OTHER_READING           JUDGEMENT
    """,
    "contents": """
        NOT_ASKED               NOT_APPLICABLE
        LETTER_NOT_DATED        NO_EVIDENCE
        LETTER_TO_JUDGE         JUDGEMENT
        NOT_ASKED               NOT_APPLICABLE
        LETTER_UNKNOWN          NO_EVIDENCE
        LETTER_LACKED           BREACH
        LETTER_LACKED           JUDGEMENT
        LETTER_HELD             MET
    """,
    "independence": """
        NOT_ASKED               NOT_APPLICABLE
        SAME_HANDLER            LATE
        OTHER_HANDLER           MET
        HANDLER_UNKNOWN         NO_EVIDENCE
    """,
    "question": """
        QUESTION                JUDGEMENT
    """,
}
TABLES = {kind: [tuple(line.split()) for line in text.strip().splitlines()] for kind, text in PRECEDENCE.items()}
OTHER_READING = set(verdicts.OTHER_READINGS)
LATE = {Why.OVERDUE, Why.OVERDUE_ENDED, Why.DONE_LATE, Why.NOTICE_LATE, Why.NOTICE_SHORT, Why.PAST_CAP}
LATE |= {Why.SAME_HANDLER}


def row(outcome: Outcome) -> tuple[str, str]:
    """An outcome as a row of the tables."""
    why = "OTHER_READING" if outcome.why in OTHER_READING else outcome.why.name
    late = outcome.why in LATE and outcome.verdict in (Verdict.BREACH, Verdict.JUDGEMENT)
    return why, "LATE" if late else outcome.verdict.name


def kind_of(ruling: Ruling, onto: Settled | int) -> str:
    """The table that a list is of: a rule with readings has one for each reading, and one to go before the first."""
    rule = ruling.rule
    kind: str = rule.kind
    if isinstance(rule, Timed) and kind != "window":
        kind = "deadline or aim" if rule.within else "step without a limit"
    if kind == "deadline or aim":
        return f"{kind}: {'one reading of its limit' if isinstance(onto, int) else 'before its first reading'}"
    if kind == "extension":
        return f"{kind}: {'one reading of the limit' if isinstance(onto, int) else 'before the first reading'}"
    return kind


@pytest.fixture(scope="module")
def settled() -> Iterator[list[tuple[str, list[Outcome], Settled | int, Settled]]]:
    """Each list that was settled for any rule of any rulebook: its table, the list, and what was made of it."""
    made: list[tuple[str, list[Outcome], Settled | int, Settled]] = []
    ruling: Ruling | None = None

    def recording(listed: Sequence[Outcome], onto: Settled | int) -> Settled:
        assert ruling is not None
        result = settle(listed, onto)
        made.append((kind_of(ruling, onto), list(listed), onto, result))
        return result

    with pytest.MonkeyPatch.context() as patch:
        for module in MODULES:
            patch.setattr(module, "settle", recording)
        for judge in judges():
            found = judge.findings()
            for ruling in judge.rulings.values():
                assert next(found).ruling is ruling
    yield made


def judges() -> Iterator[Judge]:
    """A judge by each rulebook, over files that keep every field and files without a step."""
    rows = list(cases())
    for dropped in (set[str](), {"stage1_responded", "consent_received"}):
        kept = frozenset(fields.FIELDS) - dropped
        records = as_records(rows, HOST.councils, "coventry", "corporate", kept)
        facts = Facts(records.frame.with_row_index(CASE), AS_AT, tuple(HOST.words), records.kept)
        for editions in HOST.editions.values():
            for book in editions:
                yield Judge(book, facts, HOST.calendar(book))


def cases() -> Iterator[dict[str, Any]]:
    """Cases on working days and days off, with and without each date on which a list depends."""
    days = [dt.date(2025, 10, 1) + dt.timedelta(days) for days in range(9)]
    for day, acknowledged, responded, requested in product(days, (None, 1, 9), (None, 12, 40), (None, 45)):
        case: dict[str, Any] = {"received": day, "matter_occurred": day - dt.timedelta(366)}
        steps_done = {
            "stage1_acknowledged": acknowledged,
            "stage1_extension_notified": responded and 10,
            "stage1_responded": responded,
            "stage2_requested": requested,
            "stage2_responded": requested and 90,
        }
        yield case | {name: day + dt.timedelta(gap) for name, gap in steps_done.items() if gap}


def test_every_list_is_in_the_order_of_its_table(
    settled: list[tuple[str, list[Outcome], Settled | int, Settled]],
) -> None:
    found: dict[str, set[tuple[str, ...]]] = {kind: set() for kind in TABLES}
    for kind, listed, _, _ in settled:
        rows = [row(outcome) for outcome in listed]
        found[kind].update(rows)
        table = iter(TABLES[kind])
        repeated = [one for place, one in enumerate(rows) if place == 0 or one != rows[place - 1]]
        assert all(one in table for one in repeated), f"{kind}: {rows} is not in the order of\n{PRECEDENCE[kind]}"
    for kind, table in TABLES.items():
        print(f"{kind}\n{PRECEDENCE[kind]}")
        assert found[kind] == set(table), kind


def test_every_case_has_the_strongest_outcome_that_holds(
    settled: list[tuple[str, list[Outcome], Settled | int, Settled]],
) -> None:
    for kind, listed, onto, result in settled:
        assert given_to(result) == strongest(listed, onto), kind


def test_each_reading_is_settled_before_it_is_combined(
    settled: list[tuple[str, list[Outcome], Settled | int, Settled]],
) -> None:
    finished = {id(result) for *_, result in settled}
    combined = [onto for _, _, onto, _ in settled if isinstance(onto, Settled)]
    assert combined and all(id(onto) in finished for onto in combined)


CASES = 6
MARKS = st.sampled_from(list(Mark))
OUTCOMES = st.builds(
    Outcome,
    st.lists(st.booleans(), min_size=CASES, max_size=CASES).map(lambda bits: np.array(bits, dtype=np.bool_)),
    st.sampled_from(Verdict),
    st.sampled_from(Why),
    st.none() | MARKS,
)


@given(first=st.lists(OUTCOMES, max_size=20), then=st.lists(OUTCOMES, max_size=20))
def test_settle_gives_the_strongest_that_holds(first: list[Outcome], then: list[Outcome]) -> None:
    base = settle(first, onto=CASES)
    before = base.outcome_ids.copy()
    result = settle(then, onto=base)
    assert given_to(base) == strongest(first, CASES)
    assert given_to(result) == strongest(then, base)
    assert (base.outcome_ids == before).all(), "what was settled is not changed"
    for verdict in Verdict:
        assert list(result.found(verdict)) == [verdict_in(each) == verdict for each in given_to(result)]
    for why in Why:
        assert list(result.because(why)) == [why_in(each) == why for each in given_to(result)]
    assert list(result.arises) == [verdict_in(each) != Verdict.NOT_APPLICABLE for each in given_to(result)]


@given(verdict=st.sampled_from(Verdict), why=st.sampled_from(Why), marks=st.lists(MARKS, max_size=3))
def test_what_is_packed_is_unpacked(verdict: Verdict, why: Why, marks: list[Mark]) -> None:
    every, none = np.ones(2, dtype=np.bool_), np.zeros(2, dtype=np.uint8)
    for moved in (None, ~every, every):
        added = none.copy()
        for mark in marks:
            added |= pack_marks(every, mark)
        code = pack_codes([pack_outcome(verdict, why, Mark.REOPENED)], none, added, moved)
        assert set(unpack_verdict(code)) == {verdict} == {verdict_in(int(code[0]))}
        assert set(unpack_why(code)) == {why} == {why_in(int(code[0]))}
        assert set(unpack_marks(code)) == {sum({*marks, Mark.REOPENED})}
        assert list(unpack_moved(code)) == list(~every if moved is None else moved)
        kind = kinds_of(code, np.array([0, 5], dtype=np.uint64))
        assert of_verdict(verdict)[kind].all() and all(of_mark(mark)[kind].all() for mark in marks)
        assert list(of_lacking()[kind]) == [False, True]


def given_to(result: Settled) -> list[int]:
    """The packed outcome of each case."""
    return [result.outcomes[place] for place in result.outcome_ids]


def strongest(listed: Sequence[Outcome], onto: Settled | int) -> list[int]:
    """By the plainest reading of a list: the first that holds in each case, or what the case had."""
    none = pack_outcome(Verdict.NOT_APPLICABLE, Why.NOT_ASKED)
    return [
        next((pack_outcome(each.verdict, each.why, each.mark) for each in listed if each.where[place]), had)
        for place, had in enumerate([none] * onto if isinstance(onto, int) else given_to(onto))
    ]


def test_only_the_verdicts_module_shifts_and_masks_bits() -> None:
    checker = Path(verdicts.__file__).parents[1]
    for path in checker.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "putright.engine" in source and path != Path(verdicts.__file__):
            operations = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.BinOp)]
            assert not any(map(_packs, operations)), path


def _packs(operation: ast.BinOp) -> bool:
    """Whether a number is shifted or masked by a number that is written out: ``1 << place`` is a set's own bit."""
    sides = [side.value for side in (operation.left, operation.right) if isinstance(side, ast.Constant)]
    return isinstance(operation.op, ast.LShift | ast.RShift | ast.BitAnd) and any(
        value not in (0, 1) for value in sides
    )
