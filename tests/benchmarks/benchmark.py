"""How fast an audit is, as ratios to numpy working out the same rules' due dates on the same machine.

``nox -s benchmark`` runs it and writes ``results.md`` beside it. Nothing here is a test: a slow machine
fails nobody. Each figure is the best of three runs, the two sides measured in turn.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import polars as pl
from putright import calendars, plugins
from putright.audit import CASE, audit
from putright.facts import Facts
from putright.judging import Judge, counts_working_days
from putright.records import REJECTED, Records
from putright.rulebooks import Rulebook
from putright.rules import Extension, Notice, Timed

AS_AT = dt.date(2026, 11, 22)
BOOKS = ("coventry.corporate", "lgsco")
SLICE = 50_000
#: Cases a second of pm4py's order-only checking on this kind of machine (shared/design).
PM4PY = 40_000
RESULTS = Path(__file__).with_name("results.md")


def cases(count: int, seed: int = 1) -> pl.DataFrame:
    """Plausible cases of a year: most with stage 1, a third with stage 2, some dates missing."""
    rng = np.random.default_rng(seed)

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
            "reference": pl.Series(np.arange(count)).cast(pl.String),
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

    def part(start: int) -> int:
        facts = Facts(indexed[start : start + SLICE], AS_AT, words)
        return sum(
            int(judged.code[-1]) for book in books for judged in Judge(book, facts, host.calendar(book)).findings()
        )

    with ThreadPoolExecutor(2) as pool:
        sum(pool.map(part, range(0, frame.height, SLICE)))


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
    holidays = np.array(list(calendars.bank_holidays()), dtype="datetime64[D]")
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


def file_to_file(source: Path, target: Path) -> tuple[float, float]:
    """Seconds and peak GiB of ``putright audit`` in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "putright.cli",
        "audit",
        str(source),
        "--as-at",
        str(AS_AT),
        "--output",
        str(target),
    ]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    seconds = time.perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20


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
    lines = [
        "# Benchmark",
        "",
        f"{dt.date.today()}, {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"numpy {np.__version__}, polars {pl.__version__}. Rulebooks: {' and '.join(BOOKS)}.",
        "",
        f"The yardstick: numpy's `busday_offset` works out the due dates of the same {len(counts)} rules, no more.",
        "",
        "| cases | numpy, s | frame in, verdicts out, s | ratio | cases a second | times pm4py's order-only check |",
        "|---|---|---|---|---|---|",
    ]
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000, 10_000_000]
    yardstick = {}
    for size in sizes:
        frame = cases(size)
        runs = 3 if size <= 1_000_000 else 1
        yardstick[size] = best(lambda frame=frame: numpy_due_dates(frame, counts), runs)  # type: ignore[misc]
        ours = best(lambda frame=frame: judge(frame, host), runs)  # type: ignore[misc]
        rate = size / ours
        ratio = ours / yardstick[size]
        lines.append(
            f"| {size:,} | {yardstick[size]:.3f} | {ours:.3f} | {ratio:.2f} | {rate:,.0f} | {rate / PM4PY:.0f} |"
        )
        del frame
    lines += ["", "| cases | file to file | seconds | ratio | peak GiB |", "|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            frame = cases(size)
            for form in ("parquet", "csv"):
                source = Path(folder) / f"cases.{form}"
                frame.write_parquet(source) if form == "parquet" else frame.write_csv(source)
                seconds, peak = file_to_file(source, Path(folder) / "findings.parquet")
                ratio = seconds / yardstick[size]
                lines.append(f"| {size:,} | {form} to Parquet | {seconds:.1f} | {ratio:.1f} | {peak:.2f} |")
                source.unlink()
    lines += [
        "",
        f"One case with its messages: {explained(host) * 1000:.0f} ms. `putright --help`: {helped() * 1000:.0f} ms.",
        "",
    ]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
