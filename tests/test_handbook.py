"""The handbook as it is built: every page, every link, every clause, and what is due for review."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import doubting
import handbooks
import icalendar
import polars as pl
import pytest
import yaml
from doubting import DOUBTFUL, flat, marked
from handbooks import AS_AT, built, host, pages, parsed, text
from putright import calendars, cli, fields, hookspecs, national, plugins
from putright.api import dates as api
from putright.api import duetables
from putright.auditing.audits import audit
from putright.casework import duedates
from putright.disclosure.figuresfile import PublishedFigures
from putright.files.tables import ROW, ROW_ERROR, Table
from putright.mistakes import Mistake
from putright.plugins import Host
from putright.policy import anchors
from putright.records.caserecords import make_records
from putright.rulebooks import Rulebook, doubts
from putright.rulebooks.rules import Contents, Timed
from putright.writing import receipts
from putright_handbook import building, reviews, site, wording
from putright_handbook.page import HandbookError
from putright_handbook.site import Site
from smallhandbooks import EDITIONS, Small, small_host

BOOKS = {name: editions[-1] for name, editions in host().editions.items()}
OWN = {name: book for name, book in BOOKS.items() if not book.is_national}

# --- links and anchors ------------------------------------------------------------------------------


def _links(path: Path) -> Iterator[str]:
    for _, attribute, link, _ in parsed(path).iterlinks():
        if attribute != "content":
            yield link


@pytest.mark.slow
def test_every_internal_link_leads_to_a_page_and_to_a_place_on_it() -> None:
    root = built()
    ids: dict[Path, set[str]] = {path: set(parsed(path).xpath("//@id")) for path in pages()}
    checked, lost = 0, []
    for path in pages():
        for link in _links(path):
            parts = urlsplit(urljoin(path.as_uri(), link))
            if parts.scheme != "file":
                continue
            target = Path(unquote(parts.path))
            checked += 1
            if not target.is_file() or (parts.fragment and target in ids and parts.fragment not in ids[target]):
                lost.append(f"{path.relative_to(root)}: {link}")
    assert checked > 5_000
    assert lost == []


def test_the_site_loads_nothing_from_elsewhere_and_works_from_any_folder() -> None:
    for path in pages():
        tree = parsed(path)
        loaded = tree.xpath(
            "//script/@src | //link/@href | //img/@src | //iframe/@src | //source/@src | //object/@data"
        )
        assert loaded
        assert [link for link in loaded if urlsplit(link).scheme or link.startswith("/")] == []
        assert [link for link in tree.xpath("//a/@href | //form/@action") if link.startswith("/")] == []
    styles = [path.read_text(encoding="utf-8") for path in built().rglob("*.css")]
    assert styles
    for style in styles:
        assert not re.search(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", style)


@pytest.mark.parametrize("name", BOOKS)
def test_every_clause_has_its_anchor(name: str) -> None:
    book = BOOKS[name]
    tree = parsed(built() / f"{anchors.page(name)}.html")
    found = {section.get("id"): section.text_content() for section in tree.cssselect("section.pr-clause")}
    assert list(found) == [anchors.anchor(clause.id) for clause in book.clauses]
    assert len(found) == len(book.clauses)
    for clause in book.clauses:
        shown = " ".join(found[anchors.anchor(clause.id)].split())
        assert clause.heading in shown
        assert clause.text.split()[0] in shown


def _lands(link: str, root: Path, number: str) -> bool:
    """Whether a link from the handbook's root leads to the clause with this number."""
    page, _, anchor = link.partition("#")
    found = handbooks.by_id(root / page).get(anchor)
    return found is not None and found.cssselect(".pr-number")[0].text_content() == number


@pytest.mark.parametrize("name", BOOKS)
def test_the_link_of_every_clause_a_finding_can_cite_lands_on_it(name: str) -> None:
    book = BOOKS[name]
    known = {clause.id for clause in book.clauses}
    for ruling in book.rulings().values():
        cited = anchors.cited(ruling.clause, book)
        assert set(cited) <= known
        assert {part.clause.split("/")[0] for part in ruling.parts} <= set(cited)
        for number in cited:
            assert _lands(anchors.link(book, number, host()), built(), number), (ruling.name, number)


