"""Take away: the pack, the annual report, the figures to publish, the findings, the columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from putright.api.audits import year
from putright.desk.runs import Run
from putright.desk.screens import Wrongs, failure, go_on, of_results, page, run_of


@dataclass(frozen=True)
class Paper:
    """Something to take away."""

    name: str
    """What the page calls it."""
    what: str
    """What it is, in a sentence."""
    task: str
    ending: str
    names_cases: bool


PAPERS = {
    "pack": Paper(
        "Committee pack", "The paper for committee in Word, PDF and as a web page, with every finding.",
        "pack", ".zip", True,
    ),
    "findings": Paper("Findings", "Every finding as an Excel workbook.", "findings", ".xlsx", True),
    "annual": Paper(
        "Annual report", "The yearly performance and service improvement report. Small numbers are withheld.",
        "annual", ".zip", False,
    ),
    "figures": Paper(
        "Figures to publish", "The figures alone, with small numbers withheld. No case is named.", "pack", ".zip", False
    ),
}  # fmt: skip


def _take(request: Request, run: Run) -> Response:
    return _shown(request, run, failure(run))


shown = of_results(_take)


def _shown(request: Request, run: Run, wrongs: Wrongs) -> Response:
    files = {kind: _file(run, kind) for kind in PAPERS}
    return page(request, "take", run=run, wrongs=wrongs, papers=PAPERS, year=_year(run), files=files)


def _year(run: Run) -> int:
    """The financial year that was last over on the audit date: the year it begins in."""
    assert run.choices is not None
    return year(run.choices.as_at).before().first.year


def _file(run: Run, kind: str) -> str:
    return f"{run.export.stem}-{kind}{PAPERS[kind].ending}"


async def make(request: Request) -> Response:
    """Make one of them."""
    run = run_of(request)
    form = {name: str(value) for name, value in (await request.form()).items()}
    return await run_in_threadpool(_made, request, run, form)


def _made(request: Request, run: Run, form: Mapping[str, str]) -> Response:
    kind = form.get("what", "")
    if kind not in PAPERS or run.results is None or run.is_busy:
        return go_on(run, "take")
    paper, wrongs = PAPERS[kind], Wrongs()
    if paper.names_cases and "aware" not in form:
        said = f"{paper.name}: confirm that you will save it where only those may look who may see the cases."
        wrongs.add(said, f"aware-{kind}")
        return _shown(request, run, wrongs)
    file = _file(run, kind)
    path = str(run.folder / "made" / file)
    more: dict[str, object] = {"output": path}
    if paper.ending == ".zip":
        into = run.folder / "papers"
        into.mkdir(mode=0o700, exist_ok=True)
        more = {"zipped": path, "into": str(into / kind)}
        more |= {"year": _year(run)} if kind == "annual" else {"publish": kind == "figures"}
    run.make(paper.task, f"the {paper.name.lower()}", file, **more)
    return go_on(run, "take")


def _taken(request: Request, run: Run) -> Response:
    made = run.made.get(request.path_params["file"])
    if made is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return FileResponse(made.path, filename=made.path.name)


taken = of_results(_taken)
