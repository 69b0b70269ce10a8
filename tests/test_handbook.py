"""The handbook as it is built: every page, every link, every clause, and what is due for review."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import handbooks
import icalendar
import pytest
from handbooks import built, host, pages, parsed, text
from putright import calendars, cli, fields, hookspecs
from putright.policy import anchors
from putright.rulebooks.rules import Contents
from putright_handbook import reviews, wording
from putright_handbook.page import HandbookError

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
    ids: dict[Path, set[str]] = {path: set(map(str, parsed(path).xpath("//@id"))) for path in pages()}

    @cache  # most links of a page are in each page of its folder
    def leads(folder: Path, link: str) -> bool | None:
        """Whether a link leads to something; None if it leads elsewhere."""
        parts = urlsplit(urljoin(f"{folder.as_uri()}/", link))
        if parts.scheme != "file":
            return None
        target = Path(unquote(parts.path))
        return target.is_file() and (not parts.fragment or target not in ids or parts.fragment in ids[target])

    checked, lost = 0, []
    for path in pages():
        for link in _links(path):
            found = leads(path.parent, f"{path.name}{link}" if link.startswith("#") else link)
            checked += found is not None
            if found is False:
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


@pytest.mark.parametrize("name", BOOKS)
def test_the_link_of_every_clause_a_finding_can_cite_lands_on_it(name: str) -> None:
    book = BOOKS[name]
    known = {clause.id for clause in book.clauses}
    for ruling in book.rulings().values():
        cited = anchors.cited(ruling.clause, book)
        assert set(cited) <= known
        assert {part.clause.split("/")[0] for part in ruling.parts} <= set(cited)
        for number in cited:
            assert handbooks.lands(anchors.link(book, number, host()), built(), number), (ruling.name, number)


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
        assert handbooks.lands(link.removeprefix(f"{address}/"), built(), first), (rulebook, clause, link)

    explain = ("explain", tmp_path / "coventry.csv", "SYNTHETIC-0003", "--council", "coventry", "--as-at", "2026-09-30")
    capsys.readouterr()
    handbooks.run(*explain, "--format", "json")
    told = json.loads(capsys.readouterr().out)["rules"]
    assert all(handbooks.lands(clause["link"], built(), clause["id"]) for rule in told for clause in rule["clauses"])
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
