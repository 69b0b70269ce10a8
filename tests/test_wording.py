"""The English of every text that is kept as text: rulebooks, the handbook's pages, the notebooks' and these docs.

Each kind of phrase here was found and mended. A new text that has one fails, with a better way to say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
#: Each kind of phrase, and what to say.
KINDS = {
    r"\b(stands (?!for\b)|lies\b|bears on\b)": "is, has, says or depends on",
    r"\b(hangs? on|comes to the same|comes down to)\b": "depends on, or is the same as",
    r"\b(anew|whilst|amongst|thereof|therein|upon|unawares|hitherto)\b": "the everyday word: again, while, among, on",
    r"\bmakes? no odds\b": "does not matter",
    r"\b(speaks? of|spoken of|nothing is said of|is said of)\b": "refers to, mentions, or there is nothing about",
    r"\bof (itself|themselves)\b(?= (become|turn|make))": "by itself",
    r"\b(answers? for (what|which)|has a hand in)\b": "owns, is responsible for, takes part in",
    r"\bsave (in|for|where|that)\b": "except, or unless",
    r"\b(whoever|whomever|whosoever)\b": "anyone who, or the person who",
    r"\b(is|are) to be (told|looked at|reviewed again)\b": "must be, or will be",
    r"\bas (early|soon|fast) as can be\b": "as soon as possible",
    r"(?<!there )\b(is|are|be|being|was) no (fault|breach|rule|working day|date|complaint|request)\b": "is not a",
    r"\bbeside\b": "next to, with, or as well as",
    r"\bwhat (came|comes|becomes) of (it|them|running)\b": "the outcome, or the result",
    r"\bstage [123] answers? (says?|goes|gives)\b": "stage 1 response: the Code's own word",
}
_KIND = re.compile("|".join(f"(?:{kind})" for kind in KINDS), re.IGNORECASE)
#: What Markdown holds that is not a sentence.
_CODE = re.compile(r"```.*?```|`[^`]*`|<[^>]+>|\]\([^)]*\)", re.DOTALL)


def _pages() -> Iterator[Path]:
    yield from (ROOT / name for name in ("README.md", "CONTRIBUTING.md"))
    for folder in ("docs", "handbook", "checker"):
        yield from sorted((ROOT / folder).rglob("*.md"))


def _rulebooks() -> Iterator[Path]:
    yield from sorted((ROOT / "checker/putright/rulebook_files").glob("*.yaml"))
    yield from sorted((ROOT / "plugins").glob("*/putright_*/*.yaml"))


def _texts(data: Any) -> Iterator[str]:
    match data:
        case dict():
            for value in data.values():
                yield from _texts(value)
        case list():
            for value in data:
                yield from _texts(value)
        case str():
            yield data


def _found(text: str) -> list[str]:
    return [text[max(0, hit.start() - 40) : hit.end() + 40].replace("\n", " ") for hit in _KIND.finditer(text)]


@pytest.mark.parametrize("path", list(_pages()), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_is_in_plain_english(path: Path) -> None:
    assert not _found(_CODE.sub(" ", path.read_text("utf-8")))


@pytest.mark.parametrize("path", list(_rulebooks()), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_rulebook_is_in_plain_english(path: Path) -> None:
    data = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # every value as it is written
    assert not [hit for text in _texts(data) for hit in _found(text)]


@pytest.mark.parametrize(
    "text",
    [
        "The team stands behind it.",
        "It makes no odds whether it is late.",
        "The clause hangs on the date.",
        "Nothing is said of reviews.",
        "Known for 12 months, save in special cases.",
        "A service request is no complaint.",
        "Whoever answers the complaint",
        "The staff are to be told.",
        "The response is published beside it.",
        "He is not told what came of it.",
    ],
)
def test_a_phrase_of_each_kind_is_found(text: str) -> None:
    assert _found(text)
    assert not _found("We acknowledge the complaint within 5 working days. It stands for the Code.")
