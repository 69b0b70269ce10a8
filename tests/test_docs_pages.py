"""The pages of docs/ together: links, the map of the code, decisions, words, and that every example is run."""

from __future__ import annotations

import re
import subprocess
import tomllib
from itertools import pairwise
from pathlib import Path

import docpages
import pytest
from docpages import DOCS, PAGES, ROOT

#: Pages outside docs/ whose links are checked too.
OTHERS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
OWN = PAGES
CHECKER = ROOT / "checker" / "putright"


# --- links and blocks -----------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*OWN, *OTHERS], ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in docpages.links(page):
        if re.match(r"https?:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{page.name}: {link}"
        if anchor and target.suffix == ".md":
            anchors = {docpages.anchor(title) for title in docpages.titles(target)}
            assert anchor in anchors, f"{page.name}: {link}"


@pytest.mark.parametrize("page", OWN, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_begins_with_its_title_and_skips_no_level(page: Path) -> None:
    levels = [section.level for section in docpages.sections(str(page.relative_to(DOCS)))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_every_example_is_run() -> None:
    """Examples to run stand in blocks of these languages; each page that has one has a test that runs it."""
    run = {
        "console": {"contract.md", "plugins.md", "commands.md", "using.md", "your-council.md"},
        "python": {"plugins.md", "api.md", "large.md", "your-council.md"},
        "sh": {"using.md"},  # a server that goes on until it is ended
    }
    for page in OWN:
        for block in docpages.blocks(page):
            assert block.language, f"{block.place}: a block without a language"
            if block.language in run:
                assert page.name in run[block.language], f"{block.place}: no test runs this example"


def test_the_index_names_every_page() -> None:
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in docpages.links(DOCS / "README.md")}
    pages = {page.resolve() for page in OWN if page.parent == DOCS and page.name != "README.md"}
    assert pages <= linked
    assert DOCS / "decisions" / "README.md" in linked
    assert {DOCS / "rulebook.schema.json", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"} <= linked


@pytest.mark.parametrize("page", [*OWN, *OTHERS[1:]], ids=lambda page: str(page.relative_to(ROOT)))
def test_words_that_we_do_not_use(page: Path) -> None:
    if page.name in ("rulebooks.md", "commands.md"):  # the words of models and of help, in their own places
        return
    prose = re.sub(r"^`{3,}.*?^`{3,}", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"\b(?:anew|beside|hangs? on|no working day|comes? to pass)\b", prose)
    assert found == []


# --- the architecture -----------------------------------------------------------------------------

PAGE = "architecture.md"
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LAYERS = next(each for each in _PROJECT["tool"]["importlinter"]["contracts"] if each["type"] == "layers")


def test_the_layers_are_those_that_lint_checks() -> None:
    text = docpages.section(PAGE, "What may import what").text
    lines = [docpages.words(line) for line in text.splitlines() if re.match(r"\d+\. ", line)]
    assert lines == [re.split(r" [|:] ", layer) for layer in LAYERS["layers"]]
    exception = re.search(r"`([\w.]+)` imports `([\w.]+)`", text)
    assert exception
    assert [f"putright.{exception[1]} -> putright.{exception[2]}"] == LAYERS["ignore_imports"]


def test_every_room_is_there_from_the_top_to_the_bottom() -> None:
    rooms = [
        docpages.words(row[0])[0] for row in docpages.table(docpages.section(PAGE, "Rooms of the checker").text, "room")
    ]
    modules = {path.stem for path in CHECKER.glob("*.py")} | {
        path.parent.name for path in CHECKER.glob("*/__init__.py")
    }
    assert sorted(rooms) == sorted(modules - {"__init__"})
    depth = {room: place for place, layer in enumerate(LAYERS["layers"]) for room in layer.split(" | ")}
    assert [depth[room] for room in rooms] == sorted(depth[room] for room in rooms)
    text = docpages.section(PAGE, "Rooms of the checker").text.rpartition("|")[2]
    data = {path.name for path in CHECKER.iterdir() if path.is_dir() and not (path / "__init__.py").exists()}
    assert set(docpages.words(text)) == data - {"__pycache__"}


def test_the_top_level_is_all_there() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    folders = {f"{name.partition('/')[0]}/" for name in listed if "/" in name} - {".github/"}
    named = {docpages.words(row[0])[0] for row in docpages.table(docpages.section(PAGE, "Top level").text, "place")}
    assert not listed or folders <= named
    assert all((ROOT / name).exists() for name in named)


def test_every_module_of_the_flows_exists() -> None:
    for title in ("The flow of one case", "The flow of one clause"):
        names = [word for word in docpages.words(docpages.section(PAGE, title).text) if re.fullmatch(r"\w+\.\w+", word)]
        assert names
        for name in names:
            assert (CHECKER / name.replace(".", "/")).with_suffix(".py").exists(), name
    for title, folder in (("The handbook", ROOT / "handbook" / "putright_handbook"), ("The tests", ROOT / "tests")):
        for row in docpages.table(docpages.section(PAGE, title).text, f"place in `{folder.relative_to(ROOT)}/`"):
            assert all(list(folder.glob(word.rstrip("/"))) for word in docpages.words(row[0])), row


# --- decisions and words --------------------------------------------------------------------------


def test_each_decision_has_a_date_a_question_an_answer_and_what_was_turned_down() -> None:
    pages = sorted(page for page in (DOCS / "decisions").glob("*.md") if page.name != "README.md")
    listed = docpages.table(docpages.text_of("decisions/README.md"), "decision", "date")
    assert len(pages) == len(listed) >= 5
    for page, (link, date) in zip(pages, listed, strict=True):
        name = f"decisions/{page.name}"
        titles = docpages.titles(page)
        assert link == f"[{titles[0]}]({page.name})"
        assert titles[1:] == ["Question", "Chosen", "Turned down", "What follows"], name
        assert f"**Date:** {date}" in docpages.text_of(name)
        assert "- **" in docpages.section(name, "Turned down").text


def test_each_word_stands_once_in_its_order() -> None:
    rows = docpages.table(docpages.text_of("glossary.md"), "word", "meaning")
    words = [word for word, _ in rows]
    assert len(words) == len(set(words)) > 50
    for title in ("Complaint handling", "putright"):
        own = [word for word, _ in docpages.table(docpages.section("glossary.md", title).text, "word", "meaning")]
        assert own == sorted(own, key=str.lower)


def test_how_to_contribute_names_sessions_that_there_are() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    sessions = set(re.findall(r"@nox\.session[^\n]*\ndef (\w+)", (ROOT / "noxfile.py").read_text("utf-8")))
    assert set(re.findall(r"nox -s (\w+)", text)) <= sessions
    extras = _PROJECT["project"]["optional-dependencies"]
    assert {name for group in re.findall(r"'\.\[([\w,]+)\]'", text) for name in group.split(",")} <= set(extras)


def test_the_changelog_has_a_part_for_what_is_not_released_and_a_date_for_each_release() -> None:
    titles = docpages.titles(ROOT / "CHANGELOG.md")
    assert titles[1] == "Unreleased"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+, \d{1,2} \w+ \d{4}", title) for title in titles[2:])
