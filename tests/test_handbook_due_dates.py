"""The page "When is it due?" in a browser: its answers are the checker's own, and it says what is wrong with a date."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import browser as browsing
import icalendar
import pytest
from handbooks import AS_AT, host
from putright.api import dates as api
from putright.api import duetables
from putright.api.dates import DueDate
from putright_handbook import daysoff, spans, wording
from putright_handbook.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SITE = Site(host(), AS_AT)
#: Each council's own procedures, and those with national rules alone.
PROCEDURES = {procedure.folder: procedure for council in host().councils for procedure in SITE.procedures(council)}
FIRST, LAST = daysoff.span(AS_AT)
#: The edges of the calendar: holidays, weekends, leap days, the ends of the span and of what is announced.
HARD = [
    dt.date.fromisoformat(day)
    for day in (
        *("2025-12-24", "2026-12-25", "2026-12-18", "2026-08-31", "2028-02-29", "2026-04-02", "2025-11-01"),
        *("2026-05-16", "2026-04-05", "2027-12-31", "2028-11-30", "2028-08-31", "2027-02-28"),
    )
]


_LOOK_UP = """([kind, event, pairs]) => {
  const set = (id, value) => {
    const node = document.getElementById(id);
    node.value = value;
    node.dispatchEvent(new Event("change"));
  };
  const fill = (id, date) => {
    const [year, month, day] = date ? date.split("-") : ["", "", ""];
    for (const [part, value] of Object.entries({ day, month, year })) {
      document.getElementById(`${id}-${part}`).value = value;
    }
  };
  if (kind) set("pr-kind", kind);
  set("pr-event", event);
  return pairs.map(([date, then]) => {
    fill("pr-date", date);
    fill("pr-then", then);
    document.querySelector("#look-up form").requestSubmit();
    return [...document.querySelectorAll("[data-due]")].map((node) => ({ ...node.dataset }));
  });
}"""


def _looked_up(
    page: Page, kind: str | None, event: str, pairs: list[tuple[dt.date, dt.date | None]]
) -> list[list[dict[str, str]]]:
    given = [[day.isoformat(), then and then.isoformat()] for day, then in pairs]
    found: list[list[dict[str, str]]] = page.evaluate(_LOOK_UP, [kind, event, given])
    return found


def _shown(answer: dict[str, str]) -> tuple[Any, ...]:
    """What the page shows of a date: where it comes from, the date to keep to, every other date, and if it is sure."""
    dates = (answer.get(name) or None for name in ("due", "latest", "other", "extended"))
    sure = answer.get("provisional") == "true", answer.get("conditional") == "true"
    return answer["rulebook"], answer["rule"], *dates, *sure


def _of(date: DueDate) -> tuple[Any, ...]:
    dates = (date.due, date.latest, None if date.latest else date.other, date.extended)
    days = (day.isoformat() if day else None for day in dates)
    return date.rulebook, date.rule, *days, date.provisional, bool(date.only_if)


def _days(rng: random.Random, count: int) -> list[dt.date]:
    return [rng.choice(HARD), *(FIRST + dt.timedelta(rng.randrange((LAST - FIRST).days + 1)) for _ in range(count))]


def _opened(page: Page) -> Iterator[tuple[str | None, str, str, str | None]]:
    """Each kind of complaint and event of the page: the kind, its flag, the event, its acknowledgement."""
    data = page.evaluate("JSON.parse(document.getElementById('pr-due-data').textContent).kinds")
    flags = {duetables.ORDINARY: "", duetables.STRAIGHT: "straight_to_stage2", duetables.LANDLORD: "landlord"}
    for kind in data:
        flag = flags[kind["name"]]
        for event in kind["events"]:
            yield kind["name"] if len(data) > 1 else None, flag, event["field"], event.get("then", {}).get("field")


@pytest.mark.parametrize("folder", PROCEDURES)
def test_the_page_answers_as_the_checker_does(browser: Browser, base: str, folder: str) -> None:
    """For one event, and for an event with its acknowledgement, on hard days and on any."""
    of = PROCEDURES[folder]
    rng = random.Random(folder)
    with browsing.opened(browser, f"{base}{folder}/due-dates.html", 1280) as page:
        events = list(_opened(page))
        assert events[0][2] in ("received", "matter_occurred", "matter_known")
        for kind, flag, event, answer in events:
            pairs: list[tuple[dt.date, dt.date | None]] = [(day, None) for day in _days(rng, 5)]
            if answer:
                pairs += [
                    (day, min(LAST, day + dt.timedelta(rng.choice((0, 1, 4, 7, 12, 40))))) for day in _days(rng, 7)
                ]
            for (day, then), found in zip(pairs, _looked_up(page, kind, event, pairs), strict=True):
                known = {event: day} | ({answer: then} if answer and then else {})
                expected = api.due(
                    host(), of.council, of.name, events=known, flags=[flag] if flag else [], conditional=True
                )
                assert sorted(map(_shown, found), key=str) == sorted(map(_of, expected), key=str), known


def test_a_complaint_straight_to_stage_2_has_its_own_time(browser: Browser, base: str) -> None:
    """Telford & Wrekin acknowledges it in 2 working days, and any other request for stage 2 in 5."""
    address = f"{base}councils/telford-wrekin/corporate/due-dates.html?event=stage2_requested&date=2026-11-20"
    step = "[data-rule=acknowledge-stage2][data-rulebook='telford-wrekin.corporate']"
    found = {}
    with browsing.opened(browser, address, 1280) as page:
        assert duetables.STRAIGHT in page.locator("main").inner_text()
        for kind in (duetables.ORDINARY, duetables.STRAIGHT):
            page.get_by_label("The complaint is about").select_option(kind)
            page.get_by_role("button", name="Show the dates").click()
            found[kind] = page.locator(step).get_attribute("data-due")
    assert found == {duetables.ORDINARY: "2026-11-27", duetables.STRAIGHT: "2026-11-24"}


def test_dates_that_staff_ask_for_are_there(browser: Browser, base: str) -> None:
    """Informal resolution, the action plan and the twelve months, though no record of the case is at hand."""
    with browsing.opened(browser, f"{base}councils/coventry/corporate/due-dates.html?date=2026-12-18", 1280) as page:
        informal = page.locator("[data-rule=resolve-informally]")
        assert "Wednesday 23 December 2026" in (informal.text_content() or "")
        assert "Only if informal resolution" in (informal.text_content() or "")
        [found] = _looked_up(page, None, "matter_known", [(dt.date(2026, 2, 28), None)])
        assert {"complain-in-time"} == {each["rule"] for each in found}
        assert {"2027-02-28"} == {each["due"] for each in found}
    address = f"{base}councils/telford-wrekin/corporate/due-dates.html?event=stage2_responded&date=2026-12-18"
    with browsing.opened(browser, address, 1280) as page:
        assert page.locator("[data-rule=agree-action-plan]").get_attribute("data-due") == "2027-01-27"


def test_a_range_says_what_moves_it_and_becomes_one_date(browser: Browser, base: str) -> None:
    address = f"{base}councils/coventry/corporate/due-dates.html?event=received&date=2026-12-18"
    respond = "[data-rule=respond-stage1][data-rulebook='coventry.corporate']"
    with browsing.opened(browser, address, 1280) as page:
        said = page.locator(respond).first.text_content() or ""
        assert "Wednesday 6 January 2027 to Wednesday 13 January 2027" in said
        assert "if the stage 1 acknowledgement is on Friday 18 December 2026" in said
        assert "its own last day, Tuesday 29 December 2026" in said
        page.fill("#pr-then-day", "22")
        page.fill("#pr-then-month", "Dec")
        page.fill("#pr-then-year", "2026")
        page.click("#look-up button[type=submit]")
        said = page.locator(respond).first.text_content() or ""
        assert page.locator(f"{respond} .pr-when").first.text_content() == "Friday 8 January 2027"
        assert "Or Wednesday 13 January 2027 on another reading" in said
        assert page.locator("[data-rule=acknowledge-stage1]").count() == 0
        assert page.url.endswith("?event=received&date=2026-12-18&acknowledged=2026-12-22")
        page.goto(page.url)  # the link gives the same answer
        assert page.locator(f"{respond} .pr-when").first.text_content() == "Friday 8 January 2027"
        assert browsing.violations(page) == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("date=2026-02-30", "30/2/2026 is not"),
        ("date=18%2F12%2F2026", "must include a month and a year"),
        ("date=2040-01-31", "must be between 1 November 2025 and 30 November 2028"),
        ("date=1999-01-31", "This page has no dates for 31 January 1999"),
        ("date=2026-12-18&acknowledged=2026-12-17", "must be the same day as the first date, or later"),
        ("date=2026-12-18&acknowledged=soon", "The date of the acknowledgement must include"),
        ("event=new_moon&date=2026-12-18", "asks for an event that this page does not have (new_moon)"),
    ],
)
def test_what_is_wrong_in_the_address_is_said(browser: Browser, base: str, query: str, said: str) -> None:
    with browsing.opened(browser, f"{base}councils/coventry/corporate/due-dates.html?{query}", 1280) as page:
        assert said in (page.locator("[role=status]").text_content() or "")
        assert said in (page.locator("#look-up .pr-error:visible, .pr-answers .pr-note").first.text_content() or "")
        assert page.locator("[data-due]").count() == 0
        assert browsing.violations(page) == []


def test_the_live_region_speaks_once_for_an_answer(browser: Browser, base: str) -> None:
    with browsing.opened(browser, f"{base}councils/coventry/corporate/due-dates.html?date=2026-12-18", 1280) as page:
        assert page.locator("#look-up [aria-live], #look-up [role=alert]").count() == 0
        page.evaluate("""() => {
          window.said = [];
          const region = document.querySelector("#look-up [role=status]");
          new MutationObserver(() => window.said.push(region.textContent)).observe(region, { childList: true });
        }""")
        for part, text in (("day", "21"), ("month", "12"), ("year", "2026")):
            page.fill(f"#pr-date-{part}", text)
        page.press("#pr-date-year", "Enter")
        page.wait_for_timeout(50)
        [said] = page.evaluate("window.said")
        assert said == (
            "We received the complaint on Monday 21 December 2026: 5 dates. "
            "First look at the complaint: Tuesday 22 December 2026."
        )


def test_a_date_is_copied_and_goes_into_a_calendar(browser: Browser, base: str) -> None:
    address = f"{base}councils/coventry/corporate/due-dates.html?date=2026-12-18"
    with browsing.opened(browser, address, 1280, permissions=["clipboard-read", "clipboard-write"]) as page:
        card = page.locator("[data-rule=acknowledge-stage1].pr-answer").first
        card.get_by_role("button", name="Copy the date").click()
        assert page.evaluate("navigator.clipboard.readText()") == "Tuesday 29 December 2026"
        page.get_by_role("button", name="Copy a link to this answer").click()
        assert page.evaluate("navigator.clipboard.readText()") == page.url
        with page.expect_download() as download:
            card.get_by_role("link", name="Add to calendar").click()
        assert download.value.suggested_filename == "acknowledge-stage1-2026-12-29.ics"
        whole = icalendar.Calendar.from_ical(download.value.path().read_bytes())
    [event] = whole.walk("VEVENT")
    assert event["DTSTART"].dt == dt.date(2026, 12, 29)
    assert event["SUMMARY"] == "Due: Acknowledge stage 1"
    assert event["DESCRIPTION"] == (
        "5 working days from receipt. Coventry City Council, council services, clause 13.6."
    )


@pytest.mark.parametrize("locale", ["en-GB", "en-US", "de-DE"])
def test_dates_are_in_british_order_in_every_browser(browser: Browser, base: str, locale: str) -> None:
    address = f"{base}councils/coventry/corporate/due-dates.html?date=2026-12-09"
    with browsing.opened(browser, address, 1280, locale=locale) as page:
        assert [page.locator(f"#pr-date-{part}").input_value() for part in ("day", "month", "year")] == [
            "9",
            "12",
            "2026",
        ]
        assert page.locator(".pr-answers h2").text_content() == "We received the complaint on Wednesday 9 December 2026"


def test_the_days_counted_and_skipped_are_the_checker_s(browser: Browser, base: str) -> None:
    day = dt.date(2026, 12, 18)
    [date] = [
        each
        for each in api.due(host(), "coventry", "corporate", received=day)
        if (each.rule, each.rulebook) == ("acknowledge-stage1", "coventry.corporate")
    ]
    address = f"{base}councils/coventry/corporate/due-dates.html?event=received&date={day}"
    with browsing.opened(browser, address, 1280) as page:
        lines = page.locator(
            "[data-rule=acknowledge-stage1][data-rulebook='coventry.corporate'] .pr-days li"
        ).all_text_contents()
    assert date.span is not None
    told = ["day zero", *(f"day {d.number}" if d.number else f"not counted: {d.skipped}" for d in date.span.days)]
    told[-1] += ", the due date"
    assert [line.split(": ", 1)[1] for line in lines] == told


def test_the_dates_by_month_are_the_checker_s_without_javascript(browser: Browser, base: str) -> None:
    address = f"{base}councils/coventry/corporate/due-dates.html"
    with browsing.opened(browser, address, 1280, java_script_enabled=False) as page:
        assert not page.locator("#look-up").is_visible()
        page.click("#by-month a:has-text('September to December 2026')")
        page.wait_for_url("**/due-dates/2026-09.html")  # whole: what is read next does not wait
        month = page.locator("table", has_text="what happened in December 2026")
        heads = month.locator("thead th:not(:first-child)").all_text_contents()
        rows = month.locator("tbody tr").filter(has=page.locator("th", has_text="Fri 18 Dec"))
        cells = [cell.strip() for cell in rows.locator("td").all_text_contents()]
    shown = dict(zip(heads, cells, strict=True))
    calendar = host().calendar(host().editions["coventry.corporate"][-1])
    for days in (1, 3, 5, 10, 15, 20, 25, 40):
        due = calendar.add(dt.date(2026, 12, 18), days)
        year = "" if due.year == 2026 else f" {due.year}"
        assert shown[f"{days} working day{'s' if days > 1 else ''}"] == f"{due:%a} {due.day} {due:%b}{year}"


def test_pages_of_months_cover_the_look_up_without_a_gap() -> None:
    found = list(spans.spans(FIRST, LAST))
    assert (found[0].first, found[-1].last) == (FIRST, LAST)
    for one, other in itertools.pairwise(found):
        assert other.first - one.last == dt.timedelta(1)
        assert other.first.month in (1, 5, 9)
    assert [each.title for each in found[:2]] == ["November to December 2025", "January to April 2026"]


def test_every_event_has_words_of_its_own() -> None:
    events = {
        event
        for procedure in PROCEDURES.values()
        for kind in SITE.due_tables(procedure.book.rulebook).kinds.values()
        for event in kind
    }
    said = [wording.happened(event) for event in events]
    assert len(set(said)) == len(events)
    assert not [words for words in said if "_" in words]
