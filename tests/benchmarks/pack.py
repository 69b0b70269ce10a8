"""How long a committee pack takes, how much memory, and how large its report is, as the cases grow.

``nox -s benchmark`` runs it; results go to ``pack.md`` beside this file. With numbers as arguments, so many cases
instead of 600, 10,000 and 100,000: a year of them, a quarter of which is the period reported on.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmark import AS_AT, write

RESULTS = Path(__file__).with_name("pack.md")
SIZES = (600, 10_000, 100_000)
PERIOD = ("--from", "2025-10-01", "--to", "2025-12-31")
KINDS = {"pack": (), "figures alone": ("--publish",)}


def measured(cases: Path, folder: Path, *options: str) -> tuple[float, float, float]:
    """Seconds, seconds of a processor's work (children's included) and peak GiB of one pack."""
    command = [sys.executable, "-m", "putright.cli", "audit", cases, "--council", "coventry", "--as-at", str(AS_AT)]
    start = time.perf_counter()
    child = subprocess.Popen([*command, *PERIOD, *options, "--output", f"{folder}/"], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{command} failed")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20


def main(sizes: tuple[int, ...]) -> None:
    """Measure, print and write."""
    lines = [
        "# How long a committee pack takes",
        "",
        f"{dt.date.today()}, {os.cpu_count()} cores. A year of cases, and a pack of one quarter. Where others use the",
        "machine too, the seconds that its processor worked say more than those that went by.",
        "",
        "| cases in the file | what | seconds | of work | peak GiB | report.html, MB | findings.xlsx, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            cases = Path(name) / "cases.csv"
            write(size, cases)
            for kind, options in KINDS.items():
                folder = Path(name) / kind.replace(" ", "-")
                seconds, work, peak = measured(cases, folder, *options)
                files = [folder / "report.html", folder / "findings.xlsx"]
                bytes_ = (f"{file.stat().st_size / 1e6:.1f}" if file.exists() else "none" for file in files)
                cells = (f"{size:,}", kind, f"{seconds:.0f}", f"{work:.0f}", f"{peak:.2f}", *bytes_)
                lines.append(f"| {' | '.join(cells)} |")
                print(lines[-1], flush=True)
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