def test_findings_and_explanations_link_to_their_clauses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a user has them: the findings of made-up cases of every council, and one case explained."""
    address = "https://handbook.example/complaints"
    seen = set()
    for council in host().councils:
        cases, found = tmp_path / f"{council}.csv", tmp_path / f"{council}.jsonl"
        handbooks.run("sample", "--council", council, "--cases", 60, "--year-ending", "2026-09-30", "--output", cases)
        audit = ("audit", cases, "--council", council, "--as-at", "2026-09-30", "--output", found)
        handbooks.run(*audit, "--handbook", f"{address}/index.html", "--all")
        for finding in map(json.loads, found.read_text("utf-8").splitlines()):
            seen.add((finding["rulebook"], finding["clause"], finding["link"]))
    assert {rulebook for rulebook, _, _ in seen} == {name for name in BOOKS if name != "public-health-2012"}
    for rulebook, clause, link in seen:
        first = anchors.cited(clause, BOOKS[rulebook])[0]
        assert _lands(link.removeprefix(f"{address}/"), built(), first), (rulebook, clause, link)

    explain = ("explain", tmp_path / "coventry.csv", "SYNTHETIC-0003", "--council", "coventry", "--as-at", "2026-09-30")
    capsys.readouterr()
    handbooks.run(*explain, "--format", "json")
    told = json.loads(capsys.readouterr().out)["rules"]
    assert all(_lands(clause["link"], built(), clause["id"]) for rule in told for clause in rule["clauses"])
    handbooks.run(*explain, "--handbook", f"{address}/")
    shown = capsys.readouterr().out
    for rule in told:
        assert rule["clauses"]
        assert all(f"handbook: {address}/{clause['link']}\n" in shown for clause in rule["clauses"])


def test_findings_without_an_address_have_no_links(tmp_path: Path) -> None:
    cases, found = tmp_path / "cases.csv", tmp_path / "found.csv"
    cases.write_text("reference,received\n1,2026-03-02\n")
    handbooks.run("audit", cases, "--as-at", "2026-09-30", "--output", found)
    assert "link" not in found.read_text("utf-8").splitlines()[0].split(",")


def test_anchors() -> None:
    assert anchors.anchor("13.6") == "clause-13-6"
    assert anchors.anchor("1.4 (second)") == "clause-1-4-second"
    assert anchors.page("lgsco", "October 2020 (draft)") == "codes/lgsco/october-2020-draft"
    corporate, code = BOOKS["coventry.corporate"], BOOKS["lgsco"]
    ours = "councils/coventry/corporate/procedure.html#clause-app-c"
    assert anchors.link(corporate, "App C", host()) == ours
    assert anchors.link(code, "6.17-6.19", host()) == "codes/lgsco.html#clause-6-17-6-19"
    for given in ("../site", "../site/", "../site/index.html"):
        assert anchors.link(corporate, "App C", host(), given) == f"../site/{ours}"
    book = BOOKS["coventry.children"]
    assert anchors.cited("20.1/13.6, App C", book) == ["20.1", "13.6", "App C"]


# --- pages ------------------------------------------------------------------------------------------


def test_every_page_says_who_answers_for_it() -> None:
    facts = handbooks.page_facts()
    written = pages()
    assert {str(path.relative_to(built()).with_suffix("")) for path in written} == set(facts)
    for path in written:
        box = " ".join(parsed(path).cssselect(".pr-facts-box")[0].text_content().split())
        page = facts[str(path.relative_to(built()).with_suffix(""))]
        reviewed = ("Audited as at",) if path.match("coventry/audit.html") else ("Last reviewed", "Review due")
        for label in ("Owner", "Source", "Edition", *reviewed):
            assert label in box, path
        assert page["owner"] in box
        assert " ".join(page["source"].split()) in box
        assert page["edition"] in box


def test_every_page_is_in_british_english_and_has_an_icon() -> None:
    for path in pages():
        root = parsed(path).getroottree().getroot()
        assert root.get("lang") == "en-GB", path
        (icon,) = root.xpath("//link[@rel='icon']/@href")
        assert (path.parent / icon).is_file(), path


def test_staff_pages_and_pages_for_analysts_are_apart_in_the_menu() -> None:
    menu = parsed(built() / "index.html").xpath("//nav[@class='pr-menu']")[0]
    heads = [head.text_content().strip() for head in menu.xpath("p")]
    parts = dict(zip(heads, menu.xpath("ul"), strict=True))
    assert heads[-2:] == ["For everyone", "For analysts and developers"]
    for page in ("Every rule", "How to add a council", "What a case record holds"):
        assert page in parts["For analysts and developers"].text_content()
        assert page not in parts["For everyone"].text_content()


def test_council_pages_take_their_facts_from_the_rulebook() -> None:
    facts = handbooks.page_facts()
    for name, book in OWN.items():
        council, _, procedure = name.partition(".")
        for page in ("index", "procedure", "due-dates", "letters", "not-complaints", "code"):
            found = facts[f"councils/{council}/{procedure}/{page}"]
            assert found["owner"] == book.owner
            assert found["edition"] == book.edition
            assert found["source"] == book.source.document
            assert found["last_reviewed"] == (book.last_reviewed and book.last_reviewed.isoformat())
            assert found["review_due"] == (book.review_due and book.review_due.isoformat())


def test_an_overdue_page_says_so_as_built() -> None:
    overdue = parsed(built() / "councils/coventry/corporate/index.html").cssselect(".pr-overdue")[0]
    assert "hidden" not in overdue.attrib
    assert "1 March 2026" in overdue.text_content()
    to_come = parsed(built() / "counting.html").cssselect(".pr-overdue")[0]
    assert "hidden" in to_come.attrib


@pytest.mark.parametrize("name", OWN)
def test_at_a_glance_shows_every_step_with_its_time_and_clause(name: str) -> None:
    council, _, procedure = name.partition(".")
    tree = parsed(built() / f"councils/{council}/{procedure}/index.html")
    rows = [" ".join(row.text_content().split()) for row in tree.cssselect("table.pr-glance tbody tr")]
    timed = [
        ruling
        for ruling in OWN[name].rulings().values()
        if not isinstance(ruling.rule, Contents) and ruling.kind != "extension"
    ]
    assert len(rows) == len(timed)
    for row, ruling in zip(rows, timed, strict=True):
        assert row.startswith(wording.step(ruling.name))
        within = getattr(ruling.rule, "within", None)
        assert within is None or str(within.count) in row
        assert anchors.cited(ruling.clause, OWN[name])[0] in row
    extensions = [r.rule.by for r in OWN[name].rulings().values() if r.kind == "extension"]
    assert sum("more time" in row.lower() or " more" in row for row in rows) >= len(extensions)


@pytest.mark.parametrize("name", OWN)
def test_the_flow_is_drawn_and_said_alike(name: str) -> None:
    council, _, procedure = name.partition(".")
    tree = parsed(built() / f"councils/{council}/{procedure}/index.html")
    drawn = [" ".join(title.text_content().split()) for title in tree.cssselect("svg.pr-flow .pr-title")]
    said = [item.text_content() for item in tree.cssselect("#flow-in-words li")]
    assert len(tree.cssselect("svg.pr-flow rect")) == len(said) >= 3
    for title in drawn:
        assert any(title in sentence for sentence in said)


@pytest.mark.parametrize("name", OWN)
def test_letters_ask_for_every_word_of_the_rulebook(name: str) -> None:
    council, _, procedure = name.partition(".")
    tree = parsed(built() / f"councils/{council}/{procedure}/letters.html")
    for book in [OWN[name], *(BOOKS[code] for code in OWN[name].governed_by)]:
        for ruling in book.rulings().values():
            for part in ruling.parts:
                if isinstance(part.rule, Contents):
                    letter = " ".join(tree.get_element_by_id(f"letter-{ruling.name}").text_content().lower().split())
                    assert all(host().words[word].lower() in letter for word in part.rule.holds)


@pytest.mark.parametrize("name", OWN)
def test_what_is_not_taken_is_listed_with_where_to_send_it(name: str) -> None:
    council, _, procedure = name.partition(".")
    tree = parsed(built() / f"councils/{council}/{procedure}/not-complaints.html")
    rows = [" ".join(row.text_content().split()) for row in tree.cssselect("table.pr-exclusions tbody tr")]
    excluded = [each for clause in OWN[name].clauses for each in clause.excludes]
    assert len(rows) == len(excluded)
    for row, each in zip(rows, excluded, strict=True):
        assert " ".join(each.matter.split()).lower() in row.lower()
        assert (each.instead or "Not said in the procedure").split()[0].lower() in row.lower()


def test_the_assessment_has_every_paragraph_once() -> None:
    tree = parsed(built() / "councils/coventry/corporate/code.html")
    rows = [row.text_content().split()[0] for row in tree.cssselect("table.pr-assessment tbody tr")]
    said = text(built() / "councils/coventry/corporate/code.html")
    none = re.search(r"Nothing is asked in ([^.].*?)\.(?: |$)(?!\d)", said)
    unasked = re.findall(r"\d+\.\d+(?:-\d+\.\d+)?", none[1] + ".") if none else []
    assert sorted(rows + unasked) == sorted(clause.id for clause in BOOKS["lgsco"].clauses)


def test_published_figures_are_shown_and_nothing_else() -> None:
    said = text(built() / "councils/coventry/audit.html")
    assert "Audited as at 30 September 2026" in said
    assert "All case records could be read." in said
    assert "withheld" in said
    assert "SYNTHETIC" not in said
    assert "No audit has been published yet." in text(built() / "councils/runnymede/audit.html")


def test_codes_show_strength_and_status() -> None:
    said = text(built() / "codes/lgsco.html")
    for words in ("must", "should", "context: asks nothing", "to be confirmed", "confirmed", "guidance"):
        assert words in said


def test_the_dictionary_has_every_field_and_the_catalogue_every_rule() -> None:
    said = text(built() / "dictionary.html")
    assert all(name in said and field.meaning.lower() in said.lower() for name, field in fields.FIELDS.items())
    for name, book in BOOKS.items():
        tree = parsed(built() / f"rules/{name}.html")
        assert [code.text_content() for code in tree.cssselect("tbody th code")] == list(book.rulings())


def test_every_hook_is_explained_and_the_toy_council_runs() -> None:
    said = text(built() / "adding-a-council.html")
    hooks = [name for name in vars(hookspecs) if name.startswith("putright_")]
    assert hooks
    assert all(name in said for name in hooks)
    assert "Tue 2026-12-29 acknowledge stage 1 (toytown.corporate 1)" in said


def test_what_changed_is_the_list_of_changes() -> None:
    heading = re.findall(r"^## (.+)$", (Path(__file__).parent.parent / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    said = text(built() / "changes.html")
    assert heading
    assert all(each in said for each in heading)


# --- what is not certain ----------------------------------------------------------------------------


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


# --- the calendar -----------------------------------------------------------------------------------


@pytest.mark.parametrize("council", host().councils)
def test_days_off_as_a_calendar(council: str) -> None:
    path = built() / "councils" / council / "days-off.ics"
    events = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    days = {event["DTSTART"].dt: str(event["SUMMARY"]) for event in events}
    closures = next(plugin.closure_days for plugin in host().plugins if plugin.name == council)
    first, last = dt.date(2025, 11, 1), dt.date(2029, 12, 31)
    nation = next(host().calendar_name(book) for name, book in BOOKS.items() if name.startswith(f"{council}."))
    holidays = calendars.bank_holidays(nation).days
    assert set(days) == {day for day in {**holidays, **closures} if first <= day <= last}
    assert days[dt.date(2026, 12, 28)] == holidays[dt.date(2026, 12, 28)]
    assert days[dt.date(2029, 12, 25)].endswith("(not announced yet)")


# --- reviews ----------------------------------------------------------------------------------------


def test_reviews_are_listed_by_owner_and_fail_when_asked_to(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["reviews", "--strict", "--as-at", "2026-03-01"]) == 0  # due on that day is not overdue
    assert "0 of" in capsys.readouterr().out
    assert cli.main(["reviews", "--as-at", "2026-03-02", "--council", "coventry"]) == 0
    assert "3 of" in capsys.readouterr().out
    assert cli.main(["reviews", "--strict", "--as-at", "2026-03-02", "--council", "coventry"]) == 1
    shown = capsys.readouterr().out
    assert "3 of" in shown
    assert shown.index("Service Recovery team") < shown.index("OVERDUE")


def test_reviews_as_data_name_pages_that_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    named = [word for council in handbooks.COUNCILS for word in ("--council", council)]
    cli.main(["reviews", *named, "--as-at", "2026-11-22", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    facts = handbooks.page_facts()
    assert {item["page"] for item in found} <= set(facts)
    assert {item["state"] for item in found} == {"overdue", "to come", "no date"}
    for item in found:
        assert facts[item["page"]]["review_due"] == item["review_due"]
        assert facts[item["page"]]["owner"] == item["owner"]


def test_a_written_page_without_dates_is_a_mistake(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("---\nowner: Somebody\n---\n\n# Page\n")
    with pytest.raises(HandbookError, match=r"page\.md: its front matter must give 'last_reviewed' as a date"):
        reviews.front_matter(page)


# --- building ---------------------------------------------------------------------------------------


@pytest.fixture
def light(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """The same as a site of few pages, for tests that are about the build and not about what pages show."""
    with handbooks.without_documentation(tmp_path / "docs"):
        yield lambda name, *others: Site(small_host(tmp_path / name, others=others, code=handbooks.OneCode), AS_AT)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small handbook and its working folder."""
    folder = tmp_path_factory.mktemp("small")
    building.build(Site(small_host(folder / "book"), AS_AT), folder / "site", folder / "work")
    return folder / "site", folder / "work"


