"""Read YAML files: plain data, the position of every key, and limits that no file of ours comes near.

Rulebooks, mappings, waivers, supplied figures and reviews are all read here. A file that is too large or too deep,
refers to itself or expands without limit through its aliases is refused with its position before it can fill the
memory. So is anything that is not an ordinary file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from putright.mistakes import Mistake, Problem

#: The C parser where there is one: several times as fast.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

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
    text = read_text(path)
    try:
        document.data = _Reading(document, text).whole()
    except yaml.YAMLError as error:
        raise _no_yaml(path, text, error) from None
    except (RecursionError, ValueError) as error:
        raise _cannot(path, None, f"not YAML: {error}") from None
    if not isinstance(document.data, dict):
        raise _cannot(path, (1, 1), f"expected {expected}")
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


def _no_yaml(path: Path, text: str, error: yaml.YAMLError) -> YamlError:
    """What YAML's own parser says, where, and what to do."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        said = str(error.problem or error.context)
        if mark and said.startswith("found character") and _is_tab(text, mark):
            said = "found character '\\t' where a word should begin"
        advice = next((advice for begins, advice in _ADVICE.items() if said.startswith(begins)), "")
        return _cannot(path, _position(mark) if mark else None, f"not YAML: {said}", advice)
    if isinstance(error, yaml.reader.ReaderError):
        at = error.position
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        said = f"the character U+{ord(text[at]):04X} is not allowed." if at < len(text) else f"{error.reason}."
        return _cannot(path, (line, column) if at < len(text) else None, f"not YAML: {said}")
    return _cannot(path, None, f"not YAML: {error}")


def _position(mark: Any) -> tuple[int, int]:
    """The line and the column of a mark of YAML, which counts both from 0."""
    return mark.line + 1, mark.column + 1


def _is_tab(text: str, mark: Any) -> bool:
    line = (text.splitlines() or [""])[mark.line : mark.line + 1]
    return bool(line) and "\t" in line[0][: mark.column + 1]


#: Words without quotation marks that stand for nothing.
_EMPTY = ("", "~", "null")
#: How an event changes the depth.
_DEEPER = {
    yaml.SequenceStartEvent: 1,
    yaml.MappingStartEvent: 1,
    yaml.SequenceEndEvent: -1,
    yaml.MappingEndEvent: -1,
}


def _events(path: Path, text: str) -> Iterator[yaml.Event]:
    """What YAML finds in a text, one after the other, until that is too deep or too long."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
        depth += _DEEPER.get(type(event), 0)
        if depth > DEEPEST or count > 2 * MOST:
            too = f"more than {DEEPEST} levels deep" if depth > DEEPEST else f"more than {MOST:,} values"
            raise _cannot(path, _position(event.start_mark), f"{too}: no file of this kind is.")
        yield event


class _Reading:
    """Makes plain data of a text's events while they come, so that nothing is made of what is too deep or too long.

    All data stays text: 6.10 stays '6.10', and pydantic turns text into dates and numbers.
    """

    def __init__(self, document: Document, text: str) -> None:
        self.document = document
        self.events = _events(document.path, text)
        self.count = 0
        """The values so far, each wherever it stands."""
        self.named: dict[str, list[Any]] = {}
        """The events of each part that has a name, for whatever refers to it."""

    def whole(self) -> Any:
        """The data of the one document in the text; None if the text is empty."""
        next(self.events)  # the text begins
        first: Any = next(self.events)
        if isinstance(first, yaml.StreamEndEvent):
            return None
        data = self._value(next(self.events), self.events, ())
        next(self.events)  # the document ends
        after: Any = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            said = "expected a single document in the stream"
            raise yaml.composer.ComposerError(said, first.start_mark, "but found another document", after.start_mark)
        return data

    def _value(self, event: Any, events: Iterator[Any], path: Place) -> Any:
        """What an event begins; ``events`` are those that follow."""
        event, events = self._meant(event, events)
        at = _position(event.start_mark)
        self.document.places.setdefault(path, at)
        self.count += 1
        if len(path) > DEEPEST or self.count > MOST:
            why = "it contains itself" if len(path) > DEEPEST else f"its aliases make more than {MOST:,} values"
            raise _cannot(self.document.path, at, f"cannot be used, since {why}.")
        kind = type(event)
        if kind is yaml.ScalarEvent:
            value: str = event.value
            return None if value in _EMPTY and not event.style else value
        if kind is yaml.SequenceStartEvent:
            items: list[Any] = []
            while type(item := next(events)) is not yaml.SequenceEndEvent:
                items.append(self._value(item, events, (*path, len(items))))
            return items
        return self._mapping(events, path)

    def _mapping(self, events: Iterator[Any], path: Place) -> dict[str, Any]:
        document = self.document
        found: dict[str, Any] = {}
        while type(named := next(events)) is not yaml.MappingEndEvent:
            event, rest = self._meant(named, events)
            place = _position(event.start_mark)
            if type(event) is not yaml.ScalarEvent:
                document.problems.append(_at(document, place, "a key must be a word"))
                self._value(event, rest, (*path, ""))  # it and its value are left aside
                self._value(next(events), events, (*path, ""))
                continue
            key = event.value
            if key in found:
                document.problems.append(_at(document, place, f"{key!r} appears twice here", "keep one of the two"))
            inner = (*path, key)
            document.places[inner] = place
            found[key] = self._value(next(events), events, inner)
        return found

    def _meant(self, event: Any, events: Iterator[Any]) -> tuple[Any, Iterator[Any]]:
        """An event and those that follow it; for a reference, those of the part that it refers to."""
        name = event.anchor
        if name is None:
            return event, events
        part = self.named.get(name)
        if type(event) is yaml.AliasEvent:
            if part is None:
                at: Any = event.start_mark
                raise yaml.composer.ComposerError(None, None, "found undefined alias", at)
        elif part is None:
            part = self.named[name] = _part(event, events)
        elif part[0] is event:  # within a part that is referred to
            return event, events
        else:
            said = "found duplicate anchor; first occurrence"
            raise yaml.composer.ComposerError(said, part[0].start_mark, "second occurrence", event.start_mark)
        again = iter(part)
        return next(again), again


def _part(event: Any, events: Iterator[Any]) -> list[Any]:
    """All the events of what one of them begins."""
    part, depth = [event], _DEEPER.get(type(event), 0)
    while depth:
        part.append(next(events))
        depth += _DEEPER.get(type(part[-1]), 0)
    return part


def _at(document: Document, place: tuple[int, int], message: str, suggestion: str = "") -> Problem:
    return Problem(message, file=document.path, line=place[0], column=place[1], suggestion=suggestion)
