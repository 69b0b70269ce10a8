"""The desk as an application: its addresses, and what is said where something is not there or went wrong."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from putright.desk.faults import fault
from putright.desk.guard import TooLarge
from putright.desk.pages import case, checking, columns, findings, opening, rows, settings, taking, today
from putright.desk.screens import Desk, Wrongs, page, run_of
from putright.documents.style import TOKENS
from putright.mistakes import Mistake


def application(desk: Desk) -> Starlette:
    """The desk's pages."""
    app = Starlette(
        routes=[
            Route("/", opening.first),
            Route("/runs", opening.begin, methods=["POST"]),
            Route("/sample", opening.try_sample, methods=["POST"]),
            Route("/settings", settings.shown),
            Route("/settings", settings.change, methods=["POST"]),
            Route("/stop", settings.stop, methods=["POST"]),
            Mount(
                "/runs/{key}",
                routes=[
                    Route("/open", opening.again),
                    Route("/open", opening.begin, methods=["POST"]),
                    Route("/begun", opening.begun),
                    Route("/remove", opening.remove, methods=["POST"]),
                    Route("/progress", _progress),
                    Route("/columns", columns.shown),
                    Route("/columns", columns.answer, methods=["POST"]),
                    Route("/mapping", columns.save),
                    Route("/rows", rows.shown),
                    Route("/rejected", rows.rejected),
                    Route("/findings", findings.shown),
                    Route("/case", case.shown),
                    Route("/case", case.accept, methods=["POST"]),
                    Route("/check", checking.shown),
                    Route("/check", checking.answer, methods=["POST"]),
                    Route("/today", today.shown),
                    Route("/calendar", today.calendar),
                    Route("/take", taking.shown),
                    Route("/take", taking.make, methods=["POST"]),
                    Route("/made/{file}", taking.taken),
                ],
            ),
            Route("/static/tokens.css", _tokens),
            Mount("/static", StaticFiles(directory=Path(__file__).with_name("static"))),
        ],
        exception_handlers={
            HTTPStatus.NOT_FOUND: _not_there,
            Mistake: _mistaken,
            TooLarge: _too_large,
            OSError: _system,
            Exception: _fault,
        },
    )
    app.state.desk = desk
    return app


def _progress(request: Request) -> Response:
    """How far the work of a run is, for the page that waits."""
    job = run_of(request).job
    running = job is not None and job.is_running
    return JSONResponse({"running": running, "rows": job.rows if job else 0, "doing": job.doing if job else ""})


def _tokens(_: Request) -> Response:
    return FileResponse(TOKENS, media_type="text/css")


def _said(request: Request, status: int, text: str) -> Response:
    return page(request, "problem", status, text=text, wrongs=Wrongs())


async def _not_there(request: Request, _: Exception) -> Response:
    return _said(
        request, HTTPStatus.NOT_FOUND, "This page is not here. The audit that it belongs to may have been removed."
    )


async def _mistaken(request: Request, error: Exception) -> Response:
    return _said(request, HTTPStatus.UNPROCESSABLE_ENTITY, str(error))


async def _too_large(request: Request, error: Exception) -> Response:
    return _said(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error))


async def _system(request: Request, error: Exception) -> Response:
    why = getattr(error, "strerror", None) or type(error).__name__
    text = f"The desk cannot use its folder: {why}. If the disk is full, make room and try again. Nothing is lost."
    return _said(request, HTTPStatus.INSUFFICIENT_STORAGE, text)


async def _fault(request: Request, error: Exception) -> Response:
    return _said(request, HTTPStatus.INTERNAL_SERVER_ERROR, fault(error))
