"""Nobody but the browser that was given its address gets anything from the desk; what it holds goes when it ends."""

from __future__ import annotations

import http.client
import itertools
import os
import re
import signal
import stat
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import desks
import pytest
from anyio.from_thread import start_blocking_portal
from desks import OpenDesk
from docpages import DOCS
from putright import extras
from putright.commands import desk as command
from putright.desk import guard, server
from putright.desk.application import application
from putright.desk.guard import Guard
from putright.desk.screens import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenDesk]:
    with desks.desk(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


def ask(
    desk: OpenDesk, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], str]:
    """One request as it is written, and its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=60)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.putrequest(method, path, skip_host="Host" in given)
    if body is not None:
        given.setdefault("Content-Length", str(len(body)))
    for name, value in given.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    connection.close()
    return found


@pytest.fixture(scope="module")
def cookie(desk: OpenDesk) -> str:
    """The cookie that the token is exchanged for."""
    status, headers, _ = ask(desk, desk.address.removeprefix(desk.root))
    assert status == 303 and headers["location"] == "/"
    whole = headers["set-cookie"]
    assert "HttpOnly" in whole and "SameSite=strict" in whole
    return whole.partition(";")[0]


def test_the_address_is_of_this_machine_alone(desk: OpenDesk) -> None:
    assert desk.address.startswith("http://127.0.0.1:")
    assert "?token=" in desk.address


def test_the_cookie_opens_the_desk(desk: OpenDesk, cookie: str) -> None:
    status, _, text = ask(desk, "/", Cookie=cookie)
    assert status == 200 and "Audit your complaint cases" in text


def test_the_token_opens_it_once(desk: OpenDesk, cookie: str) -> None:
    status, headers, text = ask(desk, desk.address.removeprefix(desk.root))
    assert status == 403 and "set-cookie" not in headers
    assert text == guard._USED


def test_who_has_the_cookie_may_use_the_address_again(desk: OpenDesk, cookie: str) -> None:
    status, headers, _ = ask(desk, desk.address.removeprefix(desk.root), Cookie=cookie)
    assert (status, headers["location"]) == (303, "/")


REFUSED = {
    "no cookie": ("/", "GET", {}),
    "another cookie": ("/", "GET", {"Cookie": "putright-desk-{port}=guess"}),
    "a cookie that cannot be read": ("/", "GET", {"Cookie": 'putright-desk-{port}="\\'}),
    "a guessed token": ("/?token=guess", "GET", {}),
    "a name that was made to lead here": ("/", "GET", {"Cookie": "{cookie}", "Host": "evil.example:{port}"}),
    "this machine by another name": ("/", "GET", {"Cookie": "{cookie}", "Host": "localhost:{port}"}),
    "a picture in a page from elsewhere": ("/", "GET", {"Cookie": "{cookie}", "Sec_Fetch_Site": "cross-site"}),
    "a page on another port": ("/", "GET", {"Cookie": "{cookie}", "Sec_Fetch_Site": "same-site"}),
    "a form in a page from elsewhere": ("/stop", "POST", {"Cookie": "{cookie}", "Origin": "http://evil.example"}),
    "a form of a page that does not say which": ("/stop", "POST", {"Cookie": "{cookie}"}),
    "a form of no page": ("/stop", "POST", {"Cookie": "{cookie}", "Origin": "null"}),
    "a style without a cookie": ("/static/desk.css", "GET", {}),
}


@pytest.mark.parametrize("what", REFUSED)
def test_nobody_else_gets_anything(desk: OpenDesk, cookie: str, what: str) -> None:
    path, method, headers = REFUSED[what]
    given = {name: value.format(port=desk.port, cookie=cookie) for name, value in headers.items()}
    status, answered, text = ask(desk, path, method, b"" if method == "POST" else None, **given)
    assert status == 403
    assert "set-cookie" not in answered
    assert text in (guard._NOBODY, guard._USED)
    assert desk.process.poll() is None


@pytest.mark.parametrize("path", ["/", "/nothing", "/static/desk.js", "/?token=guess"])
def test_every_answer_forbids_what_is_not_needed(desk: OpenDesk, cookie: str, path: str) -> None:
    _, headers, _ = ask(desk, path, Cookie=cookie)
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "connect-src", "form-action")} == {"'self'"}
    assert policy["frame-ancestors"] == "'none'"


def test_what_is_too_large_is_not_taken(desk: OpenDesk, cookie: str) -> None:
    length = str(guard.LARGEST_UPLOAD + 1)
    status, _, text = ask(
        desk, "/runs", "POST", None, Cookie=cookie, Origin=desk.root, Content_Length=length,
        Content_Type="multipart/form-data; boundary=x",
    )  # fmt: skip
    assert (status, text) == (413, guard._LARGE)


def test_what_turns_out_to_be_too_large_is_not_taken() -> None:
    """Sent in pieces, without its length."""
    asked = Guard(application(Desk(SimpleNamespace())), 1, largest=1_000)  # type: ignore[arg-type]
    token = asked.token
    said: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        said.append(message)

    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    pieces = itertools.chain([head], itertools.repeat(b"x" * 100))

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": next(pieces), "more_body": True}

    async def ask(method: str, path: str, query: bytes, **headers: str) -> None:
        said.clear()
        given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": given}
        await asked({**scope, "root_path": ""}, receive, send)  # type: ignore[arg-type]

    with start_blocking_portal() as portal:
        portal.call(lambda: ask("GET", "/", f"token={token}".encode(), host=asked.host))
        cookie = dict(said[0]["headers"])[b"set-cookie"].decode().partition(";")[0]  # type: ignore[call-overload]
        sent = {"cookie": cookie, "origin": f"http://{asked.host}", "content_type": "multipart/form-data; boundary=x"}
        portal.call(lambda: ask("POST", "/runs", b"", host=asked.host, **sent))
    assert said[0]["status"] == 413


@pytest.mark.parametrize("path", ["/nothing", "/runs/nothing/rows", "/runs/nothing/made/x.zip"])
def test_what_is_not_there_is_said(desk: OpenDesk, cookie: str, path: str) -> None:
    status, _, text = ask(desk, path, Cookie=cookie)
    assert status == 404 and "This page is not here" in text


DOCUMENTED = re.findall(r"^\$ putright desk(.*)$", (DOCS / "commands.md").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("options", DOCUMENTED)
def test_each_documented_example_opens_a_desk(tmp_path: Path, options: str) -> None:
    """The browser that it opens is a program that only writes down what it was to open."""
    (tmp_path / "cases.csv").write_text("reference,received\nA,2026-01-05\n", "utf-8")
    opened = tmp_path / "opened"
    open_it = f"{sys.executable} -c \"import sys; open({str(opened)!r}, 'w').write(sys.argv[1])\" %s"
    with desks.desk(tmp_path, *options.split(), shown=True, cwd=tmp_path, browser=open_it) as desk:
        status, headers, _ = ask(desk, desk.address.removeprefix(desk.root))
        assert status == 303
        _, _, text = ask(desk, "/", Cookie=headers["set-cookie"].partition(";")[0])
        assert ("cases.csv is open" in text) == ("cases.csv" in options)
        deadline = time.monotonic() + 60
        while "--no-open" not in options and not opened.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert opened.exists() == ("--no-open" not in options)
        assert not opened.exists() or opened.read_text() == desk.address


def test_without_a_terminal_the_browser_says_why_it_cannot_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def missing(what: str, extra: str) -> None:
        raise extras.MissingExtra(f"{what} needs <uvicorn>: install putright[{extra}].")

    monkeypatch.setattr(extras, "need", missing)
    monkeypatch.setattr("webbrowser.open", said.append)
    assert command.windowed() == 2
    page = Path(said[0].removeprefix("file://"))
    assert "The desk needs &lt;uvicorn&gt;: install putright[desk]." in page.read_text("utf-8")
    page.unlink()


# --- its folder -----------------------------------------------------------------------------------


def _folders(folder: Path) -> list[Path]:
    return [path for path in (folder / "temporary").iterdir() if path.is_dir()]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_its_folder_is_private_and_goes_with_it(tmp_path: Path, how: signal.Signals) -> None:
    with desks.desk(tmp_path) as opened:
        (private,) = _folders(tmp_path)
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        opened.end(how)
    assert not list((tmp_path / "temporary").iterdir())


def test_what_a_killed_desk_and_its_processes_leave_the_next_takes_away(tmp_path: Path) -> None:
    with desks.desk(tmp_path) as opened:
        for process in (*opened.children, opened.process.pid):
            os.kill(process, signal.SIGKILL)
        opened.process.wait(60)
    (left,) = _folders(tmp_path)
    with desks.desk(tmp_path):
        assert left not in _folders(tmp_path)


def test_its_processes_end_with_it_and_delete_its_folder(tmp_path: Path) -> None:
    with desks.desk(tmp_path) as opened:
        children = opened.children
        assert children
        opened.end(signal.SIGKILL)
        deadline = time.monotonic() + 60
        while any(map(_runs, children)) and time.monotonic() < deadline:
            time.sleep(0.1)
    assert not any(map(_runs, children))
    assert not _folders(tmp_path)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]


def test_a_port_that_is_taken_is_said(desk: OpenDesk, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with desks.desk(tmp_path, "--port", str(desk.port)) as other:
        assert other.process.wait(60) == 2
    assert f"port {desk.port} cannot be used" in capfd.readouterr().err


def test_a_file_that_is_not_there_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with desks.desk(tmp_path, "nothing.csv") as other:
        assert other.process.wait(60) == 2
    assert "nothing.csv is not there" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("idle", "busy", "stops"), [(0.0001, False, True), (0.0001, True, False), (None, False, False)]
)
def test_it_stops_when_it_is_not_used(idle: float | None, busy: bool, stops: bool) -> None:
    ended = SimpleNamespace(should_exit=False)
    workers = SimpleNamespace(are_busy=busy)
    desk = Desk(SimpleNamespace(workers=workers))  # type: ignore[arg-type]
    desk.idle_minutes = idle  # type: ignore[assignment]
    used = SimpleNamespace(last=time.monotonic())
    watch = threading.Thread(target=server._watch, args=(desk, used, ended), daemon=True)
    watch.start()
    watch.join(3)
    assert ended.should_exit is stops
    ended.should_exit = True
    watch.join(5)
