"""What pydantic finds wrong with a file, as sentences that the file's author can act on.

A sentence says the value found and what is allowed, and where the key belongs if it is known elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from putright import fields
from putright.files.yamlfiles import Document, Place
from putright.mistakes import Problem, did_you_mean
from putright.rulebooks.clauses import Clause, Departure, Exclusion, Point, Restatement
from putright.rulebooks.conditions import Condition
from putright.rulebooks.rulebook import InForce, Rulebook, Source
from putright.rulebooks.rules import KINDS, Alternative, Rule

_TAGS = {kind.__name__ for kind in KINDS.values()}

#: What a key belongs to, as a sentence names it.
_OWNERS: dict[type[BaseModel], str] = {
    Rulebook: "the rulebook",
    InForce: "'in_force'",
    Source: "'source'",
    Clause: "a clause",
    Point: "a point",
    Departure: "a departure",
    Exclusion: "an exclusion",
    Restatement: "a restatement",
    Alternative: "a second limit ('or_if_later' or 'or_if_earlier')",
    Condition: "a condition ('if' or 'unless')",
    **{
        model: f"a rule of the kind {' or '.join(name for name, other in KINDS.items() if other is model)}"
        for model in KINDS.values()
    },
}

WORD = r"^[a-z][a-z0-9_]*$"
#: What a text has to look like, by its pattern.
_PATTERNS = {
    str(Rulebook.model_fields["rulebook"].metadata[0].pattern): (
        "must be a name in lower case: letters, digits and '-', for a council with '.' and its procedure after it "
        "('corporate', 'children', 'adults', 'housing', 'public-health' or the council's own), for example "
        "'newtown.corporate'"
    ),
    r"^[a-z0-9-]+ \S+( [a-z])?$": "must be a national paragraph, 'lgsco 8.1', or a point of one, 'lgsco 8.1 c'",
    WORD: "must be a word in lower case, with '_' between its parts",
    r"^[a-z]$": "must be one small letter",
}

_DATE = "must be a date, written as 2026-11-22"
_MESSAGES = {
    "missing": "is missing and must be given",
    "string_type": "must be a text",
    "string_too_short": "must not be blank",
    "list_type": "must be a list: [one, another], or each on a line of its own after '- '",
    "too_short": "must have at least one item",
    "model_type": "must be keys and values, for example {key: value}",
    "model_attributes_type": "must be keys and values, for example {key: value}",
    "dict_type": "must be keys and values, for example {key: value}",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
}


def explain_mistakes(error: ValidationError, document: Document, model: type[BaseModel]) -> list[Problem]:
    """Every mistake of a file of this model with its place: clause, key, what is wrong and the value found."""
    return [_explained(dict(item), document, model) for item in error.errors()]


def _explained(item: dict[str, Any], document: Document, model: type[BaseModel]) -> Problem:
    path: Place = tuple(part for part in item["loc"] if part not in _TAGS)
    while path and path not in document.places and item["type"] != "missing":
        path = path[:-1]
    message, _, near = _message(item, model).partition("; did you mean ")
    named = [part for part in path if isinstance(part, str)]
    key = f"'{named[-1]}': " if named and (isinstance(path[-1], str) or not isinstance(item["input"], dict)) else ""
    return document.problem(
        path,
        f"{key}{message}{_found(item, message)}",
        clause=clause_at(document.data, path),
        rule=rule_at(document.data, path),
        suggestion=f"did you mean {near}" if near else "",
    )


def _message(item: dict[str, Any], model: type[BaseModel]) -> str:
    match item["type"]:
        case "extra_forbidden":
            return _unknown_key(item["loc"], model)
        case "kind":
            return _unknown_kind(item["input"], str(item["msg"]))
        case "literal_error":
            allowed = [word or number for word, number in re.findall(r"'([^']*)'|(\d+)", item["ctx"]["expected"])]
            return f"must be one of {', '.join(allowed)}{_near(str(item['input']), allowed)}"
        case "string_pattern_mismatch":
            pattern, value = item["ctx"]["pattern"], str(item["input"])
            hint = _near(value, fields.CONTENTS) if pattern == WORD else ""
            if not hint and re.fullmatch(pattern, value.lower()):
                hint = f"; did you mean {value.lower()!r}?"
            return _PATTERNS.get(pattern, str(item["msg"])) + hint
        case "greater_than_equal" | "less_than_equal":
            return "must be a stage: 1, 2 or 3" if "stops_clock_of" in item["loc"] else str(item["msg"])
        case kind:
            return _MESSAGES.get(kind) or str(item["msg"]).removeprefix("Value error, ")


def _found(item: dict[str, Any], message: str) -> str:
    """The value found, unless the message has it already or it is a whole part of the file."""
    value = item["input"]
    if item["type"] in ("missing", "kind", "extra_forbidden", "too_short"):
        return ""
    if isinstance(value, dict) and item["type"] == "value_error":
        return ""
    if isinstance(value, dict | list):
        return " (found a list)" if isinstance(value, list) else " (found keys and values)"
    if value is None:
        return " (found nothing)"
    return "" if repr(value) in message else f" (found {str(value)!r:.60})"


def _near(word: str, known: Any) -> str:
    hint = did_you_mean(word, map(str, known))
    return f"; {hint}" if hint else ""


def _unknown_kind(rule: Any, message: str) -> str:
    found = rule.get("kind") if isinstance(rule, dict) else None
    if not isinstance(rule, dict):
        return "a rule must be keys and values, for example {rule: acknowledge-stage1, kind: deadline, …}"
    return f"{message} (found {found!r:.60}){_near(str(found), KINDS)}" if found else f"{message}, and is missing"


def _unknown_key(loc: tuple[str | int, ...], root: type[BaseModel]) -> str:
    """An unknown key: what it may be a misspelling of, or where it belongs."""
    own, key = _model_at(root, loc[:-1]), str(loc[-1])
    if own is None:
        return "is not a known key"
    keys = _keys(own)
    here = f" of {_OWNERS[own]}" if own in _OWNERS else ""
    if near := _near(key, keys):
        return f"is not a known key{here}{near}"
    others = [_OWNERS[each] for each in _reachable(root) if key in _keys(each) and each in _OWNERS]
    if others:
        return f"is not a known key{here}: it is a key of {' or '.join(others)}. See where the line begins"
    return f"is not a known key{here}: known are {', '.join(keys)}"


# --- models ---------------------------------------------------------------------------------------


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items() if name != "digest"]


def _parts(hint: Any) -> Iterator[Any]:
    """The types that a type is made of: the items of a list or table, what may be left out, each kind of rule."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
        yield from _parts(hint)
    elif get_origin(hint) in (list, tuple, dict, Union) or type(hint).__name__ == "UnionType":
        for each in get_args(hint):
            yield from _parts(each)
    elif isinstance(hint, type):
        yield hint


