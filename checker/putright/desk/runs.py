"""The audits of a desk: each with a folder, an address and work of its own, so that two tabs do not mix."""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from putright.api.hosts import Host
from putright.api.samples import mapping_columns
from putright.desk import remembered
from putright.desk.results import Results
from putright.desk.workers import Job, Workers
from putright.mistakes import Mistake


@dataclass(frozen=True)
class Choices:
    """What an officer chose as well as the file."""

    as_at: dt.date
    council: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    keep_readable: bool = False


@dataclass(frozen=True)
class Download:
    """A file that was made to be taken away."""

    path: Path
    warnings: tuple[str, ...] = ()


@dataclass
class Run:
    """One audit of one file."""

    folder: Path
    export: Path
    workers: Workers
    host: Host
    key: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    choices: Choices | None = None
    answers: dict[str, str] = field(default_factory=dict)
    """What was answered about columns and words."""
    system: str | None = None
    """The case system that the export is from, if that was chosen."""
    proposal: dict[str, Any] | None = None
    """What each column was taken for."""
    keep_as: str | None = None
    """The name to keep the columns by, once they are used."""
    mapping: Path | None = None
    """The mapping in use; None where the columns have putright's own names."""
    waivers: list[dict[str, str]] = field(default_factory=list)
    job: Job | None = None
    results: Results | None = None
    due: dict[str, Any] | None = None
    """What is due, once that was asked for."""
    made: dict[str, Download] = field(default_factory=dict)
    """What can be taken away, by the name of its file."""
    checked: dict[str, dict[str, str]] = field(default_factory=dict)
    """What was answered by hand: case, then rulebook and rule, to the answer."""
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _following: bool = False
    """Whether what comes after a piece of work is being begun, by the thread that holds the lock."""

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.export.name

    @property
    def is_busy(self) -> bool:
        """Whether something is being worked out."""
        return self.job is not None and self.job.is_running

    def wait(self, seconds: float) -> None:
        """Wait until nothing is being worked out, but no longer than this."""
        end = time.monotonic() + seconds
        while self.job is not None and self.job.is_running and (left := end - time.monotonic()) > 0:
            self.job.done.wait(left)

    # --- work -------------------------------------------------------------------------------------

    def propose(self, *, then_audit: bool = False) -> None:
        """Find out what each column is; a file in putright's own layout is audited at once.

        ``then_audit`` audits any other too, if that brings no question which was not asked before.
        """
        answers = None
        if self.answers:
            answers = self.folder / "answers.yaml"
            answers.write_text(yaml.safe_dump(self.answers, allow_unicode=True), "utf-8")
        request = {
            "export": str(self.export),
            "answers": answers and str(answers),
            "system": self.system,
            "mapping": str(self.proposed),
        }
        asked = self._asked()
        self.results = None

        def proposed(job: Job) -> None:
            if job.result is None:
                return
            self.proposal = job.result
            if job.result["own_names"] or (then_audit and self._asked() <= asked):
                self.use_columns()

        self._do("Reading the columns", "propose", request, proposed)

    def make_up(self, council: str, year_ending: dt.date) -> None:
        """Make up a year of a council's cases, and audit it."""

        def made(job: Job) -> None:
            if job.result is not None:
                self.propose()

        request = {"council": council, "output": str(self.export), "year_ending": year_ending.isoformat()}
        self._do("Making up a year of cases", "sample", request, made)

    def use_columns(self) -> None:
        """Audit with the columns as they were proposed. Raises a Mistake while something has to be answered first."""
        if self.proposal is None:
            raise Mistake("The columns have not been read yet.")
        if self.proposal["own_names"]:
            self.mapping = None
            self.audit()
        else:
            self.use(self.proposed)

    def use(self, mapping: Path) -> None:
        """Audit with this mapping."""
        own = self.folder / "mapping.yaml"
        shutil.copyfile(mapping, own)
        mapping_columns(own, self.host)  # says what has to be answered or put right first
        if self.keep_as:
            remembered.keep(own, self.keep_as)
        self.mapping = own
        self.audit()

    def audit(self) -> None:
        """Audit the file. What was found before stays until this is done."""
        folder = self.folder / f"found-{secrets.token_hex(4)}"

        def audited(job: Job) -> None:
            if job.result is not None and self.choices is not None:
                self.results = Results(folder, self.host, self.choices.as_at)
                self.due, self.made = None, {}

        self._do("Auditing the cases", "audit", {"folder": str(folder), **self._request()}, audited)

    def list_due(self) -> None:
        """List what is due."""
        request = {"calendar": str(self.folder / "due.ics"), **self._request()}
        self._do("Working out what is due", "today", request, self._listed)

    def make(self, task: str, what: str, file: str, **more: Any) -> None:
        """Make something to take away: ``file`` is the name that it gets."""
        path = self.folder / "made" / file
        path.parent.mkdir(mode=0o700, exist_ok=True)

        def done(job: Job) -> None:
            if job.result is not None:
                warnings = (*job.result.get("warnings", ()), *job.result.get("gaps", ()))
                self.made[file] = Download(path, warnings)

        self._do(f"Making {what}", task, {**self._request(), **more}, done)

    def close(self) -> None:
        """End its work."""
        if self.job is not None:
            self.job.end()

    # --- inside -----------------------------------------------------------------------------------

    @property
    def proposed(self) -> Path:
        """The mapping as it was proposed."""
        return self.folder / "proposed.yaml"

    def _request(self) -> dict[str, Any]:
        assert self.choices is not None
        chosen = self.choices
        return {
            "export": str(self.export),
            "mapping": self.mapping and str(self.mapping),
            "council": chosen.council,
            "as_at": chosen.as_at.isoformat(),
            "start": chosen.start and chosen.start.isoformat(),
            "end": chosen.end and chosen.end.isoformat(),
            "keep_readable": chosen.keep_readable,
            "waivers": self._waivers(),
        }

    def _waivers(self) -> str | None:
        """The file of what was accepted."""
        if not self.waivers:
            return None
        path = self.folder / "waivers.yaml"
        path.write_text(yaml.safe_dump({"waivers": self.waivers}, allow_unicode=True, sort_keys=False), "utf-8")
        return str(path)

    def _do(self, what: str, task: str, request: Mapping[str, Any], then: Callable[[Job], None]) -> None:
        """Have something worked out; ``then`` may have the next thing worked out, which nobody can come before."""

        def done(job: Job) -> None:
            with self._lock:
                self._following = True
                try:
                    then(job)
                except Mistake as mistake:
                    job.mistake = str(mistake)
                finally:
                    self._following = False

        with self._lock:
            if self.is_busy and not self._following:
                raise Mistake("Something is being worked out for this audit already. Wait until it is done.")
            self.job = self.workers.do(what, task, request, done)

    def _asked(self) -> set[str]:
        """What the questions are about that are still open."""
        return {question["about"] for question in self.proposal["questions"]} if self.proposal else set()

    def _listed(self, job: Job) -> None:
        self.due = job.result


