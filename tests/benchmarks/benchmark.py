"""How fast an audit is, as ratios to numpy working out the same rules' due dates on the same machine.

``nox -s benchmark`` runs it and writes ``results.md`` next to it; sizes may be given. Nothing here is a test: a
slow machine fails nobody, but every target is said to be met or missed. Each figure is the best of five runs
(of one for ten million cases), the two sides measured in turn, so that both meet the same machine.
"""

from __future__ import annotations

import datetime as dt
import gc
import io
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
from putright import calendars, plugins
from putright.auditing import findings
from putright.auditing.audits import audit
from putright.auditing.batches import record_batches
from putright.auditing.summary import Tally
from putright.engine.codes import CASE
from putright.engine.facts import Facts
from putright.engine.judging import Judge, counts_working_days
from putright.files.readers import read_tables
from putright.records.caserecords import Records
from putright.records.rejections import REJECTED
from putright.rulebooks import Rulebook
from putright.rulebooks.rules import Extension, Notice, Timed

AS_AT = dt.date(2026, 11, 22)
BOOKS = ("coventry.corporate", "lgsco")
SLICE = 100_000
#: Cases made and held at a time.
PIECE = 1_000_000
#: Cases a second of pm4py's order-only checking on this kind of machine.
PM4PY = 40_000
RESULTS = Path(__file__).with_name("results.md")


def pieces(count: int) -> Iterator[pl.DataFrame]:
    """So many cases, no more than PIECE at a time."""
    for start in range(0, count, PIECE):
        yield cases(min(PIECE, count - start), start)


def write(count: int, path: Path) -> None:
    """So many cases as a Parquet or CSV file."""
    if path.suffix == ".csv":
        with path.open("wb") as file:
            for place, frame in enumerate(pieces(count)):
                frame.write_csv(file, include_header=place == 0)
        return
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        for place, frame in enumerate(pieces(count)):
            frame.write_parquet(Path(folder) / f"{place:04}.parquet")
        pl.scan_parquet(f"{folder}/*.parquet").sink_parquet(path)


def cases(count: int, first: int = 0) -> pl.DataFrame:
    """Plausible cases of a year: most with stage 1, a third with stage 2, some dates missing."""
    rng = np.random.default_rng(first + 1)

    def later(days: np.ndarray, low: int, high: int) -> np.ndarray:
        return days + rng.integers(low, high, count)

    def some(days: np.ndarray, share: float) -> pl.Series:
        return pl.Series(days.astype("datetime64[D]")).set(pl.Series(rng.random(count) > share), None)

    received = np.datetime64("2025-04-01") + rng.integers(0, 365, count)
    acknowledged = later(received, 0, 9)
    responded = later(acknowledged, 3, 22)
    requested = later(responded, 1, 40)
    again = later(requested, 0, 10)
    return pl.DataFrame(
        {
            "reference": pl.Series(np.arange(first, first + count)).cast(pl.String),
            "council": pl.Series("council", ["coventry"]).new_from_index(0, count),
            "procedure": pl.Series("procedure", ["corporate"]).new_from_index(0, count),
            "received": pl.Series(received.astype("datetime64[D]")),
            "triaged": some(later(received, 0, 3), 0.9),
            "stage1_acknowledged": some(acknowledged, 0.95),
            "stage1_extension_notified": some(later(acknowledged, 5, 16), 0.06),
            "stage1_responded": some(responded, 0.9),
            "stage2_requested": some(requested, 0.3),
            "stage2_acknowledged": some(again, 0.28),
            "stage2_responded": some(later(again, 5, 45), 0.26),
            "closed": some(later(responded, 0, 60), 0.5),
        }
    )


