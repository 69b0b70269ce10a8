"""A desk of its own for tests: the command as somebody starts it, and a person's way through its pages."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

#: How long a page may take on a machine that is busy with other tests, in milliseconds.
LONG = 120_000


@dataclass(frozen=True)
class OpenDesk:
    """A desk that runs."""

    process: subprocess.Popen[str]
    address: str
    """The address with its token."""

    @property
    def root(self) -> str:
        """The address without its token, and without a slash at its end."""
        return self.address.partition("/?")[0]

    @property
    def port(self) -> int:
        return int(self.root.rpartition(":")[2])

    @property
    def children(self) -> list[int]:
        """Its own processes."""
        text = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(each) for each in text.split()]

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.wait(60)


@contextmanager
def desk(folder: Path, *options: str, shown: bool = False, browser: str = "false", **more: Any) -> Iterator[OpenDesk]:
    """The command in a process of its own, which keeps its files and what it remembers in a folder.

    ``shown`` leaves it to the options whether the browser opens, which is then this program.
    """
    temporary = folder / "temporary"
    temporary.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "TMPDIR": str(temporary),
        "PUTRIGHT_MAPPINGS": str(folder / "kept"),
        "BROWSER": browser,
    }
    command = [sys.executable, "-m", "putright", "desk", *([] if shown else ["--no-open"]), *options]
    process = subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, **more)
    assert process.stdout is not None
    try:
        yield OpenDesk(process, process.stdout.readline().strip())
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(60)
        process.stdout.close()


# --- a person's way -------------------------------------------------------------------------------


def open_export(page: Page, export: Path, council: str = "coventry", as_at: str = "30/9/2026", **entered: str) -> None:
    """Choose a file and what goes with it, and have it read."""
    page.set_input_files("#file", str(export))
    page.select_option("#council", council)
    for name, text in {"as_at": as_at, **entered}.items():
        page.fill(f"#{name}", text)
    press(page, "text=Read the export")


def press(page: Page, selector: str) -> None:
    """Press something that leads to another page, and wait until nothing is being worked out there."""
    with page.expect_navigation(timeout=LONG):
        page.click(selector)
    settled(page)


def settled(page: Page) -> None:
    """Wait until nothing is being worked out."""
    page.wait_for_selector("main:not(:has(progress))", timeout=LONG)


def audit(page: Page) -> None:
    """Use the columns as they stand, and come to the rows."""
    while page.locator("button[value=audit]").count():
        press(page, "button[value=audit]")
        if page.locator(".wrongs").count():
            raise AssertionError(page.inner_text(".wrongs"))


def go(page: Page, step: str) -> None:
    """Follow the menu."""
    press(page, f"nav.steps >> text={step}")


def numbers(page: Page, selector: str) -> list[list[str]]:
    """The cells of a table's body, row by row."""
    found: list[list[str]] = page.eval_on_selector_all(
        f"{selector} tbody tr", "rows => rows.map(row => Array.from(row.cells, cell => cell.innerText.trim()))"
    )
    return found
