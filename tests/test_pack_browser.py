"""The officer's report and the public page as a browser shows them: WCAG 2.2 AA, narrow and wide, light and dark."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import browser as browsing
import pytest
from packmaking import gathered, host, rows
from putright.auditing.audits import Period
from putright.committee import annual, pack, reporthtml

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PAGES = ["report.html", "figures.html", "annual-report.html"]
WAIVERS = {
    "given": 2,
    "applied": 1,
    "findings_accepted": 1,
    "accepted": [
        {"rulebook": "lgsco", "rule": "triage", "breaches": 3, "accepted_breaches": 1, "judgement": 0,
         "accepted_judgement": 0, "accepted_before_edition": 0},
    ],
    "not_applied": [{"line": 8, "case": "A", "rule": "triage", "rulebook": None, "state": "expired", "why": "expired"}],
    "who_like_a_name": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of a pack, with waivers and rejected rows told, and that of an annual report."""
    folder = tmp_path_factory.mktemp("browser")
    with gathered(rows(80), threshold=5) as found:
        found.figures["waivers"] = WAIVERS
        papers = found.papers()
        made = {
            "report.html": pack.officers_files(found.gathering, host(), found.figures, papers)["report.html"],
            "figures.html": reporthtml.page(papers.public, pack.SOFTWARE, "Figures only.").encode(),
        }
    year = Period(dt.date(2025, 4, 1), dt.date(2026, 3, 31))
    with gathered(rows(40), period=year, publish=True) as found:
        paper = annual.paper(found.gathering, host(), found.figures)
        made["annual-report.html"] = reporthtml.page(paper, pack.SOFTWARE, "Figures only.").encode()
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return {path.name: path for path in folder.iterdir()}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing(browser: Browser, pages: dict[str, Path], name: str, width: int, scheme: str) -> None:
    """Once in each scheme, at either end of the widths: colours go by the scheme, and the rest by the width."""
    with browsing.opened(browser, pages[name], width, scheme) as page:
        assert browsing.violations(page) == []


@pytest.mark.parametrize("name", PAGES)
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
        assert page.locator("h1").inner_text().startswith("Complaints performance")
        assert not page.locator("#choose").is_visible()
        assert page.locator("tr[data-is]").count() > 100
        assert page.locator("tr[hidden], details[hidden]").count() == 0
        page.locator("details[data-is] summary").first.click()
        assert page.locator("details[data-is]").first.locator("tbody tr").first.is_visible()


def shown(page: Page) -> list[dict[str, str]]:
    """The findings that are not hidden: their verdict, and the rule that they are under."""
    found: list[dict[str, str]] = page.evaluate(
        """[...document.querySelectorAll('details[data-is]:not([hidden]) tr[data-is]:not([hidden])')].map(row => ({
            verdict: row.cells[1].textContent, rule: row.closest('details').querySelector('.rule').textContent,
            anchor: row.closest('details').id}))"""
    )
    return found


def test_findings_are_chosen_by_keyboard(browser: Browser, pages: dict[str, Path]) -> None:
    with browsing.opened(browser, pages["report.html"], 1280) as page:
        all_of_them = len(shown(page))
        verdicts = page.locator("#choose-verdict option").all_inner_texts()
        page.focus("#choose-verdict")
        for _ in range(verdicts.index("Late")):
            page.keyboard.press("ArrowDown")
        late = shown(page)
        assert late and {each["verdict"].split(";")[0] for each in late} == {"breach, late"}
        assert page.inner_text("#chosen") == f"{len(late):,} of {all_of_them:,} findings shown."
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        fewer = shown(page)
        assert len(fewer) < len(late)
        assert page.locator("details[data-is]:visible").count() == len({each["anchor"] for each in fewer})
        assert browsing.violations(page) == []
        page.get_by_role("button", name="Show all").press("Enter")
        page.wait_for_timeout(50)
        assert len(shown(page)) == all_of_them


@pytest.mark.parametrize("name", ["verdict", "complaints", "stage", "service", "rulebook", "rule"])
def test_each_choice_of_a_filter_shows_its_share(browser: Browser, pages: dict[str, Path], name: str) -> None:
    with browsing.opened(browser, pages["report.html"], 1280) as page:
        whole, parts = len(shown(page)), 0
        options = page.locator(f"#choose-{name} option").count()
        assert options > 2
        for place in range(1, options):
            page.select_option(f"#choose-{name}", index=place)
            parts += len(shown(page))
        assert parts == whole


def test_a_figure_leads_to_the_findings_it_counts(browser: Browser, pages: dict[str, Path]) -> None:
    with browsing.opened(browser, pages["report.html"], 1280) as page:
        links = page.locator("a[data-choose]")
        assert links.count() > 50
        for place in range(0, links.count(), 9):
            link = links.nth(place)
            link.press("Enter")
            found = shown(page)
            assert len(found) == int(link.inner_text().replace(",", ""))
            assert {f"#{each['anchor']}" for each in found} == {link.get_attribute("href")}
            assert page.evaluate("document.activeElement.parentElement.open")
        assert browsing.violations(page) == []


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


def test_bars_can_be_distinguished_from_the_ground_in_either_scheme(browser: Browser, pages: dict[str, Path]) -> None:
    """Each bar has an outline in the colour of the text."""
    for scheme in ("light", "dark"):
        with browsing.opened(browser, pages["report.html"], 1280, scheme) as page:
            style = "[...document.querySelectorAll('svg rect')].map(r => getComputedStyle(r).stroke)"
            ink = page.evaluate("getComputedStyle(document.body).color")
            assert set(page.evaluate(style)) == {ink}
