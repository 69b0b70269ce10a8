"""Check cases by hand: draw a seeded random sample, write a sheet to fill in, and report what the filled sheet says.

Every case is equally likely to be drawn, with all its findings, so the share of correct cases can be estimated with a
confidence interval. The draw depends only on the seed and the references, so anyone can repeat it. The sheet has the
cases in the order drawn, so a sheet filled from the top is a random sample wherever the person stopped.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import polars as pl

from putright import __version__
from putright.auditing.findings import VERDICTS
from putright.casework.findingsfile import chosen
from putright.fields import RULES
from putright.files.readers import read_table
from putright.files.tables import ROW_ERROR, Table
from putright.mistakes import Mistake
from putright.text import rounding
from putright.text.english import counted
from putright.text.grids import Grid
from putright.text.shown import Display, Showing, printed_parts
from putright.writing.staging import whole_file
from putright.writing.workbooks import sign

if TYPE_CHECKING:
    from rich.console import RenderableType

ANSWERS = ("agree", "disagree", "cannot tell")
ANSWER, OWN, REMARKS, BY = "agree?", "verdict by hand", "remarks", "checked by (role)"
#: The columns of findings on the sheet, with the heading and width of each.
_GIVEN = {
    "reference": 18,
    "rulebook": 20,
    "edition": 12,
    "rule": 24,
    "asks": 28,
    "clause": 12,
    "verdict": 14,
    "start": 12,
    "due": 12,
    "done": 12,
    "days_taken": 11,
    "days_over": 10,
    "marks": 18,
    "missing": 18,
    "message": 60,
}
_FILLED = {ANSWER: 12, OWN: 16, REMARKS: 40, BY: 18}
_DATES = ("start", "due", "done")
#: How sure an interval is.
_LEVEL = 0.95
_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
#: A workbook has a creation time; this one is fixed, so that the same sample gives the same bytes.
_NO_TIME = dt.datetime(2000, 1, 1)
_SHEET, _ABOUT = "check", "about"


class HandcheckError(Mistake):
    """A sample cannot be drawn, or a sheet not be read; the text says why and what to do."""


# --- the sample -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """Cases drawn for checking, and what they were drawn from."""

    seed: int
    asked: int
    verdict: str | None
    """Only cases with such a finding were drawn from, and only these findings are checked."""
    drawn: list[str]
    population: int
    """How many cases there were to draw from."""
    findings: pl.DataFrame

    def write(self, path: Path) -> None:
        """Write the sheet to fill in (.xlsx): a row for each finding, and a page that says how it was drawn."""
        import xlsxwriter

        content = io.BytesIO()
        with xlsxwriter.Workbook(content, _AS_TEXT) as book:
            book.set_properties({"created": _NO_TIME})
            rows = _rows(self.findings)
            about = _about(self, rows)
            lines = [[*_GIVEN, *_FILLED], *([_value(row[name]) for name in _GIVEN] for row in rows)]
            sign(book, {_SHEET: lines, _ABOUT: list(about.items())})
            _write_check(book, rows)
            _write_about(book, about)
        with whole_file(path, private=True) as file:
            file.write(content.getvalue())

    def agreement(self, answers: Mapping[tuple[str, str, str], str]) -> Agreement:
        """Gives what answers say: one of ``ANSWERS`` for a finding, by its reference, rulebook and rule."""
        names = ("reference", "rulebook", "rule", "clause", "verdict")
        rows = [
            {**dict(zip(names, found, strict=True)), ANSWER: answers.get(found[:3], ""), OWN: "", REMARKS: ""}
            for found in self.findings.select(names).iter_rows()
        ]
        numbers = {"seed": self.seed, "cases": len(self.drawn), "population": self.population}
        return _agreement(rows, numbers, altered=False)


def draw(found: pl.DataFrame, cases: int, seed: int, verdict: str | None = None) -> Sample:
    """Draw cases from findings as ``findingsfile.read_findings`` gives them; or all of them if there are no more."""
    if cases < 1:
        raise HandcheckError("--cases must be 1 or more.")
    kept = (
        found.filter(pl.col("verdict") == verdict) if verdict else found.filter(pl.col("verdict") != "not_applicable")
    )
    references = sorted(set(kept["reference"]), key=lambda reference: _draw_order(seed, reference))
    if not references:
        raise HandcheckError(f"there is no finding {f'with the verdict {verdict} ' if verdict else ''}to check.")
    drawn = references[:cases]
    return Sample(seed, cases, verdict, drawn, len(references), chosen(kept, drawn))


def _draw_order(seed: int, reference: str) -> tuple[bytes, str]:
    """A pseudo-random rank, the same on every machine and for every order or format of the file."""
    return hashlib.sha256(f"{seed}\n{reference}".encode()).digest(), reference


# --- the sheet ------------------------------------------------------------------------------------


def _rows(found: pl.DataFrame) -> list[dict[str, Any]]:
    asks = pl.col("rule").replace_strict(RULES, default=pl.col("rule")).alias("asks")
    return found.with_columns(asks).select(list(_GIVEN)).to_dicts()


def _write_check(book: Any, rows: list[dict[str, Any]]) -> None:
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
    fill = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF7D6", "border": 1, "num_format": "@"})
    sheet = book.add_worksheet(_SHEET)
    columns = {**_GIVEN, **_FILLED}
    for place, (name, width) in enumerate(columns.items()):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, name, heading)
    for line, row in enumerate(rows, start=1):
        for place, name in enumerate(columns):
            value = row.get(name)
            if name in _FILLED:
                sheet.write_blank(line, place, None, fill)
            elif isinstance(value, dt.date):
                sheet.write_datetime(line, place, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, int):
                sheet.write_number(line, place, value, plain)
            else:
                sheet.write_string(line, place, value or "", plain)
    for name, words in ((ANSWER, ANSWERS), (OWN, VERDICTS)):
        place = list(columns).index(name)
        sheet.data_validation(
            1, place, len(rows), place,
            {
                "validate": "list",
                "source": list(words),
                "error_title": "Not one of the list",
                "error_message": f"Choose {', '.join(words[:-1])} or {words[-1]}.",
            },
        )  # fmt: skip
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _value(value: Any) -> Any:
    """A value as it is read back from its cell."""
    return dt.datetime.combine(value, dt.time()) if isinstance(value, dt.date) else value


def _about(sample: Sample, rows: list[dict[str, Any]]) -> dict[str, str]:
    """The rows of the second page; reading the sheet back needs the last four."""
    kind = f"with a finding of verdict {sample.verdict}; only such findings" if sample.verdict else "with all findings"
    return {
        "software": f"putright {__version__}",
        "what it is": f"{counted(len(sample.drawn), 'case')} drawn at random from {sample.population:,}, {kind}",
        "how to fill it in": (
            f"From the top. Look at the case itself, then choose {', '.join(ANSWERS)} in '{ANSWER}' for every "
            "finding of the case. A case counts once all its findings have an answer."
        ),
        "privacy": "It names cases by reference: keep it as you keep the case records.",
        "seed": str(sample.seed),
        "cases": str(len(sample.drawn)),
        "population": str(sample.population),
        "fingerprint": _fingerprint([_text(row) for row in rows]),
    }


def _text(row: Mapping[str, Any]) -> dict[str, str]:
    """A row's findings as text, as the sheet gives them back."""
    return {name: "" if row[name] is None else str(row[name]) for name in _GIVEN}