def test_every_edition_has_its_clauses_and_findings_by_it_land_there(small: tuple[Path, Path], tmp_path: Path) -> None:
    own = small_host(tmp_path / "book")
    records = [{"reference": day, "received": day, "council": "toytown"} for day in ("2026-03-02", "2026-04-01")]
    table = pl.DataFrame({ROW: [1, 2], ROW_ERROR: [None, None]}, schema={ROW: pl.Int64, ROW_ERROR: pl.String})
    cases = make_records(Table(table.hstack(pl.DataFrame(records)), day_first=False), own.vocabulary, None)
    found = audit(cases, own, AS_AT, include_not_applicable=True).findings
    linked = anchors.with_links(found, own, "")
    judged = set(linked.select("rulebook", "edition", "clause", "link").iter_rows())
    assert {edition for rulebook, edition, *_ in judged if rulebook == "toytown.corporate"} == {"before", "first"}
    for rulebook, edition, clause, link in judged:
        book = next(book for book in own.editions[rulebook] if book.edition == edition)
        assert _lands(link, small[0], anchors.cited(clause, book)[0]), link
    folder = "councils/toytown/corporate"
    assert {link.partition("#")[0] for *_, link in judged} >= {
        f"{folder}/procedure/{e}.html" for e in ("before", "first")
    }

    for edition, said in (("before", "an earlier edition"), ("first", ""), ("second", "not in force yet")):
        shown = text(small[0] / f"{anchors.page_of(own_edition(own, edition), own)}.html")
        assert [words for words in ("an earlier edition", "not in force yet") if words in shown] == [said][: len(said)]
        assert all(other in shown for other in EDITIONS)
    assert "5 working days from receipt" in text(small[0] / f"{folder}/index.html")  # today's, not the one to come


