"""The tables of an audit's counts: by rule, stage, service and month, locally and under the Code, the whole path.

Each is made as a sheet of figures, which knows what every cell counts, and counted into a table.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from putright.auditing.classes import OUTSIDE_EDITION, FindingClass, labels
from putright.documents.paper import Citation, Column, Table
from putright.fields import RULES, STAGES, named
from putright.rulebooks import Rulebook, Ruling
from putright.rulebooks.phrases import KINDS
from putright.rulebooks.rules import Notice, Timed
from putright.statistics.counts import Counts
from putright.statistics.cubes import Entry, Middle, Ratio, Row, Sheet
from putright.statistics.division_counts import STEPS
from putright.statistics.finding_counts import BANDS, DUE, MET, NO_BAND, PeriodBy
from putright.statistics.periods import month_name, quarter
from putright.text.english import capital, listed

__all__ = [
    "Counts",
    "PeriodBy",
    "month_table",
    "path_table",
    "rule_tables",
    "stage_table",
    "two_way_tables",
]

#: The columns of a rule's table after ``Due``, each with the classes it counts.
COLUMNS: dict[str, Collection[str]] = {
    "Met": MET,
    "Late": labels([FindingClass.LATE]),
    "Lacking": labels([FindingClass.LACKING]),
    "Not recorded": labels([FindingClass.NOT_RECORDED]),
    "Not due yet": labels([FindingClass.RUNNING]),
    "No evidence": labels([FindingClass.NO_EVIDENCE]),
    "For judgement": labels([FindingClass.JUDGEMENT]),
}
#: Columns shown if not empty: cases judged by an edition that was not in force.
OUTSIDE = tuple(each.label for each in OUTSIDE_EDITION)
ALL = "All"
_DAYS = {
    "10 or fewer": range(11),
    "11 to 15": range(11, 16),
    "16 to 25": range(16, 26),
    "26 to 45": range(26, 46),
    "46 to 65": range(46, 66),
    "66 to 130": range(66, 131),
}
_LONGER = "Over 130"

COMPLAINTS = "Complaints are the case records that could be read, counted"
SHARE = (
    "The percentage is of all that were due: met, late, lacking, not recorded, no evidence and for judgement; "
    "those not due yet are left out. What cannot be shown counts as not met."
)
_CLASSES = (
    "Late is done after the due date, or for an extension notified late or too long; lacking is a letter without "
    "something it had to hold, or both stages considered by one person; not recorded is overdue with nothing "
    "recorded; no evidence means that the records cannot show it; for judgement means that a person must decide."
)
_APART = "Cases from before or after the edition was in force have a column of their own and are in no other."
BY_THE_LAW = "In time is by the national rulebook of the procedure: the Ombudsman's Code, or the Regulations."


def book_name(book: Rulebook) -> str:
    """A rulebook as tables name it; two Codes have one title."""
    return book.title if book.standing == "law" else f"{book.title} ({book.authority})"


def slug(*parts: str) -> str:
    """A table's id."""
    return re.sub(r"[^a-z0-9]+", "-", " ".join(parts).lower().replace("'", ""))


def figures(*headings: str) -> tuple[Column, ...]:
    """Columns of figures."""
    return tuple(Column(heading) for heading in headings)


# --- rules ----------------------------------------------------------------------------------------


def rule_tables(counts: Counts) -> list[Table]:
    """A table for each rulebook (and procedure judged by it): how often each rule was met."""
    return [sheet.table(counts.cubes) for sheet in rule_sheets(counts)]


def rule_sheets(counts: Counts) -> list[Sheet]:
    """The same before they are counted."""
    return [_rule_sheet(counts, group, book) for group, book in _groups_and_books(counts)]


def _groups_and_books(counts: Counts) -> Iterator[tuple[str, str]]:
    cube = counts.cubes["findings"]
    for group in counts.groups():
        books = cube.values("rulebook", counts.figure("findings", group=[group]))
        yield from ((group, book) for book in sorted(books, key=lambda name: counts.books[name].is_national))


