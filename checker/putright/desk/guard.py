"""Who may use the desk: the browser that was given its address, and no other page, name or machine.

The desk listens on this machine alone. A page from elsewhere can still make a browser send requests to it, and a name
from elsewhere can be made to lead to it. So each request must name the desk's own address as its host; one that
changes something must come from a page of the desk; and each must have the cookie that the token in the first address
was exchanged for. The token can be used once.
"""

from __future__ import annotations

import secrets
from collections.abc import MutableMapping
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: The most that one upload may be, in bytes.
LARGEST_UPLOAD = 512 * 1024 * 1024
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    # Not "no-referrer": a browser would then not say which page a form comes from.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_READING = ("GET", "HEAD")
_USED = "This address has been used. Go back to the window in which the desk is open, or start the desk again.\n"
_NOBODY = "The desk answers only the browser window that it opened. Start the desk again to open another.\n"
_LARGE = f"The desk takes at most {LARGEST_UPLOAD // 1024**2} MB at a time. Choose a smaller file.\n"


class TooLarge(Exception):
    """More was sent than is taken, and than was announced; the text says what to do."""


class Guard:
    """The desk with a guard before it."""

    def __init__(self, app: ASGIApp, port: int, largest: int = LARGEST_UPLOAD) -> None:
        self.app, self.largest = app, largest
        self.host = f"127.0.0.1:{port}"
        self.token: str | None = secrets.token_urlsafe(24)
        """What the first request must have; None once it was used."""
        self._key = secrets.token_urlsafe(24)
        # A browser keeps cookies by machine, not by port: two desks must not take each other's.
        self._cookie = f"putright-desk-{port}"

    @property
    def address(self) -> str:
        """The address to open, with the token."""
        return f"http://{self.host}/?token={self.token}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, if it may be answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refused(scope, headers)
        with_headers = _with_headers(send)
        if refused is not None:
            await refused(scope, receive, with_headers)
            return
        await self.app(scope, self._counted(receive), with_headers)

    def _refused(self, scope: Scope, headers: Headers) -> Response | None:
        """The answer to a request that goes no further; None if it may."""
        nobody = PlainTextResponse(_NOBODY, HTTPStatus.FORBIDDEN)
        if headers.getlist("host") != [self.host]:
            return nobody
        elsewhere = headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
        if token := parse_qs(scope["query_string"].decode("latin-1")).get("token"):
            return self._exchanged(token[0], headers)
        if not self._has_key(headers) or elsewhere:
            return nobody
        if scope["method"] not in _READING and headers.get("origin") != f"http://{self.host}":
            return nobody
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self.largest:
            return PlainTextResponse(_LARGE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return None

    def _exchanged(self, token: str, headers: Headers) -> Response:
        """The cookie for the token; the token is then of no more use."""
        if self._has_key(headers):
            return RedirectResponse("/", HTTPStatus.SEE_OTHER)
        if self.token is None or not secrets.compare_digest(token.encode(), self.token.encode()):
            return PlainTextResponse(_USED, HTTPStatus.FORBIDDEN)
        self.token = None
        answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
        answer.set_cookie(self._cookie, self._key, httponly=True, samesite="strict", path="/")
        return answer

    def _has_key(self, headers: Headers) -> bool:
        try:
            given = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return given is not None and secrets.compare_digest(given.value.encode(), self._key.encode())

    def _counted(self, receive: Receive) -> Receive:
        """What is received, up to the most that is taken."""
        received = 0

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.largest:
                raise TooLarge(_LARGE)
            return message

        return counting


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
