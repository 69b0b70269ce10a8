"""What is not certain in a source is said on every page of the handbook that shows it."""

from __future__ import annotations

import json
from pathlib import Path

import doubting
import handbooks
import pytest
from doubting import DOUBTFUL, flat, marked
from handbooks import AS_AT, built, host, parsed, text
from putright import fields
from putright.policy import anchors
from putright.rulebooks import Rulebook, doubts
from putright.rulebooks.rules import Contents, Timed
from putright_handbook import building, reviews
from putright_handbook.site import Site

BOOKS = {name: editions[-1] for name, editions in host().editions.items()}
OWN = {name: book for name, book in BOOKS.items() if not book.is_national}


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The handbook of a made-up council whose document is not certain in every way there is."""
    folder = tmp_path_factory.mktemp("doubtful")
    with handbooks.without_documentation(folder / "docs"):
        building.build(Site(doubting.SMALL, AS_AT), folder / "site")
    return folder / "site"


def _pages_of(book: Rulebook, doubtful: Path) -> Path:
    """The folder of a procedure's pages."""
    council, _, procedure = book.rulebook.partition(".")
    return (doubtful if book is DOUBTFUL else built()) / "councils" / council / procedure


def _governing(book: Rulebook) -> list[Rulebook]:
    return [BOOKS[name] for name in book.governed_by]


def _whole(path: Path) -> str:
    """All the words of a page, its head included."""
    return flat(parsed(path).cssselect("main")[0].text_content())


EVERY_OWN = [DOUBTFUL, *OWN.values()]
EVERY_BOOK = [DOUBTFUL, *BOOKS.values()]


@pytest.mark.parametrize("book", EVERY_BOOK, ids=lambda book: book.rulebook)
def test_a_clause_s_page_has_every_doubt_in_full(book: Rulebook, doubtful: Path) -> None:
    root = doubtful if book is DOUBTFUL else built()
    path = root / f"{anchors.page(book.rulebook)}.html"
    found = {section.get("id"): flat(section.text_content()) for section in parsed(path).cssselect("section.pr-clause")}
    for doubt in marked(book):
        assert flat(doubt.text) in (found[anchors.anchor(doubt.clause)] if doubt.clause else _whole(path)), doubt
    for clause in book.clauses:
        shown = found[anchors.anchor(clause.id)]
        assert all(flat(note) in shown for note in [clause.note or "", *(rule.note or "" for rule in clause.rules)])
        if book.is_national:
            [status] = parsed(path).cssselect(f"#{anchors.anchor(clause.id)} > .pr-facts .pr-status")
            elsewhere = doubts.read_elsewhere(book, clause)
            assert (status.text_content() == "confirmed") == (clause.status == "confirmed" and elsewhere is None)
            assert clause.status != "confirmed" or elsewhere is None or f"read in a copy at {elsewhere}" in shown


@pytest.mark.parametrize("book", EVERY_OWN, ids=lambda book: book.rulebook)
def test_at_a_glance_shows_every_doubt_once_and_who_acts(book: Rulebook, doubtful: Path) -> None:
    path = _pages_of(book, doubtful) / "index.html"
    shown = _whole(path)
    for doubt in marked(book):
        assert flat(doubt.short) in shown, doubt
    rows = [flat(row.text_content()) for row in parsed(path).cssselect("table.pr-glance tbody tr")]
    steps = [
        each for each in book.rulings().values() if not isinstance(each.rule, Contents) and each.kind != "extension"
    ]
    for row, ruling in zip(rows, steps, strict=True):
        assert flat(ruling.who or "") in row
        for short in doubts.shorts(doubts.of_ruling(book, ruling)):
            assert row.count(flat(short)) == 1, (ruling.name, short)
        for note in ruling.notes:
            assert flat(note) in row


@pytest.mark.parametrize("book", EVERY_OWN, ids=lambda book: book.rulebook)
def test_due_dates_show_what_is_not_certain_of_them(book: Rulebook, doubtful: Path) -> None:
    path = _pages_of(book, doubtful) / "due-dates.html"
    tree = parsed(path)
    section = [flat(part.text_content()) for part in tree.cssselect("#not-certain")]
    data = json.loads(tree.get_element_by_id("pr-due-data").text_content())
    dates = [each for kind in data["kinds"] for event in kind["events"] for each in event["dates"]]
    for each in [book, *_governing(book)]:
        for name in {date["rule"] for date in dates if date["rulebook"] == each.rulebook}:
            ruling = each.rulings()[name]
            found = doubts.of_ruling(each, ruling)
            for date in (date for date in dates if (date["rulebook"], date["rule"]) == (each.rulebook, name)):
                assert (date["doubts"], date["who"]) == (doubts.cited(found), ruling.who)
            for line in [*doubts.shorts(found), *ruling.notes]:
                assert flat(line) in section[0], (each.rulebook, name)
    for doubt in doubts.of_book(book):
        assert flat(doubt.short) in _whole(path)
    timed = [each for each in book.rulings().values() if isinstance(each.rule, Timed) and each.rule.within]
    assert {each.name for each in timed} >= {date["rule"] for date in dates if date["rulebook"] == book.rulebook}


