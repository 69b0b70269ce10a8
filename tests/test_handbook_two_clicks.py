"""Questions that staff ask, answered from the home page in two clicks, on a desktop and on a phone.

What each page has to say is asked of ``putright.api`` and of the rulebooks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from handbooks import AS_AT, host
from playwright.sync_api import Page, expect
from putright.api.dates import due
from putright.rulebooks import phrases
from putright.text.english import written_date
from putright_handbook import letters
from putright_handbook.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SITE = Site(host(), AS_AT)
CORPORATE = SITE.procedure("coventry.corporate")
RULES = SITE.books["coventry.corporate"].rulings()
HOME = "councils/coventry/index.html"
FOLDER = "councils/coventry/corporate"


def _asked(rule: str) -> str:
    return phrases.asked(RULES[rule].rule)


def _today(procedure: str, rule: str) -> Callable[[], str]:
    """The due date of a rule for a complaint received on the day the browser has."""

    def answer() -> str:
        found = due(host(), "coventry", procedure, received=AS_AT)
        return written_date(next(date.due for date in found if date.rule == rule))

    return answer


#: The question, the two clicks, and a part of the answer.
QUESTIONS: dict[str, tuple[tuple[str, str], Callable[[], str]]] = {
    "when must we acknowledge?": ((HOME, f"{FOLDER}/due-dates.html"), _today("corporate", "acknowledge-stage1")),
    "when must we respond?": ((HOME, f"{FOLDER}/due-dates.html"), _today("corporate", "respond-stage1")),
    "when for a tenant?": ((HOME, "national/housing/due-dates.html"), _today("housing", "acknowledge-stage1")),
    "is it a complaint?": ((HOME, f"{FOLDER}/not-complaints.html"), lambda: "dissatisfaction that"),
    "where does it go?": ((HOME, f"{FOLDER}/not-complaints.html"), lambda: "Yes"),
    "what must it say?": (
        (HOME, f"{FOLDER}/letters.html"),
        lambda: letters.items(CORPORATE, "refusal-contents", host().words)[0].meaning[1:],
    ),
    "may I extend?": ((HOME, f"{FOLDER}/stage-1.html"), lambda: _asked("extend-stage1")),
    "who does stage 2?": ((HOME, f"{FOLDER}/stage-2.html"), lambda: (RULES["respond-stage2"].who or "")[2:]),
    "may another do it?": ((HOME, f"{FOLDER}/stage-2.html"), lambda: "Not the person who considered stage 1"),
    "how long do they have?": ((HOME, f"{FOLDER}/stage-2.html"), lambda: _asked("request-stage2")),
    "how long for an old matter?": ((HOME, f"{FOLDER}/card.html"), lambda: _asked("complain-in-time")[1:]),
    "where after stage 2?": ((HOME, f"{FOLDER}/stage-2.html"), lambda: next(iter(letters.ombudsmen(CORPORATE)))),
}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A window in which it is the day that the handbook is as at."""
    with browser.new_context() as context:
        opened = context.new_page()
        opened.clock.set_fixed_time(dt.datetime.combine(AS_AT, dt.time(12)))
        yield opened


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("question", QUESTIONS)
def test_two_clicks_from_home(page: Page, base: str, question: str, width: int) -> None:
    clicks, answer = QUESTIONS[question]
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{base}index.html")
    for click in clicks:
        page.click(f"main a[href$='{'/'.join(click.split('/')[-2:])}']")
    # The page's script writes a due date a moment after the page has come.
    expect(page.locator("main")).to_contain_text(answer(), use_inner_text=True)
    assert page.url.partition("?")[0].removeprefix(base) == clicks[-1]
