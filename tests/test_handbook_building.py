"""A handbook is built whole or not at all, and of a build before only what has changed is made again."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import handbooks
import polars as pl
import pytest
import yaml
from handbooks import AS_AT, built, host, parsed, text
from putright import cli, national, plugins
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
from putright.rulebooks import Rulebook
from putright.writing import receipts
from putright_handbook import building, site, training
from putright_handbook.page import HandbookError
from putright_handbook.site import Site
from smallhandbooks import EDITIONS, Small, small_host


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
        assert handbooks.lands(link, small[0], anchors.cited(clause, book)[0]), link
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
                    assert handbooks.lands(link, small[0], each["clause"].partition("/")[0].partition(",")[0]), link
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

    def edited(name: str, **of_clause: str) -> Site:
        """One plugin's first rulebook with another text, or with something else of a clause changed."""
        found = []
        for plugin in host().plugins:
            books = list(plugin.rulebooks)
            if plugin.name == name:
                first, *rest = books[0].clauses
                clauses = [first.model_copy(update=of_clause), *rest]
                books[0] = books[0].model_copy(update={"digest": "another", "clauses": clauses})
            found.append(dataclasses.replace(plugin, rulebooks=tuple(books)))
        return Site(Host(tuple(found)), AS_AT)

    assert changed(Site(host(), AS_AT)) == []
    assert changed(edited("runnymede")) == ["index", "compare/corporate", pages[-1]]
    assert changed(edited("national")) == pages
    assert changed(Site(host(), AS_AT + dt.timedelta(1))) == pages
    # A page of a procedure shows no text of the council's others, but perhaps anything else of them.
    pages.append("councils/coventry/children/letters")
    of_corporate = ["index", "compare/corporate", "councils/coventry/audit", "councils/coventry/corporate/letters"]
    assert changed(edited("coventry", text="Other words.", note="Other words.")) == of_corporate
    assert changed(edited("coventry", heading="Other words")) == [*of_corporate, pages.pop()]
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


def test_a_written_page_edited_changes_no_other_page(
    light: Callable[..., Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, output, work = tmp_path / "pages", tmp_path / "site", tmp_path / "work"
    shutil.copytree(site.PAGES, written)
    monkeypatch.setattr(site, "PAGES", written)
    whole = light("one")
    building.build(whole, output, work)
    before = {path: path.read_bytes() for path in output.rglob("*.html")}
    with (written / "counting.md").open("a", encoding="utf-8") as page:
        page.write("\nOne line more.\n")
    building.build(whole, output, work)
    changed = [path for path in output.rglob("*.html") if path.read_bytes() != before[path]]
    assert [path.name for path in changed] == ["counting.html"]


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


def test_a_build_that_fails_ends_no_process_that_still_runs_notebooks(
    light: Callable[..., Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for such a process would otherwise wait for ever, and so would the build."""
    ended = []

    def make(*_: object) -> None:
        ended.append(subprocess.run([sys.executable, "-c", "import time; time.sleep(1)"], check=False).returncode)

    monkeypatch.setattr(training, "_make", make)
    with_notebooks = dataclasses.replace(light("book"), training=True)
    with pytest.raises(HandbookError, match="a page is faulty"), training.begun(with_notebooks, tmp_path / "work"):
        raise HandbookError("a page is faulty")
    assert ended == [0]
