"""Read YAML files: plain data, the position of every key, and limits that no file of ours comes near.

Rulebooks, mappings, waivers, supplied figures and reviews are all read here. A file that is too large or too deep,
refers to itself or expands without limit through its aliases is refused with its position before it can fill the
memory. So is anything that is not an ordinary file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from putright.mistakes import Mistake, Problem


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The C loader where there is one: several times as fast. It spends no time on types, since all data stays text."""

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        return "tag:yaml.org,2002:str"


#: In bytes; 50 times the largest rulebook.
LARGEST = 5 * 1024**2
#: Lists and keys within one another; a rulebook has nine.
DEEPEST = 50
#: Values, each counted wherever an alias repeats it; 20 times the largest rulebook.
MOST = 200_000

#: The keys that lead to a part of a document.
Place = tuple[str | int, ...]


class YamlError(Mistake):
    """A YAML file cannot be used; the text says where and why."""


@dataclass
class Document:
    """A YAML file's plain data, and the line and column of every key and item."""

    path: Path
    data: Any = None
    places: dict[Place, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    """What is wrong with its keys."""
    count: int = 0
    files: dict[Place, Path] = field(default_factory=dict)
    """The file of each part that was read from another one."""

    def place(self, path: Place) -> str:
        """Where something is, written as ``file:line:column``."""
        line, column = self._at(path)
        return f"{self.path}:{line}:{column}"

    def _at(self, path: Place) -> tuple[int, int]:
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def problem(self, path: Place, message: str, **more: Any) -> Problem:
        """What is wrong at a place of the file; ``more`` is what else a ``Problem`` has."""
        line, column = self._at(path)
        file = next((file for part, file in self.files.items() if path[: len(part)] == part), self.path)
        return Problem(message, file=file, line=line, column=column, **more)


def read_document(path: Path, expected: str = "a rulebook: keys and values, beginning with 'rulebook:'") -> Document:
    """Read a YAML file of keys and values, with the position of each; YamlError if it is anything else."""
    document = parse_document(path, expected)
    if document.problems:
        raise YamlError.of(document.problems)
    return document


def parse_document(path: Path, expected: str) -> Document:
    """Read a file as ``read_document`` does, with what is wrong with its keys in ``problems``."""
    document = Document(path)
    node = _composed(path, read_text(path))
    if not isinstance(node, yaml.MappingNode):
        raise YamlError.of([document.problem((), f"expected {expected}")])
    document.data = _plain(node, (), document)
    return document


def read_text(path: Path) -> str:
    """The text of an ordinary file of at most LARGEST bytes, in UTF-8; YamlError otherwise."""
    try:
        if path.exists() and not path.is_file():
            raise _cannot(path, None, "is not a file that can be read.")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise _cannot(path, None, f"cannot be read: {error.strerror or error}") from None
    if len(content) > LARGEST:
        raise _cannot(path, None, f"is larger than {LARGEST // 1024**2} MB, the most that such a file may be.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _cannot(path, (line, None), "is not in UTF-8: save it so.") from None


def _cannot(path: Path, at: tuple[int, int | None] | None, why: str, suggestion: str = "") -> YamlError:
    line, column = at or (None, None)
    return YamlError.of([Problem(why, file=path, line=line, column=column, suggestion=suggestion)])


#: What YAML's own parser says, by how it begins, and what to do about it.
_ADVICE = {
    "found character '\\t'": "indent with spaces: a tab is not allowed there",
    "mapping values are not allowed": "put a text that has ': ' in it in quotation marks, and see that the keys of one "
    "part begin in the same column",
    "could not find expected ':'": "write 'key: value', with a space after the colon",
    "did not find expected key": "see that keys of one part begin in the same column, and that quotation marks and "
    "brackets are closed",
    "did not find expected '-' indicator": "see that the items of one list begin in the same column, each with '- '",
    "did not find expected ',' or": "close the bracket, and put a comma between what is in it",
    "found unexpected end of stream": "close the quotation mark",
    "found character that cannot start any token": "put the text in quotation marks",
    "found undefined alias": "put a text that begins with '*' in quotation marks",
    "did not find expected alphabetic": "put a text that begins with '*' or '&' in quotation marks",
}


def _composed(path: Path, text: str) -> yaml.Node | None:
    try:
        _check_depth(path, text)
        node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = str(error.problem or error.context)
        if mark and said.startswith("found character") and _is_tab(text, mark):
            said = "found character '\\t' where a word should begin"
        advice = next((advice for begins, advice in _ADVICE.items() if said.startswith(begins)), "")
        raise _cannot(path, (mark.line + 1, mark.column + 1) if mark else None, f"not YAML: {said}", advice) from None
    except yaml.reader.ReaderError as error:
        at = error.position
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        said = f"the character U+{ord(text[at]):04X} is not allowed." if at < len(text) else f"{error.reason}."
        raise _cannot(path, (line, column) if at < len(text) else None, f"not YAML: {said}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _cannot(path, None, f"not YAML: {error}") from None
    return node


def _is_tab(text: str, mark: Any) -> bool:
    line = (text.splitlines() or [""])[mark.line : mark.line + 1]
    return bool(line) and "\t" in line[0][: mark.column + 1]


def _check_depth(path: Path, text: str) -> None:
    """Refuse a file too deep or too long by its events, since composing it would recurse once for each level."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST or count > 2 * MOST:
            mark: Any = event.start_mark
            too = f"more than {DEEPEST} levels deep" if depth > DEEPEST else f"more than {MOST:,} values"
            raise _cannot(path, (mark.line + 1, mark.column + 1), f"{too}: no file of this kind is.")


def _plain(node: yaml.Node, path: Place, document: Document) -> Any:
    """Data as text only: 6.10 stays '6.10', and pydantic turns text into dates and numbers."""
    at = (node.start_mark.line + 1, node.start_mark.column + 1)
    document.places.setdefault(path, at)
    document.count += 1
    if len(path) > DEEPEST or document.count > MOST:
        why = "it contains itself" if len(path) > DEEPEST else f"its aliases make more than {MOST:,} values"
        raise _cannot(document.path, at, f"cannot be used, since {why}.")
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            place = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if not isinstance(key_node, yaml.ScalarNode):
                document.problems.append(_at(document, place, "a key must be a word"))
                continue
            key = str(key_node.value)
            if key in result:
                document.problems.append(_at(document, place, f"{key!r} appears twice here", "keep one of the two"))
            document.places[(*path, key)] = place
            result[key] = _plain(value_node, (*path, key), document)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), document) for index, item in enumerate(node.value)]
    empty = not node.style and node.value in ("", "~", "null")  # type: ignore[attr-defined]
    return None if empty else node.value


def _at(document: Document, place: tuple[int, int], message: str, suggestion: str = "") -> Problem:
    return Problem(message, file=document.path, line=place[0], column=place[1], suggestion=suggestion)
