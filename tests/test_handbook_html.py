"""The handbook's HTML is valid.

Parsed strictly by html5lib, as the standard says, and held to what a parser does not know. The Nu validator (vnu) finds
nothing more on these pages but advice: it needs Java, so it is run by hand.
"""

from __future__ import annotations

import html5lib
import pytest
from handbooks import KINDS, built, parsed
from putright_handbook.writing import TABLE_ROLES

#: Roles that an element has of itself. Only our tables repeat them (``writing.TABLE_ROLES``), and the theme's ``main``.
_OF_ITSELF = {
    **{"a": "link", "article": "article", "aside": "complementary", "button": "button", "dialog": "dialog"},
    **{"form": "form", "h1": "heading", "h2": "heading", "img": "img", "li": "listitem", "main": "main"},
    **{"nav": "navigation", "ol": "list", "option": "option", "ul": "list", **TABLE_ROLES},
}
_DELIBERATE = {*TABLE_ROLES.items(), ("main", "main")}
_REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "headers")


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_valid(kind: str) -> None:
    path = built() / f"{kind}.html"
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
    parser.parse(path.read_text("utf-8"))
    assert [(place, error) for place, error, _ in parser.errors] == []


@pytest.mark.parametrize("kind", KINDS)
def test_ids_are_unique_and_what_refers_to_them_finds_them(kind: str) -> None:
    page = parsed(built() / f"{kind}.html")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids)), sorted(each for each in set(ids) if ids.count(each) > 1)
    for name in _REFERENCES:
        for value in page.xpath(f"//@{name}"):
            assert set(value.split()) <= set(ids), (name, value)
    assert not page.xpath("//form[@action='']")
    assert not page.xpath("//img[not(@alt)]")
    assert len(page.xpath("//h1")) == len(page.xpath("/html/head/title")) == len(page.xpath("//main")) == 1


def test_roles_that_elements_have_of_themselves_are_given_to_tables_alone() -> None:
    seen = set()
    for kind in KINDS:
        for element in parsed(built() / f"{kind}.html").xpath("//*[@role]"):
            role = element.get("role")
            if _OF_ITSELF.get(element.tag) == role or element.tag == "th":
                seen.add((element.tag, role))
    assert seen <= {*_DELIBERATE, ("th", "columnheader"), ("th", "rowheader")}
    assert set(TABLE_ROLES.items()) <= seen
