"""A process of putright: how it is tuned, and how it ends when the system asks, with every process that it began."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil


#: How many new objects it takes to look for garbage, among these and among older ones.
GARBAGE = (100_000, 50, 100)


class Terminated(KeyboardInterrupt):
    """The system asked the run to end: it ends as if a person had, and takes away what is not whole."""


def tune() -> None:
    """Tune this process for short work: the default settings cost about 20% of a short command."""
    gc.set_threshold(*GARBAGE)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # matrices are small: more threads wait for one another


def heed_the_system() -> None:
    """Take a request to end, or a closed terminal, as a person's Ctrl-C."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and threading.current_thread() is threading.main_thread():
            signal.signal(getattr(signal, name), _terminate)


def _terminate(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # once is enough: what follows is the clearing up
    raise Terminated


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: int) -> bytes:
    """Run a program in a folder and return its output and errors. It ends, with its own children, when we do.

    Raises subprocess.TimeoutExpired when it is not ready in time.
    """
    with subprocess.Popen(
        command, cwd=folder, env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process, ending_children():  # fmt: skip
        return process.communicate(timeout=seconds)[0]


@contextmanager
def ending_children() -> Iterator[None]:
    """If the work is interrupted, end every process started in here, with its children."""
    import psutil

    before = {child.pid for child in psutil.Process().children()}
    try:
        yield
    except BaseException:
        for child in psutil.Process().children():
            if child.pid not in before:
                _end(child)
        raise


def _end(process: psutil.Process) -> None:
    import psutil

    with suppress(psutil.NoSuchProcess):
        for each in (*process.children(recursive=True), process):
            with suppress(psutil.NoSuchProcess):
                each.kill()
