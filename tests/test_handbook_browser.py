"""The handbook as a browser shows it: accessibility, due dates, search, without JavaScript, overdue pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import browser as browsing
import pytest
from handbooks import KINDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A window in which pages are opened one after the other, which takes half as long as a window for each."""
    with browser.new_context() as context:
        yield context.new_page()


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(page: Page, base: str, kind: str) -> None:
    for width, scheme in ((1280, "light"), (768, None), (320, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        if scheme:  # opened again: where a window only becomes narrow, the theme takes a while to let keys scroll in it
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{base}{kind}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        if scheme:  # axe takes longer than all the rest: once in each mode, at either end of the widths
            assert browsing.violations(page) == [], (width, scheme)


def test_dark_is_dark_and_light_is_light(browser: Browser, base: str) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        with browsing.opened(browser, f"{base}index.html", 1280, scheme) as page:
            grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds[0] == "rgb(255, 255, 255)"
    assert grounds[1] != grounds[0]


def test_no_page_asks_any_other_host_or_fails(browser: Browser, base: str) -> None:
    asked: list[str] = []
    failed: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda response: failed.append(response.url) if response.status >= 400 else None)
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
    for kind in KINDS:
        page.goto(f"{base}{kind}.html")
    context.close()
    assert len(asked) > 100
    assert [url for url in asked if not url.startswith((base, "data:"))] == []
    assert [each for each in failed if "favicon" not in each] == []


# --- the rest ---------------------------------------------------------------------------------------


def test_a_page_that_became_overdue_says_so_without_a_rebuild(browser: Browser, base: str) -> None:
    for day, shown in (("2027-11-22T12:00", False), ("2027-11-23T12:00", True)):
        context = browser.new_context()
        page = context.new_page()
        page.clock.set_fixed_time(dt.datetime.fromisoformat(day))
        page.goto(f"{base}counting.html")
        assert page.locator(".pr-overdue").is_visible() is shown
        if shown:
            assert browsing.violations(page) == []
        context.close()


def test_with_a_keyboard_alone(browser: Browser, base: str) -> None:
    """Skip link, then the form, whose answer follows, and every place that has the focus shows it."""
    with browsing.opened(browser, f"{base}councils/coventry/corporate/due-dates.html?date=2026-12-18", 1280) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
        page.keyboard.press("Enter")
        seen = []
        for _ in range(40):
            page.keyboard.press("Tab")
            seen.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            shadow = page.evaluate("getComputedStyle(document.activeElement).boxShadow")
            assert outline != "none" or shadow != "none", seen[-1]
            if seen[-1] == "pr-then-year":
                page.keyboard.press("Enter")
            if seen[-1] == "SUMMARY":
                page.keyboard.press("Enter")
                break
        assert seen.index("pr-event") < seen.index("pr-date-day") < seen.index("pr-then-day")
        assert page.locator(".pr-answer details[open]").count() == 1
        assert "18 December 2026" in (page.locator(".pr-answers h2").text_content() or "")


def test_menus_open_on_a_phone(browser: Browser, base: str) -> None:
    with browsing.opened(browser, f"{base}counting.html", 360) as page:
        assert not page.locator(".pr-menu").first.is_visible()
        page.click(".primary-toggle")
        link = page.locator("dialog[open] .pr-menu a", has_text="Coventry City Council")
        link.click()
        page.wait_for_url("**/councils/coventry/index.html")


def test_printed_a_page_is_its_text_alone(browser: Browser, base: str) -> None:
    with browsing.opened(browser, f"{base}councils/coventry/corporate/letters.html", 1280) as page:
        page.emulate_media(media="print")
        for hidden in (".bd-header", ".bd-sidebar-primary", ".pr-crumbs"):
            assert not page.locator(hidden).first.is_visible()
        assert page.locator(".pr-checklist").first.is_visible()
        assert page.locator(".pr-facts-box").is_visible()
