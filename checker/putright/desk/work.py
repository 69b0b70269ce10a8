"""What a process of the desk does: it reads a request, does it, and says what it found, a line of JSON at a time.

It is begun before there is anything to do, so that what is slow to load is there when it is needed.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

import polars as pl
import psutil

from putright import extras
from putright.api import audits, hosts, papers, records, samples
from putright.desk.faults import fault
from putright.desk.results import Writer
from putright.desk.today import step_data
from putright.mistakes import Mistake
from putright.writing import processes

#: A zip file has a time for each file; this one is fixed, so that the same papers give the same bytes.
_NO_TIME = (2000, 1, 1, 0, 0, 0)
#: A process that holds more memory than this after its work ends, in bytes.
_MUCH = 600 * 1024**2


class Worker:
    """The process: what it knows, and to whom it speaks."""

    def __init__(self, to: TextIO) -> None:
        self._to = to
        self.host = hosts.load(quietly=True)

    def say(self, **what: Any) -> None:
        """Say something to the desk."""
        self._to.write(json.dumps(what) + "\n")
        self._to.flush()

    def rows(self, count: int) -> None:
        """Say how many rows have been judged."""
        self.say(rows=count)

    # --- the tasks --------------------------------------------------------------------------------

    def propose(self, export: str, answers: str | None, system: str | None, mapping: str) -> dict[str, Any]:
        """Propose what each column is, and write the mapping; a file in putright's own layout needs none."""
        if (own := samples.has_own_names(export, self.host)) is not None:
            columns = [samples.ColumnUse(name, name, "", (), 0) for name in own]
            return _proposed(samples.Proposal("", (), columns=tuple(columns)), own_names=True)
        proposal = samples.propose_mapping(export, answers, system=system, host=self.host)
        Path(mapping).write_text(proposal.text, "utf-8")
        return _proposed(proposal, own_names=False)

    def sample(self, council: str, output: str, year_ending: str) -> dict[str, Any]:
        """Make up a year of cases."""
        rows = samples.sample(self.host, council, year_ending=dt.date.fromisoformat(year_ending))
        samples.write_sample(rows, Path(output))
        return {"cases": len(rows)}

    def audit(self, folder: str, **request: Any) -> dict[str, Any]:
        """Audit a file, and write what was found to the folder, batch by batch."""
        audited = self._audit(request)
        into = Writer(Path(folder), self.host)

        def table(batch: audits.Batch) -> pl.DataFrame:
            return into.noted(batch, batch.coded(audited.enums))

        for found in audited.passed(table, messages=False, progress=self.rows):
            into.add(found)
        into.finish(audited.summary, audited.rejected)
        return {}

    def today(self, calendar: str, **request: Any) -> dict[str, Any]:
        """List what is due, and write it as a calendar too."""
        watch = self._audit(request).watch()
        Path(calendar).write_bytes(watch.as_calendar())
        groups = {**watch.groups(), "on hold": watch.held}
        return {
            "groups": {name: [step_data(step) for step in steps] for name, steps in groups.items()},
            "left_out": list(watch.left_out()),
        }

    def pack(self, into: str, publish: bool, zipped: str, **request: Any) -> dict[str, Any]:
        """Write the committee pack, or the figures to publish, and put them into one file."""
        made = self._audit(request).pack(into, publish=publish, overwrite=True, progress=self.rows)
        return self._zipped(made, Path(into), Path(zipped))

    def annual(self, into: str, year: int, zipped: str, **request: Any) -> dict[str, Any]:
        """Write the annual report, and put its files into one."""
        made = papers.make_annual_report(self._audit(request), into, year, overwrite=True, progress=self.rows)
        return self._zipped(made, Path(into), Path(zipped))

    def findings(self, output: str, **request: Any) -> dict[str, Any]:
        """Write the findings as a workbook."""
        self._audit(request).write(output, progress=self.rows)
        return {"files": [Path(output).name]}

    def _audit(self, request: Mapping[str, Any]) -> audits.Audit:
        as_at, start, end = (_day(request.get(name)) for name in ("as_at", "start", "end"))
        opened = records.open_cases(
            request["export"],
            self.host,
            request.get("council"),
            request.get("mapping"),
            keep_readable=request["keep_readable"],
        )
        return audits.audit(opened, self.host, as_at=as_at, start=start, end=end, waivers=request.get("waivers"))

    def _zipped(self, made: papers.Pack, folder: Path, into: Path) -> dict[str, Any]:
        self.say(doing="Putting the files together")
        with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in made.files:
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _NO_TIME)
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
        names = [path.relative_to(folder).as_posix() for path in made.files]
        return {"files": names, "warnings": made.warnings, "gaps": getattr(made, "gaps", [])}


def _proposed(proposal: samples.Proposal, *, own_names: bool) -> dict[str, Any]:
    """A proposal as plain data for the desk."""
    return {
        "columns": [asdict(each) for each in proposal.columns],
        "questions": [asdict(each) for each in proposal.questions],
        "words": [asdict(each) for each in proposal.words],
        "notes": list(proposal.notes),
        "left": list(proposal.left),
        "own_names": own_names,
    }


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def main() -> int:
    """Do one request after another, and say of each what was found, or why it could not be done.

    A desk that ends ends its processes. One that was killed cannot, nor delete its folder: this does it in its place.
    """
    processes.tune()
    to, sys.stdout = sys.stdout, sys.stderr  # what a library prints is not an answer
    worker = Worker(to)
    try:
        for line in sys.stdin:
            answer = _answer(worker, json.loads(line))
            goes_on = psutil.Process().memory_info().rss < _MUCH
            worker.say(**answer, goes_on=goes_on)
            if not goes_on:
                return 0
    except BrokenPipeError:
        pass  # nobody is there to read the answer
    shutil.rmtree(sys.argv[1], ignore_errors=True)
    return 0


def _answer(worker: Worker, request: dict[str, Any]) -> dict[str, Any]:
    task: Callable[..., dict[str, Any]] = getattr(worker, request.pop("task"))
    try:
        return {"result": task(**request)}
    except Exception as error:
        return {"mistake": _why(error)}


def _why(error: Exception) -> str:
    """What went wrong, in words that hold nothing of the records."""
    if isinstance(error, Mistake):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and (sentence := extras.missing(error)):
        return sentence
    if isinstance(error, MemoryError):
        return "There is not enough memory for this. Close other programs, or choose a smaller file."
    if isinstance(error, OSError):
        about = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        return f"{about}{error.strerror or error}. If the disk is full, make room and try again."
    return fault(error)


if __name__ == "__main__":
    sys.exit(main())
