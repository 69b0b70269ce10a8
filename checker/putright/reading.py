"""Reading rulebooks from YAML, so that every mistake is reported with its place.

A mistake names file, line, column and clause, what was found and what was expected; all the mistakes
of a file are reported at once.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from putright import fields
from putright.mistakes import Mistake
from putright.rulebooks import Rulebook, Shared, check_rulings
from putright.rules import KINDS

#: The C loader where there is one: several times as fast.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RulebookError(Mistake):
    """A rulebook cannot be used; the text says where, what was found and what was expected."""


#: Where something stands in a document's data.
_Place = tuple[str | int, ...]


@dataclass
class Document:
    """A YAML file's plain data, and the line and column of every key and item."""

    path: Path
    data: Any = None
    places: dict[_Place, tuple[int, int]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def place(self, path: _Place) -> str:
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (1, 1))
        return f"{self.path}:{line}:{column}"


def _plain(node: yaml.Node, path: _Place, document: Document) -> Any:
    """Data as text only: 6.10 stays '6.10', and pydantic turns text into dates and numbers."""
    document.places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            place = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if key in result:
                document.problems.append(f"{document.path}:{place[0]}:{place[1]}: {key!r} stands twice here")
            document.places[(*path, key)] = place
            result[key] = _plain(value_node, (*path, key), document)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), document) for index, item in enumerate(node.value)]
    empty = not node.style and node.value in ("", "~", "null")  # type: ignore[attr-defined]
    return None if empty else node.value


def read_document(path: Path, expected: str = "a rulebook: keys and values, beginning with 'rulebook:'") -> Document:
    """A YAML file of keys and values, with the place of each; RulebookError where it is none."""
    document = Document(path)
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=_LOADER)
    except (OSError, UnicodeDecodeError) as error:
        raise RulebookError(f"{path}: cannot be read: {error}") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise RulebookError(f"{path}{where}: not YAML: {error.problem or error.context}") from None
    if not isinstance(node, yaml.MappingNode):
        raise RulebookError(f"{path}:1:1: expected {expected}")
    document.data = _plain(node, (), document)
    if document.problems:
        raise RulebookError("\n".join(document.problems))
    return document


def _clause_at(data: Any, path: _Place) -> str:
    if len(path) >= 2 and path[0] == "clauses" and isinstance(path[1], int):
        clause = data["clauses"][path[1]]
        if isinstance(clause, dict) and clause.get("id"):
            return f"clause {clause['id']}: "
    return ""


_MESSAGES = {"extra_forbidden": "is no key known here", "missing": "is missing and must be given"}


def explain_mistakes(error: ValidationError, document: Document) -> str:
    """Every mistake on a line of its own: place, clause, key, what is wrong, what was found."""
    lines = []
    for item in error.errors():
        path = tuple(part for part in item["loc"] if part not in {kind.__name__ for kind in KINDS.values()})
        while path and path not in document.places and item["type"] != "missing":
            path = path[:-1]
        key = f"'{path[-1]}': " if path and isinstance(path[-1], str) else ""
        found = "" if item["type"] in ("missing", "kind", "value_error") else f" (found {item['input']!r:.60})"
        message = _MESSAGES.get(item["type"], item["msg"].removeprefix("Value error, "))
        lines.append(f"{document.place(path)}: {_clause_at(document.data, path)}{key}{message}{found}")
    return "\n".join(lines)


def _include(document: Document) -> list[Path]:
    """Put the clauses of included files, in the order named, before the book's own; return those files."""
    names = document.data.pop("include", None) or []
    clauses = document.data.get("clauses")
    paths = []
    for name in reversed(names if isinstance(names, list) else [names]):
        shared = read_document(document.path.parent / str(name))
        try:
            Shared.model_validate(shared.data)
        except ValidationError as error:
            raise RulebookError(explain_mistakes(error, shared)) from None
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
    document = read_document(path)
    included = _include(document)
    content = b"".join(p.read_bytes() for p in (path, *included))
    try:
        book = Rulebook.model_validate({**document.data, "digest": hashlib.sha256(content).hexdigest()})
    except ValidationError as error:
        raise RulebookError(explain_mistakes(error, document)) from None
    problems = [*_repeated_clauses(book, document), *_unknown_words(book, document, extra_words)]
    for name, problem in check_rulings(book):
        problems.append(f"{_rule_place(document, name)}: {name} {problem}")
    if problems:
        raise RulebookError("\n".join(problems))
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
            yield f"{document.place(('clauses', i))}: clause {clause.id} stands twice"
        seen.add(clause.id)


def _unknown_words(book: Rulebook, document: Document, extra: frozenset[str]) -> Iterator[str]:
    known = set(fields.CONTENTS) | extra
    for i, clause in enumerate(book.clauses):
        for j, rule in enumerate(clause.rules):
            for key in ("holds", "holds_one_of", "beyond_cap"):
                for word in getattr(rule, key, ()):
                    if word not in known:
                        near = difflib.get_close_matches(word, known, 1)
                        hint = f"; did you mean {near[0]!r}?" if near else ""
                        place = document.place(("clauses", i, "rules", j, key))
                        yield f"{place}: clause {clause.id}: {word!r} is not a word for letter contents{hint}"
