"""Write the findings as a workbook: about the audit, each rule's counts, every finding, rejected rows, definitions."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from putright.auditing import classes
from putright.auditing.findings import COLUMNS
from putright.documents.paper import Share, Table
from putright.records.spellings import Spellings
from putright.rulebooks.phrases import KINDS
from putright.writing import sheetrows
from putright.writing.outputs import lists_as_text
from putright.writing.sheetrows import Rows
from putright.writing.staging import WriteError
from putright.writing.workbooks import ACROSS_A4, HEADING, LINE, row_height, set_up_for_printing

#: A worksheet holds no more rows, heading included.
ROWS = 1_048_576
#: The columns whose content needs another width than their heading, in letters.
_WIDE = {
    **dict.fromkeys(("message", "meaning", "value"), 62),
    **dict.fromkeys(("Rulebook and complaints",), 46),
    **dict.fromkeys(("word", "what", "Step"), 32),
    **dict.fromkeys(("reference", "rulebook", "marks"), 20),
    "rule": 26,
    **dict.fromkeys(("missing", "to_judge", "edition", "kind", "verdict"), 14),
}
_NO_TIME = dt.datetime(2000, 1, 1)
#: The verdicts kept if a worksheet has no room for every finding.
_FIRST = ("breach", "judgement", "no_evidence")

DEFINITIONS = {
    "verdict: met": "Done in time, or the letter held what it had to.",
    "verdict: breach": "Done late; not done though overdue; or the letter was checked and lacked something.",
    "verdict: running": "Not done yet, and not due yet.",
    "verdict: no_evidence": "The record cannot show it either way.",
    "verdict: judgement": "A person must decide; the message says why.",
    "verdict: not_applicable": "The rule does not arise in this case.",
    "mark: not_recorded": "The step has no date. Counted apart from late steps.",
    "mark: start_not_recorded": "The event the clock runs from has no date: the limit is bounded from what is known.",
    "mark: reopened": "The step was done after the case had ended.",
    "mark: before_edition": "The case is older than the edition that judged it: left out of published breach counts.",
    "mark: after_edition": "The case was received after the last day of the edition that judged it: left out of "
    "published breach counts.",
    "mark: provisional": "The due date is after the last day for which bank holidays are announced.",
    "mark: source_unclear": "The procedure or Code leaves something unclear; the message says what.",
    **{f"kind: {kind}": words.meaning for kind, words in KINDS.items()},
    "column: clause": "The clause of the rulebook that the rule rests on.",
    "column: start": "The day the count begins: day zero.",
    "column: due": "The last day in time, extensions and holds included.",
    "column: done": "The day the step was done.",
    "column: days_taken": "Working days after day zero (calendar days where the limit is in months).",
    "column: days_over": "Working days past the due date (calendar days where the limit is in months).",
    "column: edition": "The edition of the rulebook in force on the day of receipt.",
    "column: missing": "What the letter lacked.",
    "column: to_judge": "What only a person can say the letter needed.",
}


class CollectedFindings:
    """Collects the findings of an audit batch by batch, up to the limit of a worksheet."""

    def __init__(self, most: int = ROWS - 1) -> None:
        self._most = most
        self._frames: list[pl.DataFrame] = []
        self._cases: list[pl.DataFrame] = []
        self._height = 0
        self._counts = pl.DataFrame(schema=dict.fromkeys(_KIND, pl.String) | {"len": pl.UInt32})
        self.count = 0
        self.whole = True
        """Whether every finding is kept; otherwise only those of ``_FIRST``."""

    def add(self, findings: pl.DataFrame) -> None:
        """Keep the findings of a batch. WriteError if even the most important are too many."""
        self.count += findings.height
        more = pl.concat([self._counts, findings.with_columns(classes.of_table(findings)).group_by(_KIND).len()])
        self._counts = more.group_by(_KIND, maintain_order=True).sum()
        if self.whole and self._height + findings.height > self._most:
            self.whole = False
            self._frames = [_first(frame) for frame in self._frames]
            self._height = sum(frame.height for frame in self._frames)
        kept = findings if self.whole else _first(findings)
        self._height += kept.height
        if self._height > self._most:
            raise WriteError(
                f"The findings do not fit a worksheet of {ROWS:,} rows: make a pack of a shorter period (--from, --to)."
            )
        self._frames.append(kept)

    def add_cases(self, cases: pl.DataFrame) -> None:
        """Keep what the findings of these cases are chosen by in the report: service, procedure and day of receipt."""
        self._cases.append(
            cases.select(pl.col(name).cast(kind) for name, kind in _ABOUT.items() if name in cases.columns)
        )

    def cases(self) -> pl.DataFrame:
        """What is kept of each case: ``reference``, ``received``, ``procedure``, ``flags``, ``service``.

        Services that differ only in capitals or spaces are one.
        """
        found = pl.concat([pl.DataFrame(schema=_ABOUT), *self._cases], how="diagonal_relaxed")
        spellings = Spellings()
        spellings.add(found["service"])
        return found.with_columns(pl.col("service").str.strip_chars().replace(spellings.mains()))

    def all(self) -> pl.DataFrame:
        """Every finding kept, in the file's order."""
        return pl.concat([pl.DataFrame(schema=COLUMNS), *self._frames], how="diagonal_relaxed")

    def counts(self) -> pl.DataFrame:
        """How many there are (``len``), kept or not, by rulebook, rule, verdict and class."""
        return self._counts

    @property
    def where_all(self) -> str:
        """Where every finding can be found, in a sentence."""
        if self.whole:
            return f"findings.xlsx has all {self.count:,}."
        return (
            "findings.xlsx has every breach and every finding for judgement or without evidence; its worksheet has no "
            "room for the others. The same audit with --output findings.parquet --messages has them all."
        )