def _rule_sheet(counts: Counts, group: str, book: str) -> Sheet:
    at = {"group": [group], "rulebook": [book]}
    found = counts.cubes["findings"].values("rule", counts.figure("findings", **at))
    outside = [of for of in OUTSIDE if counts.count(counts.figure("findings", **at, **{"class": [of]}))]
    rows = [
        (
            asked(counts.rulings[book][rule]),
            Citation(counts.rulings[book][rule].clause, book),
            *_verdicts(counts, outside, rule=[rule], **at),
        )
        for rule in sorted(found, key=lambda rule: (list(RULES).index(counts.rulings[book][rule].name), rule))
    ]
    return Sheet(
        slug("rules", group, book),
        f"{book_name(counts.books[book])}: {group} complaints",
        (Column("Step", figures=False), Column("Clause", figures=False), *_headings(outside)),
        tuple(rows),
        " ".join([counts.counted_by, SHARE, _CLASSES, *([_APART] if outside else [])]),
    )


def asked(ruling: Ruling) -> str:
    """The step of a rule, marked if it is an aim or the person's own time limit."""
    return capital(RULES[ruling.name] + KINDS[ruling.kind].mark)


def _headings(outside: Sequence[str]) -> tuple[Column, ...]:
    return figures("Due", *COLUMNS, "Percentage met", *map(capital, outside))


def _verdicts(counts: Counts, outside: Sequence[str], **at: Collection[str]) -> list[Entry]:
    """Due, the classes, the percentage, and the cases that the edition was not in force for."""
    due, met = (counts.figure("findings", **at, **{"class": of}) for of in (DUE, MET))
    shown = [counts.figure("findings", **at, **{"class": of}) for of in COLUMNS.values()]
    apart = [counts.figure("findings", **at, **{"class": [of]}) for of in outside]
    return [due, *shown, Ratio(met, due), *apart]


# --- by stage, service and month ------------------------------------------------------------------


def stage_table(counts: Counts) -> Table:
    """The council's time limits at each stage, added up, by procedure and rulebook."""
    return stage_sheet(counts).table(counts.cubes)


def stage_sheet(counts: Counts) -> Sheet:
    """The same before it is counted."""
    rows: list[Row] = []
    for group, book in _groups_and_books(counts):
        for stage in STAGES:
            rules = [rule for rule, ruling in counts.rulings[book].items() if _duty_at(ruling) == stage]
            at = {"group": [group], "rulebook": [book], "rule": rules}
            if rules and counts.count(counts.figure("findings", **at)):
                rows.append((f"Stage {stage}", group, book_name(counts.books[book]), *_verdicts(counts, (), **at)))
    words = (Column(name, figures=False) for name in ("Stage", "Procedure", "Rulebook"))
    note = (
        "The steps with a time that the council must keep; aims and the person's own time limits are left out. "
        f"{counts.counted_by} {SHARE}"
    )
    return Sheet("stages", "Times kept, by stage", (*words, *_headings(())), tuple(rows), note)


def _duty_at(ruling: Ruling) -> int | None:
    """The stage of a step that the council must take in time.

    Telling the person that a response is late is left out: the late response is counted already.
    """
    rule = ruling.rule
    if not isinstance(rule, Timed | Notice) or ruling.kind not in ("deadline", "notice"):
        return None
    if rule.after_time_for:
        return None
    return named(rule.step).stage


def main_steps(counts: Counts, group: str, months: Collection[str] = ()) -> list[Entry]:
    """Complaints, and the main steps in time by the national rulebook."""
    complaints = counts.figure("cases", months, group=[group])
    return [complaints, *(counts.step(group, names, months) for names in STEPS.values())]


def month_table(counts: Counts) -> Table:
    """Complaints and the main steps by month."""
    return month_sheet(counts).table(counts.cubes)


def month_sheet(counts: Counts, spans: Mapping[str, str] | None = None) -> Sheet:
    """The same before it is counted; ``spans`` has the procedures whose months are quarters, or left out."""
    rows: list[Row] = []
    months = sorted({time[:7] for name in ("cases", "findings") for time in counts.inside(name)})
    for group in counts.groups():
        span = (spans or {}).get(group, "months")
        for name, of in _spans(months, span):
            rows.append((name, group, *main_steps(counts, group, of)))
        rows.append((ALL, group, *main_steps(counts, group)))
    words = (Column("Month", figures=False), Column("Procedure", figures=False))
    coarser = [name for name, span in (spans or {}).items() if span != "months"]
    less = f" Too few to be shown by month: {listed(coarser)}." if coarser else ""
    note = f"{COMPLAINTS} by the month they were received. {BY_THE_LAW} {counts.counted_by} {SHARE}{less}"
    return Sheet("months", "By month", (*words, *figures("Complaints", *STEPS)), tuple(rows), note)