def _models_of(model: type[BaseModel], key: str) -> list[type[BaseModel]]:
    field = next((field for name, field in model.model_fields.items() if key in (name, field.alias)), None)
    parts = _parts(field.annotation) if field else ()
    return [each for each in parts if issubclass(each, BaseModel)]


def _model_at(root: type[BaseModel], loc: tuple[str | int, ...]) -> type[BaseModel] | None:
    """The model at a place; None if it may be one of several."""
    models: list[type[BaseModel]] = [root]
    for part in loc:
        if isinstance(part, int):
            continue
        if part in _TAGS:
            models = [each for each in models if each.__name__ == part]
        else:  # a part that is not a key of a model is the name of something in a table
            models = [found for each in models for found in _models_of(each, part)] or models
    return models[0] if len(models) == 1 else None


@cache
def _reachable(root: type[BaseModel]) -> tuple[type[BaseModel], ...]:
    """A model and all that its keys may hold."""
    found, waiting = dict.fromkeys([root]), [root]
    while waiting:
        model = waiting.pop()
        for name in model.model_fields:
            for each in _models_of(model, name):
                if each not in found and each is not Rule:
                    found[each] = None
                    waiting.append(each)
    return tuple(found)


# --- places ---------------------------------------------------------------------------------------


def _at(data: Any, path: Place, key: str) -> str:
    for part in path:
        try:
            data = data[part]
        except (LookupError, TypeError):
            return ""
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""


def clause_at(data: Any, path: Place) -> str:
    """The number of the clause that a place is in; blank if it is in none."""
    return _at(data, path[:2], "id") if path[:1] == ("clauses",) and len(path) > 1 else ""


def rule_at(data: Any, path: Place) -> str:
    """The name of the rule that a place is in; blank if it is in none."""
    return _at(data, path[:4], "rule") if len(path) > 3 and path[2] == "rules" else ""
