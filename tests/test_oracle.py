"""The oracle itself, against cases worked out by hand: each with its reason in one line."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import pytest
from oracle import ONE_DAY, Days, Expected, judge
from putright import fields
from putright.rulebooks import Rulebook
from putright.rulebooks.limits import parse_limit
from putright.rulebooks.reading import read_rulebook

#: Rulebooks and cases that are written for this test alone.
WORKED = Path(__file__).parent / "worked"


@pytest.fixture(scope="module")
def books() -> dict[str, Rulebook]:
    return {path.stem: read_rulebook(path) for path in WORKED.glob("*.yaml")}


#: Received on Monday 2 March 2026: acknowledged by Monday 9. Acknowledged on Wednesday 4: answered by
#: Wednesday 18 March, by Wednesday 1 April with ten days more (Good Friday is 3 April).
SHORT = {
    "RECEIVED": "received 2026-03-02",
    "ACKNOWLEDGED": "received 2026-03-02, s1_acknowledged 2026-03-04",
    "UNDATED": """received 2026-03-02, s1_acknowledged 2026-03-04, s1_extended_to 2026-03-25,
                  s1_responded 2026-03-24""",
    "BEYOND": """received 2026-03-02, s1_acknowledged 2026-03-04, s1_extension_notified 2026-03-18,
                 s1_extended_to 2026-04-10, s1_responded 2026-04-09""",
}


def value(name: str, text: str) -> object:
    """A field's value as the records reader would give it."""
    kind = fields.FIELDS[name].type
    if kind is fields.Type.DATE:
        return date.fromisoformat(text)
    if kind is fields.Type.BOOLEAN:
        return text == "true"
    if kind is fields.Type.FLAGS:
        return text.split(";")
    if kind is fields.Type.CONTENTS:
        return set() if text == "none" else set(text.split(";"))
    if kind is fields.Type.HOLDS:
        ends = [interval.split("/") for interval in text.split(";")]
        return [(date.fromisoformat(a), None if b == ".." else date.fromisoformat(b)) for a, b in ends]
    return text


def case_of(text: str) -> dict[str, object]:
    case: dict[str, object] = {}
    for name, recorded in items(text):
        if name != "without":
            case[full(name)] = value(full(name), recorded)
    return case


def kept_of(text: str) -> frozenset[str] | None:
    """The fields that the file keeps; None where every one."""
    dropped = {full(recorded) for name, recorded in items(text) if name == "without"}
    return frozenset(fields.FIELDS) - dropped if dropped else None


def items(text: str) -> list[tuple[str, str]]:
    for word, meaning in SHORT.items():
        text = text.replace(word, meaning)
    return [(name, recorded) for name, recorded in (item.split() for item in text.split(","))]


def full(name: str) -> str:
    return f"stage{name[1:]}" if name[:2] in ("s1", "s2", "s3") else name


def shown(found: Expected) -> str:
    parts = [found.verdict]
    for name, what in (("due", found.due), ("taken", found.days_taken), ("over", found.days_over)):
        parts += [] if what is None else [f"{name} {what}"]
    return ", ".join([*parts, *sorted(found.marks), *sorted(found.missing)])


#: The reason; the rulebook, the rule, the audit date; the case (``s1_`` is ``stage1_``; ``without`` a field that the
#: file does not keep); what is found.
BLOCKS = (WORKED / "cases.txt").read_text("utf-8").strip().split("\n\n")


@pytest.mark.parametrize("block", BLOCKS, ids=[block.split("# ")[-1].split("\n")[0] for block in BLOCKS])
def test_case(books: dict[str, Rulebook], block: str) -> None:
    subject, *recorded = [line for line in block.split("\n") if not line.startswith("#")]
    book, rule, _, as_at = subject.split()
    case, expected = " ".join(recorded).split("=")
    found = judge(case_of(case), books[book], date.fromisoformat(as_at), kept=kept_of(case))
    assert shown(found[rule]) == expected.strip()
    assert found.keys() == books[book].rulings().keys()


def test_a_start_that_is_bounded_is_not_shown(books: dict[str, Rulebook]) -> None:
    found = judge(case_of("RECEIVED"), books["code"], date(2026, 3, 3))
    assert (found["respond-stage1"].start, found["acknowledge-stage1"].start) == (None, date(2026, 3, 2))


def test_an_extension_runs_from_the_original_start_to_its_notice(books: dict[str, Rulebook]) -> None:
    found = judge(case_of("BEYOND"), books["code"], date(2026, 4, 30))["extend-stage1"]
    assert (found.start, found.done) == (date(2026, 3, 4), date(2026, 3, 18))


def test_closure_days_are_the_councils_own(books: dict[str, Rulebook]) -> None:
    for book, due in (("town.corporate", date(2026, 3, 10)), ("code", date(2026, 3, 9))):
        found = judge(case_of("RECEIVED"), books[book], date(2026, 3, 3), frozenset({date(2026, 3, 6)}))
        assert found["acknowledge-stage1"].due == due