def _spans(months: Sequence[str], span: str) -> Iterator[tuple[str, Collection[str]]]:
    """The rows of some months: each, or the quarters they are in, or none."""
    if span == "months":
        yield from ((month_name(month), [month]) for month in months)
    elif span == "quarters":
        within = dict.fromkeys(quarter(dt.date.fromisoformat(f"{month}-01")) for month in months)
        yield from ((str(each), each.names()) for each in within)


# --- locally and under the Code; the whole path ---------------------------------------------------


def two_way_tables(counts: Counts) -> list[Table]:
    """For each procedure: each step by the council's own rulebook, against the same step by the national one."""
    return [sheet.table(counts.cubes) for sheet in two_way_sheets(counts)]


def two_way_sheets(counts: Counts) -> list[Sheet]:
    """The same before they are counted."""
    return [_two_way(counts, group, book) for group, book in _groups_and_books(counts) if counts.books[book].council]


def _two_way(counts: Counts, group: str, book: str) -> Sheet:
    cube = counts.cubes["findings"]
    at: dict[str, Collection[str]] = {"group": [group], "rulebook": [book]}
    both = cube.figure(**at, other=BANDS)
    present = set(cube.values("rule", both))
    rows: list[Row] = []
    for name in RULES:
        rules = [rule for rule, ruling in counts.rulings[book].items() if ruling.name == name]
        if not present.intersection(rules):
            continue
        for band, of in {**BANDS, ALL.lower(): None}.items():
            own: dict[str, Collection[str]] = at | {"rule": rules} | ({"class": of} if of else {})
            if of is None or counts.count(counts.figure("findings", **own)):
                shown = [counts.figure("findings", **own, other=[other]) for other in (*BANDS, NO_BAND)]
                rows.append((capital(RULES[name]), band, *shown, counts.figure("findings", **own)))
    words = (Column("Step", figures=False), Column("By the council's own procedure", figures=False))
    known = counts.books.get(counts.national(group))
    title = book_name(known) if known else "the national rulebook"
    note = (
        "Each row is the result of a step by the council's own procedure, each column that of the same step of the "
        f"same case by {title}. Cannot be shown is no evidence, or for a person to judge. {counts.counted_by}"
    )
    headings = figures(*map(capital, (*BANDS, NO_BAND)), ALL)
    return Sheet(
        slug("two-way", group, book),
        f"In time by our own procedure and by {title}: {group} complaints",
        (*words, *headings),
        tuple(rows),
        note,
    )


def path_table(counts: Counts) -> Table:
    """Working days from receipt to each answer."""
    return path_sheet(counts).table(counts.cubes)


def path_sheet(counts: Counts) -> Sheet:
    """The same before it is counted."""
    cube = counts.cubes["paths"]
    rows: list[Row] = []
    for group in counts.groups():
        for path in cube.values("path", counts.figure("paths", group=[group])):
            base = counts.figure("paths", group=[group], path=[path])
            bands = [
                counts.figure("paths", group=[group], path=[path], days=days) for days in _bands(cube.values("days"))
            ]
            rows.append((capital(path), group, base, *bands, Middle(base, "days", tuple(bands))))
    words = (Column("Path", figures=False), Column("Procedure", figures=False))
    note = (
        "Working days are counted from the day after receipt, not as a stage's own limit counts them. Counts "
        "answers by the day the case was received, for cases answered by the audit date; the median is the middle "
        "number, the lower of two."
    )
    columns = (*words, *figures("Answers", *_DAYS, _LONGER, "Median"))
    return Sheet("paths", "The whole path in working days", columns, tuple(rows), note)


def _bands(days: Sequence[str]) -> Iterator[list[str]]:
    for band in _DAYS.values():
        yield [day for day in days if int(day) in band]
    yield [day for day in days if int(day) > 130]
