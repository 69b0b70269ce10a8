"""The handbook where no script runs: everything that the accessibility page says works does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import browser as browsing
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOLDER = "councils/coventry/corporate"


@contextmanager
def _opened(browser: Browser, base: str, name: str, width: int = 1280, scheme: str = "light") -> Iterator[Page]:
    with browsing.opened(browser, f"{base}{name}.html", width, scheme, java_script_enabled=False) as page:
        yield page


def _style(page: Page, selector: str, name: str) -> str:
    found = page.locator(selector).first.evaluate("(part, name) => getComputedStyle(part)[name]", name)
    return str(found)


def test_a_checklist_can_be_ticked(browser: Browser, base: str) -> None:
    with _opened(browser, base, f"{FOLDER}/letters") as page:
        box = page.get_by_role("checkbox").first
        box.check()
        assert box.is_checked()
        assert not page.get_by_role("button").filter(visible=True).filter(has_text="Copy").count()


def test_searching_says_what_to_do_instead_and_offers_no_form(browser: Browser, base: str) -> None:
    with _opened(browser, base, "search") as page:
        assert "Searching needs JavaScript" in page.locator("main").inner_text()
        assert not page.locator(".pr-search-page").is_visible()


def test_the_menu_is_there_on_a_phone(browser: Browser, base: str) -> None:
    with _opened(browser, base, f"{FOLDER}/stage-2", 390) as page:
        assert not page.locator(".primary-toggle").is_visible()
        page.get_by_role("link", name="Menu", exact=True).click()
        link = page.get_by_role("navigation", name="Pages").get_by_role("link", name="Is this a complaint?")
        top = (link.bounding_box() or {"y": -1})["y"]
        assert 0 <= top < 900  # the link led to it
        link.click()
        assert page.url == f"{base}{FOLDER}/not-complaints.html"
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_and_borders_are_those_of_the_theme(browser: Browser, base: str, scheme: str) -> None:
    """Whatever colours the system has: a page without scripts is light."""
    with browsing.opened(browser, f"{base}{FOLDER}/index.html", 1280) as page:
        wanted = {
            (selector, name): _style(page, selector, name)
            for selector, name in (
                ("td", "borderBottomColor"),
                ("thead th", "borderBottomColor"),
                ("main a[href]", "color"),
                (".pr-overdue", "borderLeftColor"),
                (".pr-overdue", "backgroundColor"),
            )
        }
        assert len(set(wanted.values())) > 2
    with _opened(browser, base, f"{FOLDER}/index", scheme=scheme) as page:
        assert {key: _style(page, *key) for key in wanted} == wanted


def test_a_page_that_was_overdue_when_it_was_made_says_so(browser: Browser, base: str) -> None:
    with _opened(browser, base, f"{FOLDER}/index") as page:
        assert page.locator(".pr-overdue").is_visible()
    with _opened(browser, base, "counting") as page:
        assert not page.locator(".pr-overdue").is_visible()
        assert "Review due" in page.locator(".pr-facts-box").inner_text()


def test_folds_open_and_the_tables_of_dates_are_reached(browser: Browser, base: str) -> None:
    with _opened(browser, base, "councils/coventry/audit") as page:
        table = page.locator("details table").first
        assert not table.is_visible()
        page.locator("details summary").first.click()
        assert table.is_visible()
    with _opened(browser, base, f"{FOLDER}/due-dates") as page:
        page.locator("#by-month .pr-row a").first.click()
        assert page.locator("table.pr-dates").first.is_visible()
