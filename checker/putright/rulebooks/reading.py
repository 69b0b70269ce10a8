"""Read rulebooks from YAML and report every mistake with its position.

A mistake names file, line, column and clause, what was found and what was expected; all the mistakes
of a file are reported at once.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from putright import fields
from putright.files.yamlfiles import Document, Place, YamlError, read_document
from putright.rulebooks import Rulebook, Shared, check_rulings
from putright.rulebooks.rules import KINDS, Word


class RulebookError(YamlError):
    """A rulebook cannot be used; the text says where, what was found and what was expected."""


def _clause_at(data: Any, path: Place) -> str:
    if len(path) >= 2 and path[0] == "clauses" and isinstance(path[1], int):
        clause = data["clauses"][path[1]]
        if isinstance(clause, dict) and clause.get("id"):
            return f"clause {clause['id']}: "
    return ""


_MESSAGES = {"extra_forbidden": "is not a known key", "missing": "is missing and must be given"}


def explain_mistakes(error: ValidationError, document: Document) -> list[tuple[Place, str]]:
    """Every mistake with its place: clause, key, the error and the value."""
    lines = []
    for item in error.errors():
        path = tuple(part for part in item["loc"] if part not in {kind.__name__ for kind in KINDS.values()})
        while path and path not in document.places and item["type"] != "missing":
            path = path[:-1]
        key = f"'{path[-1]}': " if path and isinstance(path[-1], str) else ""
        found = "" if item["type"] in ("missing", "kind", "value_error") else f" (found {item['input']!r:.60})"
        message = _MESSAGES.get(item["type"], item["msg"].removeprefix("Value error, "))
        lines.append((path, f"{_clause_at(document.data, path)}{key}{message}{found}"))
    return lines


def _document(path: Path) -> Document:
    try:
        return read_document(path)
    except YamlError as error:
        raise RulebookError(str(error), **error.where) from None


def _include(document: Document) -> list[Path]:
    """Put the clauses of included files, in the order named, before the book's own; return those files."""
    names = document.data.pop("include", None) or []
    clauses = document.data.get("clauses")
    paths = []
    for name in reversed(names if isinstance(names, list) else [names]):
        shared = _document(document.path.parent / str(name))
        try:
            Shared.model_validate(shared.data)
        except ValidationError as error:
            raise shared.mistake(RulebookError, explain_mistakes(error, shared)) from None
        paths.append(shared.path)
        if isinstance(clauses, list):
            count = len(shared.data["clauses"])
            document.places = {
                (p[0], p[1] + count, *p[2:]) if len(p) > 1 and p[0] == "clauses" and isinstance(p[1], int) else p: at
                for p, at in document.places.items()
            }
            clauses[:0] = shared.data["clauses"]
    return paths[::-1]


def read_rulebook(path: Path, extra_words: frozenset[str] = frozenset()) -> Rulebook:
    """Read and check one rulebook file; RulebookError lists every mistake with its place."""
    document = _document(path)
    included = _include(document)
    content = b"".join(p.read_bytes() for p in (path, *included))
    try:
        book = Rulebook.model_validate({**document.data, "digest": hashlib.sha256(content).hexdigest()})
    except ValidationError as error:
        raise document.mistake(RulebookError, explain_mistakes(error, document)) from None
    problems = [*_repeated_clauses(book, document), *_unknown_words(book, document, extra_words)]
    for name, problem in check_rulings(book):
        problems.append(f"{_rule_place(document, name)}: {name} {problem}")
    if problems:
        raise RulebookError("\n".join(problems), file=path)
    return book


def _rule_place(document: Document, name: str) -> str:
    for i, clause in enumerate(document.data["clauses"]):
        for j, rule in enumerate(clause.get("rules") or []):
            if rule.get("rule") == name:
                path = ("clauses", i, "rules", j)
                return f"{document.place(path)}: clause {clause['id']}"
    return str(document.path)


def _repeated_clauses(book: Rulebook, document: Document) -> Iterator[str]:
    seen: set[str] = set()
    for i, clause in enumerate(book.clauses):
        if clause.id in seen:
            yield f"{document.place(('clauses', i))}: clause {clause.id} appears twice"
        seen.add(clause.id)


def _unknown_words(book: Rulebook, document: Document, extra: frozenset[str]) -> Iterator[str]:
    known = set(fields.CONTENTS) | extra
    for i, clause in enumerate(book.clauses):
        for j, rule in enumerate(clause.rules):
            for key in (name for name, field in type(rule).model_fields.items() if field.annotation == list[Word]):
                for word in getattr(rule, key):
                    if word not in known:
                        near = difflib.get_close_matches(word, known, 1)
                        hint = f"; did you mean {near[0]!r}?" if near else ""
                        place = document.place(("clauses", i, "rules", j, key))
                        yield f"{place}: clause {clause.id}: {word!r} is not a word for letter contents{hint}"
