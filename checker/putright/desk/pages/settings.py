"""About the desk: when it stops by itself, and stopping it now."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from putright.desk.screens import Wrongs, desk_of, go, page

#: After how many minutes without use the desk may stop; 0 is never.
IDLE = {60: "1 hour", 240: "4 hours", 600: "10 hours", 0: "Only when I stop it"}


async def shown(request: Request) -> Response:
    """The page."""
    return page(request, "settings", idle=IDLE)


async def change(request: Request) -> Response:
    """Take in after how long it stops."""
    form = await request.form()
    given = str(form.get("idle", ""))
    if not given.isdecimal() or int(given) not in IDLE:
        wrongs = Wrongs()
        wrongs.add("Choose when the desk stops by itself.", "idle-60")
        return page(request, "settings", idle=IDLE, wrongs=wrongs)
    desk_of(request).idle_minutes = int(given) or None
    return go("/settings")


async def stop(request: Request) -> Response:
    """Stop the desk."""
    desk_of(request).stop()
    return page(request, "stopped")
