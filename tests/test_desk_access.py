"""The desk for everybody: no finding of axe on any page or state, narrow and wide, light and dark, by keyboard alone,
and without any script."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import browser as browsing
import desks
import pytest
from desks import OpenDesk
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

EXPORTS = Path(__file__).parent / "exports"
#: 320 pixels is what 400% zoom leaves of 1280.
LOOKS = ((1280, "light"), (320, "dark"))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[OpenDesk]:
    with desks.desk(tmp_path) as opened:
        yield opened


def _opened(context: BrowserContext, desk: OpenDesk) -> Page:
    page = context.new_page()
    page.set_default_timeout(desks.LONG)
    page.goto(desk.address)
    return page


def test_axe_finds_nothing_on_any_page(desk: OpenDesk, browser: Browser) -> None:
    """Every page and state is looked at in each look before the walk goes on."""
    found: dict[str, list[str]] = {}
    with browser.new_context() as context:
        page = _opened(context, desk)

        def look(state: str) -> None:
            for width, scheme in LOOKS:
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                wrong = browsing.violations(page)
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    wrong.append("the page is wider than the window")
                if wrong:
                    found[f"{state}, {width} pixels, {scheme}"] = wrong
            page.set_viewport_size({"width": 1280, "height": 900})

        _walk(page, desk, look)
    assert found == {}


def _walk(page: Page, desk: OpenDesk, look: Callable[[str], None]) -> None:
    """The whole way, and a look at every page and state."""
    look("first page")
    desks.press(page, "text=Read the export")
    look("first page with a mistake")
    desks.open_export(page, EXPORTS / "messy.csv")
    page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true; })")
    look("columns")
    page.check("#remember")
    desks.press(page, "button[value=audit]")
    page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true; })")
    look("columns with a mistake")
    page.check("#remember")
    page.fill("#name", "Messy")
    desks.audit(page)
    look("rows")
    desks.go(page, "Findings")
    look("findings")
    desks.press(page, "[aria-labelledby=book-1] td a >> nth=0")
    look("findings of one rule with its clause")
    page.goto(f"{_run(page)}/findings?verdict=met&stage=3")
    look("no findings")
    page.goto(f"{_run(page)}/findings?verdict=breach")
    desks.press(page, "[aria-labelledby=list] th a >> nth=0")
    page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true; })")
    look("case")
    desks.press(page, "text=Accept and audit again")
    look("case with a mistake")
    page.goto(f"{_run(page)}/case?reference=nobody")
    look("no such case")
    page.goto(f"{_run(page)}/check")
    look("check by hand")
    desks.go(page, "Today")
    look("today")
    desks.go(page, "Take away")
    look("take away")
    desks.press(page, "text=Make the findings")
    look("take away with a mistake")
    page.check("#aware-findings")
    desks.press(page, "text=Make the findings")
    look("take away, made")
    desks.go(page, "Columns")
    look("columns that were kept")
    page.goto(f"{desk.root}/nothing")
    look("nothing there")
    page.goto(f"{desk.root}/settings")
    look("about")
    page.goto(f"{desk.root}/")
    page.route("**/progress", lambda route: route.fulfill(json={"running": True, "rows": 1000, "doing": ""}))
    page.select_option("#sample-council", "coventry")
    for process in desk.children:  # so that the work is begun, and not done before the page that waits for it
        os.kill(process, signal.SIGSTOP)
    page.click("text=Try a sample year")
    page.wait_for_selector("progress", timeout=desks.LONG)
    look("waiting")
    for process in desk.children:
        os.kill(process, signal.SIGCONT)
    page.goto(f"{desk.root}/settings")
    desks.press(page, "text=Stop the desk")
    look("stopped")


def _run(page: Page) -> str:
    return "/".join(page.url.split("/")[:5])


def test_every_step_works_without_script(desk: OpenDesk, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = _opened(context, desk)
        page.set_input_files("#file", str(EXPORTS / "messy.csv"))
        page.select_option("#council", "coventry")
        page.fill("#as_at", "30/9/2026")
        _press(page, "text=Read the export")
        assert page.inner_text("h1") == "What each column is"
        _press(page, "button[value=audit]")
        assert page.inner_text("h1") == "What became of every row"
        _press(page, "text=See the findings")
        page.select_option("#verdict", "breach")
        _press(page, "text=Show >> nth=0")
        _press(page, "[aria-labelledby=list] th a >> nth=0")
        page.check("#rule-1")
        for name, text in {"reason": "Agreed", "who": "Head of Governance", "expires": "31/3/2190"}.items():
            page.fill(f"#{name}", text)
        _press(page, "text=Accept and audit again")
        assert "Agreed (Head of Governance" in page.inner_text("main")
        _press(page, "nav.steps >> text=Today")
        assert page.locator(".tiles li").count() == 5
        _press(page, "nav.steps >> text=Take away")
        _press(page, "text=Make the findings")
        assert "confirm that you will save it" in page.inner_text(".wrongs")
        page.check("#aware-findings")
        _press(page, "text=Make the findings")
        with page.expect_download() as saved:
            page.click("[aria-labelledby=paper-findings] a.button")
        assert saved.value.suggested_filename == "messy-findings.xlsx"


def _press(page: Page, selector: str) -> None:
    """Press something; while a page says that work goes on, ask it again as it says."""
    with page.expect_navigation():
        page.click(selector)
    while page.locator("progress").count():
        with page.expect_navigation():
            page.click("text=See whether it is done")


def test_the_keyboard_alone_reaches_a_finding(desk: OpenDesk, browser: Browser) -> None:
    with browser.new_context() as context:
        page = _opened(context, desk)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.innerText") == "Skip to the main content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        _tab_to(page, "#sample-council")
        page.keyboard.type("Cov")
        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('What each column is'), h1:has-text('What became')", timeout=desks.LONG)
        _tab_to(page, "nav.steps a[href$='/findings']")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        _tab_to(page, "#verdict")
        page.keyboard.type("Not met")
        _tab_to(page, "form.filters button")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.input_value("#verdict") == "breach"
        _tab_to(page, "[aria-labelledby=list] th a")
        box = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert box != "none"
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.inner_text("h1").startswith("Case ")


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus."""
    for _ in range(400):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by keyboard")
