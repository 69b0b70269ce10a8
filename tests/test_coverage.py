"""Every paragraph of every council's document is accounted for, and one edition stands on every day."""

from __future__ import annotations

import csv
import datetime as dt
from importlib.metadata import entry_points
from pathlib import Path

import polars as pl
import pytest
from putright import calendars, hookspecs, plugins
from putright.auditing import audits
from putright.rulebooks import InForce, Rulebook

HOST = plugins.load()
#: Why a part of a document is in no rulebook; never a limit, a letter, an exclusion or a right.
REASONS = {
    "cover",
    "contents page",
    "contact detail",
    "document control",
    "page furniture",
    "repeated elsewhere",
    "form",
}
#: Lines of each council's document as read, so that a row cannot fall off the end unseen.
LENGTHS = {"brighton-hove": 294, "coventry": 423, "runnymede": 170, "stoke-on-trent": 232, "telford-wrekin": 583}


def coverage(council: str) -> list[dict[str, str]]:
    (point,) = entry_points(group=hookspecs.PROJECT, name=council)
    path = Path(point.load().__file__).with_name("coverage.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("council", LENGTHS)
def test_the_lines_follow_each_other_without_gap_or_overlap(council: str) -> None:
    expected = 1
    for row in coverage(council):
        first, _, last = row["lines"].partition("-")
        assert int(first) == expected, row
        assert int(last or first) >= int(first), row
        expected = int(last or first) + 1
    assert expected - 1 == LENGTHS[council]


@pytest.mark.parametrize("council", LENGTHS)
def test_each_paragraph_is_in_a_rulebook_or_left_out_for_a_named_reason(council: str) -> None:
    clauses = {f"{name} {c.id}" for name, books in HOST.editions.items() for book in books for c in book.clauses}
    for row in coverage(council):
        encoded = [name.strip() for name in row["encoded"].split(";") if name.strip()]
        assert bool(encoded) != bool(row["left_out"]), row
        assert set(encoded) <= clauses, row
        if row["left_out"]:
            assert row["left_out"] in REASONS, row
            assert row["why"].strip(), row
        if row["left_out"] == "repeated elsewhere":
            assert any(name.split(" ", 1)[1] in row["why"] for name in clauses if name.startswith(council)), row


@pytest.mark.parametrize("council", LENGTHS)
def test_no_clause_is_in_no_paragraph(council: str) -> None:
    told = {name.strip() for row in coverage(council) for name in row["encoded"].split(";")}
    for name in HOST.editions:
        if name.startswith(f"{council}."):
            for clause in HOST.editions[name][0].clauses:
                assert f"{name} {clause.id}" in told


def test_every_clause_of_a_council_says_what_it_is_about() -> None:
    for name, books in HOST.editions.items():
        for clause in (clause for book in books for clause in book.clauses):
            assert clause.topic, f"{name} {clause.id}"


def test_every_national_paragraph_has_its_strength() -> None:
    for book in (book for books in HOST.editions.values() for book in books if book.is_national):
        for clause in book.clauses:
            assert clause.strength, f"{book.rulebook} {clause.id}"


def walk(editions: tuple[Rulebook, ...]) -> dict[dt.date, Rulebook]:
    """For each day of the calendar the edition that the audit judges a case received then by."""
    days = pl.date_range(dt.date(2000, 1, 1), calendars.HORIZON, eager=True)
    judged: dict[dt.date, Rulebook] = {}
    for book, keep, _ in audits._editions(editions, days):
        for day in days.filter(pl.Series(keep)):
            assert day not in judged, f"{day}: two editions of {book.rulebook}"
            judged[day] = book
    assert len(judged) == len(days), "a day without an edition"
    return judged


def dated(book: Rulebook, edition: str, start: str, end: str | None) -> Rulebook:
    return book.model_copy(update={"edition": edition, "in_force": InForce.model_validate({"from": start, "to": end})})


LGSCO = HOST.editions["lgsco"][0]
MADE_UP = (
    dated(LGSCO, "first", "2010-03-01", "2024-02-29"),
    dated(LGSCO, "second", "2024-03-01", "2026-12-31"),
    dated(LGSCO, "third", "2027-01-01", None),
)


@pytest.mark.parametrize("editions", [*HOST.editions.values(), MADE_UP], ids=[*HOST.editions, "three editions"])
def test_a_walk_over_the_calendar_meets_one_edition_a_day(editions: tuple[Rulebook, ...]) -> None:
    """The one whose dates hold; before all of them the earliest."""
    for day, judging in walk(editions).items():
        start, end = judging.in_force.start or dt.date.min, judging.in_force.end or dt.date.max
        assert start <= day <= end or (judging is editions[0] and day < start), day


def test_a_rulebook_whose_date_is_not_known_says_so() -> None:
    for books in HOST.editions.values():
        for book in books:
            if book.in_force.start is None:
                assert book.unclear, book.rulebook
