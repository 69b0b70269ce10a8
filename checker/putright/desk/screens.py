"""What the pages share: templates, the run that an address is about, waiting, and what went wrong."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from putright import __version__, fields
from putright.desk.runs import Run, Runs
from putright.text.english import capital, counted, written_date

#: How long an answer may wait for work to be done, in seconds, before a page says that it goes on.
SHORT = 2.0
#: The pages of a run, in the order in which an officer comes to them.
STEPS = {
    "open": "Open",
    "columns": "Columns",
    "rows": "Rows",
    "findings": "Findings",
    "today": "Today",
    "take": "Take away",
}


@dataclass
class Desk:
    """What every page can ask for."""

    runs: Runs
    given: Run | None = None
    """The audit of the file that the desk was opened with."""
    idle_minutes: int | None = 60
    """After how many minutes without a request it stops; None if it goes on until it is stopped."""
    stop: Callable[[], None] = lambda: None
    """Stops the desk."""


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong with what was entered: where, and what to do."""

    text: str
    where: str = "main"
    """The id of the field to go to."""


@dataclass
class Wrongs:
    """Everything that is wrong with what was entered."""

    found: list[Wrong] = default(default_factory=list)

    def add(self, text: str, where: str = "main") -> None:
        """One more thing."""
        self.found.append(Wrong(text, where))

    def of(self, where: str) -> str | None:
        """What is wrong with one field."""
        return next((each.text for each in self.found if each.where == where), None)

    def __bool__(self) -> bool:
        return bool(self.found)

    def __iter__(self) -> Any:
        return iter(self.found)


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., str]] = {
        "date": _date,
        "number": lambda count: f"{count:,}",
        "capital": capital,
        "query": urlencode,
        "council": council_name,
        "rule": fields.RULES.__getitem__,
    }
    made.filters |= filters
    made.globals |= {"counted": counted, "version": __version__, "steps": STEPS}
    return made


def _date(day: dt.date | str) -> str:
    return written_date(dt.date.fromisoformat(day) if isinstance(day, str) else day)


def council_name(council: str | None) -> str:
    """A council as a page names it."""
    return council.replace("-", " ").title() if council else "National rules alone"


_TEMPLATES = _environment()


def page(
    request: Request,
    template: str,
    status: int = HTTPStatus.OK,
    *,
    run: Run | None = None,
    wrongs: Wrongs | None = None,
    entered: Mapping[str, Any] | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page made from a template; ``entered`` is what was entered, blank where nothing was."""
    text = _TEMPLATES.get_template(f"{template}.html.jinja").render(
        desk=request.app.state.desk,
        run=run,
        wrongs=wrongs or Wrongs(),
        entered=defaultdict(str, entered or {}),
        here=template,
        **values,
    )
    return HTMLResponse(text, HTTPStatus.UNPROCESSABLE_ENTITY if wrongs else status)


def go(path: str, query: Mapping[str, str] | None = None) -> Response:
    """On to another page."""
    return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, HTTPStatus.SEE_OTHER)


def go_on(run: Run, step: str) -> Response:
    """On to a page of a run."""
    return go(f"/runs/{run.key}/{step}")


def desk_of(request: Request) -> Desk:
    """The desk."""
    desk: Desk = request.app.state.desk
    return desk


def run_of(request: Request) -> Run:
    """The run that an address is about. Raises HTTPException where there is none."""
    run = desk_of(request).runs.of(request.path_params["key"])
    if run is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return run


def plain(run: Run, text: str) -> str:
    """A message about a run's files as the officer knows them, by their own names."""
    for path, name in ((run.export, run.name), (run.folder / "mapping.yaml", "the mapping")):
        text = text.replace(str(path), name)
    return text.replace(str(run.folder), "the desk's folder")


#: A page of a run: what it answers, once nothing is being worked out.
Page = Callable[[Request, Run], Response]


def of_run(answer: Page) -> Callable[[Request], Awaitable[Response]]:
    """A page of a run: while something is being worked out, the page that says so."""

    def answered(request: Request) -> Response:
        run = run_of(request)
        run.wait(SHORT)
        if run.is_busy:
            query = request.query_params.items()
            return page(request, "waiting", run=run, job=run.job, back=request.url.path, query=query)
        return answer(request, run)

    async def handled(request: Request) -> Response:
        return await run_in_threadpool(answered, request)

    return handled


def of_results(answer: Page) -> Callable[[Request], Awaitable[Response]]:
    """A page of a run that has been audited; of one that has not, the page where it is."""

    def answered(request: Request, run: Run) -> Response:
        if run.results is None:
            return go_on(run, "columns" if run.proposal else "open")
        return answer(request, run)

    return of_run(answered)


def failure(run: Run) -> Wrongs:
    """What the last work of a run could not do."""
    wrongs = Wrongs()
    if run.job is not None and run.job.mistake:
        for line in plain(run, run.job.mistake).splitlines():
            wrongs.add(line)
    return wrongs
