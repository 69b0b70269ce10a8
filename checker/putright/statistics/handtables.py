"""Tables of what was supplied by hand, unchanged, and the Ombudsman's decisions next to what others reached."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from putright.documents.paper import Cell, Column, Share, Table, Withheld
from putright.statistics.supplied import Benchmark, Feedback, Letter, Supplied, read_supplied
from putright.statistics.tables import figures
from putright.text import rounding

_BENCHMARKS = Path(__file__).with_name("benchmarks.yaml")
_PER = 100_000
#: The kinds of the Housing Ombudsman's findings, by their names in the file.
_FINDINGS = {
    "severe_maladministration": "Severe maladministration",
    "maladministration": "Maladministration",
    "service_failure": "Service failure",
    "redress": "Redress",
    "mediation": "Mediation",
    "no_maladministration": "No maladministration",
    "outside_jurisdiction": "Outside jurisdiction",
    "withdrawn": "Withdrawn",
}


def hand_tables(supplied: Supplied) -> list[Table]:
    """Every table that has rows, those of the Ombudsmen last."""
    found = (reasons(supplied), improvements(supplied), feedback(supplied), *ombudsmen(supplied))
    return [table for table in found if table.rows]


def publishable(supplied: Supplied, threshold: int) -> list[Table]:
    """The tables that are published with the figures: what the Ombudsmen published, and feedback.

    Counts of feedback from 1 to below ``threshold`` are withheld.
    """
    found = (feedback(supplied, threshold), *ombudsmen(supplied))
    return [table for table in found if table.rows]


def ombudsmen(supplied: Supplied) -> list[Table]:
    """The tables of what the Ombudsmen decided that have rows."""
    found = (letters(supplied), compared(supplied), determinations(supplied))
    return [table for table in found if table.rows]


def reasons(supplied: Supplied) -> Table:
    """Why complaints were refused."""
    columns = (Column("Reason", figures=False), Column("Complaints refused"))
    rows = tuple((item.reason, item.count) for item in supplied.refused)
    return Table("refusal-reasons", "Why complaints were refused (W3)", columns, rows, "Supplied by hand (Code 8.1).")


def improvements(supplied: Supplied) -> Table:
    """What changed, or is to change, because of complaints."""
    columns = tuple(Column(name, figures=False) for name in ("Improvement", "Owner", "Date", "Done"))
    rows = tuple(
        (item.what, item.owner, item.date, "yes" if item.done else "not yet") for item in supplied.improvements
    )
    return Table("improvements", "Service improvements (W12)", columns, rows, "Supplied by hand (Code 8.1, 9.1).")


def feedback(supplied: Supplied, threshold: int = 1) -> Table:
    """Compliments, apologies and the like, in the periods in which they were counted.

    Counts from 1 to below ``threshold`` are withheld.
    """

    def count(item: Feedback) -> Cell:
        return Withheld() if 0 < item.count < threshold else item.count

    columns = (*(Column(name, figures=False) for name in ("What", "From", "To")), Column("Number"))
    found = sorted(supplied.feedback, key=lambda item: (item.what, item.start))
    rows = tuple((item.what, item.start, item.end, count(item)) for item in found)
    return Table("feedback", "Compliments and other feedback", columns, rows, "Supplied by hand.")


def letters(supplied: Supplied) -> Table:
    """The Ombudsman's decisions, as the annual letters have them."""
    headings = ("Decided", "Investigated", "Upheld", "With recommendations due", "Complied with")
    rows = tuple(
        (each.year, each.decided, each.investigated, each.upheld, each.recommendations, each.complied)
        for each in sorted(supplied.ombudsman, key=lambda each: each.year)
    )
    return Table(
        "ombudsman-letter",
        "The Ombudsman's decisions (W13)",
        (Column("Year", figures=False), *figures(*headings)),
        rows,
        "Copied from the Ombudsman's annual letter (Code 8.1).",
    )


def determinations(supplied: Supplied) -> Table:
    """The Housing Ombudsman's findings, year by year."""
    years = sorted(supplied.housing_ombudsman, key=lambda each: each.year)
    rows = tuple((kind, *(getattr(each, name) for each in years)) for name, kind in _FINDINGS.items())
    return Table(
        "housing-ombudsman",
        "The Housing Ombudsman's findings",
        (Column("Finding", figures=False), *figures(*(each.year for each in years))),
        rows if years else (),
        "Copied from the Ombudsman's landlord report. A case can have several findings.",
    )


# --- what others reached --------------------------------------------------------------------------


def compared(supplied: Supplied) -> Table:
    """The Ombudsman's decisions of the latest year next to what others reached."""
    columns = tuple(Column(name, figures=False) for name in ("Measure", "Ours", "Others", "Source"))
    return Table(
        "ombudsman-compared",
        "The Ombudsman's decisions on us and on others",
        columns,
        tuple(_compared(supplied)),
        "With few decisions, one more or one fewer changes the percentage much.",
    )


def _compared(supplied: Supplied) -> Iterator[tuple[Cell, ...]]:
    if not supplied.ombudsman:
        return
    latest = max(supplied.ombudsman, key=lambda each: each.year)
    for each in benchmarks(supplied):
        unit = "" if each.measure == "upheld_per_100000" else "%"
        others = f"{_digits(each.figure)}{unit} ({each.of}, {each.year})"
        name, ours = _ours(each, latest, supplied)
        if ours:
            yield name, f"{ours} ({latest.year})", others, each.source


def benchmarks(supplied: Supplied) -> tuple[Benchmark, ...]:
    """What others reached: as supplied, or the figures that putright has."""
    return _published() if supplied.benchmarks is None else supplied.benchmarks


@cache
def _published() -> tuple[Benchmark, ...]:
    return read_supplied(_BENCHMARKS).benchmarks or ()


def _digits(figure: float) -> str:
    return f"{rounding.number(figure, 1):f}".removesuffix(".0")


def _ours(benchmark: Benchmark, letter: Letter, supplied: Supplied) -> tuple[str, str]:
    """What a benchmark measures, and our own figure as text; empty where it cannot be worked out."""
    match benchmark.measure:
        case "upheld":
            return "Complaints upheld, of those investigated", _percent(letter.upheld, letter.investigated)
        case "complied":
            return "Recommendations complied with, of those due", _percent(letter.complied, letter.recommendations)
        case "upheld_per_100000":
            people = supplied.population.residents if supplied.population else 0
            name = f"Complaints upheld for each {_PER:,} residents"
            return name, f"{rounding.ratio(letter.upheld * _PER, people, 1):f}" if people else ""


def _percent(part: int | None, whole: int | None) -> str:
    if not whole or part is None:
        return ""
    share = Share(part, whole)
    return f"{share.percent}% of {whole:,}"