@pytest.mark.parametrize("book", EVERY_OWN, ids=lambda book: book.rulebook)
def test_letters_show_what_is_not_certain_of_them_once(book: Rulebook, doubtful: Path) -> None:
    tree = parsed(_pages_of(book, doubtful) / "letters.html")
    for name in fields.LETTERS:
        making = [each for each in (book, *_governing(book)) if name in each.rulings()]
        letter = flat(tree.get_element_by_id(f"letter-{name}").text_content()) if making else ""
        for each in making:
            ruling = each.rulings()[name]
            for short in doubts.shorts(doubts.of_ruling(each, ruling)):
                assert flat(short) in letter, (name, short)
            assert all(flat(note) in letter for note in ruling.notes)
            assert flat(ruling.who or "") in letter
            for part in ruling.parts:
                assert isinstance(part.rule, Contents)
                assert all(flat(host().words[word]) in letter for word in part.rule.words)
        own = doubts.shorts(doubts.of_ruling(book, book.rulings()[name])) if name in book.rulings() else []
        assert all(letter.count(flat(short)) == 1 for short in own), name


@pytest.mark.parametrize("book", EVERY_OWN, ids=lambda book: book.rulebook)
def test_the_self_assessment_shows_the_doubts_of_both_sides(book: Rulebook, doubtful: Path) -> None:
    shown = _whole(_pages_of(book, doubtful) / "code.html")
    for each in [book, *_governing(book)]:
        for doubt in marked(each):
            assert flat(doubt.short) in shown, doubt
    for doubt in marked(book):
        assert flat(doubt.text) in shown, doubt


@pytest.mark.parametrize("book", EVERY_BOOK, ids=lambda book: book.rulebook)
def test_the_list_of_rules_shows_what_is_not_certain_and_who_acts(book: Rulebook, doubtful: Path) -> None:
    root = doubtful if book is DOUBTFUL else built()
    rows = [flat(row.text_content()) for row in parsed(root / f"rules/{book.rulebook}.html").cssselect("tbody tr")]
    for row, ruling in zip(rows, book.rulings().values(), strict=True):
        assert flat(ruling.who or "") in row
        for line in [*doubts.shorts(doubts.of_ruling(book, ruling)), *ruling.notes]:
            assert flat(line) in row, (ruling.name, line)


@pytest.mark.parametrize("procedure", ["corporate", "children"])
def test_councils_compared_with_what_is_not_certain(procedure: str) -> None:
    parts = [built() / f"compare/{procedure}.html", *sorted((built() / f"compare/{procedure}").glob("*.html"))]
    shown = " ".join(map(_whole, parts))
    for book in BOOKS.values():
        if book.rulebook.endswith(f".{procedure}"):
            for each in [book, *_governing(book)]:
                for doubt in doubting.of_rules(each):
                    assert flat(doubt.short) in shown, doubt


def test_every_page_of_a_council_says_that_its_document_ends_or_is_superseded(doubtful: Path) -> None:
    facts = handbooks.page_facts(doubtful)
    checked = 0
    for page, fact in facts.items():
        if not (page.startswith("councils/doubtville") or page == "rules/doubtville.corporate"):
            assert fact["superseded_by"] is None
            continue
        tree = parsed(doubtful / f"{page}.html")
        [box] = tree.cssselect("p.pr-warned")
        for doubt in doubts.of_book(DOUBTFUL):
            assert flat(doubt.short) in flat(box.text_content()), page
        assert (fact["ends"], fact["superseded_by"]) == ("2027-03-31", DOUBTFUL.superseded_by)
        [link] = box.cssselect("a")
        assert (doubtful / page).parent.joinpath(link.get("href") or "").resolve() == (
            doubtful / "councils/doubtville/corporate/procedure.html"
        ) or page.endswith("/procedure")
        checked += 1
    assert checked >= 9
    [item] = [item for item in reviews.as_data(Site(doubting.SMALL, AS_AT)) if "doubtville" in item["page"]]
    assert (item["ends"], item["superseded_by"]) == ("2027-03-31", DOUBTFUL.superseded_by)
    listed = flat(text(doubtful / "reviews.html"))
    assert "superseded by a policy of june 2026" in listed and "its last day is 31 march 2027" in listed
    assert "Its last day is 31 March 2027." in "\n".join(reviews.lines(Site(doubting.SMALL, AS_AT)))


def test_a_question_is_not_a_duty_with_a_date_and_units_are_said(doubtful: Path) -> None:
    folder = doubtful / "councils/doubtville/corporate"
    shown = text(folder / "index.html")
    assert "A person must judge whether this case may start at stage 2." in shown
    assert "7 calendar days from the stage 2 request; 3 calendar days if the case starts at this stage" in shown
    assert "4 weeks from the stage 2 acknowledgement (on another reading, from the stage 2 request)" in shown
    assert "(on another reading, 15 working days from the stage 1 acknowledgement)" in shown
    assert "is day zero, even if it is not a working day" in shown  # the rule's own, beside the rulebook's
    assert "the next working day is day zero" in text(folder / "due-dates.html")
    assert "start-at-stage2" not in {each["rule"] for each in _dates(folder / "due-dates.html")}
    one_of = "One of: the council's understanding of the complaint; or the definition of the complaint"
    assert one_of in text(folder / "letters.html")
    assert "a policy of June 2026" in _whole_text(folder / "procedure.html")


def _dates(path: Path) -> list[dict[str, str]]:
    data = json.loads(parsed(path).get_element_by_id("pr-due-data").text_content())
    return [each for kind in data["kinds"] for event in kind["events"] for each in event["dates"]]


def _whole_text(path: Path) -> str:
    return " ".join(parsed(path).cssselect("main")[0].text_content().split())
