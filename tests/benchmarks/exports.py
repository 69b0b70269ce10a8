"""How fast an export is read and understood, as ratios to what the field's readers take on the same machine.

``nox -s benchmark`` runs it and writes ``exports.md`` next to it; the number of rows may be given. A workbook is
compared with python-calamine reading it, a CSV file with polars reading it, each in a process of its own. Each figure
is the best of three, the two sides in turn. Nothing here is a test.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import numpy as np
import polars as pl
import xlsxwriter
from benchmark import cases

AS_AT = "2026-11-22"
COLUMNS = 58
MAPPED = 200_000
RUNS = 3
RESULTS = Path(__file__).with_name("exports.md")
CALAMINE = (
    "import sys, python_calamine as c; c.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()"
)
POLARS = "import sys, polars; polars.read_csv(sys.argv[1], infer_schema=False)"


def export(rows: int) -> pl.DataFrame:
    """Cases with as many other columns as an export of a case system has: texts, numbers, dates and words."""
    frame = cases(rows)
    rng = np.random.default_rng(7)
    others = {
        0: lambda n: pl.format("note {} of column " + str(n), pl.int_range(rows)).alias(f"Note {n}"),
        1: lambda n: pl.Series(f"Amount {n}", rng.integers(0, 100_000, rows) / 100),
        2: lambda n: (pl.col("received") + pl.duration(days=n)).alias(f"Date {n}"),
        3: lambda n: pl.Series(f"Choice {n}", rng.choice(["Yes", "No", "n/a"], rows)),
    }
    return frame.with_columns(others[n % 4](n) for n in range(COLUMNS - frame.width))


def headed(frame: pl.DataFrame) -> pl.DataFrame:
    """The cases with headings as a case system has them."""
    headings = {"reference": "Case Ref", "received": "Date Received", "closed": "Date Closed", "triaged": "Triage Date"}
    return frame.rename({name: headings.get(name, name.replace("_", " ").title()) for name in frame.columns})


def write_workbook(frame: pl.DataFrame, path: Path) -> None:
    """The export as Excel writes it: dates as numbers with a format."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": False}) as book:
        sheet = book.add_worksheet("Cases")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, frame.columns)
        for number, row in enumerate(frame.iter_rows(), start=1):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(number, column, value, day)
                elif value is not None:
                    sheet.write(number, column, value)


#: Runs a command from a small process: a large one would count its own memory as the command's.
MEASURE = """
import resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run([sys.executable, *sys.argv[1:]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(done.returncode, time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20)
"""


def measured(*command: object) -> tuple[float, float]:
    """Seconds and peak GiB of a process."""
    words = [sys.executable, "-c", MEASURE, *map(str, command)]
    status, seconds, peak = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    if status not in ("0", "1"):
        raise SystemExit(f"{command} failed")
    return float(seconds), float(peak)


def compared(theirs: str, path: Path, target: Path) -> tuple[float, float, float]:
    """Seconds that reading takes another program, and seconds and peak GiB that the whole audit takes."""
    audit = ("-m", "putright", "audit", path, "--as-at", AS_AT, "--output", target)
    pairs = [(measured("-c", theirs, path)[0], measured(*audit)) for _ in range(RUNS)]
    return min(each for each, _ in pairs), min(each[0] for _, each in pairs), max(each[1] for _, each in pairs)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frame = export(rows)
        frame.write_csv(folder / "export.csv")
        write_workbook(frame, folder / "export.xlsx")
        del frame
        workbook = compared(CALAMINE, folder / "export.xlsx", folder / "found.parquet")
        text = compared(POLARS, folder / "export.csv", folder / "found.parquet")
        headed(cases(MAPPED)).write_csv(folder / "large.csv")
        mapping = folder / "mapping.yaml"
        mapped = min(measured("-m", "putright", "map", folder / "large.csv", "--output", mapping, "--overwrite")[0]
                     for _ in range(RUNS))  # fmt: skip
    report = "\n".join(lines(rows, workbook, text, mapped))
    RESULTS.write_text(report, encoding="utf-8")
    print(report)


def lines(
    rows: int, workbook: tuple[float, float, float], text: tuple[float, float, float], mapped: float
) -> Iterator[str]:
    """The report."""
    yield "# Benchmark of exports\n"
    load = os.getloadavg()[0]
    yield (
        f"{dt.date.today()}, {os.cpu_count()} cores ({platform.machine()}), load {load:.1f} at the end, "
        f"Python {platform.python_version()}, polars {pl.__version__}, python-calamine {version('python-calamine')}.\n"
    )
    yield f"{rows:,} rows of {COLUMNS} columns, audited from the file to Parquet findings, each a whole process.\n"
    yield "| file | its reader, s | audit, s | ratio | peak GiB |\n|---|---|---|---|---|"
    for what, (theirs, ours, peak) in (("xlsx, python-calamine", workbook), ("csv, polars", text)):
        yield f"| {what} | {theirs:.1f} | {ours:.1f} | {ours / theirs:.2f} | {peak:.2f} |"
    yield f"\n`putright map` on {MAPPED:,} rows: {mapped:.1f} s.\n"
    yield "## Targets\n"
    for what, most, found in (
        ("xlsx audited, in times of python-calamine reading it", 3.0, workbook[1] / workbook[0]),
        ("peak GiB, xlsx", 1.0, workbook[2]),
        (f"seconds to map {MAPPED:,} rows", 5.0, mapped),
    ):
        yield f"- {'PASS' if found <= most else 'MISS'}: {what}: {found:.2f}, wanted at most {most:.2f}"
    yield ""


if __name__ == "__main__":
    main()
