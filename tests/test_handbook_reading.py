"""The handbook reads easily, and says what its words mean."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from handbooks import AS_AT, built, host, pages, parsed
from putright_handbook import glossary
from putright_handbook.site import Site
from readability import ease, sentences, words

SITE = Site(host(), AS_AT)
#: The least reading ease of a kind of page; the first that fits its name counts. Lists of names and figures have no
#: sentences to speak of.
LEAST = {
    r"due-dates/\d|^rules$|^compare|^search$": 35,
    r"/card$|/due-dates$|^(reviews|index)$": 50,
    r"": 60,
}
#: The most words that a page's sentences have on average.
LONGEST = 20
_NOT_PROSE = (
    ".//pre|.//script|.//style|.//code|.//svg|.//nav|.//thead|.//h1|.//h2|.//h3"
    "|.//table[contains(@class, 'pr-dates')]|.//ul[contains(@class, 'pr-row')]"
)
#: Names that nobody can make plainer.
_NAMES = sorted({book.title for book in SITE.books.values()}, key=len, reverse=True)


def _prose(path: Path) -> list[str]:
    [article] = parsed(path).cssselect("article")
    for part in article.xpath(_NOT_PROSE):
        part.drop_tree()
    found = []
    for part in article.xpath(".//p|.//li[not(.//p)]|.//td[not(.//p)]|.//dd[not(.//p)]"):
        text = " ".join(part.text_content().split())
        for name in _NAMES:
            text = text.replace(name, "it")
        if len(words(text)) > 4:
            found.append(text)
    return found


def test_each_page_reads_easily() -> None:
    hard = {}
    for path in pages():
        name = path.relative_to(built()).with_suffix("").as_posix()
        said = _prose(path)
        if sum(len(words(text)) for text in said) < 60:
            continue
        least = next(number for kind, number in LEAST.items() if re.search(kind, name))
        mean = sum(len(words(text)) for text in said) / len(sentences(said))
        if ease(said) < least or mean > LONGEST:
            hard[name] = f"{ease(said):.0f} of {least}, {mean:.0f} words a sentence"
    assert hard == {}


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("The cat sat on the mat. It was warm.", 100, 125),
        ("You must send the letter within five working days. Say who will deal with it and when.", 75, 100),
        (
            "Notwithstanding the aforementioned administrative determination, representations necessitate "
            "consideration by an independently constituted organisation.",
            -200,
            10,
        ),
    ],
)
def test_reading_ease_tells_plain_from_hard(text: str, low: int, high: int) -> None:
    assert low < ease([text]) < high


# --- what the words mean ----------------------------------------------------------------------------


def test_each_word_has_its_meaning_and_its_paragraphs() -> None:
    page = parsed(built() / f"{glossary.PAGE}.html")
    for term in glossary.TERMS:
        part = page.get_element_by_id(term.anchor)
        assert term.meaning in " ".join(part.text_content().split())
        for rulebook, paragraph in term.sources:
            assert paragraph in {clause.id for clause in SITE.national[rulebook].clauses}, term
            links = [link for link in part.xpath(".//a/@href") if link.startswith(f"codes/{rulebook}.html#")]
            assert links, term
    assert ease([term.meaning for term in glossary.TERMS]) > 65


def test_a_word_leads_to_its_meaning_where_a_page_first_uses_it() -> None:
    linked = Counter[str]()
    for path in pages():
        article = parsed(path).cssselect("article")[0]
        links = article.xpath(".//a[.//*[contains(@class, 'pr-term')]]/@href")
        assert len(links) == len(set(links)) <= 12, path  # each word once, and never a page full of links
        linked.update(link.rpartition("#")[2] for link in links)
    assert linked["term-extension-notice"] > 10
    assert len(linked) > 8
    letters = parsed(built() / "councils/coventry/corporate/letters.html").cssselect("article")[0]
    assert not letters.xpath(".//h2//*[contains(@class, 'pr-term')]|.//a//a")


@pytest.mark.parametrize("council", ["telford-wrekin", "coventry"])
def test_each_clause_says_that_it_is_a_summary_and_leads_to_the_policy(council: str) -> None:
    page = parsed(built() / f"councils/{council}/corporate/procedure.html")
    book = SITE.books[f"{council}.corporate"]
    clauses = page.cssselect("section.pr-clause")
    assert len(clauses) == len(book.clauses)
    for clause in clauses:
        [said] = clause.cssselect(".pr-summary")
        assert said.text_content().startswith("This is our summary")
        [place] = said.xpath(".//a/@href")
        assert place == (book.source.address or "#")