def own_edition(of: Host, edition: str) -> Rulebook:
    return next(book for book in of.editions["toytown.corporate"] if book.edition == edition)


def test_due_dates_are_those_of_the_edition_in_force_on_the_day(small: tuple[Path, Path], tmp_path: Path) -> None:
    """The page's own table, beside the checker, on the days round each change of edition."""
    page = small[0] / "councils/toytown/corporate/due-dates.html"
    data = json.loads(parsed(page).get_element_by_id("pr-due-data").text_content())
    own = small_host(tmp_path / "book")
    first = dt.date.fromisoformat(data["first"])
    events = {each["field"]: each["dates"] for each in data["kinds"][0]["events"]}
    for event, dates in events.items():
        for day in (dt.date(2026, 3, 31), dt.date(2026, 4, 1), dt.date(2026, 12, 31), dt.date(2027, 1, 1)):
            place = (day - first).days
            shown = set()
            for each in dates:
                due = data["columns"][each["column"]][place]
                more = -1 if each["extended"] is None else data["columns"][each["extended"]][place]
                if due >= 0:
                    longest = day + dt.timedelta(more) if more >= 0 else None
                    late = -1 if each["latest"] is None else data["columns"][each["latest"]][place]
                    latest = day + dt.timedelta(late) if late >= 0 else None
                    shown.add((each["rulebook"], each["rule"], day + dt.timedelta(due), latest, longest))
                    link = each["href"].removeprefix("../../../")
                    assert _lands(link, small[0], each["clause"].partition("/")[0].partition(",")[0]), link
            expected = duedates.due_dates(own, "toytown", "corporate", {event: day})
            assert shown == {(date.rulebook, date.rule, date.due, date.latest, date.extended) for date in expected}, (
                event,
                day,
            )


