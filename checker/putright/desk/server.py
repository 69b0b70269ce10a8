"""The desk opened: on this machine alone, at a port that is free, until it is stopped or no longer used."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.types import Receive, Scope, Send

from putright.api import hosts
from putright.desk.application import application
from putright.desk.guard import Guard
from putright.desk.runs import Runs
from putright.desk.screens import Desk
from putright.desk.workers import Workers
from putright.mistakes import Mistake
from putright.writing.staging import temporary_folder

_MINUTE = 60.0
#: For how many seconds the desk goes on after somebody stops it.
_LAST_PAGE = 1.0


class _Used:
    """When the desk was last asked for something."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self.last = time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.last = time.monotonic()
        await self._guard(scope, receive, send)


def open_desk(
    file: Path | None = None, *, port: int = 0, browser: bool = True, say: Callable[[str], None] = lambda line: None
) -> None:
    """Open the desk, and return when it has stopped. ``say`` takes its address.

    Raises a Mistake where the port is taken or the file cannot be read.
    """
    if file is not None and not file.is_file():
        raise Mistake(f"{file} is not there: name the export to open.", file=file)
    with temporary_folder() as folder, _bound(port) as listening:
        tempfile.tempdir = str(folder)  # what is uploaded waits there, and is gone with it
        host = hosts.load(quietly=True)
        workers = Workers(folder)
        try:
            _serve(Desk(Runs(folder, workers, host)), listening, file, browser, say)
        finally:
            workers.close()
            tempfile.tempdir = None


def _bound(port: int) -> socket.socket:
    # Named as TCP, for asyncio then sends what is short at once: without that each answer waits for 40 milliseconds.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen()  # who asks before the desk is ready waits
    except OSError as error:
        listening.close()
        raise Mistake(f"port {port} cannot be used: {error.strerror}. Leave --port out, or name another.") from None
    return listening


def _serve(desk: Desk, listening: socket.socket, file: Path | None, browser: bool, say: Callable[[str], None]) -> None:
    guard = Guard(application(desk), listening.getsockname()[1])
    used = _Used(guard)
    # Nothing is logged: an address can name a case.
    server = uvicorn.Server(
        uvicorn.Config(used, log_config=None, access_log=False, lifespan="off", log_level="critical")
    )

    def end() -> None:
        server.should_exit = True

    # Once the page that says so is there, with its style.
    desk.stop = lambda: threading.Timer(_LAST_PAGE, end).start()
    if file is not None:
        desk.given = desk.runs.begin(file.name, lambda path: _copy(file, path))
    say(guard.address)
    threading.Thread(target=_watch, args=(desk, used, server), daemon=True).start()
    if browser:
        threading.Thread(target=webbrowser.open, args=(guard.address,), daemon=True).start()
    server.run(sockets=[listening])


def _copy(file: Path, path: Path) -> None:
    try:
        shutil.copyfile(file, path)
    except OSError as error:
        raise Mistake(f"{file} cannot be read: {error.strerror or error}.", file=file) from None


def _watch(desk: Desk, used: _Used, server: uvicorn.Server) -> None:
    """Stop the desk when it has not been used for a while and has nothing to do."""
    while not server.should_exit:
        time.sleep(1)
        idle = desk.idle_minutes
        if desk.runs.workers.are_busy:
            used.last = time.monotonic()
        if idle is not None and time.monotonic() - used.last > idle * _MINUTE:
            server.should_exit = True
