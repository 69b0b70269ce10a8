"""The findings a person must look at, for the officer's own report: each with links to its clauses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from putright.committee.paper import spell
from putright.fields import RULES
from putright.plugins import Host
from putright.rulebooks import Clause, Rulebook

#: Findings in which something is wrong or a person must decide.
LISTED = ("breach", "judgement")
#: A page of more rows is no longer read: the workbook has them all.
MOST = 5_000
VERDICTS = {"breach": "breach", "judgement": "for judgement"}


@dataclass(frozen=True)
class Row:
    """A finding as the report shows it; ``clauses`` are each a text and the anchor it leads to (or "")."""

    reference: str
    step: str
    clauses: tuple[tuple[str, str], ...]
    verdict: str
    due: str
    done: str
    over: str
    message: str


@dataclass(frozen=True)
class Group:
    """The findings under one rulebook."""

    id: str
    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Cited:
    """A clause with the anchor that links lead to."""

    id: str
    heading: str
    text: str


@dataclass(frozen=True)
class Book:
    """An edition of a rulebook with those of its clauses that findings cite."""

    heading: str
    clauses: tuple[Cited, ...]


@dataclass(frozen=True)
class Listing:
    """Findings by rulebook, and the clauses they cite."""

    heading: str
    words: tuple[str, ...]
    groups: tuple[Group, ...]
    books: tuple[Book, ...]
    links: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(rulebook, clause as rules cite it) to the anchor of its first clause."""


def make(findings: pl.DataFrame, count: int, host: Host, used: Mapping[str, list[str]]) -> Listing:
    """What to list of ``findings`` (those LISTED, in the contract's columns), of ``count`` in all.

    ``used`` names the rulebooks and editions that judged, as in ``Audit.books``.
    """
    shown = findings.head(MOST)
    groups = tuple(
        Group(
            anchor(book),
            host.editions[book][0].title,
            tuple(_row(finding, host) for finding in shown.filter(pl.col("rulebook") == book).iter_rows(named=True)),
        )
        for book in used
        if (shown["rulebook"] == book).any()
    )
    books = [
        edition for name, editions in used.items() for edition in host.editions[name] if edition.edition in editions
    ]
    return Listing(
        heading="Findings, case by case",
        words=tuple(_words(findings.height, shown.height, count)),
        groups=groups,
        books=tuple(_book(book) for book in books),
        links={
            (book.rulebook, ruling.clause): links[0][1]
            for book in books
            for ruling in book.rulings().values()
            if (links := [link for link in _links(book, ruling.clause) if link[1]])
        },
    )


def _words(found: int, shown: int, count: int) -> Iterator[str]:
    if not found:
        yield "No breach was found, and nothing is left for a person to judge."
    else:
        yield (
            f"Every breach and every finding for a person to judge is listed, {found:,} in all."
            if shown == found
            else f"The first {shown:,} of {found:,} breaches and findings for a person to judge are listed."
        )
    if count > shown:
        yield f"findings.xlsx has all {count:,} findings, those met, running and without evidence included."
    if found:
        yield "This list names cases by their references: treat it as personal data."


def _row(finding: Mapping[str, Any], host: Host) -> Row:
    book = next(book for book in host.editions[finding["rulebook"]] if book.edition == finding["edition"])
    verdict = VERDICTS.get(finding["verdict"], finding["verdict"])
    if "not_recorded" in finding["marks"]:
        verdict += ", not recorded"
    if "before_edition" in finding["marks"]:
        verdict += ", before the edition"
    if finding.get("waiver"):
        verdict += f"; accepted until {spell(finding['waiver_expires'])} ({finding['waiver_by']}): {finding['waiver']}"
    return Row(
        reference=spell(finding["reference"]),
        step=RULES[finding["rule"]],
        clauses=tuple(_links(book, finding["clause"])),
        verdict=verdict,
        due=_or_dash(finding["due"]),
        done=_or_dash(finding["done"]),
        over=_or_dash(finding["days_over"]),
        message=finding["message"],
    )


def _or_dash(value: Any) -> str:
    return "not given" if value is None else spell(value)


def _links(book: Rulebook, cited: str) -> Iterator[tuple[str, str]]:
    """Each clause of a citation, with the anchor it leads to where the rulebook has it."""
    known = {clause.id for clause in book.clauses}
    for part in cited.split(", "):
        for number in [part] if part in known else part.split("/"):
            yield number, clause_anchor(book, number) if number in known else ""


def _book(book: Rulebook) -> Book:
    numbers = dict.fromkeys(
        number for ruling in book.rulings().values() for number, link in _links(book, ruling.clause) if link
    )
    return Book(f"{book.title} ({book.edition})", tuple(_cited(book, _clauses(book, numbers))))


def _clauses(book: Rulebook, numbers: Iterable[str]) -> Iterator[Clause]:
    wanted = set(numbers)
    return (clause for clause in book.clauses if clause.id in wanted)


def _cited(book: Rulebook, clauses: Iterable[Clause]) -> Iterator[Cited]:
    for clause in clauses:
        yield Cited(clause_anchor(book, clause.id), f"{clause.id} {clause.heading}", clause.text.strip())


def clause_anchor(book: Rulebook, number: str) -> str:
    """Where a clause stands in the report."""
    return anchor("clause", book.rulebook, book.edition, number)


def anchor(*parts: str) -> str:
    """A name that an HTML id may have."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")
