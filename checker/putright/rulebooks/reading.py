"""Read rulebooks from YAML and report every mistake with its position.

A mistake names file, line, column and clause, what was found and what was expected; all the mistakes
of a file are reported at once.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from putright import fields
from putright.files.yamlfiles import Document, Place, YamlError, parse_document
from putright.mistakes import Problem, did_you_mean
from putright.rulebooks import vocabularies
from putright.rulebooks.clauses import Shared
from putright.rulebooks.explaining import WORD, clause_at, explain_mistakes
from putright.rulebooks.rulebook import Rulebook, check_rulings
from putright.rulebooks.rules import KINDS
from putright.rulebooks.values import Word


class RulebookError(YamlError):
    """A rulebook cannot be used; the text says where, what was found and what was expected."""


@dataclass(frozen=True)
class Reading:
    """What was read of a rulebook's file."""

    path: Path
    book: Rulebook | None
    """The rulebook; None if there is a mistake in it."""
    document: Document | None = None
    """The file's data with the place of each key; None if it is not YAML."""
    problems: tuple[Problem, ...] = ()
    """Every mistake in it."""


def read_rulebook(
    path: Path, extra_words: frozenset[str] = frozenset(), vocabulary: fields.Vocabulary = fields.COMMON
) -> Rulebook:
    """Read and check one rulebook file; RulebookError lists every mistake with its place.

    ``vocabulary`` has the fields and procedures that its council has of its own.
    """
    reading = examine(path, extra_words, vocabulary)
    if reading.book is None:
        raise RulebookError.of(reading.problems)
    return reading.book


def examine(
    path: Path, extra_words: frozenset[str] = frozenset(), vocabulary: fields.Vocabulary = fields.COMMON
) -> Reading:
    """Read one rulebook file with every mistake that is in it, and in what it includes."""
    try:
        document = parse_document(path, "a rulebook: keys and values, beginning with 'rulebook:'")
    except YamlError as error:
        return Reading(path, None, None, error.problems)
    problems = list(document.problems)
    context = vocabularies.context(vocabulary, str(document.data.get("rulebook")).partition(".")[0])
    included = _include(document, context, problems)
    book, found = _validated(document, context)
    problems += found
    problems += [*_repeated_clauses(document), *_unknown_words(document, extra_words)]
    if book is not None:
        problems += _misfits(book, document)
    if problems or book is None:
        return Reading(path, None, document, tuple(dict.fromkeys(problems)))
    content = b"".join(file.read_bytes() for file in (path, *included))
    return Reading(path, book.model_copy(update={"digest": hashlib.sha256(content).hexdigest()}), document)


def _validated(document: Document, context: dict[str, Any]) -> tuple[Rulebook | None, list[Problem]]:
    """The rulebook, or what can be made out of it without the rules that are wrong, with what is wrong."""
    if set(document.data) == {"clauses"}:
        said = "this is a file of clauses, for rulebooks to include: name a rulebook that includes it"
        return None, [document.problem((), said)]
    try:
        return Rulebook.model_validate(document.data, context=context), []
    except ValidationError as error:
        problems = explain_mistakes(error, document, Rulebook)
        wrong = {tuple(item["loc"][:4]) for item in error.errors()}
    try:
        return Rulebook.model_validate(_without(document.data, wrong), context=context), problems
    except ValidationError:
        return None, problems


def _without(data: Any, wrong: set[Place]) -> Any:
    """The data without these rules."""
    data = copy.deepcopy(data)
    for place in sorted(wrong, key=lambda place: [part for part in place if isinstance(part, int)], reverse=True):
        match place:
            case ("clauses", int(clause), "rules", int(rule)):
                del data["clauses"][clause]["rules"][rule]
    return data


def _include(document: Document, context: dict[str, Any], problems: list[Problem]) -> list[Path]:
    """Put the clauses of included files, in the order named, before the book's own; return those files."""
    names = document.data.pop("include", None) or []
    clauses = document.data.get("clauses")
    paths = []
    for name in reversed(names if isinstance(names, list) else [names]):
        shared = _shared(document, str(name), context, problems)
        if shared is None:
            continue
        paths.append(shared.path)
        if isinstance(clauses, list):
            count = len(shared.data["clauses"])
            for kept in (document.places, document.files):
                moved = {_moved(path, count): value for path, value in kept.items()}
                kept.clear()
                kept.update(moved)  # type: ignore[arg-type]
            document.places |= {path: at for path, at in shared.places.items() if len(path) > 1}
            document.files |= {("clauses", number): shared.path for number in range(count)}
            clauses[:0] = shared.data["clauses"]
    return paths[::-1]