def test_dates_from_two_events_are_those_of_the_edition_of_the_first(tmp_path: Path) -> None:
    """A complaint received on the last day of an edition keeps it, however late it is acknowledged."""
    own = small_host(tmp_path / "book")
    book = own.editions["toytown.corporate"][-1]
    first = dt.date(2026, 3, 1)
    found = duetables.tables(own, book, first, dt.date(2027, 3, 31))
    [pairs] = found.pairs.values()
    pair = ("received", "stage1_acknowledged")
    dates = pairs[pair]
    assert {each.date.edition for each in dates if not each.date.national} == set(EDITIONS)
    for received in (dt.date(2026, 3, 31), dt.date(2026, 4, 1), dt.date(2026, 12, 31), dt.date(2027, 1, 1)):
        for later in (0, 1, 9, 30):
            events = dict(zip(pair, (received, received + dt.timedelta(later)), strict=True))
            shown = {
                (each.date.rulebook, each.date.edition, each.date.rule, *_ends(found, each, events))
                for each in dates
                if each.since <= (received - first).days <= each.until
            }
            expected = api.due(own, "toytown", events=events, conditional=True)
            assert shown == {(e.rulebook, e.edition, e.rule, e.due, e.other, e.extended) for e in expected}, events


def _ends(
    found: duetables.Tables, paired: duetables.Paired, events: dict[str, dt.date]
) -> tuple[dt.date | None, dt.date | None, dt.date | None]:
    """The due date, a later one on another reading, and the furthest extension, looked up as the page does."""

    def on(column: int | None, event: str) -> dt.date | None:
        days = -1 if column is None else found.columns[column].days[(events[event] - found.first).days]
        return events[event] + dt.timedelta(days) if days >= 0 else None

    ends = [on(end.column, end.event) for [end] in paired.readings]
    known = [end for end in ends if end]
    latest = max(known)
    return (
        known[0],
        latest if latest > known[0] else None,
        on(paired.readings[0][0].extended, paired.readings[0][0].event),
    )


