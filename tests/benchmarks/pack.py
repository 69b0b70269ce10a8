"""How long a committee pack takes, how much memory, and how large its files are, as the cases grow.

``nox -s benchmark`` runs it; results go to ``pack.md`` next to this file. With numbers as arguments, so many cases
instead of 600, 10,000 and 100,000: a year of them, all of the 600 reported on, and one quarter of more, since the
findings of a year would not fit a worksheet.
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
#: More cases than these are reported on by quarter.
_WHOLE = 600
KINDS = {"pack": (), "figures alone": ("--publish",)}


def measured(cases: Path, folder: Path, *options: str) -> tuple[float, float, float]:
    """Seconds, seconds of a processor's work (children's included) and peak GiB of one pack."""
    command = [sys.executable, "-m", "putright.cli", "audit", cases, "--council", "coventry", "--as-at", str(AS_AT)]
    start = time.perf_counter()
    child = subprocess.Popen([*command, *options, "--output", f"{folder}/"], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{command} failed")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20


def main(sizes: tuple[int, ...]) -> None:
    """Measure, print and write."""
    lines = [
        "# How long a committee pack takes",
        "",
        f"{dt.date.today()}, {os.cpu_count()} cores. A year of cases: all of the 600 reported on, and one",
        "quarter of more. Where others use the machine too, the seconds that its processor worked say more than",
        "those that went by.",
        "",
        "| cases in the file | what | seconds | of work | peak GiB |",
        "|---|---|---|---|---|",
    ]
    sizes_of: dict[str, dict[int, int]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            cases = Path(name) / "cases.csv"
            write(size, cases)
            for kind, options in KINDS.items():
                folder = Path(name) / kind.replace(" ", "-")
                period = () if size <= _WHOLE else PERIOD
                seconds, work, peak = measured(cases, folder, *options, *period)
                lines.append(f"| {size:,} | {kind} | {seconds:.0f} | {work:.0f} | {peak:.2f} |")
                print(lines[-1], flush=True)
                for file in sorted(each for each in folder.rglob("*") if each.is_file()):
                    sizes_of.setdefault(file.relative_to(folder).as_posix(), {})[size] = file.stat().st_size
    lines += ["", "Each file in MB:", "", f"| file |{''.join(f' {size:,} cases |' for size in sizes)}"]
    lines.append(f"|---|{'---|' * len(sizes)}")
    for file_name, found in sizes_of.items():
        lines.append(f"| {file_name} |{''.join(f' {found.get(size, 0) / 1e6:.2f} |' for size in sizes)}")
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
