"""A notebook in the reader's browser: it runs from the published handbook alone, asks, hints, confirms and counts."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import browser as browsing
import clicking
import pytest
from handbooks import host, notebooks_made_before, run, without_documentation
from playwright.sync_api import Browser, Page, expect
from putright.casework import duedates
from putright.cli import main
from putright.text.shown import day
from putright.training import open_lesson
from putright.training.day_zero import QUIET
from putright_handbook import browserfiles
from putright_handbook.page import HandbookError
from wholebooks import FETCHED

COUNCIL = "stoke-on-trent"
#: Questions of other lessons, put into cells of the notebook: of every kind, and with prepared findings.
ELSEWHERE = {
    'lesson.ask("officers"': ("childrens-and-adults", "disagreement"),
    'lesson.ask("months"': ("stage-1-to-stage-2", "extension-stage1"),
    'lesson.ask("first-day-counts"': ("what-the-ombudsman-counted", "count"),
    'lesson.ask("last-day"': ("first-audit", "rejected"),
    'lesson.ask("day-zero"': ("spot-the-breach", "case-1"),
    'lesson.ask("weekend"': ("before-committee", "share"),
}
#: Python starts in seconds, or in a minute where the machine is busy.
SLOW = 180_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The handbook of two councils, the notebooks set to the other one."""
    browserfiles.fetch(FETCHED)
    folder = tmp_path_factory.mktemp("lite") / "site"
    with notebooks_made_before(), without_documentation(folder.parent / "docs"):
        run("handbook", "--council", COUNCIL, "--council", "coventry", "--output", folder, "--in-browser", FETCHED)
    return folder


def due() -> dt.date:
    """When the first complaint of the notebook has to be acknowledged, as the checker says."""
    dates = duedates.due_dates(host(), COUNCIL, "corporate", {"received": QUIET})
    wanted = (f"{COUNCIL}.corporate", "acknowledge-stage1")
    return next(date.due for date in dates if (date.rulebook, date.rule) == wanted)


def put(page: Page, cell: str, code: str) -> None:
    """Write into the cell that holds some words."""
    page.locator(".jp-CodeCell", has_text=cell).locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(code)


@pytest.mark.browser
@pytest.mark.node
@pytest.mark.slow
def test_day_zero_runs_in_the_browser_and_asks_no_other_host(browser: Browser, site: Path) -> None:
    asked: list[str] = []
    with browsing.served(site.parent) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        base = f"{address}{site.name}/"
        for name in ("training", "notebooks/2-first-audit", "notebooks/1-day-zero"):
            page.goto(f"{base}{name}.html")
            assert browsing.violations(page) == [], name
        page.get_by_role("link", name="Run it in your browser").click()
        page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=SLOW)
        put(page, "council =", f'council = "{COUNCIL}"\nas_at = "2026-09-30"\nseed = 7\ngroup = "Red team"')
        clicking.run_all(page)
        expect(page.locator(".jp-Notebook")).to_contain_text("0 of 8 questions answered", timeout=SLOW)
        expect(page.locator(".jp-Notebook")).to_contain_text("Stoke-on-Trent City Council")
        assert page.locator(".jp-mod-error, [data-mime-type='application/vnd.jupyter.stderr']").count() == 0

        question = page.locator(".jp-CodeCell", has_text='lesson.ask("plain", answer)')
        for given, told in ((due() - dt.timedelta(days=3), "Not yet"), (due(), f"Right: {day(due())}")):
            put(page, 'lesson.ask("plain", answer)', f'answer = "{given}"\nlesson.ask("plain", answer)')
            page.keyboard.press("Shift+Enter")
            expect(question.locator(".jp-OutputArea-output")).to_contain_text(told, timeout=SLOW)
        assert "counted as well" not in question.inner_text()

        answer = page.locator(".jp-CodeCell", has_text='lesson.reveal("plain")')
        shown = answer.get_by_text(f"The checker's answer: {day(due())}")
        assert not shown.is_visible()
        answer.locator("summary", has_text="The checker's answer").click()
        expect(shown).to_be_visible()
        expect(answer.get_by_role("img", name="The days counted")).to_contain_text(f"{due().day} {due():%b}")

        questions = {"christmas": open_lesson("day-zero", COUNCIL, "2026-09-30", 7).questions["christmas"]}
        for cell, (lesson, name) in ELSEWHERE.items():
            opening = f'lesson = open_lesson("{lesson}", "{COUNCIL}", "2026-09-30", 7, group)'
            put(page, cell, f'from putright.training import open_lesson\n{opening}\nlesson.ask("{name}")')
            page.keyboard.press("Shift+Enter")
            questions[name] = open_lesson(lesson, COUNCIL, "2026-09-30", 7).questions[name]
        clicking.check(page, questions)
        put(page, "lesson.score()", 'from putright.training import tally\ntally("answers")')
        page.keyboard.press("Shift+Enter")
        expect(page.locator(".jp-Notebook")).to_contain_text("right at the first try", timeout=SLOW)
        expect(page.locator(".jp-Notebook")).to_contain_text("Stages: 1 group")
        context.close()
    assert len(asked) > 100
    assert any(url.endswith(".whl") for url in asked)
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


@pytest.mark.node
@pytest.mark.slow
def test_the_site_s_python_names_no_place_to_fetch_from(site: Path) -> None:
    python = site / "lite" / "static" / "pyodide"
    listed = (python / "pyodide-lock.json").read_text(encoding="utf-8")
    assert "://" not in listed
    packages = json.loads(listed)["packages"]
    assert {package["file_name"] for package in packages.values()} == {path.name for path in python.glob("*.whl")}
    assert all(need in packages for package in packages.values() for need in package["depends"])


def test_what_cannot_be_built_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["handbook", "--output", str(tmp_path / "site"), "--in-browser", str(tmp_path)]
    assert main([*command, "--without-notebooks"]) == 2
    assert "--without-notebooks leaves them out" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_files_that_are_not_what_they_should_be_are_refused(tmp_path: Path) -> None:
    with pytest.raises(HandbookError, match=r"pyodide-.*\.tgz is not there: fetch it with"):
        browserfiles.check(tmp_path)
    for name in browserfiles.FILES:
        (tmp_path / name).write_bytes(b"something else")
    with pytest.raises(HandbookError, match=r"pyodide-.*\.tgz is not the file it should be: delete it"):
        browserfiles.check(tmp_path)
