"""Starter letters with the dates of one case: those of the page of due dates, as the checker works them out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import browser as browsing
import pytest
from handbooks import host
from putright.api.dates import due
from putright.text.english import written_date

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RECEIVED, ACKNOWLEDGED = dt.date(2026, 12, 14), dt.date(2026, 12, 16)


def _starter(browser: Browser, address: str, letter: str) -> tuple[str, str]:
    """What the note and a starter letter say, after the dates were put in the letters."""
    with browsing.opened(browser, address, 1280) as page:
        page.get_by_role("link", name="Put these dates in the letters").click()
        page.wait_for_url("**/letters.html?*")
        note = page.locator("#pr-case").inner_text()
        return note, page.locator(f"#letter-{letter}-text").text_content() or ""


@pytest.mark.parametrize("council", ["coventry", "brighton-hove"])
def test_a_letter_has_the_date_that_follows_from_both_events(browser: Browser, base: str, council: str) -> None:
    address = f"{base}councils/{council}/corporate/due-dates.html?event=received&date={RECEIVED}"
    note, said = _starter(browser, f"{address}&acknowledged={ACKNOWLEDGED}", "acknowledgement-stage1-contents")
    assert written_date(RECEIVED) in note and written_date(ACKNOWLEDGED) in note
    events = {"received": RECEIVED, "stage1_acknowledged": ACKNOWLEDGED}
    dates = [each for each in due(host(), council, events=events) if each.rule == "respond-stage1"]
    earliest = min(each.due for each in dates if each.due)
    assert written_date(earliest) in said
    # On Coventry's own other reading there is more time: the date stays in brackets, to be checked.
    unsure = any(each.other or each.doubts or each.due != earliest for each in dates)
    assert (f"[{written_date(earliest)}: check this date" in said) == unsure
    assert "10 working days" not in said


def test_a_date_that_still_moves_stays_in_brackets(browser: Browser, base: str) -> None:
    address = f"{base}councils/coventry/corporate/due-dates.html?event=received&date={RECEIVED}"
    _, said = _starter(browser, address, "acknowledgement-stage1-contents")
    [date] = [
        each
        for each in due(host(), "coventry", received=RECEIVED)
        if each.rule == "respond-stage1" and each.rulebook == "coventry.corporate"
    ]
    assert date.due and f"[{written_date(date.due)}: check this date before you send the letter]" in said


def test_a_new_date_is_the_furthest_that_an_extension_may_give(browser: Browser, base: str) -> None:
    address = f"{base}councils/coventry/corporate/due-dates.html?event=received&date={RECEIVED}"
    _, said = _starter(browser, f"{address}&acknowledged={ACKNOWLEDGED}", "extension-stage1-contents")
    events = {"received": RECEIVED, "stage1_acknowledged": ACKNOWLEDGED}
    dates = [each.extended for each in due(host(), "coventry", events=events) if each.rule == "respond-stage1"]
    assert f"[new date: {written_date(min(filter(None, dates)))} at the latest]" in said


def test_a_wrong_address_leaves_the_letters_as_they_are(browser: Browser, base: str) -> None:
    address = (
        f"{base}councils/coventry/corporate/letters.html?date=2026-12-14&respond-stage1=2026-31-12&sure=respond-stage1"
    )
    with browsing.opened(browser, address, 1280) as page:
        assert not page.locator("#pr-case").is_visible()
        assert "10 working days" in (page.locator("#letter-acknowledgement-stage1-contents-text").text_content() or "")
