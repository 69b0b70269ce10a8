"""The JSON Schema of a rulebook file, made from the models, by which editors check a file while somebody writes it.

It is installed as a file, which ``nox -s docs`` writes.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, TypeAdapter

from putright.rulebooks.clauses import Shared
from putright.rulebooks.conditions import Condition
from putright.rulebooks.reference import HIDDEN, INCLUDE, NAMED, SECTIONS, meanings_of, name_of_type, own_type
from putright.rulebooks.rulebook import Rulebook
from putright.rulebooks.rules import Contents, Question, Timed

#: Its file. The name and the place stay as they are.
SCHEMA = Path(__file__).with_name("rulebook.schema.json")


#: What the models ask of several keys together, as JSON Schema says it.
REQUIRED_TOGETHER: dict[type[BaseModel], dict[str, Any]] = {
    Condition: {"minProperties": 1},
    Timed: {
        "dependentRequired": {
            name: ["within"] for name in ("or_within", "within_if_first", "or_if_later", "or_if_earlier")
        },
        "not": {"anyOf": [{"required": ["within", "by"]}, {"required": ["or_if_later", "or_if_earlier"]}]},
    },
    Contents: {"anyOf": [{"required": ["holds"]}, {"required": ["holds_one_of"]}]},
    Question: {"required": ["rule", "kind", "if", "asks"]},
}


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a rulebook file."""
    made = TypeAdapter(Rulebook).json_schema(by_alias=True)
    definitions = made.pop("$defs")
    by_name = {model.__name__: model for model in SECTIONS}
    for name in ("Limit", "Unit"):  # written as text
        definitions.pop(name, None)
    definitions["Shared"] = TypeAdapter(Shared).json_schema(by_alias=True, ref_template="#/$defs/{model}")
    definitions["Shared"].pop("$defs")
    for name, definition in (*definitions.items(), ("Rulebook", made)):
        if name in by_name:
            _complete(by_name[name], definition)
    definitions |= {name.replace(" ", "-"): named.schema for name, named in NAMED.items()}
    made["properties"].pop("digest")
    made["properties"]["include"] = {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        "description": INCLUDE.meaning,
    }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA.name}
    return {**head, **made, "$defs": dict(sorted(definitions.items()))}


def _complete(model: type[BaseModel], definition: dict[str, Any]) -> None:
    """Put the meanings of keys into a definition, and what values of types with a name may be."""
    hints, meanings = get_type_hints(model, include_extras=True), meanings_of(model)
    definition["description"] = " ".join(str(inspect.getdoc(model)).split())
    for name, field in model.model_fields.items():
        if name in HIDDEN:
            continue
        given = definition["properties"][field.alias or name]
        given.pop("title", None)
        if (named := _schema_of(own_type(model, name, hints[name]))) is not None:
            kept = {key: given[key] for key in ("default",) if key in given}
            given.clear()
            given |= named | kept
        given["description"] = " ".join(meanings.get(name, "").replace("``", "").split())
    definition.update(REQUIRED_TOGETHER.get(model, {}))


def _schema_of(hint: Any) -> dict[str, Any] | None:
    """The schema of a type that has a name, or is made of such; None for any other."""
    if name := name_of_type(hint):
        return {"$ref": f"#/$defs/{name.replace(' ', '-')}"}
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _schema_of(arguments[0])
    if origin is list:
        items = _schema_of(arguments[0])
        return None if items is None else {"type": "array", "items": items}
    if origin in (Union, UnionType):
        inner = [_schema_of(each) for each in arguments if each is not type(None)]
        if all(each is None for each in inner):
            return None
        some = [each or {"enum": list(get_args(kind))} for each, kind in zip(inner, arguments, strict=False)]
        return {"anyOf": [*some, *([{"type": "null"}] if type(None) in arguments else [])]}
    return None