def judge(frame: pl.DataFrame, host: plugins.Host) -> None:
    """Frame in, verdicts out: every rule of the council's rulebook and its Code, on two threads."""
    books = [host.editions[name][0] for name in BOOKS]
    words = tuple(host.words)
    indexed = frame.with_row_index(CASE)
    size = min(SLICE, -(-frame.height // 2))

    def part(start: int) -> int:
        facts = Facts(indexed[start : start + size], AS_AT, words)
        return sum(
            int(outcome.code[-1]) for book in books for outcome in Judge(book, facts, host.calendar(book)).findings()
        )

    with ThreadPoolExecutor(2) as pool:
        sum(pool.map(part, range(0, frame.height, size)))


def limits(host: plugins.Host) -> list[int]:
    """The working days of every rule whose due date the audit works out."""

    def of(book: Rulebook) -> list[int]:
        rulings = book.rulings()
        rules = [
            rulings[each.rule.extends].rule if isinstance(each.rule, Extension) else each.rule
            for each in rulings.values()
            if counts_working_days(each, rulings)
        ]
        return [rule.within.count for rule in rules if isinstance(rule, Timed | Notice) and rule.within]

    return [count for name in BOOKS for count in of(host.editions[name][0])]


def numpy_due_dates(frame: pl.DataFrame, counts: list[int]) -> None:
    """The same rules' due dates, and nothing else, by ``numpy.busday_offset``."""
    holidays = np.array(list(calendars.bank_holidays().days), dtype="datetime64[D]")
    calendar = np.busdaycalendar(holidays=holidays)
    received = frame["received"].to_numpy().astype("datetime64[D]")
    for count in counts:
        np.busday_offset(received, count, roll="forward", busdaycal=calendar)


def best(work: Callable[[], None], runs: int = 3) -> float:
    """Seconds of the quickest run."""
    times = []
    for _ in range(runs):
        gc.collect()
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


@dataclass
class Size:
    """What was measured at one number of cases, in seconds and GiB."""

    count: int
    numpy: float = 0.0
    verdicts: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    beside: dict[str, float] = field(default_factory=dict)
    """What numpy took in turn with these."""
    peak: dict[str, float] = field(default_factory=dict)

    @property
    def runs(self) -> int:
        return 5 if self.count <= PIECE else 1

    def ratio(self, form: str) -> float:
        return self.seconds[form] / self.beside[form]


def in_memory(size: Size, host: plugins.Host, counts: list[int]) -> None:
    """Frame in, verdicts out, compared with numpy's due dates; a large frame a piece at a time."""
    for frame in pieces(size.count):
        ours, theirs = float("inf"), float("inf")
        for _ in range(size.runs):
            theirs = min(theirs, best(lambda frame=frame: numpy_due_dates(frame, counts), 1))  # type: ignore[misc]
            ours = min(ours, best(lambda frame=frame: judge(frame, host), 1))  # type: ignore[misc]
        size.numpy += theirs
        size.verdicts += ours


def file_to_file(size: Size, form: str, folder: Path, counts: list[int]) -> None:
    """``putright audit`` from a file to Parquet findings, in a process of its own."""
    source, target = folder / f"cases.{form}", folder / "findings.parquet"
    write(size.count, source)
    command = [sys.executable, "-m", "putright.cli", "audit", source, "--as-at", str(AS_AT), "--output", target]
    piece = cases(min(PIECE, size.count))
    for _ in range(size.runs):
        theirs = best(lambda: numpy_due_dates(piece, counts), 1) * size.count / piece.height
        size.beside[form] = min(theirs, size.beside.get(form, theirs))
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        if status:
            raise SystemExit(f"{command} failed")
        size.seconds[form] = min(seconds, size.seconds.get(form, seconds))
        size.peak[form] = max(usage.ru_maxrss / 2**20, size.peak.get(form, 0))
    source.unlink()


def stages(host: plugins.Host, source: Path) -> Counter[str]:
    """Seconds that each stage takes, one after the other; in an audit they overlap on all cores."""
    spent: Counter[str] = Counter()
    enums = findings.enums(host, tuple(host.words))
    tally = Tally(AS_AT)
    last = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal last
        now = time.perf_counter()
        spent[name] += now - last
        last = now

    for records in record_batches(lambda: read_tables(source), host, None):
        lap("read the file into typed records")
        found = audit(records, host, AS_AT)
        lap("judge")
        table = found.coded(enums)
        lap("build the table of findings")
        tally.add(found, records)
        lap("count for the summary")
        table.write_parquet(io.BytesIO(), compression_level=1, statistics=False)
        lap("write Parquet")
    return spent


def targets(sizes: list[Size]) -> Iterator[tuple[str, float, float]]:
    """What is wanted (issue 4): in words, the most that may be, and what was measured."""
    for size in sizes:
        for form in size.peak:
            yield f"peak GiB, {form} to Parquet, {size.count:,} cases", 2.0, size.peak[form]
        if size.count == 1_000_000:
            yield "frame in, verdicts out, in numpy's times", 1.0, size.verdicts / size.numpy
            yield "seconds for 20 times pm4py's 40,000 cases a second", size.count / (20 * PM4PY), size.verdicts
            yield "Parquet to Parquet, in numpy's times", 5.0, size.ratio("parquet")
            yield "CSV to Parquet, in numpy's times", 10.0, size.ratio("csv")
    for small, large in pairwise(sizes):
        grown = large.count / small.count
        for form in large.seconds:
            what = f"{form} to Parquet, {large.count:,} cases: cost in step with {small.count:,} (1 is in step)"
            yield what, 1.25, large.seconds[form] / small.seconds[form] / grown


def explained(host: plugins.Host) -> float:
    """Seconds to audit one case with its messages, once everything is loaded."""
    frame = cases(1).with_columns(pl.lit(2).cast(pl.UInt32).alias("row"))
    records = Records(frame, pl.DataFrame(schema=REJECTED), 1, tuple(host.words))
    return best(lambda: audit(records, host, AS_AT) and None, 20)


def helped() -> float:
    """Seconds of ``putright --help`` in a process of its own."""
    return best(lambda: subprocess.run([sys.executable, "-m", "putright.cli", "--help"], capture_output=True) and None)


def main() -> None:
    host = plugins.load()
    counts = limits(host)
    sizes = [Size(int(size)) for size in sys.argv[1:] or ("10000", "100000", "1000000", "10000000")]
    with tempfile.TemporaryDirectory() as name:
        for size in sizes:
            in_memory(size, host, counts)
            for form in ("parquet", "csv"):
                file_to_file(size, form, Path(name), counts)
        staged = min(PIECE, max(size.count for size in sizes))
        write(staged, Path(name) / "stages.parquet")
        spent = stages(host, Path(name) / "stages.parquet")
    report = "\n".join(lines(sizes, counts, staged, spent, host))
    RESULTS.write_text(report, encoding="utf-8")
    print(report)


def lines(sizes: list[Size], counts: list[int], staged: int, spent: Counter[str], host: plugins.Host) -> Iterator[str]:
    """The report."""
    yield "# Benchmark\n"
    yield (
        f"{dt.date.today()}, {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"numpy {np.__version__}, polars {pl.__version__}. Rulebooks: {' and '.join(BOOKS)}.\n"
    )
    yield (
        f"The yardstick: numpy's `busday_offset` works out the due dates of the same {len(counts)} rules, no more.\n"
    )
    yield "| cases | numpy, s | frame in, verdicts out, s | ratio | cases a second | times pm4py's order-only check |"
    yield "|---|---|---|---|---|---|"
    for size in sizes:
        rate, ratio = size.count / size.verdicts, size.verdicts / size.numpy
        cells = (f"{size.numpy:.3f}", f"{size.verdicts:.3f}", f"{ratio:.2f}", f"{rate:,.0f}", f"{rate / PM4PY:.0f}")
        yield f"| {size.count:,} | {' | '.join(cells)} |"
    yield "\n| cases | file to file | seconds | ratio | peak GiB |\n|---|---|---|---|---|"
    for size in sizes:
        for form, seconds in size.seconds.items():
            cells = (f"{form} to Parquet", f"{seconds:.1f}", f"{size.ratio(form):.1f}", f"{size.peak[form]:.2f}")
            yield f"| {size.count:,} | {' | '.join(cells)} |"
    yield f"\nOne case with its messages: {explained(host) * 1000:.0f} ms. `putright --help`: {helped() * 1000:.0f} ms."
    yield "\n## Targets\n"
    for what, most, measured in targets(sizes):
        yield f"- {'PASS' if measured <= most else 'MISS'}: {what}: {measured:.2f}, wanted at most {most:.2f}"
    yield "\n## Where the time goes\n"
    yield f"{staged:,} cases, Parquet to Parquet, the stages one after the other (an audit has them overlap):\n"
    yield "| stage | seconds |\n|---|---|"
    yield from (f"| {name} | {seconds:.2f} |" for name, seconds in spent.items())
    yield ""


if __name__ == "__main__":
    main()
