"""The questions that staff ask, as the handbook answers them: letters, what is a complaint, the stages, the card.

The pages are those of every council and of the national rules alone; what they have to show is read from the rulebooks.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import browser as browsing
import pytest
from doubting import flat
from handbooks import AS_AT, built, host, parsed
from lxml.html import HtmlElement
from putright import fields
from putright.rulebooks import doubts, phrases
from putright.rulebooks.rules import Contents, Extension, Independence, Timed
from putright_handbook import letters, wording
from putright_handbook.procedures import Procedure
from putright_handbook.site import Site
from pypdf import PdfReader

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SITE = Site(host(), AS_AT)
PROCEDURES = {each.folder: each for council in host().councils for each in SITE.procedures(council)}
LETTERS = [(folder, letter) for folder, each in PROCEDURES.items() for letter in letters.letters(each)]
STAGES = [(folder, stage) for folder, each in PROCEDURES.items() for stage in each.stages]


def _page(folder: str, name: str) -> HtmlElement:
    return parsed(built() / folder / f"{name}.html")


def _flat(element: HtmlElement) -> str:
    return flat(element.text_content())


# --- letters ----------------------------------------------------------------------------------------


def _asked(procedure: Procedure, letter: str) -> dict[str, list[tuple[str, str]]]:
    """Each line that a rulebook asks a letter for, with condition and clause, straight from the rules.

    Several things of which any one will do are the same in whatever order.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    same: dict[tuple[str, ...], str] = {}
    words = host().words_of(procedure.council)
    for book in procedure.books:
        for clause in book.clauses:
            for rule in clause.rules:
                if isinstance(rule, Contents) and rule.rule == letter:
                    for line in wording.contents(rule, words):
                        parts = tuple(sorted(line.removeprefix("one of: ").split("; or ")))
                        line = same.setdefault(parts, line)
                        found.setdefault(line, []).append((wording.conditions(rule), clause.id))
    return found


@pytest.mark.parametrize(("folder", "letter"), LETTERS)
def test_a_checklist_has_each_thing_once_with_every_clause(folder: str, letter: str) -> None:
    procedure = PROCEDURES[folder]
    section = _page(folder, "letters").get_element_by_id(f"letter-{letter}")
    lines = [_flat(line) for line in section.cssselect(".pr-checklist li")]
    asked = _asked(procedure, letter)
    assert len(lines) == len(asked) == len(section.cssselect(".pr-checklist input[type=checkbox]"))
    for meaning, whence in asked.items():
        [line] = [line for line in lines if re.match(rf"{re.escape(flat(meaning))}(,| \()", line)]
        for conditions, number in whence:
            assert flat(number) in line
            if all(each for each, _ in whence) and conditions.startswith("Only if") and len(whence) == 1:
                assert flat(conditions.rstrip(".")) in line
        if not all(conditions for conditions, _ in whence):
            assert "only if" not in line.partition("(")[0]
    for book, ruling in letters.rulings(procedure, letter):
        for short in doubts.shorts(doubts.of_ruling(book, ruling)):
            assert flat(short) in _flat(section)


def test_two_codes_of_one_title_have_names_of_their_own() -> None:
    """A landlord council goes by both, and their paragraphs have the same numbers."""
    section = _page("councils/stoke-on-trent/corporate", "letters").get_element_by_id("letter-refusal-contents")
    lines = [_flat(line) for line in section.cssselect(".pr-checklist li")]
    assert lines
    assert all(line.endswith("; complaint handling code 2.4; housing ombudsman's code 2.4)") for line in lines)


def test_what_is_asked_whether_or_not_something_is_so_is_always_asked() -> None:
    section = _page("councils/coventry/corporate", "letters").get_element_by_id("letter-refusal-contents")
    [line] = [_flat(line) for line in section.cssselect("li") if "exclusion that applies" in _flat(line)]
    assert line == "the exclusion that applies (6.5)"


@pytest.mark.parametrize(("folder", "letter"), LETTERS)
def test_a_starter_letter_has_a_line_for_each_thing(folder: str, letter: str) -> None:
    procedure = PROCEDURES[folder]
    words = host().words_of(procedure.council)
    text = letters.starter(procedure, letter, words)
    shown = _page(folder, "letters").get_element_by_id(f"letter-{letter}-text").text_content()
    assert shown == text
    paragraphs = text.split("\n\n")
    items = [item for item in letters.items(procedure, letter, words) if item.words != ("reference",)]
    assert len(paragraphs) - 6 == len(items) + sum(
        not item.always for item in letters.items(procedure, letter, words) if item.words == ("reference",)
    )
    assert "{" not in text and "None" not in text
    assert text.endswith(procedure.own.authority if procedure.own else "[council]")


