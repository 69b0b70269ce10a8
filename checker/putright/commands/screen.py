"""What commands show a person: text at a terminal, data as JSON, how far long work has come."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

#: An audit of more rows than this says how far it has come.
_LONG = 50_000


def make_console(*, stderr: bool = False) -> Console:
    """Where a person reads what a command says."""
    from rich.console import Console

    file = sys.stderr if stderr else sys.stdout
    # A pipe has no width of its own; 80 columns would fold the tables.
    width = None if file.isatty() else 120
    # Plain text in a notebook too, where rich would show pictures of its tables.
    return Console(file=file, width=width, highlight=False, soft_wrap=False, force_jupyter=False)


def printable(text: str) -> str:
    """Text of a file as a terminal may be given it: nothing in it moves the cursor or changes colours."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def show(options: argparse.Namespace, data: Any, parts: Iterable[RenderableType]) -> int:
    """Print the data as JSON where that is asked for, else what is made of it for a person."""
    if options.format == "json":
        print(json.dumps(data, indent=2, ensure_ascii=False))
        return 0
    console = make_console()
    for part in parts:
        console.print(part)
    return 0


class Progress:
    """A bar on standard error for long work at a terminal; otherwise silence.

    How many rows a file has is not known before it is read, so the bar moves and the count tells.
    """

    def __init__(self) -> None:
        self._bar: Any = None

    def show(self, rows: int) -> None:
        """So many rows have been judged."""
        if self._bar is None and rows > _LONG and sys.stderr.isatty():
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (BarColumn(), TextColumn("{task.completed:,} rows judged"), TimeElapsedColumn())
            self._bar = Progress(*columns, console=make_console(stderr=True), transient=True)
            self._task = self._bar.add_task("", total=None)
            self._bar.start()
        if self._bar is not None:
            self._bar.update(self._task, completed=rows)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
