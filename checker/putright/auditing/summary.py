"""The summary of an audit: as data for ``--summary``, and as tables for a person at a terminal."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from putright import __version__
from putright.auditing import classes
from putright.auditing.audits import Audit, Reconciliation
from putright.auditing.classes import OUTSIDE_EDITION, FindingClass
from putright.auditing.findings import COLUMNS, MARKS, frame
from putright.data_quality import completeness, report
from putright.engine import verdicts
from putright.engine.facts import Mask
from putright.engine.verdicts import Mark, Verdict
from putright.fields import FOR_FIGURES, RULES
from putright.files.tables import ROW
from putright.plugins import Host
from putright.records.caserecords import Records
from putright.records.rejections import REJECTED
from putright.records.spellings import Spellings
from putright.rulebooks.phrases import aim_mark
from putright.text.english import capital, counted, plural
from putright.text.grids import Grid
from putright.text.plaintext import escape_markup

if TYPE_CHECKING:
    from rich.console import RenderableType

_WORST = 10
_REJECTED_SHOWN = 10
#: How a long overrun is reported.
_OVERRUN = {name: COLUMNS[name] for name in ("reference", "rulebook", "rule", "clause", "due", "done", "days_over")}
#: An order without ties, so that every run lists the same cases.
_BY_LENGTH = ["days_over", "reference", "rulebook", "rule"]
_LONGEST_FIRST = [True, False, False, False]

_BREACH = verdicts.of_verdict(Verdict.BREACH)
#: The columns of a rulebook's table, each with the classes it counts.
_COLUMNS: dict[str, tuple[FindingClass, ...]] = {
    "met": classes.MET,
    **{each.label: (each,) for each in FindingClass if each > max(classes.MET) and each not in OUTSIDE_EDITION},
}
#: More columns, shown if not empty: cases judged by an edition that was not in force.
_OUTSIDE = {each.label: (each,) for each in OUTSIDE_EDITION}


class Tally:
    """The figures of an audit, gathered batch by batch."""

    def __init__(self, as_at: dt.date) -> None:
        self.as_at = as_at
        self.counts = dict.fromkeys((each.name for each in dataclasses.fields(Reconciliation)), 0)
        self.findings = 0
        self.hidden_dates = 0
        self.books: dict[str, list[str]] = {}
        self.without: Counter[str] = Counter()
        self.left_out: dict[str, None] = {}
        self.unknown_flags: Counter[str] = Counter()
        self.notes: dict[str, None] = {}
        self.spellings = {name: Spellings() for name in FOR_FIGURES}
        self.rejected: list[pl.DataFrame] = []
        self.unreadable: list[pl.DataFrame] = []
        self.unreadable_audited = 0
        """How many of the cases audited have a value that could not be read."""
        self.quality = completeness.Quality(as_at)
        self._rules: dict[tuple[str, str, str, str], NDArray[np.int64]] = {}
        self._worst: list[pl.DataFrame] = []

    def add(self, audit: Audit, records: Records) -> None:
        """Count one batch."""
        for name, count in dataclasses.asdict(audit.reconciliation).items():
            self.counts[name] += count
        self.findings += audit.found.count
        self.hidden_dates += audit.hidden_dates
        for name, editions in audit.books.items():
            known = self.books.setdefault(name, [])
            known += [edition for edition in editions if edition not in known]
        self.without.update(audit.without)
        self.left_out |= dict.fromkeys(records.left_out)
        self.unknown_flags.update(records.unknown_flags)
        self.notes |= dict.fromkeys(records.notes)
        for name, spellings in self.spellings.items():
            if name in audit.cases.columns:
                spellings.add(audit.cases[name])
        if records.rejected.height:
            self.rejected.append(records.rejected)
        if records.unreadable.height:
            self.unreadable.append(records.unreadable)
            self.unreadable_audited += audit.cases.join(records.unreadable, on=ROW, how="semi").height
        self.quality.add(audit.cases, audit.found, records.kept, audit.calendars)
        for found in audit.found.by_rule:
            key = found.book.rulebook, found.ruling.name, found.ruling.clause, found.ruling.kind
            self._rules[key] = self._rules.get(key, 0) + found.counts()
        self._worst.append(_worst(audit))

    @property
    def found_something(self) -> bool:
        """Whether there is a breach or a rejected row."""
        return self.counts["rejected"] > 0 or any(_sum(counts, _BREACH) for counts in self._rules.values())

    def rejected_rows(self) -> pl.DataFrame:
        """Every rejected row, in the file's order."""
        return pl.concat([pl.DataFrame(schema=REJECTED), *self.rejected])

    def unreadable_values(self) -> pl.DataFrame:
        """Every unreadable value of the cases that were kept, in file order."""
        return pl.concat([pl.DataFrame(schema=REJECTED), *self.unreadable])

    def rules(self) -> Iterator[dict[str, Any]]:
        """Each rule's counts by verdict, by mark and verdict, and by the columns of the table."""
        order = _order(list(self.books))
        for key, counts in sorted(self._rules.items(), key=lambda item: order[item[0][:2]]):
            kinds = np.flatnonzero(counts)  # few of two thousand
            many = counts[kinds]
            marked = {mark: verdicts.of_mark(Mark[mark.upper()])[kinds] for mark in sorted(MARKS)}
            marks = {mark: _verdicts(kinds[on], many[on]) for mark, on in marked.items() if on.any()}
            by_class = np.bincount(_classes(key[3])[kinds], many, len(FindingClass)).astype(np.int64)
            table = {name: int(by_class[list(of)].sum()) for name, of in (_COLUMNS | _OUTSIDE).items()}
            yield {
                **dict(zip(("rulebook", "rule", "clause", "kind"), key, strict=True)),
                "verdicts": _verdicts(kinds, many),
                "marks": {mark: dict(sorted(verdicts.items())) for mark, verdicts in marks.items()},
                "table": table,
            }

    def worst(self) -> list[dict[str, Any]]:
        """The longest overruns among breaches."""
        worst = pl.concat(self._worst).sort(_BY_LENGTH, descending=_LONGEST_FIRST).head(_WORST)
        return worst.with_columns(pl.col("due", "done").dt.to_string("%Y-%m-%d")).to_dicts()