def test_a_starter_letter_takes_dates_and_the_ombudsman_from_the_rulebook() -> None:
    words = host().words
    coventry = PROCEDURES["councils/coventry/corporate"]
    acknowledgement = letters.starter(coventry, "acknowledgement-stage1-contents", words)
    assert "by [date: 10 working days from the stage 1 acknowledgement" in acknowledgement
    notice = letters.starter(coventry, "extension-stage1-contents", words)
    assert "[new date: up to 10 working days more, and no longer]" in notice
    assert "Local Government and Social Care Ombudsman (www.lgo.org.uk)" in notice
    response = letters.starter(coventry, "response-stage1-contents", words)
    assert "ask for stage 2" in response and "20 working days from the stage 1 response" in response
    stoke = letters.ombudsmen(PROCEDURES["councils/stoke-on-trent/corporate"])
    assert stoke == {
        "Local Government and Social Care Ombudsman": ["www.lgo.org.uk"],
        "Housing Ombudsman": ["www.housing-ombudsman.org.uk"],
    }


def test_a_checklist_prints_on_one_sheet_and_a_letter_is_copied(browser: Browser, base: str) -> None:
    address = f"{base}councils/coventry/corporate/letters.html"
    with browsing.opened(browser, address, 1280, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.evaluate("window.print = () => {}")
        letter = page.locator("#letter-response-stage1-contents")
        letter.get_by_role("button", name="Print this checklist").click()
        assert page.title().startswith("Stage 1 response: What must my letter say?")
        reader = PdfReader(BytesIO(page.pdf(format="A4")))
        assert len(reader.pages) == 1
        said = reader.pages[0].extract_text()
        assert "Stage 1 response" in said and "Stage 1 acknowledgement" not in said
        assert all(label in said for label in ("Case reference", "Date", "Initials", "Owner", "March 2025"))
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator(".pr-only").count() == 0
        letter.locator("summary", has_text="Starter letter").click()
        letter.get_by_role("button", name="Copy the letter").click()
        copied = page.evaluate("navigator.clipboard.readText()")
    words = host().words_of("coventry")
    assert copied == letters.starter(PROCEDURES["councils/coventry/corporate"], "response-stage1-contents", words)


@pytest.mark.parametrize("folder", ["councils/telford-wrekin/corporate", "councils/stoke-on-trent/corporate"])
def test_the_longest_checklists_print_on_one_sheet(browser: Browser, base: str, folder: str) -> None:
    with browsing.opened(browser, f"{base}{folder}/letters.html", 1280) as page:
        page.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
        for letter in page.locator("section.pr-letter").all():
            letter.get_by_role("button", name="Print this checklist").click()
            margin = dict.fromkeys(("top", "bottom", "left", "right"), "1cm")
            assert len(PdfReader(BytesIO(page.pdf(format="A4", margin=margin))).pages) == 1
            page.evaluate("dispatchEvent(new Event('afterprint'))")


# --- is this a complaint? -------------------------------------------------------------------------


@pytest.mark.parametrize("folder", PROCEDURES)
def test_every_question_is_made_from_the_rulebook(folder: str) -> None:
    procedure = PROCEDURES[folder]
    tree = _page(folder, "not-complaints")
    path = tree.cssselect(".pr-path")[0]
    headings = [flat(heading.text_content()).rstrip("#¶") for heading in path.cssselect("h2")]
    assert headings[-1].startswith("it is a complaint")
    books = procedure.books
    defined = [c for b in books for c in b.clauses if c.topic == "definition" and "complaint" in c.heading.lower()]
    assert bool(defined) == headings[0].startswith("is it a complaint by the definition")
    if defined:
        assert all(flat(piece) in _flat(path) for piece in re.split(r"(?:^|\s)- ", defined[0].text))
    for clause in procedure.book.clauses:
        for each in clause.excludes:
            assert flat(each.matter) in _flat(path)
            assert flat(each.instead or "The procedure does not say") in _flat(path)
    timed = any("complain-in-time" in book.rulings() for book in books)
    assert timed == any(heading.startswith("did the person complain in time") for heading in headings)


def _click(page: Page, name: str) -> str:
    """Answer the question that is shown; the text of what is shown then."""
    page.locator(".pr-here").get_by_role("button", name=name, exact=True).click()
    return " ".join((page.locator(".pr-here").text_content() or "").split())


def test_the_path_asks_one_question_at_a_time_and_can_be_a_list(browser: Browser, base: str) -> None:
    with browsing.opened(browser, f"{base}councils/coventry/corporate/not-complaints.html", 1280) as page:
        assert page.locator(".pr-question:visible").count() == 1
        assert "request for a service" in _click(page, "Yes")
        assert page.evaluate("document.activeElement.tagName") == "H2"
        _click(page, "Yes")
        ended = page.locator(".pr-end:visible")
        assert "Send it to: The service concerned, as a service request" in (ended.text_content() or "")
        assert "procedure does not take" in _click(page, "No")
        assert "complain in time" in _click(page, "No")
        assert "It is a complaint" in _click(page, "Yes")
        assert browsing.violations(page) == []
        _click(page, "Back")
        page.get_by_role("button", name="Show every question as a list").click()
        assert page.locator(".pr-question:visible").count() == 5
        assert page.locator(".pr-end:visible").count() == 4
        assert browsing.violations(page) == []


def test_without_javascript_the_path_is_a_list(browser: Browser, base: str) -> None:
    address = f"{base}councils/coventry/corporate/not-complaints.html"
    with browsing.opened(browser, address, 1280, java_script_enabled=False) as page:
        assert page.locator(".pr-question:visible").count() == 5
        assert page.locator(".pr-end:visible").count() == 4


# --- stages and the card ----------------------------------------------------------------------------


@pytest.mark.parametrize(("folder", "stage"), STAGES)
def test_a_stage_says_who_when_more_time_and_what_is_next(folder: str, stage: int) -> None:
    procedure = PROCEDURES[folder]
    tree = _page(folder, f"stage-{stage}")
    said = {
        name: _flat(tree.get_element_by_id(name)) for name in ("when", "who", "more-time", "late", "letters", "next")
    }
    whole = _flat(tree.cssselect("article")[0])
    extensions = 0
    for book, ruling in procedure.at_stage(stage):
        rule = ruling.rule
        if isinstance(rule, Extension):
            extensions += 1
            assert flat(phrases.more_time(rule)) in said["more-time"]
            assert flat(ruling.clause.split(",")[0].split("/")[0]) in said["more-time"]
        elif isinstance(rule, Timed):
            assert flat(phrases.asked(rule)) in whole
            assert flat(wording.step(ruling.name)) in whole
        elif isinstance(rule, Independence):
            assert "not the person who considered stage 1" in said["who"]
        if not isinstance(rule, Contents) and ruling.kind not in ("question",):
            for short in doubts.shorts(doubts.of_ruling(book, ruling)):
                assert flat(short) in whole
    assert bool(extensions) == ("yes, once the complainant has been told" in said["more-time"])
    for letter in letters.letters(procedure):
        if fields.LETTERS[letter].stage == stage:
            assert flat(fields.LETTERS[letter].name) in said["letters"]
    if stage < max(procedure.stages):
        assert f"stage {stage + 1}" in said["next"]
    else:
        assert "last stage" in said["next"] and "ombudsman" in said["next"]


@pytest.mark.parametrize("folder", PROCEDURES)
def test_the_card_has_every_step_and_letter_once(folder: str) -> None:
    procedure = PROCEDURES[folder]
    tree = _page(folder, "card")
    rows = [(_flat(row.cssselect("th")[0]), _flat(row)) for row in tree.cssselect(".pr-card tbody tr")]
    timed = {
        name: next(book for book in procedure.books if name in book.rulings())
        for book in procedure.books
        for name, ruling in book.rulings().items()
        if isinstance(ruling.rule, Timed)
    }
    for name, book in timed.items():
        [row] = [row for step, row in rows if step == flat(wording.step(name))]
        rule = book.rulings()[name].rule
        assert flat(phrases.asked(rule)) in row
        time = row.partition(flat(phrases.asked(rule)))[2]
        assert ("+" in time) == bool(wording.conditions(rule))
        others = [phrases.asked(each.rulings()[name].rule) for each in procedure.national if name in each.rulings()]
        assert ("#" in time) == any(other != phrases.asked(rule) for other in others)
    holds = _flat(tree.cssselect(".pr-card")[0])
    assert all(f"{flat(fields.LETTERS[letter].name)}:" in holds for letter in letters.letters(procedure))


def test_each_card_is_one_side_of_a4(browser: Browser, base: str) -> None:
    for folder in PROCEDURES:
        with browsing.opened(browser, f"{base}{folder}/card.html", 1280) as page:
            reader = PdfReader(BytesIO(page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom"), "1cm"))))
            assert len(reader.pages) == 1, folder


@pytest.mark.parametrize("folder", PROCEDURES)
def test_the_card_is_a_pdf_of_one_page_with_the_same_in_it(folder: str) -> None:
    [place] = _page(folder, "card").cssselect(".pr-pdf a")
    reader = PdfReader((built() / folder / "card.html").parent / place.get("href"))
    assert len(reader.pages) == 1
    assert PROCEDURES[folder].title in (reader.metadata.title or "")
    said = " ".join(reader.pages[0].extract_text().split())
    for row in _page(folder, "card").cssselect(".pr-card tbody tr"):
        step, time = (" ".join(cell.text_content().split()) for cell in row[:2])
        assert step in said
        assert time in said
    assert PROCEDURES[folder].book.edition in said
    largest = []
    reader.pages[0].extract_text(visitor_text=lambda *each: largest.append(each[4]))
    assert max(largest) >= 8  # to be read on paper


@pytest.mark.parametrize("page_name", ["stage-1", "stage-2", "card", "letters", "not-complaints", "due-dates", "index"])
def test_axe_finds_nothing_on_the_pages_of_national_rules(browser: Browser, base: str, page_name: str) -> None:
    with browsing.opened(browser, f"{base}national/housing/{page_name}.html", 1280) as page:
        assert browsing.violations(page) == []
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
