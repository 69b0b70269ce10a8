"""What makes the cells of a notebook safe to run in any order, and safe to type into.

Every cell uses the lesson that was opened last. If there is none, it shows a message that says to begin at the top.
Text typed after ``answer =`` without quotation marks is read as text, so ``22 June 2026`` and ``A`` are answers too.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable
from typing import Any

from putright.text.shown import Display, card, say

_TYPED = re.compile(r"(?P<before>(?:answer|wording)[ \t]*=[ \t]*)(?P<typed>.*?)(?P<after>\s*)")
_START = "Choose Run, then Run All Cells. Then come back to this cell."


class OpenLesson:
    """The lesson that was opened last. Until there is one, each of its methods shows how to begin."""

    def __init__(self) -> None:
        self.opened: Any = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if self.opened is not None:
            return getattr(self.opened, name)
        return _not_begun

    def open(self, lesson: object) -> None:
        """Make a lesson the one that cells ask."""
        self.opened = lesson
        _take_typed_answers_as_text()


def _not_begun(*_: object, **__: object) -> Display:
    return card("plain", "The lesson has not begun", say(_START))


lesson = OpenLesson()


def quoted(lines: list[str]) -> list[str]:
    """The lines of a cell, with an answer that is not Python between quotation marks."""
    if not any("lesson." in line for line in lines):
        return lines
    return [_quoted(line) for line in lines]


def _quoted(line: str) -> str:
    found = _TYPED.fullmatch(line)
    if found is None:
        return line
    typed = found["typed"]
    try:
        ast.literal_eval(typed)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        text = typed.partition(" #")[0].strip()
        return f"{found['before']}{text if text in ('(', '[', '{') else repr(text or None)}{found['after']}"
    return line


def _take_typed_answers_as_text() -> None:
    """Have IPython pass every cell through ``quoted``; elsewhere there is nothing to do."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    changes: list[Callable[[list[str]], list[str]]] = getattr(shell, "input_transformers_cleanup", [])
    if not any(change.__name__ == quoted.__name__ for change in changes if hasattr(change, "__name__")):
        changes.append(quoted)