_ABOUT = {
    "reference": pl.String,
    "received": pl.Date,
    "procedure": pl.String,
    "flags": pl.String,
    "service": pl.String,
}
_KIND = ("rulebook", "rule", "verdict", "class")


def _first(findings: pl.DataFrame) -> pl.DataFrame:
    return findings.filter(pl.col("verdict").is_in(_FIRST))


def workbook(
    gathered: CollectedFindings,
    rejected: pl.DataFrame,
    facts: Sequence[tuple[str, str]],
    rules: Sequence[Table],
    unreadable: pl.DataFrame | None = None,
) -> bytes:
    """The workbook's bytes; ``facts`` are names and values, ``rules`` the tables of rules.

    ``unreadable`` are the values that count as not recorded, as in ``Records``; if there are any, they have a sheet.
    """
    import xlsxwriter

    about = [*facts, ("findings", f"{gathered.count:,}")]
    if not gathered.whole:
        about.append(("not in this workbook", f"Findings met or not due yet. {gathered.where_all}"))
    sheets = {
        "about": pl.DataFrame(about, schema={"what": pl.String, "value": pl.String}, orient="row"),
        "summary": _summary(rules),
        "findings": gathered.all(),
        "rejected rows": rejected,
        **({} if unreadable is None or unreadable.is_empty() else {"unreadable values": unreadable}),
        "definitions": pl.DataFrame(
            {"word": list(DEFINITIONS), "meaning": list(DEFINITIONS.values())},
            schema={"word": pl.String, "meaning": pl.String},
        ),
    }
    for name, frame in sheets.items():
        if frame.height >= ROWS:
            raise WriteError(
                f"{frame.height:,} {name} do not fit a worksheet of {ROWS:,} rows: audit fewer rows at a time."
            )
    tables = {name: Rows(lists_as_text(frame, "; "), _widths(frame)) for name, frame in sheets.items()}
    empty, content = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(empty, {"in_memory": True}) as book:
        book.set_properties({"created": _NO_TIME, "title": "Findings"})
        formats = _Formats(
            head=book.add_format({"bold": True, "text_wrap": True, "valign": "top", **HEADING}),
            date=book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top", **LINE}),
            text=book.add_format({"text_wrap": True, "valign": "top", **LINE}),
        )
        for name, rows in tables.items():
            _sheet(book.add_worksheet(name), rows, formats)
    sheetrows.fill(empty, dict(enumerate(tables.values(), start=1)), content)
    return content.getvalue()


def _summary(tables: Sequence[Table]) -> pl.DataFrame:
    """Each rule's counts, as in the report; the base of a percentage is the count of those due."""
    rows: list[dict[str, Any]] = [
        {"Rulebook and complaints": table.title}
        | {
            column.heading: cell.percent if isinstance(cell, Share) else cell
            for column, cell in zip(table.columns, row, strict=True)
        }
        for table in tables
        for row in table.rows
    ]
    return pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame(schema={"Step": pl.String})


@dataclass(frozen=True)
class _Formats:
    head: Any
    date: Any
    text: Any


def _sheet(sheet: Any, rows: Rows, formats: _Formats) -> None:
    """Everything but the rows, with the look of each column in an empty last row, where ``sheetrows`` finds it."""
    frame, widths = rows.frame, rows.widths
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, frame.height, frame.width - 1)
    set_up_for_printing(sheet, wide=sum(widths) > ACROSS_A4, footer="&A: treat as personal data")
    sheet.set_row(0, row_height(zip(frame.columns, widths, strict=True)))
    for place, (name, width) in enumerate(zip(frame.columns, widths, strict=True)):
        sheet.set_column(place, place, width, formats.text)
        sheet.write_string(0, place, name, formats.head)
        if frame.height:
            sheet.write_blank(frame.height, place, None, formats.date if frame[name].dtype == pl.Date else formats.text)


def _widths(frame: pl.DataFrame) -> list[int]:
    """The width of each column in letters."""
    return [_WIDE.get(name, max(10, max(map(len, name.split())) + 3)) for name in frame.columns]
