"""docs/rulebooks.md and its JSON Schema: made from the models, complete, and true of every rulebook here."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import docpages
import generate
import pytest
import yaml
from docpages import DOCS, ROOT
from putright.rulebooks import Rulebook, Shared, clauses, conditions, reference, rulebook, rules
from putright.rulebooks.rules import KINDS, Rule
from putright.rulebooks.values import Model
from pydantic import BaseModel, TypeAdapter

FOLDERS = ("checker", "plugins", "handbook/putright_handbook/toy", "tests/books")
FILES = sorted(
    path
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.yaml")
    if not {"examples", "build", "mapping", "statistics", "training"}.intersection(path.parts)
    and "reviews" not in path.name
)


def test_what_is_committed_is_what_is_made() -> None:
    for path, text in generate.written().items():
        assert path.read_text("utf-8") == text, f"docs/{path.name} is not what the code makes: run `nox -s docs`"


# --- every key ------------------------------------------------------------------------------------


def _models() -> list[type[BaseModel]]:
    """Every model that a rulebook file is made of."""
    found = [thing for module in (clauses, conditions, rules, rulebook) for thing in vars(module).values()]
    return [thing for thing in found if isinstance(thing, type) and issubclass(thing, Model) and thing is not Model]


def test_every_model_has_its_section() -> None:
    assert set(_models()) == set(reference.SECTIONS)
    assert {*KINDS.values(), Rule} <= set(reference.SECTIONS)


@pytest.mark.parametrize("model", reference.SECTIONS, ids=lambda model: model.__name__)
def test_every_key_has_its_meaning_and_an_example(model: type[BaseModel]) -> None:
    shown = reference.keys(model)
    assert [key.name for key in shown if not key.meaning] == [], "write a docstring under the field in the model"
    assert [key.name for key in shown if not key.example] == [], "give an example in putright/rulebooks/reference.py"
    assert set(reference.EXAMPLES.get(model.__name__, {})) <= set(model.model_fields)
    text = docpages.section("rulebooks.md", reference.SECTIONS[model][0]).text
    named = [docpages.words(row[0])[0] for row in docpages.table(text, "key", "type")]
    assert named == [key.name for key in shown]
    every = {field.alias or name for name, field in model.model_fields.items()} - {"digest"}
    base = {key.name for key in reference.keys(Rule)} if issubclass(model, Rule) else set()
    assert every <= {*named, *base}


@pytest.mark.parametrize("model", reference.SECTIONS, ids=lambda model: model.__name__)
def test_every_example_is_one_that_the_model_takes(model: type[BaseModel]) -> None:
    examples = {key.name: key.example for key in reference.keys(model)}
    for name, field in model.model_fields.items():
        example = examples.get(field.alias or name)
        if example is None:  # a key that every rule has, or none of a file's
            continue
        loaded = _as_json(yaml.safe_load(example))
        kind: Any = TypeAdapter(field.annotation if not field.metadata else _annotated(field))
        kind.validate_python(loaded)
        definition = SCHEMA if model is Rulebook else SCHEMA["$defs"].get(model.__name__)
        if definition:
            part = {**definition["properties"][field.alias or name], "$defs": SCHEMA["$defs"]}
            assert validator(part).is_valid(loaded), (name, example)


def _annotated(field: Any) -> Any:
    return Annotated[(field.annotation, *field.metadata)]


# --- the schema -----------------------------------------------------------------------------------

SCHEMA: dict[str, Any] = json.loads((DOCS / "rulebook.schema.json").read_text("utf-8"))
SHARED = {"$ref": "#/$defs/Shared", "$defs": SCHEMA["$defs"]}


def validator(schema: dict[str, Any]) -> Any:
    """What checks data by a schema, which is the whole one or a part of it; only here, as few workers need it."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema)


@cache
def whole(*, shared: bool = False) -> Any:
    """Checks a rulebook, or a file that several share."""
    return validator(SHARED if shared else SCHEMA)


def _as_json(value: Any) -> Any:
    """YAML's data as JSON has it: a date is text."""
    if isinstance(value, dict):
        return {str(key): _as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_as_json(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date) else value


@cache
def _data(path: Path) -> dict[str, Any]:
    loaded = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    data: dict[str, Any] = _as_json(loaded)
    return data


def test_it_is_a_schema() -> None:
    for schema in (SCHEMA, SHARED):
        validator(schema).check_schema(schema)
    assert len(FILES) > 15


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_rulebook_here_is_valid(path: Path) -> None:
    data = _data(path)
    checks = whole(shared="rulebook" not in data)
    errors = [f"{error.json_path}: {error.message:.200}" for error in checks.iter_errors(data)]
    assert errors == []


BASE = {
    "rulebook": "newtown.corporate", "title": "A", "authority": "A", "edition": "A", "owner": "A",
    "source": {"document": "A"}, "clauses": [{"id": "1", "heading": "A", "text": "A"}],
}  # fmt: skip
TIMED = {"rule": "acknowledge-stage1", "kind": "deadline", "from": "received", "to": "stage1_acknowledged"}


@pytest.mark.parametrize(
    "change",
    [
        {"titel": "A"},
        {"rulebook": "Newtown"},
        {"days_off": "sometimes"},
        {"clauses": []},
        {"clauses": [{"id": "1", "heading": "A", "text": "A", "rules": [{**TIMED, "within": "five days"}]}]},
        {"clauses": [{"id": "1", "heading": "A", "text": "A", "rules": [{**TIMED, "from": "Received"}]}]},
        {"clauses": [{"id": "1", "heading": "A", "text": "A", "rules": [{**TIMED, "rule": "acknowledge"}]}]},
        {"clauses": [{"id": "1", "heading": "A", "text": "A", "rules": [{**TIMED, "kind": "hope"}]}]},
        *(
            {"clauses": [{"id": "1", "heading": "A", "text": "A", "rules": [rule]}]}
            for rule in (
                {**TIMED, "if": {}},
                {**TIMED, "if": {"recorded": ["a remedy"]}},
                {**TIMED, "within": "5 working days", "by": "received"},
                {**TIMED, "or_within": "5 working days"},
                {"rule": "response-stage1-contents", "kind": "contents"},
                {"rule": "start-at-stage2", "kind": "question", "asks": "whether it may"},
            )
        ),
    ],
    ids=str,
)
def test_what_putright_refuses_the_schema_refuses_too(change: dict[str, Any]) -> None:
    assert whole().is_valid(BASE)
    assert not whole().is_valid({**BASE, **change})


def test_only_the_rules_of_a_clause_are_shown_as_rules() -> None:
    types = {(model, key.name): key.type for model in _models() for key in reference.keys(model)}
    assert [name for (_, name), kind in types.items() if "#every-rule" in kind] == ["rules"]


def test_every_key_of_the_schema_says_what_it_means() -> None:
    for name, definition in (("Rulebook", SCHEMA), *SCHEMA["$defs"].items()):
        for key, part in definition.get("properties", {}).items():
            assert part.get("description"), f"{name}.{key}"


def test_shared_files_are_checked_as_such() -> None:
    assert whole(shared=True).is_valid({"clauses": BASE["clauses"]})
    assert not whole(shared=True).is_valid(BASE)
    assert Shared.model_validate({"clauses": BASE["clauses"]})
