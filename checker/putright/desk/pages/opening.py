"""Open: the file, the council, the period and the audit date; or a sample year."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from putright import calendars
from putright.desk.runs import Choices, Run
from putright.desk.screens import Wrongs, desk_of, failure, go, go_on, of_run, page, run_of
from putright.text.dates import UnreadableDate, read_date
from putright.text.english import written_date

_DATES = {"as_at": "audit date", "start": "first day of the period", "end": "last day of the period"}


async def first(request: Request) -> Response:
    """The first page."""
    given = desk_of(request).given
    return _opening(request, given, {}, failure(given) if given else Wrongs())


def _again(request: Request, run: Run) -> Response:
    return _opening(request, run, _entered(run), failure(run))


again = of_run(_again)


def _opening(request: Request, run: Run | None, entered: Mapping[str, Any], wrongs: Wrongs) -> Response:
    desk = desk_of(request)
    entered = {"as_at": written_date(calendars.today()), **entered}
    others = [each for each in desk.runs if each.results is not None and each is not run]
    return page(
        request, "open", run=run, wrongs=wrongs, entered=entered, councils=desk.runs.host.councils, others=others
    )


def _entered(run: Run) -> dict[str, Any]:
    """What was chosen before, as it was entered."""
    chosen = run.choices
    if chosen is None:
        return {}
    days = {name: getattr(chosen, name) for name in _DATES}
    texts = {name: written_date(day) for name, day in days.items() if day}
    return {**texts, "council": chosen.council or "", "keep_readable": chosen.keep_readable}


async def begin(request: Request) -> Response:
    """Take in what was entered, and begin."""
    run = run_of(request) if "key" in request.path_params else None
    async with request.form(max_files=20) as form:
        wrongs = Wrongs()
        files = [each for each in form.getlist("file") if isinstance(each, UploadFile) and each.filename]
        choices = _choices(form, wrongs)
        if files:
            begun = [await run_in_threadpool(_take, request, each) for each in files]
            run = begun[0]
        elif run is None:
            wrongs.add("Choose the export to audit, for example an Excel or CSV file.", "file")
            begun = []
        else:
            begun = [run]
        if wrongs or choices is None:
            return _opening(request, run, dict(form), wrongs)
    for each in begun:
        each.choices = choices
        await run_in_threadpool(each.propose)
    assert run is not None
    return go_on(run, "begun")


def _begun(_: Request, run: Run) -> Response:
    """Where a run is: its rows if it was audited at once, its columns if these are to be looked at."""
    return go_on(run, "rows" if run.results else "columns" if run.proposal else "open")


begun = of_run(_begun)


def _take(request: Request, upload: UploadFile) -> Run:
    def take(path: Path) -> None:
        with path.open("xb") as file:
            shutil.copyfileobj(upload.file, file)

    return desk_of(request).runs.begin(str(upload.filename), take)


def _choices(form: FormData, wrongs: Wrongs) -> Choices | None:
    """What was chosen; None if something is wrong with it."""
    days: dict[str, dt.date | None] = {}
    for name, what in _DATES.items():
        text = str(form.get(name, "")).strip()
        try:
            days[name] = read_date(text) if text else None
        except UnreadableDate as error:
            wrongs.add(f"The {what}: {error}", name)
    if days.get("as_at", 1) is None:
        wrongs.add("Enter the audit date, for example 30/9/2026.", "as_at")
    start, end = days.get("start"), days.get("end")
    if start and end and end < start:
        wrongs.add("The last day of the period comes before its first day. Change one of them.", "end")
    if wrongs:
        return None
    as_at = days["as_at"]
    assert as_at is not None
    return Choices(as_at, str(form.get("council", "")) or None, start, end, "keep_readable" in form)


async def try_sample(request: Request) -> Response:
    """Make up a year of cases, and audit it."""
    form = await request.form()
    runs = desk_of(request).runs
    council = str(form.get("council", ""))
    wrongs = Wrongs()
    if council not in runs.host.councils:
        wrongs.add("Choose the council whose cases are to be made up.", "sample-council")
        return _opening(request, None, {}, wrongs)
    run = await run_in_threadpool(_made_up, request, council)
    return go_on(run, "begun")


def _made_up(request: Request, council: str) -> Run:
    runs, day = desk_of(request).runs, calendars.today()
    run = runs.begin(f"sample-{council}.csv", lambda path: None)
    run.choices = Choices(day, council)
    run.make_up(council, day)
    return run


async def remove(request: Request) -> Response:
    """Take an audit away."""
    run = run_of(request)
    desk = desk_of(request)
    await run_in_threadpool(desk.runs.remove, run)
    if desk.given is run:
        desk.given = None
    return go("/")