class Runs:
    """Every audit of a desk."""

    def __init__(self, folder: Path, workers: Workers, host: Host) -> None:
        self.folder, self.workers, self.host = folder, workers, host
        self._runs: dict[str, Run] = {}

    def begin(self, name: str, take: Callable[[Path], None]) -> Run:
        """Begin an audit of a file: ``take`` puts it where it is to lie."""
        folder = self.folder / secrets.token_hex(8)
        (folder / "export").mkdir(parents=True, mode=0o700)
        export = folder / "export" / safe_name(name)
        take(export)
        run = Run(folder, export, self.workers, self.host)
        self._runs[run.key] = run
        return run

    def of(self, key: str) -> Run | None:
        """The audit of an address."""
        return self._runs.get(key)

    def __iter__(self) -> Iterator[Run]:
        return iter(self._runs.values())

    def remove(self, run: Run) -> None:
        """Take an audit away, with its files."""
        run.close()
        self._runs.pop(run.key, None)
        shutil.rmtree(run.folder, ignore_errors=True)


def safe_name(name: str) -> str:
    """The name of a file alone, without any folder, and without what a file system would not take."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter if letter.isprintable() and letter not in '<>:"|?*' else "_" for letter in last)
    return kept.strip(". ")[-120:] or "export"


def remembered_for(run: Run) -> list[remembered.Remembered]:
    """The mappings kept from before that fit the columns of a run."""
    if run.proposal is None:
        return []
    return remembered.fitting([column["name"] for column in run.proposal["columns"]], run.host)