def test_editions_that_would_share_a_page_are_a_mistake(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    small_host(folder)
    before = folder / "before.yaml"
    before.write_text(before.read_text().replace("edition: before", "edition: First?"))
    both = plugins.build([("national", national, "0"), ("toytown", Small(folder), "0")])
    with pytest.raises(HandbookError, match=r"procedure/first: two editions .* rename one"):
        building.build(Site(both, AS_AT), tmp_path / "site")


def test_a_rulebook_edit_rebuilds_what_shows_it(
    small: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, work = small
    page = output / "councils/toytown/corporate/procedure.html"
    assert "within five working days" in text(page)
    before = page.stat().st_mtime_ns
    building.build(Site(small_host(tmp_path / "same"), AS_AT), output, work)
    assert page.stat().st_mtime_ns == before
    written = tmp_path / "pages"
    shutil.copytree(site.PAGES, written)
    counting = (written / "counting.md").read_text(encoding="utf-8")
    (written / "counting.md").write_text(counting.replace("short: How days", "short: Days, and how they"))
    monkeypatch.setattr(site, "PAGES", written)
    building.build(Site(small_host(tmp_path / "edited", "within a working week"), AS_AT), output, work)
    assert "within a working week" in text(page)
    assert "within five working days" not in text(page)
    # A menu shows the titles of other pages, also on a page where nothing else has changed.
    menu = parsed(output / "codes/lgsco.html").cssselect(".pr-menu")[0].text_content()
    assert "Days, and how they are counted" in menu


def test_a_page_is_made_again_for_what_it_shows_and_for_nothing_else(tmp_path: Path) -> None:
    pages = ["index", "compare/corporate", "codes/lgsco", "rules/lgsco", "councils/coventry/audit"]
    pages += [f"councils/{name}/corporate/letters" for name in ("coventry", "runnymede")]
    whole = Site(host(), AS_AT)

    def changed(other: Site) -> list[str]:
        return [page for page in pages if other.digest_of(page) != whole.digest_of(page)]

    def edited(name: str) -> Site:
        """Another text of one plugin's first rulebook."""
        found = []
        for plugin in host().plugins:
            books = list(plugin.rulebooks)
            if plugin.name == name:
                books[0] = books[0].model_copy(update={"digest": "another"})
            found.append(dataclasses.replace(plugin, rulebooks=tuple(books)))
        return Site(Host(tuple(found)), AS_AT)

    assert changed(Site(host(), AS_AT)) == []
    assert changed(edited("runnymede")) == ["index", "compare/corporate", pages[-1]]
    assert changed(edited("national")) == pages
    assert changed(Site(host(), AS_AT + dt.timedelta(1))) == pages
    # The documentation shows no rulebook.
    assert edited("national").digest_of("developers/contract") == whole.digest_of("developers/contract")
    empty = {"from": None, "to": None}
    figures = {
        "coventry": PublishedFigures(
            format="putright figures 1", software="putright", council="coventry", as_at=AS_AT, period=empty,
            counts_by="received", threshold=5, tables=[],
        )
    }  # fmt: skip
    shows = ["index", "compare/corporate", "councils/coventry/audit", pages[-2]]
    assert changed(Site(host(), AS_AT, figures)) == shows
    # The notebooks are run for no other day and no figures: they have a day of their own.
    assert Site(host(), AS_AT + dt.timedelta(1), figures).digest == whole.digest != edited("runnymede").digest


def test_pages_of_what_is_gone_go(light: Callable[..., Site], tmp_path: Path) -> None:
    output, work = tmp_path / "site", tmp_path / "work"
    building.build(light("one", "oldtown"), output, work)
    source = work / "build" / "source"
    (source / "gone.md").write_text("# A hand-written page of an earlier putright\n")
    receipt = json.loads((work / "receipt.json").read_text())
    receipt["outputs"].append({"file": "build/source/gone.md", "sha256": receipts.digest(source / "gone.md")})
    (work / "receipt.json").write_text(json.dumps(receipt))
    assert (output / "councils/oldtown/index.html").is_file()
    building.build(light("two"), output, work)
    assert not (source / "gone.md").exists()
    assert not (output / "councils" / "oldtown").exists()
    assert (output / "councils/toytown/index.html").is_file()


def test_one_council_by_itself(small: tuple[Path, Path]) -> None:
    home = text(small[0] / "index.html")
    assert "Toytown" in home
    assert "Coventry" not in home
    assert {path.name for path in (small[0] / "councils").iterdir()} == {"toytown"}
    assert not (small[0] / "compare.html").exists()  # there is nothing to compare
    assert not [link for link in parsed(small[0] / "index.html").xpath("//a/@href") if "compare" in link]


def test_a_link_to_a_clause_that_is_not_there_fails_the_build(
    light: Callable[..., Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = tmp_path / "pages"
    shutil.copytree(site.PAGES, written)
    (written / "bad.md").write_text(
        "---\norphan: true\nlast_reviewed: 2026-11-22\nreview_due: 2027-11-22\n---\n\n"
        "# Bad\n\nSee {clause}`lgsco 99.9` and [this](nowhere.md).\n"
    )
    monkeypatch.setattr(site, "PAGES", written)
    with pytest.raises(HandbookError) as caught:
        building.build(light("book"), tmp_path / "site")
    assert "codes/lgsco#clause-99-9" in str(caught.value)
    assert "nowhere.md" in str(caught.value)
    assert not (tmp_path / "site").exists()


@pytest.mark.usefixtures("light")
def test_clauses_that_would_share_an_anchor_are_a_mistake(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    small_host(folder)
    data = yaml.safe_load((folder / "second.yaml").read_text(encoding="utf-8"))
    data["clauses"] += [
        {"id": "2.4", "heading": "One", "text": "One."},
        {"id": "2(4)", "heading": "Other", "text": "Other."},
    ]
    (folder / "second.yaml").write_text(yaml.safe_dump(data, sort_keys=False))
    both = plugins.build([("national", handbooks.OneCode, "0"), ("toytown", Small(folder), "0")])
    with pytest.raises(Mistake, match=r"clauses '2\.4' and '2\(4\)' would have the same anchor"):
        building.build(Site(both, AS_AT), tmp_path / "site")


def test_another_folder_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(HandbookError, match="no receipt says that putright wrote it"):
        building.build(Site(host(), AS_AT), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_figures_of_a_council_that_is_not_in_the_handbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "figures.json"
    path.write_text(
        '{"format": "putright figures 1", "software": "putright 0", "council": "nowhere", "as_at": "2026-09-30", '
        '"period": {"from": null, "to": null}, "counts_by": "due", "threshold": 5, "tables": []}'
    )
    assert cli.main(["handbook", "--audit", str(path), "--output", str(tmp_path / "site")]) == 2
    shown = capsys.readouterr().err
    assert "its figures are of nowhere" in shown
    assert len(shown.splitlines()) == 1


def test_an_unknown_council_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["handbook", "--council", "atlantis", "--output", str(tmp_path / "site")]) == 2
    assert "unknown council 'atlantis'" in capsys.readouterr().err


def test_nothing_is_offered_in_the_browser_unless_asked_for() -> None:
    assert not (built() / "lite").exists()
    for page in (built() / "training.html", built() / "notebooks" / "1-day-zero.html"):
        assert "in your browser" not in text(page)


def test_what_is_not_putright_s_stays_in_its_folders(light: Callable[..., Site], tmp_path: Path) -> None:
    """Beside the pages it is kept; among what the next build uses again, or in a page's place, it stops the build."""
    output, work = tmp_path / "site", tmp_path / "work"
    book = light("book")
    building.build(book, output, work)
    (output / "CNAME").write_text("mine")
    building.build(book, output, work)
    assert (output / "CNAME").read_text() == "mine"

    stray = work / "build" / "html" / "draft.html"
    stray.write_text("mine")
    with pytest.raises(HandbookError, match=r"build/html/draft\.html is not as the last build left it"):
        building.build(book, output, work)
    assert stray.read_text() == "mine" and not (output / "draft.html").exists()
    stray.unlink()

    index = output / "index.html"
    index.write_text("mine")
    with pytest.raises(Mistake, match=r"index\.html: it has been changed since putright wrote it"):
        building.build(book, output, work)
    assert index.read_text() == "mine"
    building.build(book, output, work, overwrite=True)
    assert index.read_text() != "mine" and (output / "CNAME").read_text() == "mine"

    others = tmp_path / "others"
    others.mkdir()
    (others / "pages.json").write_text("{}")
    (others / "letter.txt").write_text("mine")
    for places in ((others, None), (tmp_path / "new", others)):
        with pytest.raises(HandbookError, match="no receipt says"):
            building.build(book, *places)
    assert sorted(path.name for path in others.iterdir()) == ["letter.txt", "pages.json"]
