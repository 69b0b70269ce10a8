"""The desk as an officer uses it, in a real browser: every number on screen is the checker's own."""

from __future__ import annotations

import datetime as dt
import io
import os
import resource
import signal
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import browser as browsing
import desks
import icalendar
import polars as pl
import pytest
from desks import OpenDesk
from playwright.sync_api import Browser, Page
from putright import fields
from putright.api import audits, hosts, records, samples
from putright.desk.pages.findings import VERDICTS
from putright.desk.results import PAGE
from putright.files.readers import read_table

pytestmark = pytest.mark.browser

EXPORTS = Path(__file__).parent / "exports"
AS_AT = dt.date(2026, 9, 30)
#: Five kinds: a case in a row, a stage in a row, two heading rows, quarters in sheets, and a year as it comes.
LAYOUTS = ("01_jadu.csv", "09_stage_unique_refs.csv", "33_tworow.csv", "12_quarter_sheets.xlsx", "messy.csv")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenDesk]:
    with desks.desk(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest.fixture(scope="module")
def cookies(desk: OpenDesk, browser: Browser) -> list[dict[str, str]]:
    """What the browser has once the address was opened."""
    with browsing.opened(browser, desk.address, 1280) as page:
        return page.context.cookies()  # type: ignore[return-value]


@pytest.fixture
def page(desk: OpenDesk, browser: Browser, cookies: list[dict[str, str]]) -> Iterator[Page]:
    """The first page of the desk, in a window of its own; every request that it makes is to the desk."""
    with _window(desk, browser, cookies) as opened:
        yield opened


@contextmanager
def _window(
    desk: OpenDesk, browser: Browser, cookies: list[dict[str, str]], width: int = 1280, **options: object
) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
    context.add_cookies(cookies)  # type: ignore[arg-type]
    asked: list[str] = []
    said: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    opened = context.new_page()
    opened.set_default_timeout(desks.LONG)
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    try:
        opened.goto(f"{desk.root}/")
        yield opened
    finally:
        context.close()
    assert {url for url in asked if not url.startswith((f"{desk.root}/", "data:"))} == set()
    assert [text for text in said if "422" not in text and "404" not in text] == []


@cache
def _host() -> hosts.Host:
    return hosts.load()


def _audited(page: Page, export: Path, tmp_path: Path, council: str = "coventry") -> audits.Audit:
    """The checker's own audit of the export, by the mapping that the desk used."""
    mapping = tmp_path / "mapping.yaml"
    mapping.write_bytes(page.request.get(f"{_run(page)}/mapping").body())
    return audits.audit(records.open_cases(export, _host(), council, mapping), _host(), as_at=AS_AT)


def _run(page: Page) -> str:
    """The address of the audit that a page is about."""
    return "/".join(page.url.split("/")[:5])


# --- the whole way, number by number --------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_number_is_the_checkers(page: Page, layout: str, tmp_path: Path) -> None:
    desks.open_export(page, EXPORTS / layout)
    desks.audit(page)
    audited = _audited(page, EXPORTS / layout, tmp_path)
    _compare_rows(page, audited)
    desks.go(page, "Findings")
    _compare_findings(page, audited)
    desks.go(page, "Today")
    _compare_due(page, audited)


def _compare_rows(page: Page, audited: audits.Audit) -> None:
    counts = audited.reconciliation
    shown = [int(row[1].replace(",", "")) for row in desks.numbers(page, "main > table")]
    names = ("audited", "rejected", "received_after_audit_date", "outside_period", "rows_read")
    assert shown == [counts[name] for name in names]
    apart = [row[:2] for row in desks.numbers(page, "[aria-labelledby=apart] table")]
    rejected = audited.rejected.select("row", "reference").iter_rows()
    assert apart == [[str(row), reference or "No number"] for row, reference in rejected]
    gaps = {row[0]: (row[1], row[2]) for row in desks.numbers(page, "[aria-labelledby=complete] table")}
    for each in audited.summary["data_quality"]["fields"]:
        name = each["field"].replace("_", " ").capitalize()
        if name in gaps:
            assert gaps[name] == (f"{each['recorded']:,}", f"{each['base']:,}")


def _compare_findings(page: Page, audited: audits.Audit) -> None:
    found = audited.findings
    wanted = Counter(found.select("rulebook", "rule", "verdict").iter_rows())
    names = {fields.RULES[rule].capitalize(): rule for rule in fields.RULES}
    shown: Counter[tuple[str, str, str]] = Counter()
    for place, book in enumerate(audited.summary["rulebooks"], start=1):
        for name, _, *counts in desks.numbers(page, f"[aria-labelledby=book-{place}] table"):
            for verdict, count in zip(VERDICTS, counts, strict=True):
                shown[book["rulebook"], names[name.capitalize()], verdict] += int(count.replace(",", ""))
    assert +shown == wanted
    assert page.inner_text("#found") == f"{found.height:,} findings in {found['reference'].n_unique():,} cases."
    rows = desks.numbers(page, "[aria-labelledby=list] table")
    assert [(row[0], row[3]) for row in rows] == list(found.head(PAGE).select("reference", "message").iter_rows())


def _compare_due(page: Page, audited: audits.Audit) -> None:
    watch = audited.watch()
    wanted = {name: len(steps) for name, steps in watch.groups().items()} | {"on hold": len(watch.held)}
    shown = page.eval_on_selector_all(".tiles strong", "found => found.map(each => each.innerText)")
    assert [int(text.replace(",", "")) for text in shown] == list(wanted.values())


def test_from_a_figure_to_its_cases(page: Page, tmp_path: Path) -> None:
    """Each number leads to so many findings, whatever else they are chosen by."""
    desks.open_export(page, EXPORTS / "messy.csv")
    desks.audit(page)
    found = _audited(page, EXPORTS / "messy.csv", tmp_path).findings
    desks.go(page, "Findings")
    page.select_option("#verdict", "breach")
    page.select_option("#stage", "1")
    desks.press(page, "text=Show >> nth=0")
    stage1 = [rule for rule in fields.RULES if fields.VOCABULARY[rule].stage == 1]
    breaches = found.filter((pl.col("verdict") == "breach") & pl.col("rule").is_in(stage1))
    assert page.inner_text("#found").startswith(f"{breaches.height:,} findings in ")
    link = page.locator("[aria-labelledby=book-1] td.bad a").first
    count = int(link.inner_text())
    with page.expect_navigation():
        link.click()
    rows = desks.numbers(page, "[aria-labelledby=list] table")
    assert len(rows) == min(count, PAGE)
    assert page.locator("#clause").count() == 1


def test_findings_of_one_service_and_quarter(page: Page, tmp_path: Path) -> None:
    desks.open_export(page, EXPORTS / "messy.csv")
    desks.audit(page)
    audited = _audited(page, EXPORTS / "messy.csv", tmp_path)
    cases = next(iter(audited.batches(lambda batch: batch.cases)))[2]
    desks.go(page, "Findings")
    service, quarter = (
        page.eval_on_selector_all(f"{each} option", "all => all.map(o => [o.value, o.text])")[1]
        for each in ("#service", "#quarter")
    )
    page.select_option("#service", service[0])
    page.select_option("#quarter", quarter[0])
    desks.press(page, "text=Show >> nth=0")
    year, number = divmod(int(quarter[0]), 10)
    same = pl.col("service").str.strip_chars().str.to_lowercase() == service[1].strip().lower()
    received = (pl.col("received").dt.year() == year) & (pl.col("received").dt.quarter() == number)
    references = cases.filter(same & received)["reference"]
    wanted = audited.findings.filter(pl.col("reference").is_in(references.to_list())).height
    assert page.inner_text("#found").startswith(f"{wanted:,} finding")


def test_a_case_is_explained_as_the_checker_explains_it(page: Page, tmp_path: Path) -> None:
    desks.open_export(page, EXPORTS / "messy.csv")
    desks.audit(page)
    audited = _audited(page, EXPORTS / "messy.csv", tmp_path)
    desks.go(page, "Findings")
    link = page.locator("[aria-labelledby=list] th a").first
    reference = link.inner_text()
    with page.expect_navigation():
        link.click()
    text = page.inner_text("main")
    explained = audited.explain(reference)
    for each in explained.rules:
        assert each.finding["message"] in text
        assert all(doubt in text for doubt in each.doubts)
    page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true; })")
    text = " ".join(page.inner_text("main").split())
    for each in explained.rules:
        assert all(" ".join(clause.text.split()) in text for clause in each.clauses)
        assert not each.counting or each.counting[1:] in text
    label = page.get_attribute("svg.timeline", "aria-label") or ""
    assert all(what in label for _, what in explained.timeline)


