"""The reference of rulebooks, as a page: every key with its type, default, meaning and an example.

Types and defaults are the models' own. Meanings are the docstrings under the models' fields, so that there is one text
for who reads the code and for who writes a rulebook.
"""

from __future__ import annotations

import ast
import datetime as dt
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Discriminator
from pydantic.fields import FieldInfo

from putright import fields
from putright.rulebooks import clauses, rulebook, values
from putright.rulebooks.conditions import Condition
from putright.rulebooks.expectations import Expected
from putright.rulebooks.limits import Limit, LimitText
from putright.rulebooks.rules import KINDS, Alternative, Contents, Extension, Question, Rule, Timed
from putright.text.english import listed

#: What else is said above the table of a kind of rule.
_ALSO: dict[type[Rule], str] = {
    Contents: " Several clauses may each add to one letter's rule.",
    Question: " It needs `if`: wherever that holds, the verdict is `judgement`.",
}


def _of_kind(model: type[Rule]) -> tuple[str, str]:
    """The title of the section of a kind of rule, and what is said above its table."""
    kinds = [kind for kind, each in KINDS.items() if each is model]
    named = listed((f"`{kind}`" for kind in kinds), "or")
    return listed(kinds).capitalize(), f"More keys of a rule of the kind {named}.{_ALSO.get(model, '')}"


#: The models in the order of the page, each with its title and what is said above its table.
SECTIONS: dict[type[BaseModel], tuple[str, str]] = {
    rulebook.Rulebook: ("The rulebook", "The keys at the top of the file."),
    rulebook.InForce: ("Days in force", "The keys of `in_force`. Both days are included."),
    rulebook.Source: ("The source", "The keys of `source` at the top of the file."),
    clauses.Clause: ("A clause", "The keys of each clause in `clauses`."),
    clauses.Point: ("A point", "The keys of each of a clause's `points`, in a national rulebook."),
    clauses.Departure: ("A departure", "The keys of each of a clause's `departs`."),
    clauses.Exclusion: ("An exclusion", "The keys of each of a clause's `excludes`."),
    clauses.Restatement: (
        "A restatement",
        "The keys of each of a clause's `restates`. Restatements are compared and never judged by. For an extension, "
        "`within` is the whole time with the extension.",
    ),
    Rule: ("Every rule", "Keys that a rule of any kind may have."),
    Timed: _of_kind(Timed),
    Alternative: ("A second limit", "The keys of `or_if_later` and of `or_if_earlier`."),
    **{model: _of_kind(model) for model in KINDS.values()},
    Condition: (
        "A condition",
        "The keys of `if` and `unless`. All that is given must hold on the record. A key with `false` asks for "
        "nothing, as if it were left out: to say that something must not be so, put it under `unless`.",
    ),
    clauses.Shared: (
        "A file to include",
        "The one key of a file that several rulebooks of one source include.",
    ),
}


#: Keys that a file does not have.
HIDDEN = {"digest"}


@dataclass(frozen=True)
class Key:
    """One key of a rulebook, as the reference shows it."""

    name: str
    type: str
    default: str
    meaning: str
    example: str
    """In YAML, without the key itself."""


#: Read before the models are: it puts the clauses of other files into this one.
INCLUDE = Key(
    "include",
    "list of file names",
    "none",
    "Files of clauses, next to this one, that several rulebooks share. Their clauses come first, in the order named.",
    "[general.yaml, stages.yaml]",
)