def test_a_closure_day_is_a_day_off(books: dict[str, Rulebook]) -> None:
    """Friday 6 March: day zero by the Code; for the council, Friday 13 or Monday 16 is the fifth day."""
    case = case_of("received 2026-03-06, s1_acknowledged 2026-03-16")
    for book, said in (("town.corporate", "judgement"), ("code", "breach")):
        found = judge(case, books[book], date(2026, 4, 30), frozenset({date(2026, 3, 6)}))
        assert shown(found["acknowledge-stage1"]) == f"{said}, due 2026-03-13, taken 6, over 1"
    found = judge(case, books["town.corporate"], date(2026, 4, 30), frozenset({date(2026, 3, 16)}))
    assert shown(found["acknowledge-stage1"]) == "breach, due 2026-03-13, taken 6, over 1", "done as on Tuesday 17"


def test_a_file_that_does_not_keep_a_field_shows_nothing_of_it(books: dict[str, Rulebook]) -> None:
    case = case_of("ACKNOWLEDGED, s1_responded 2026-03-20")
    kept = frozenset({"received", "stage1_acknowledged"})
    found = judge(case, books["code"], date(2026, 4, 30), kept=kept)["respond-stage1"]
    assert shown(found) == "no_evidence, due 2026-03-18, not_recorded"
    assert found.done is None


@pytest.mark.parametrize("begins", ["next_working_day", "from_the_day", "day_one"])
@pytest.mark.parametrize("holds", [[], [(date(2026, 4, 8), date(2026, 4, 14))]], ids=["no hold", "a hold"])
def test_days_over_are_days_taken_less_days_allowed(begins: str, holds: list[tuple[date, date]]) -> None:
    days, limit = Days(frozenset({date(2026, 3, 31)})), parse_limit("6 working days")
    for start, done in product((date(2026, 3, 20) + ONE_DAY * n for n in range(30)), range(40)):
        due, done = days.due(start, limit, holds, begins), start + ONE_DAY * done
        taken = days.taken(start, done, limit, holds, begins)
        assert (taken <= 6) if done <= due else days.over(due, done, limit, holds) == taken - 6


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        pytest.param("s1_holds 2026-03-09/2026-03-16", "running, due 2026-03-25, over 0", id="9 to 13 March"),
        pytest.param(
            "s1_holds 2026-03-09/2026-03-12;2026-03-10/2026-03-16",
            "running, due 2026-03-25, over 0",
            id="overlaps once",
        ),
        pytest.param("s1_holds 2026-03-09/..", "running", id="open: no due date"),
        pytest.param("s1_holds 2026-03-09/2026-03-21", "running", id="open still on the audit date"),
        pytest.param(
            "s1_holds 2026-03-09/.., s1_responded 2026-03-19",
            "met, due 2026-03-30, taken 3, over 0",
            id="the response ends it",
        ),
        pytest.param("s1_holds 2026-03-19/..", "breach, due 2026-03-18, over 0, not_recorded", id="begun too late"),
        pytest.param("s1_holds 2026-03-09/.., withdrawn 2026-03-20", "not_applicable", id="withdrawn on hold"),
        pytest.param("s1_holds 2026-03-09/.., closed 2026-03-20", "no_evidence, not_recorded", id="closed on hold"),
    ],
)
def test_holds(books: dict[str, Rulebook], recorded: str, expected: str) -> None:
    case, as_at = case_of(f"ACKNOWLEDGED, {recorded}"), date(2026, 3, 20)
    found = judge(case, books["town.corporate"], as_at, holds_allowed=True)["respond-stage1"]
    assert shown(found) == expected
    unheld = judge(case, books["town.corporate"], as_at)["respond-stage1"]
    assert unheld.due == date(2026, 3, 18)


@pytest.mark.parametrize(
    ("recorded", "as_at", "rule", "expected"),
    [
        pytest.param(
            "s1_holds 2026-03-23/2026-03-25, s1_responded 2026-03-26",
            date(2026, 4, 30),
            "respond-stage1",
            "breach, due 2026-03-18, taken 14, over 4",
            id="19, 20, 25 and 26 March",
        ),
        pytest.param(
            "s1_holds 2026-03-23/..",
            date(2026, 3, 26),
            "respond-stage1",
            "breach, due 2026-03-18, over 2, not_recorded",
            id="19 and 20 March, and on hold since",
        ),
        pytest.param(
            "s1_holds 2026-03-23/..",
            date(2026, 3, 28),
            "respond-stage1",
            "breach, due 2026-03-18, over 2, not_recorded",
            id="on hold still on a Saturday",
        ),
        pytest.param(
            # Acknowledged from 2 to 9 March: due from the 16th, or on hold since the 23rd with the cap still moving.
            "s1_acknowledged 2026-05-01, s1_holds 2026-03-23/.., s1_extension_notified 2026-03-17, "
            "s1_extended_to 2026-04-09",
            date(2026, 4, 10),
            "extend-stage1",
            "no_evidence, start_not_recorded",
            id="notified after the earliest due date, before the latest",
        ),
        pytest.param(
            "s1_holds 2026-03-09/.., s1_extension_notified 2026-03-12",
            date(2026, 3, 20),
            "extend-stage1",
            "met, taken 2",
            id="5 and 6 March, and notified while on hold",
        ),
    ],
)
def test_days_on_hold_are_left_out(
    books: dict[str, Rulebook], recorded: str, as_at: date, rule: str, expected: str
) -> None:
    case = case_of(f"ACKNOWLEDGED, {recorded}")
    assert shown(judge(case, books["town.corporate"], as_at, holds_allowed=True)[rule]) == expected
