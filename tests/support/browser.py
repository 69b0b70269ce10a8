"""A browser for tests: Chromium, a server for a folder, and axe for accessibility.

Nothing here is skipped: if Chromium or axe is not installed it is downloaded, and if that fails the test fails.
"""

from __future__ import annotations

import fcntl
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, Page, sync_playwright

AXE = "4.14.1"
_CACHE = Path(__file__).parents[2] / "build" / "browser-tests"
#: Debian's Chromium without windows does what the whole one does, with a quarter less work.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
#: WCAG 2.0 to 2.2, levels A and AA.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def _found() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


def _install() -> None:
    """Debian's package where that can be installed; elsewhere the browser that playwright brings."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=True)
        return
    subprocess.run(["apt-get", "update", "-qq"], check=True)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
    if subprocess.run([*install, _NAMES[0]], check=False).returncode:  # an older Debian has it in the whole one alone
        subprocess.run([*install, _NAMES[1]], check=True)


def _installed() -> str | None:
    """The browser to start, installed if there is none; by one process, for which others wait."""
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _found() is None:
            _install()
    return _found()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium without a window: the machine's own, else Debian's or playwright's, installed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_installed(), args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; its address, with a slash at its end."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@functools.cache
def _axe() -> str:
    path = _CACHE / f"axe-{AXE}" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        folder = path.parents[2]
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", str(folder), f"axe-core@{AXE}"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return path.read_text(encoding="utf-8")


#: A window of each browser that no test uses just now. One that is there opens a page in a quarter of the time.
_WINDOWS: WeakKeyDictionary[Browser, Page] = WeakKeyDictionary()


@contextmanager
def opened(browser: Browser, where: Path | str, width: int, scheme: str = "light", **options: Any) -> Iterator[Page]:
    """A page by itself: a file or an address, so many pixels wide; ``options`` as for a browser's context.

    Without options the window may have shown other pages before. It keeps nothing of them but what a server gave.
    """
    page = None if options else _WINDOWS.pop(browser, None)
    page = page or browser.new_context(**options).new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    try:
        page.goto(where.as_uri() if isinstance(where, Path) else where)
        yield page
        if not options:
            _forget(page)
            _WINDOWS[browser] = page
    finally:
        if _WINDOWS.get(browser) is not page:
            page.context.close()


def _forget(page: Page) -> None:
    """Leave a window as it was when it was new."""
    page.evaluate("localStorage.clear(), sessionStorage.clear()")
    page.context.clear_cookies()
    page.emulate_media(media="null", color_scheme="null")
    page.mouse.move(-1, -1)
    page.goto("about:blank")


def violations(page: Page, within: str = "html") -> list[str]:
    """The findings of axe on the page, or on parts of it, as they are: a line for each element that fails a rule."""
    page.wait_for_load_state()  # before its stylesheet is there, a page can be measured as it never looks
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_axe())
    options = {"runOnly": {"type": "tag", "values": _RULES}, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("([within, options]) => axe.run(within, options)", [within, options])
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