#: Examples, in YAML, of the keys that need a better one than their type's: the value alone.
EXAMPLES: dict[str, dict[str, str]] = {
    "Rulebook": {
        "rulebook": "newtown.corporate",
        "title": "Complaints about our services",
        "authority": "Newtown Council",
        "standing": "policy",
        "edition": "April 2026",
        "in_force": "{from: 2026-04-01}",
        "edition_by": "stage",
        "ends": "2028-03-31",
        "superseded_by": "the procedure of the new unitary council",
        "for_flag": "landlord",
        "not_for_flag": "landlord",
        "start_is_day": "1",
        "calendar": "scotland",
        "source": "{document: Complaints policy, published: April 2026}",
        "governed_by": "[lgsco, housing]",
        "owner": "Customer services",
        "review_due": "2027-04-01",
        "unclear": "The document gives its month and no day.",
        "clauses": '[{id: "1", heading: Purpose, text: We want to put things right.}]',
    },
    "InForce": {"end": "2027-03-31"},
    "Source": {
        "document": "Complaints policy",
        "published": "April 2026",
        "address": "https://newtown.example/complaints-policy",
        "note": "The flowchart in its appendix could not be read.",
    },
    "Clause": {
        "id": '"4.2"',
        "heading": "Acknowledging a complaint",
        "who": "Customer services",
        "topic": "stage 1",
        "text": "We acknowledge a complaint within 5 working days.",
        "rules": "[{rule: independence-stage2, kind: independence}]",
        "restates": "[{rule: respond-stage1, from: received, within: 15 working days}]",
        "excludes": "[{matter: parking fines, instead: the parking appeals service}]",
        "departs": "[{from: lgsco 6.3, because: it gives 15 working days}]",
        "shown_by": "[policy, cases]",
        "points": "[{id: a, text: the date of the response}]",
        "source": "The Housing Ombudsman's guidance of 2024",
        "stops_clock_of": "[1, 2]",
        "note": "The summary in appendix C gives 15 working days from receipt.",
        "unclear": "4.2 and appendix C give different times.",
    },
    "Point": {"id": "a", "text": "the date by which to expect the response", "strength": "should"},
    "Departure": {"paragraph": "lgsco 6.3", "because": "it gives 15 working days where the Code gives 10"},
    "Exclusion": {"matter": "parking fines", "instead": "the parking appeals service"},
    "Restatement": {"within": "15 working days"},
    "Rule": {
        "rule": "acknowledge-stage1",
        "kind": "deadline",
        "who": "the manager of the service",
        "cites": '["4.3", appendix C]',
        "when": "{flag: contractor}",
        "unless": "{any_flag: [cse, anonymous]}",
        "unclear": "It does not say what the time counts from.",
        "note": "Appendix C gives another time.",
    },
    "Timed": {
        "or_start": "stage2_statement_agreed",
        "step": "stage1_acknowledged",
        "or_within": "25 working days",
        "within": "5 working days",
        "within_if_first": "2 working days",
        "days_off": "from_the_day",
        "start_is_day": "1",
        "or_if_later": "{from: stage1_responded, within: 2 months}",
        "or_if_earlier": "{from: stage2_requested, within: 12 months}",
        "by": "stage1_acknowledged",
        "late": "judgement",
        "unrecorded": "no_evidence",
    },
    "Alternative": {"start": "stage1_responded", "within": "2 months"},
    "Notice": {
        "step": "stage3_panel_invited",
        "start": "stage3_panel_met",
    },
    "Extension": {
        "cap": "soft",
        "late": "judgement",
    },
    "Contents": {
        "holds": "[decision, reasons]",
        "holds_one_of": "[escalation, ombudsman]",
        "lacking": "judgement",
    },
    "Question": {"asks": "whether the case may start at stage 2"},
    "Condition": {
        "flag": "contractor",
        "any_flag": "[cse, contractor]",
        "outcome": "[upheld, partly_upheld]",
        "recorded": "[representative]",
        "any_recorded": "[informal_offered, informal_resolved]",
        "matter_since": "1998-04-01",
        "person": "something went wrong",
    },
    "Shared": {"clauses": '[{id: "1", heading: Purpose, text: We want to put things right.}]'},
}


@dataclass(frozen=True)
class Named:
    """A type of value that has a name of its own on the page, and a definition in the schema."""

    type: Any
    meaning: str
    example: str
    """In YAML."""
    schema: dict[str, Any]


def _day(meaning: str) -> dict[str, Any]:
    return {"type": "string", "format": "date", "description": meaning}


#: A field that a plugin adds: an editor cannot know it.
_OWN = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}

