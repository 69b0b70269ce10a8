"""Handbooks for tests: one of the councils, built once, and small ones of made-up councils."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import lxml.html
import nbformat
from lxml.html import HtmlElement
from notebooksets import sets
from putright import cli
from putright.hookspecs import hookimpl
from putright.national import putright_rulebooks
from putright.plugins import Host, load
from putright.training import notebooks
from putright_handbook import documentation
from shared import made_once

AS_AT = dt.date(2026, 11, 22)


#: The councils whose handbook and notebooks are tested in every detail. tests/test_councils.py builds those of others,
#: of another nation and made up, one of each kind.
COUNCILS = ("brighton-hove", "coventry", "runnymede", "stoke-on-trent", "telford-wrekin")


#: A page of every kind.
KINDS = (
    "index",
    "national/housing/due-dates",
    "developers/contract",
    "your-data",
    "councils/stoke-on-trent/index",
    "councils/stoke-on-trent/corporate/index",
    "councils/stoke-on-trent/corporate/due-dates",
    "councils/stoke-on-trent/corporate/due-dates/2026-05",
    "councils/coventry/corporate/stage-2",
    "councils/coventry/corporate/card",
    "councils/telford-wrekin/corporate/procedure",
    "councils/coventry/corporate/letters",
    "councils/coventry/corporate/not-complaints",
    "councils/coventry/corporate/code",
    "councils/coventry/audit",
    "councils/runnymede/audit",
    "councils/coventry/changes",
    "codes",
    "codes/lgsco",
    "compare",
    "compare/corporate",
    "compare/corporate/stage-1",
    "rules",
    "rules/telford-wrekin.corporate",
    "counting",
    "dictionary",
    "reading-an-audit",
    "adding-a-council",
    "reviews",
    "accessibility",
    "changes",
    "training",
    "notebooks/1-day-zero",
    "notebooks/3-spot-the-breach",
    "search",
)


@cache
def host() -> Host:
    return load(COUNCILS)


@cache
def built() -> Path:
    """The handbook of the councils, with Coventry's published figures: built once for all tests and processes."""
    return made_once("site", _build)


def _build(site: Path) -> None:
    named = [word for council in COUNCILS for word in ("--council", council)]
    with notebooks_made_before():
        run("handbook", *named, "--as-at", AS_AT, "--audit", figures(site.parent), "--output", site)


@contextmanager
def notebooks_made_before() -> Iterator[None]:
    """A handbook with notebooks that were run already, for other tests: to run them takes as long as the pages.

    tests/test_councils.py builds one that runs its own.
    """

    def made(_: Host, council: str) -> dict[str, Any]:
        return {path.name: nbformat.read(path, 4) for path in (sets() / council).glob("*.ipynb")}

    with mock.patch.object(notebooks, "make", made):
        yield


class OneCode:
    """Of the national rulebooks the Ombudsman's Code alone."""

    @staticmethod
    @hookimpl
    def putright_rulebooks() -> list[Path]:
        return [path for path in putright_rulebooks() if path.stem == "lgsco"]


@contextmanager
def without_documentation(folder: Path) -> Iterator[None]:
    """Handbooks of half the pages: nothing for developers but a heading, where a test is about other pages."""
    folder.mkdir()
    (folder / "README.md").write_text("# Documentation\n")
    (folder / documentation.SCHEMA).write_text("{}")
    with mock.patch.object(documentation, "folder", lambda: folder):
        yield


def figures(folder: Path) -> Path:
    """Published figures of a made-up year of Coventry's, as the commands make them."""
    cases, pack = folder / "cases.csv", folder / "published"
    end = "2026-09-30"
    run("sample", "--council", "coventry", "--cases", "20", "--seed", "5", "--year-ending", end, "--output", cases)
    run("audit", cases, "--council", "coventry", "--as-at", end, "--publish", "--output", f"{pack}/")
    return pack / "figures.json"


def run(*arguments: object) -> None:
    """A command, which has to succeed."""
    assert cli.main([str(argument) for argument in arguments]) == 0


def parsed(path: Path) -> HtmlElement:
    return lxml.html.parse(str(path)).getroot()


@cache
def _parsed(path: Path, _changed: int) -> dict[str, HtmlElement]:
    return {element.get("id"): element for element in parsed(path).xpath("//*[@id]")}


def by_id(path: Path) -> dict[str, HtmlElement]:
    """A page's elements that links can lead to; none if there is no such page."""
    return _parsed(path, path.stat().st_mtime_ns) if path.is_file() else {}


def text(path: Path) -> str:
    """The words of a page's article."""
    return " ".join(parsed(path).cssselect("article")[0].text_content().split())


def pages() -> list[Path]:
    """Every page of the handbook."""
    return sorted(path for path in built().rglob("*.html") if "_static" not in path.parts)


def page_facts(folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """``pages.json`` by page."""
    found = json.loads(((folder or built()) / "pages.json").read_text(encoding="utf-8"))
    return {page["page"]: page for page in found["pages"]}


def lands(link: str, root: Path, number: str) -> bool:
    """Whether a link from the handbook's root leads to the clause with this number."""
    page, _, anchor = link.partition("#")
    found = by_id(root / page).get(anchor)
    return found is not None and found.cssselect(".pr-number")[0].text_content() == number