def summarise(tally: Tally, host: Host) -> dict[str, Any]:
    """The audit in figures: plain data, ready for JSON.

    ``rules`` has, for each rule of each rulebook, its counts by verdict, by mark and verdict, and the
    columns of the terminal's table, which count cases that the edition was not in force for apart. ``data_quality`` is
    described in ``Quality.figures``. ``unreadable`` has the values that could not be read in cases kept all the same
    (``--keep-readable``) and count as not recorded: in how many ``cases``, how many of those were ``audited``, how many
    ``values``, how many of each of the ``fields``, and every one ``listed`` like a rejected row.
    """
    rules = list(tally.rules())
    return {
        "software": f"putright {__version__}",
        "calendar": host.calendar_versions(tally.books),
        "as_at": tally.as_at.isoformat(),
        "reconciliation": tally.counts,
        "rulebooks": [
            {
                "rulebook": name,
                "title": host.editions[name][0].title,
                "authority": host.editions[name][0].authority,
                "standing": host.editions[name][0].standing,
                "editions": editions,
            }
            for name, editions in tally.books.items()
        ],
        "unreadable": unreadable_figures(tally.unreadable_values(), tally.unreadable_audited),
        "data_quality": tally.quality.figures(rules),
        "rules": rules,
        "worst": tally.worst(),
        "dates_after_audit_date": tally.hidden_dates,
        "without_rulebook": dict(tally.without),
        "columns_left_out": list(tally.left_out),
        "unknown_flags": dict(sorted(tally.unknown_flags.items())),
        "notes": [*tally.notes, *filter(None, (each.note(name) for name, each in tally.spellings.items()))],
    }


def unreadable_figures(values: pl.DataFrame, audited: int) -> dict[str, Any]:
    """The unreadable values of cases that were kept, ready for JSON."""
    return {
        "cases": values[ROW].n_unique(),
        "audited": audited,
        "values": values.height,
        "fields": dict(sorted(values["field"].value_counts().iter_rows())),
        "listed": values.to_dicts(),
    }


@cache
def _classes(kind: str) -> NDArray[np.int64]:
    """The class of every kind of finding (its verdict, marks and missing words) under a rule of this kind."""
    by_kind = sum(int(verdict) * verdicts.of_verdict(verdict) for verdict in Verdict)
    marks = sum(int(mark) * verdicts.of_mark(mark) for mark in Mark)
    return classes.classify(by_kind, marks, kind, verdicts.of_lacking())


def _sum(counts: NDArray[np.int64], kinds: Mask) -> int:
    return int(counts[kinds].sum())


def _verdicts(kinds: NDArray[np.intp], counts: NDArray[np.int64]) -> dict[str, int]:
    """How many have each verdict, of these kinds with their counts; those that none has are left out."""
    found = np.bincount(verdicts.each_verdict()[kinds], counts, len(Verdict)).astype(np.int64).tolist()
    return {verdict.name.lower(): found[verdict] for verdict in Verdict if found[verdict]}


def _worst(audit: Audit) -> pl.DataFrame:
    """The longest overruns; cases that the edition was not in force for left out."""
    overdue = audit.found.overdue(_WORST)
    if not overdue.by_rule:
        return pl.DataFrame(schema=_OVERRUN)
    longest = frame(overdue, audit.cases, audit.words, messages=False)
    return longest.select(list(_OVERRUN)).sort(_BY_LENGTH, descending=_LONGEST_FIRST).head(_WORST)


def _order(books: list[str]) -> dict[tuple[str, str], int]:
    """Rulebooks as they judged, and in each the rules as a case runs."""
    return {key: place for place, key in enumerate((book, rule) for book in books for rule in RULES)}


