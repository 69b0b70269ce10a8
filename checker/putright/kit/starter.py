"""The rulebook that a council begins with: the steps and times of the Code that governs it, to be written over.

What a clause says, who acts and where it is from is marked ``TO WRITE``. Until that is done the whole rulebook says of
itself that it is not the council's own.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from putright import fields
from putright.calendars import Calendar
from putright.kit.naming import Names
from putright.rulebooks import Rulebook
from putright.rulebooks.rules import Contents, Extension, Independence, Rule, Timed


@dataclass(frozen=True)
class Part:
    """A clause of the starter: its heading and topic, and the rules that go in it."""

    heading: str
    topic: str
    says: str


_WHOLE = Part("When a complaint can be made, and when it is refused", "exclusions", "until when people can complain")
_STAGES = {
    stage: Part(f"Stage {stage}", f"stage {stage}", f"how stage {stage} goes, and how long it takes")
    for stage in fields.STAGES
}

#: The events that come before receipt; the others come after it.
_BEFORE_RECEIPT = {earlier for later, earlier in fields.ORDERED if later == "received"}


def rulebook(names: Names, procedure: str, code: Rulebook, governed_by: str | None, calendar: str | None) -> str:
    """The rulebook's text, without expected dates."""
    text = _quoted
    head = [
        "# yaml-language-server: $schema=../rulebook.schema.json",
        f"# The {procedure} complaints procedure of {names.council}.",
        "#",
        f"# It begins with the steps of the {code.title} ({code.authority}). Go through it with",
        "# your own document: put your clause numbers, your own summary and your times in place of these, take out",
        "# what your procedure does not have, and add what it has. `putright check` lists each TO WRITE that is left.",
        f"rulebook: {names.plugin}.{procedure}",
        "title: Complaints",
        f"authority: {text(names.council)}",
        'edition: "TO WRITE: the edition, as your document names it"',
        "# The first day on which this edition applies: in_force: {from: 2026-04-01}",
        "source:",
        '  document: "TO WRITE: the title of your document"',
        "  # address: https://www.example.gov.uk/complaints-policy",
        "# Take this out when every clause is your own: until then it marks every finding.",
        "unclear: >-",
        "  TO WRITE: these are the steps of the Code; the policy of the council is not written in yet.",
        f"governed_by: [{governed_by or ''}]",
        *([f"calendar: {calendar}"] if calendar else []),
        "# What a complaint that comes on a day off means, if your document says so: next_working_day or from_the_day.",
        "# days_off: next_working_day",
        *([f"start_is_day: {code.start_is_day}"] if code.start_is_day != 0 else []),
        'owner: "TO WRITE: the team that owns the procedure"',
        "clauses:",
    ]
    clauses = [_clause(number, part, rules) for number, (part, rules) in enumerate(_parts(code, governed_by), 1)]
    return "\n".join([*head, *(line for clause in clauses for line in clause)]) + "\n"


def _parts(code: Rulebook, governed_by: str | None) -> Iterator[tuple[Part, list[dict[str, Any]]]]:
    """The clauses of the starter with the Code's rules, each with the paragraph that it answers."""
    found: dict[Part, list[dict[str, Any]]] = {_WHOLE: [], **{part: [] for part in _STAGES.values()}}
    kept = [(clause.id, rule) for clause in code.clauses for rule in clause.rules if _is_for_all(rule)]
    names = {rule.rule for _, rule in kept}
    for number, rule in sorted(kept, key=lambda each: list(fields.RULES).index(each[1].rule)):
        if isinstance(rule, Extension) and rule.extends not in names:
            continue
        answers = {"answers": [f"{governed_by} {number}"]} if governed_by else {}
        found[_STAGES[rule.stage] if rule.stage else _WHOLE].append(_as_data(rule) | answers)
    return ((part, rules) for part, rules in found.items() if rules)


def _is_for_all(rule: Rule) -> bool:
    """Whether it is a rule for every case that a policy would have too."""
    if rule.when or rule.unless or (isinstance(rule, Contents) and rule.lacking == "judgement"):
        return False
    if isinstance(rule, Timed):
        return rule.within is not None
    return isinstance(rule, Extension | Contents | Independence)


def _as_data(rule: Rule) -> dict[str, Any]:
    """A rule as a file has it, without what is said of the Code's own text."""
    left_out = {"unclear", "note", "who", "cites", "answers", "or_start", "or_within", "days_off"}
    return rule.model_dump(by_alias=True, mode="json", exclude_defaults=True, exclude=left_out)


def _clause(number: int, part: Part, rules: list[dict[str, Any]]) -> Iterator[str]:
    yield f'  - id: "{number}"'
    yield f"    heading: {_quoted(part.heading)}"
    yield '    who: "TO WRITE: who acts"'
    yield f"    topic: {part.topic}"
    yield "    text: >-"
    yield f"      TO WRITE: {part.says}, in your own words."
    yield "    rules:"
    for rule in rules:
        first, *others = (f"{key}: {_value(value)}" for key, value in rule.items())
        yield f"      - {first}"
        yield from (f"        {line}" for line in others)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {each}' for key, each in value.items())}}}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(text: str) -> str:
    """A text that YAML reads as it is."""
    return json.dumps(text, ensure_ascii=False)


def expected_cases(book: Rulebook, calendar: Calendar, today: dt.date) -> Iterator[tuple[str, dict[str, dt.date]]]:
    """A case over Christmas for each time limit: the rule, and the dates of the case by their fields."""
    received = dt.date(today.year, 12, 18)
    while not calendar.is_working_day(received):
        received -= dt.timedelta(days=1)
    day = received + dt.timedelta(days=3)
    while not calendar.is_working_day(day):
        day += dt.timedelta(days=1)
    before = received - dt.timedelta(days=3)
    for ruling in book.rulings().values():
        rule = ruling.rule
        if isinstance(rule, Timed) and rule.within and rule.step != "received":
            start = {"received": received}.get(rule.start, before if rule.start in _BEFORE_RECEIPT else day)
            yield ruling.name, {"received": received, rule.start: start}
