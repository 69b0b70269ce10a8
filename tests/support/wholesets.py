"""The notebooks of a council, opened in JupyterLab and answered there: each question wrongly, then rightly.

``python tests/support/wholesets.py COUNCIL...`` does it for these councils, or for all; a test does it for two
notebooks of one.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Collection
from pathlib import Path

import browser as browsing
import clicking
import nbformat
from labs import lab
from playwright.sync_api import Page, expect
from putright.training import LESSONS, notebooks, open_lesson
from putright.training.lessons import host

AS_AT, SEED = notebooks.AS_AT, notebooks.SEED


def write(council: str, group: str, folder: Path) -> dict[str, int]:
    """Write a council's notebooks, not run yet; how many code cells each has, by the name of its file."""
    cells = {}
    for source in notebooks.sources(host(), council):
        notebooks.set_to(source.notebook, {"council": council, "as_at": AS_AT, "seed": SEED, "group": group})
        nbformat.write(source.notebook, folder / f"{source.name}.ipynb")
        cells[f"{source.name}.ipynb"] = sum(cell.cell_type == "code" for cell in source.notebook.cells)
    return cells


def open_notebook(page: Page, place: str, name: str, cells: int) -> None:
    """Open a notebook of so many code cells in JupyterLab, and wait for its kernel; ``place``: the folder's address."""
    page.set_default_timeout(clicking.SLOW)
    page.goto(f"{place}{name}")
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(cells, timeout=clicking.SLOW)
    status = page.locator(".jp-Notebook-ExecutionIndicator")
    expect(status).to_have_attribute("data-status", "idle", timeout=clicking.SLOW)


def run_all(page: Page) -> None:
    """Run every cell, and wait for what the last one shows."""
    clicking.run_all(page)
    last = page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output")
    expect(last).to_be_visible(timeout=clicking.SLOW)


def answer_all(
    page: Page, place: str, council: str, folder: Path, lessons: Collection[str] = tuple(LESSONS)
) -> dict[str, int]:
    """Open these notebooks of a council, run them and answer their questions; how many there were, by lesson."""
    answered = {}
    for lesson, (name, cells) in zip(LESSONS, write(council, "Red team", folder).items(), strict=True):
        if lesson not in lessons:
            continue
        open_notebook(page, place, name, cells)
        run_all(page)
        assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0, name
        questions = open_lesson(lesson, council, AS_AT, SEED).questions
        for each, question in questions.items():
            clicking.answer(page, clicking.form_of(page, each), question)
        answered[lesson] = len(questions)
    return answered


def main() -> int:
    """The command."""
    with tempfile.TemporaryDirectory() as work, browsing.chromium() as browser:
        for council in sys.argv[1:] or host().councils:
            folder = Path(work) / council
            folder.mkdir()
            with lab(folder, Path(work) / "settings") as address, browser.new_context() as context:
                page = context.new_page()
                page.set_viewport_size({"width": 1280, "height": 900})
                print(council, answer_all(page, f"{address}doc/tree/", council, folder), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