# --- for the terminal -----------------------------------------------------------------------------


def render(summary: dict[str, Any], rejected: pl.DataFrame) -> Iterator[RenderableType]:
    """The summary as a person reads it: what was read, how complete, each rulebook's table, the worst overruns."""
    yield from reconciliation(summary, rejected)
    yield from report.render(summary["data_quality"])
    for book in summary["rulebooks"]:
        yield from _table(book, [rule for rule in summary["rules"] if rule["rulebook"] == book["rulebook"]])
    if summary["worst"]:
        yield _worst_table(summary["worst"])


def reconciliation(summary: dict[str, Any], rejected: pl.DataFrame, *, all_rows: bool = False) -> Iterator[str]:
    """Account for every row in words, with other notes on the input.

    The first rejected rows are listed, or with ``all_rows`` every one.
    """
    shown = rejected if all_rows else rejected.head(_REJECTED_SHOWN)
    counts = summary["reconciliation"]
    yield f"[bold]Audit as at {summary['as_at']}[/bold] ({summary['software']}, calendar {summary['calendar']})"
    yield (
        f"{counted(counts['rows_read'], 'row')} read = {counts['audited']:,} audited + {counts['rejected']:,} rejected "
        f"+ {counts['received_after_audit_date']:,} received after the audit date "
        f"+ {counts['outside_period']:,} outside the period"
    )
    for row in shown.iter_rows(named=True):
        said = f"row {row['row']}, {row['reference'] or 'no reference'}: {row['message']}"
        yield f"  rejected: {escape_markup(said)}"
    if rejected.height > shown.height:
        yield f"  … and {counted(rejected.height - shown.height, 'more rejected row')}: --rejected FILE writes them all"
    yield from map(escape_markup, unreadable(summary["unreadable"], most=None if all_rows else _REJECTED_SHOWN))
    if hidden := summary["dates_after_audit_date"]:
        after = f"{counted(hidden, 'date is', 'dates are')} after the audit date"
        yield f"{after} and {plural(hidden, 'counts', 'count')} as not yet happened"
    for name, cases in summary["without_rulebook"].items():
        unjudged = counted(cases, "case was", "cases were")
        yield f"{unjudged} not judged by {name}: it is not installed, or it is not for such cases"
    if left_out := summary["columns_left_out"]:
        yield f"Columns left out, as they name no field: {escape_markup(', '.join(left_out))}"
    for flag, cases in summary["unknown_flags"].items():
        yield f"Unknown flag kept: {escape_markup(flag)} ({counted(cases, 'row')})"
    yield from (escape_markup(capital(note)) for note in summary["notes"])


def unreadable(found: dict[str, Any], most: int | None) -> Iterator[str]:
    """The unreadable values of cases that were kept: the first ``most`` of them, or all if None."""
    if not found["values"]:
        return
    values = "one value" if found["values"] == 1 else f"{found['values']:,} values"
    cases = "one case" if found["cases"] == 1 else f"{found['cases']:,} cases"
    yield (
        f"{capital(cases)} kept though {values} could not be read and {plural(found['values'], 'counts', 'count')} "
        f"as not recorded; {found['audited']:,} of them audited"
    )
    for row in found["listed"][:most]:
        yield f"  not read: row {row['row']}, {row['reference']}: {row['message']}"
    if most is not None and found["values"] > most:
        yield f"  … and {counted(found['values'] - most, 'more value')} not read: --summary FILE lists them all"


def _table(book: dict[str, Any], rules: list[dict[str, Any]]) -> Iterator[RenderableType]:
    outside = [name for name in _OUTSIDE if any(rule["table"][name] for rule in rules)]
    columns = [*_COLUMNS, *outside]
    editions = ", ".join(book["editions"])
    title = f"{book['rulebook']}: {book['title']} ({editions})"
    grid = Grid("rule (clause)", *columns, title=title, right=columns)
    for rule in rules:
        name = RULES[rule["rule"]] + aim_mark(rule["kind"], short=True)
        counts = [rule["table"][column] for column in columns]
        grid.add(f"{name} ({rule['clause']})", *(f"{count:,}" if count else "·" for count in counts))
    if not rules:
        grid.add("no rule of this rulebook arose", *("" for _ in columns))
    yield grid
    if book["standing"] == "guidance":
        yield "  A finding under this Code is a departure from guidance, not a breach of law.\n"
    if outside:
        yield "  Cases from before or after the edition was in force are counted apart, and in no other column.\n"


def _worst_table(worst: list[dict[str, Any]]) -> RenderableType:
    headings = ("reference", "rule", "clause", "due", "done", "days over")
    grid = Grid(*headings, title="Longest overruns", right=("days over",))
    for row in worst:
        clause = f"{row['rulebook']} {row['clause']}"
        done = row["done"] or "not done"
        grid.add(row["reference"], RULES[row["rule"]], clause, row["due"], done, f"{row['days_over']:,}")
    return grid