NAMED: dict[str, Named] = {
    "limit": Named(
        LimitText,
        "A number and a unit: `10 working days`, `28 calendar days`, `2 weeks`, `12 months` or `6 months inclusive` "
        "(contract 4.3).",
        "10 working days",
        {"type": "string", "pattern": r"^[1-9]\d{0,2} (working days?|calendar days?|weeks?|months?( inclusive)?)$"},
    ),
    "date field": Named(
        values.DateField,
        "The name of a field of a case record that holds a date (contract 1.3 and contract 1.4), "
        "or of the council's own.",
        "received",
        {"anyOf": [{"enum": list(fields.DATES)}, _OWN]},
    ),
    "recordable field": Named(
        values.Recordable,
        "The name of a field of a case record that holds a date, or true or false; or of a council's own.",
        "remedy_offered",
        {"anyOf": [{"enum": [*fields.DATES, *fields.BOOLEANS]}, _OWN]},
    ),
    "rule name": Named(
        values.RuleName, "The name of a rule (contract 6.4).", "respond-stage1", {"enum": list(fields.RULES)}
    ),
    "outcome": Named(
        values.Outcome, "An outcome of a stage (contract 1.4).", "upheld", {"enum": list(fields.OUTCOMES)}
    ),
    "word": Named(
        values.Word,
        "A word for what a letter held (contract 1.6), or one that a plugin adds.",
        "reason",
        {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
    ),
    "case with due dates": Named(
        Expected,
        "One or more dates of a case by their fields, its `flags` if any, and the due date of one or more rules.",
        "{received: 2026-12-18, acknowledge-stage1: 2027-01-04}",
        {
            "type": "object",
            "properties": {
                **{name: _day(fields.FIELDS[name].meaning) for name in fields.DATES},
                **{name: _day(f"the due date of: {asks}") for name, asks in fields.RULES.items()},
                "flags": {
                    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
                    "description": "the flags of the case",
                },
            },
            "patternProperties": {r"^(?!flags$)[a-z][a-z0-9_]*$": _day("a date, putright's or the council's own")},
            "additionalProperties": False,
        },
    ),
    "reference": Named(
        values.Reference,
        "A national paragraph, `lgsco 8.1`, or one of its points, `lgsco 8.1 c`.",
        "lgsco 6.2",
        {"type": "string", "pattern": "^[a-z0-9-]+ \\S+( [a-z])?$"},
    ),
}


def name_of_type(hint: Any) -> str | None:
    """The name of a type that has one."""
    return "limit" if hint is Limit else next((name for name, named in NAMED.items() if hint == named.type), None)


# --- keys -----------------------------------------------------------------------------------------


def keys(model: type[BaseModel]) -> list[Key]:
    """The keys of a model that its section shows; a kind of rule leaves out what every rule has."""
    hints, meanings = get_type_hints(model, include_extras=True), meanings_of(model)
    shared = set(Rule.model_fields) - {"kind"} if issubclass(model, Rule) and model is not Rule else set()
    found = [
        Key(
            field.alias or name,
            _type(own_type(model, name, hints[name])),
            _default(field),
            " ".join(meanings.get(name, "").split()),
            EXAMPLES.get(model.__name__, {}).get(name) or _example(own_type(model, name, hints[name])),
        )
        for name, field in model.model_fields.items()
        if name not in shared and name not in HIDDEN
    ]
    if model is rulebook.Rulebook:
        place = next(place for place, key in enumerate(found) if key.name == "clauses")
        found.insert(place, INCLUDE)
    return found


@cache
def meanings_of(model: type[BaseModel]) -> dict[str, str]:
    """The docstring under each field of a model, its bases' first."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if not issubclass(base, BaseModel) or base.__module__.partition(".")[0] != "putright":
            continue
        tree = ast.parse(textwrap.dedent(inspect.getsource(base)))
        (body,) = (node.body for node in tree.body if isinstance(node, ast.ClassDef))
        for node, below in pairwise(body):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                text = (
                    below.value.value if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) else ""
                )
                if isinstance(text, str) and text:
                    found[node.target.id] = text
    return found


def own_type(model: type[BaseModel], name: str, hint: Any) -> Any:
    """A field's type without what only its own checks add, or with what only the check of all plugins knows."""
    if get_origin(hint) is Annotated and name == "by" and model is Extension:
        return Limit | Literal["as agreed", "any"]
    if name == "answers" and issubclass(model, Rule):
        return list[values.Reference]
    return hint


def _type(hint: Any) -> str:
    """A type in words, for the page."""
    if name := name_of_type(hint):
        return name
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(arguments)
    if origin is list:
        return f"list of {_plural(_type(arguments[0]))}"
    if origin in (Union, UnionType):
        return " or ".join(_type(each) for each in arguments if each is not type(None))
    if origin is Literal:
        return " or ".join(f"`{each}`" for each in arguments)
    if inspect.isclass(hint) and issubclass(hint, BaseModel):
        return f"[{SECTIONS[hint][0].lower()}](#{anchor(SECTIONS[hint][0])})"
    return {str: "text", bool: "`true` or `false`", int: "number", dt.date: "date"}[hint]


def _example(hint: Any) -> str:
    """The example of a type of value, for a key that has none of its own."""
    if name := name_of_type(hint):
        return NAMED[name].example
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is list:
        return f"[{_example(arguments[0])}]"
    if origin in (Annotated, Union, UnionType):
        return _example(arguments[0])
    if origin is Literal:
        return str(arguments[0])
    return {bool: "true", int: "1", dt.date: "2026-04-01"}.get(hint, "some words")


def _annotated(arguments: tuple[Any, ...]) -> str:
    if any(isinstance(each, Discriminator) for each in arguments[1:]):  # the rules
        return "[rule](#every-rule)"
    return "stage (1 to 3)" if arguments[0] is int else _type(arguments[0])


def _plural(name: str) -> str:
    if name.startswith("["):
        return name.replace("](", "s](", 1).replace("[a ", "[").replace("[an ", "[")
    if name.startswith("`"):
        return name
    head, _, tail = name.partition(" (")
    return (head if head == "text" else f"{head}s") + (f" ({tail}" if tail else "")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default in (None, []) or isinstance(field.default, BaseModel):
        return "none"
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


# --- the page -------------------------------------------------------------------------------------

_HEAD = """\
# Rulebook reference

A rulebook is a procedure written as data: a YAML file with the document's clauses and, next to the text of each clause,
the rules that it makes. This page lists every key. It is made from the models that check rulebooks: run `nox -s docs`
after you change them.

[rulebook.schema.json](rulebook.schema.json) has the same as a JSON Schema. It is installed with putright, and `putright
schema --output rulebook.schema.json` writes it next to your rulebook. Many editors check a YAML file against it if the
file's first line is the comment below, with the place where you keep the schema. For a file to include, add
`#/$defs/Shared` to that place.

```yaml
# yaml-language-server: $schema=rulebook.schema.json
```

An unknown key is an error. `putright check FILE` reports every mistake in a rulebook at once, with its file, line,
column and clause.

[plugins](plugins.md) has a whole rulebook. The examples in the tables are made up.
"""


def page() -> str:
    """The page in Markdown."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield _HEAD
    yield "## Kinds of value\n"
    yield "| value | what it is |\n|---|---|"
    for name, named in NAMED.items():
        yield f"| {name} | {named.meaning} |"
    yield "| date | A day, for example `2026-11-22`, `22/11/2026` or `22 November 2026`. |"
    yield "| text | Any text. Put it in quotation marks if it could be read as a number or a date. |"
    for model, (title, intro) in SECTIONS.items():
        yield f"\n## {title}\n\n{intro}\n"
        yield "| key | type | default | meaning | example |\n|---|---|---|---|---|"
        for key in keys(model):
            yield _row(key)


def _row(key: Key) -> str:
    meaning = key.meaning.replace("``", "`").replace("|", "\\|")
    return f"| `{key.name}` | {key.type} | {key.default} | {meaning} | `{key.name}: {key.example}` |"


def anchor(title: str) -> str:
    """The anchor of a heading."""
    return title.lower().replace(" ", "-").replace(",", "")
