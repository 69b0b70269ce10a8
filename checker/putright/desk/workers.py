"""Work that takes long, done in processes of its own, so that the desk goes on whatever becomes of it.

A process is ready before there is anything to do, with everything loaded, so that work begins at once. It does one
piece of work after another, each alone; one that has come to hold much memory ends, and another takes its place.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from putright.mistakes import TRACEBACK

#: The message where a process ended without one.
_ENDED = (
    "The work was ended from outside, perhaps because this machine has too little memory free. Nothing that you "
    "entered is lost: close other programs and try again."
)


@dataclass
class Job:
    """One piece of work: how far it is, and what became of it."""

    what: str
    """What is done, for the page that waits: ``Reading the columns``."""
    process: subprocess.Popen[str]
    rows: int = 0
    """How many rows have been judged so far."""
    doing: str = ""
    """What it is busy with, if it says so."""
    result: dict[str, Any] | None = None
    """What it found, once it is done."""
    mistake: str | None = None
    """Why it could not be done."""
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def is_running(self) -> bool:
        """Whether it is still being done."""
        return not self.done.is_set()

    def end(self) -> None:
        """End it, whatever it has done."""
        with suppress(OSError):
            self.process.kill()


class Workers:
    """The processes of a desk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = {**os.environ, "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
        self._lock = threading.Lock()
        self._jobs: list[Job] = []
        self._idle = [self._begin()]

    def do(self, what: str, task: str, request: Mapping[str, Any], then: Callable[[Job], None]) -> Job:
        """Begin a piece of work; ``then`` is called when it is done, before any page shows that."""
        with self._lock:
            self._idle = [process for process in self._idle if process.poll() is None]
            job = Job(what, self._idle.pop() if self._idle else self._begin())
            self._jobs = [*(each for each in self._jobs if each.is_running), job]
        threading.Thread(target=self._follow, args=(job, {"task": task, **request}, then), daemon=True).start()
        return job

    @property
    def are_busy(self) -> bool:
        """Whether anything is being done."""
        return any(job.is_running for job in self._jobs)

    def close(self) -> None:
        """End every process."""
        with self._lock:
            for process in {*(job.process for job in self._jobs), *self._idle}:
                process.kill()
                process.wait()

    def _begin(self) -> subprocess.Popen[str]:
        said = None if os.environ.get(TRACEBACK) else subprocess.DEVNULL  # what a library says may name a case
        return subprocess.Popen(
            [sys.executable, "-m", "putright.desk.work", str(self._folder)],
            env=self._environment, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip

    def _follow(self, job: Job, request: Mapping[str, Any], then: Callable[[Job], None]) -> None:
        """Send the request and take in the reports on it, a line of JSON at a time."""
        try:
            goes_on = _follow(job, request)
            if job.result is None and job.mistake is None:
                job.mistake = _ENDED
            with self._lock:
                if goes_on and not self._idle:
                    self._idle.append(job.process)
                else:
                    job.end()
            then(job)
        finally:
            job.done.set()


def _follow(job: Job, request: Mapping[str, Any]) -> bool:
    """Have a request done; whether the process can do another."""
    to, said = job.process.stdin, job.process.stdout
    assert to is not None and said is not None
    with suppress(OSError, ValueError):
        to.write(json.dumps(request) + "\n")
        to.flush()
        for line in said:
            told = json.loads(line)
            job.rows, job.doing = told.get("rows", job.rows), told.get("doing", job.doing)
            if "result" in told or "mistake" in told:
                job.result, job.mistake = told.get("result"), told.get("mistake")
                return bool(told["goes_on"])
    return False
