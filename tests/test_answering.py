"""Questions answered by clicking in JupyterLab: every kind, by mouse and by keyboard, with no request elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import browser as browsing
import clicking
import nbformat
import pytest
import wholesets
from labs import lab
from notebooksets import AS_AT, SEED
from playwright.sync_api import Browser, BrowserContext, Page, expect
from putright.training import open_lesson, tally
from putright.training.notebooks import BROWSER

GROUP = "Red team"
#: A question of each kind: a date, one choice, several, a number.
ASKED = {"day-zero": ("plain", "last-day"), "first-audit": ("rejected", "audited")}
#: The notebooks that are answered whole: one with cases, one with two procedures.
WHOLE = ("spot-the-breach", "childrens-and-adults")


AFTERWARDS = ("lesson.your_case()", "lesson.score()", "lesson.room()")


def notebook() -> nbformat.NotebookNode:
    cells = [
        f'from putright.training import open_lesson\nlesson = open_lesson("{lesson}", "coventry", "{AS_AT}", {SEED}, '
        f'"{GROUP}")\nlesson.ask("{name}")'
        for lesson, names in ASKED.items()
        for name in names
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made: nbformat.NotebookNode = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in [*cells, *AFTERWARDS]],
        metadata={"kernelspec": kernel, BROWSER: False},
    )
    return made


def _check_own_case(page: Page) -> None:
    """Its dates are filled in by their labels, and the reply has the audit's verdicts."""
    own = page.locator(".jp-CodeCell", has_text="lesson.your_case()")
    own.get_by_role("button", name="Check").click()
    expect(own.get_by_role("status")).to_have_text("Fill in the day of receipt, then check the case.")
    own.get_by_label("Receipt").fill("6 July 2026")
    own.get_by_label("The stage 1 acknowledgement").fill("31 7 2026")
    own.get_by_label("The stage 1 acknowledgement").press("Enter")
    expect(own.get_by_role("status")).to_contain_text("What the checker says", timeout=clicking.SLOW)
    expect(own.get_by_role("status")).to_contain_text("14 working days late")
    assert browsing.violations(page, ".putright-widget") == []


@dataclass(frozen=True)
class Room:
    """JupyterLab on a folder, and a window of the browser that opens its notebooks."""

    folder: Path
    address: str
    window: BrowserContext


@pytest.fixture(scope="module")
def room(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("room")
    window = browser.new_context(viewport={"width": 1280, "height": 900})
    with lab(folder, tmp_path_factory.mktemp("settings")) as address, window:
        yield Room(folder, address, window)


@pytest.mark.browser
@pytest.mark.node
@pytest.mark.slow
def test_every_kind_of_question_is_answered_in_jupyterlab(room: Room) -> None:
    folder = room.folder / "kinds"
    folder.mkdir()
    nbformat.write(notebook(), folder / "room.ipynb")
    asked: list[str] = []
    room.window.on("request", lambda request: asked.append(request.url))
    with room.window.new_page() as page:
        page.add_locator_handler(page.locator(".jp-Dialog"), lambda dialog: dialog.locator(".jp-mod-accept").click())
        page.goto(f"{room.address}doc/tree/kinds/room.ipynb")
        expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(7, timeout=clicking.SLOW)
        expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "idle", timeout=60_000)
        clicking.run_all(page)
        for lesson, names in ASKED.items():
            whole = open_lesson(lesson, "coventry", AS_AT, SEED)
            clicking.check(page, {name: whole.questions[name] for name in names})
        _check_own_case(page)
        ids = page.locator(".putright-widget [id]").evaluate_all("found => found.map(each => each.id)")
        assert len(ids) == len(set(ids)) > 20
        clicking.run_all(page)  # and nothing is forgotten
        score = page.locator(".jp-CodeCell", has_text="lesson.score()").locator(".jp-OutputArea-output")
        expect(score).to_contain_text("2 of 6 questions answered, 0 of them right at the first try", timeout=60_000)
        saved = score.get_by_role("link", name="Save our answers").get_attribute("download")
    kept = sorted((folder / "answers").glob("*.json"))
    assert saved in [path.name for path in kept]
    assert [len(json.loads(path.read_text("utf-8"))["questions"]) for path in kept] == [2, 2]
    assert f"| {GROUP} | 2 | 0 |" in tally(folder).text
    assert [url for url in asked if not url.startswith((room.address, "data:", "blob:"))] == []


@pytest.mark.browser
@pytest.mark.node
@pytest.mark.slow
def test_whole_notebooks_are_answered_in_jupyterlab(room: Room) -> None:
    """As people open them, one after another. ``tests/support/wholesets.py`` does it for all, of every council."""
    folder = room.folder / "whole"
    folder.mkdir()
    with room.window.new_page() as page:
        answered = wholesets.answer_all(page, f"{room.address}doc/tree/whole/", "coventry", folder, WHOLE)
    assert list(answered) == list(WHOLE) and min(answered.values()) >= 4
    kept = {path.name: json.loads(path.read_text("utf-8")) for path in (folder / "answers").glob("*.json")}
    given = [
        [[each["right"] for each in one["answers"]] for one in told["questions"].values()] for told in kept.values()
    ]
    assert sorted(map(len, given)) == sorted(answered.values())
    assert all(tries == [False, True] for told in given for tries in told)
