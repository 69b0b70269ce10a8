"""The English that every output shares."""

from __future__ import annotations

import datetime as dt

import pytest
from putright.text import english


@pytest.mark.parametrize(
    ("things", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_has_one_and(things: list[str], text: str) -> None:
    assert english.listed(things) == text
    assert english.listed(things, "or") == text.replace("and", "or")


def test_a_count_agrees_with_its_noun() -> None:
    assert [english.counted(count, "row") for count in (0, 1, 2, 1234)] == ["0 rows", "1 row", "2 rows", "1,234 rows"]
    assert english.counted(2, "case was", "cases were") == "2 cases were"


def test_a_capital_changes_the_first_letter_alone() -> None:
    assert [english.capital(text) for text in ("", "éa B", "LGSCO")] == ["", "Éa B", "LGSCO"]


def test_a_sentence_has_one_end() -> None:
    assert [english.as_sentence(text) for text in ("said so", "who? (6.1)", "so.")] == [
        "Said so.",
        "Who? (6.1).",
        "So.",
    ]


def test_a_date_is_written_without_a_leading_zero() -> None:
    assert english.written_date(dt.date(2026, 1, 5)) == "5 January 2026"
    assert english.day_and_month(dt.date(2026, 1, 5)) == "5 Jan"
