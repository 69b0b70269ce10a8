"""List every finding for the officer's own report: by rulebook and rule, with links to its clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from putright.auditing import classes
from putright.auditing.classes import FindingClass
from putright.committee.findingsbook import CollectedFindings
from putright.documents.paper import spell
from putright.fields import RULES
from putright.plugins import Host
from putright.policy import anchors
from putright.rulebooks import Rulebook, doubts
from putright.statistics.tables import book_name
from putright.text.english import capital

#: The verdicts as the report words them, the most urgent first.
VERDICTS = {
    "breach": "breach",
    "judgement": "for judgement",
    "no_evidence": "no evidence",
    "running": "not due yet",
    "met": "met",
}
#: The counts of findings as the report words them, each with the classes it adds up.
_COUNTED: dict[str, tuple[FindingClass, ...]] = {
    VERDICTS["breach"]: classes.BREACH,
    VERDICTS["judgement"]: (FindingClass.JUDGEMENT,),
    VERDICTS["no_evidence"]: (FindingClass.NO_EVIDENCE,),
    VERDICTS["running"]: (FindingClass.RUNNING,),
    VERDICTS["met"]: classes.MET,
    **{each.label: (each,) for each in classes.OUTSIDE_EDITION},
}
#: A page with more rows is slow to open; the workbook has the others.
MOST = 20_000

#: A citation in parts: its clauses and the text between them, each with its anchor (or "").
Links = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Row:
    """A finding as the report shows it."""

    reference: str
    verdict: str
    clauses: Links
    due: str
    done: str
    over: str
    message: str


@dataclass(frozen=True)
class ListedRule:
    """The findings of one rule: a line with the count of each verdict, and the findings listed."""

    heading: str
    counts: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Group:
    """The findings under one rulebook."""

    id: str
    heading: str
    rules: tuple[ListedRule, ...]


@dataclass(frozen=True)
class Cited:
    """A clause with the anchor that links lead to."""

    id: str
    heading: str
    text: str
    doubts: tuple[str, ...] = ()
    """What is in doubt about it and its rules, in full."""


@dataclass(frozen=True)
class Book:
    """An edition of a rulebook, with the clauses that findings cite."""

    heading: str
    clauses: tuple[Cited, ...]
    doubts: tuple[str, ...] = ()
    """What is in doubt about the whole document, in full."""


@dataclass(frozen=True)
class Listing:
    """Findings by rulebook and rule, and the clauses they cite."""

    heading: str
    words: tuple[str, ...]
    groups: tuple[Group, ...]
    books: tuple[Book, ...]
    links: Mapping[tuple[str, str], Links] = field(default_factory=dict)
    """(rulebook, clause as rules cite it) to its clauses with their anchors."""


def make(findings: CollectedFindings, host: Host, used: Mapping[str, list[str]]) -> Listing:
    """List the first MOST findings, the most urgent verdicts first.

    ``used`` names the rulebooks and editions that judged, as in ``Audit.books``.
    """
    shown = findings.all().sort(_URGENCY, maintain_order=True).head(MOST)
    books = [
        edition for name, editions in used.items() for edition in host.editions[name] if edition.edition in editions
    ]
    links = {
        (book.rulebook, book.edition, each.clause): tuple(_links(book, each.clause))
        for book in books
        for each in book.rulings().values()
    }
    return Listing(
        heading="Findings, case by case",
        words=tuple(_words(findings, shown)),
        groups=tuple(_groups(shown, findings.counts(), host, used, links)),
        books=tuple(_book(book) for book in books),
        links={(book, clause): parts for (book, _, clause), parts in links.items()},
    )


#: The rank of a verdict in VERDICTS.
_URGENCY = pl.col("verdict").replace_strict({name: place for place, name in enumerate(VERDICTS)})


# --- the words ------------------------------------------------------------------------------------


def _words(findings: CollectedFindings, shown: pl.DataFrame) -> Iterator[str]:
    count = findings.count
    if not count:
        yield "There is no finding."
        return
    found = _by_class(findings.counts())
    listed = _by_class(shown.with_columns(classes.of_table(shown)).group_by("class").len())
    if not {"breach", "judgement"} & set(findings.counts()["verdict"]):
        yield "No breach was found, and nothing is left for a person to judge."
    if shown.height == count:
        yield f"Every finding is listed, {count:,} in all: {_counts_text(found)}. {findings.where_all}"
    else:
        yield (
            f"There are {count:,} findings, more than a page can show. The {shown.height:,} most urgent are listed: "
            f"{_counts_text(found, listed)}. {findings.where_all}"
        )
    yield "Open a rule to see its findings. They name cases by their references: treat them as personal data."


_Counts = Mapping[str, Mapping[FindingClass, int]]


def _by_class(counts: pl.DataFrame) -> _Counts:
    """The count of each class under each of the report's words, the most urgent first, without zeros."""
    summed: dict[str, int] = dict(counts.group_by("class").agg(pl.col("len").sum()).iter_rows())
    found = {word: {each: summed.get(each.label, 0) for each in of} for word, of in _COUNTED.items()}
    return {word: of for word, of in found.items() if any(of.values())}


