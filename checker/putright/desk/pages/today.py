"""Today: what is due, and a calendar of it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from putright.desk.runs import Run
from putright.desk.screens import failure, go_on, of_results, page

_HEADINGS = {
    "overdue": "Overdue",
    "today": "Due today",
    "this week": "Due this week",
    "later": "Due later",
    "on hold": "On hold",
}


def _today(request: Request, run: Run) -> Response:
    wrongs = failure(run)
    if run.due is None and not wrongs:
        run.list_due()
        return go_on(run, "today")
    service = request.query_params.get("service", "")
    return page(
        request,
        "today",
        run=run,
        wrongs=wrongs,
        due=_of_service(run, service),
        headings=_HEADINGS,
        service=service,
        services=sorted(set(run.results.service_of.values()), key=str.casefold) if run.results else [],
    )


def _of_service(run: Run, service: str) -> dict[str, Any] | None:
    """What is due, with the service of each case; of one service, if it is named."""
    if run.due is None or run.results is None:
        return None
    known = run.results.service_of
    groups = {
        name: [{**step, "service": known.get(step["reference"], "")} for step in steps]
        for name, steps in run.due["groups"].items()
    }
    kept = {name: [step for step in steps if service in ("", step["service"])] for name, steps in groups.items()}
    return {**run.due, "groups": kept}


shown = of_results(_today)


def _calendar(request: Request, run: Run) -> Response:
    if run.due is None:
        return go_on(run, "today")
    return FileResponse(run.folder / "due.ics", filename="complaints-due.ics", media_type="text/calendar")


calendar = of_results(_calendar)