def _fingerprint(rows: list[dict[str, str]]) -> str:
    """A digest of the findings to check, independent of row order, which shows whether one was altered or removed."""
    lines = sorted("\t".join(" ".join(row[name].split()) for name in _GIVEN if name != "message") for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _write_about(book: Any, about: Mapping[str, str]) -> None:
    bold, plain = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    sheet = book.add_worksheet(_ABOUT)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    for line, (name, text) in enumerate(about.items()):
        sheet.write_string(line, 0, name, bold)
        sheet.write_string(line, 1, text, plain)


# --- reading it back ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Agreement(Showing):
    """What a filled sheet says. A case is checked when all its findings have an answer.

    A case disagrees if any finding does. If none does but one cannot be decided, the case cannot be decided.
    """

    seed: int
    drawn: int
    population: int
    cases: Mapping[str, int]
    """Checked cases by answer."""
    unfinished: int
    findings: Mapping[str, Mapping[str, int]]
    """For each verdict its findings by answer; ``blank`` has none."""
    disagreements: list[dict[str, str]]
    altered: bool
    """The findings are not those that the sheet was written with."""

    @property
    def base(self) -> int:
        """Checked cases that could be decided."""
        return self.cases["agree"] + self.cases["disagree"]

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95% interval for the share of all cases that are right; None without a base."""
        if not self.base:
            return None
        z = NormalDist().inv_cdf((1 + _LEVEL) / 2)
        share, weight = self.cases["agree"] / self.base, z * z / self.base
        middle = share + weight / 2
        reach = math.sqrt(weight * (share * (1 - share) + weight / 4))
        low, high = (middle - reach) / (1 + weight), (middle + reach) / (1 + weight)
        return max(low, 0.0) if share else 0.0, min(high, 1.0) if share < 1 else 1.0

    @property
    def sentence(self) -> str:
        """How many cases are right, and what that says of all."""
        return _sentence(self)

    @property
    def whole(self) -> bool:
        """Whether every case was checked and decided, so that there is no sampling error."""
        return self.base == self.population

    def shown(self) -> Display:
        """Shows it as the command prints it."""
        return printed_parts(self.render())

    def render(self) -> Iterator[RenderableType]:
        """What a filled sheet says, for a person."""
        cases = self.cases
        yield (
            f"[bold]Checked by hand[/bold]: {sum(cases.values()):,} of the {self.drawn:,} cases drawn from "
            f"{self.population:,} (seed {self.seed}); {self.unfinished:,} not finished"
        )
        yield self.sentence
        if cases["cannot tell"]:
            yield f"{cases['cannot tell']:,} more could not be decided and are in neither number."
        if self.altered:
            yield (
                "The findings in this sheet are not those it was written with: rows are missing, or cells were changed."
            )
        yield from _tables(self)

    def as_data(self) -> dict[str, Any]:
        """What a filled sheet says, as plain data for JSON; ``interval`` is of the share of cases that agree."""
        share = self.cases["agree"] / self.base if self.base else None
        return {
            "software": f"putright {__version__}",
            "seed": self.seed,
            "cases_drawn": self.drawn,
            "population": self.population,
            "cases": {**self.cases, "unfinished": self.unfinished},
            "share_agreed": share,
            "interval": self.interval and dict(zip(("low", "high"), self.interval, strict=True)),
            "interval_method": f"Wilson, {rounding.number(100 * _LEVEL)}%",
            "every_case_checked": self.whole,
            "findings": {verdict: dict(counts) for verdict, counts in self.findings.items()},
            "disagreements": self.disagreements,
            "sheet_altered": self.altered,
        }


def read_sheet(path: Path) -> Agreement:
    """Read a filled sheet; HandcheckError names the row of an answer that is none of ANSWERS."""
    table = read_table(path)
    about = _read_about(path, table)
    rows = [_row(path, row) for row in table.frame.iter_rows(named=True)]
    numbers = {name: int(about[name]) for name in ("seed", "cases", "population")}
    return _agreement(rows, numbers, altered=_fingerprint(rows) != about["fingerprint"])


def _agreement(rows: list[dict[str, str]], numbers: Mapping[str, int], *, altered: bool) -> Agreement:
    """What these findings and their answers say; the numbers are the seed, the cases drawn and the population."""
    by_case: dict[str, list[str]] = {}
    findings = {verdict: Counter[str]() for verdict in VERDICTS}
    for row in rows:
        by_case.setdefault(row["reference"], []).append(row[ANSWER])
        findings[row["verdict"]][row[ANSWER] or "blank"] += 1
    answers = Counter(_case_answer(some) for some in by_case.values())
    return Agreement(
        seed=numbers["seed"],
        drawn=numbers["cases"],
        population=numbers["population"],
        cases={answer: answers[answer] for answer in ANSWERS},
        unfinished=answers[""],
        findings={
            verdict: {answer: counts[answer] for answer in (*ANSWERS, "blank")}
            for verdict, counts in findings.items()
            if counts
        },
        disagreements=[
            {name: row[name] for name in ("reference", "rulebook", "rule", "clause", "verdict", OWN, REMARKS)}
            for row in rows
            if row[ANSWER] == "disagree"
        ],
        altered=altered,
    )


def _case_answer(answers: list[str]) -> str:
    """The result of a case's answers; blank while one is missing."""
    return next((answer for answer in ("", "disagree", "cannot tell") if answer in answers), "agree")


def _read_about(path: Path, table: Table) -> dict[str, str]:
    wanted = {*_GIVEN, *_FILLED}
    problem = HandcheckError(
        f"{path} is not a sheet for checking by hand: give the one that 'putright handcheck … --output FILE' wrote, "
        "filled in and saved as .xlsx with both its pages."
    )
    if not path.name.lower().endswith(".xlsx") or not wanted <= set(table.frame.columns):
        raise problem
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        if _ABOUT not in book.sheetnames:
            raise problem
        cells = book[_ABOUT].iter_rows(max_col=2, max_row=50, values_only=True)
        about = {str(row[0]): str(row[1]).strip() for row in cells if len(row) == 2 and row[0] is not None}
    finally:
        book.close()
    if any(not about.get(name, "").isdecimal() for name in ("cases", "population")) or "fingerprint" not in about:
        raise problem
    if not about.get("seed", "").removeprefix("-").isdecimal():
        raise problem
    return about


def _row(path: Path, row: Mapping[str, Any]) -> dict[str, str]:
    """A row of the sheet as text; HandcheckError if it cannot be used."""
    where = f"{path}, row {row['row']}"
    if row[ROW_ERROR]:
        raise HandcheckError(f"{where}: {row[ROW_ERROR]}.")
    found = {name: str(row[name] or "").strip() for name in (*_GIVEN, *_FILLED)}
    found[ANSWER] = " ".join(found[ANSWER].lower().split())
    if found[ANSWER] and found[ANSWER] not in ANSWERS:
        raise HandcheckError(
            f"{where}: '{ANSWER}' is {row[ANSWER]!r:.60}: choose {', '.join(ANSWERS)}, or leave it blank."
        )
    if not found["reference"] or found["verdict"] not in VERDICTS:
        raise HandcheckError(f"{where}: its reference or verdict was taken out or changed: put back what it said.")
    return found


def _sentence(agreement: Agreement) -> str:
    agreed, base = agreement.cases["agree"], agreement.base
    if agreement.interval is None:
        return "No case is checked to its end, so nothing can be said yet."
    share = rounding.percent(agreed, base, 1)
    said = f"The hand check agrees with every finding in {agreed:,} of {base:,} cases ({share}%)"
    if agreement.whole:
        return f"{said}, and those are all the cases there are."
    low, high = agreement.interval
    return (
        f"{said}. If those checked were not picked out, the share among all {agreement.population:,} is between "
        f"{rounding.number(100 * low, 1)}% and {rounding.number(100 * high, 1)}% (95% interval, Wilson's)."
    )


def _tables(agreement: Agreement) -> Iterator[RenderableType]:
    columns = (*ANSWERS, "blank")
    grid = Grid("verdict", *columns, title="Findings", right=columns)
    for verdict, counts in agreement.findings.items():
        grid.add(verdict, *(f"{count:,}" if count else "·" for count in counts.values()))
    yield grid
    if agreement.disagreements:
        grid = Grid(*agreement.disagreements[0], title="Disagreements")
        for row in agreement.disagreements:
            grid.add(*row.values())
        yield grid
