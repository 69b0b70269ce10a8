"""Errors that a user can correct, as opposed to faults in putright."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


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
