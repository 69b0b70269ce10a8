"""Output for a person: text at a terminal, data as JSON, progress of long work."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from putright.text.plaintext import json_text, printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

#: An audit of more rows than this shows its progress.
_LONG = 50_000
#: The columns of a table that is not shown at a terminal, so that it is the same wherever it is made.
_PIPE = 80


def make_console(*, stderr: bool = False) -> Console:
    """A console for messages to a person."""
    from rich.console import Console

    class Screen(Console):
        def print(self, *objects: Any, soft_wrap: bool | None = None, **options: Any) -> None:
            """Fold sentences at a terminal; a program gets each in one line. Tables always keep to the width."""
            whole = not file.isatty() and all(isinstance(each, str) for each in objects)
            super().print(*objects, soft_wrap=whole if soft_wrap is None else soft_wrap, **options)

        def on_broken_pipe(self) -> None:
            """The reader has gone: who runs the command ends it, and rich would with an exit code of its own."""
            raise BrokenPipeError

    file = sys.stderr if stderr else sys.stdout
    width = None if file.isatty() else _PIPE
    # Plain text in a notebook too, where rich would show pictures of its tables.
    return Screen(file=file, width=width, highlight=False, soft_wrap=False, force_jupyter=False)


def take_any_letter() -> None:
    """Show a character that the terminal cannot encode as an escape instead of stopping.

    If an output is closed, its file descriptor is kept occupied, and writing to it fails.
    """
    for number, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        if stream is None:
            os.open(os.devnull, os.O_RDONLY)  # occupies the descriptor, so that no file gets it
            setattr(sys, name, open(number, "w", encoding="utf-8", closefd=False))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def silence(stream: TextIO) -> None:
    """Discard further output, also at exit, since it cannot be written."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def close() -> None:
    """Flush the outputs; if that fails, the exit code does not change."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            silence(stream)


def say(*lines: str, to: TextIO | None = None) -> None:
    """Print lines, to standard output unless another is named; see ``printable``. A terminal gets them folded."""
    stream = to or sys.stdout
    for line in lines:
        text = printable(line)
        print(_folded(text) if stream is not None and stream.isatty() else text, file=to)


def _folded(line: str) -> str:
    """A line in the width of the terminal: no word is cut, and what follows is indented by two more."""
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    width = shutil.get_terminal_size().columns
    return textwrap.fill(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )


def say_json(data: Any) -> None:
    """Print data as JSON; if standard output cannot encode every character, everything but ASCII is escaped."""
    plain = not (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    print(json_text(data, plain=plain))


def show(options: argparse.Namespace, data: Any, parts: Iterable[RenderableType]) -> int:
    """Print the data as JSON if asked for, otherwise the parts made for a person."""
    if options.format == "json":
        say_json(data)
        return 0
    console = make_console()
    for part in parts:
        console.print(part)
    return 0


class Progress:
    """A bar on standard error for long work at a terminal; otherwise silence.

    The number of rows is not known before the file is read, so the bar only moves and shows the count.
    """

    def __init__(self) -> None:
        self._bar: Any = None

    def show(self, rows: int) -> None:
        """Show the number of rows judged."""
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
