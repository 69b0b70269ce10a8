"""The officer's report and the public page as a browser shows them: WCAG 2.2 AA, narrow and wide, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import browser as browsing
import pytest
from packmaking import made_pack

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("browser")
    made = made_pack()
    for name, content in {"report.html": made.files["report.html"], "figures.html": made.public}.items():
        (folder / name).write_bytes(content)
    return {path.name: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing.chromium() as found:
        yield found


@pytest.mark.parametrize("name", ["report.html", "figures.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(browser: Browser, pages: dict[str, Path], name: str, scheme: str, width: int) -> None:
    with browsing.opened(browser, pages[name], width, scheme) as page:
        assert browsing.violations(page) == []


@pytest.mark.parametrize("name", ["report.html", "figures.html"])
def test_a_narrow_page_never_scrolls_sideways(browser: Browser, pages: dict[str, Path], name: str) -> None:
    with browsing.opened(browser, pages[name], 320) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_nothing_is_asked_of_the_network(browser: Browser, pages: dict[str, Path]) -> None:
    for path in pages.values():
        asked: list[str] = []
        page = browser.new_page()
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(path.as_uri())
        page.close()
        assert asked == [path.as_uri()]


def test_it_reads_without_scripts(browser: Browser, pages: dict[str, Path]) -> None:
    with browsing.opened(browser, pages["report.html"], 1280, java_script_enabled=False) as page:
        assert page.locator("script").count() == 0
        assert page.locator("h1").inner_text().startswith("Complaints performance")


def test_every_link_lands_in_the_page(browser: Browser, pages: dict[str, Path]) -> None:
    lost = "[...document.links].filter(a => !document.getElementById(a.hash.slice(1)))"
    with browsing.opened(browser, pages["report.html"], 1280) as page:
        links = page.evaluate("document.links.length")
        assert links > 100
        assert page.evaluate(f"{lost}.map(a => a.outerHTML)") == []


def test_a_clause_link_brings_the_clause_into_sight(browser: Browser, pages: dict[str, Path]) -> None:
    with browsing.opened(browser, pages["report.html"], 1280) as page:
        link = page.locator("#findings ~ details td a").first
        target = link.get_attribute("href")
        link.evaluate("a => a.click()")
        page.wait_for_timeout(100)
        top = page.evaluate("id => document.querySelector(id).getBoundingClientRect().top", target)
        assert -1 <= top < 900


def test_bars_can_be_told_from_the_ground_in_either_scheme(browser: Browser, pages: dict[str, Path]) -> None:
    """Each bar has an outline in the colour of the text."""
    for scheme in ("light", "dark"):
        with browsing.opened(browser, pages["report.html"], 1280, scheme) as page:
            style = "[...document.querySelectorAll('svg rect')].map(r => getComputedStyle(r).stroke)"
            ink = page.evaluate("getComputedStyle(document.body).color")
            assert set(page.evaluate(style)) == {ink}