def _moved(path: Place, count: int) -> Place:
    """The place of a clause after so many others were put before it."""
    match path:
        case ("clauses", int(number), *rest):
            return ("clauses", number + count, *rest)
    return path


def _shared(document: Document, name: str, context: dict[str, Any], problems: list[Problem]) -> Document | None:
    """An included file; None, with what is wrong in ``problems``, if it cannot be used."""
    path = document.path.parent / name
    if not path.is_file():
        suggestion = did_you_mean(name, (each.name for each in document.path.parent.glob("*.y*ml")))
        suggestion = suggestion or "name a file next to this one"
        problems.append(document.problem(("include",), f"'include': there is no file {name!r}", suggestion=suggestion))
        return None
    try:
        shared = parse_document(path, "a file of clauses: a list under 'clauses:'")
        found = list(shared.problems)
    except YamlError as error:
        problems.extend(error.problems)
        return None
    try:
        Shared.model_validate(shared.data, context=context)
    except ValidationError as error:
        found += explain_mistakes(error, shared, Shared)
    problems.extend(found)
    return None if found else shared


def _misfits(book: Rulebook, document: Document) -> Iterator[Problem]:
    """Rules that do not fit the others; those that rest on a rule that is itself wrong are left aside."""
    known = set(book.rulings())
    written = {name for _, _, rule in _rules(document) if isinstance(name := rule.get("rule"), str)}
    for name, message in check_rulings(book):
        if any(f"{other!r}" in message or f" {other} " in message for other in written - known):
            continue
        path = next((path for path, _, rule in _rules(document) if rule.get("rule") == name), ())
        yield document.problem(path, f"{name} {message}", clause=clause_at(document.data, path), rule=name)


def _clauses(document: Document) -> Iterator[tuple[Place, dict[str, Any]]]:
    clauses = document.data.get("clauses")
    for number, clause in enumerate(clauses if isinstance(clauses, list) else []):
        if isinstance(clause, dict):
            yield ("clauses", number), clause


def _rules(document: Document) -> Iterator[tuple[Place, str, dict[str, Any]]]:
    """Every rule as the file has it: its place, the number of its clause, its keys."""
    for path, clause in _clauses(document):
        rules = clause.get("rules")
        for number, rule in enumerate(rules if isinstance(rules, list) else []):
            if isinstance(rule, dict):
                yield (*path, "rules", number), str(clause.get("id") or ""), rule


def _repeated_clauses(document: Document) -> Iterator[Problem]:
    seen: dict[str, Place] = {}
    for path, clause in _clauses(document):
        number = clause.get("id")
        if not isinstance(number, str):
            continue
        if number in seen:
            first = document.places.get(seen[number], (0, 0))[0]
            yield document.problem(
                path,
                f"this 'id' appears twice, first on line {first}",
                clause=number,
                suggestion="give each clause an 'id' of its own",
            )
        seen.setdefault(number, path)


def _unknown_words(document: Document, extra: frozenset[str]) -> Iterator[Problem]:
    known = set(fields.CONTENTS) | extra
    for path, clause, rule in _rules(document):
        model = KINDS.get(rule["kind"]) if isinstance(rule.get("kind"), str) else None
        for key in _word_keys(model) if model else ():
            words = rule.get(key)
            for word in words if isinstance(words, list) else []:
                if isinstance(word, str) and word not in known and re.fullmatch(WORD, word):
                    yield document.problem(
                        (*path, key),
                        f"{word!r} is not a word for letter contents",
                        clause=clause,
                        rule=str(rule.get("rule") or ""),
                        suggestion=did_you_mean(word, known) or f"known: {', '.join(sorted(known))}",
                    )


def _word_keys(model: type[BaseModel]) -> list[str]:
    return [name for name, field in model.model_fields.items() if field.annotation == list[Word]]
