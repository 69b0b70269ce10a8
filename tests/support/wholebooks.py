"""The notebooks of a handbook, opened in the reader's browser and answered there: each question wrongly, then rightly.

``python tests/support/wholebooks.py COUNCIL...`` builds the handbook of every council and does it for these councils,
or for all: with each council's name in the first cell, as a reader would put it there.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import browser as browsing
import clicking
from playwright.sync_api import Browser, Page, expect
from putright import cli
from putright.training import LESSONS, notebooks, open_lesson
from putright.training.lessons import host
from putright_handbook import browserfiles, inbrowser
from wholesets import run_all

#: Kept between runs, as the browser tests' own files are.
FETCHED = Path(__file__).parents[2] / "build" / "browser"


def answer_one(page: Page, site: str, name: str, lesson_name: str, council: str) -> int:
    """Open a notebook of the handbook, set it to a council, run it and answer its questions; how many there were."""
    page.goto(site + inbrowser.address(name))
    first = page.locator(".jp-CodeCell", has_text="council =").locator(".cm-content")
    first.click(timeout=clicking.SLOW)
    page.keyboard.press("ControlOrMeta+a")
    values = {"council": council, "as_at": notebooks.AS_AT, "seed": notebooks.SEED, "group": "Red team"}
    page.keyboard.insert_text("\n".join(f"{key} = {value!r}" for key, value in values.items()))
    run_all(page)
    assert page.locator(".jp-mod-error, [data-mime-type='application/vnd.jupyter.stderr']").count() == 0, name
    lesson = open_lesson(lesson_name, council, notebooks.AS_AT, notebooks.SEED)
    expect(page.locator(".jp-Notebook")).to_contain_text(lesson.authority)
    for each, question in lesson.questions.items():
        clicking.answer(page, clicking.form_of(page, each), question)
    return len(lesson.questions)


def answer_all(browser: Browser, site: str, council: str) -> dict[str, int]:
    """Every notebook of a council; how many questions there were, by lesson."""
    answered = {}
    names = [source.name for source in notebooks.sources(host(), council)]
    for lesson, name in zip(LESSONS, names, strict=True):
        with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
            page = context.new_page()
            page.set_default_timeout(clicking.SLOW)
            answered[lesson] = answer_one(page, site, name, lesson, council)
            print(council, lesson, answered[lesson], flush=True)
    return answered


def main() -> int:
    """The command."""
    browserfiles.fetch(FETCHED)
    with tempfile.TemporaryDirectory() as work, browsing.chromium() as browser:
        site = Path(work) / "site"
        if wrong := cli.main(["handbook", "--output", str(site), "--in-browser", str(FETCHED)]):
            return wrong
        with browsing.served(site) as address:
            for council in sys.argv[1:] or host().councils:
                print(council, answer_all(browser, address, council), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
