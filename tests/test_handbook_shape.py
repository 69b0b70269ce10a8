"""The shape of the handbook: editions, the latest audit, what fits on a screen, and how large a page may be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import browser as browsing
import pytest
from handbooks import AS_AT, KINDS, OneCode, built, host, pages, parsed, text, without_documentation
from putright.api import policies
from putright_handbook import building, wording
from putright_handbook.site import Site
from smallhandbooks import small_host

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from playwright.sync_api import Browser

COUNCIL = "councils/toytown"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A handbook of one council with an edition before today's and one to come."""
    folder = tmp_path_factory.mktemp("small")
    with without_documentation(folder / "docs"):
        building.build(Site(small_host(folder / "book", code=OneCode), AS_AT), folder / "site")
    return folder / "site"


# --- the council's own changes ----------------------------------------------------------------------


def _rows(part: HtmlElement) -> dict[str, list[str]]:
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in part.cssselect("tbody tr")]
    return {name: cells for name, *cells in rows}


def test_each_edition_says_what_it_changes_for_staff_and_from_when(small: Path) -> None:
    page = parsed(small / f"{COUNCIL}/changes.html")
    [procedure] = page.cssselect("section#corporate")
    parts = procedure.cssselect("section[id^='edition-']")
    assert [part.cssselect("h3")[0].text_content().rstrip("#\uf0c1") for part in parts] == [
        "From 1 January 2027",  # the latest first
        "From 1 April 2026",
    ]
    to_come, today = parts
    assert "It is not in force yet" in to_come.text_content()
    assert "It is not in force yet" not in today.text_content()
    step = wording.step("acknowledge-stage1")
    assert _rows(today)[step] == ["3 working days from receipt", "5 working days from receipt", "2"] or (
        _rows(today)[step][0].startswith("3 working days from receipt")
        and _rows(today)[step][1].startswith("5 working days from receipt")
    )
    assert _rows(to_come)[step][1].startswith("4 working days from receipt")
    said = " ".join(to_come.text_content().split())
    assert "New clauses: 2A" in said
    assert "Clauses that are no longer there: 2 " in said
    assert "It is the earliest edition in this handbook." in procedure.text_content()


def test_staff_find_the_changes_and_not_those_of_the_software() -> None:
    page = parsed(built() / "councils/coventry/corporate/index.html")
    assert page.xpath("//footer//a[contains(@href, 'coventry/changes') or contains(@href, '../changes.html')]")
    [entry] = page.xpath("//nav[@class='pr-menu']//a[.='What changed and when']/@href")
    said = text(built() / "councils/coventry/corporate" / entry)
    assert said.count("It is the only edition in this handbook.") == 3
    assert not page.xpath("//footer//a[contains(., 'putright')]")


def test_editions_are_compared_by_what_they_ask_and_say(tmp_path: Path) -> None:
    before, first, second = small_host(tmp_path / "book", code=OneCode).editions["toytown.corporate"]
    found = policies.changes(before, first)
    assert found.steps == ("acknowledge-stage1",)
    assert {clause.id for clause in found.removed} == {"2(1)"}
    assert {clause.id for clause in found.added} == {"2"}
    assert found.reworded == ()
    assert policies.changes(first, second).steps == ("acknowledge-stage1",)
    assert policies.changes(first, first).is_empty
    clause = first.clauses[0]
    other = first.model_copy(update={"clauses": [clause.model_copy(update={"text": "Else."}), *first.clauses[1:]]})
    assert [each.id for each in policies.changes(first, other).reworded] == [clause.id]


def test_an_edition_to_come_is_not_the_procedure_before_its_day(small: Path) -> None:
    home = parsed(small / f"{COUNCIL}/corporate/index.html")
    [place] = home.xpath("//nav[@class='pr-menu']//a[.='The procedure']/@href")
    assert place == "procedure/first.html"
    today = parsed(small / f"{COUNCIL}/corporate/procedure/first.html")
    assert today.xpath("//nav[@class='pr-menu']//a[.='The procedure']/@aria-current") == ["page"]
    to_come = parsed(small / f"{COUNCIL}/corporate/procedure.html")
    assert "The procedure from 1 January 2027" in to_come.cssselect("h1")[0].text_content()


# --- the latest audit -------------------------------------------------------------------------------


def test_the_audit_has_its_headline_and_three_tables_and_the_rest_folded() -> None:
    page = parsed(built() / "councils/coventry/audit.html")
    article = page.cssselect("article")[0]
    headings = [heading.text_content().rstrip("#\uf0c1") for heading in article.cssselect("h2")]
    assert headings[0] == "What was done in time"
    assert headings[1:4] == ["Times kept, by stage", "By service", "Measures: corporate complaints"]
    tables = article.cssselect("table")
    assert len([table for table in tables if not list(table.iterancestors("details"))]) == 3
    assert len(tables) > 20
    [line, *_] = article.cssselect("#headline li")
    figures = json.loads((built().parent / "published" / "figures.json").read_text())
    [stages] = [table for table in figures["tables"] if table["id"] == "stages"]
    met = stages["rows"][0][-1]
    assert f"{stages['rows'][0][0]}: {met['percent']}% ({met['count']} of {met['base']})" in line.text_content()


def test_the_audit_has_its_own_day_and_not_the_policy_s_review() -> None:
    for council in ("coventry", "runnymede"):
        page = parsed(built() / f"councils/{council}/audit.html")
        assert not page.cssselect(".pr-overdue")
    facts = parsed(built() / "councils/coventry/audit.html").cssselect(".pr-facts-box")[0].text_content()
    assert "30 September 2026" in facts
    assert "Review due" not in facts
    assert parsed(built() / "councils/coventry/corporate/index.html").cssselect(".pr-overdue")


# --- sizes ------------------------------------------------------------------------------------------


def test_pages_of_due_dates_are_small() -> None:
    found = [path for path in pages() if "due-dates" in str(path)]
    assert len(found) > 20
    for path in found:
        assert path.stat().st_size < 300_000, path
        assert len(parsed(path).xpath("//*")) < 4_000, path


#: How far a table goes beyond what can be seen of it, in pixels.
_HIDDEN = """() => [...document.querySelectorAll("table")].filter((table) => table.offsetParent).flatMap((table) => {
  let over = table.getBoundingClientRect().right - innerWidth;
  for (let place = table.parentElement; place !== document.body; place = place.parentElement)
    over = Math.max(over, place.scrollWidth - place.clientWidth);
  return over > 1 ? [`${table.caption?.textContent ?? table.textContent.slice(0, 40)}: ${over} pixels`] : [];
})"""


@pytest.mark.browser
@pytest.mark.slow
def test_no_table_is_cut_off_on_a_screen(browser: Browser, base: str) -> None:
    """Also in what is folded, when it is opened."""
    names = {path.relative_to(built()).as_posix() for path in pages()}
    looked_at = {f"{kind}.html" for kind in KINDS}
    looked_at |= {name for name in names if name.startswith(("developers/", "notebooks/"))}
    looked_at |= {name for name in names if name.endswith("/due-dates/2026-05.html")}
    cut = {}
    with browsing.opened(browser, f"{base}index.html", 1280) as page:
        for name in sorted(looked_at):
            page.goto(f"{base}{name}")
            page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
            if found := page.evaluate(_HIDDEN):
                cut[name] = found
    assert cut == {}


def test_the_procedures_have_their_own_editions() -> None:
    site = Site(host(), AS_AT)
    for council in site.host.councils:
        shown = text(built() / f"councils/{council}/changes.html")
        for book in site.of(council).values():
            assert book.edition in shown
    assert site.stages_compared("corporate") == [1, 2]
