"""Read YAML files: plain data, the position of every key, and limits that no file of ours comes near.

Rulebooks, mappings, waivers, supplied figures and reviews are all read here. A file that is too large or too deep,
refers to itself or expands without limit through its aliases is refused with its position before it can fill the
memory. So is anything that is not an ordinary file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from putright.mistakes import Mistake

#: The C loader where there is one: several times as fast.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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
    problems: list[str] = field(default_factory=list)
    count: int = 0

    def place(self, path: Place) -> str:
        """Where something stands, as ``file:line:column``."""
        line, column = self._at(path)
        return f"{self.path}:{line}:{column}"

    def _at(self, path: Place) -> tuple[int, int]:
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def mistake(self, kind: Callable[..., Mistake], found: Sequence[tuple[Place, str]]) -> Mistake:
        """A mistake of this kind that lists what is wrong, each with its place; it points to the first."""
        lines = dict.fromkeys(f"{self.place(path)}: {text}" for path, text in found)
        return kind("\n".join(lines), file=self.path, line=self._at(found[0][0])[0])


def read_document(path: Path, expected: str = "a rulebook: keys and values, beginning with 'rulebook:'") -> Document:
    """Read a YAML file of keys and values, with the position of each; YamlError if it is anything else."""
    document = Document(path)
    node = _composed(path, read_text(path))
    if not isinstance(node, yaml.MappingNode):
        raise YamlError(f"{path}:1:1: expected {expected}", file=path, line=1)
    document.data = _plain(node, (), document)
    if document.problems:
        raise YamlError("\n".join(document.problems), file=path)
    return document


def read_text(path: Path) -> str:
    """The text of an ordinary file of at most LARGEST bytes, in UTF-8; YamlError otherwise."""
    try:
        if path.exists() and not path.is_file():
            raise YamlError(f"{path}: is not a file that can be read.", file=path)
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise YamlError(f"{path}: cannot be read: {error}", file=path) from None
    if len(content) > LARGEST:
        raise YamlError(f"{path}: is larger than {LARGEST // 1024**2} MB, the most that such a file may be.", file=path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise YamlError(f"{path}:{line}: is not in UTF-8: save it so.", file=path, line=line) from None


def _composed(path: Path, text: str) -> yaml.Node | None:
    try:
        _check_depth(path, text)
        node: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        line = mark.line + 1 if mark else None
        raise YamlError(f"{path}{where}: not YAML: {error.problem or error.context}", file=path, line=line) from None
    except yaml.reader.ReaderError as error:
        at = error.position
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        raise YamlError(
            f"{path}:{line}:{column}: not YAML: the character U+{ord(text[at]):04X} is not allowed."
            if at < len(text)
            else f"{path}: not YAML: {error.reason}.",
            file=path,
            line=line,
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise YamlError(f"{path}: not YAML: {error}", file=path) from None
    return node


def _check_depth(path: Path, text: str) -> None:
    """Refuse a file too deep or too long by its events, since composing it would recurse once for each level."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST or count > 2 * MOST:
            mark: Any = event.start_mark
            too = f"more than {DEEPEST} levels deep" if depth > DEEPEST else f"more than {MOST:,} values"
            where = f"{path}:{mark.line + 1}:{mark.column + 1}"
            raise YamlError(f"{where}: {too}: no file of this kind is.", file=path, line=mark.line + 1)


def _plain(node: yaml.Node, path: Place, document: Document) -> Any:
    """Data as text only: 6.10 stays '6.10', and pydantic turns text into dates and numbers."""
    at = (node.start_mark.line + 1, node.start_mark.column + 1)
    document.places.setdefault(path, at)
    document.count += 1
    if len(path) > DEEPEST or document.count > MOST:
        why = "it contains itself" if len(path) > DEEPEST else f"its aliases make more than {MOST:,} values"
        where = f"{document.path}:{at[0]}:{at[1]}"
        raise YamlError(f"{where}: cannot be used, since {why}.", file=document.path, line=at[0])
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            place = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if not isinstance(key_node, yaml.ScalarNode):
                document.problems.append(f"{document.path}:{place[0]}:{place[1]}: a key must be a word")
                continue
            key = str(key_node.value)
            if key in result:
                document.problems.append(f"{document.path}:{place[0]}:{place[1]}: {key!r} appears twice here")
            document.places[(*path, key)] = place
            result[key] = _plain(value_node, (*path, key), document)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), document) for index, item in enumerate(node.value)]
    empty = not node.style and node.value in ("", "~", "null")  # type: ignore[attr-defined]
    return None if empty else node.value
