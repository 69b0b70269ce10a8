"""What commands show a person: text at a terminal, data as JSON, how far long work has come."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from putright.text.plaintext import json_text, printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

#: An audit of more rows than this says how far it has come.
_LONG = 50_000


def make_console(*, stderr: bool = False) -> Console:
    """Where a person reads what a command says."""
    from rich.console import Console

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            """The reader has gone: who runs the command ends it, and rich would with an exit code of its own."""
            raise BrokenPipeError

    file = sys.stderr if stderr else sys.stdout
    # A pipe has no width of its own; 80 columns would fold the tables.
    width = None if file.isatty() else 120
    # Plain text in a notebook too, where rich would show pictures of its tables.
    return Screen(file=file, width=width, highlight=False, soft_wrap=False, force_jupyter=False)


def take_any_letter() -> None:
    """No letter is ever a reason to stop: one that the terminal does not know is shown as an escape.

    Where an output is closed, no other file may take its place, and writing to it fails.
    """
    for number, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        if stream is None:
            os.open(os.devnull, os.O_RDONLY)  # takes the number, so that no file does
            setattr(sys, name, open(number, "w", encoding="utf-8", closefd=False))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def silence(stream: TextIO) -> None:
    """Let nothing more be written to an output, at exit either: it cannot be."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def close() -> None:
    """Write what is still waiting to be written; where that fails, the exit code stays as it is."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            silence(stream)


def say(*lines: str, to: TextIO | None = None) -> None:
    """Print lines, to standard output unless another is named; see ``printable``."""
    for line in lines:
        print(printable(line), file=to)


def say_json(data: Any) -> None:
    """Print data as JSON; where standard output cannot hold every letter, with escapes for what is not ASCII."""
    plain = not (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    print(json_text(data, plain=plain))


def show(options: argparse.Namespace, data: Any, parts: Iterable[RenderableType]) -> int:
    """Print the data as JSON where that is asked for, else what is made of it for a person."""
    if options.format == "json":
        say_json(data)
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
