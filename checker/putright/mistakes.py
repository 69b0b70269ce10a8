"""Errors that a user can correct, as opposed to faults in putright."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

#: Setting this shows Python's traceback of a fault, which may have data from the records.
TRACEBACK = "PUTRIGHT_TRACEBACK"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean 'received'?``: the known word most like this one, or those that are equally like; else blank."""
    lower = {each.lower(): each for each in known}
    given = word.strip().lower()
    near = difflib.get_close_matches(given, lower, 3)
    like = {each for each in near if _likeness(given, each) == _likeness(given, near[0])}
    return f"did you mean {' or '.join(repr(name) for each, name in lower.items() if each in like)}?" if like else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """What somebody who wrote this word may have meant, and every word there is."""
    hint = did_you_mean(word, known := list(known))
    return f"{hint and f'{hint} '}known: {', '.join(known)}"


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, other, one).ratio()


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or that deserves a look, with its place.

    As text it is one line: plugin, place, clause, what is wrong, and what to write instead.
    """

    message: str
    """What is wrong: the value found, and what is allowed."""
    severity: Literal["mistake", "warning"] = "mistake"
    """``mistake``: it cannot be used as it is. ``warning``: it can, but may not be what was meant."""
    file: Path | None = None
    """The file it is in; None if it is in no file."""
    line: int | None = None
    """The line of the file, counted from 1; None if that is not known."""
    column: int | None = None
    """The column of the line, counted from 1; None if that is not known."""
    clause: str = ""
    """The clause it is in; blank if it is in none."""
    rule: str = ""
    """The rule it is about; blank if it is about none."""
    suggestion: str = ""
    """What was probably meant, for example ``did you mean 'received'?``; blank if nothing is near."""
    plugin: str = ""
    """The plugin it is in; blank for a file that no plugin brings."""

    def __str__(self) -> str:
        plugin = self.plugin and f"plugin {self.plugin!r}"
        return ": ".join(part for part in (plugin, self.place, self.sentence) if part)

    @property
    def place(self) -> str:
        """The file with line and column, written as ``file:line:column``; blank if it is in no file."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    @property
    def sentence(self) -> str:
        """The clause, what is wrong, and what to do about it."""
        clause = self.clause and f"clause {self.clause}"
        said = "; ".join(part for part in (self.message, self.suggestion) if part)
        return ": ".join(part for part in (clause, said) if part)

    def as_data(self) -> dict[str, Any]:
        """Gives it as plain data for JSON."""
        return {
            "severity": self.severity,
            "plugin": self.plugin,
            "file": None if self.file is None else str(self.file),
            "line": self.line,
            "column": self.column,
            "clause": self.clause,
            "rule": self.rule,
            "message": self.message,
            "suggestion": self.suggestion,
        }


class Mistake(Exception):
    """Something is wrong with what was given. The text says what, where and what to do, one sentence on each line.

    It is the one exception that a Python program has to expect, and its text is what a command prints. ``file``,
    ``line``, ``row``, ``field`` and ``value`` say where, each None where that is not known: ``line`` counts the lines
    of a text file from 1, ``row`` is a row number as in contract 3.2.
    """

    def __init__(
        self,
        text: str = "",
        *,
        file: Path | None = None,
        line: int | None = None,
        row: int | None = None,
        field: str | None = None,
        value: object = None,
    ) -> None:
        super().__init__(text)
        self.file, self.line, self.row, self.field, self.value = file, line, row, field, value
        self._problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> Self:
        """The mistake of these problems, a line each; it points to the first."""
        listed = tuple(problems)
        lines = dict.fromkeys(map(str, listed))
        made = cls("\n".join(lines), file=listed[0].file, line=listed[0].line)
        made._problems = listed
        return made

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong, one by one; of a mistake that was not made of problems, each line of its text."""
        return self._problems or tuple(map(Problem, str(self).splitlines()))

    @property
    def where(self) -> dict[str, Any]:
        """The five values that say where it is, by name."""
        return {name: getattr(self, name) for name in ("file", "line", "row", "field", "value")}


@contextmanager
def about(file: Path) -> Iterator[None]:
    """Whatever is wrong within is wrong with this file."""
    try:
        yield
    except Mistake as mistake:
        mistake.file = mistake.file or file
        raise


class PluginError(Mistake):
    """A plugin cannot be used; the text names it and says what was expected."""
