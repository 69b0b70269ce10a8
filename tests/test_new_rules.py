"""A new condition or kind of rule needs the model, the engine and its wording: everything else walks these."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import putright
import putright_handbook
import pytest
from putright import fields, plugins
from putright.engine.clocks import Clocks
from putright.engine.conditions import PARTS, Conditions
from putright.engine.facts import CaseFacts, Facts
from putright.engine.judging import JUDGES
from putright.engine.verdicts import Why
from putright.policy import ruleevidence
from putright.policy.evidence import Pair, Verdict
from putright.records.caserecords import read_records
from putright.rulebooks import Rulebook, phrases
from putright.rulebooks.conditions import ALWAYS, Condition, sense
from putright.rulebooks.rules import KINDS, Independence, Rule
from putright.synthetic.sample import sample, write_sample

HOST = plugins.load()
AS_AT = dt.date(2026, 3, 31)
#: A value for each field of a condition that is more than true or false.
VALUES: dict[str, Any] = {
    "flag": "contractor",
    "any_flag": ["contractor", "anonymous"],
    "outcome": ["upheld"],
    "recorded": ["remedy_offered", "remedy_due"],
    "any_recorded": ["remedy_offered", "informal_offered"],
    "matter_since": dt.date(2025, 6, 1),
    "time_up": "respond-stage1",
    "person": "where it is right",
}
EACH = {name: Condition.model_validate({name: VALUES.get(name, True)}) for name in Condition.model_fields}
#: Modules that may name a field of a condition: the model, the engine, the wording, and the ways in which a made-up
#: case brings about what a lesson is about.
MAY_NAME = {
    "rulebooks/conditions.py",
    "rulebooks/phrases.py",
    "rulebooks/reference.py",
    "engine/conditions.py",
    "synthetic/journeys.py",
}
#: Fields whose names mean something else as well, so that a module may have the word and know nothing of conditions.
COMMON = {"flag", "outcome", "recorded", "person", "beyond_cap"}


# --- conditions -----------------------------------------------------------------------------------


def test_the_model_the_engine_and_the_wording_know_the_same_conditions() -> None:
    assert list(PARTS) == list(phrases.CONDITIONS) == list(Condition.model_fields)


@pytest.mark.parametrize("name", Condition.model_fields)
def test_every_condition_is_compared_by_what_the_model_says_of_it(name: str) -> None:
    condition = EACH[name]
    assert condition.narrows(condition) == set()
    assert condition.narrows(ALWAYS) == {name}
    assert ALWAYS.narrows(condition) == set()
    assert set(condition.needs()) <= set(fields.FIELDS)
    assert phrases.condition(condition)


def test_how_two_lists_compare() -> None:
    def given(**kwargs: Any) -> Condition:
        return Condition.model_validate(kwargs)

    assert given(outcome=["upheld", "partly_upheld"]).narrows(given(outcome=["upheld"])) == set()
    assert given(outcome=["upheld"]).narrows(given(outcome=["upheld", "partly_upheld"])) == {"outcome"}
    assert given(outcome=["upheld", "partly_upheld", "not_upheld"]).narrows(ALWAYS) == set()
    assert given(recorded=["remedy_due"]).narrows(given(recorded=["remedy_due", "remedy_offered"])) == set()
    assert given(recorded=["remedy_due", "remedy_offered"]).narrows(given(recorded=["remedy_due"])) == {"recorded"}
    assert sense("recorded").may_always_hold and not sense("flag").may_always_hold


def test_one_case_alone_is_seen_as_among_many(tmp_path: Path) -> None:
    """What made-up cases ask of the engine is what an audit asks."""
    rows = sample(HOST, "coventry", 150, 5, year_ending=AS_AT)
    write_sample(rows, tmp_path / "cases.jsonl")
    records = read_records(tmp_path / "cases.jsonl", HOST.vocabulary, None)
    assert records.rejected.is_empty()
    # Every field is kept, as it is of one case alone.
    everyone = Facts(records.frame, AS_AT, HOST.words, frozenset(fields.FIELDS))
    book = HOST.editions["coventry.corporate"][-1]
    calendar, seen = HOST.calendar(book), 0
    letters = [None, *fields.LETTERS.values()]
    together = Conditions(Clocks(book, everyone, calendar))
    expected = {
        (name, place): together.holds(EACH[name], letter) for name in EACH for place, letter in enumerate(letters)
    }
    for case, row in enumerate(rows):
        holds = {n: _hold(row[f"stage{n}_holds"]) for n in fields.STAGES if f"stage{n}_holds" in row}
        flags: Any = row.get("flags", ())
        alone = Conditions(Clocks(book, CaseFacts(row, flags, holds, AS_AT), calendar))
        for (name, place), mask in expected.items():
            found = alone.holds(EACH[name], letters[place])
            assert found.tolist() == [mask[case]], (row, name, letters[place])
            seen += int(found[0])
    assert seen > 1000


def _hold(holds: Any) -> tuple[dt.date, dt.date]:
    begin, end = holds[0].split("/")
    return dt.date.fromisoformat(begin), dt.date.fromisoformat(end)


def test_no_other_module_names_a_condition() -> None:
    names = set(Condition.model_fields) - COMMON
    for package in (putright, putright_handbook):
        root = Path(str(package.__file__)).parent
        for path in root.rglob("*.py"):
            if path.relative_to(root).as_posix() in MAY_NAME:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                named = node.attr if isinstance(node, ast.Attribute) else getattr(node, "value", None)
                assert not (isinstance(named, str) and named in names), f"{path} names {named}"


# --- kinds of rule --------------------------------------------------------------------------------


def test_the_model_the_engine_and_the_wording_know_the_same_kinds() -> None:
    assert set(JUDGES) == set(phrases.ASKED) == set(KINDS.values())
    assert set(phrases.KINDS) == set(KINDS)


def test_every_reason_of_the_engine_has_its_sentence() -> None:
    assert set(phrases.REASONS) == set(Why.__members__)


def _book(rulebook: str, **rule: Any) -> Rulebook:
    clause = {"id": "1", "heading": "All of it", "text": "Everything.", "strength": "must", "rules": [rule]}
    about = {"title": "A test", "authority": "Nobody", "edition": "1", "owner": "Nobody"}
    rules = [rule] if rule else []
    return Rulebook.model_validate(
        {"rulebook": rulebook, **about, "source": {"document": "A test"}, "clauses": [clause | {"rules": rules}]}
    )


@pytest.mark.parametrize(
    ("own", "verdict", "said"),
    [
        ({}, Verdict.NOT_STATED, "says nothing about this"),
        ({"who": "Somebody"}, Verdict.FOLLOWS, "not the person who considered stage 1 (1), as the Code asks"),
        ({"late": "judgement"}, Verdict.JUDGEMENT, "Whether that is the same is for a person to judge."),
        ({"if": {"flag": "contractor"}}, Verdict.JUDGEMENT, "for a person to judge"),
    ],
)
def test_a_kind_without_a_comparison_of_its_own_is_for_a_person_unless_word_for_word(
    monkeypatch: pytest.MonkeyPatch, own: dict[str, Any], verdict: Verdict, said: str
) -> None:
    monkeypatch.delitem(ruleevidence.SHOWS, Independence)
    rule = {"rule": "independence-stage2", "kind": "independence"}
    code = _book("code", **rule).model_copy(update={"standing": "guidance"})
    asked = code.clauses[0].rules[0]
    policy = _book("nowhere.corporate", **(rule | own if own else {}))
    shown = ruleevidence.show(Pair(policy, code, HOST.words), asked)
    assert shown.verdict is verdict and said in shown.sentence


def test_what_a_rule_is_about_are_dates_of_a_record() -> None:
    for books in HOST.editions.values():
        for ruling in books[-1].rulings().values():
            rule: Rule = ruling.rule
            assert set(rule.events) <= set(fields.DATES)
            assert bool(rule.events) == hasattr(rule, "step")
            assert not rule.events or rule.events[-1] == rule.step  # type: ignore[attr-defined]


def test_arrays_of_one_case_are_like_those_of_many() -> None:
    facts = CaseFacts({"received": AS_AT}, (), {}, AS_AT)
    many = Facts(pl.DataFrame({"received": [AS_AT]}), AS_AT, ())
    for name in ("received", "closed"):
        one, other = facts.date(name), many.date(name)
        assert one.dtype == other.dtype and np.array_equal(one, other)