def test_a_file_of_which_nothing_can_be_audited(page: Page, tmp_path: Path) -> None:
    """Each page says so; a number in an address that is none of the choices is no fault."""
    bad = tmp_path / "bad.csv"
    bad.write_text("reference,received,service\nA,31/02/2026,Parks\nB,soon,Parks\n", "utf-8")
    desks.open_export(page, bad)
    assert desks.numbers(page, "main > table")[1] == ["Set apart, since they cannot be read", "2"]
    desks.go(page, "Findings")
    assert page.inner_text("#found") == "0 findings in 0 cases."
    page.goto(f"{_run(page)}/findings?service=99999999999999999999&stage=9&quarter=x&page=99999999")
    assert page.inner_text("#found").startswith("0 findings")
    page.goto(f"{_run(page)}/check")
    assert "there is no finding" in page.inner_text("main")
    page.goto(f"{_run(page)}/today")
    desks.settled(page)
    assert page.locator(".tiles li").count() == 5


# --- what an officer enters -----------------------------------------------------------------------


def test_a_mistake_is_said_where_it_is_and_nothing_is_lost(page: Page) -> None:
    desks.open_export(page, EXPORTS / "messy.csv", as_at="31/2/2026", start="2/1/2026", end="1/1/2026")
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.matches('.wrongs')")
    assert "The audit date: '31/2/2026' is not a date" in page.inner_text(".wrongs")
    page.click(".wrongs a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "as_at"
    assert page.get_attribute("#as_at", "aria-invalid") == "true"
    assert page.input_value("#start") == "2/1/2026"
    assert page.input_value("#council") == "coventry"
    page.fill("#as_at", "30 September 2026")
    desks.press(page, "text=Read the export")
    assert "The last day of the period comes before its first day" in page.inner_text(".wrongs")
    page.fill("#end", "30.9.2026")
    desks.press(page, "text=Read the export")  # the file was taken in at the first time
    assert page.inner_text("h1") == "What each column is"


def test_a_file_has_to_be_chosen(page: Page) -> None:
    desks.press(page, "text=Read the export")
    assert "Choose the export to audit" in page.inner_text(".wrongs")


def test_a_file_that_cannot_be_read_is_said(page: Page, tmp_path: Path) -> None:
    bad = tmp_path / "not a workbook.xlsx"
    bad.write_bytes(b"PK\x03\x04 nothing")
    desks.open_export(page, bad)
    said = page.inner_text(".wrongs")
    assert "not a workbook.xlsx" in said and "temporary" not in said
    desks.open_export(page, EXPORTS / "01_jadu.csv")
    assert not page.locator(".wrongs").count()


def test_a_column_is_changed_and_the_mapping_saved(page: Page, tmp_path: Path) -> None:
    desks.open_export(page, EXPORTS / "messy.csv")
    row = page.locator("tr", has=page.locator("th", has_text="directorate"))
    row.locator("select").select_option("category")
    desks.press(page, "text=Read the columns again")
    assert "The kind of complaint" in page.locator("tr", has=page.locator("th", has_text="directorate")).inner_text()
    mapping = tmp_path / "mapping.yaml"
    with page.expect_download() as saved:
        page.click("text=Save the mapping as a file")
    saved.value.save_as(mapping)
    assert saved.value.suggested_filename == "messy-mapping.yaml"
    assert {"directorate", "date received"} <= set(samples.mapping_columns(mapping, _host()))


def test_a_word_is_changed(page: Page, tmp_path: Path) -> None:
    desks.open_export(page, EXPORTS / "messy.csv")
    row = page.locator("[aria-labelledby=words] tr", has=page.locator("th", has_text="Not upheld"))
    row.locator("select").select_option("partly_upheld")
    desks.press(page, "text=Read the columns again")
    assert "Partly upheld" in row.locator("td").first.inner_text()
    desks.audit(page)
    audited = _audited(page, EXPORTS / "messy.csv", tmp_path)
    outcomes = next(iter(audited.batches(lambda batch: batch.cases["stage1_outcome"])))[2]
    assert "not_upheld" not in outcomes and "partly_upheld" in outcomes


def test_text_that_may_be_about_a_person_is_not_shown(page: Page) -> None:
    desks.open_export(page, EXPORTS / "messy.csv")
    names = read_table(EXPORTS / "messy.csv").frame["customer name"].drop_nulls().unique().to_list()
    text = page.inner_text("main")
    assert names and not any(name in text for name in names)


def test_kept_columns_are_offered_when_they_fit(page: Page, desk: OpenDesk) -> None:
    desks.open_export(page, EXPORTS / "24_moj.csv")
    page.click("text=Keep these columns")
    page.check("#remember")
    desks.press(page, "button[value=audit]")
    assert "Enter a name to keep the columns by" in page.inner_text(".wrongs")
    page.click("text=Keep these columns")
    page.check("#remember")
    page.fill("#name", "Ministry export")
    desks.audit(page)
    page.goto(f"{desk.root}/")
    desks.open_export(page, EXPORTS / "24_moj.csv")
    desks.press(page, "text=Use them and audit")
    assert page.inner_text("h1") == "What became of every row"
    page.goto(f"{desk.root}/")
    desks.open_export(page, EXPORTS / "messy.csv")
    assert not page.locator("text=Use them and audit").count()


def test_a_finding_is_accepted(page: Page, tmp_path: Path) -> None:
    desks.open_export(page, EXPORTS / "messy.csv")
    desks.audit(page)
    page.goto(f"{_run(page)}/findings?verdict=breach")
    desks.press(page, "[aria-labelledby=list] th a >> nth=0")
    desks.press(page, "text=Accept and audit again")
    assert page.locator(".wrongs li").count() == 4
    page.check("#rule-1")
    page.fill("#reason", "The person asked us to wait")
    page.fill("#who", "Head of Governance")
    page.fill("#expires", "1/1/2020")
    desks.press(page, "text=Accept and audit again")
    assert "has passed" in page.inner_text(".wrongs")
    assert page.input_value("#reason") == "The person asked us to wait"
    page.fill("#expires", "31/3/2190")
    desks.press(page, "text=Accept and audit again")
    assert "The person asked us to wait (Head of Governance, until 31 March 2190)" in page.inner_text("main")
    page.goto(f"{_run(page)}/findings?verdict=breach")
    assert "Accepted until 31 March 2190 by the Head of Governance" in page.inner_text("[aria-labelledby=list]")


def test_twenty_cases_are_checked_by_hand(page: Page) -> None:
    desks.open_export(page, EXPORTS / "messy.csv")
    desks.audit(page)
    desks.go(page, "Findings")
    desks.press(page, "text=Check twenty cases by hand")
    for number in range(2):
        answer = "agree" if number else "disagree"
        for choice in page.locator(f"input[type=radio][value={answer}]").all():
            choice.check()
        desks.press(page, "text=Save and go to the next")
    said = page.inner_text("p[role=status]")
    assert said.startswith("2 of 20 done. The hand check agrees with every finding in 1 of 2 cases (50.0%)")


# --- taken away -----------------------------------------------------------------------------------


def _saved(page: Page, kind: str, *, aware: bool) -> bytes:
    if aware:
        page.check(f"#aware-{kind}")
    desks.press(page, f"[aria-labelledby=paper-{kind}] button")
    with page.expect_download() as saved:
        page.locator(f"[aria-labelledby=paper-{kind}] a.button").click()
    return saved.value.path().read_bytes()


def test_what_names_cases_is_made_only_when_that_is_known(page: Page, tmp_path: Path) -> None:
    desks.open_export(page, EXPORTS / "messy.csv")
    desks.audit(page)
    desks.go(page, "Take away")
    desks.press(page, "text=Make the findings")
    assert "confirm that you will save it" in page.inner_text(".wrongs")
    findings = tmp_path / "findings.xlsx"
    findings.write_bytes(_saved(page, "findings", aware=True))
    audited = _audited(page, EXPORTS / "messy.csv", tmp_path)
    assert read_table(findings).frame.height == audited.findings.height


def test_the_pack_and_the_calendar_are_taken_away(page: Page) -> None:
    desks.open_export(page, EXPORTS / "messy.csv")
    desks.audit(page)
    desks.go(page, "Take away")
    with zipfile.ZipFile(io.BytesIO(_saved(page, "pack", aware=True))) as pack:
        assert {"committee-paper.docx", "committee-paper.pdf", "report.html"} <= set(pack.namelist())
        receipt = pack.read("receipt.json").decode()
    assert "messy.csv" in receipt and "/temporary/" not in receipt
    desks.go(page, "Today")
    with page.expect_download() as saved:
        page.click("text=Save as a calendar file")
    steps = icalendar.Calendar.from_ical(saved.value.path().read_bytes()).walk("VEVENT")
    shown = page.eval_on_selector_all(".tiles strong", "found => found.map(each => Number(each.innerText))")
    assert len(steps) == sum(shown[:4])


# --- when something goes wrong --------------------------------------------------------------------


def test_two_audits_do_not_mix(desk: OpenDesk, page: Page, browser: Browser, cookies: list[dict[str, str]]) -> None:
    desks.open_export(page, EXPORTS / "01_jadu.csv")
    with _window(desk, browser, cookies) as other:
        desks.open_export(other, EXPORTS / "messy.csv", council="")
        desks.audit(other)
        desks.audit(page)
        assert "01_jadu.csv, Coventry" in page.inner_text("nav.steps")
        assert "messy.csv, National rules alone" in other.inner_text("nav.steps")
        read = [desks.numbers(each, "main > table")[-1][1] for each in (page, other)]
        assert len(set(read)) == 2


def test_work_that_is_killed_is_said_and_can_be_done_again(desk: OpenDesk, page: Page) -> None:
    page.set_input_files("#file", str(EXPORTS / "01_jadu.csv"))
    for process in desk.children:  # so that the work is begun, and not done
        os.kill(process, signal.SIGSTOP)
    with page.expect_navigation():
        page.click("text=Read the export")
    page.wait_for_selector("progress")
    for process in desk.children:
        os.kill(process, signal.SIGKILL)
    desks.settled(page)
    assert "The work was ended from outside" in page.inner_text(".wrongs")
    assert "01_jadu.csv is open" in page.inner_text("main")
    page.select_option("#council", "coventry")
    desks.press(page, "text=Read the export")
    desks.audit(page)
    assert page.inner_text("h1") == "What became of every row"


def test_a_full_disk_is_said(browser: Browser, tmp_path: Path) -> None:
    """As large a file as may be written stands for a disk that is full."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    large = tmp_path / "large.csv"
    large.write_text("reference,received\n" + "A,2026-01-01\n" * 40_000, "utf-8")
    with desks.desk(tmp_path, preexec_fn=limit) as full, browsing.opened(browser, full.address, 1280) as page:
        desks.open_export(page, large)
        assert "If the disk is full, make room" in page.inner_text("main")
        page.go_back()
        desks.open_export(page, EXPORTS / "01_jadu.csv")
        assert page.inner_text("h1") == "What each column is"


def test_a_file_that_vanished_is_said(tmp_path: Path, browser: Browser) -> None:
    given = desks.desk(tmp_path, str(EXPORTS / "01_jadu.csv"))
    with given as opened, browsing.opened(browser, opened.address, 1280) as page:
        assert "01_jadu.csv is open" in page.inner_text("main")
        (copy,) = (tmp_path / "temporary").rglob("01_jadu.csv")
        copy.unlink()
        page.select_option("#council", "coventry")
        desks.press(page, "text=Read the export")
        assert "01_jadu.csv" in page.inner_text(".wrongs")
        desks.open_export(page, EXPORTS / "01_jadu.csv")
        assert page.inner_text("h1") == "What each column is"


def test_an_audit_is_removed_with_its_files(tmp_path: Path, browser: Browser) -> None:
    with desks.desk(tmp_path) as opened, browsing.opened(browser, opened.address, 1280) as page:
        desks.open_export(page, EXPORTS / "messy.csv")
        assert list((tmp_path / "temporary").rglob("messy.csv"))
        desks.go(page, "Open")
        desks.press(page, "text=Delete messy.csv and its findings")
        assert not list((tmp_path / "temporary").rglob("messy.csv"))
        page.goto(f"{opened.root}/settings")
        page.check("#idle-0")
        desks.press(page, "text=Save")
        assert "without use" not in page.inner_text("footer")
        desks.press(page, "text=Stop the desk")
        assert page.inner_text("h1") == "The desk has stopped"
        assert opened.process.wait(60) == 0
    assert not list((tmp_path / "temporary").iterdir())
