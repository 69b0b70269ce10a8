"""Take the picture of the desk that the README shows: ``python docs/picture.py``, which needs Chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).with_name("desk.png")
_LONG = 120_000


def main() -> None:
    """Open a desk with made-up cases, and take its page of findings."""
    with tempfile.TemporaryDirectory() as folder:
        cases = Path(folder) / "made-up-year.csv"
        command = [sys.executable, "-m", "putright"]
        year = ("--council", "coventry", "--seed", "1", "--year-ending", "2026-09-30")
        subprocess.run([*command, "sample", *year, "--output", str(cases)], check=True)
        desk = subprocess.Popen([*command, "desk", str(cases), "--no-open"], stdout=subprocess.PIPE, text=True)
        try:
            assert desk.stdout is not None
            _take(desk.stdout.readline().strip())
        finally:
            desk.terminate()
            desk.wait()


def _take(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 860})
        page.set_default_timeout(_LONG)
        page.goto(address)
        page.select_option("#council", "coventry")
        page.fill("#as_at", "30/9/2026")
        page.click("text=Read the export")
        page.click("text=See the findings")
        page.wait_for_selector("h1:has-text('Findings')")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
