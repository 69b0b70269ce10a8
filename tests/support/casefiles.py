"""For the contract's black-box tests: case files of every kind, the command, and tables of expectations."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import importlib
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import openpyxl
import polars as pl
from putright.cli import main
from putright.fields import FIELDS

Record = Mapping[str, Any]
Finding = dict[str, Any]

#: The columns of every finding (contract 6.2).
COLUMNS = [
    "reference",
    "council",
    "procedure",
    "rulebook",
    "rule",
    "clause",
    "kind",
    "verdict",
    "start",
    "due",
    "done",
    "days_taken",
    "days_over",
    "edition",
    "marks",
    "missing",
    "message",
]
#: The councils whose plugins a run in this process loads (the rest would only cost time).
COUNCILS = ["coventry"]
VERDICTS = {"met", "breach", "running", "no_evidence", "judgement", "not_applicable"}


# --- the command ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """The result of a run of the command."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err

    @property
    def lines(self) -> list[Any]:
        """Standard output as JSON Lines: fails if a line is not one JSON object."""
        found = [json.loads(line) for line in self.out.splitlines()]
        assert all(isinstance(item, dict) for item in found)
        return found


def run(*arguments: str | Path) -> Result:
    """Run the command in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    environment = mock.patch.dict(os.environ, {"PUTRIGHT_PLUGINS": ",".join(COUNCILS)})
    with environment, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
    for stream in (out, err):
        stream.flush()
    return Result(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))  # type: ignore[attr-defined]


def audit(cases: Path, *options: str | Path, as_at: str = "2026-06-30") -> Result:
    """Audit a file, the findings as JSON Lines on standard output."""
    return run("audit", cases, "--as-at", as_at, "--format", "jsonl", "--output", "-", *options)


@dataclass(frozen=True)
class Audited:
    """An audit with everything it can write, read back."""

    result: Result
    findings: list[Finding]
    rejected: list[dict[str, Any]]
    summary: dict[str, Any]

    @property
    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = self.summary["reconciliation"]
        return counts

    @property
    def references(self) -> set[str]:
        return {finding["reference"] for finding in self.findings}

    def one(self, rule: str, book: str = "coventry.corporate", reference: str | None = None) -> Finding:
        """The one finding of a rule."""
        found = [
            finding
            for finding in self.findings
            if (finding["rule"], finding["rulebook"]) == (rule, book) and reference in (None, finding["reference"])
        ]
        assert len(found) == 1, f"{len(found)} findings of {book} {rule}"
        return found[0]


def audit_whole(cases: Path, *options: str | Path, as_at: str = "2026-06-30") -> Audited:
    """Audit a file that can be audited; checks that the counts reconcile."""
    summary, rejected = (cases.parent / f"{cases.name}.{kind}" for kind in ("summary.json", "rejected.jsonl"))
    result = audit(cases, "--summary", summary, "--rejected", rejected, *options, as_at=as_at)
    assert result.code in (0, 1), result.err
    lines = rejected.read_text("utf-8").splitlines() if rejected.exists() else []
    audited = Audited(
        result, result.lines, [json.loads(line) for line in lines], json.loads(summary.read_text("utf-8"))
    )
    counts = audited.counts
    assert counts["rows_read"] == sum(number for name, number in counts.items() if name != "rows_read")
    assert len({row["row"] for row in audited.rejected}) == counts["rejected"]
    return audited


# --- case files -----------------------------------------------------------------------------------


def case(text: str = "", /, **more: Any) -> dict[str, Any]:
    """A record from ``field=value field=value``; values hold no space."""
    return {"reference": "A1"} | dict(pair.split("=", 1) for pair in text.split()) | more


#: Every field, blank: a file with these keeps every field, so that a blank in it is a blank.
EVERY_FIELD: Record = dict.fromkeys(FIELDS)


def write(path: Path, records: Sequence[Record]) -> Path:
    """A case file of the kind that its name says, with every field that any record names."""
    names = list(dict.fromkeys(name for record in records for name in record))
    rows = [[record.get(name) for name in names] for record in records]
    match path.suffix:
        case ".jsonl":
            path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
        case ".csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([names, *rows])
        case ".xlsx":
            book = openpyxl.Workbook()
            sheet = book.active
            assert sheet is not None
            for row in [names, *rows]:
                sheet.append(row)
            book.save(path)
        case ".parquet":
            pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None).write_parquet(path)
    return path


def write_parquet(path: Path, columns: Mapping[str, pl.Series | list[Any]]) -> Path:
    """A Parquet file of typed columns."""
    pl.DataFrame(columns).write_parquet(path)
    return path


# --- tables of expectations -----------------------------------------------------------------------

_BOOKS = {
    "lgsco": ("coventry", "corporate"),
    "children-2006": ("coventry", "children"),
    "adults-2009": ("coventry", "adults"),
    "housing": (None, "housing"),
}
_SHORT = {"taken": "days_taken", "over": "days_over"}


@dataclass(frozen=True)
class Row:
    """One line of a table: the contract's words, a record, a rule and the expected finding.

    ``expect`` is the verdict, then what else is pinned: ``met due=2026-03-09 taken=5 over=0``. ``-`` is
    no value. Marks not named must not be there (``marks=?`` leaves them open); ``source_unclear`` comes
    from the rulebook and is left aside. ``absent`` means that the rule makes no finding but a
    ``not_applicable`` one.
    """

    says: str
    record: str
    rule: str
    expect: str
    as_at: str = "2026-06-30"
    book: str = "coventry.corporate"

    @property
    def case(self) -> dict[str, Any]:
        council, procedure = _BOOKS.get(self.book) or self.book.split(".")
        return {"council": council, "procedure": procedure} | case(self.record)

    @property
    def id(self) -> str:
        return f"{self.book}-{self.rule}: {self.says}"

    def check(self, finding: Finding | None) -> None:
        """Compare the finding with what is expected."""
        verdict, *pinned = self.expect.split()
        if verdict == "absent":
            assert finding is None or finding["verdict"] == "not_applicable", finding
            return
        assert finding is not None, f"no finding of {self.book} {self.rule}"
        expected: dict[str, Any] = {"verdict": verdict, "marks": set()}
        for pair in pinned:
            name, value = pair.split("=", 1)
            name = _SHORT.get(name, name)
            if name in ("marks", "missing"):
                expected[name] = set() if value == "-" else set(value.split(","))
            elif name in ("days_taken", "days_over"):
                expected[name] = None if value == "-" else int(value)
            else:
                expected[name] = None if value == "-" else value
        found = {name: finding[name] for name in expected}
        found["marks"] = set(found["marks"]) - {"source_unclear"}
        if "missing" in found:
            found["missing"] = set(found["missing"])
        if expected["marks"] == {"?"}:
            del expected["marks"], found["marks"]
        assert found == expected, finding["message"]


@dataclass
class Deck:
    """Rows audited together, one run of the command for each audit date."""

    rows: Sequence[Row]
    folder: Path
    options: tuple[str, ...] = ()
    found: dict[str, dict[tuple[str, str, str], Finding]] = field(default_factory=dict)

    def check(self, row: Row) -> None:
        """Check one row."""
        found = self.audited(row.as_at)
        reference = self._reference(row)
        assert any(key[0] == reference for key in found), "the case was not audited"
        row.check(found.get((reference, row.book, row.rule)))

    def _reference(self, row: Row) -> str:
        return f"R{self.rows.index(row)}"

    def audited(self, as_at: str) -> dict[tuple[str, str, str], Finding]:
        """Every finding as at a date, by reference, rulebook and rule."""
        if as_at not in self.found:
            path = self.folder / f"{as_at}.jsonl"
            cases = [row.case | {"reference": self._reference(row)} for row in self.rows if row.as_at == as_at]
            write(path, [{**EVERY_FIELD, **each} for each in cases])
            result = audit(path, "--all", *self.options, as_at=as_at)
            assert result.code == 0, result.err
            found = {(each["reference"], each["rulebook"], each["rule"]): each for each in result.lines}
            assert len(found) == len(result.lines), "more than one finding for a case and rule"
            self.found[as_at] = found
        return self.found[as_at]


# --- a council of the test's own ------------------------------------------------------------------


@contextlib.contextmanager
def council(
    folder: Path,
    name: str,
    books: Sequence[str],
    closure_days: Mapping[dt.date, str] | None = None,
    words: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Install a council's plugin, found by its entry point as any other, for as long as this lasts."""
    module = f"putright_{name}"
    package, info = folder / module, folder / f"{module}-1.0.dist-info"
    for place in (package, info):
        place.mkdir(parents=True)
    for number, text in enumerate(books):
        (package / f"book{number}.yaml").write_text(text, "utf-8")
    (package / "__init__.py").write_text(
        "import datetime\nfrom pathlib import Path\nfrom putright.hookspecs import hookimpl\n"
        "@hookimpl\ndef putright_rulebooks():\n"
        f"    return [Path(__file__).parent / f'book{{n}}.yaml' for n in range({len(books)})]\n"
        f"@hookimpl\ndef putright_closure_days():\n    return {dict(closure_days or {})!r}\n"
        f"@hookimpl\ndef putright_words():\n    return {dict(words or {})!r}\n"
    )
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[putright]\n{name} = {module}\n")
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    COUNCILS.append(name)
    try:
        yield
    finally:
        COUNCILS.remove(name)
        sys.path.remove(str(folder))
        sys.modules.pop(module, None)
