"""Every condition and every kind of rule has its phrase, and it is the same wherever a rule is put into words."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, get_args

import pytest
from putright import fields, plugins
from putright.committee.findingsbook import DEFINITIONS
from putright.rulebooks import phrases
from putright.rulebooks.conditions import Condition
from putright.rulebooks.rules import KINDS, AnyRule

#: A value for each field of a condition that is more than true or false, with the phrase it must have.
SAID: list[tuple[dict[str, Any], str]] = [
    ({"flag": "straight_to_stage2"}, "the complaint goes straight to stage 2"),
    ({"any_flag": ["contractor", "anonymous"]}, "the complaint is about a contractor or is anonymous"),
    ({"outcome": ["upheld", "partly_upheld"]}, "the outcome is upheld or partly upheld"),
    ({"recorded": ["remedy_offered"]}, "a remedy is offered"),
    (
        {"recorded": ["proceedings_ended", "resubmitted"]},
        "the end of proceedings and the complaint being put in again are recorded",
    ),
    (
        {"any_recorded": ["action_plan_due", "action_plan_agreed"]},
        "an action plan is needed or the agreed action plan is recorded",
    ),
    ({"matter_since": dt.date(1998, 4, 1)}, "the matter arose on 1 April 1998 or later"),
    ({"time_up": "respond-stage1"}, "the time to respond at stage 1 is up"),
    ({"time_up": "respond-stage1-limit"}, "the longest time to respond at stage 1 is up"),
    ({"time_up": "triage"}, "the time is up for this step (first look at the complaint)"),
    ({"person": "where another body is responsible"}, "another body is responsible"),
    (
        {"outcome": ["upheld"], "actions_left": True, "person": "if it is right"},
        "the outcome is upheld, a remedy was offered and is not done yet and it is right",
    ),
]


def _kinds() -> set[str]:
    """The kinds that rules of an AnyRule may have."""
    rules = (get_args(each)[0] for each in get_args(get_args(AnyRule)[0]))
    return {kind for rule in rules for kind in get_args(rule.model_fields["kind"].annotation)}


def test_every_condition_has_a_phrase_and_every_phrase_a_condition() -> None:
    assert list(phrases.CONDITIONS) == list(Condition.model_fields)


@pytest.mark.parametrize("name", [name for name, field in Condition.model_fields.items() if field.annotation is bool])
def test_a_condition_that_is_true_or_false_is_said_without_its_name(name: str) -> None:
    said = phrases.condition(Condition.model_validate({name: True}))
    assert said and not re.search("_|True", said)
    assert not said.startswith(("if ", "where ", "when ")) and not said.endswith(".")


@pytest.mark.parametrize(("given", "expected"), SAID, ids=["-".join(given) for given, _ in SAID])
def test_what_a_condition_says(given: dict[str, Any], expected: str) -> None:
    assert phrases.condition(Condition.model_validate(given)) == expected


def test_what_is_for_a_person_is_marked_as_the_caller_asks() -> None:
    when = Condition.model_validate({"on_hold": True, "person": "where it is right"})
    assert phrases.condition(when, " (for a person)") == "the stage was on hold and it is right (for a person)"


def test_every_flag_has_a_phrase() -> None:
    said = [phrases.flags(flag) for flag in fields.FLAGS]
    assert len(set(said)) == len(fields.FLAGS) and not any("flagged" in each for each in said)


def test_every_kind_of_rule_has_its_words() -> None:
    assert set(phrases.KINDS) == set(KINDS) == _kinds()
    for kind in KINDS:
        assert DEFINITIONS[f"kind: {kind}"] == phrases.KINDS[kind].meaning


def test_every_rule_of_every_rulebook_can_be_said() -> None:
    met = set()
    for books in plugins.load().editions.values():
        for book in books:
            for ruling in book.rulings().values():
                for part in ruling.parts:
                    met.add(part.rule.kind)
                    assert phrases.asked(part.rule).strip()
                    for when in (part.rule.when, part.rule.unless):
                        assert when is None or phrases.condition(when)
    assert met == set(KINDS)


def test_rules_know_their_stage_and_what_they_extend() -> None:
    """Against the names themselves, which nothing but this test takes apart."""
    for name, entry in fields.VOCABULARY.items():
        stage = re.search(r"stage(\d)", name)
        panel = 3 if name.endswith("panel") else None
        assert entry.stage == (int(stage[1]) if stage else panel)
        assert entry.extends == (f"respond-stage{entry.stage}" if name.startswith("extend-") else None)
        if entry.extends:
            assert entry.extends in fields.RULES
    for name, field in fields.FIELDS.items():
        assert name == (f"stage{field.stage}_{field.part}" if field.stage else name)
        assert bool(field.stage) is bool(field.part) is name.startswith("stage")
