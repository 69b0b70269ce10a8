"""The search of the handbook: the reader's council first, slips and synonyms, help where nothing is found."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import browser as browsing
import pytest
from handbooks import built

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _results(page: Page) -> list[str]:
    """The results as addresses from the handbook's root, in their order."""
    page.wait_for_function("document.getElementById('pr-search-said')?.textContent")
    root = page.url.partition("search.html")[0]
    links: list[str] = page.eval_on_selector_all(".pr-found a", "all => all.map(each => each.href)")
    return [link.removeprefix(root) for link in links]


@pytest.mark.parametrize(
    ("council", "words", "found"),
    [
        ("telford-wrekin", "holding reply", "councils/telford-wrekin/corporate/letters.html#letter-extension"),
        ("coventry", "holding letter", "councils/coventry/corporate/letters.html#letter-extension"),
        ("coventry", "extention", "councils/coventry/corporate/letters.html#letter-extension"),
        ("coventry", "acknowledgment", "councils/coventry/corporate/letters.html#letter-acknowledgement"),
        ("coventry", "redress", "councils/coventry/corporate/procedure.html#clause-"),
        ("coventry", "escalate", "councils/coventry/corporate/stage-2.html"),
        ("coventry", "when is it due", "councils/coventry/corporate/due-dates.html"),
        ("telford-wrekin", "6.9.8", "councils/telford-wrekin/corporate/procedure.html#clause-6-9-8"),
        ("coventry", "13.6", "councils/coventry/corporate/procedure.html#clause-13-6"),
    ],
)
def test_search_finds_the_council_s_own_first(
    browser: Browser, base: str, council: str, words: str, found: str
) -> None:
    with browsing.opened(browser, f"{base}councils/{council}/index.html", 1280) as page:
        page.fill(".navbar-persistent--container input[name=q]", words)
        page.press(".navbar-persistent--container input[name=q]", "Enter")
        results = _results(page)
        assert page.locator("#search-results h2").first.text_content() not in (None, "Other councils")
        assert all(link.startswith(f"councils/{council}/") for link in results[:5])
        assert any(link.startswith(found) for link in results[:8]), results[:8]
        assert page.locator(".pr-found mark").count()
        assert browsing.violations(page) == []


def test_results_have_a_line_of_text_and_lead_to_places(browser: Browser, base: str) -> None:
    with browsing.opened(browser, f"{base}search.html?q=remedy&council=coventry", 1280) as page:
        results = _results(page)
        said = page.locator(".pr-found li").first.text_content() or ""
        assert "remed" in said.lower() and len(said) > 60
        for link in results:
            path, _, anchor = link.partition("#")
            assert (built() / path).is_file()
            assert not anchor or f'id="{anchor}"' in (built() / path).read_text("utf-8"), link


def test_where_nothing_is_found_the_page_helps(browser: Browser, base: str) -> None:
    with browsing.opened(browser, f"{base}search.html?q=ombudsmxyzan&council=coventry", 1280) as page:
        assert _results(page) == []
        assert "No results for \u2018ombudsmxyzan\u2019" in (page.locator("#pr-search-said").text_content() or "")
        assert "Did you mean ombudsman" in (page.locator("#search-results").text_content() or "")
        assert browsing.violations(page) == []
        page.click("#search-results a")
        page.wait_for_url("**/councils/coventry/index.html")


def test_it_works_from_a_folder_without_a_server(browser: Browser, tmp_path: Path) -> None:
    for name in ("_static", "councils", "search.html"):
        source = built() / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    with browsing.opened(browser, f"{(tmp_path / 'search.html').as_uri()}?q=13.6&council=coventry", 1280) as page:
        page.click(".pr-found a")
        assert page.url.endswith("/councils/coventry/corporate/procedure.html#clause-13-6")


def test_the_index_stays_small() -> None:
    assert (built() / "_static" / "search-index.js").stat().st_size < 1_500_000