def _counts_text(found: _Counts, listed: _Counts | None = None) -> str:
    """The count of each; if ``listed`` is given, also how many of them are listed."""

    def of(name: str, count: int) -> str:
        if listed is None:
            return f"{count:,}"
        some = sum(listed.get(name, {}).values())
        return f"all {count:,}" if some == count else f"{some:,} of {count:,}"

    def apart(name: str, parts: Mapping[FindingClass, int]) -> str:
        """The classes of the breaches; the other words need no detail."""
        said = [f"{each.label} {count:,}" for each, count in parts.items() if count]
        return f" ({', '.join(said)})" if name == VERDICTS["breach"] else ""

    return ", ".join(f"{name} {of(name, sum(each.values()))}{apart(name, each)}" for name, each in found.items())


# --- the rows -------------------------------------------------------------------------------------


def _groups(
    shown: pl.DataFrame,
    counts: pl.DataFrame,
    host: Host,
    used: Mapping[str, list[str]],
    links: Mapping[tuple[str, str, str], Links],
) -> Iterator[Group]:
    rows = shown.partition_by("rulebook", "rule", as_dict=True, maintain_order=True)
    by_rule = counts.partition_by("rulebook", "rule", as_dict=True)
    for book in used:
        rules = [rule for rule in RULES if (book, rule) in by_rule]
        if rules:
            yield Group(
                anchor(book),
                book_name(host.editions[book][0]),
                tuple(
                    _listed_rule(rule, by_rule[book, rule], rows.get((book, rule), shown.clear()), links)
                    for rule in rules
                ),
            )


def _listed_rule(
    rule: str, counts: pl.DataFrame, shown: pl.DataFrame, links: Mapping[tuple[str, str, str], Links]
) -> ListedRule:
    count = int(counts["len"].sum())
    cut = "" if shown.height == count else f" ({shown.height:,} of {count:,} listed)"
    return ListedRule(
        heading=capital(RULES[rule]),
        counts=_counts_text(_by_class(counts)) + cut,
        rows=tuple(_row(each, links) for each in shown.iter_rows(named=True)),
    )


def _row(finding: Mapping[str, Any], links: Mapping[tuple[str, str, str], Links]) -> Row:
    verdict, counted = VERDICTS[finding["verdict"]], classes.of_finding(finding)
    if counted in classes.BREACH:
        verdict += f", {counted.label}"
    elif "not_recorded" in finding["marks"]:
        verdict += f", {FindingClass.NOT_RECORDED.label}"
    if counted in classes.OUTSIDE_EDITION:
        verdict += f", {counted.label}"
    if finding.get("waiver"):
        verdict += f"; accepted until {spell(finding['waiver_expires'])} ({finding['waiver_by']}): {finding['waiver']}"
    return Row(
        reference=spell(finding["reference"]),
        verdict=verdict,
        clauses=links[finding["rulebook"], finding["edition"], finding["clause"]],
        due=spell(finding["due"]),
        done=spell(finding["done"] or "not recorded"),
        over=spell(finding["days_over"]),
        message=finding["message"],
    )


# --- the clauses ----------------------------------------------------------------------------------


def _links(book: Rulebook, cited: str) -> Iterator[tuple[str, str]]:
    """A citation in parts; clauses that the rulebook has get their anchor."""
    known = {clause.id for clause in book.clauses}
    for place, clauses in enumerate(cited.split(", ")):
        if place:
            yield ", ", ""
        for nth, number in enumerate([clauses] if clauses in known else clauses.split("/")):
            if nth:
                yield "/", ""
            yield number, clause_anchor(book, number) if number in known else ""


def _book(book: Rulebook) -> Book:
    wanted = {number for ruling in book.rulings().values() for number in anchors.cited(ruling.clause, book)}
    clauses = (
        Cited(
            clause_anchor(book, clause.id),
            f"{clause.id} {clause.heading}",
            clause.text.strip(),
            tuple(doubt.whole for doubt in doubts.of_paragraph(book, clause)),
        )
        for clause in book.clauses
        if clause.id in wanted
    )
    return Book(
        f"{book_name(book)}, {book.edition}", tuple(clauses), tuple(doubt.whole for doubt in doubts.of_book(book))
    )


def clause_anchor(book: Rulebook, number: str) -> str:
    """The anchor of a clause in the report."""
    return anchor("clause", book.rulebook, book.edition, number)


def anchor(*parts: str) -> str:
    """A name that an HTML id may have."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")
